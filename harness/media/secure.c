#include "media_internal.h"

#include <srtp2/srtp.h>
#include <stdlib.h>
#include <string.h>

/*
 * SRTP (RFC 3711) by libsrtp2, under keys of AES_CM_128_HMAC_SHA1_80 that SDP tells (RFC 4568). An
 * offer lists two of ours, one with an MKI and one without (domain.md 5.3); the tag of the answer
 * says which of them we send under. Who answers sends under a key without an MKI, at first.
 */

#define OWN_KEYS      2
#define WITHOUT_MKI   1 /* which of them */
#define KEY_BYTES     30
#define REPLAY_WINDOW 1024

struct ds_media_secure {
    struct ds_sdp_crypto own[OWN_KEYS], peer;
    size_t sending; /* which of ours */
    bool offered;   /* and no answer has said yet which was taken */
    srtp_t out, in; /* owned; both NULL: what is agreed on is RTP */
    struct ds_buf said;
};

static void draw_key(struct ds_rng *rng, struct ds_sdp_crypto *crypto)
{
    for (size_t i = 0; i < KEY_BYTES; i++)
        crypto->key[i] = (uint8_t)ds_rng_next(rng);
}

static struct ds_media_secure *new_secure(struct ds_rng *rng)
{
    struct ds_media_secure *secure = calloc(1, sizeof *secure);
    if (secure == NULL)
        return NULL;
    secure->sending = WITHOUT_MKI;
    for (size_t i = 0; i < OWN_KEYS; i++) {
        secure->own[i] = (struct ds_sdp_crypto){
            .tag = (uint32_t)i + 1, .suite = DS_SRTP_AES_CM_128_80, .key_len = KEY_BYTES};
        draw_key(rng, &secure->own[i]);
    }
    secure->own[0].mki[0] = 1;
    secure->own[0].mki_len = 1;
    return secure;
}

static void end_session(srtp_t *session)
{
    if (*session != NULL)
        srtp_dealloc(*session);
    *session = NULL;
}

static void speak_plainly(struct ds_media_secure *secure)
{
    end_session(&secure->out);
    end_session(&secure->in);
}

void ds_media_secure_free(struct ds_media_secure **secure)
{
    if (*secure == NULL)
        return;
    speak_plainly(*secure);
    ds_buf_clean_up(&(*secure)->said);
    free(*secure);
    *secure = NULL;
}

/* ---- what is said of it ---- */

struct ds_slice ds_media_crypto(struct ds_media *media, const struct ds_sdp_media *answers)
{
    struct ds_sdp_crypto taken;
    DS_CHECK(media, DS_MEDIA_MAGIC);
    if (answers != NULL && !ds_sdp_crypto_choose(answers, &taken))
        return (struct ds_slice){NULL, 0};
    if (media->secure == NULL)
        media->secure = new_secure(media->place->rng);
    struct ds_media_secure *secure = media->secure;
    if (secure == NULL)
        return (struct ds_slice){NULL, 0};
    secure->said.len = 0;
    secure->offered = answers == NULL;
    if (answers != NULL) {
        struct ds_sdp_crypto own = secure->own[secure->sending];
        own.tag = taken.tag;
        ds_sdp_crypto_write(&own, &secure->said);
    }
    for (size_t i = 0; i < OWN_KEYS && answers == NULL; i++)
        ds_sdp_crypto_write(&secure->own[i], &secure->said);
    return ds_buf_slice(&secure->said);
}

/* ---- what is agreed on ---- */

/* The library counts nothing of who uses it: the first session of the process starts it, and it
 * stays. */
static srtp_err_status_t create(srtp_t *session, const srtp_policy_t *policy)
{
    srtp_err_status_t status = srtp_create(session, policy);
    if (status != srtp_err_status_init_fail || srtp_init() != srtp_err_status_ok)
        return status;
    return srtp_create(session, policy);
}

/* What was sealed under this key, or will be, by whatever source. NULL: out of memory. */
static srtp_t new_session(struct ds_sdp_crypto *crypto, srtp_ssrc_type_t direction)
{
    srtp_t session = NULL;
    srtp_master_key_t key = {crypto->key, crypto->mki, (unsigned)crypto->mki_len};
    srtp_master_key_t *keys[] = {&key};
    srtp_policy_t policy = {.ssrc = {.type = direction},
                            .keys = keys,
                            .num_master_keys = 1,
                            .window_size = REPLAY_WINDOW,
                            .allow_repeat_tx = 1};
    srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&policy.rtp);
    srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&policy.rtcp);
    return create(&session, &policy) == srtp_err_status_ok ? session : NULL;
}

struct ds_media_srtp {
    srtp_t nobodys; /* its ciphers are loaded */
};

ds_rc ds_media_srtp_start(struct ds_media_srtp **out, struct ds_why *why)
{
    struct ds_sdp_crypto nobody = {.key_len = KEY_BYTES};
    struct ds_media_srtp *srtp = calloc(1, sizeof *srtp);
    if (srtp == NULL)
        return ds_fail_memory(why);
    srtp->nobodys = new_session(&nobody, ssrc_any_outbound);
    if (srtp->nobodys == NULL) {
        free(srtp);
        return ds_fail(why, DS_IO, "libsrtp2 does not start");
    }
    *out = srtp;
    return DS_OK;
}

