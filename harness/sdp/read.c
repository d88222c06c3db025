#include "sdp_internal.h"

#include <stddef.h>
#include <string.h>

/* What is known while the lines go by. Streams beyond the bound are passed over, with all their
 * lines. */
struct reader {
    struct ds_sdp *sdp;
    struct ds_sdp_media
        *media; /* NULL before the first m= line and in a stream that is passed over */
    bool in_session;
    bool has_version;
    struct ds_addr session_at;
    bool session_has_address;
    enum ds_direction session_direction;
    struct ds_slice session_ufrag, session_pwd;
    bool session_lite;
    uint16_t rtcp_port; /* of this stream's a=rtcp; 0: none */
    bool rtcp_has_address;
};

bool ds_sdp_read_address(struct ds_slice text, struct ds_addr *out)
{
    struct ds_slice network, family, address, host;
    struct ds_addr found;
    if (!ds_sdp_word_cut(&text, &network) || !ds_sdp_word_cut(&text, &family) ||
        !ds_sdp_word_cut(&text, &address) || !ds_slice_cut(&address, '/', &host) ||
        ds_addr_parse_ip(host, &found) != DS_OK)
        return false;
    found.port = out->port;
    *out = found;
    return true;
}

static bool read_number_word(struct ds_slice *rest, uint64_t most, uint64_t *out)
{
    struct ds_slice word;
    *out = 0;
    return ds_sdp_word_cut(rest, &word) && ds_slice_number(word, most, out) == DS_OK;
}

/* "- 12 34 IN IP4 192.0.2.1" */
static void read_origin(struct ds_slice value, struct ds_sdp *sdp)
{
    struct ds_slice network, family;
    ds_sdp_word_cut(&value, &sdp->origin_user);
    bool has_id = read_number_word(&value, UINT64_MAX, &sdp->session_id);
    bool has_version = read_number_word(&value, UINT64_MAX, &sdp->version);
    bool has_address = ds_sdp_word_cut(&value, &network) && ds_sdp_word_cut(&value, &family) &&
                       ds_sdp_word_cut(&value, &sdp->origin_address);
    sdp->origin_ok = has_id && has_version && has_address;
}

static void read_formats(struct ds_slice value, struct ds_sdp_media *media)
{
    uint64_t number;
    struct ds_slice word;
    while (media->format_count < DS_SDP_MAX_FORMATS && ds_sdp_word_cut(&value, &word)) {
        if (ds_slice_number(word, INT8_MAX, &number) != DS_OK)
            continue;
        struct ds_sdp_format *format = &media->formats[media->format_count++];
        *format = (struct ds_sdp_format){.payload_type = (uint8_t)number};
        ds_sdp_describe_static(format);
    }
}

/* a=rtcp may come before c=, so its defaults wait for the end of the stream. */
static void finish_media(struct reader *reader, const char *end)
{
    struct ds_sdp_media *media = reader->media;
    if (media == NULL)
        return;
    media->text.len = (size_t)(end - media->text.at);
    if (!reader->rtcp_has_address)
        media->rtcp_at = media->at;
    media->rtcp_at.port = reader->rtcp_port;
    if (reader->rtcp_port == 0 && media->at.port > 0 && media->at.port < UINT16_MAX)
        media->rtcp_at.port = media->at.port + 1;
}

/* "audio 49170/2 RTP/AVP 0 8 101" */
static void start_media(struct reader *reader, struct ds_slice line, struct ds_slice value)
{
    struct ds_slice ports, port;
    uint64_t number;
    finish_media(reader, line.at);
    reader->media = NULL;
    reader->in_session = false;
    reader->rtcp_port = 0;
    reader->rtcp_has_address = false;
    if (reader->sdp->media_count == DS_SDP_MAX_MEDIA)
        return;
    struct ds_sdp_media *media = &reader->sdp->media[reader->sdp->media_count++];
    reader->media = media;
    memset(media, 0,
           offsetof(struct ds_sdp_media, formats)); /* a format is cleared when it is read */
    media->text.at = line.at;
    media->at = reader->session_at;
    media->has_address = reader->session_has_address;
    media->direction = reader->session_direction;
    media->ice_ufrag = reader->session_ufrag;
    media->ice_pwd = reader->session_pwd;
    media->ice_lite = reader->session_lite;
    ds_sdp_word_cut(&value, &media->type);
    if (ds_sdp_word_cut(&value, &ports) && ds_slice_cut(&ports, '/', &port) &&
        ds_slice_number(port, UINT16_MAX, &number) == DS_OK)
        media->at.port = (uint16_t)number;
    ds_sdp_word_cut(&value, &media->protocol);
    read_formats(value, media);
}

static void read_connection(struct reader *reader, struct ds_slice value)
{
    if (reader->media != NULL)
        reader->media->has_address = ds_sdp_read_address(value, &reader->media->at);
    else if (reader->in_session)
        reader->session_has_address = ds_sdp_read_address(value, &reader->session_at);
}

