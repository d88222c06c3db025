#include "tls_internal.h"

#include <string.h>

#include <openssl/x509v3.h>

/* One certificate (RFC 5280), for an authority or for the name of an element. */

#define MOST_NAME 64 /* ub-common-name, RFC 5280 appendix A.1 */

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

static bool add_extensions(X509 *certificate, const struct ds_certificate_wish *wish)
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

static bool add_names(X509 *certificate, const struct ds_certificate_wish *wish)
{
    X509_NAME *subject = X509_get_subject_name(certificate);
    const X509_NAME *issuer = wish->issuer == NULL ? subject : X509_get_subject_name(wish->issuer);
    const unsigned char *name = (const unsigned char *)wish->name;
    if (strlen(wish->name) <= MOST_NAME &&
        X509_NAME_add_entry_by_NID(subject, NID_commonName, MBSTRING_UTF8, name, -1, -1, 0) != 1)
        return false;
    return X509_set_issuer_name(certificate, issuer) == 1;
}

static bool add_times(X509 *certificate, time_t now)
{
    return ASN1_TIME_adj(X509_getm_notBefore(certificate), now, -1, 0) != NULL &&
           ASN1_TIME_adj(X509_getm_notAfter(certificate), now, DS_CERTIFICATE_DAYS, 0) != NULL;
}

X509 *ds_certificate_make(const struct ds_certificate_wish *wish)
{
    X509 *certificate = X509_new_ex(wish->crypto, NULL);
    /* One of each name and authority, so the name numbers it. */
    uint64_t serial = ds_hash(ds_slice_of(wish->name)) >> 1 | 1;
    if (certificate == NULL)
        return NULL;
    if (X509_set_version(certificate, X509_VERSION_3) == 1 &&
        ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial) == 1 &&
        X509_set_pubkey(certificate, wish->key) == 1 && add_times(certificate, wish->unix_s) &&
        add_names(certificate, wish) && add_extensions(certificate, wish) &&
        X509_sign(certificate, wish->issuer_key, EVP_sha256()) > 0)
        return certificate;
    X509_free(certificate);
    return NULL;
}
