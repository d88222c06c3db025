#include "clock_internal.h"

#include <stdlib.h>
#include <string.h>

/* A clock that is moved by hand beside machines that go on: the kernel stamps packets with the
 * machine's time, and what the run's was then follows from when the clock was moved. */

/* Moves that are remembered: with some microseconds between two, a few times as long as it takes
 * until a packet is written. The older half is forgotten together. */
#define MOST_MOVES  262144
#define FIRST_MOVES 256

static bool make_room(struct ds_clock *clock)
{
    if (clock->move_count == MOST_MOVES) {
        clock->move_count = MOST_MOVES / 2;
        memmove(clock->moves, clock->moves + MOST_MOVES / 2,
                clock->move_count * sizeof *clock->moves);
    }
    if (clock->move_count < clock->move_cap)
        return true;
    size_t cap = clock->move_cap == 0 ? FIRST_MOVES : 2 * clock->move_cap;
    struct ds_clock_move *moves = realloc(clock->moves, cap * sizeof *moves);
    if (moves == NULL)
        return false;
    clock->moves = moves;
    clock->move_cap = cap;
    return true;
}

/* Without memory the stamps of a while are those of the move before. */
static void note(struct ds_clock *clock, int64_t unix_us)
{
    if (make_room(clock))
        clock->moves[clock->move_count++] = (struct ds_clock_move){unix_us, clock->now};
}

void ds_clock_note_move(struct ds_clock *clock)
{
    note(clock, ds_clock_machine_us(CLOCK_REALTIME));
}

ds_rc ds_clock_new_held(struct ds_clock **out)
{
    ds_rc rc = ds_clock_new_virtual(ds_clock_machine_us(CLOCK_REALTIME), out);
    if (rc != DS_OK)
        return rc;
    (*out)->is_held = true;
    note(*out, (*out)->unix_us);
    return DS_OK;
}

void ds_clock_let_go(struct ds_clock *clock)
{
    DS_CHECK(clock, DS_CLOCK_MAGIC);
    if (!clock->is_held)
        return;
    ds_clock_note_move(clock);
    clock->is_held = clock->is_virtual = false;
    clock->monotonic_us = ds_clock_machine_us(CLOCK_MONOTONIC) - clock->now;
}

/* The last move at or before that instant; else the first that is remembered. */
static size_t find_move(const struct ds_clock *clock, int64_t unix_us)
{
    size_t from = 0, to = clock->move_count;
    while (to - from > 1) {
        size_t middle = from + (to - from) / 2;
        if (clock->moves[middle].unix_us <= unix_us)
            from = middle;
        else
            to = middle;
    }
    return from;
}

ds_us ds_clock_held_at(const struct ds_clock *clock, int64_t unix_us)
{
    size_t index = find_move(clock, unix_us);
    const struct ds_clock_move *move = &clock->moves[index];
    bool goes_on = !clock->is_held && index + 1 == clock->move_count;
    return goes_on && unix_us > move->unix_us ? move->now + unix_us - move->unix_us : move->now;
}
