#include "trace_tls_internal.h"

#include <string.h>

#include <openssl/x509.h>
#include <openssl/x509v3.h>

/* The names in the certificate of either end. */

static size_t be24(const char *at)
{
    return ((size_t)(uint8_t)at[0] << 16) | ((size_t)(uint8_t)at[1] << 8) | (uint8_t)at[2];
}

/* The first certificate of the list, which is the end's own (RFC 5246 7.4.2, RFC 8446 4.4.2). */
static struct ds_slice first_certificate(bool tls_13, struct ds_slice body)
{
    if (tls_13 && body.len > 0)
        body = ds_slice_from(body, 1 + (size_t)(uint8_t)body.at[0]);
    if (body.len < 6)
        return (struct ds_slice){NULL, 0};
    size_t len = be24(body.at + 3);
    body = ds_slice_from(body, 6);
    return len <= body.len ? (struct ds_slice){body.at, len} : (struct ds_slice){NULL, 0};
}

static void
add_name(struct ds_reading *reading, const GENERAL_NAME *general, struct ds_certificate_seen *seen)
{
    int type;
    const ASN1_STRING *text = GENERAL_NAME_get0_value(general, &type);
    if (type != GEN_DNS || seen->name_count == DS_CERTIFICATE_MOST_NAMES)
        return;
    const struct ds_slice name = {(const char *)ASN1_STRING_get0_data(text),
                                  (size_t)ASN1_STRING_length(text)};
    const char *copy = ds_arena_copy(reading->arena, name);
    if (copy == NULL)
        reading->out_of_memory = true;
    else
        seen->names[seen->name_count++] = copy;
}

/* One value of DER: its content, and what follows it. False where there is none. */
static bool cut_value(struct ds_slice *rest, int *tag, int *class_of_tag, struct ds_slice *content)
{
    const unsigned char *at = (const unsigned char *)rest->at;
    long len = 0;
    if (rest->len == 0 ||
        (ASN1_get_object(&at, &len, tag, class_of_tag, (long)rest->len) & 0x80) != 0)
        return false;
    const unsigned char *end = (const unsigned char *)rest->at + rest->len;
    *content = (struct ds_slice){(const char *)at, (size_t)len};
    *rest = (struct ds_slice){(const char *)at + len, (size_t)(end - at - len)};
    return true;
}

/* The extensions of a certificate (RFC 5280, 4.1), found by walking past what stands before them:
 * OpenSSL's own reading would make its public key ready for use, which takes longer than all the
 * rest of a capture. False where this is no certificate. */
static bool find_extensions(struct ds_slice bytes, struct ds_slice *out)
{
    struct ds_slice content, member;
    int tag = 0, class_of_tag = 0;
    *out = (struct ds_slice){NULL, 0};
    for (int depth = 0; depth < 2; depth++) { /* Certificate, TBSCertificate */
        if (!cut_value(&bytes, &tag, &class_of_tag, &content) || tag != V_ASN1_SEQUENCE)
            return false;
        bytes = content;
    }
    while (cut_value(&bytes, &tag, &class_of_tag, &member))
        if (class_of_tag == V_ASN1_CONTEXT_SPECIFIC && tag == 3)
            *out = member;
    return true;
}

static void
read_names(struct ds_reading *reading, struct ds_slice bytes, struct ds_certificate_seen *seen)
{
    const unsigned char *at = (const unsigned char *)bytes.at;
    X509_EXTENSIONS *extensions =
        bytes.len == 0 ? NULL : d2i_X509_EXTENSIONS(NULL, &at, (long)bytes.len);
    GENERAL_NAMES *names = X509V3_get_d2i(extensions, NID_subject_alt_name, NULL, NULL);
    for (int i = 0; i < sk_GENERAL_NAME_num(names); i++)
        add_name(reading, sk_GENERAL_NAME_value(names, i), seen);
    GENERAL_NAMES_free(names);
    sk_X509_EXTENSION_pop_free(extensions, X509_EXTENSION_free);
}

void ds_trace_tls_certificate(struct ds_reading *reading,
                              const struct ds_trace_way *way,
                              bool by_client,
                              bool tls_13,
                              struct ds_slice body)
{
    struct ds_slice extensions;
    if (!find_extensions(first_certificate(tls_13, body), &extensions))
        return;
    struct ds_certificate_seen *seen = ds_trace_array_add(&reading->certificates, sizeof *seen);
    if (seen == NULL) {
        reading->out_of_memory = true;
        return;
    }
    seen->frame = reading->now.frame;
    seen->by = way->from;
    seen->to = way->to;
    seen->by_client = by_client;
    read_names(reading, extensions, seen);
}
