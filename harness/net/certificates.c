#include "net_internal.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/provider.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#define AUTHORITY_MAGIC 0x4e370005u
#define IDENTITY_MAGIC  0x4e370006u

#define MOST_NAME 64 /* ub-common-name, RFC 5280 appendix A.1 */

struct ds_tls_authority {
    uint32_t magic;
    struct ds_net *net; /* borrowed: outlives us */
    EVP_PKEY *key;      /* owned */
    X509 *certificate;  /* owned */
    SSL_CTX *context;   /* owned; its streams keep references */
};

struct ds_tls_identity {
    uint32_t magic;
    struct ds_tls_authority *authority; /* borrowed: outlives us */
    int version;
    EVP_PKEY *key;     /* owned */
    X509 *certificate; /* owned */
};

static ds_rc fail_crypto(struct ds_why *why, const char *what)
{
    const char *reason = ERR_reason_error_string(ERR_peek_last_error());
    ds_rc rc = ds_fail(why, DS_IO, "cannot make %s: %s", what,
                       reason == NULL ? "OpenSSL gives no reason" : reason);
    ERR_clear_error();
    return rc;
}

/* ---- one certificate ---- */

struct wish {
    struct ds_net *net;
    const char *name;
    bool is_authority;
    EVP_PKEY *key;        /* its own */
    X509 *issuer;         /* NULL: itself */
    EVP_PKEY *issuer_key; /* signs */
};

static bool add_extension(X509 *certificate, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    bool added = extension != NULL && X509_add_ext(certificate, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return added;
}

static bool add_alternative_name(X509 *certificate, const char *name)
{
    GENERAL_NAMES *names = GENERAL_NAMES_new();
    GENERAL_NAME *one = GENERAL_NAME_new();
    ASN1_IA5STRING *text = ASN1_IA5STRING_new();
    bool added = false;
    if (names != NULL && one != NULL && text != NULL && ASN1_STRING_set(text, name, -1) == 1) {
        GENERAL_NAME_set0_value(one, GEN_DNS, text);
        text = NULL;
        added = sk_GENERAL_NAME_push(names, one) > 0;
        if (added)
            one = NULL;
    }
    added = added && X509_add1_ext_i2d(certificate, NID_subject_alt_name, names, 0, 0) == 1;
    ASN1_IA5STRING_free(text);
    GENERAL_NAME_free(one);
    GENERAL_NAMES_free(names);
    return added;
}

static bool add_extensions(X509 *certificate, const struct wish *wish)
{
    X509 *issuer = wish->issuer == NULL ? certificate : wish->issuer;
    if (!add_extension(certificate, issuer, NID_subject_key_identifier, "hash"))
        return false;
    if (wish->is_authority)
        return add_extension(certificate, issuer, NID_basic_constraints, "critical,CA:TRUE") &&
               add_extension(certificate, issuer, NID_key_usage, "critical,keyCertSign,cRLSign");
    return add_extension(certificate, issuer, NID_authority_key_identifier, "keyid") &&
           add_extension(certificate, issuer, NID_basic_constraints, "critical,CA:FALSE") &&
           add_extension(certificate, issuer, NID_key_usage, "critical,digitalSignature") &&
           add_extension(certificate, issuer, NID_ext_key_usage, "serverAuth,clientAuth") &&
           add_alternative_name(certificate, wish->name);
}

static bool add_names(X509 *certificate, const struct wish *wish)
{
    X509_NAME *subject = X509_get_subject_name(certificate);
    const X509_NAME *issuer = wish->issuer == NULL ? subject : X509_get_subject_name(wish->issuer);
    const unsigned char *name = (const unsigned char *)wish->name;
    if (strlen(wish->name) <= MOST_NAME &&
        X509_NAME_add_entry_by_NID(subject, NID_commonName, MBSTRING_UTF8, name, -1, -1, 0) != 1)
        return false;
    return X509_set_issuer_name(certificate, issuer) == 1;
}

static bool add_times(X509 *certificate, struct ds_net *net)
{
    time_t now = ds_net_unix_s(net);
    return ASN1_TIME_adj(X509_getm_notBefore(certificate), now, -1, 0) != NULL &&
           ASN1_TIME_adj(X509_getm_notAfter(certificate), now, 365, 0) != NULL;
}

static X509 *make_certificate(const struct wish *wish)
{
    X509 *certificate = X509_new_ex(wish->net->crypto, NULL);
    uint64_t serial = ds_rng_next(wish->net->options.rng) >> 1 | 1;
    if (certificate == NULL)
        return NULL;
    if (X509_set_version(certificate, X509_VERSION_3) == 1 &&
        ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial) == 1 &&
        X509_set_pubkey(certificate, wish->key) == 1 && add_times(certificate, wish->net) &&
        add_names(certificate, wish) && add_extensions(certificate, wish) &&
        X509_sign(certificate, wish->issuer_key, EVP_sha256()) > 0)
        return certificate;
    X509_free(certificate);
    return NULL;
}

