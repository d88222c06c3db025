#include "topo_internal.h"

#include <stdio.h>
#include <string.h>

/* Bandwidth policies of links, and which links lie between two sites. */

static const struct ds_field admission_fields[] = {{"enabled", DS_FLAG},
                                                   {"internet", DS_FLAG},
                                                   {"links", DS_TABLE}};
static const struct ds_field link_fields[] = {{"audio", DS_WHOLE}, {"session", DS_WHOLE}};

/* ---- the file ---- */

static ds_rc load_end(const struct ds_load *load,
                      const struct ds_value *value,
                      int64_t index,
                      const struct ds_site **out)
{
    const struct ds_value *end = ds_value_item(value, index);
    if (end == NULL || end->kind != DS_TEXT)
        return ds_refuse(load, value->line,
                         "a link needs the two sites that it joins, as in { \"branch\", "
                         "\"central\", audio = 204, session = 102 }");
    *out = ds_find_site(load, end->text);
    if (*out == NULL)
        return ds_refuse(load, end->line, "a link leads to '%.40s', which is no site", end->text);
    if ((*out)->external)
        return ds_refuse(load, end->line,
                         "a link leads to '%s', which is external: nobody manages the bandwidth of "
                         "the Internet",
                         (*out)->name);
    return DS_OK;
}

static ds_rc load_amount(const struct ds_load *load,
                         const struct ds_value *value,
                         const char *word,
                         uint32_t *out)
{
    const struct ds_value *amount = ds_value_get(value, word);
    if (amount == NULL || amount->whole < 1 || amount->whole > DS_LINK_MOST_KBPS)
        return ds_refuse(load, ds_value_line(value, word),
                         "a link needs %s: 1 to %d kbit/s, one way", word, DS_LINK_MOST_KBPS);
    *out = (uint32_t)amount->whole;
    return DS_OK;
}

static bool joins(const struct ds_wan_link *link, const struct ds_site *a, const struct ds_site *b)
{
    return (link->a == a && link->b == b) || (link->a == b && link->b == a);
}

/* The link to the middle of a region is what makes a site constrained, and its bypass ID another.
 */
static ds_rc check_link(const struct ds_load *load, const struct ds_wan_link *link)
{
    const struct ds_topo *topo = load->topo;
    const struct ds_site *ends[] = {link->a, link->b};
    if (link->a == link->b)
        return ds_refuse(load, link->line, "a link joins '%s' with itself", link->a->name);
    if (link->session_kbps > link->audio_kbps)
        return ds_refuse(load, link->line,
                         "the link of '%s' and '%s' gives a single session more than all together",
                         link->a->name, link->b->name);
    for (size_t i = 0; i < topo->link_count; i++)
        if (joins(&topo->links[i], link->a, link->b))
            return ds_refuse(load, link->line, "'%s' and '%s' have a link already, in line %d",
                             link->a->name, link->b->name, topo->links[i].line);
    for (size_t i = 0; i < DS_COUNT(ends); i++) {
        const struct ds_site *far = ends[i], *central = ends[1 - i];
        if (far->region != NULL && far->region->central == central && !far->constrained)
            return ds_refuse(load, link->line,
                             "the link from '%s' to the middle of its region has a bandwidth "
                             "policy: that makes the site constrained, and it is to say so",
                             far->name);
    }
    return DS_OK;
}

static ds_rc
load_link(const struct ds_load *load, const struct ds_value *value, struct ds_wan_link *link)
{
    if (value->kind != DS_TABLE)
        return ds_refuse(load, value->line, "a link must be a table, and is %s",
                         ds_kind_name(value->kind));
    ds_rc rc = ds_fields_check(load, value, "a link", link_fields, DS_COUNT(link_fields));
    if (rc == DS_OK && ds_value_item(value, 3) != NULL)
        rc = ds_refuse(load, value->line, "a link joins two sites, and no more");
    if (rc == DS_OK)
        rc = load_end(load, value, 1, &link->a);
    if (rc == DS_OK)
        rc = load_end(load, value, 2, &link->b);
    if (rc == DS_OK)
        rc = load_amount(load, value, "audio", &link->audio_kbps);
    if (rc == DS_OK)
        rc = load_amount(load, value, "session", &link->session_kbps);
    link->line = value->line;
    return rc == DS_OK ? check_link(load, link) : rc;
}

