#include "clock_internal.h"

#include <stdlib.h>

int64_t ds_clock_machine_us(clockid_t id)
{
    struct timespec now;
    clock_gettime(id, &now);
    return (int64_t)now.tv_sec * DS_S + now.tv_nsec / 1000;
}

static ds_rc
new_clock(bool is_virtual, int64_t unix_us, int64_t monotonic_us, struct ds_clock **out)
{
    struct ds_clock *clock = calloc(1, sizeof *clock);
    if (clock == NULL)
        return DS_NOMEM;
    clock->magic = DS_CLOCK_MAGIC;
    clock->is_virtual = is_virtual;
    clock->unix_us = unix_us;
    clock->monotonic_us = monotonic_us;
    *out = clock;
    return DS_OK;
}

ds_rc ds_clock_new_real(struct ds_clock **out)
{
    return new_clock(false, ds_clock_machine_us(CLOCK_REALTIME),
                     ds_clock_machine_us(CLOCK_MONOTONIC), out);
}

ds_rc ds_clock_new_virtual(int64_t unix_us, struct ds_clock **out)
{
    return new_clock(true, unix_us, 0, out);
}

void ds_clock_free(struct ds_clock **clock)
{
    if (*clock == NULL)
        return;
    DS_CHECK(*clock, DS_CLOCK_MAGIC);
    (*clock)->magic = 0;
    free((*clock)->heap);
    free((*clock)->moves);
    free(*clock);
    *clock = NULL;
}

ds_us ds_now(const struct ds_clock *clock)
{
    DS_CHECK(clock, DS_CLOCK_MAGIC);
    return clock->now;
}

int64_t ds_clock_unix_us(const struct ds_clock *clock, ds_us at)
{
    DS_CHECK(clock, DS_CLOCK_MAGIC);
    return clock->unix_us + at;
}

ds_us ds_clock_from_unix_us(const struct ds_clock *clock, int64_t unix_us)
{
    DS_CHECK(clock, DS_CLOCK_MAGIC);
    return clock->move_count > 0 ? ds_clock_held_at(clock, unix_us) : unix_us - clock->unix_us;
}

ds_us ds_clock_read(const struct ds_clock *clock)
{
    return clock->is_virtual ? clock->now
                             : ds_clock_machine_us(CLOCK_MONOTONIC) - clock->monotonic_us;
}

void ds_clock_turn(struct ds_clock *clock)
{
    DS_CHECK(clock, DS_CLOCK_MAGIC);
    clock->now = ds_clock_read(clock);
}

void ds_clock_follow(struct ds_clock *clock, ds_us step_us)
{
    DS_CHECK(clock, DS_CLOCK_MAGIC);
    ds_us now = ds_clock_read(clock), due = ds_timers_next(clock);
    if (due < clock->now)
        due = clock->now;
    clock->is_behind = due < now && now - due > step_us;
    clock->now = clock->is_behind ? due + step_us : now;
}

bool ds_clock_is_behind(const struct ds_clock *clock)
{
    DS_CHECK(clock, DS_CLOCK_MAGIC);
    return clock->is_behind;
}

void ds_clock_advance(struct ds_clock *clock, ds_us to)
{
    DS_CHECK(clock, DS_CLOCK_MAGIC);
    ds_assert(clock->is_virtual && to >= clock->now);
    if (clock->is_held && to > clock->now) {
        clock->now = to;
        ds_clock_note_move(clock);
    }
    clock->now = to;
}

bool ds_clock_is_virtual(const struct ds_clock *clock)
{
    DS_CHECK(clock, DS_CLOCK_MAGIC);
    return clock->is_virtual;
}
