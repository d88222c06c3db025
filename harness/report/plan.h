#ifndef DS_PLAN_H
#define DS_PLAN_H

/* A plan, written down: for people on a terminal, for programs as docs/schema/plan.schema.json
 * says.
 */

#include "planning.h"
#include "report.h"

/* Names are those of a topology, which are safe to show. */
void ds_planning_print(const struct ds_planning *planning,
                       const struct ds_terminal *terminal,
                       struct ds_buf *out);
DS_MUST_USE ds_rc ds_planning_json(const struct ds_planning *planning,
                                   const char *version,
                                   const char *path,
                                   struct ds_why *why);

#endif
