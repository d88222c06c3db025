#ifndef DS_MISSED_INTERNAL_H
#define DS_MISSED_INTERNAL_H

/*
 * A call that its caller gave up before anybody had it: the pool has a UM server note it for the
 * user
 * ([MCN]), who is told by mail. missed_ask.c is the pool's end, missed_take.c the server's.
 */

#include "roles_internal.h"

/* A description of no audio: what the session is for comes by INFO. */
struct ds_slice ds_missed_description(const struct ds_node *node, struct ds_buf *out);

/* ---- at the pool ---- */

/* Tells the first server that listens; `notes` is a list of what is being told. */
void ds_missed_ask(struct ds_node *node,
                   struct ds_list *notes,
                   const struct ds_msg *invite,
                   const struct ds_topo_node *user);
void ds_missed_asks_free(struct ds_list *notes);

/* ---- at the server ---- */

bool ds_missed_is_told(const struct ds_msg *invite);
/* Takes the session; `sessions` is a list of those that are open. */
void ds_missed_take(struct ds_node *node, struct ds_list *sessions, struct ds_session *session);
void ds_missed_takes_free(struct ds_list *sessions);

#endif
