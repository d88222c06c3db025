#include "tls_internal.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/provider.h>

/* Keys and certificates, each made when it is first asked for. A seeded store makes them of its
 * seed and the name alone, whoever asks first: it may be kept for many runs. */

#define STORE_MAGIC 0x4e370007u

struct entry {
    struct ds_list node;
    char *name;        /* owned */
    EVP_PKEY *key;     /* owned */
    X509 *certificate; /* owned */
};

struct ds_tls_store {
    uint32_t magic;
    int64_t unix_s;
    bool seeded;
    uint64_t seed;
    uint64_t run_seed;       /* for when there is somebody to take it */
    OSSL_LIB_CTX *crypto;    /* owned, as all below; NULL until something is asked for */
    OSSL_PROVIDER *parts[2]; /* OpenSSL's own, and the source of chance of a seeded store */
    struct ds_rng *chance;   /* borrowed from the latter; NULL: the machine's */
    struct entry *authority;
    struct ds_list entries, hellos;
    SSL_CTX *context; /* its streams keep references */
};

ds_rc ds_tls_store_new(int64_t unix_s, const uint64_t *seed, struct ds_tls_store **out)
{
    struct ds_tls_store *store = calloc(1, sizeof *store);
    if (store == NULL)
        return DS_NOMEM;
    store->magic = STORE_MAGIC;
    store->unix_s = unix_s;
    store->seeded = seed != NULL;
    store->seed = seed == NULL ? 0 : *seed;
    ds_list_init(&store->entries);
    ds_list_init(&store->hellos);
    *out = store;
    return DS_OK;
}

static void free_entry(struct entry *entry)
{
    if (entry == NULL)
        return;
    X509_free(entry->certificate);
    EVP_PKEY_free(entry->key);
    free(entry->name);
    free(entry);
}

static void stop_crypto(struct ds_tls_store *store)
{
    SSL_CTX_free(store->context);
    free_entry(store->authority);
    for (size_t i = 0; i < DS_COUNT(store->parts); i++) {
        OSSL_PROVIDER_unload(store->parts[i]);
        store->parts[i] = NULL;
    }
    OSSL_LIB_CTX_free(store->crypto);
    store->context = NULL;
    store->authority = NULL;
    store->chance = NULL;
    store->crypto = NULL;
}

void ds_tls_store_free(struct ds_tls_store **out)
{
    struct ds_tls_store *store = *out;
    if (store == NULL)
        return;
    DS_CHECK(store, STORE_MAGIC);
    for (struct ds_list *at = store->entries.next, *next; at != &store->entries; at = next) {
        next = at->next;
        free_entry(DS_OWNER(at, struct entry, node));
    }
    for (struct ds_list *at = store->hellos.next, *next; at != &store->hellos; at = next) {
        next = at->next;
        ds_tls_hello_free(DS_OWNER(at, struct ds_tls_hello, node));
    }
    stop_crypto(store);
    store->magic = 0;
    free(store);
    *out = NULL;
}

void ds_tls_store_seed(struct ds_tls_store *store, uint64_t seed)
{
    DS_CHECK(store, STORE_MAGIC);
    ds_assert(store->seeded);
    store->run_seed = seed;
    if (store->chance != NULL)
        ds_rng_seed(store->chance, seed);
}

struct ds_rng ds_tls_store_set_aside(struct ds_tls_store *store, uint64_t seed)
{
    struct ds_rng aside = {{0}};
    if (store->chance == NULL)
        return aside;
    aside = *store->chance;
    ds_rng_seed(store->chance, store->seed ^ seed);
    return aside;
}

void ds_tls_store_put_back(struct ds_tls_store *store, const struct ds_rng *aside)
{
    if (store->chance != NULL)
        *store->chance = *aside;
}

OSSL_LIB_CTX *ds_tls_store_crypto(const struct ds_tls_store *store)
{
    return store->crypto;
}

int64_t ds_tls_store_unix_s(const struct ds_tls_store *store)
{
    return store->unix_s;
}

struct ds_list *ds_tls_store_hellos(struct ds_tls_store *store)
{
    return store->seeded ? &store->hellos : NULL;
}

/* ---- making ---- */

static struct entry *fail_crypto(struct ds_why *why, const char *what)
{
    const char *reason = ERR_reason_error_string(ERR_peek_last_error());
    ds_fail(why, DS_IO, "cannot make %s: %s", what,
            reason == NULL ? "OpenSSL gives no reason" : reason);
    ERR_clear_error();
    return NULL;
}

