#include "tls_internal.h"

#include <limits.h>
#include <string.h>

#include <openssl/core_dispatch.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/provider.h>
#include <openssl/rand.h>

/* In the simulated world the same seed must give the same bytes, TLS included. OpenSSL takes its
 * chance from a provider there, whose context is a generator that a run seeds: all sources of the
 * library draw on it. */

#define ALGORITHM "DIRECTSIP-SEEDED"

static void *new_source(void *provider, void *parent, const OSSL_DISPATCH *parent_calls)
{
    (void)parent, (void)parent_calls;
    return provider;
}

static void free_source(void *source)
{
    (void)source; /* it is the provider's */
}

static int instantiate(void *source,
                       unsigned int strength,
                       int prediction_resistance,
                       const unsigned char *personal,
                       size_t personal_len,
                       const OSSL_PARAM *params)
{
    (void)source, (void)strength, (void)prediction_resistance;
    (void)personal, (void)personal_len, (void)params;
    return 1;
}

static int uninstantiate(void *source)
{
    (void)source;
    return 1;
}

/* OpenSSL gives the signature, one parameter longer than ours may be. */
// NOLINTNEXTLINE(readability-function-size)
static int generate(void *source,
                    unsigned char *out,
                    size_t len,
                    unsigned int strength,
                    int prediction_resistance,
                    const unsigned char *more,
                    size_t more_len)
{
    (void)strength, (void)prediction_resistance, (void)more, (void)more_len;
    for (size_t at = 0; at < len; at += sizeof(uint64_t)) {
        uint64_t drawn = ds_rng_next(source);
        memcpy(out + at, &drawn, len - at < sizeof drawn ? len - at : sizeof drawn);
    }
    return 1;
}

static int enable_locking(void *source)
{
    (void)source;
    return 1;
}

static int get_params(void *source, OSSL_PARAM params[])
{
    OSSL_PARAM *param = OSSL_PARAM_locate(params, OSSL_RAND_PARAM_STATE);
    (void)source;
    if (param != NULL && !OSSL_PARAM_set_int(param, EVP_RAND_STATE_READY))
        return 0;
    param = OSSL_PARAM_locate(params, OSSL_RAND_PARAM_STRENGTH);
    if (param != NULL && !OSSL_PARAM_set_uint(param, 256))
        return 0;
    param = OSSL_PARAM_locate(params, OSSL_RAND_PARAM_MAX_REQUEST);
    return param == NULL || OSSL_PARAM_set_size_t(param, INT_MAX);
}

static const OSSL_PARAM *gettable_params(void *source, void *provider)
{
    static const OSSL_PARAM params[] = {OSSL_PARAM_int(OSSL_RAND_PARAM_STATE, NULL),
                                        OSSL_PARAM_uint(OSSL_RAND_PARAM_STRENGTH, NULL),
                                        OSSL_PARAM_size_t(OSSL_RAND_PARAM_MAX_REQUEST, NULL),
                                        OSSL_PARAM_END};
    (void)source, (void)provider;
    return params;
}

static const OSSL_ALGORITHM *query(void *provider, int operation, int *no_cache)
{
    static const OSSL_DISPATCH calls[] = {
        {OSSL_FUNC_RAND_NEWCTX, (void (*)(void))new_source},
        {OSSL_FUNC_RAND_FREECTX, (void (*)(void))free_source},
        {OSSL_FUNC_RAND_INSTANTIATE, (void (*)(void))instantiate},
        {OSSL_FUNC_RAND_UNINSTANTIATE, (void (*)(void))uninstantiate},
        {OSSL_FUNC_RAND_GENERATE, (void (*)(void))generate},
        {OSSL_FUNC_RAND_ENABLE_LOCKING, (void (*)(void))enable_locking},
        {OSSL_FUNC_RAND_GET_CTX_PARAMS, (void (*)(void))get_params},
        {OSSL_FUNC_RAND_GETTABLE_CTX_PARAMS, (void (*)(void))gettable_params},
        {0, NULL},
    };
    static const OSSL_ALGORITHM algorithms[] = {
        {ALGORITHM, "provider=directsip", calls, "the seeded generator of a run"},
        {NULL, NULL, NULL, NULL},
    };
    (void)provider;
    *no_cache = 0;
    return operation == OSSL_OP_RAND ? algorithms : NULL;
}

static void stop_provider(void *provider)
{
    OPENSSL_free(provider);
}

static int start_provider(const OSSL_CORE_HANDLE *handle,
                          const OSSL_DISPATCH *in,
                          const OSSL_DISPATCH **out,
                          void **provider)
{
    static const OSSL_DISPATCH calls[] = {
        {OSSL_FUNC_PROVIDER_QUERY_OPERATION, (void (*)(void))query},
        {OSSL_FUNC_PROVIDER_TEARDOWN, (void (*)(void))stop_provider},
        {0, NULL},
    };
    *provider = OPENSSL_zalloc(sizeof(struct ds_rng));
    (void)handle, (void)in;
    *out = calls;
    return *provider != NULL;
}

struct ds_rng *ds_tls_chance_load(OSSL_LIB_CTX *crypto, OSSL_PROVIDER **out)
{
    if (OSSL_PROVIDER_add_builtin(crypto, "directsip", start_provider) != 1)
        return NULL;
    *out = OSSL_PROVIDER_load(crypto, "directsip");
    if (*out == NULL || RAND_set_DRBG_type(crypto, ALGORITHM, NULL, NULL, NULL) != 1)
        return NULL;
    return OSSL_PROVIDER_get0_provider_ctx(*out);
}
