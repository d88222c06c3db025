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
        out->drafts[i] = weather->drafts[i + 1];
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
static bool soften(struct ds_draft *draft)
{
    bool softens = (draft->kind == DS_DRAFT_SPLIT && draft->number < 700) ||
                   (draft->kind == DS_DRAFT_SLOW && draft->number < 50000);
    draft->number *= softens ? 2 : 1;
    return softens;
}

enum { STEPS = 6 };

static bool do_less(struct ds_draft *draft, size_t step)
{
    switch (step) {
    case 0:
        return drop(&draft->at_ms);
    case 1:
        return drop(&draft->jitter_ms);
    case 2:
        return halve(&draft->lasts_ms, draft->lasts_ms > 0 ? 1 : 0);
    case 3:
        return halve(&draft->permille, draft->permille > 0 ? 1 : 0);
    case 4:
        return halve(&draft->time_ms, draft->time_ms > 0 ? 1 : 0);
    default:
        return soften(draft);
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
            if (do_less(&out->drafts[i], step) && seen++ == index)
                return true;
        }
    return false;
}
