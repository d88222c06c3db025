#include "clock_internal.h"

#include <stdlib.h>

/* A binary heap of borrowed timers; each knows its slot (counted from 1), so that stopping needs no
 * search. */

static bool before(const struct ds_timer *a, const struct ds_timer *b)
{
    return a->at != b->at ? a->at < b->at : a->order < b->order;
}

static void put(struct ds_clock *clock, size_t slot, struct ds_timer *timer)
{
    clock->heap[slot - 1] = timer;
    timer->slot = slot;
}

static void move_up(struct ds_clock *clock, size_t slot, struct ds_timer *timer)
{
    while (slot > 1 && before(timer, clock->heap[slot / 2 - 1])) {
        put(clock, slot, clock->heap[slot / 2 - 1]);
        slot /= 2;
    }
    put(clock, slot, timer);
}

static void move_down(struct ds_clock *clock, size_t slot, struct ds_timer *timer)
{
    for (;;) {
        size_t child = slot * 2;
        if (child > clock->timer_count)
            break;
        if (child < clock->timer_count && before(clock->heap[child], clock->heap[child - 1]))
            child++;
        if (!before(clock->heap[child - 1], timer))
            break;
        put(clock, slot, clock->heap[child - 1]);
        slot = child;
    }
    put(clock, slot, timer);
}

static bool make_room(struct ds_clock *clock)
{
    if (clock->timer_count < clock->timer_cap)
        return true;
    size_t cap = clock->timer_cap == 0 ? 32 : clock->timer_cap * 2;
    struct ds_timer **heap = realloc(clock->heap, cap * sizeof(struct ds_timer *));
    if (heap == NULL)
        return false;
    clock->heap = heap;
    clock->timer_cap = cap;
    return true;
}

ds_rc ds_timer_start_at(struct ds_clock *clock, struct ds_timer *timer, ds_us at, ds_timer_fn *fire)
{
    DS_CHECK(clock, DS_CLOCK_MAGIC);
    ds_assert(at < DS_NEVER && fire != NULL);
    ds_timer_stop(clock, timer);
    if (!make_room(clock))
        return DS_NOMEM;
    timer->fire = fire;
    timer->overdue = false;
    timer->at = at;
    timer->order = clock->started++;
    clock->timer_count++;
    move_up(clock, clock->timer_count, timer);
    return DS_OK;
}

ds_rc ds_timer_start(struct ds_clock *clock,
                     struct ds_timer *timer,
                     ds_us delay_us,
                     ds_timer_fn *fire)
{
    DS_CHECK(clock, DS_CLOCK_MAGIC);
    ds_assert(delay_us >= 0);
    ds_us now = ds_clock_read(clock);
    return ds_timer_start_at(clock, timer,
                             delay_us < DS_NEVER - 1 - now ? now + delay_us : DS_NEVER - 1, fire);
}

void ds_timer_stop(struct ds_clock *clock, struct ds_timer *timer)
{
    DS_CHECK(clock, DS_CLOCK_MAGIC);
    if (timer->slot == 0)
        return;
    size_t slot = timer->slot;
    ds_assert(slot <= clock->timer_count && clock->heap[slot - 1] == timer);
    struct ds_timer *last = clock->heap[clock->timer_count - 1];
    clock->timer_count--;
    timer->slot = 0;
    if (last == timer)
        return;
    if (slot > 1 && before(last, clock->heap[slot / 2 - 1]))
        move_up(clock, slot, last);
    else
        move_down(clock, slot, last);
}

bool ds_timer_running(const struct ds_timer *timer)
{
    return timer->slot != 0;
}

ds_us ds_timers_next(const struct ds_clock *clock)
{
    DS_CHECK(clock, DS_CLOCK_MAGIC);
    return clock->timer_count == 0 ? DS_NEVER : clock->heap[0]->at;
}

/* ---- machines that stand still ---- */

static size_t find_still(const struct ds_clock *clock, uint32_t whose)
{
    size_t i = 0;
    while (i < clock->still_count && clock->still[i] != whose)
        i++;
    return i;
}

static bool is_still(const struct ds_clock *clock, uint32_t whose)
{
    return whose != 0 && find_still(clock, whose) < clock->still_count;
}

/* Moves one that runs and keeps its order among equals. */
static void move(struct ds_clock *clock, struct ds_timer *timer, ds_us at)
{
    ds_timer_stop(clock, timer);
    timer->at = at;
    clock->timer_count++;
    move_up(clock, clock->timer_count, timer);
}

/* Out of the way, yet still in the heap: stopping and moving it work as ever. */
static void set_aside(struct ds_clock *clock, struct ds_timer *timer)
{
    timer->due = timer->at;
    timer->overdue = true;
    move(clock, timer, DS_NEVER);
}

static struct ds_timer *find_overdue(const struct ds_clock *clock, uint32_t whose)
{
    for (size_t i = 0; i < clock->timer_count; i++)
        if (clock->heap[i]->overdue && clock->heap[i]->whose == whose)
            return clock->heap[i];
    return NULL;
}

static void go_on(struct ds_clock *clock, uint32_t whose)
{
    for (struct ds_timer *timer = find_overdue(clock, whose); timer != NULL;
         timer = find_overdue(clock, whose)) {
        timer->overdue = false;
        move(clock, timer, timer->due);
    }
}

void ds_clock_hold(struct ds_clock *clock, uint32_t whose, bool still)
{
    DS_CHECK(clock, DS_CLOCK_MAGIC);
    size_t slot = find_still(clock, whose);
    ds_assert(whose != 0 && (slot < clock->still_count) != still);
    if (still) {
        ds_assert(clock->still_count < DS_CLOCK_MOST_HELD);
        clock->still[clock->still_count++] = whose;
    } else {
        clock->still[slot] = clock->still[--clock->still_count];
        go_on(clock, whose);
    }
}

void ds_timers_run(struct ds_clock *clock)
{
    DS_CHECK(clock, DS_CLOCK_MAGIC);
    uint64_t newcomers = clock->started;
    while (clock->timer_count > 0) {
        struct ds_timer *timer = clock->heap[0];
        if (timer->at > clock->now || timer->order >= newcomers)
            break;
        if (is_still(clock, timer->whose)) {
            set_aside(clock, timer);
            continue;
        }
        ds_timer_stop(clock, timer);
        timer->fire(timer);
    }
}

size_t ds_timers_count(const struct ds_clock *clock)
{
    DS_CHECK(clock, DS_CLOCK_MAGIC);
    return clock->timer_count;
}
