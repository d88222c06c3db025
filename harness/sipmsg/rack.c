#include "sipmsg.h"

/* Which provisional response a PRACK acknowledges (RFC 3262). */

static bool cut_number(struct ds_slice *rest, uint32_t *number)
{
    struct ds_slice word;
    uint64_t value = 0;
    *rest = ds_slice_trim(*rest);
    if (!ds_slice_cut(rest, ' ', &word) || ds_slice_number(word, UINT32_MAX, &value) != DS_OK)
        return false;
    *number = (uint32_t)value;
    return true;
}

bool ds_msg_rack(const struct ds_msg *msg, struct ds_rack *out)
{
    struct ds_slice rest;
    if (!ds_msg_header(msg, "RAck", 0, &rest) || !cut_number(&rest, &out->rseq) ||
        !cut_number(&rest, &out->cseq))
        return false;
    out->method = ds_slice_trim(rest);
    return true;
}

bool ds_msg_rseq(const struct ds_msg *msg, uint32_t *rseq)
{
    struct ds_slice value;
    uint64_t number = 0;
    if (!ds_msg_header(msg, "RSeq", 0, &value) ||
        ds_slice_number(value, UINT32_MAX, &number) != DS_OK)
        return false;
    *rseq = (uint32_t)number;
    return true;
}
