#include "tls_internal.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/pem.h>

/* The authority of a run and the identities of its elements. What they stand for is made, or found
 * in the store, when it is first needed: most elements of most runs speak no TLS. */

#define AUTHORITY_MAGIC 0x4e370005u
#define IDENTITY_MAGIC  0x4e370006u

struct ds_tls_authority {
    uint32_t magic;
    struct ds_net *net;         /* borrowed: outlives us */
    struct ds_tls_store *store; /* borrowed, or owned */
    bool owns_store;
};

struct ds_tls_identity {
    uint32_t magic;
    struct ds_tls_authority *authority; /* borrowed: outlives us */
    int version;
    char *fqdn; /* owned */
};

/* ---- the authority ---- */

ds_rc ds_tls_authority_new_kept(struct ds_net *net,
                                struct ds_tls_store *store,
                                struct ds_tls_authority **out,
                                struct ds_why *why)
{
    DS_CHECK(net, DS_NET_MAGIC);
    struct ds_tls_authority *authority = calloc(1, sizeof *authority);
    if (authority == NULL)
        return ds_fail_memory(why);
    authority->magic = AUTHORITY_MAGIC;
    authority->net = net;
    authority->store = store;
    uint64_t seed = ds_rng_next(net->options.rng); /* in either world, so that both go on alike */
    if (ds_net_is_simulated(net))
        ds_tls_store_seed(store, seed);
    net->handles++;
    *out = authority;
    return DS_OK;
}

ds_rc ds_tls_authority_new(struct ds_net *net, struct ds_tls_authority **out, struct ds_why *why)
{
    DS_CHECK(net, DS_NET_MAGIC);
    struct ds_tls_store *store = NULL;
    uint64_t seed = ds_rng_next(net->options.rng);
    ds_rc rc =
        ds_tls_store_new(ds_net_unix_s(net), ds_net_is_simulated(net) ? &seed : NULL, &store);
    if (rc != DS_OK)
        return ds_fail_memory(why);
    rc = ds_tls_authority_new_kept(net, store, out, why);
    if (rc == DS_OK)
        (*out)->owns_store = true;
    else
        ds_tls_store_free(&store);
    return rc;
}

void ds_tls_authority_free(struct ds_tls_authority **out)
{
    struct ds_tls_authority *authority = *out;
    if (authority == NULL)
        return;
    DS_CHECK(authority, AUTHORITY_MAGIC);
    authority->magic = 0;
    authority->net->handles--;
    if (authority->owns_store)
        ds_tls_store_free(&authority->store);
    free(authority);
    *out = NULL;
}

ds_rc ds_tls_authority_pem(const struct ds_tls_authority *authority, struct ds_buf *out)
{
    DS_CHECK(authority, AUTHORITY_MAGIC);
    char *text = NULL;
    X509 *certificate = ds_tls_store_authority(authority->store, NULL);
    BIO *memory = certificate == NULL ? NULL : BIO_new(BIO_s_mem());
    if (memory == NULL || PEM_write_bio_X509(memory, certificate) != 1) {
        BIO_free(memory);
        return DS_NOMEM;
    }
    long len = BIO_get_mem_data(memory, &text);
    ds_buf_add(out, (struct ds_slice){text, (size_t)len});
    BIO_free(memory);
    return out->broken ? DS_NOMEM : DS_OK;
}

/* ---- identities ---- */

static bool is_host_name(const char *name)
{
    size_t len = strlen(name);
    return len > 0 && len <= 253 &&
           strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_*") ==
               len;
}

static ds_rc check_wish(const char *fqdn, int version, struct ds_why *why)
{
    if (!is_host_name(fqdn))
        return ds_fail(why, DS_BAD, "'%.80s' is no host name that a certificate could be for",
                       fqdn);
    if (version != 0 && version != 12 && version != 13)
        return ds_fail(why, DS_BAD, "TLS version %d is not known: write 12, 13, or 0 for either",
                       version);
    return DS_OK;
}

ds_rc ds_tls_identity_new(struct ds_tls_authority *authority,
                          const char *fqdn,
                          int version,
                          struct ds_tls_identity **out,
                          struct ds_why *why)
{
    DS_CHECK(authority, AUTHORITY_MAGIC);
    ds_rc rc = check_wish(fqdn, version, why);
    if (rc != DS_OK)
        return rc;
    struct ds_tls_identity *identity = calloc(1, sizeof *identity);
    char *name = strdup(fqdn);
    if (identity == NULL || name == NULL) {
        free(identity);
        free(name);
        return ds_fail_memory(why);
    }
    *identity = (struct ds_tls_identity){IDENTITY_MAGIC, authority, version, name};
    authority->net->handles++;
    *out = identity;
    return DS_OK;
}

void ds_tls_identity_free(struct ds_tls_identity **out)
{
    struct ds_tls_identity *identity = *out;
    if (identity == NULL)
        return;
    DS_CHECK(identity, IDENTITY_MAGIC);
    identity->magic = 0;
    identity->authority->net->handles--;
    free(identity->fqdn);
    free(identity);
    *out = NULL;
}

struct ds_tls_who ds_tls_identity_who(const struct ds_tls_identity *identity)
{
    DS_CHECK(identity, IDENTITY_MAGIC);
    return (struct ds_tls_who){identity->authority->store, identity->fqdn, identity->version};
}
