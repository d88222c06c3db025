#include "certificate_internal.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

/* A deployment drawn for paper: sites as boxes, elements in columns by their role, trunks between
 * them, from what the page is told of it. */

#define MOST_NODES 64
#define MOST_SITES 16
#define WIDTH      104 /* of an element */
#define HEIGHT     40
#define PITCH_X    132
#define PITCH_Y    54
#define ABOVE      30 /* room for a site's name */
#define BELOW      14
#define SIDE       10
#define WIDEST     930 /* what fills the width of the paper */

struct node {
    const json_t *json;
    size_t site;
    int column, x, y; /* of its middle */
};

struct site {
    const json_t *json;
    int first, last; /* columns */
    int row, high;   /* elements in its highest column */
    int y;
};

struct drawing {
    struct node nodes[MOST_NODES];
    struct site sites[MOST_SITES];
    size_t node_count, site_count;
    int columns, height;
};

static const char *text_of(const json_t *object, const char *name)
{
    return ds_text(json_string_value(json_object_get(object, name)));
}

/* ---- where everything stands ---- */

/* From the people at the left to the public network at the right. */
static int column_of(const char *role)
{
    static const int columns[DS_ROLE_COUNT] = {
        [DS_ROLE_CLIENT] = 0,    [DS_ROLE_EDGE] = 1,    [DS_ROLE_POOL] = 2,
        [DS_ROLE_MEDIATION] = 3, [DS_ROLE_GATEWAY] = 4, [DS_ROLE_SBC] = 4,
        [DS_ROLE_UM] = 3,        [DS_ROLE_PBX] = 5,     [DS_ROLE_CONFERENCING] = 3,
        [DS_ROLE_CALL_PARK] = 3, [DS_ROLE_PHONE] = 6,   [DS_ROLE_PSTN] = 6};
    for (int role_kind = 0; role_kind < DS_ROLE_COUNT; role_kind++)
        if (strcmp(role, ds_role_name((enum ds_role_kind)role_kind)) == 0)
            return columns[role_kind];
    return 7;
}

static void take(struct drawing *drawing, const json_t *deployment)
{
    const json_t *sites = json_object_get(deployment, "sites");
    const json_t *nodes = json_object_get(deployment, "nodes");
    for (size_t i = 0; i < json_array_size(sites) && i < MOST_SITES; i++)
        drawing->sites[drawing->site_count++].json = json_array_get(sites, i);
    for (size_t i = 0; i < json_array_size(nodes) && drawing->node_count < MOST_NODES; i++) {
        struct node *node = &drawing->nodes[drawing->node_count];
        node->json = json_array_get(nodes, i);
        node->column = column_of(text_of(node->json, "role"));
        while (node->site < drawing->site_count &&
               strcmp(text_of(drawing->sites[node->site].json, "name"),
                      text_of(node->json, "site")) != 0)
            node->site++;
        drawing->node_count += node->site < drawing->site_count;
    }
}

/* Columns that nobody stands in are left out. */
static void close_up(struct drawing *drawing)
{
    int place[8] = {0};
    for (size_t i = 0; i < drawing->node_count; i++)
        place[drawing->nodes[i].column] = 1;
    for (size_t i = 0; i < DS_COUNT(place); i++) {
        int used = place[i];
        place[i] = drawing->columns;
        drawing->columns += used;
    }
    for (size_t i = 0; i < drawing->node_count; i++)
        drawing->nodes[i].column = place[drawing->nodes[i].column];
}

static int before_in_column(const struct drawing *drawing, size_t index)
{
    int count = 0;
    for (size_t i = 0; i < index; i++)
        count += drawing->nodes[i].site == drawing->nodes[index].site &&
                 drawing->nodes[i].column == drawing->nodes[index].column;
    return count;
}

static void measure(struct drawing *drawing)
{
    for (size_t i = 0; i < drawing->site_count; i++)
        drawing->sites[i].first = drawing->columns;
    for (size_t i = 0; i < drawing->node_count; i++) {
        struct node *node = &drawing->nodes[i];
        struct site *site = &drawing->sites[node->site];
        int before = before_in_column(drawing, i);
        node->y = ABOVE + HEIGHT / 2 + before * PITCH_Y;
        node->x = SIDE + WIDTH / 2 + node->column * PITCH_X;
        site->first = node->column < site->first ? node->column : site->first;
        site->last = node->column > site->last ? node->column : site->last;
        site->high = before + 1 > site->high ? before + 1 : site->high;
    }
}

/* Sites share a row where none of their columns meet. */
static bool is_free(const struct drawing *drawing, size_t index, int row)
{
    const struct site *site = &drawing->sites[index];
    for (size_t i = 0; i < index; i++) {
        const struct site *other = &drawing->sites[i];
        if (other->high > 0 && other->row == row && other->last >= site->first &&
            other->first <= site->last)
            return false;
    }
    return true;
}

static void stack(struct drawing *drawing)
{
    int high[MOST_SITES] = {0}, top[MOST_SITES + 1] = {0};
    for (size_t i = 0; i < drawing->site_count; i++) {
        struct site *site = &drawing->sites[i];
        while (!is_free(drawing, i, site->row))
            site->row++;
        high[site->row] = site->high > high[site->row] ? site->high : high[site->row];
    }
    for (size_t i = 0; i < MOST_SITES; i++)
        top[i + 1] =
            top[i] + (high[i] == 0 ? 0 : ABOVE + (high[i] - 1) * PITCH_Y + HEIGHT + BELOW + 10);
    for (size_t i = 0; i < drawing->site_count; i++)
        drawing->sites[i].y = top[drawing->sites[i].row];
    for (size_t i = 0; i < drawing->node_count; i++)
        drawing->nodes[i].y += drawing->sites[drawing->nodes[i].site].y;
    drawing->height = top[MOST_SITES];
}

