#ifndef DS_MAILBOX_H
#define DS_MAILBOX_H

/*
 * What was said for the users of a deployment: one for each run, in which all its UM servers
 * record, and from which each plays. It outlasts a server that loses power. Part of roles.h.
 */

#include "base.h"

struct ds_mailbox;

DS_MUST_USE ds_rc ds_mailbox_new(struct ds_mailbox **out, struct ds_why *why);
void ds_mailbox_free(struct ds_mailbox **mailbox); /* NULL inside: nothing to do */

#endif
