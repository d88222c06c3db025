#include "trace_srtp_internal.h"

#include <string.h>

/*
 * SRTP under keys that SDP carried in the clear (RFC 4568). A sender's key stands in the sender's
 * own description, so the address that a packet comes from says which keys to try; the tag at the
 * packet's end says which of them it was, and that nobody changed it on the way.
 *
 * Behind a NAT a packet comes from where no description is. The other half of an exchange is told
 * within a few messages of the one that the packet goes to, so the keys told around that are tried.
 */

#define MOST_STREAMS      16384
#define MOST_ATTEMPTS     32 /* packets that no key of one description fits */
#define ROLLOVER_ATTEMPTS 4  /* of these, how many may have rolled over before the capture */
#define MOST_ROLLOVERS    16 /* nearly six hours at 50 packets a second */
#define MOST_STRANGERS    1024
#define STRANGER_REACH    8 /* addresses told before the packet's destination, and after it */
#define STRANGER_LAST_TRY 8 /* packets of a stream; tried are the 1st, 2nd, 4th and 8th */
#define PATIENCE_US       (32 * DS_TRACE_S) /* of a key for the next packet */

struct ds_trace_srtp {
    struct ds_trace_voice key;
    srtp_t session; /* owned; NULL until a key fits */
    bool has_mki;
    const struct ds_sdp *tried; /* the description whose keys are in use, or were of none */
    unsigned attempts;
    unsigned strange_packets; /* that came from where no description is */
    int64_t last_at;
    uint32_t asked_in; /* the part in which its stream asked last */
    struct ds_srtp_seen seen;
};

static const struct ds_sdp *description_at(const struct ds_reading *reading, struct ds_addr at)
{
    const struct ds_trace_announcement *known = ds_trace_map_get(&reading->announced, DS_KEY(at));
    return known == NULL ? NULL : known->latest;
}

/* RTCP comes from the port above, or from the same (RFC 5761). */
static const struct ds_sdp_media *
media_at(const struct ds_reading *reading, struct ds_addr at, const struct ds_sdp **sdp)
{
    struct ds_addr below = at;
    below.port--;
    *sdp = description_at(reading, at);
    if (*sdp == NULL)
        *sdp = description_at(reading, below);
    for (size_t i = 0; *sdp != NULL && i < (*sdp)->media_count; i++)
        if (ds_addr_equal((*sdp)->media[i].at, at) || ds_addr_equal((*sdp)->media[i].at, below))
            return &(*sdp)->media[i];
    return NULL;
}

static bool is_secure(const struct ds_sdp_media *media)
{
    return media != NULL && ds_sdp_is_secure(media);
}

/* ---- one key ---- */

/* A packet, and how it may have been sealed, beside its key. */
struct attempt {
    struct ds_slice bytes, opened;
    bool has_mki;
    uint32_t most_rollovers; /* of the sequence number, before this packet */
    uint32_t rollovers;
};

/* Opens `bytes` into the reading's own room. */
static srtp_err_status_t open_with(struct ds_reading *reading,
                                   srtp_t session,
                                   bool has_mki,
                                   struct ds_slice bytes,
                                   struct ds_slice *out)
{
    int len = (int)bytes.len;
    void *room = reading->srtp.opened;
    memcpy(room, bytes.at, bytes.len);
    srtp_err_status_t status = ds_rtcp_is(bytes)
                                   ? srtp_unprotect_rtcp_mki(session, room, &len, has_mki)
                                   : srtp_unprotect_mki(session, room, &len, has_mki);
    *out = (struct ds_slice){room, (size_t)len};
    return status;
}

/* Both ends count how often the sequence number began anew, and no packet tells (RFC 3711 3.3.1):
 * where a capture begins late, or has a long hole, it has to be guessed. RTCP carries its whole
 * index. */
static bool open_guessing(struct ds_reading *reading,
                          const struct ds_trace_srtp *stream,
                          struct attempt *attempt,
                          srtp_t session)
{
    for (uint32_t rollovers = 0; rollovers <= attempt->most_rollovers; rollovers++) {
        if (rollovers > 0 &&
            srtp_set_stream_roc(session, stream->key.ssrc, rollovers) != srtp_err_status_ok)
            return false;
        if (open_with(reading, session, attempt->has_mki, attempt->bytes, &attempt->opened) ==
            srtp_err_status_ok) {
            attempt->rollovers = rollovers;
            return true;
        }
    }
    return false;
}

/* Takes the key for the stream's own when it opens this packet. Most of the time that takes goes
 * into the session. */
