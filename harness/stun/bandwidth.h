#ifndef DS_STUN_BANDWIDTH_H
#define DS_STUN_BANDWIDTH_H

/*
 * What the TURN bandwidth management extension ([TURNBWM] 2.2) puts into STUN messages: an Allocate
 * request asks a bandwidth policy service whether a call may take the network path between two
 * addresses (Reservation Check), has it reserved (Commit), and keeps or gives back what it has
 * (Update). The message around these attributes is that of RFC 5389, not MS-TURN's older one, and
 * shows no credentials.
 */

#include "stun.h"

enum ds_bandwidth_attribute {
    DS_STUN_SERVICE_QUALITY = 0x8055, /* MS-Service Quality: that it is audio */
    DS_STUN_ADMISSION = 0x8056,       /* Bandwidth Admission Control Message */
    DS_STUN_RESERVATION = 0x8057,     /* Bandwidth Reservation Identifier */
    DS_STUN_AMOUNT = 0x8058,          /* Bandwidth Reservation Amount */
    DS_STUN_REMOTE_SITE = 0x8059,
    DS_STUN_REMOTE_RELAY = 0x805a, /* Remote Relay Site Address, and so on */
    DS_STUN_LOCAL_SITE = 0x805b,
    DS_STUN_LOCAL_RELAY = 0x805c,
    DS_STUN_REMOTE_SITE_RESPONSE = 0x805d,
    DS_STUN_REMOTE_RELAY_RESPONSE = 0x805e,
    DS_STUN_LOCAL_SITE_RESPONSE = 0x805f,
    DS_STUN_LOCAL_RELAY_RESPONSE = 0x8060,
    DS_STUN_DIALOG_ID = 0x8061, /* SIP Dialog Identifier: here the Call-ID, as in the next */
    DS_STUN_CALL_ID = 0x8062,   /* SIP Call Identifier */
    DS_STUN_LOCATION_PROFILE = 0x8068
};

#define DS_RESERVATION_BYTES 16
#define DS_CALL_ID_MOST      256 /* bytes of a Call-ID in a request; a longer one is cut */

enum ds_bandwidth_ask { DS_BANDWIDTH_CHECK, DS_BANDWIDTH_COMMIT, DS_BANDWIDTH_UPDATE };

/* "Reservation Check"; "?" for what is none. */
const char *ds_bandwidth_ask_name(uint32_t ask);

/* kbit/s, of one session each way. */
struct ds_bandwidth {
    uint32_t least_sent, most_sent, least_received, most_received;
};

/* A path as the service finds it: [TURNBWM] 2.2.8, 2.2.10. */
struct ds_bandwidth_path {
    bool valid;              /* there is room for the session */
    bool pstn_failover;      /* else: the call may be tried over the PSTN */
    uint32_t sent, received; /* kbit/s that it may have; 0 where there is no room */
};

/* False where there is none, or where its length is none of its kind's. */
bool ds_bandwidth_asked(const struct ds_stun *msg, enum ds_bandwidth_ask *ask);
bool ds_bandwidth_amount(const struct ds_stun *msg, struct ds_bandwidth *out);
bool ds_bandwidth_path(const struct ds_stun *msg, uint16_t type, struct ds_bandwidth_path *out);
bool ds_bandwidth_reservation(const struct ds_stun *msg, uint8_t id[DS_RESERVATION_BYTES]);

void ds_bandwidth_put_ask(struct ds_buf *out, enum ds_bandwidth_ask ask);
void ds_bandwidth_put_amount(struct ds_buf *out, const struct ds_bandwidth *amount);
void ds_bandwidth_put_path(struct ds_buf *out, uint16_t type, const struct ds_bandwidth_path *path);
void ds_bandwidth_put_reservation(struct ds_buf *out, const uint8_t id[DS_RESERVATION_BYTES]);
/* Audio, between two inside, neither of them of another enterprise. */
void ds_bandwidth_put_audio_inside(struct ds_buf *out);

#endif
