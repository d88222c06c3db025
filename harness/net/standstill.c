#include "net_internal.h"

/* Elements, or voices, that answer one another without delay would never let a clock that is moved
 * by the loop go on; with next to no delay it would take for ever. */
#define MOST_TURNS_AT_ONCE  200000ul
#define MOST_TURNS          1000000ul
#define MORE_TURNS_A_SECOND 100000ul

ds_rc ds_standstill_watch(struct ds_standstill *seen, ds_us now, struct ds_why *why)
{
    seen->turns_at_once = now == seen->moment ? seen->turns_at_once + 1 : 0;
    seen->moment = now;
    seen->turns++;
    unsigned long seconds = (unsigned long)((now - seen->counted_from) / DS_S);
    if (seen->turns_at_once < MOST_TURNS_AT_ONCE &&
        seen->turns < MOST_TURNS + MORE_TURNS_A_SECOND * seconds)
        return DS_OK;
    bool stands = seen->turns_at_once >= MOST_TURNS_AT_ONCE;
    unsigned long turns = stands ? seen->turns_at_once : seen->turns;
    /* What follows is counted anew: the run has to close. */
    *seen = (struct ds_standstill){.moment = now, .counted_from = now};
    return ds_fail(why, DS_LATE,
                   "time %s at %.6f s, after %lu turns of the network: look for elements, or "
                   "voices of the scenario, that answer one another without end",
                   stands ? "stands still" : "hardly moves", (double)now / (double)DS_S, turns);
}
