#ifndef DS_MAIL_INTERNAL_H
#define DS_MAIL_INTERNAL_H

/* Calls to Exchange UM (mail.c). */

#include "course_internal.h"

/* The pool's INVITE to one of its servers. */
bool ds_mail_is_try(const struct ds_hop_seen *hop);
const struct ds_hop_seen *ds_mail_last_try(const struct ds_call *call); /* NULL: there is none */
bool ds_mail_was_tried(const struct ds_call *call, const struct ds_topo_node *server);
/* A server that did not take the call, which went on to another. */
bool ds_mail_was_left(const struct ds_call *call, const struct ds_hop_seen *hop);
/* For whom a message is left; NULL: nobody, as it goes to a number of voice mail. */
const struct ds_topo_node *ds_mail_user(const struct ds_subject *subject);
/* An answered call to subscriber access; and to whom it plays: its caller, or whose extension is
 * keyed in. NULL: nobody. */
bool ds_mail_is_playing(const struct ds_judge *judge, const struct ds_subject *subject);
const struct ds_topo_node *ds_mail_listener(const struct ds_judge *judge,
                                            const struct ds_subject *subject);
/* How many messages that played to their end; false: too many to count. */
bool ds_mail_played(const struct ds_subject *subject, size_t *count);
/* How long somebody spoke after the greeting of the server that took the call; 0: nobody has.
 * False: too short to be sure. */
bool ds_mail_was_spoken(const struct ds_subject *subject, int64_t *length_us);
/* The server is the callee, where one of its numbers was dialled or the user's call went there. */
void ds_subject_find_mail(const struct ds_topo *topo, struct ds_subject *subject);

/* ---- message waiting (RFC 3842) ---- */

/* The client whose subscription it is; NULL: it is none. */
const struct ds_topo_node *ds_mail_subscriber(const struct ds_leg *leg);
/* A server's NOTIFY; any that ends the subscription. */
bool ds_mail_is_notice(const struct ds_event *event);
bool ds_mail_is_last_notice(const struct ds_event *event);

#endif
