#ifndef DS_TRAFFIC_H
#define DS_TRAFFIC_H

/*
 * The busy hour of a deployment, as its planner reckons with it: how many users each population
 * has, how long they are on the phone, and how many calls may find every channel taken. Values; a
 * topology has them under `traffic`, and the command line may put others in their place. They say
 * nothing of how calls go and change no run.
 */

#include "base.h"

#define DS_ERLANGS_PER_USER 0.1  /* six minutes of the busy hour, of calls made and received */
#define DS_OUTSIDE_SHARE    0.5  /* of that time: calls with the PSTN */
#define DS_BLOCKING         0.01 /* of the calls of a busy hour */
#define DS_MOST_USERS       1000000

struct ds_population {
    uint32_t users; /* 0: there are none in this deployment */
    bool counted;   /* nobody said how many: those that the topology lists */
    double erlangs; /* of each user: up to 1 */
    double outside; /* 0 to 1 */
};

struct ds_traffic {
    struct ds_population ev, pbx;
    double blocking; /* 0.0001 to 0.5 */
};

/* "ev=400,pbx=1200,erlangs=0.12,outside=60%,blocking=0.1%" over what `traffic` has; erlangs and
 * outside are of both populations. DS_BAD, and what was read so far, where it is otherwise. */
DS_MUST_USE ds_rc ds_traffic_read(const char *text, struct ds_traffic *traffic, struct ds_why *why);

#endif