/* "53020 IN IP4 192.0.2.1", the address being optional (RFC 3605). */
static void read_rtcp(struct reader *reader, struct ds_slice value)
{
    uint64_t number;
    if (!read_number_word(&value, UINT16_MAX, &number))
        return;
    reader->rtcp_port = (uint16_t)number;
    reader->rtcp_has_address = ds_sdp_read_address(value, &reader->media->rtcp_at);
}

static void read_bypass_id(struct ds_slice value, struct ds_sdp_media *media)
{
    if (media->bypass_id_count++ == 0)
        media->bypass_id = value;
}

static void read_media_attribute(struct reader *reader, struct ds_slice name, struct ds_slice value)
{
    struct ds_sdp_media *media = reader->media;
    uint64_t number;
    if (ds_slice_equal_nocase(name, DS_LITERAL("rtpmap")))
        ds_sdp_read_rtpmap(value, media);
    else if (ds_slice_equal_nocase(name, DS_LITERAL("fmtp")))
        ds_sdp_read_fmtp(value, media);
    else if (ds_slice_equal_nocase(name, DS_LITERAL("rtcp")))
        read_rtcp(reader, value);
    else if (ds_slice_equal_nocase(name, DS_LITERAL("ptime")))
        media->ptime_ms = read_number_word(&value, 10000, &number) ? (uint32_t)number : 0;
    else if (ds_slice_equal_nocase(name, DS_LITERAL("x-bypassid")))
        read_bypass_id(value, media);
    else if (ds_slice_equal_nocase(name, DS_LITERAL("crypto")))
        media->crypto_count++;
    else if (ds_slice_equal_nocase(name, DS_LITERAL("tcap")))
        media->has_tcap = true;
    else if (ds_slice_equal_nocase(name, DS_LITERAL("rtcp-mux")))
        media->rtcp_mux = true;
    else if (ds_slice_equal_nocase(name, DS_LITERAL("ice-ufrag")))
        media->ice_ufrag = value;
    else if (ds_slice_equal_nocase(name, DS_LITERAL("ice-pwd")))
        media->ice_pwd = value;
}

static void
read_session_attribute(struct reader *reader, struct ds_slice name, struct ds_slice value)
{
    if (ds_slice_equal_nocase(name, DS_LITERAL("ice-lite")))
        reader->session_lite = true;
    else if (ds_slice_equal_nocase(name, DS_LITERAL("ice-ufrag")))
        reader->session_ufrag = value;
    else if (ds_slice_equal_nocase(name, DS_LITERAL("ice-pwd")))
        reader->session_pwd = value;
    else
        ds_sdp_read_direction(name, &reader->session_direction);
}

static void read_attribute(struct reader *reader, struct ds_slice value)
{
    struct ds_slice name;
    if (!ds_slice_cut(&value, ':', &name))
        return;
    if (reader->in_session) {
        read_session_attribute(reader, name, ds_slice_trim(value));
    } else if (reader->media != NULL) {
        ds_sdp_read_direction(name, &reader->media->direction);
        read_media_attribute(reader, name, ds_slice_trim(value));
    }
}

static void read_line(struct reader *reader, struct ds_slice line)
{
    struct ds_slice value = ds_slice_from(line, 2);
    if (line.len < 2 || line.at[1] != '=')
        return;
    switch (line.at[0]) {
    case 'v':
        reader->has_version = true;
        break;
    case 'o':
        if (reader->in_session)
            read_origin(value, reader->sdp);
        break;
    case 's':
        if (reader->in_session)
            reader->sdp->session_name = ds_slice_trim(value);
        break;
    case 'c':
        read_connection(reader, value);
        break;
    case 'm':
        start_media(reader, line, value);
        break;
    case 'a':
        read_attribute(reader, value);
        break;
    default:
        break;
    }
}

DS_EXPANDED ds_rc ds_sdp_parse(struct ds_slice body, struct ds_sdp *out, struct ds_why *why)
{
    struct ds_slice rest = body, line;
    struct reader reader = {.sdp = out, .in_session = true};
    memset(out, 0, offsetof(struct ds_sdp, media)); /* a stream is cleared when it begins */
    while (ds_sdp_line_cut(&rest, &line))
        read_line(&reader, line);
    if (body.len > 0)
        finish_media(&reader, body.at + body.len);
    if (!reader.has_version)
        return ds_fail(why, DS_BAD, "the body has no v= line, so it is no session description");
    return DS_OK;
}

size_t ds_sdp_size(const struct ds_sdp *sdp)
{
    if (sdp->media_count == 0)
        return offsetof(struct ds_sdp, media);
    const struct ds_sdp_media *last = &sdp->media[sdp->media_count - 1];
    return (size_t)((const char *)&last->formats[last->format_count] - (const char *)sdp);
}
