#include "bandwidth.h"

#include <string.h>

/* [TURNBWM] 2.2: numbers are big-endian, amounts in kbit/s. */

#define VALID         0x80000000u
#define PSTN_FAILOVER 0x40000000u
#define AUDIO         1 /* MS-Service Quality: the stream, then how it is to be delivered */
#define INTRANET      2 /* Location Profile: where peer and self are, then federation */

const char *ds_bandwidth_ask_name(uint32_t ask)
{
    static const char *const names[] = {"Reservation Check", "Reservation Commit",
                                        "Reservation Update"};
    return ask < DS_COUNT(names) ? names[ask] : "?";
}

bool ds_bandwidth_asked(const struct ds_stun *msg, enum ds_bandwidth_ask *ask)
{
    uint32_t value;
    if (!ds_stun_number(msg, DS_STUN_ADMISSION, &value) || (value & 0xffff) > DS_BANDWIDTH_UPDATE)
        return false;
    *ask = (enum ds_bandwidth_ask)(value & 0xffff); /* the other half is reserved */
    return true;
}

bool ds_bandwidth_amount(const struct ds_stun *msg, struct ds_bandwidth *out)
{
    struct ds_slice value;
    if (!ds_stun_value(msg, DS_STUN_AMOUNT, &value) || value.len != 16)
        return false;
    *out = (struct ds_bandwidth){.least_sent = ds_get32(value.at),
                                 .most_sent = ds_get32(value.at + 4),
                                 .least_received = ds_get32(value.at + 8),
                                 .most_received = ds_get32(value.at + 12)};
    return true;
}

bool ds_bandwidth_path(const struct ds_stun *msg, uint16_t type, struct ds_bandwidth_path *out)
{
    struct ds_slice value;
    if (!ds_stun_value(msg, type, &value) || value.len != 12)
        return false;
    uint32_t flags = ds_get32(value.at);
    *out = (struct ds_bandwidth_path){.valid = (flags & VALID) != 0,
                                      .pstn_failover = (flags & PSTN_FAILOVER) != 0,
                                      .sent = ds_get32(value.at + 4),
                                      .received = ds_get32(value.at + 8)};
    return true;
}

bool ds_bandwidth_reservation(const struct ds_stun *msg, uint8_t id[DS_RESERVATION_BYTES])
{
    struct ds_slice value;
    if (!ds_stun_value(msg, DS_STUN_RESERVATION, &value) || value.len != DS_RESERVATION_BYTES)
        return false;
    memcpy(id, value.at, DS_RESERVATION_BYTES);
    return true;
}

/* ---- the same, written ---- */

void ds_bandwidth_put_ask(struct ds_buf *out, enum ds_bandwidth_ask ask)
{
    ds_stun_put_number(out, DS_STUN_ADMISSION, (uint32_t)ask);
}

void ds_bandwidth_put_amount(struct ds_buf *out, const struct ds_bandwidth *amount)
{
    char bytes[16];
    ds_put32(bytes, amount->least_sent);
    ds_put32(bytes + 4, amount->most_sent);
    ds_put32(bytes + 8, amount->least_received);
    ds_put32(bytes + 12, amount->most_received);
    ds_stun_put(out, DS_STUN_AMOUNT, (struct ds_slice){bytes, sizeof bytes});
}

void ds_bandwidth_put_path(struct ds_buf *out, uint16_t type, const struct ds_bandwidth_path *path)
{
    char bytes[12];
    ds_put32(bytes, (path->valid ? VALID : 0) | (path->pstn_failover ? PSTN_FAILOVER : 0));
    ds_put32(bytes + 4, path->sent);
    ds_put32(bytes + 8, path->received);
    ds_stun_put(out, type, (struct ds_slice){bytes, sizeof bytes});
}

void ds_bandwidth_put_reservation(struct ds_buf *out, const uint8_t id[DS_RESERVATION_BYTES])
{
    ds_stun_put(out, DS_STUN_RESERVATION,
                (struct ds_slice){(const char *)id, DS_RESERVATION_BYTES});
}

void ds_bandwidth_put_audio_inside(struct ds_buf *out)
{
    static const char inside[] = {INTRANET, INTRANET, 0, 0};
    ds_stun_put_number(out, DS_STUN_SERVICE_QUALITY, (uint32_t)AUDIO << 16);
    ds_stun_put(out, DS_STUN_LOCATION_PROFILE, (struct ds_slice){inside, sizeof inside});
}
