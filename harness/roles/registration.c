#include "registration_internal.h"

/* What a client and a registrar read alike in a REGISTER and in its answer. */

uint32_t ds_registration_expires(const struct ds_msg *msg, struct ds_slice params, uint32_t most_s)
{
    struct ds_slice text;
    uint64_t seconds = 0;
    bool told = ds_param(params, "expires", &text) || ds_msg_header(msg, "Expires", 0, &text);
    bool read = told && ds_slice_number(ds_slice_trim(text), UINT32_MAX, &seconds) == DS_OK;
    return read && seconds < most_s ? (uint32_t)seconds : most_s;
}

bool ds_registration_is_same(struct ds_slice one, struct ds_slice other)
{
    struct ds_uri a, b;
    return ds_uri_parse(one, &a) == DS_OK && ds_uri_parse(other, &b) == DS_OK &&
           ds_slice_equal(a.user, b.user) && ds_slice_equal_nocase(a.host, b.host);
}
