#include "explore.h"

/* Ways to make failing weather simpler. The caller tries them in order and goes on from the first
 * that still fails, so the boldest come first: whole faults, then halves. */

static bool leave_out(const struct ds_weather *weather, size_t which, struct ds_weather *out)
{
    if (weather->count < 2)
        return false;
    *out = *weather;
    out->count--;
    for (size_t i = which; i < out->count; i++)
        out->mishaps[i] = weather->mishaps[i + 1];
    return true;
}

static bool halve(uint32_t *number, uint32_t least)
{
    uint32_t half = *number / 2;
    if (*number <= least)
        return false;
    *number = half > least ? half : least;
    return true;
}

static bool drop(uint32_t *number)
{
    bool had = *number > 0;
    *number = 0;
    return had;
}

/* More bytes a segment, or a second, is less of a fault. */
static bool soften(struct ds_mishap *mishap)
{
    bool softens = (mishap->kind == DS_MISHAP_SPLIT && mishap->number < 700) ||
                   (mishap->kind == DS_MISHAP_SLOW && mishap->number < 50000);
    mishap->number *= softens ? 2 : 1;
    return softens;
}

enum { STEPS = 6 };

static bool do_less(struct ds_mishap *mishap, size_t step)
{
    switch (step) {
    case 0:
        return drop(&mishap->at_ms);
    case 1:
        return drop(&mishap->jitter_ms);
    case 2:
        return halve(&mishap->lasts_ms, mishap->lasts_ms > 0 ? 1 : 0);
    case 3:
        return halve(&mishap->permille, mishap->permille > 0 ? 1 : 0);
    case 4:
        return halve(&mishap->time_ms, mishap->time_ms > 0 ? 1 : 0);
    default:
        return soften(mishap);
    }
}

bool ds_weather_simpler(const struct ds_weather *weather, size_t index, struct ds_weather *out)
{
    size_t seen = 0;
    for (size_t i = 0; i < weather->count; i++)
        if (leave_out(weather, i, out) && seen++ == index)
            return true;
    for (size_t step = 0; step < STEPS; step++)
        for (size_t i = 0; i < weather->count; i++) {
            *out = *weather;
            if (do_less(&out->mishaps[i], step) && seen++ == index)
                return true;
        }
    return false;
}
