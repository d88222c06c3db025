#ifndef DS_REFER_H
#define DS_REFER_H

/*
 * Handing a call over, as values: REFER inside a session and the reports on what came of it
 * (RFC 3515), and Replaces (RFC 3891), which names the dialog that a new one takes the place of.
 * Whom to call, and what becomes of the legs, roles decide.
 */

#include "ua.h"

/* Whom a Refer-To names. */
struct ds_refer_target {
    char uri[256];      /* without headers */
    char replaces[256]; /* the Replaces value that goes with it; "" for none */
};

/* False where the message has no Refer-To, or one too long to be true. */
bool ds_refer_target_read(const struct ds_msg *refer, struct ds_refer_target *out);

/* Asks the peer to call that target; `referred_by` is a whole Referred-By value (RFC 3892), or
 * NULL. `done` as of ds_session_ask(). */
DS_MUST_USE ds_rc ds_session_refer(struct ds_session *session,
                                   const struct ds_refer_target *target,
                                   const char *referred_by,
                                   ds_session_done_fn *done,
                                   void *owner);
/* Tells who asked for it the status of the call to the target; a final one is the last. */
void ds_session_report(struct ds_session *session, int status);
/* The same where one dialog may have several: on the REFER with this number (RFC 3515 2.4.6). */
void ds_session_report_on(struct ds_session *session, uint32_t refer_cseq, int status);
/* The status that such a report tells; 0: it is none, or unreadable. */
int ds_report_status(const struct ds_msg *notify);

/* This session's dialog, as a Replaces value for the peer. False where it is too long. */
bool ds_session_name_dialog(const struct ds_session *session, char *out, size_t size);
/* Where requests inside it go: the peer's Contact. False where it is too long. */
bool ds_session_remote_target(const struct ds_session *session, char *out, size_t size);
/* The session whose dialog an INVITE's Replaces names, and which is up; NULL: none here. */
struct ds_session *ds_ua_replaced(struct ds_ua *ua, const struct ds_msg *invite);

#endif
