#include "sipmsg.h"

/* Whatever arrives: reading it never crashes, the strict reader takes exactly what the observer
 * finds no defect in, and an edited message is one that we would take ourselves. */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look_at(const struct ds_msg *msg)
{
    static const char *const names[] = {"Via", "Route", "Contact", "From", "To", "Accept"};
    struct ds_part parts[DS_MSG_MAX_PARTS];
    struct ds_slice name, value, params, found;
    struct ds_uri uri;
    for (size_t i = 0; i < ds_msg_header_count(msg); i++)
        ds_msg_header_at(msg, i, &name, &value);
    for (size_t i = 0; i < DS_COUNT(names); i++) {
        for (size_t nth = 0; nth < 3 && ds_msg_value(msg, names[i], nth, &value); nth++) {
            ds_rc rc = ds_uri_parse(ds_value_uri(value, &params), &uri);
            ds_assert(rc == DS_BAD || uri.scheme.len > 0);
            ds_param(params, "tag", &found);
        }
    }
    ds_msg_lists(msg, "Supported", "100rel");
    ds_assert(ds_msg_parts(msg, parts) <= DS_MSG_MAX_PARTS);
}

static void edit(const struct ds_msg *msg)
{
    struct ds_msg *pushed = NULL, *popped = NULL, *answer = NULL;
    struct ds_draft draft;
    if (ds_msg_push(msg, "Via", "SIP/2.0/UDP gw;branch=z9hG4bKf", &pushed) == DS_OK) {
        ds_assert(ds_slice_equal(ds_msg_branch(pushed), DS_LITERAL("z9hG4bKf")));
        if (ds_msg_pop(pushed, "Via", &popped) == DS_OK)
            ds_assert(ds_slice_equal(ds_msg_branch(popped), ds_msg_branch(msg)));
    }
    ds_draft_response(&draft, msg, 200, "t");
    if (ds_draft_finish(&draft, NULL, (struct ds_slice){NULL, 0}, &answer, NULL) == DS_OK)
        ds_assert(ds_slice_equal(ds_msg_method(answer), ds_msg_method(msg)));
    ds_msg_unref(&pushed);
    ds_msg_unref(&popped);
    ds_msg_unref(&answer);
}

static void frame(struct ds_slice bytes)
{
    size_t skip, len;
    if (ds_msg_frame(bytes, &skip, &len, NULL) == DS_OK)
        ds_assert(skip <= bytes.len && len <= bytes.len - skip);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ds_slice bytes = {(const char *)data, size};
    struct ds_msg *strict = NULL, *lenient = NULL;
    frame(bytes);
    ds_rc rc = ds_msg_parse(bytes, &strict, NULL);
    ds_rc read_rc = ds_msg_read(bytes, &lenient, NULL);
    ds_assert((read_rc == DS_OK) == ds_msg_looks_like_sip(bytes));
    if (read_rc == DS_OK) {
        const char *defect = NULL;
        ds_assert(ds_msg_defect(lenient, &defect) == DS_OK);
        ds_assert((rc == DS_OK) == (defect == NULL));
        look_at(lenient);
    }
    if (rc == DS_OK)
        edit(strict);
    ds_msg_unref(&strict);
    ds_msg_unref(&lenient);
    return 0;
}
