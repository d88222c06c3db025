#include "trace_internal.h"

#include <string.h>

#define RESEND_WINDOW_US (32 * (int64_t)1000000) /* Timers B, F, H: RFC 3261 17 */

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

/* ---- retransmissions ---- */

/* The same message of the same transaction on the same hop has this same key. */
struct repeat_key {
    uint64_t text; /* a mark of what tells it in words */
    struct ds_trace_way way;
    uint32_t status, cseq, none; /* `none` stands where padding would */
};

_Static_assert(sizeof(struct repeat_key) ==
                   sizeof(uint64_t) + sizeof(struct ds_trace_way) + 3 * sizeof(uint32_t),
               "a key of maps has no padding");

struct repeat {
    struct repeat_key key;
    int64_t at;
};

/* A forked response differs in its To tag, a reliable one in its RSeq. Without a branch, the bytes
 * decide. */
static uint64_t mark_text(const struct ds_msg *msg)
{
    struct ds_slice branch = ds_msg_branch(msg), reliable = {NULL, 0};
    uint64_t mark = 0;
    if (branch.len == 0)
        return ds_trace_mark(ds_msg_bytes(msg));
    (void)ds_msg_header(msg, "RSeq", 0, &reliable);
    const struct ds_slice parts[] = {branch, ds_msg_method(msg), ds_msg_to_tag(msg), reliable,
                                     ds_msg_call_id(msg)};
    for (size_t i = 0; i < DS_COUNT(parts); i++)
        mark = ds_trace_mark_on(mark, parts[i]);
    return mark;
}

static struct repeat_key key_of(const struct ds_event *event)
{
    return (struct repeat_key){.text = mark_text(event->msg),
                               .way = {event->from, event->to},
                               .status = (uint32_t)ds_msg_status(event->msg),
                               .cseq = ds_msg_cseq(event->msg)};
}

void ds_trace_repeats_clean_up(struct ds_trace_repeats *repeats)
{
    ds_trace_map_clean_up(&repeats->map);
    ds_arena_free(&repeats->arena);
}

/* What is older than the window is forgotten all at once: there are two lots, and the older goes
 * when the newer is as old as that. */
static void move_on(struct ds_reading *reading)
{
    struct ds_trace_repeats *young = &reading->repeats;
    if (young->arena != NULL && reading->now.at - young->began_at <= RESEND_WINDOW_US)
        return;
    ds_trace_repeats_clean_up(&reading->repeats_before);
    reading->repeats_before = *young;
    *young = (struct ds_trace_repeats){.began_at = reading->now.at};
    reading->out_of_memory = reading->out_of_memory || ds_arena_new(&young->arena) != DS_OK;
}

static const struct repeat *find_repeat(const struct ds_reading *reading, struct ds_slice key)
{
    const struct repeat *seen = ds_trace_map_get(&reading->repeats.map, key);
    return seen != NULL ? seen : ds_trace_map_get(&reading->repeats_before.map, key);
}

static void remember(struct ds_reading *reading, const struct repeat_key *key, int64_t at)
{
    struct ds_trace_repeats *young = &reading->repeats;
    struct repeat *seen = ds_arena_alloc(young->arena, sizeof *seen);
    if (seen == NULL) {
        reading->out_of_memory = true;
        return;
    }
    *seen = (struct repeat){*key, at};
    ds_reading_put(reading, &young->map, DS_KEY(seen->key), seen);
}

DS_EXPANDED static bool is_retransmission(struct ds_reading *reading, const struct ds_event *event)
{
    if (event->transport != DS_UDP)
        return false;
    move_on(reading);
    if (reading->out_of_memory)
        return false;
    const struct repeat_key key = key_of(event);
    const struct repeat *seen = find_repeat(reading, DS_KEY(key));
    if (seen != NULL && event->at - seen->at <= RESEND_WINDOW_US)
        return true;
    remember(reading, &key, event->at);
    return false;
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
    for (size_t i = 0; i < sdp->media_count; i++) {
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
    ds_trace_srtp_announce(reading, sdp);
    ds_trace_fax_announce(reading, sdp);
    if (event == NULL)
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
    ds_rc rc = ds_msg_read(bytes, &msg, NULL);
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
    event->retransmission = is_retransmission(reading, event);
    read_parts(reading, event);
    if (event->sdp != NULL)
        ds_trace_announce(reading, event->sdp, NULL);
    return true;
}
