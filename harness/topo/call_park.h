#ifndef DS_CALL_PARK_H
#define DS_CALL_PARK_H

/* Call park: the service that holds parked calls, and the orbits, numbers at which they are taken
 * up again ([CPK], [CPS]). Part of topo.h. */

#include "base.h"

struct ds_topo;
struct ds_topo_node;

#define DS_ORBIT_SIZE  12
#define DS_MOST_ORBITS 1000

struct ds_call_park {
    const struct ds_topo_node *service; /* NULL: nobody parks calls */
    bool starred;                       /* a star stands before the digits of each orbit */
    uint32_t first, last;               /* all have as many digits */
    int64_t wait_us;                    /* before a parked call rings back; 10 s to 10 min */
};

size_t ds_topo_orbits(const struct ds_topo *topo); /* how many there are */
/* The n-th of them. */
void ds_topo_orbit(const struct ds_topo *topo, size_t nth, char out[DS_ORBIT_SIZE]);
bool ds_topo_is_orbit(const struct ds_topo *topo, struct ds_slice number);

#endif
