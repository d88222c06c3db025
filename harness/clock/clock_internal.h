#ifndef DS_CLOCK_INTERNAL_H
#define DS_CLOCK_INTERNAL_H

#include "clock.h"

#define DS_CLOCK_MAGIC 0xc10c0001u

struct ds_clock {
    uint32_t magic;
    bool is_virtual;
    bool is_behind;
    ds_us now;
    int64_t unix_us;                    /* of run time 0 */
    int64_t monotonic_us;               /* of run time 0; real clocks */
    uint32_t still[DS_CLOCK_MOST_HELD]; /* machines */
    size_t still_count;
    struct ds_timer **heap; /* the array is owned, the timers are borrowed; smallest first */
    size_t timer_count, timer_cap;
    uint64_t started; /* timers so far: the order of equal deadlines */
};

/* What time it is, whenever this turn began. */
ds_us ds_clock_read(const struct ds_clock *clock);

#endif
