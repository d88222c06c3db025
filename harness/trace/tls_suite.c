#include "trace_tls_internal.h"

/* The cipher suites that we can open, as IANA numbers them. Those with a block cipher are what
 * Windows of the platform's time chooses. */
static const struct ds_trace_tls_suite suites[] = {
    {DS_TLS_AES128_GCM, 0x1301, false, 0},  {DS_TLS_AES256_GCM, 0x1302, true, 0},
    {DS_TLS_CHACHA20, 0x1303, false, 0},    {DS_TLS_AES128_GCM, 0x009c, false, 0},
    {DS_TLS_AES256_GCM, 0x009d, true, 0},   {DS_TLS_AES128_GCM, 0x009e, false, 0},
    {DS_TLS_AES256_GCM, 0x009f, true, 0},   {DS_TLS_AES128_GCM, 0xc02b, false, 0},
    {DS_TLS_AES256_GCM, 0xc02c, true, 0},   {DS_TLS_AES128_GCM, 0xc02f, false, 0},
    {DS_TLS_AES256_GCM, 0xc030, true, 0},   {DS_TLS_CHACHA20, 0xcca8, false, 0},
    {DS_TLS_CHACHA20, 0xcca9, false, 0},    {DS_TLS_CHACHA20, 0xccaa, false, 0},
    {DS_TLS_AES128_CBC, 0x002f, false, 20}, {DS_TLS_AES256_CBC, 0x0035, false, 20},
    {DS_TLS_AES128_CBC, 0x0033, false, 20}, {DS_TLS_AES256_CBC, 0x0039, false, 20},
    {DS_TLS_AES128_CBC, 0xc009, false, 20}, {DS_TLS_AES256_CBC, 0xc00a, false, 20},
    {DS_TLS_AES128_CBC, 0xc013, false, 20}, {DS_TLS_AES256_CBC, 0xc014, false, 20},
    {DS_TLS_AES128_CBC, 0x003c, false, 32}, {DS_TLS_AES256_CBC, 0x003d, false, 32},
    {DS_TLS_AES128_CBC, 0x0067, false, 32}, {DS_TLS_AES256_CBC, 0x006b, false, 32},
    {DS_TLS_AES128_CBC, 0xc023, false, 32}, {DS_TLS_AES256_CBC, 0xc024, true, 48},
    {DS_TLS_AES128_CBC, 0xc027, false, 32}, {DS_TLS_AES256_CBC, 0xc028, true, 48},
};

/* TLS 1.3 has no HMAC beside the cipher, and what came before 1.2 has only the one with SHA-1. */
static bool is_of_version(const struct ds_trace_tls_suite *suite, uint16_t version)
{
    if (version == DS_TLS_13)
        return suite->mac_len == 0;
    return version == DS_TLS_12 || (version >= DS_TLS_10 && suite->mac_len == 20);
}

const struct ds_trace_tls_suite *ds_trace_tls_suite_find(uint16_t id, uint16_t version)
{
    for (size_t i = 0; i < DS_COUNT(suites); i++)
        if (suites[i].id == id && version <= DS_TLS_13 && is_of_version(&suites[i], version))
            return &suites[i];
    return NULL;
}

const char *ds_trace_tls_algorithm(const struct ds_trace_tls_suite *suite)
{
    static const char *const names[] = {
        [DS_TLS_AES128_GCM] = "AES-128-GCM",     [DS_TLS_AES256_GCM] = "AES-256-GCM",
        [DS_TLS_CHACHA20] = "ChaCha20-Poly1305", [DS_TLS_AES128_CBC] = "AES-128-CBC",
        [DS_TLS_AES256_CBC] = "AES-256-CBC",
    };

    return names[suite->algorithm];
}

size_t ds_trace_tls_key_len(const struct ds_trace_tls_suite *suite)
{
    return suite->algorithm == DS_TLS_AES128_GCM || suite->algorithm == DS_TLS_AES128_CBC ? 16 : 32;
}

size_t ds_trace_tls_hash_len(const struct ds_trace_tls_suite *suite)
{
    return suite->sha384 ? 48 : 32;
}
