#include "rtp_internal.h"

/*
 * ITU-T T.38 (annex A's ASN.1 in the aligned packed encoding): a sequence number, the primary IFP
 * packet, and either copies of earlier packets or parity over them. All of the datagram belongs to
 * it, which is what tells it from anything else.
 */

#define LONG_LENGTH 0x80 /* two bytes of length, of which the second bit says: in fragments */
#define FRAGMENTED  0x40
#define PARITY      0x80 /* error-recovery is a choice of one bit */
#define HAS_DATA    0x80 /* of the IFP packet: data-field is there */
#define IS_DATA     0x40 /* type-of-msg: t30-data, not t30-indicator */
#define EXTENDED    0x20 /* a type that the first edition did not have: two bytes */
#define MOST_COPIES 64
#define MOST_SPAN   80

/* A length, and what it counts. */
static bool cut_open(struct ds_slice *rest, struct ds_slice *out)
{
    const uint8_t *at = (const uint8_t *)rest->at;
    size_t head = 1, len = 0;
    if (rest->len < 1)
        return false;
    len = at[0];
    if ((at[0] & LONG_LENGTH) != 0) {
        if (rest->len < 2 || (at[0] & FRAGMENTED) != 0)
            return false;
        len = (size_t)(ds_rtp_get16(at) & 0x3fff);
        head = 2;
    }
    if (rest->len - head < len)
        return false;
    *out = (struct ds_slice){rest->at + head, len};
    *rest = ds_slice_from(*rest, head + len);
    return true;
}

static bool cut_number(struct ds_slice *rest, size_t *out)
{
    if (rest->len < 1 || ((uint8_t)rest->at[0] & LONG_LENGTH) != 0)
        return false;
    *out = (uint8_t)rest->at[0];
    *rest = ds_slice_from(*rest, 1);
    return true;
}

static bool skip_list(struct ds_slice *rest)
{
    size_t count = 0;
    struct ds_slice item;
    if (!cut_number(rest, &count) || count > MOST_COPIES)
        return false;
    for (size_t i = 0; i < count; i++)
        if (!cut_open(rest, &item))
            return false;
    return true;
}

static bool skip_parity(struct ds_slice *rest)
{
    size_t bytes = 0, span = 0;
    struct ds_slice number = *rest;
    if (!cut_number(&number, &bytes) || bytes != 1) /* the span is an integer after its length */
        return false;
    if (!cut_number(&number, &span) || span == 0 || span > MOST_SPAN)
        return false;
    *rest = number;
    return skip_list(rest);
}

static bool skip_recovery(struct ds_slice *rest)
{
    if (rest->len < 1)
        return false;
    bool parity = ((uint8_t)rest->at[0] & PARITY) != 0;
    bool padded = ((uint8_t)rest->at[0] & (uint8_t)~PARITY) != 0;
    *rest = ds_slice_from(*rest, 1);
    return !padded && (parity ? skip_parity(rest) : skip_list(rest));
}

/* A signal has no data behind it; pieces of an image or of T.30 control do. */
static bool read_type(struct ds_slice ifp, struct ds_udptl *out)
{
    if (ifp.len < 1)
        return false;
    uint8_t first = (uint8_t)ifp.at[0];
    size_t type_bytes = (first & EXTENDED) != 0 ? 2 : 1;
    out->is_data = (first & IS_DATA) != 0;
    return (first & HAS_DATA) != 0 ? out->is_data && ifp.len > type_bytes : ifp.len <= type_bytes;
}

ds_rc ds_udptl_parse(struct ds_slice bytes, struct ds_udptl *out)
{
    struct ds_slice rest = bytes, ifp;
    if (bytes.len < 2)
        return DS_BAD;
    *out = (struct ds_udptl){.sequence = ds_rtp_get16((const uint8_t *)bytes.at)};
    rest = ds_slice_from(rest, 2);
    if (!cut_open(&rest, &ifp) || !read_type(ifp, out))
        return DS_BAD;
    return skip_recovery(&rest) && rest.len == 0 ? DS_OK : DS_BAD;
}
