#ifndef DS_WAITING_INTERNAL_H
#define DS_WAITING_INTERNAL_H

/* Message waiting (RFC 3842), as a client knows it: client_waiting.c; um_notices.c tells it. */

#include "roles_internal.h"
#include "subscription.h"

#define DS_MESSAGE_SUMMARY "message-summary"

struct ds_waiting; /* a client's subscription, and what it was told last */

DS_MUST_USE ds_rc ds_waiting_open(struct ds_node *node,
                                  const struct ds_hop *hop,
                                  const char *contact,
                                  struct ds_waiting **out,
                                  struct ds_why *why);
void ds_waiting_end(struct ds_waiting *waiting); /* the user signs out; NULL: nothing to do */
void ds_waiting_free(struct ds_waiting **waiting);
/* It has been told, or never will be; NULL: there is nothing to wait for. */
bool ds_waiting_is_ready(const struct ds_waiting *waiting);
/* Of a client; NULL: it has none. */
const struct ds_waiting *ds_client_waiting(const struct ds_node *node);

#endif
