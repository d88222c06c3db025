#include "trace_internal.h"

bool ds_trace_is_invite(const struct ds_event *event)
{
    return ds_msg_is_request(event->msg) && ds_msg_method_is(event->msg, "INVITE");
}

/* Streams for programs only: nobody is called. */
static bool is_for_programs(const struct ds_sdp *sdp)
{
    for (size_t i = 0; i < sdp->media_count; i++)
        if (!ds_slice_equal_nocase(sdp->media[i].type, DS_LITERAL("application")))
            return false;
    return sdp->media_count > 0;
}

bool ds_trace_opens_call(const struct ds_event *event)
{
    return ds_trace_is_invite(event) && !ds_msg_has_type(event->msg, "application/csta+xml") &&
           (event->sdp == NULL || !is_for_programs(event->sdp));
}

struct ds_slice ds_trace_user(struct ds_slice uri)
{
    struct ds_uri parsed;
    if (ds_uri_parse(uri, &parsed) != DS_OK)
        return (struct ds_slice){NULL, 0};
    bool tel = ds_slice_equal_nocase(parsed.scheme, DS_LITERAL("tel"));
    return tel && parsed.user.len == 0 ? parsed.host : parsed.user;
}

/* ---- session descriptions ---- */

/* A media type, whatever parameters follow it. */
static bool is_type(struct ds_slice content_type, struct ds_slice type)
{
    struct ds_slice name;
    return ds_slice_cut(&content_type, ';', &name) &&
           ds_slice_equal_nocase(ds_slice_trim(name), type);
}

/* Of two descriptions of the same session, the platform's clients mark the one that is there for
 * those who know the older ICE only (MS-SIPRE 2.2.14). */
static bool is_for_older_clients(const struct ds_part *part)
{
    struct ds_slice params = part->content_disposition, type, value;
    return ds_slice_cut(&params, ';', &type) && ds_param(params, "ms-proxy-2007fallback", &value);
}

DS_EXPANDED static void read_parts(struct ds_reading *reading, struct ds_event *event)
{
    struct ds_part parts[DS_MSG_MAX_PARTS];
    size_t count = ds_msg_parts(event->msg, parts);
    bool is_fallback = true;
    for (size_t i = 0; i < count; i++) {
        bool older = is_for_older_clients(&parts[i]);
        if (is_type(parts[i].content_type, DS_LITERAL("application/sdp")) &&
            (event->sdp == NULL || (is_fallback && !older))) {
            const struct ds_sdp *sdp = ds_trace_describe(reading, event->msg, parts[i].body);
            if (sdp == NULL)
                continue;
            ds_trace_drop_description(event->sdp);
            event->sdp = sdp;
            is_fallback = older;
        } else if (event->gateway_sdp == NULL &&
                   is_type(parts[i].content_type, DS_LITERAL("application/gw-sdp"))) {
            event->gateway_sdp = ds_trace_describe(reading, event->msg, parts[i].body);
        }
    }
}

static struct ds_trace_announcement *announcement_of(struct ds_reading *reading, struct ds_addr at)
{
    struct ds_trace_announcement *known = ds_trace_map_get(&reading->announced, DS_KEY(at));
    if (known != NULL)
        return known;
    known = ds_reading_alloc(reading, sizeof *known);
    struct ds_trace_announcement **place =
        known == NULL ? NULL : ds_trace_array_add(&reading->announcements, sizeof(void *));
    if (place == NULL) {
        reading->out_of_memory = true;
        return NULL;
    }
    *place = known;
    known->at = at;
    ds_reading_put(reading, &reading->announced, DS_KEY(known->at), known);
    return known;
}

static void announce_at(struct ds_reading *reading,
                        struct ds_addr at,
                        const struct ds_sdp *sdp,
                        const struct ds_event *event)
{
    struct ds_trace_announcement *known = announcement_of(reading, at);
    if (known == NULL)
        return;
    known->latest = sdp;
    if (event == NULL)
        return;
    const struct ds_event **place =
        ds_trace_array_add(&known->events, sizeof(const struct ds_event *));
    if (place == NULL)
        reading->out_of_memory = true;
    else
        *place = event;
}

static void announce_candidates(struct ds_reading *reading,
                                const struct ds_sdp *sdp,
                                const struct ds_sdp_media *media,
                                const struct ds_event *event)
{
    struct ds_candidate candidate;
    for (size_t i = 0; i < DS_SDP_MAX_CANDIDATES && ds_sdp_candidate(media, i, &candidate); i++)
        if (candidate.at.port != 0 && !ds_addr_equal(candidate.at, media->at))
            announce_at(reading, candidate.at, sdp, event);
}

/* Their reports come from the next port. */
static void release_early(struct ds_reading *reading, const struct ds_sdp *sdp)
{
    for (size_t i = 0; i < sdp->media_count && reading->early_bytes > 0; i++) {
        struct ds_addr at = sdp->media[i].at;
        ds_trace_early_release(reading, at);
        at.port++;
        ds_trace_early_release(reading, at);
    }
}

DS_EXPANDED void ds_trace_announce(struct ds_reading *reading,
                                   const struct ds_sdp *sdp,
                                   const struct ds_event *event)
{
    for (size_t i = 0; i < sdp->media_count; i++) {
        if (sdp->media[i].has_address && sdp->media[i].at.port != 0)
            announce_at(reading, sdp->media[i].at, sdp, event);
        if (sdp->media[i].ice_ufrag.len > 0)
            announce_candidates(reading, sdp, &sdp->media[i], event);
    }
    if (event != NULL) /* the rest was done when it was read */
        return;
    ds_trace_srtp_announce(reading, sdp);
    ds_trace_fax_announce(reading, sdp);
    release_early(reading, sdp);
}

/* ---- the message ---- */

bool ds_trace_message(struct ds_reading *reading,
                      const struct ds_trace_hop *hop,
                      struct ds_slice bytes)
{
    struct ds_msg *msg = NULL;
    if (bytes.len > DS_MSG_MAX_BYTES)
        bytes.len = DS_MSG_MAX_BYTES;
    ds_rc rc = ds_msg_read_by(reading->judged, bytes, &msg, NULL);
    reading->out_of_memory = reading->out_of_memory || rc == DS_NOMEM;
    if (rc != DS_OK)
        return rc == DS_NOMEM;
    struct ds_event *event = ds_trace_array_add(&reading->events, sizeof *event);
    if (event == NULL) {
        reading->out_of_memory = true;
        ds_msg_unref(&msg);
        return true;
    }
    *event = (struct ds_event){.frame = reading->now.frame,
                               .at = reading->now.at,
                               .from = hop->way.from,
                               .to = hop->way.to,
                               .transport = hop->transport,
                               .msg = msg};
    if (reading->trace->topo != NULL) {
        event->from_node = ds_topo_at(reading->trace->topo, event->from);
        event->to_node = ds_topo_at(reading->trace->topo, event->to);
    }
    event->retransmission = ds_trace_is_repeat(reading, event);
    read_parts(reading, event);
    if (event->sdp != NULL)
        ds_trace_announce(reading, event->sdp, NULL);
    return true;
}
