#include "fax_internal.h"

#include <stdlib.h>
#include <string.h>

#include <spandsp.h>

#define RELAY_MAGIC 0x46415832u
#define MOST_IFP    512

/* Of an IFP packet of a page's data: T.4 non-ECM data in its one field. What is smudged lies behind
 * the first bytes, and behind the first packets. */
#define SMUDGE_FROM_BYTE 8
#define DATA_BITS        0xc0 /* type-of-msg is data, and data-field is there */
#define LEAST_SMUDGED    32

struct ds_fax_relay {
    uint32_t magic;
    t38_gateway_state_t *gateway; /* owned */
    ds_fax_packet_fn *send;
    void *owner; /* borrowed: outlives us */
    bool smudges;
    size_t long_packets;
};

/* Pages are what fills long packets that are not all zeros, as a check of training is. */
static void smudge(struct ds_fax_relay *relay, uint8_t *ifp, size_t len)
{
    bool flat = true;
    for (size_t i = SMUDGE_FROM_BYTE; i < len; i++)
        flat = flat && ifp[i] == 0;
    if (flat || len < LEAST_SMUDGED || ++relay->long_packets < 4)
        return;
    for (size_t i = len / 2; i < len / 2 + 2; i++)
        ifp[i] ^= 0x5a;
}

/* Signals may come several times, so that the last words of either side, which are copied in them,
 * do not hang on one packet. Data must not: under another number it would be more data. */
static bool is_signal(struct ds_slice ifp)
{
    return ifp.len > 0 && ((uint8_t)ifp.at[0] & DATA_BITS) == 0;
}

static int on_packet(t38_core_state_t *core, void *owner, const uint8_t *ifp, int len, int times)
{
    struct ds_fax_relay *relay = owner;
    uint8_t room[MOST_IFP];
    struct ds_slice packet = {(const char *)ifp, (size_t)len};
    (void)core;
    if (relay->smudges && packet.len <= sizeof room) {
        memcpy(room, ifp, packet.len);
        smudge(relay, room, packet.len);
        packet.at = (const char *)room;
    }
    for (int i = 0; i < (is_signal(packet) ? times : 1); i++)
        relay->send(relay->owner, packet);
    return 0;
}

ds_rc ds_fax_relay_new(ds_fax_packet_fn *send, void *owner, struct ds_fax_relay **out)
{
    struct ds_fax_relay *relay = calloc(1, sizeof *relay);
    if (relay == NULL)
        return DS_NOMEM;
    relay->magic = RELAY_MAGIC;
    relay->send = send;
    relay->owner = owner;
    relay->gateway = t38_gateway_init(NULL, on_packet, relay);
    if (relay->gateway == NULL) {
        free(relay);
        return DS_NOMEM;
    }
    t38_gateway_set_supported_modems(relay->gateway, DS_FAX_MODEMS);
    t38_gateway_set_ecm_capability(relay->gateway, 0);
    t38_gateway_set_transmit_on_idle(relay->gateway, 1);
    *out = relay;
    return DS_OK;
}

void ds_fax_relay_free(struct ds_fax_relay **relay)
{
    if (*relay == NULL)
        return;
    DS_CHECK(*relay, RELAY_MAGIC);
    t38_gateway_free((*relay)->gateway);
    (*relay)->magic = 0;
    free(*relay);
    *relay = NULL;
}

void ds_fax_relay_hear(struct ds_fax_relay *relay, const int16_t *samples, size_t count)
{
    int16_t room[160]; /* libspandsp takes the mean out of them in place */
    DS_CHECK(relay, RELAY_MAGIC);
    while (count > 0) {
        size_t part = count < DS_COUNT(room) ? count : DS_COUNT(room);
        memcpy(room, samples, part * sizeof *room);
        t38_gateway_rx(relay->gateway, room, (int)part);
        samples += part;
        count -= part;
    }
}

void ds_fax_relay_say(struct ds_fax_relay *relay, int16_t *samples, size_t count)
{
    DS_CHECK(relay, RELAY_MAGIC);
    int made = t38_gateway_tx(relay->gateway, samples, (int)count);
    size_t len = made < 0 ? 0 : (size_t)made;
    memset(samples + len, 0, (count - len) * sizeof *samples);
}

void ds_fax_relay_take(struct ds_fax_relay *relay, struct ds_slice ifp, uint16_t sequence)
{
    DS_CHECK(relay, RELAY_MAGIC);
    t38_core_rx_ifp_packet(t38_gateway_get_t38_core_state(relay->gateway), (const uint8_t *)ifp.at,
                           (int)ifp.len, sequence);
}

void ds_fax_relay_smudge(struct ds_fax_relay *relay)
{
    DS_CHECK(relay, RELAY_MAGIC);
    relay->smudges = true;
}
