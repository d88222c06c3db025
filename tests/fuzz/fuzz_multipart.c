#include "sdp.h"
#include "sipmsg.h"

#include <string.h>

/* The body of a message that says how its parts are divided, down to the descriptions in them. */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool lies_inside(struct ds_slice part, struct ds_slice whole)
{
    return part.len == 0 || (part.at >= whole.at && part.at + part.len <= whole.at + whole.len);
}

static void look_at(const struct ds_msg *msg)
{
    struct ds_part parts[DS_MSG_MAX_PARTS];
    struct ds_sdp sdp;
    struct ds_slice bytes = ds_msg_bytes(msg);
    size_t count = ds_msg_parts(msg, parts);
    ds_assert(count <= DS_MSG_MAX_PARTS);
    for (size_t i = 0; i < count; i++) {
        ds_assert(
            lies_inside(parts[i].content_type, bytes) && lies_inside(parts[i].content_id, bytes) &&
            lies_inside(parts[i].content_disposition, bytes) && lies_inside(parts[i].body, bytes));
        if (ds_sdp_parse(parts[i].body, &sdp, NULL) == DS_OK)
            ds_assert(sdp.media_count <= DS_SDP_MAX_MEDIA);
    }
}

/* The first line is the value of Content-Type. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ds_slice body = {(const char *)data, size}, type;
    struct ds_buf text = {0};
    struct ds_msg *msg = NULL;
    if (size > 30000 || !ds_slice_cut(&body, '\n', &type))
        return 0;
    ds_buf_text(&text, "INVITE sip:a@b SIP/2.0\r\nContent-Type: ");
    ds_buf_add(&text, type);
    ds_buf_text(&text, "\r\n\r\n");
    ds_buf_add(&text, body);
    if (ds_msg_read(ds_buf_slice(&text), &msg, NULL) == DS_OK)
        look_at(msg);
    ds_msg_unref(&msg);
    ds_buf_clean_up(&text);
    return 0;
}
