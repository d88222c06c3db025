#ifndef DS_SUBSCRIPTION_INTERNAL_H
#define DS_SUBSCRIPTION_INTERNAL_H

#include "subscription.h"

/* A request inside a dialog: false where that is no subscription's, or the request not its own. */
bool ds_subscription_take(struct ds_ua *ua, struct ds_server_txn *txn, const struct ds_msg *msg);

#endif
