#ifndef DS_PLANNING_INTERNAL_H
#define DS_PLANNING_INTERNAL_H

/* How a plan is made: the pairs of people first (calls.c), then what they put on trunks and
 * elements (loads.c). */

#include "planning.h"

DS_MUST_USE ds_rc ds_planning_find_kinds(struct ds_planning *planning, struct ds_arena *arena);
/* After all else: it asks the rest of the plan. */
DS_MUST_USE ds_rc ds_planning_answer(struct ds_planning *planning, struct ds_arena *arena);
void ds_planning_load(struct ds_planning *planning);
/* Somebody who calls or is called: a user (further devices are none), or the PSTN. */
bool ds_is_user(const struct ds_topo_node *node);
/* False: it has no number. */
bool ds_planning_number(const struct ds_topo *topo,
                        const struct ds_topo_node *callee,
                        char *out,
                        size_t size);
/* Which server takes a call to this one where an element has failed; anybody else is called
 * itself. */
const struct ds_topo_node *ds_planning_server(const struct ds_topo *topo,
                                              const struct ds_topo_node *callee,
                                              const struct ds_topo_node *without);

#endif