/* ---- what is drawn ---- */

static void draw_text(struct ds_buf *out, int x, int y, const char *kind, const char *text)
{
    struct ds_buf cut = {0};
    ds_print_cut(&cut, ds_slice_of(text), 22);
    ds_buf_print(out, "<text x=\"%d\" y=\"%d\" class=\"%s\">", x, y, kind);
    ds_html_text(out, cut.at);
    ds_buf_text(out, "</text>");
    out->broken |= cut.broken;
    ds_buf_clean_up(&cut);
}

static void draw_site(struct ds_buf *out, const struct site *site)
{
    if (site->high == 0)
        return;
    int x = site->first * PITCH_X + 1;
    int width = (site->last - site->first) * PITCH_X + WIDTH + 2 * SIDE - 2;
    int height = ABOVE + (site->high - 1) * PITCH_Y + HEIGHT + BELOW;
    bool external = json_is_true(json_object_get(site->json, "external"));
    ds_buf_print(out,
                 "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"7\" class=\"site%s\"/>",
                 x, site->y + 1, width, height - 2, external ? " outside" : "");
    draw_text(out, x + 8, site->y + 18, "name", text_of(site->json, "name"));
}

static const struct node *find_node(const struct drawing *drawing, const char *name)
{
    for (size_t i = 0; i < drawing->node_count; i++)
        if (strcmp(text_of(drawing->nodes[i].json, "name"), name) == 0)
            return &drawing->nodes[i];
    return NULL;
}

static void draw_trunk(struct ds_buf *out, const struct drawing *drawing, const json_t *trunk)
{
    const struct node *a = find_node(drawing, text_of(trunk, "a"));
    const struct node *b = find_node(drawing, text_of(trunk, "b"));
    if (a == NULL || b == NULL)
        return;
    ds_buf_print(out, "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>", a->x, a->y, b->x, b->y);
}

static void draw_kind(struct ds_buf *out, const struct drawing *drawing, const json_t *trunk)
{
    const struct node *a = find_node(drawing, text_of(trunk, "a"));
    const struct node *b = find_node(drawing, text_of(trunk, "b"));
    if (a != NULL && b != NULL)
        draw_text(out, (a->x + b->x) / 2, (a->y + b->y) / 2 + 3, "kind", text_of(trunk, "kind"));
}

static void draw_node(struct ds_buf *out, const struct node *node)
{
    bool broken = json_array_size(json_object_get(node->json, "defects")) > 0;
    bool real = json_is_true(json_object_get(node->json, "real"));
    ds_buf_print(out,
                 "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"5\" class=\"node%s\"/>",
                 node->x - WIDTH / 2, node->y - HEIGHT / 2, WIDTH, HEIGHT, broken ? " broken" : "");
    draw_text(out, node->x, node->y - 3, "who", text_of(node->json, "name"));
    draw_text(out, node->x, node->y + 12, "role",
              broken ? "misbehaves"
              : real ? "real element"
                     : text_of(node->json, "role"));
}

static void draw(struct ds_buf *out, const struct drawing *drawing, const json_t *deployment)
{
    const json_t *trunks = json_object_get(deployment, "trunks");
    size_t count = json_array_size(trunks);
    int width = (drawing->columns - 1) * PITCH_X + WIDTH + 2 * SIDE;
    ds_buf_print(out, "<svg viewBox=\"0 0 %d %d\" width=\"%d%%\" role=\"img\" aria-label=\"", width,
                 drawing->height, width < WIDEST ? width * 100 / WIDEST : 100);
    ds_html_text(out, text_of(deployment, "summary"));
    ds_buf_text(out, "\">");
    for (size_t i = 0; i < drawing->site_count; i++)
        draw_site(out, &drawing->sites[i]);
    for (size_t i = 0; i < count; i++)
        draw_trunk(out, drawing, json_array_get(trunks, i));
    for (size_t i = 0; i < drawing->node_count; i++)
        draw_node(out, &drawing->nodes[i]);
    for (size_t i = 0; i < count; i++)
        draw_kind(out, drawing, json_array_get(trunks, i));
    ds_buf_text(out, "</svg>\n");
}

static void describe(struct ds_buf *out, const json_t *deployment)
{
    const char *variant = text_of(deployment, "variant");
    struct ds_buf name = {0};
    ds_print_place(&name, text_of(deployment, "name"), variant);
    ds_html_element(out, "h3", name.at);
    ds_buf_text(out, "<p>");
    ds_html_text(out, text_of(deployment, "summary"));
    ds_buf_print(out, " Media bypass is %s.</p>\n",
                 json_is_true(json_object_get(deployment, "bypass")) ? "on" : "off");
    out->broken |= name.broken;
    ds_buf_clean_up(&name);
}

void ds_certificate_draw(struct ds_buf *out, struct ds_slice deployment)
{
    struct drawing *drawing = calloc(1, sizeof *drawing);
    json_t *json = json_loadb(deployment.at, deployment.len, 0, NULL);
    if (drawing == NULL || json == NULL) {
        out->broken = true;
    } else {
        take(drawing, json);
        close_up(drawing);
        measure(drawing);
        stack(drawing);
        ds_buf_text(out, "<figure>\n");
        describe(out, json);
        if (drawing->node_count > 0)
            draw(out, drawing, json);
        ds_buf_text(out, "</figure>\n");
    }
    json_decref(json);
    free(drawing);
}