static bool try_key(struct ds_reading *reading,
                    struct ds_trace_srtp *stream,
                    struct ds_sdp_crypto *crypto,
                    struct attempt *attempt)
{
    srtp_t session = ds_trace_srtp_session(crypto, attempt->has_mki, stream->key.ssrc);
    if (session == NULL)
        return false;
    if (!open_guessing(reading, stream, attempt, session)) {
        srtp_dealloc(session);
        return false;
    }
    if (stream->session != NULL)
        srtp_dealloc(stream->session);
    stream->session = session;
    stream->has_mki = attempt->has_mki;
    stream->seen.suite = ds_srtp_suite_name(crypto->suite);
    stream->seen.key = *crypto;
    stream->seen.key.mki_len = attempt->has_mki ? crypto->mki_len : 0;
    stream->seen.rollovers = attempt->rollovers;
    return true;
}

/* Some announce an MKI and send none. */
static bool try_keys(struct ds_reading *reading,
                     struct ds_trace_srtp *stream,
                     const struct ds_sdp_media *media,
                     struct attempt *attempt)
{
    struct ds_sdp_crypto crypto;
    struct ds_slice value;
    for (size_t i = 0; i < media->crypto_count; i++) {
        if (!ds_sdp_attribute(media, "crypto", i, &value) ||
            ds_sdp_crypto_read(value, &crypto, NULL) != DS_OK)
            continue;
        attempt->has_mki = crypto.mki_len > 0;
        if (attempt->has_mki && try_key(reading, stream, &crypto, attempt))
            return true;
        attempt->has_mki = false;
        if (try_key(reading, stream, &crypto, attempt))
            return true;
    }
    return false;
}

/* ---- behind a NAT ---- */

/* The keys of one address's latest description. */
static bool try_told_at(struct ds_reading *reading,
                        struct ds_trace_srtp *stream,
                        size_t index,
                        struct attempt *attempt)
{
    struct ds_trace_announcement *const *list = reading->announcements.at;
    const struct ds_sdp *sdp = list[index]->latest;
    for (size_t i = 0; sdp != NULL && i < sdp->media_count; i++)
        if (ds_addr_equal(sdp->media[i].at, list[index]->at) &&
            try_keys(reading, stream, &sdp->media[i], attempt))
            return true;
    return false;
}

static bool try_told_around(struct ds_reading *reading,
                            struct ds_trace_srtp *stream,
                            const struct ds_sdp_media *media,
                            struct attempt *attempt)
{
    struct ds_trace_announcement *const *list = reading->announcements.at;
    size_t count = reading->announcements.count, at = count;
    while (at > 0 && !ds_addr_equal(list[at - 1]->at, media->at))
        at--;
    for (size_t away = 1; at > 0 && away <= STRANGER_REACH; away++) {
        if (at - 1 >= away && try_told_at(reading, stream, at - 1 - away, attempt))
            return true;
        if (at - 1 + away < count && try_told_at(reading, stream, at - 1 + away, attempt))
            return true;
    }
    return false;
}

/* ---- one stream ---- */

static struct ds_trace_srtp *
stream_of(struct ds_reading *reading, const struct ds_trace_way *way, uint32_t ssrc)
{
    struct ds_trace_voice wanted = {*way, ssrc};
    struct ds_trace_srtp *known = ds_trace_store_get(&reading->srtp.streams, DS_KEY(wanted));
    if (known != NULL || reading->srtp.streams.items.count >= MOST_STREAMS)
        return known;
    return ds_trace_store_add(reading, &reading->srtp.streams, DS_KEY(wanted), sizeof *known);
}

/* What SDP told of where a packet comes from and goes to; each NULL where it told nothing. */
struct source {
    const struct ds_sdp *sdp;
    const struct ds_sdp_media *media, *facing;
};

static bool open_known(struct ds_reading *reading,
                       struct ds_trace_srtp *stream,
                       const struct source *source,
                       struct ds_slice bytes,
                       struct ds_slice *out)
{
    if (stream->tried != source->sdp)
        stream->attempts = 0;
    stream->tried = source->sdp;
    if (stream->attempts >= MOST_ATTEMPTS)
        return false;
    stream->attempts++;
    bool guesses = stream->attempts <= ROLLOVER_ATTEMPTS && !ds_rtcp_is(bytes);
    struct attempt attempt = {.bytes = bytes, .most_rollovers = guesses ? MOST_ROLLOVERS : 0};
    bool opened = try_keys(reading, stream, source->media, &attempt);
    *out = attempt.opened;
    return opened;
}

/* Many keys are tried, so only few packets are. */
static bool open_strange(struct ds_reading *reading,
                         struct ds_trace_srtp *stream,
                         const struct source *source,
                         struct ds_slice bytes,
                         struct ds_slice *out)
{
    unsigned packets = ++stream->strange_packets;
    if (packets > STRANGER_LAST_TRY || (packets & (packets - 1)) != 0 ||
        reading->srtp.streams.items.count > MOST_STRANGERS)
        return false;
    struct attempt attempt = {.bytes = bytes};
    bool opened = try_told_around(reading, stream, source->facing, &attempt);
    *out = attempt.opened;
    return opened;
}

