#ifndef DS_STUN_INTERNAL_H
#define DS_STUN_INTERNAL_H

#include "stun.h"

#define DS_STUN_COOKIE          0x2112a442u
#define DS_STUN_ATTRIBUTE_BYTES 4 /* type and length, before the value */
#define DS_STUN_INTEGRITY_BYTES 20
#define DS_STUN_FINGERPRINT_XOR 0x5354554eu
#define DS_STUN_LENGTH_AT       2

struct ds_stun_item {
    uint16_t type;
    struct ds_slice value;
};

/* Cuts the next attribute, its padding included; false at the end, and where one overruns. */
bool ds_stun_cut(struct ds_slice *rest, struct ds_stun_item *item);

/* The HMAC of a message up to `at`, as if the MESSAGE-INTEGRITY that begins there ended it. */
void ds_stun_hmac(struct ds_slice msg, size_t at, struct ds_slice key, uint8_t *out);
/* The same for FINGERPRINT. */
uint32_t ds_stun_crc(struct ds_slice msg, size_t at);

#endif
