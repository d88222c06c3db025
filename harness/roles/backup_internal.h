#ifndef DS_ROLES_BACKUP_INTERNAL_H
#define DS_ROLES_BACKUP_INTERNAL_H

/* A client watches over its pool, where that has a backup, and moves there and back (domain.md 3.3,
 * "registrar loss"). One outside does so through its Edge, and reaches what that has as its next
 * hop. */

#include "roles_internal.h"

typedef void ds_pool_change_fn(struct ds_node *node, const struct ds_topo_node *pool);

/* All zero: watches over nothing. */
struct ds_pool_watch {
    struct ds_node *node; /* borrowed */
    ds_pool_change_fn *change;
    struct ds_timer poll;
    struct ds_hop hop;     /* to its own pool, or to its edge */
    ds_us asked, answered; /* when the last question was asked, and the last that was answered */
    bool away;             /* it is signed in at the backup, or is about to be */
};

/* From its sign-in on; `change` is told the pool to sign in at. */
DS_MUST_USE ds_rc ds_pool_watch_start(struct ds_pool_watch *watch,
                                      struct ds_node *node,
                                      ds_pool_change_fn *change,
                                      struct ds_why *why);
void ds_pool_watch_stop(struct ds_pool_watch *watch);

#endif
