#ifndef DS_TRACE_SRTP_INTERNAL_H
#define DS_TRACE_SRTP_INTERNAL_H

/* How SRTP is opened: who may hold which key (srtp.c), and one key in use (srtp_session.c). For the
 * parts of SRTP alone. */

#include "trace_internal.h"

#include <srtp2/srtp.h>

#define DS_SRTP_MOST_BYTES 2048 /* of a packet */

/* Opens what `ssrc` sends under this key; for srtp_dealloc(). NULL: out of memory, or libsrtp2 was
 * built without the suite. */
srtp_t ds_trace_srtp_session(struct ds_sdp_crypto *crypto, bool has_mki, uint32_t ssrc);

#endif
