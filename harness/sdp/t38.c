#include "sdp_internal.h"

/* ITU-T T.38 annex D: how gateways agree on fax packets. */

static uint32_t number_of(const struct ds_sdp_media *media, const char *name)
{
    struct ds_slice value;
    uint64_t number = 0;
    if (!ds_sdp_attribute(media, name, 0, &value) ||
        ds_slice_number(ds_slice_trim(value), UINT32_MAX, &number) != DS_OK)
        return 0;
    return (uint32_t)number;
}

static struct ds_slice word_of(const struct ds_sdp_media *media, const char *name)
{
    struct ds_slice value = {NULL, 0};
    return ds_sdp_attribute(media, name, 0, &value) ? ds_slice_trim(value)
                                                    : (struct ds_slice){NULL, 0};
}

const struct ds_sdp_media *ds_sdp_fax(const struct ds_sdp *sdp)
{
    for (size_t i = 0; i < sdp->media_count; i++)
        if (ds_slice_equal_nocase(sdp->media[i].type, DS_LITERAL("image")) &&
            ds_slice_equal_nocase(sdp->media[i].protocol, DS_LITERAL("udptl")))
            return &sdp->media[i];
    return NULL;
}

void ds_sdp_t38_read(const struct ds_sdp_media *media, struct ds_sdp_t38 *out)
{
    *out = (struct ds_sdp_t38){
        .version = number_of(media, "T38FaxVersion"),
        .max_bit_rate = number_of(media, "T38MaxBitRate"),
        .max_buffer = number_of(media, "T38FaxMaxBuffer"),
        .max_datagram = number_of(media, "T38FaxMaxDatagram"),
        .rate_management = word_of(media, "T38FaxRateManagement"),
        .error_correction = word_of(media, "T38FaxUdpEC"),
    };
}

void ds_sdp_t38_write(const struct ds_sdp_t38 *t38, uint16_t port, struct ds_buf *out)
{
    ds_buf_print(out, "m=image %u udptl t38\r\na=T38FaxVersion:%u\r\na=T38MaxBitRate:%u\r\n", port,
                 t38->version, t38->max_bit_rate);
    ds_buf_print(out, "a=T38FaxRateManagement:%.*s\r\na=T38FaxMaxBuffer:%u\r\n",
                 DS_FMT(t38->rate_management), t38->max_buffer);
    ds_buf_print(out, "a=T38FaxMaxDatagram:%u\r\n", t38->max_datagram);
    if (t38->error_correction.len > 0)
        ds_buf_print(out, "a=T38FaxUdpEC:%.*s\r\n", DS_FMT(t38->error_correction));
}
