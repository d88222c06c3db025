#include "base.h"

static uint64_t rotate(uint64_t value, int by)
{
    return (value << by) | (value >> (64 - by));
}

/* The state is filled by splitmix64, as the authors of xoshiro256** advise: neighbouring seeds then
 * share nothing. */
void ds_rng_seed(struct ds_rng *rng, uint64_t seed)
{
    for (size_t i = 0; i < DS_COUNT(rng->state); i++) {
        seed += 0x9e3779b97f4a7c15u;
        uint64_t mixed = (seed ^ (seed >> 30)) * 0xbf58476d1ce4e5b9u;
        mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebu;
        rng->state[i] = mixed ^ (mixed >> 31);
    }
}

/* xoshiro256** (Blackman and Vigna, 2018). */
uint64_t ds_rng_next(struct ds_rng *rng)
{
    uint64_t *state = rng->state;
    uint64_t result = rotate(state[1] * 5, 7) * 9;
    uint64_t shifted = state[1] << 17;
    state[2] ^= state[0];
    state[3] ^= state[1];
    state[1] ^= state[2];
    state[0] ^= state[3];
    state[2] ^= shifted;
    state[3] = rotate(state[3], 45);
    return result;
}

uint64_t ds_rng_below(struct ds_rng *rng, uint64_t bound)
{
    ds_assert(bound > 0);
    return ds_rng_next(rng) % bound;
}

void ds_rng_token(struct ds_rng *rng, char *out, size_t size)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
    ds_assert(size > 0);
    for (size_t i = 0; i + 1 < size; i++)
        out[i] = letters[ds_rng_below(rng, sizeof letters - 1)];
    out[size - 1] = '\0';
}

/* FNV-1a, then mixed, because its low bits alone spread badly. */
uint64_t ds_hash(struct ds_slice bytes)
{
    uint64_t hash = 0xcbf29ce484222325u;
    for (size_t i = 0; i < bytes.len; i++)
        hash = (hash ^ (uint8_t)bytes.at[i]) * 0x100000001b3u;
    hash ^= hash >> 32;
    hash *= 0xd6e8feb86659fd93u;
    return hash ^ (hash >> 32);
}
