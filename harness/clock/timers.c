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

ds_rc ds_timer_start(struct ds_clock *clock,
                     struct ds_timer *timer,
                     ds_us delay_us,
                     ds_timer_fn *fire)
{
    DS_CHECK(clock, DS_CLOCK_MAGIC);
    ds_assert(delay_us >= 0 && fire != NULL);
    ds_timer_stop(clock, timer);
    if (!make_room(clock))
        return DS_NOMEM;
    timer->fire = fire;
    timer->overdue = false;
    timer->at = delay_us < DS_NEVER - 1 - clock->now ? clock->now + delay_us : DS_NEVER - 1;
    timer->order = clock->started++;
    clock->timer_count++;
    move_up(clock, clock->timer_count, timer);
    return DS_OK;
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

static bool is_still(const struct ds_clock *clock, uint32_t whose)
{
    bool found = false;
    for (size_t i = 0; whose != 0 && i < DS_COUNT(clock->still); i++)
        found |= clock->still[i] == whose;
    return found;
}

/* Out of the way, yet still in the heap: stopping and moving it work as ever. */
static void set_aside(struct ds_clock *clock, struct ds_timer *timer)
{
    uint64_t order = timer->order;
    ds_timer_stop(clock, timer);
    timer->at = DS_NEVER;
    timer->order = order;
    timer->overdue = true;
    clock->timer_count++;
    move_up(clock, clock->timer_count, timer);
}

static struct ds_timer *first_overdue(const struct ds_clock *clock, uint32_t whose)
{
    struct ds_timer *first = NULL;
    for (size_t i = 0; i < clock->timer_count; i++) {
        struct ds_timer *timer = clock->heap[i];
        if (timer->overdue && timer->whose == whose &&
            (first == NULL || timer->order < first->order))
            first = timer;
    }
    return first;
}

void ds_clock_hold(struct ds_clock *clock, uint32_t whose, bool still)
{
    DS_CHECK(clock, DS_CLOCK_MAGIC);
    ds_assert(whose != 0);
    size_t slot = 0;
    while (slot < DS_COUNT(clock->still) && clock->still[slot] != (still ? 0 : whose))
        slot++;
    ds_assert(slot < DS_COUNT(clock->still));
    clock->still[slot] = still ? whose : 0;
    if (still)
        return;
    for (struct ds_timer *timer = first_overdue(clock, whose); timer != NULL;
         timer = first_overdue(clock, whose)) {
        ds_rc rc = ds_timer_start(clock, timer, 0, timer->fire);
        ds_assert(rc == DS_OK); /* the heap has room for what was in it */
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