static ds_rc load_links(struct ds_load *load, const struct ds_value *table)
{
    size_t count = ds_value_count(table);
    ds_rc rc = ds_list_check(load, table, "links", DS_TABLE, DS_LINKS_MOST);
    struct ds_wan_link *links =
        rc == DS_OK ? ds_arena_alloc(load->arena, count * sizeof *links) : NULL;
    if (rc != DS_OK)
        return rc;
    if (links == NULL)
        return ds_fail_memory(load->why);
    load->topo->links = links;
    for (const struct ds_value *value = table->first; value != NULL && rc == DS_OK;
         value = value->next) {
        rc = load_link(load, value, &links[load->topo->link_count]);
        load->topo->link_count += rc == DS_OK;
    }
    return rc;
}

static bool has_link(const struct ds_topo *topo, const struct ds_site *site)
{
    for (size_t i = 0; i < topo->link_count; i++)
        if (topo->links[i].a == site || topo->links[i].b == site)
            return true;
    return false;
}

/* What is switched on has to be able to tell how much there is. */
static ds_rc check_enabled(const struct ds_load *load, const struct ds_value *admission)
{
    const struct ds_topo *topo = load->topo;
    int line = ds_value_line(admission, "enabled");
    if (topo->always_bypass)
        return ds_refuse(load, line,
                         "call admission control and bypass.always exclude each other: with the "
                         "one, bypass goes by sites and regions");
    if (topo->link_count == 0)
        return ds_refuse(load, line, "call admission control needs links to watch over");
    /* A call that is moved there takes its audio another way, and nobody asks for that. */
    if (ds_topo_first(topo, DS_ROLE_CONFERENCING) != NULL)
        return ds_refuse(load, line,
                         "call admission control does not watch over conferences: it goes with no "
                         "conferencing server");
    for (size_t i = 0; i < topo->site_count; i++)
        if (topo->sites[i].constrained && !has_link(topo, &topo->sites[i]))
            return ds_refuse(load, line,
                             "site '%s' is constrained, and no link says how much audio it has",
                             topo->sites[i].name);
    return DS_OK;
}

/* The way over the Internet leads from one site's Edge to another's. */
static ds_rc load_internet(struct ds_load *load, const struct ds_value *admission)
{
    size_t edges = 0;
    load->topo->internet_path = ds_value_flag(admission, "internet", false);
    for (size_t i = 0; i < load->topo->node_count; i++)
        edges += load->nodes[i].av.port != 0 && !load->nodes[i].av_real;
    return edges >= 2 || !load->topo->internet_path
               ? DS_OK
               : ds_refuse(load, ds_value_line(admission, "internet"),
                           "a way over the Internet needs two sites with an edge each that has an "
                           "av address");
}

/* The features of a voice policy that admission knows: [VP]. */
static ds_rc load_user(const struct ds_load *load, struct ds_topo_node *node)
{
    const struct ds_value *value = ds_node_value(load, node);
    bool told = ds_value_get(value, "pstn_reroute") != NULL;
    node->pstn_reroute = ds_value_flag(value, "pstn_reroute", true);
    if (told && node->user != node)
        return ds_refuse(load, ds_value_line(value, "pstn_reroute"),
                         "'%s' has no pstn_reroute: only a client with a number of its own is a "
                         "user",
                         node->name);
    return DS_OK;
}

