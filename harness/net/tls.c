#include "tls_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

/* TLS over the streams of either world: OpenSSL over memory, or a handshake that it has made before
 * (tls_replay.c). */

/* ---- what all connections of an authority share ---- */

static struct ds_tls *tls_of(const SSL *ssl)
{
    return SSL_get_app_data(ssl);
}

static void log_key(const SSL *ssl, const char *line)
{
    const struct ds_tls *tls = tls_of(ssl);
    const struct ds_net_options *options = tls->stream == NULL ? NULL : &tls->stream->net->options;
    if (options != NULL && options->secret != NULL)
        options->secret(options->owner, ds_slice_of(line));
    if (tls->secrets != NULL)
        ds_buf_print(tls->secrets, "%s\n", line);
}

static void name_in(X509 *certificate, char *out, size_t size)
{
    GENERAL_NAMES *names = X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
    snprintf(out, size, "nobody");
    for (int i = 0; i < sk_GENERAL_NAME_num(names); i++) {
        const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);
        if (name->type != GEN_DNS)
            continue;
        const char *text = (const char *)ASN1_STRING_get0_data(name->d.dNSName);
        ds_slice_copy((struct ds_slice){text, (size_t)ASN1_STRING_length(name->d.dNSName)}, out,
                      size);
        break;
    }
    GENERAL_NAMES_free(names);
}

/* Writes down what is wrong, for the owner; OpenSSL refuses the certificate by itself. */
static int judge(int good, X509_STORE_CTX *check)
{
    const SSL *ssl = X509_STORE_CTX_get_ex_data(check, SSL_get_ex_data_X509_STORE_CTX_idx());
    struct ds_tls *tls = tls_of(ssl);
    X509 *certificate = X509_STORE_CTX_get0_cert(check);
    char name[128];
    if (good || tls->stream == NULL)
        return good;
    struct ds_addr_text peer = ds_addr_text(tls->stream->peer);
    int error = X509_STORE_CTX_get_error(check);
    if (certificate != NULL && error == X509_V_ERR_HOSTNAME_MISMATCH) {
        name_in(certificate, name, sizeof name);
        ds_fail(&tls->why, DS_IO, "the certificate of %s is for %s, not for %s", peer.text, name,
                tls->peer_name);
    } else {
        ds_fail(&tls->why, DS_IO, "the certificate of %s is refused: %s", peer.text,
                X509_verify_cert_error_string(error));
    }
    return 0;
}

SSL_CTX *ds_tls_context_new(OSSL_LIB_CTX *crypto)
{
    SSL_CTX *context = SSL_CTX_new_ex(crypto, NULL, TLS_method());
    if (context == NULL)
        return NULL;
    SSL_CTX_set_options(context,
                        SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, judge);
    SSL_CTX_set_keylog_callback(context, log_key);
    if (SSL_CTX_set_num_tickets(context, 0) == 1 &&
        SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1 &&
        SSL_CTX_set_cipher_list(context, "ECDHE-ECDSA-AES128-GCM-SHA256:"
                                         "ECDHE-ECDSA-AES256-GCM-SHA384:"
                                         "ECDHE-ECDSA-CHACHA20-POLY1305") == 1)
        return context;
    SSL_CTX_free(context);
    return NULL;
}

/* ---- one connection ---- */

static bool demand_name(struct ds_tls *tls)
{
    return tls->peer_name[0] == '\0' || tls->accept_any_name ||
           SSL_set1_host(tls->ssl, tls->peer_name) == 1;
}

static bool prepare(struct ds_tls *tls, int64_t unix_s)
{
    X509_VERIFY_PARAM_set_time(SSL_get0_param(tls->ssl), unix_s);
    SSL_set_app_data(tls->ssl, tls);
    SSL_set_bio(tls->ssl, tls->in, tls->out);
    if (tls->is_server) {
        SSL_set_accept_state(tls->ssl);
        return demand_name(tls);
    }
    SSL_set_connect_state(tls->ssl);
    return (tls->peer_name[0] == '\0' || SSL_set_tlsext_host_name(tls->ssl, tls->peer_name) == 1) &&
           demand_name(tls);
}

ds_rc ds_tls_open(struct ds_tls *tls, int64_t unix_s, struct ds_why *why)
{
    ERR_clear_error();
    tls->ssl = ds_tls_store_ssl(&tls->who, why);
    if (tls->ssl == NULL)
        return DS_IO;
    tls->in = BIO_new(BIO_s_mem());
    tls->out = BIO_new(BIO_s_mem());
    if (tls->in != NULL && tls->out != NULL && prepare(tls, unix_s))
        return DS_OK;
    if (SSL_get_rbio(tls->ssl) == NULL) {
        BIO_free(tls->in);
        BIO_free(tls->out);
    }
    SSL_free(tls->ssl);
    tls->ssl = NULL;
    return ds_fail_memory(why);
}

