#include "trace_internal.h"

#include <string.h>

#include <openssl/x509.h>
#include <openssl/x509v3.h>

/* The names in a server's certificate. */

static size_t be24(const char *at)
{
    return ((size_t)(uint8_t)at[0] << 16) | ((size_t)(uint8_t)at[1] << 8) | (uint8_t)at[2];
}

/* The first certificate of the list, which is the server's own (RFC 5246 7.4.2, RFC 8446 4.4.2). */
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

static void
read_names(struct ds_reading *reading, const X509 *certificate, struct ds_certificate_seen *seen)
{
    GENERAL_NAMES *names = X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
    for (int i = 0; i < sk_GENERAL_NAME_num(names); i++)
        add_name(reading, sk_GENERAL_NAME_value(names, i), seen);
    GENERAL_NAMES_free(names);
}

void ds_trace_tls_certificate(struct ds_reading *reading,
                              const struct ds_trace_way *way,
                              bool tls_13,
                              struct ds_slice body)
{
    struct ds_slice bytes = first_certificate(tls_13, body);
    const unsigned char *at = (const unsigned char *)bytes.at;
    X509 *certificate = bytes.len == 0 ? NULL : d2i_X509(NULL, &at, (long)bytes.len);
    if (certificate == NULL)
        return;
    struct ds_certificate_seen *seen = ds_trace_array_add(&reading->certificates, sizeof *seen);
    if (seen == NULL) {
        reading->out_of_memory = true;
    } else {
        seen->frame = reading->now.frame;
        seen->server = way->from;
        seen->client = way->to;
        read_names(reading, certificate, seen);
    }
    X509_free(certificate);
}
