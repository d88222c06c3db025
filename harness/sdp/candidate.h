#ifndef DS_CANDIDATE_H
#define DS_CANDIDATE_H

/* What ICE puts into SDP (RFC 8839): where audio may be received, and who may ask. Part of sdp.h.
 */

#include "base.h"

#define DS_SDP_MAX_CANDIDATES 16
#define DS_ICE_UFRAG_BYTES    8  /* of ours; a peer's has 4 to 256 */
#define DS_ICE_PWD_BYTES      24 /* of ours; a peer's has 22 to 256 */

enum ds_candidate_kind {
    DS_CANDIDATE_HOST,
    DS_CANDIDATE_SERVER_REFLEXIVE,
    DS_CANDIDATE_PEER_REFLEXIVE,
    DS_CANDIDATE_RELAYED
};

const char *ds_candidate_name(enum ds_candidate_kind kind); /* "srflx" */

struct ds_candidate {
    enum ds_candidate_kind kind;
    uint32_t component; /* 1: RTP, and RTCP with a=rtcp-mux; 2: RTCP */
    uint32_t priority;
    struct ds_addr at;
    struct ds_addr base; /* raddr and rport; port 0: not told */
    char foundation[33]; /* 1 to 32 characters */
};

/* Reads the value of an a=candidate attribute; Lync's upper-case UDP too. DS_BAD, and why, for what
   is no UDP candidate at an address: TCP, IPv6 zones, host names. */
DS_MUST_USE ds_rc ds_candidate_read(struct ds_slice value,
                                    struct ds_candidate *out,
                                    struct ds_why *why);
/* RFC 8445 5.1.2.1, for component 1. */
uint32_t ds_candidate_priority(enum ds_candidate_kind kind);

/* What one side says of itself. */
struct ds_ice_spec {
    const char *ufrag, *pwd;
    const struct ds_candidate *candidates; /* borrowed */
    size_t count;
    bool lite;
};

void ds_ice_write(const struct ds_ice_spec *ice, struct ds_buf *out); /* attributes of a stream */

#endif
