#ifndef DS_STUN_SEEN_H
#define DS_STUN_SEEN_H

/* What a capture says of STUN, TURN and ICE. Part of trace.h. */

#include "bandwidth.h"
#include "base.h"
#include "topo.h"

enum ds_stun_seen_kind {
    DS_SEEN_REQUEST,
    DS_SEEN_INDICATION,
    DS_SEEN_SUCCESS,
    DS_SEEN_ERROR,
    DS_SEEN_UNASKED /* no message: a server passed on what its client had given no permission for */
};

/* What a message says of bandwidth: [TURNBWM] 2.2. */
struct ds_admission_seen {
    bool any;                  /* it has a Bandwidth Admission Control Message */
    enum ds_bandwidth_ask ask; /* which */
    bool refuses;              /* the answer to a check: the straight path has no room */
    bool admits_relays;        /* and: the one by relays has */
    bool relayed;    /* of a request: it tells relays, of a commit: that the audio takes */
    uint32_t kbps;   /* of a request: the greater amount of the two ways */
    bool gives_back; /* an update to nothing */
    struct ds_addr local, remote; /* of a request: the path; port and address 0: not told */
    struct ds_slice call_id;      /* of a request; empty: not told */
};

/* One message. Inside a relay's frame it runs between the server's client and the relayed address;
   the relay's other leg is another message. */
struct ds_stun_seen {
    uint32_t frame;
    int64_t at;
    struct ds_addr from, to;
    const struct ds_topo_node *from_node, *to_node;
    enum ds_stun_seen_kind kind;
    uint16_t method;         /* RFC 8489 18.2, RFC 8656 17 */
    const char *method_name; /* "Allocate" */
    uint8_t id[12];
    int status;     /* of an error; 0 */
    bool inside;    /* it came in a relay's frame */
    bool is_signed; /* with a MESSAGE-INTEGRITY */
    bool nominates; /* with USE-CANDIDATE */
    struct ds_admission_seen admission;
    struct ds_addr relayed; /* of an Allocate's success; the peer of DS_SEEN_UNASKED; port 0 */
};

#endif