ds_rc ds_tls_new(struct ds_stream *stream, const struct ds_tls_wish *wish, struct ds_why *why)
{
    struct ds_tls *tls = calloc(1, sizeof *tls);
    struct ds_why reason;
    if (tls == NULL)
        return ds_fail_memory(why);
    stream->tls = tls;
    tls->stream = stream;
    tls->who = ds_tls_identity_who(wish->identity);
    tls->is_server = wish->is_server;
    tls->accept_any_name = wish->accept_any_name;
    snprintf(tls->peer_name, sizeof tls->peer_name, "%s",
             wish->peer_name == NULL ? "" : wish->peer_name);
    ds_tls_replay_begin(tls);
    if (tls->replay != NULL || ds_tls_open(tls, ds_net_unix_s(stream->net), &reason) == DS_OK)
        return DS_OK;
    ds_rc rc = ds_fail(why, DS_IO, "cannot start TLS with %s for '%.80s': %.120s",
                       ds_addr_text(stream->peer).text, tls->peer_name, reason.text);
    ds_tls_free(&stream->tls);
    return rc;
}

void ds_tls_free(struct ds_tls **tls)
{
    if (*tls == NULL)
        return;
    SSL_free((*tls)->ssl);
    ds_tls_replay_free(&(*tls)->replay);
    free(*tls);
    *tls = NULL;
}

/* ---- bytes ---- */

static void drain(struct ds_stream *stream)
{
    char *at = NULL;
    long len = BIO_get_mem_data(stream->tls->out, &at);
    if (len > 0 && !stream->broken)
        stream->net->ops->write(stream, (struct ds_slice){at, (size_t)len});
    (void)BIO_reset(stream->tls->out);
}

static const char *reason(void)
{
    const char *text = ERR_reason_error_string(ERR_peek_error());
    return text == NULL ? "it makes no sense as TLS" : text;
}

/* The alert that tells the peer is on its way already. */
static void give_up(struct ds_stream *stream)
{
    struct ds_tls *tls = stream->tls;
    tls->parted = true;
    if (tls->why.text[0] != '\0')
        ds_stream_ended(stream, false, "%s", tls->why.text);
    else
        ds_stream_ended(stream, false, "TLS with %s failed: %s", ds_addr_text(stream->peer).text,
                        reason());
    ERR_clear_error();
}

static void agree(struct ds_stream *stream)
{
    struct ds_tls *tls = stream->tls;
    ERR_clear_error();
    int rc = SSL_do_handshake(tls->ssl);
    int error = SSL_get_error(tls->ssl, rc);
    drain(stream);
    if (stream->state != DS_STREAM_AGREEING)
        return;
    if (rc == 1) {
        tls->agreed = true;
        ds_stream_up(stream);
    } else if (error != SSL_ERROR_WANT_READ) {
        give_up(stream);
    }
}

void ds_tls_start(struct ds_stream *stream)
{
    if (stream->tls->replay != NULL)
        ds_tls_replay_start(stream);
    else
        agree(stream);
}

/* One record of the peer's; false when there is no more. */
static bool read_once(struct ds_stream *stream)
{
    struct ds_tls *tls = stream->tls;
    char bytes[DS_TLS_RECORD];
    ERR_clear_error();
    int len = SSL_read(tls->ssl, bytes, sizeof bytes);
    int error = SSL_get_error(tls->ssl, len);
    drain(stream);
    if (len > 0)
        ds_stream_deliver(stream, (struct ds_slice){bytes, (size_t)len});
    else if (error == SSL_ERROR_ZERO_RETURN)
        ds_stream_ended(stream, false, "%s closed the connection", ds_addr_text(stream->peer).text);
    else if (error != SSL_ERROR_WANT_READ)
        give_up(stream);
    return len > 0;
}

void ds_tls_arrived(struct ds_stream *stream, struct ds_slice bytes)
{
    struct ds_tls *tls = stream->tls;
    if (tls->replay != NULL) {
        ds_tls_replay_arrived(stream, bytes);
        return;
    }
    bool more = BIO_write(tls->in, bytes.at, (int)bytes.len) == (int)bytes.len;
    if (!more) {
        ds_stream_ended(stream, true, "out of memory");
        return;
    }
    if (!tls->agreed)
        agree(stream);
    while (more && tls->agreed && !tls->parted && stream->state == DS_STREAM_OPEN)
        more = read_once(stream);
}

void ds_tls_send(struct ds_stream *stream, struct ds_slice bytes)
{
    if (bytes.len == 0)
        return;
    if (stream->tls->replay != NULL) {
        ds_tls_replay_send(stream, bytes);
        return;
    }
    ERR_clear_error();
    int len = SSL_write(stream->tls->ssl, bytes.at, (int)bytes.len);
    drain(stream);
    if (len != (int)bytes.len && stream->state != DS_STREAM_ENDED)
        ds_stream_fail_later(stream, reason());
    ERR_clear_error();
}

void ds_tls_part(struct ds_stream *stream)
{
    struct ds_tls *tls = stream->tls;
    if (tls->replay != NULL)
        ds_tls_replay_part(stream);
    if (!tls->agreed || tls->parted)
        return;
    tls->parted = true;
    ERR_clear_error();
    SSL_shutdown(tls->ssl);
    drain(stream);
    ERR_clear_error();
}
