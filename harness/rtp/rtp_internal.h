#ifndef DS_RTP_INTERNAL_H
#define DS_RTP_INTERNAL_H

/* Numbers in network order, for this library's readers and writers. */

#include "rtp.h"

static inline uint16_t ds_rtp_get16(const uint8_t *at)
{
    return (uint16_t)(at[0] << 8 | at[1]);
}

static inline uint32_t ds_rtp_get32(const uint8_t *at)
{
    return (uint32_t)ds_rtp_get16(at) << 16 | ds_rtp_get16(at + 2);
}

static inline void ds_rtp_put16(uint8_t *at, uint16_t value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

static inline void ds_rtp_put32(uint8_t *at, uint32_t value)
{
    ds_rtp_put16(at, (uint16_t)(value >> 16));
    ds_rtp_put16(at + 2, (uint16_t)value);
}

#endif
