#include "planning.h"

/* By the recursion over channels, which is stable for any load: B(0) = 1,
 * B(n) = A B(n-1) / (n + A B(n-1)). */

static double next(double erlangs, double lost, uint32_t channels)
{
    return erlangs * lost / ((double)channels + erlangs * lost);
}

double ds_erlang_b(double erlangs, uint32_t channels)
{
    double lost = 1;
    ds_assert(erlangs >= 0);
    for (uint32_t n = 1; n <= channels; n++)
        lost = next(erlangs, lost, n);
    return erlangs > 0 ? lost : 0;
}

uint32_t ds_erlang_channels(double erlangs, double blocking)
{
    double lost = erlangs > 0 ? 1 : 0;
    uint32_t channels = 0;
    ds_assert(erlangs >= 0 && blocking > 0);
    while (lost > blocking) {
        channels++;
        lost = next(erlangs, lost, channels);
    }
    return channels;
}
