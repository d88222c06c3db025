#ifndef DS_CLOCK_H
#define DS_CLOCK_H

/*
 * The time of a run and its timers. One value per turn of the loop: everything a turn does happens
 * at one instant. A real clock follows the machine's monotonic clock; a virtual one stands still
 * until it is moved; a held one is virtual until it is let go, and knows when it was moved. Nothing
 * outside this library and net/ reads time.
 */

#include "base.h"

typedef int64_t ds_us; /* microseconds since the run began; the only unit of time */

#define DS_MS    ((ds_us)1000)
#define DS_S     ((ds_us)1000000)
#define DS_NEVER INT64_MAX

struct ds_clock;

DS_MUST_USE ds_rc ds_clock_new_real(struct ds_clock **out);
/* Stands at 0; `unix_us` is what a capture says of that instant. */
DS_MUST_USE ds_rc ds_clock_new_virtual(int64_t unix_us, struct ds_clock **out);
/* Stands at 0, and at the machine's time of day. */
DS_MUST_USE ds_rc ds_clock_new_held(struct ds_clock **out);
/* From now on, and from where it stands, a held clock is a real one. Harmless twice. */
void ds_clock_let_go(struct ds_clock *clock);
void ds_clock_free(struct ds_clock **clock); /* the timers are their owners' */

ds_us ds_now(const struct ds_clock *clock);
/* Run time as microseconds since 1970: for captures, certificates and reports. */
int64_t ds_clock_unix_us(const struct ds_clock *clock, ds_us at);
/* The inverse, for stamps that came from the kernel: of a held clock, where it stood then. */
ds_us ds_clock_from_unix_us(const struct ds_clock *clock, int64_t unix_us);

/* Opens the next turn: a real clock reads the time, a virtual one does nothing. */
void ds_clock_turn(struct ds_clock *clock);
/* The same for a loop that may be late: where timers came due meanwhile, time goes on to the first
 * of them and `step_us` more, so that what it sends is heard before later ones fire. */
void ds_clock_follow(struct ds_clock *clock, ds_us step_us);
bool ds_clock_is_behind(const struct ds_clock *clock); /* after following: there is more to come */
/* Virtual clocks only, never backwards. */
void ds_clock_advance(struct ds_clock *clock, ds_us to);
bool ds_clock_is_virtual(const struct ds_clock *clock);

/* Embedded in its owner: starting one allocates nothing beyond the clock's own table. */
struct ds_timer;
typedef void ds_timer_fn(struct ds_timer *timer);

struct ds_timer {
    ds_timer_fn *fire;
    ds_us at;
    uint64_t order; /* equal deadlines fire in the order they were started */
    size_t slot;    /* place in the heap + 1; 0 when not running */
    uint32_t whose; /* the machine (its IPv4 address) that it belongs to; 0: no machine's */
    ds_us due;      /* while its machine stands still: when it was */
    bool overdue;
};

/* Starting a running timer moves it. `delay_us` >= 0, clamped below DS_NEVER; it counts from the
 * moment of starting, so that what was sent before is not sent again too soon in a long turn. */
DS_MUST_USE ds_rc ds_timer_start(struct ds_clock *clock,
                                 struct ds_timer *timer,
                                 ds_us delay_us,
                                 ds_timer_fn *fire);
/* The same for one who goes from deadline to deadline: `at` may have passed. */
DS_MUST_USE ds_rc ds_timer_start_at(struct ds_clock *clock,
                                    struct ds_timer *timer,
                                    ds_us at,
                                    ds_timer_fn *fire);
void ds_timer_stop(struct ds_clock *clock, struct ds_timer *timer); /* harmless when not running */
bool ds_timer_running(const struct ds_timer *timer);

ds_us ds_timers_next(const struct ds_clock *clock); /* DS_NEVER when none runs */
/* Fires what is due now; a timer that restarts itself at zero delay waits for the next call. */
void ds_timers_run(struct ds_clock *clock);
/* A machine that stands still fires no timers; those that came due meanwhile fire when it goes on,
   in the order in which they were due. */
#define DS_CLOCK_MOST_HELD 1000 /* machines at once */
void ds_clock_hold(struct ds_clock *clock, uint32_t whose, bool still);
size_t ds_timers_count(const struct ds_clock *clock); /* for leak checks */

#endif
