#include "run_internal.h"

#include <stdlib.h>

/* What is left when nothing more happens. Looked at now and then: transactions take half a minute
 * to run out, and time costs nothing here. */

#define LOOK_EVERY (2 * DS_S)

static size_t look(struct ds_world *world, struct ds_buf *left, struct ds_buf *disputed)
{
    size_t count = 0;
    left->len = disputed->len = 0;
    for (size_t i = 0; i < world->topo->node_count; i++)
        if (world->nodes[i] != NULL)
            count += ds_node_leftovers(world->nodes[i], left);
    return count + ds_nodes_disagree(world->nodes, world->topo->node_count, disputed);
}

ds_rc ds_world_calm(struct ds_world *world,
                    ds_us within_us,
                    struct ds_buf *left,
                    struct ds_buf *disputed,
                    struct ds_why *why)
{
    DS_CHECK(world, DS_WORLD_MAGIC);
    ds_us give_up = ds_now(world->clock) + within_us;
    ds_rc rc = DS_OK;
    ds_assert(world->kind == DS_WORLD_SIM);
    ds_faults_stop(world->net);
    while (rc == DS_OK && look(world, left, disputed) > 0 && ds_now(world->clock) < give_up) {
        ds_us next_look = ds_now(world->clock) + LOOK_EVERY;
        while (rc == DS_OK && ds_now(world->clock) < next_look)
            rc = ds_world_turn(world, next_look, why);
    }
    return rc;
}
