#include "sdp.h"

/* Whatever a body holds, no bound is passed and every text points into the body or a table. */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look_at_keys(const struct ds_sdp_media *media)
{
    struct ds_sdp_crypto crypto;
    struct ds_slice value;
    for (size_t i = 0; i < media->crypto_count; i++) {
        ds_assert(ds_sdp_attribute(media, "crypto", i, &value));
        if (ds_sdp_crypto_read(value, &crypto, NULL) == DS_OK)
            ds_assert(crypto.key_len >= 28 && crypto.mki_len <= sizeof crypto.mki);
    }
}

static void look_at(const struct ds_sdp_media *media, struct ds_slice body)
{
    struct ds_slice value;
    size_t total = 0;
    ds_assert(media->format_count <= DS_SDP_MAX_FORMATS);
    ds_assert(media->text.at >= body.at && media->text.len <= body.len);
    for (size_t i = 0; i < media->format_count; i++)
        total += media->formats[i].encoding.len + media->formats[i].fmtp.len;
    ds_assert(total <= (body.len + 16) * DS_SDP_MAX_FORMATS);
    if (media->bypass_id_count > 0) {
        ds_assert(ds_sdp_attribute(media, "x-bypassid", 0, &value));
        ds_assert(ds_slice_equal(value, media->bypass_id));
    }
    ds_assert(ds_sdp_attribute(media, "x-bypassid", media->bypass_id_count, &value) == false);
    ds_sdp_find_format(media, "PCMU");
    look_at_keys(media);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ds_slice body = {(const char *)data, size};
    struct ds_sdp sdp;
    if (ds_sdp_parse(body, &sdp, NULL) != DS_OK)
        return 0;
    ds_assert(sdp.media_count <= DS_SDP_MAX_MEDIA);
    for (size_t i = 0; i < sdp.media_count; i++)
        look_at(&sdp.media[i], body);
    ds_sdp_audio(&sdp);
    return 0;
}
