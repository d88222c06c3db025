#ifndef DS_UM_INTERNAL_H
#define DS_UM_INTERNAL_H

/* Exchange Unified Messaging: its services (um.c), the messages it keeps (um_mailbox.c), and what
 * it says (um_script.c). */

#include "roles_internal.h"
#include "tone.h"

/* ---- messages ---- */

struct ds_um_message {
    struct ds_list link;
    const struct ds_topo_node *user; /* borrowed: whose it is */
    struct ds_buf sound;             /* owned: G.711 mu-law, as it came */
};

/* In the order in which they were begun. */
struct ds_mailbox {
    struct ds_list messages; /* owned */
    size_t count;
};

/* NULL: no more are kept here. */
struct ds_um_message *ds_mailbox_begin(struct ds_mailbox *mailbox, const struct ds_topo_node *user);
/* False: the message has no room for more. */
bool ds_um_message_hear(struct ds_um_message *message, const int16_t *samples, size_t count);

/* ---- what is said ---- */

#define DS_UM_MOST_SPELLS 64

struct ds_um_spell {
    const struct ds_um_message *message; /* borrowed; NULL: the server's own voice */
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
void ds_um_script_play(struct ds_um_script *script,
                       const struct ds_um_message *message,
                       size_t samples);
bool ds_um_script_is_over(const struct ds_um_script *script);
/* The next samples; silence where it is over. */
void ds_um_script_say(struct ds_um_script *script, int16_t *samples, size_t count);

#endif
