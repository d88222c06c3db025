#ifndef DS_NETWORK_ORDER_H
#define DS_NETWORK_ORDER_H

/* Numbers as protocols write them, the highest byte first, at any address. Part of base.h. */

#include <stdint.h>

static inline uint16_t ds_get16(const void *at)
{
    const uint8_t *bytes = at;
    return (uint16_t)(bytes[0] << 8 | bytes[1]);
}

static inline uint32_t ds_get32(const void *at)
{
    const uint8_t *bytes = at;
    return (uint32_t)ds_get16(bytes) << 16 | ds_get16(bytes + 2);
}

static inline void ds_put16(void *at, uint16_t value)
{
    uint8_t *bytes = at;
    bytes[0] = (uint8_t)(value >> 8);
    bytes[1] = (uint8_t)value;
}

static inline void ds_put32(void *at, uint32_t value)
{
    uint8_t *bytes = at;
    ds_put16(bytes, (uint16_t)(value >> 16));
    ds_put16(bytes + 2, (uint16_t)value);
}

#endif