static bool make_key_and_certificate(struct ds_tls_store *store, struct entry *entry)
{
    const struct entry *issuer = store->authority;
    entry->key = EVP_PKEY_Q_keygen(store->crypto, NULL, "EC", "P-256");
    const struct ds_certificate_wish wish = {
        .crypto = store->crypto,
        .unix_s = store->unix_s,
        .name = entry->name,
        .is_authority = issuer == NULL,
        .key = entry->key,
        .issuer = issuer == NULL ? NULL : issuer->certificate,
        .issuer_key = issuer == NULL ? entry->key : issuer->key,
    };
    entry->certificate = entry->key == NULL ? NULL : ds_certificate_make(&wish);
    return entry->certificate != NULL;
}

/* Whether this run is the first to need the name must not show in it. */
static struct entry *make_entry(struct ds_tls_store *store, const char *name, struct ds_why *why)
{
    struct entry *entry = calloc(1, sizeof *entry);
    if (entry != NULL)
        entry->name = strdup(name);
    if (entry == NULL || entry->name == NULL) {
        free(entry);
        ds_fail_memory(why);
        return NULL;
    }
    ERR_clear_error();
    struct ds_rng aside = ds_tls_store_set_aside(store, ds_hash(ds_slice_of(name)));
    bool made = make_key_and_certificate(store, entry);
    ds_tls_store_put_back(store, &aside);
    if (made)
        return entry;
    free_entry(entry);
    return fail_crypto(why, "a certificate");
}

/* A library context of the store's own: nothing of the machine's OpenSSL configuration comes in. */
static bool load_crypto(struct ds_tls_store *store)
{
    store->crypto = OSSL_LIB_CTX_new();
    if (store->crypto == NULL)
        return false;
    store->parts[0] = OSSL_PROVIDER_load(store->crypto, "default");
    if (store->parts[0] == NULL)
        return false;
    if (!store->seeded)
        return true;
    store->chance = ds_tls_chance_load(store->crypto, &store->parts[1]);
    return store->chance != NULL;
}

static bool make_context(struct ds_tls_store *store)
{
    X509 *certificate = store->authority->certificate;
    struct ds_rng aside = ds_tls_store_set_aside(store, 0);
    store->context = ds_tls_context_new(store->crypto);
    ds_tls_store_put_back(store, &aside);
    return store->context != NULL &&
           X509_STORE_add_cert(SSL_CTX_get_cert_store(store->context), certificate) == 1 &&
           SSL_CTX_add_client_CA(store->context, certificate) == 1;
}

static bool start_crypto(struct ds_tls_store *store, struct ds_why *why)
{
    if (store->context != NULL)
        return true;
    ERR_clear_error();
    if (load_crypto(store)) {
        if (store->chance != NULL)
            ds_rng_seed(store->chance, store->run_seed);
        store->authority = make_entry(store, "directsip test authority", NULL);
        if (store->authority != NULL && make_context(store))
            return true;
    }
    fail_crypto(why, "a certificate authority");
    stop_crypto(store);
    return false;
}

/* ---- asking ---- */

X509 *ds_tls_store_authority(struct ds_tls_store *store, struct ds_why *why)
{
    DS_CHECK(store, STORE_MAGIC);
    return start_crypto(store, why) ? store->authority->certificate : NULL;
}

static const struct entry *
find_or_make(struct ds_tls_store *store, const char *name, struct ds_why *why)
{
    for (struct ds_list *at = store->entries.next; at != &store->entries; at = at->next) {
        struct entry *entry = DS_OWNER(at, struct entry, node);
        if (strcmp(entry->name, name) == 0)
            return entry;
    }
    struct entry *made = make_entry(store, name, why);
    if (made != NULL)
        ds_list_append(&store->entries, &made->node);
    return made;
}

static bool pin_version(SSL *ssl, int version)
{
    int wanted = version == 12 ? TLS1_2_VERSION : TLS1_3_VERSION;
    return version == 0 || (SSL_set_min_proto_version(ssl, wanted) == 1 &&
                            SSL_set_max_proto_version(ssl, wanted) == 1);
}

SSL *ds_tls_store_ssl(const struct ds_tls_who *who, struct ds_why *why)
{
    struct ds_tls_store *store = who->store;
    DS_CHECK(store, STORE_MAGIC);
    const struct entry *entry =
        start_crypto(store, why) ? find_or_make(store, who->name, why) : NULL;
    if (entry == NULL)
        return NULL;
    SSL *ssl = SSL_new(store->context);
    if (ssl != NULL && SSL_use_certificate(ssl, entry->certificate) == 1 &&
        SSL_use_PrivateKey(ssl, entry->key) == 1 && pin_version(ssl, who->version))
        return ssl;
    SSL_free(ssl);
    fail_crypto(why, "a TLS connection");
    return NULL;
}