void ds_media_srtp_end(struct ds_media_srtp **srtp)
{
    if (*srtp == NULL)
        return;
    end_session(&(*srtp)->nobodys);
    free(*srtp);
    *srtp = NULL;
}

static ds_rc renew(srtp_t *session,
                   const struct ds_sdp_crypto *crypto,
                   srtp_ssrc_type_t direction,
                   struct ds_why *why)
{
    struct ds_sdp_crypto key = *crypto;
    end_session(session);
    *session = new_session(&key, direction);
    return *session == NULL ? ds_fail_memory(why) : DS_OK;
}

static bool same_key(const struct ds_sdp_crypto *a, const struct ds_sdp_crypto *b)
{
    return memcmp(a->key, b->key, KEY_BYTES) == 0 && a->mki_len == b->mki_len &&
           memcmp(a->mki, b->mki, a->mki_len) == 0;
}

/* Which of our keys the answer has taken. */
static ds_rc take_tag(struct ds_media_secure *secure, uint32_t tag, struct ds_why *why)
{
    size_t taken = 0;
    while (taken < OWN_KEYS && secure->own[taken].tag != tag)
        taken++;
    if (taken == OWN_KEYS)
        return ds_fail(why, DS_BAD, "the peer's SDP answers to a key that was never offered");
    secure->offered = false;
    if (taken != secure->sending)
        end_session(&secure->out);
    secure->sending = taken;
    return DS_OK;
}

static ds_rc agree(struct ds_media *media, const struct ds_sdp_crypto *peer, struct ds_why *why)
{
    struct ds_media_secure *secure = media->secure;
    ds_rc rc = secure->offered ? take_tag(secure, peer->tag, why) : DS_OK;
    struct ds_sdp_crypto sealing = secure->own[secure->sending];
    if (media->flaws.another_key)
        sealing.key[0] ^= 1;
    if (rc == DS_OK && secure->out == NULL)
        rc = renew(&secure->out, &sealing, ssrc_any_outbound, why);
    if (rc == DS_OK && (secure->in == NULL || !same_key(&secure->peer, peer)))
        rc = renew(&secure->in, peer, ssrc_any_inbound, why);
    secure->peer = *peer;
    return rc;
}

ds_rc ds_media_meet_secure(struct ds_media *media,
                           const struct ds_sdp_media *peer,
                           struct ds_why *why)
{
    struct ds_sdp_crypto crypto;
    enum ds_sdp_security security = ds_sdp_security_read(peer).security;
    bool can =
        security != DS_SDP_PLAIN && media->secure != NULL && ds_sdp_crypto_choose(peer, &crypto);
    if (can)
        return agree(media, &crypto, why);
    if (security == DS_SDP_SECURE)
        return ds_fail(why, DS_BAD, "the peer's SDP wants SRTP, and has no key for it");
    if (media->secure != NULL)
        speak_plainly(media->secure);
    return DS_OK;
}

/* ---- packets ---- */

struct ds_slice ds_media_seal(const struct ds_media *media,
                              struct ds_slice bytes,
                              uint8_t room[DS_MEDIA_MOST_BYTES])
{
    const struct ds_media_secure *secure = media->secure;
    if (secure == NULL || secure->out == NULL || media->flaws.sends_in_clear)
        return bytes;
    int len = (int)bytes.len;
    bool has_mki = secure->own[secure->sending].mki_len > 0;
    if (bytes.len + SRTP_MAX_TRAILER_LEN > DS_MEDIA_MOST_BYTES)
        return (struct ds_slice){NULL, 0};
    memcpy(room, bytes.at, bytes.len);
    srtp_err_status_t status = ds_rtcp_is(bytes)
                                   ? srtp_protect_rtcp_mki(secure->out, room, &len, has_mki, 0)
                                   : srtp_protect_mki(secure->out, room, &len, has_mki, 0);
    return status == srtp_err_status_ok ? (struct ds_slice){(const char *)room, (size_t)len}
                                        : (struct ds_slice){NULL, 0};
}

struct ds_slice ds_media_unseal(const struct ds_media *media,
                                struct ds_slice bytes,
                                uint8_t room[DS_MEDIA_MOST_BYTES])
{
    const struct ds_media_secure *secure = media->secure;
    if (secure == NULL || secure->in == NULL)
        return bytes;
    int len = (int)bytes.len;
    bool has_mki = secure->peer.mki_len > 0;
    if (bytes.len < DS_RTP_HEADER_BYTES || bytes.len > DS_MEDIA_MOST_BYTES)
        return (struct ds_slice){NULL, 0};
    memcpy(room, bytes.at, bytes.len);
    srtp_err_status_t status = ds_rtcp_is(bytes)
                                   ? srtp_unprotect_rtcp_mki(secure->in, room, &len, has_mki)
                                   : srtp_unprotect_mki(secure->in, room, &len, has_mki);
    return status == srtp_err_status_ok ? (struct ds_slice){(const char *)room, (size_t)len}
                                        : (struct ds_slice){NULL, 0};
}