static EVP_PKEY *make_key(struct ds_net *net)
{
    return EVP_PKEY_Q_keygen(net->crypto, NULL, "EC", "P-256");
}

/* ---- the authority ---- */

/* A library context of the net's own: nothing of the machine's OpenSSL configuration comes in. */
static bool start_crypto(struct ds_net *net)
{
    if (net->crypto != NULL)
        return true;
    net->crypto = OSSL_LIB_CTX_new();
    if (net->crypto == NULL)
        return false;
    net->crypto_parts[0] = OSSL_PROVIDER_load(net->crypto, "default");
    if (net->crypto_parts[0] == NULL)
        return false;
    return !ds_clock_is_virtual(net->options.clock) || ds_net_seed_crypto(net);
}

static bool trust(struct ds_tls_authority *authority)
{
    SSL_CTX *context = authority->context;
    return X509_STORE_add_cert(SSL_CTX_get_cert_store(context), authority->certificate) == 1 &&
           SSL_CTX_add_client_CA(context, authority->certificate) == 1;
}

ds_rc ds_tls_authority_new(struct ds_net *net, struct ds_tls_authority **out, struct ds_why *why)
{
    DS_CHECK(net, DS_NET_MAGIC);
    struct ds_tls_authority *authority = calloc(1, sizeof *authority);
    if (authority == NULL)
        return ds_fail_memory(why);
    ERR_clear_error();
    authority->net = net;
    if (!start_crypto(net) || (authority->key = make_key(net)) == NULL)
        goto fail;
    const struct wish wish = {.net = net,
                              .name = "directsip test authority",
                              .is_authority = true,
                              .key = authority->key,
                              .issuer_key = authority->key};
    authority->certificate = make_certificate(&wish);
    authority->context = ds_tls_context_new(net);
    if (authority->certificate == NULL || authority->context == NULL || !trust(authority))
        goto fail;
    authority->magic = AUTHORITY_MAGIC;
    net->handles++;
    *out = authority;
    return DS_OK;
fail:
    X509_free(authority->certificate);
    EVP_PKEY_free(authority->key);
    SSL_CTX_free(authority->context);
    free(authority);
    return fail_crypto(why, "a certificate authority");
}

void ds_tls_authority_free(struct ds_tls_authority **out)
{
    struct ds_tls_authority *authority = *out;
    if (authority == NULL)
        return;
    DS_CHECK(authority, AUTHORITY_MAGIC);
    authority->magic = 0;
    authority->net->handles--;
    SSL_CTX_free(authority->context);
    X509_free(authority->certificate);
    EVP_PKEY_free(authority->key);
    free(authority);
    *out = NULL;
}

ds_rc ds_tls_authority_pem(const struct ds_tls_authority *authority, struct ds_buf *out)
{
    DS_CHECK(authority, AUTHORITY_MAGIC);
    char *text = NULL;
    BIO *memory = BIO_new(BIO_s_mem());
    if (memory == NULL || PEM_write_bio_X509(memory, authority->certificate) != 1) {
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
    if (identity == NULL)
        return ds_fail_memory(why);
    ERR_clear_error();
    identity->authority = authority;
    identity->version = version;
    identity->key = make_key(authority->net);
    const struct wish wish = {.net = authority->net,
                              .name = fqdn,
                              .key = identity->key,
                              .issuer = authority->certificate,
                              .issuer_key = authority->key};
    identity->certificate = identity->key == NULL ? NULL : make_certificate(&wish);
    if (identity->certificate == NULL)
        goto fail;
    identity->magic = IDENTITY_MAGIC;
    authority->net->handles++;
    *out = identity;
    return DS_OK;
fail:
    EVP_PKEY_free(identity->key);
    free(identity);
    return fail_crypto(why, "a certificate");
}

void ds_tls_identity_free(struct ds_tls_identity **out)
{
    struct ds_tls_identity *identity = *out;
    if (identity == NULL)
        return;
    DS_CHECK(identity, IDENTITY_MAGIC);
    identity->magic = 0;
    identity->authority->net->handles--;
    X509_free(identity->certificate);
    EVP_PKEY_free(identity->key);
    free(identity);
    *out = NULL;
}

SSL *ds_tls_identity_ssl(const struct ds_tls_identity *identity)
{
    DS_CHECK(identity, IDENTITY_MAGIC);
    static const int versions[] = {[12] = TLS1_2_VERSION, [13] = TLS1_3_VERSION};
    int version = versions[identity->version];
    SSL *ssl = SSL_new(identity->authority->context);
    if (ssl == NULL)
        return NULL;
    if (SSL_use_certificate(ssl, identity->certificate) == 1 &&
        SSL_use_PrivateKey(ssl, identity->key) == 1 &&
        (version == 0 || (SSL_set_min_proto_version(ssl, version) == 1 &&
                          SSL_set_max_proto_version(ssl, version) == 1)))
        return ssl;
    SSL_free(ssl);
    return NULL;
}
