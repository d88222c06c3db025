#include "trace_srtp_internal.h"

/* What a suite of SDP (RFC 4568 6.2, RFC 7714 14.2) is to libsrtp2. */

#define REPLAY_WINDOW 1024

static void set_policies(enum ds_srtp_suite suite, srtp_policy_t *policy)
{
    switch (suite) {
    case DS_SRTP_AES_CM_128_80:
    case DS_SRTP_AES_CM_128_32: /* reports keep the long tag: RFC 4568 6.2.2 */
        srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&policy->rtcp);
        break;
    case DS_SRTP_AES_CM_256_80:
    case DS_SRTP_AES_CM_256_32:
        srtp_crypto_policy_set_aes_cm_256_hmac_sha1_80(&policy->rtcp);
        break;
    case DS_SRTP_GCM_128:
        srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy->rtcp);
        break;
    case DS_SRTP_GCM_256:
        srtp_crypto_policy_set_aes_gcm_256_16_auth(&policy->rtcp);
        break;
    }
    policy->rtp = policy->rtcp;
    if (suite == DS_SRTP_AES_CM_128_32)
        srtp_crypto_policy_set_aes_cm_128_hmac_sha1_32(&policy->rtp);
    if (suite == DS_SRTP_AES_CM_256_32)
        srtp_crypto_policy_set_aes_cm_256_hmac_sha1_32(&policy->rtp);
}

/* Starting the library costs more than reading a short call, and it counts nothing of who uses it:
 * the first session of the process starts it, and it stays. */
static srtp_err_status_t create(srtp_t *session, const srtp_policy_t *policy)
{
    srtp_err_status_t status = srtp_create(session, policy);
    if (status != srtp_err_status_init_fail || srtp_init() != srtp_err_status_ok)
        return status;
    return srtp_create(session, policy);
}

srtp_t ds_trace_srtp_session(struct ds_sdp_crypto *crypto, bool has_mki, uint32_t ssrc)
{
    srtp_t session = NULL;
    srtp_master_key_t key = {crypto->key, crypto->mki, has_mki ? (unsigned)crypto->mki_len : 0};
    srtp_master_key_t *keys[] = {&key};
    srtp_policy_t policy = {.ssrc = {ssrc_specific, ssrc},
                            .keys = keys,
                            .num_master_keys = 1,
                            .window_size = REPLAY_WINDOW};
    set_policies(crypto->suite, &policy);
    return create(&session, &policy) == srtp_err_status_ok ? session : NULL;
}
