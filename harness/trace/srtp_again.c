#include "trace_srtp_internal.h"

#include <stdlib.h>
#include <string.h>

struct ds_srtp_again {
    srtp_t session; /* owned */
    bool has_mki;
    uint32_t room[DS_SRTP_MOST_BYTES / sizeof(uint32_t)];
};

ds_rc ds_srtp_again_new(const struct ds_flow *flow, struct ds_srtp_again **out)
{
    const struct ds_srtp_seen *seen = &flow->srtp;
    struct ds_sdp_crypto key = seen->key;
    if (seen->suite == NULL)
        return DS_BAD;
    struct ds_srtp_again *again = calloc(1, sizeof *again);
    if (again == NULL)
        return DS_NOMEM;
    again->has_mki = key.mki_len > 0;
    again->session = ds_trace_srtp_session(&key, again->has_mki, flow->ssrc);
    if (again->session == NULL ||
        (seen->rollovers > 0 &&
         srtp_set_stream_roc(again->session, flow->ssrc, seen->rollovers) != srtp_err_status_ok)) {
        ds_srtp_again_free(&again);
        return DS_NOMEM;
    }
    *out = again;
    return DS_OK;
}

struct ds_slice ds_srtp_again_open(struct ds_srtp_again *again, struct ds_slice sealed)
{
    int len = (int)sealed.len;
    if (sealed.len > sizeof again->room)
        return (struct ds_slice){NULL, 0};
    memcpy(again->room, sealed.at, sealed.len);
    if (srtp_unprotect_mki(again->session, again->room, &len, again->has_mki) != srtp_err_status_ok)
        return (struct ds_slice){NULL, 0};
    return (struct ds_slice){(const char *)again->room, (size_t)len};
}

void ds_srtp_again_free(struct ds_srtp_again **again)
{
    if (*again == NULL)
        return;
    if ((*again)->session != NULL)
        srtp_dealloc((*again)->session);
    free(*again);
    *again = NULL;
}
