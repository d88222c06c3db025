#include "emergency_internal.h"
#include "pidf.h"

#include <stdio.h>
#include <string.h>

/* Where an emergency call comes from: told by the client, passed on by the Mediation Server. */

#define BOUNDARY "directsip-location"

struct ds_slice ds_emergency_join(struct ds_slice sdp,
                                  const struct ds_part *location,
                                  const char **type,
                                  struct ds_buf *out)
{
    out->len = 0;
    ds_buf_text(out, "--" BOUNDARY "\r\nContent-Type: application/sdp\r\n\r\n");
    ds_buf_add(out, sdp);
    ds_buf_print(
        out, "\r\n--" BOUNDARY "\r\nContent-Type: " DS_PIDF_TYPE "\r\nContent-ID: <%.*s>\r\n\r\n",
        DS_FMT(location->content_id));
    ds_buf_add(out, location->body);
    ds_buf_text(out, "\r\n--" BOUNDARY "--\r\n");
    *type = "multipart/mixed;boundary=\"" BOUNDARY "\"";
    return out->broken ? (struct ds_slice){NULL, 0} : ds_buf_slice(out);
}

void ds_emergency_header(const struct ds_part *location, char *headers, size_t size)
{
    size_t len = strlen(headers);
    snprintf(headers + len, size - len, "Geolocation: <cid:%.*s>\r\n",
             DS_FMT(location->content_id));
}

/* ---- the client's ---- */

static void write_content_id(const struct ds_end *end, char *out, size_t size)
{
    snprintf(out, size, "location@%s", end->node->place->fqdn);
}

const char *ds_emergency_dial(struct ds_end *end, const char *dialled)
{
    const struct ds_node *node = end->node;
    const struct ds_location_policy *policy = ds_topo_emergency(node->place, ds_slice_of(dialled));
    end->tells_location = policy != NULL && node->place->site->address.country != NULL &&
                          !ds_node_has_defect(node, "keeps_location");
    return policy == NULL ? dialled : policy->number;
}

void ds_emergency_mark(struct ds_end *end)
{
    char id[192];
    if (!end->tells_location)
        return;
    write_content_id(end, id, sizeof id);
    const struct ds_part part = {.content_id = ds_slice_of(id)};
    ds_emergency_header(&part, end->headers, sizeof end->headers);
}

static void set(char *field, size_t size, const char *text)
{
    ds_slice_copy(ds_slice_of(text == NULL ? "" : text), field, size);
}

void ds_emergency_tell(struct ds_end *end)
{
    char id[192];
    struct ds_pidf pidf = {.entity = ""};
    struct ds_buf document = {.at = NULL};
    const struct ds_topo_node *place = end->node->place;
    const struct ds_site *site = place->site;
    if (!end->tells_location || end->invite.body.len == 0)
        return;
    snprintf(pidf.entity, sizeof pidf.entity, "sip:%s@%s", place->user->name,
             end->node->topo->domain);
    snprintf(pidf.contact, sizeof pidf.contact, "tel:%s", place->user->number);
    set(pidf.country, sizeof pidf.country, site->address.country);
    set(pidf.city, sizeof pidf.city, site->address.city);
    set(pidf.street, sizeof pidf.street, site->address.street);
    set(pidf.name, sizeof pidf.name, site->elin);
    ds_pidf_write(&pidf, &document);
    write_content_id(end, id, sizeof id);
    const struct ds_part part = {.content_id = ds_slice_of(id), .body = ds_buf_slice(&document)};
    end->invite.body =
        ds_emergency_join(end->invite.body, &part, &end->invite.content_type, &end->located);
    ds_buf_clean_up(&document);
}