ds_rc ds_load_admission(struct ds_load *load)
{
    const struct ds_value *admission = ds_value_get(load->root, "admission");
    ds_rc rc = DS_OK;
    for (size_t i = 0; i < load->topo->node_count && rc == DS_OK; i++)
        rc = load_user(load, &load->nodes[i]);
    if (rc != DS_OK || admission == NULL)
        return rc;
    rc = ds_names_check(load, admission, "admission");
    if (rc == DS_OK)
        rc = ds_fields_check(load, admission, "admission", admission_fields,
                             DS_COUNT(admission_fields));
    const struct ds_value *links = ds_value_get(admission, "links");
    if (rc == DS_OK && links != NULL && ds_value_count(links) > 0)
        rc = load_links(load, links);
    load->topo->admission = ds_value_flag(admission, "enabled", false);
    if (rc == DS_OK)
        rc = load_internet(load, admission);
    return rc == DS_OK && load->topo->admission ? check_enabled(load, admission) : rc;
}

/* ---- the way ---- */

/* Well connected, without a link that anybody watches over. */
static bool are_near(const struct ds_site *a, const struct ds_site *b)
{
    return a->region != NULL && a->region == b->region && !a->constrained && !b->constrained;
}

static const struct ds_wan_link *
link_of(const struct ds_topo *topo, const struct ds_site *a, const struct ds_site *b)
{
    for (size_t i = 0; i < topo->link_count; i++)
        if (joins(&topo->links[i], a, b))
            return &topo->links[i];
    return NULL;
}

/* Breadth first: `steps` are ways of the same number of hops, each to one more site. */
struct step {
    const struct ds_site *at;
    struct ds_link_way way;
};

struct search {
    const struct ds_topo *topo;
    struct step *steps; /* SITES_MOST of them */
    size_t count;
};

#define SITES_MOST 64 /* of one search; farther ones are not joined */

static bool was_reached(const struct search *search, const struct ds_site *site)
{
    for (size_t i = 0; i < search->count; i++)
        if (search->steps[i].at == site)
            return true;
    return false;
}

static void go_on_from(struct search *search, size_t at)
{
    const struct ds_topo *topo = search->topo;
    for (size_t i = 0; i < topo->site_count && search->count < SITES_MOST; i++) {
        const struct ds_site *next = &topo->sites[i];
        const struct step *here = &search->steps[at];
        const struct ds_wan_link *link = link_of(topo, here->at, next);
        bool room = link == NULL || here->way.count < DS_WAY_MOST_LINKS;
        if (was_reached(search, next) || !room || (link == NULL && !are_near(here->at, next)))
            continue;
        struct step *step = &search->steps[search->count++];
        *step = *here;
        step->at = next;
        if (link != NULL)
            step->way.links[step->way.count++] = link;
    }
}

void ds_topo_way(const struct ds_topo *topo,
                 const struct ds_site *from,
                 const struct ds_site *to,
                 struct ds_link_way *out)
{
    struct step steps[SITES_MOST];
    struct search search = {.topo = topo, .steps = steps};
    *out = (struct ds_link_way){.count = 0};
    if (from == NULL || to == NULL || from == to || topo->link_count == 0)
        return;
    steps[search.count++] = (struct step){.at = from};
    for (size_t i = 0; i < search.count; i++) {
        if (steps[i].at == to) {
            *out = steps[i].way;
            return;
        }
        go_on_from(&search, i);
    }
}

void ds_topo_way_between(const struct ds_topo *topo,
                         struct ds_addr from,
                         struct ds_addr to,
                         struct ds_link_way *out)
{
    ds_topo_way(topo, ds_topo_site_at(topo, from), ds_topo_site_at(topo, to), out);
}

const struct ds_topo_node *ds_topo_internet_edge(const struct ds_topo *topo,
                                                 const struct ds_topo_node *client)
{
    bool may = topo->admission && topo->internet_path && client != NULL &&
               client->role == DS_ROLE_CLIENT && !client->site->external;
    for (size_t i = 0; i < topo->node_count && may; i++)
        if (topo->nodes[i].av.port != 0 && !topo->nodes[i].av_real &&
            topo->nodes[i].site == client->site)
            return &topo->nodes[i];
    return NULL;
}
