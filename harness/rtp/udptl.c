#include "rtp.h"

#include <string.h>

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
        len = (size_t)(ds_get16(at) & 0x3fff);
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

/* Of more copies than there is room for the latest are kept. */
static bool cut_list(struct ds_slice *rest, struct ds_udptl *out)
{
    size_t count = 0;
    struct ds_slice item;
    if (!cut_number(rest, &count) || count > MOST_COPIES)
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!cut_open(rest, &item))
            return false;
        if (!out->parity && out->copy_count < DS_UDPTL_MOST_COPIES)
            out->copies[out->copy_count++] = item;
    }
    return true;
}

static bool cut_parity(struct ds_slice *rest, struct ds_udptl *out)
{
    size_t bytes = 0, span = 0;
    struct ds_slice number = *rest;
    if (!cut_number(&number, &bytes) || bytes != 1) /* the span is an integer after its length */
        return false;
    if (!cut_number(&number, &span) || span == 0 || span > MOST_SPAN)
        return false;
    *rest = number;
    return cut_list(rest, out);
}

static bool cut_recovery(struct ds_slice *rest, struct ds_udptl *out)
{
    if (rest->len < 1)
        return false;
    out->parity = ((uint8_t)rest->at[0] & PARITY) != 0;
    bool padded = ((uint8_t)rest->at[0] & (uint8_t)~PARITY) != 0;
    *rest = ds_slice_from(*rest, 1);
    return !padded && (out->parity ? cut_parity(rest, out) : cut_list(rest, out));
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
    *out = (struct ds_udptl){.sequence = ds_get16(bytes.at), .bytes = bytes.len};
    rest = ds_slice_from(rest, 2);
    if (!cut_open(&rest, &ifp) || !read_type(ifp, out))
        return DS_BAD;
    out->ifp = ifp;
    return cut_recovery(&rest, out) && rest.len == 0 ? DS_OK : DS_BAD;
}

#define MOST_LENGTH 0x3fff

static bool put_open(struct ds_slice bytes, uint8_t *out, size_t size, size_t *at)
{
    size_t head = bytes.len < LONG_LENGTH ? 1 : 2;
    if (bytes.len > MOST_LENGTH || size - *at < head + bytes.len)
        return false;
    if (head == 2)
        out[(*at)++] = (uint8_t)(LONG_LENGTH | bytes.len >> 8);
    out[(*at)++] = (uint8_t)bytes.len;
    memcpy(out + *at, bytes.at, bytes.len);
    *at += bytes.len;
    return true;
}

size_t ds_udptl_write(const struct ds_udptl *packet, uint8_t *out, size_t size)
{
    size_t at = 2;
    ds_assert(packet->copy_count <= DS_UDPTL_MOST_COPIES && !packet->parity);
    if (size < at)
        return 0;
    ds_put16(out, packet->sequence);
    if (!put_open(packet->ifp, out, size, &at) || size - at < 2)
        return 0;
    out[at++] = 0; /* copies, not parity */
    out[at++] = (uint8_t)packet->copy_count;
    for (size_t i = 0; i < packet->copy_count; i++)
        if (!put_open(packet->copies[i], out, size, &at))
            return 0;
    return at;
}

size_t ds_udptl_news(const struct ds_udptl *packet, uint16_t last)
{
    int16_t ahead = (int16_t)(uint16_t)(packet->sequence - last);
    if (ahead <= 0)
        return 0;
    return (size_t)ahead <= packet->copy_count ? (size_t)ahead : packet->copy_count + 1;
}

struct ds_slice ds_udptl_ifp(const struct ds_udptl *packet, size_t back)
{
    ds_assert(back <= packet->copy_count);
    return back == 0 ? packet->ifp : packet->copies[back - 1];
}