/* The key in use first; then, as a later description may have brought new ones, all that are told
 * now. A repeated packet is not opened again, and is nobody's fault. */
static bool open_packet(struct ds_reading *reading,
                        struct ds_trace_srtp *stream,
                        const struct source *source,
                        struct ds_slice bytes,
                        struct ds_slice *out)
{
    srtp_err_status_t status = srtp_err_status_no_ctx;
    if (stream->session != NULL)
        status = open_with(reading, stream->session, stream->has_mki, bytes, out);
    if (status == srtp_err_status_ok)
        return true;
    if (status == srtp_err_status_replay_fail || status == srtp_err_status_replay_old) {
        stream->seen.repeated_packets++;
        return false;
    }
    return source->media == NULL ? open_strange(reading, stream, source, bytes, out)
                                 : open_known(reading, stream, source, bytes, out);
}

static uint32_t ssrc_of(struct ds_slice bytes)
{
    return ds_get32(bytes.at + (ds_rtcp_is(bytes) ? 4 : 8));
}

static struct source find_source(const struct ds_reading *reading, const struct ds_trace_way *way)
{
    struct source source = {0};
    const struct ds_sdp *other;
    source.media = media_at(reading, way->from, &source.sdp);
    source.facing = media_at(reading, way->to, &other);
    return source;
}

/* A stranger's may be anywhere, where it talks to one who expects SRTP under such a key. */
static bool may_have_key(const struct source *source)
{
    if (source->media != NULL)
        return source->media->crypto_count > 0;
    return is_secure(source->facing) && source->facing->crypto_count > 0;
}

bool ds_trace_srtp_awaits(const struct ds_reading *reading, const struct ds_trace_way *way)
{
    if (!reading->srtp.announced)
        return false;
    const struct source source = find_source(reading, way);
    return source.media == NULL && is_secure(source.facing);
}

struct ds_slice ds_trace_srtp_open(struct ds_reading *reading,
                                   const struct ds_trace_way *way,
                                   struct ds_slice bytes,
                                   bool *sealed)
{
    struct ds_slice opened;
    *sealed = false;
    if (!reading->srtp.announced || bytes.len < DS_RTP_HEADER_BYTES ||
        bytes.len > DS_SRTP_MOST_BYTES)
        return bytes;
    const struct source source = find_source(reading, way);
    bool secure = is_secure(source.media) || is_secure(source.facing);
    *sealed = secure;
    if (!may_have_key(&source))
        return bytes;
    struct ds_trace_srtp *stream = stream_of(reading, way, ssrc_of(bytes));
    if (stream == NULL)
        return bytes;
    stream->last_at = reading->now.at;
    uint64_t repeated = stream->seen.repeated_packets;
    if (open_packet(reading, stream, &source, bytes, &opened)) {
        stream->seen.opened_packets++;
        *sealed = false;
        return opened;
    }
    *sealed = secure || stream->session != NULL;
    stream->seen.sealed_packets += *sealed && stream->seen.repeated_packets == repeated;
    return bytes;
}

const struct ds_srtp_seen *
ds_trace_srtp_seen(const struct ds_reading *reading, const struct ds_trace_way *way, uint32_t ssrc)
{
    struct ds_trace_voice wanted = {*way, ssrc};
    struct ds_trace_srtp *known = ds_trace_store_get(&reading->srtp.streams, DS_KEY(wanted));
    if (known == NULL)
        return NULL;
    known->asked_in = reading->parts;
    return &known->seen;
}

void ds_trace_srtp_announce(struct ds_reading *reading, const struct ds_sdp *sdp)
{
    for (size_t i = 0; i < sdp->media_count && !reading->srtp.announced; i++)
        if (sdp->media[i].crypto_count > 0 || ds_sdp_is_secure(&sdp->media[i]))
            reading->srtp.announced = true;
}

static bool end(struct ds_reading *reading, void *item)
{
    struct ds_trace_srtp *stream = item;
    (void)reading;
    if (stream->session != NULL)
        srtp_dealloc(stream->session);
    return false;
}

/* Descriptions of the part before are gone, and what was tried with them. */
static bool goes_on(struct ds_reading *reading, void *item)
{
    struct ds_trace_srtp *stream = item;
    if (stream->asked_in != reading->parts &&
        ds_trace_is_quiet(reading, stream->last_at, PATIENCE_US))
        return end(reading, item);
    stream->tried = NULL;
    return true;
}

void ds_trace_srtp_sweep(struct ds_reading *reading)
{
    ds_trace_store_sweep(reading, &reading->srtp.streams, goes_on);
}

void ds_trace_srtp_end(struct ds_reading *reading)
{
    ds_trace_store_sweep(reading, &reading->srtp.streams, end);
    ds_trace_store_clean_up(&reading->srtp.streams);
}
