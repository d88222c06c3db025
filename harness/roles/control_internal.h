#ifndef DS_CONTROL_INTERNAL_H
#define DS_CONTROL_INTERNAL_H

/*
 * Remote call control: a client asks the PBX, in a SIP session that carries CSTA instead of audio
 * (ECMA TR/87), to do things with the telephone of its user, and is told what happens there.
 * control_client.c is the one end, control_pbx.c the other.
 */

#include "csta.h"
#include "roles_internal.h"

struct ds_bridge;

/* A CSTA body with what goes with it; lives until the buffer does. */
struct ds_content ds_control_content(const struct ds_csta *csta, struct ds_buf *body);
bool ds_control_is_csta(const struct ds_msg *msg);
void ds_control_tel(const char *number, char *out, size_t size); /* "tel:+14255550201" */

/* ---- at the client ---- */

struct ds_controller;

/* Opens the session, over the client's way to its pool. */
DS_MUST_USE ds_rc ds_controller_open(struct ds_node *node,
                                     const struct ds_hop *hop,
                                     const char *contact,
                                     struct ds_controller **out,
                                     struct ds_why *why);
void ds_controller_free(struct ds_controller **controller);
bool ds_controller_is_ready(
    const struct ds_controller *controller); /* the telephone is monitored */
struct ds_controller *ds_client_controller(const struct ds_node *node); /* NULL: there is none */

/* ---- at the PBX ---- */

struct ds_controls {
    struct ds_list list; /* owned; one for each telephone that was ever controlled */
};

void ds_controls_init(struct ds_controls *controls);
void ds_controls_free(struct ds_controls *controls);
/* Takes or refuses the session of an INVITE that carries CSTA. */
void ds_control_take(struct ds_controls *controls,
                     struct ds_node *node,
                     struct ds_session *session,
                     const struct ds_msg *msg);
/* Something has happened to a call that a telephone of ours has a part in. */
void ds_control_tell(struct ds_controls *controls,
                     const struct ds_bridge *bridge,
                     enum ds_csta_kind kind);

#endif
