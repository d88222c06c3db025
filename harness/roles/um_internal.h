#ifndef DS_UM_INTERNAL_H
#define DS_UM_INTERNAL_H

/* Exchange Unified Messaging: its services (um.c), the messages it keeps (um_mailbox.c), whom
 * it tells of them (um_notices.c), and what it says (um_script.c). */

#include "roles_internal.h"
#include "tone.h"
#include "waiting_internal.h"

/* ---- messages ---- */

struct ds_um_message {
    struct ds_list link;
    const struct ds_topo_node *user; /* borrowed: whose it is */
    struct ds_buf sound;             /* owned: G.711 mu-law, as it came */
    bool spoken;                     /* there is more than silence in it */
    bool kept, heard;                /* its caller is gone; its user has heard it to its end */
};

/* Somebody who wants to know when a user has more messages, or has heard some. */
struct ds_mailbox_watch {
    struct ds_list link;
    void (*changed)(struct ds_mailbox_watch *watch, const struct ds_topo_node *user);
};

/* In the order in which they were begun. */
struct ds_mailbox {
    struct ds_list messages; /* owned */
    size_t count;
    struct ds_list watches; /* borrowed */
};

/* NULL: no more are kept here. */
struct ds_um_message *ds_mailbox_begin(struct ds_mailbox *mailbox, const struct ds_topo_node *user);
/* What was recorded counts from now on; one in which nobody has spoken does not. */
void ds_mailbox_keep(struct ds_mailbox *mailbox, struct ds_um_message *message);
/* Of a user's messages: how many have been heard, or have not; and, those in the script of a call
 * that is over have, as far as that was said. */
size_t
ds_mailbox_count(const struct ds_mailbox *mailbox, const struct ds_topo_node *user, bool heard);
struct ds_um_script;
void ds_mailbox_mark_heard(struct ds_mailbox *mailbox,
                           const struct ds_topo_node *user,
                           const struct ds_um_script *script);
/* False: the message has no room for more. */
bool ds_um_message_hear(struct ds_um_message *message, const int16_t *samples, size_t count);

/* ---- what is said ---- */

#define DS_UM_MOST_SPELLS 64

struct ds_um_spell {
    struct ds_um_message *message; /* borrowed; NULL: the server's own voice */
    size_t samples;
};

struct ds_um_script {
    struct ds_um_spell spells[DS_UM_MOST_SPELLS];
    size_t count, at; /* at: the one that is being said */
    size_t said;      /* samples of it */
    struct ds_tone voice;
};

/* Lets it go on with its own voice, and with a message. What is too much is left out. */
void ds_um_script_speak(struct ds_um_script *script, ds_us length_us);
void ds_um_script_play(struct ds_um_script *script, struct ds_um_message *message, size_t samples);
bool ds_um_script_is_over(const struct ds_um_script *script);
/* The next samples; silence where it is over. */
void ds_um_script_say(struct ds_um_script *script, int16_t *samples, size_t count);

/* ---- who is told of messages ---- */

struct ds_um_notices {
    struct ds_node *node;       /* borrowed: owns us */
    struct ds_mailbox *mailbox; /* borrowed */
    struct ds_list subscribers; /* owned */
    struct ds_timer later;
    struct ds_mailbox_watch watch;
};

void ds_um_notices_start(struct ds_um_notices *notices,
                         struct ds_node *node,
                         struct ds_mailbox *mailbox);
void ds_um_notices_stop(struct ds_um_notices *notices);
/* A request of no call's: false where it is none of these either. */
bool ds_um_notices_take(struct ds_um_notices *notices,
                        struct ds_server_txn *txn,
                        const struct ds_msg *msg,
                        const struct ds_hop *from);

#endif
