#ifndef DS_CLOCK_INTERNAL_H
#define DS_CLOCK_INTERNAL_H

#include "clock.h"

#include <time.h>

#define DS_CLOCK_MAGIC 0xc10c0001u

/* A held clock was moved: from that instant of the machine's on it stood at `now`. */
struct ds_clock_move {
    int64_t unix_us;
    ds_us now;
};

struct ds_clock {
    uint32_t magic;
    bool is_virtual;
    bool is_held;
    bool is_behind;
    ds_us now;
    int64_t unix_us;             /* of run time 0 */
    int64_t monotonic_us;        /* of run time 0; real clocks */
    struct ds_clock_move *moves; /* owned; of a held clock, the last of them, in order */
    size_t move_count, move_cap;
    uint32_t still[DS_CLOCK_MOST_HELD]; /* machines */
    size_t still_count;
    struct ds_timer **heap; /* the array is owned, the timers are borrowed; smallest first */
    size_t timer_count, timer_cap;
    uint64_t started; /* timers so far: the order of equal deadlines */
};

/* What time it is, whenever this turn began. */
ds_us ds_clock_read(const struct ds_clock *clock);
int64_t ds_clock_machine_us(clockid_t id);

/* held.c: a held clock has moved to where it stands; and where it stood at that instant. */
void ds_clock_note_move(struct ds_clock *clock);
ds_us ds_clock_held_at(const struct ds_clock *clock, int64_t unix_us);

#endif
