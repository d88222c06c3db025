#include "sdp.h"

#include <inttypes.h>

static const char *family(const struct ds_addr *addr)
{
    return ds_addr_is_v4(addr) ? "IP4" : "IP6";
}

static void write_session(const struct ds_sdp_spec *spec, struct ds_buf *out)
{
    struct ds_addr_text ip = ds_addr_ip_text(spec->at);
    ds_buf_print(out, "v=0\r\no=- %llu %llu IN %s %s\r\n", (unsigned long long)spec->session_id,
                 (unsigned long long)spec->version, family(&spec->at), ip.text);
    ds_buf_print(out, "s=%s\r\n", spec->style == DS_SDP_GATEWAY ? "-" : "session");
    ds_buf_print(out, "c=IN %s %s\r\n", family(&spec->at), ip.text);
    if (spec->style == DS_SDP_MEDIATION)
        ds_buf_text(out, "b=CT:1000\r\n");
    if (spec->style == DS_SDP_CLIENT)
        ds_buf_text(out, "b=CT:99980\r\n");
    ds_buf_text(out, "t=0 0\r\n");
    if (spec->ice != NULL && spec->ice->lite)
        ds_buf_text(out, "a=ice-lite\r\n");
}

/* What its peer is to know of SRTP: RFC 4568, and RFC 5939 where it may do without. */
static void write_secure(const struct ds_sdp_secure *secure, struct ds_buf *out)
{
    if (secure->security == DS_SDP_BEST_EFFORT)
        ds_buf_text(out, "a=tcap:1 RTP/SAVP\r\na=pcfg:1 t=1\r\n");
    ds_buf_add(out, secure->crypto);
    if (secure->security == DS_SDP_TAKEN)
        ds_buf_print(out, "a=acfg:%" PRIu32 " t=%" PRIu32 "\r\n", secure->configuration,
                     secure->transport);
}

static bool is_secure(const struct ds_sdp_secure *secure)
{
    return secure->security == DS_SDP_TAKEN || secure->security == DS_SDP_SECURE;
}

static void write_media(const struct ds_sdp_spec *spec, struct ds_buf *out)
{
    ds_buf_print(out, "m=audio %u %s", spec->at.port,
                 is_secure(&spec->secure) ? "RTP/SAVP" : "RTP/AVP");
    for (size_t i = 0; i < spec->codec_count; i++)
        ds_buf_print(out, " %u", spec->codecs[i].payload_type);
    ds_buf_text(out, "\r\n");
    if (spec->style == DS_SDP_CLIENT)
        ds_buf_text(out, "a=label:main-audio\r\n");
    if (spec->ice != NULL)
        ds_ice_write(spec->ice, out);
    if (spec->ice == NULL && spec->style != DS_SDP_GATEWAY && spec->at.port > 0 &&
        spec->at.port < UINT16_MAX)
        ds_buf_print(out, "a=rtcp:%u\r\n", spec->at.port + 1u);
    if (spec->style == DS_SDP_MEDIATION)
        ds_buf_text(out, "a=label:Audio\r\n");
    write_secure(&spec->secure, out);
}

static void write_codec(const struct ds_sdp_codec *codec, struct ds_buf *out)
{
    ds_buf_print(out, "a=rtpmap:%u %s/%lu\r\n", codec->payload_type, codec->encoding,
                 (unsigned long)codec->clock_rate);
    if (codec->fmtp != NULL)
        ds_buf_print(out, "a=fmtp:%u %s\r\n", codec->payload_type, codec->fmtp);
}

void ds_sdp_write(const struct ds_sdp_spec *spec, struct ds_buf *out)
{
    write_session(spec, out);
    if (spec->image.len > 0) {
        ds_buf_add(out, spec->image);
        return;
    }
    ds_assert(spec->codec_count > 0);
    write_media(spec, out);
    for (size_t i = 0; i < spec->codec_count; i++)
        write_codec(&spec->codecs[i], out);
    ds_buf_print(out, "a=%s\r\n", ds_direction_name(spec->direction));
    if (spec->bypass_id != NULL)
        ds_buf_print(out, "a=x-bypassid:%s\r\n", spec->bypass_id);
    ds_buf_text(out, "a=ptime:20\r\n");
}
