#ifndef DS_TLS_INTERNAL_H
#define DS_TLS_INTERNAL_H

/*
 * TLS of the harness's own: certificates in a store (tls_store.c, certificate.c), connections that
 * OpenSSL makes (tls.c), and connections whose handshake OpenSSL has made before (tls_rehearsal.c,
 * tls_replay.c, tls_record.c). In the simulated world a handshake is the same bytes each time the
 * same two agree; half of a run's time would go into making them anew.
 */

#include <openssl/ssl.h>

#include "net_internal.h"

/* ---- keys and certificates ---- */

enum { DS_CERTIFICATE_DAYS = 365 };

/* Made when first asked for; NULL and a sentence where it cannot be. */
X509 *ds_tls_store_authority(struct ds_tls_store *store, struct ds_why *why);

/* An identity, as a value: it outlives the run, as its store may. */
struct ds_tls_who {
    struct ds_tls_store *store; /* borrowed */
    const char *name;           /* borrowed */
    int version;                /* 12, 13; 0: either */
};

struct ds_tls_who ds_tls_identity_who(const struct ds_tls_identity *identity);
/* A connection that shows the certificate of this name. */
SSL *ds_tls_store_ssl(const struct ds_tls_who *who, struct ds_why *why);
OSSL_LIB_CTX *ds_tls_store_crypto(const struct ds_tls_store *store);
int64_t ds_tls_store_unix_s(const struct ds_tls_store *store);
/* Hellos that were rehearsed; NULL where chance is the machine's, and nothing comes twice. */
struct ds_list *ds_tls_store_hellos(struct ds_tls_store *store);
/* Seeded stores: where the chance of another run comes from. */
void ds_tls_store_seed(struct ds_tls_store *store, uint64_t seed);
/* Another source of chance for a while; what is put aside is put back. Nothing where chance is the
 * machine's. */
struct ds_rng ds_tls_store_set_aside(struct ds_tls_store *store, uint64_t seed);
void ds_tls_store_put_back(struct ds_tls_store *store, const struct ds_rng *aside);
SSL_CTX *ds_tls_context_new(OSSL_LIB_CTX *crypto);

struct ds_certificate_wish {
    OSSL_LIB_CTX *crypto;
    int64_t unix_s;
    const char *name;
    bool is_authority;
    EVP_PKEY *key;        /* its own */
    X509 *issuer;         /* NULL: itself */
    EVP_PKEY *issuer_key; /* signs */
};

X509 *ds_certificate_make(const struct ds_certificate_wish *wish); /* NULL: see OpenSSL's errors */
/* Lets all chance of this library context come from one generator, which lives as long as the
 * provider in `out`. NULL: see OpenSSL's errors. */
struct ds_rng *ds_tls_chance_load(OSSL_LIB_CTX *crypto, OSSL_PROVIDER **out);

/* ---- one end of a connection ---- */

struct ds_tls {
    struct ds_stream *stream; /* borrowed; NULL in a rehearsal */
    struct ds_tls_who who;
    bool is_server, accept_any_name;
    char peer_name[256];          /* what the certificate must say; "": anything of our authority */
    SSL *ssl;                     /* owned; NULL while the handshake is one that was rehearsed */
    BIO *in, *out;                /* owned by ssl: what has come, what is to leave */
    struct ds_tls_replay *replay; /* owned; NULL once, or where, OpenSSL does it */
    bool agreed, parted;
    struct ds_why why;      /* what the check of the certificate found */
    struct ds_buf *secrets; /* borrowed; where a rehearsal keeps the key log */
};

/* Gives it an OpenSSL connection, at the first byte of its handshake. */
DS_MUST_USE ds_rc ds_tls_open(struct ds_tls *tls, int64_t unix_s, struct ds_why *why);

/* ---- records (RFC 8446, 5.2) ---- */

enum { DS_TLS_RECORD = 16 * 1024, DS_TLS_ALERT = 21, DS_TLS_DATA = 23 };

struct ds_tls_keys {
    unsigned char key[32], iv[12];
};

/* One direction of a connection. */
struct ds_tls_lane {
    EVP_CIPHER_CTX *context; /* owned */
    unsigned char iv[12];
    uint64_t sequence;
};

/* From a traffic secret (7.3). False: see OpenSSL's errors, as for all of these. */
bool ds_tls_keys_derive(OSSL_LIB_CTX *crypto,
                        const SSL_CIPHER *suite,
                        struct ds_slice secret,
                        struct ds_tls_keys *out);
bool ds_tls_lane_open(struct ds_tls_lane *lane,
                      const EVP_CIPHER *cipher,
                      const struct ds_tls_keys *keys,
                      bool seals);
void ds_tls_lane_close(struct ds_tls_lane *lane);
/* Appends one record with `plain`, at most DS_TLS_RECORD bytes. */
bool ds_tls_seal(struct ds_tls_lane *lane, int type, struct ds_slice plain, struct ds_buf *out);
/* Opens one whole record; `plain` is replaced. */
bool ds_tls_unseal(struct ds_tls_lane *lane,
                   struct ds_slice record,
                   int *type,
                   struct ds_buf *plain);

/* ---- handshakes made before ---- */

/* What a client says first: it does not know yet who will answer. */
struct ds_tls_hello {
    struct ds_list node;
    char *client, *peer_name; /* owned */
    int version;
    bool accept_any_name;
    uint64_t seed;
    struct ds_buf bytes;       /* owned */
    struct ds_list rehearsals; /* owned */
};

/* All that follows, with one server. */
struct ds_tls_rehearsal {
    struct ds_list node;
    char *server; /* owned */
    int version;
    bool agreed;                         /* false: these two do not, and OpenSSL is to say why */
    struct ds_buf answer, last, secrets; /* owned: the server's flight, the client's, the key log */
    EVP_CIPHER *cipher;                  /* owned */
    struct ds_tls_keys of_client, of_server;
};

void ds_tls_hello_free(struct ds_tls_hello *hello);
/* What this client says; NULL where that cannot be known before. */
struct ds_tls_hello *ds_tls_hello_of(const struct ds_tls *client);
/* Whose bytes these are. `more`: they may become somebody's. */
struct ds_tls_hello *
ds_tls_hello_heard(struct ds_tls_store *store, struct ds_slice heard, bool *more);
/* NULL: out of memory. */
struct ds_tls_rehearsal *ds_tls_rehearse(struct ds_tls_hello *hello,
                                         const struct ds_tls_who *server);

/* ---- replaying one ---- */

/* Leaves tls->replay NULL where OpenSSL is to do it. */
void ds_tls_replay_begin(struct ds_tls *tls);
void ds_tls_replay_free(struct ds_tls_replay **replay);
void ds_tls_replay_start(struct ds_stream *stream);
void ds_tls_replay_arrived(struct ds_stream *stream, struct ds_slice bytes);
void ds_tls_replay_send(struct ds_stream *stream, struct ds_slice bytes);
void ds_tls_replay_part(struct ds_stream *stream);

#endif
