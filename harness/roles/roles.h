#ifndef DS_ROLES_H
#define DS_ROLES_H

/*
 * The elements of a deployment: one file and one line in roles.def each. A role is policy over ua
 * and media; roles meet on the wire only. A node is one role at work at one address. Nodes that
 * people sit at (client, phone, pstn) have ends: the two things a scenario holds in its hand.
 * Misbehaviours for proving the checks are named in defects.def: see misbehaviour.h.
 */

#include "fax.h"
#include "mailbox.h"
#include "media.h"
#include "misbehaviour.h"
#include "services.h"
#include "topo.h"
#include "ua.h"

struct ds_node;
struct ds_end;
struct ds_bridges; /* calls that a role joins of two legs */

struct ds_role {
    enum ds_role_kind kind;
    size_t state_size; /* zeroed for each node, handed to every call */
    DS_MUST_USE ds_rc (*start)(struct ds_node *node, void *state, struct ds_why *why);
    void (*invite)(struct ds_node *node,
                   void *state,
                   struct ds_session *session,
                   const struct ds_msg *msg);
    bool (*request)(struct ds_node *node,
                    void *state,
                    struct ds_server_txn *txn,
                    const struct ds_msg *msg,
                    const struct ds_hop *from);
    bool (*ready)(const struct ds_node *node, const void *state); /* NULL: at once */
    const struct ds_bridges *(*bridges)(const void *state);       /* NULL: it joins no calls */
    void (*stop)(struct ds_node *node, void *state);              /* frees; sends nothing */
};

struct ds_node_options {
    struct ds_net *net;
    struct ds_rng *rng;
    struct ds_log *log;
    const struct ds_topo *topo;
    const struct ds_topo_node *place;
    struct ds_tls_authority *authority;
    struct ds_msg_judged *judged; /* or NULL */
    struct ds_mailbox *mailbox;   /* of a um; NULL: it has one of its own */
};

/* Everything is borrowed and outlives the node. Listens, registers where it is to; see
 * ds_node_ready(). */
DS_MUST_USE ds_rc ds_node_new(const struct ds_node_options *options,
                              struct ds_node **out,
                              struct ds_why *why);
void ds_node_free(struct ds_node **node);
/* Its machine loses power: calls, registrations and sockets are gone without a word. What people
   held in their hands stays readable. Until it boots it can do nothing. */
void ds_node_crash(struct ds_node *node);
bool ds_node_is_down(const struct ds_node *node);
/* A client's user goes to another device of theirs, which is away: signs out here, then in there,
   where ds_node_ready() tells when that is done. DS_STATE where there is no such way. */
DS_MUST_USE ds_rc ds_node_move(struct ds_node *node, struct ds_node *there, struct ds_why *why);
/* The user of a phone moves to the client that takes over from it, or back (domain.md 1.1): the
 * client signs in, where ds_node_ready() tells when that is done, or out. What elements know of it
 * is what ds_node_enter() has told each. */
DS_MUST_USE ds_rc ds_node_migrate(struct ds_node *from, struct ds_node *to, struct ds_why *why);
/* An administrator enters in this element's own table that the user of a phone has moved to
 * Enterprise Voice, or is back: no packet tells it. */
void ds_node_enter(struct ds_node *node, const struct ds_topo_node *phone, bool moved);
/* An administrator has an edge pass what comes from outside to another pool (edge.c): no packet
 * tells it, and it outlives a crash. DS_STATE where it is no edge, or that no pool. */
DS_MUST_USE ds_rc ds_node_set_next_hop(struct ds_node *edge,
                                       const struct ds_topo_node *pool,
                                       struct ds_why *why);
DS_MUST_USE ds_rc ds_node_boot(struct ds_node *node, struct ds_why *why);
const struct ds_topo_node *ds_node_place(const struct ds_node *node);
bool ds_node_ready(const struct ds_node *node);
size_t ds_node_busy(const struct ds_node *node); /* calls it still holds; for the end of a run */

/* ---- what should be gone or agreed once everything has calmed down (leftovers.c) ---- */

/* Adds one line for each session, bridge, transaction and pair of media ports there still is, with
 * whatever timers they keep; returns how many. */
size_t ds_node_leftovers(const struct ds_node *node, struct ds_buf *out);

/* A call that an element believes to be up. Borrowed until the next turn. */
struct ds_node_call {
    struct ds_slice call_id, local_tag, remote_tag;
    const struct ds_topo_node *peer; /* at the other end of the dialog; NULL: a stranger */
};

typedef void ds_node_call_fn(void *owner, const struct ds_node_call *call);
void ds_node_calls(struct ds_node *node, ds_node_call_fn *each, void *owner);
/* Adds one line for each call that one of the nodes believes to be up while the other end, being
 * one of them too, does not; returns how many. Nodes may be NULL. */
size_t ds_nodes_disagree(struct ds_node *const *nodes, size_t count, struct ds_buf *out);

/* A scenario's own word instead of the role's: called for each new INVITE; return true when it was
 * dealt with. */
typedef bool ds_node_hook_fn(void *owner,
                             struct ds_node *node,
                             struct ds_session *session,
                             const struct ds_msg *msg);
void ds_node_on_invite(struct ds_node *node, ds_node_hook_fn *hook, void *owner);

/* ---- remote call control: a telephone, used from a client (control_client.c) ---- */

/* DS_STATE where the client controls no telephone, or has no session with its PBX. */
DS_MUST_USE ds_rc ds_node_make_call(struct ds_node *node, const char *number, struct ds_why *why);
DS_MUST_USE ds_rc ds_node_clear_call(struct ds_node *node, struct ds_why *why);
/* What the client believes of the telephone's call: "idle", "asked", "originated", "delivered",
 * "established" or, with a sentence in `trouble`, "failed". NULL: it controls none. */
const char *ds_node_line(const struct ds_node *node, const char **trouble);

/* ---- message waiting: what a client is told of its user's voice mail (client_waiting.c) ---- */

/* How many messages are new, as it was told last; -1: it was told nothing. */
int ds_node_new_messages(const struct ds_node *node);

/* ---- ends: what a person does with a call ---- */

enum ds_end_state {
    DS_END_CALLING,
    DS_END_RINGING,
    DS_END_EARLY,
    DS_END_ANSWERED,
    DS_END_HELD,
    DS_END_FAILED,
    DS_END_ENDED
};

const char *ds_end_state_name(enum ds_end_state state); /* "early_media" */

struct ds_dial {
    const char *number;
    const char *from;  /* the pstn only: which of its numbers calls; NULL: its own */
    const char *codec; /* "PCMU"; NULL: the node's */
    bool without_offer;
    int hops;                           /* Max-Forwards; 0: what RFC 3261 recommends */
    const char *replaces, *referred_by; /* header values of a call that a transfer makes; or NULL */
    const char *uri; /* whom it calls where that is no number of the domain's; or NULL */
};

/* DS_STATE where nobody sits at this node. The end is owned by the node; it stays readable until
 * the node is freed. */
DS_MUST_USE ds_rc ds_end_dial(struct ds_node *node,
                              const struct ds_dial *dial,
                              struct ds_end **out,
                              struct ds_why *why);
/* The oldest call that came in, or that the PBX has this telephone make, and nobody took yet; or
 * NULL. Until taken one that came in neither rings nor answers. */
struct ds_end *ds_end_take(struct ds_node *node);
enum ds_end_state ds_end_state(const struct ds_end *end);
/* Is it so now, with no offer of this end's own to be agreed on yet; or, for ringing and early
 * media, has it been so? A call may pass both before anyone looks. */
bool ds_end_is(const struct ds_end *end, enum ds_end_state state);
int ds_end_status(const struct ds_end *end); /* last status of the INVITE; 0 none */
const struct ds_msg *
ds_end_msg(const struct ds_end *end); /* what brought its state about, or NULL */
const struct ds_topo_node *ds_end_place(const struct ds_end *end);
const char *ds_end_peer_number(const struct ds_end *end);
const char *ds_end_digits(const struct ds_end *end); /* RFC 4733 digits heard so far */
bool ds_end_hears(const struct ds_end *end);         /* audio has come */

/* DS_STATE, with a sentence, for what cannot be done in this state. */
DS_MUST_USE ds_rc ds_end_ring(struct ds_end *end, struct ds_why *why);
DS_MUST_USE ds_rc ds_end_early_media(struct ds_end *end,
                                     struct ds_why *why); /* 183 with SDP, and the tone */
DS_MUST_USE ds_rc ds_end_answer(struct ds_end *end, struct ds_why *why);
DS_MUST_USE ds_rc ds_end_refuse(struct ds_end *end,
                                int status,
                                struct ds_why *why); /* 486 busy, 603 declined */
DS_MUST_USE ds_rc ds_end_hang_up(struct ds_end *end,
                                 struct ds_why *why); /* cancels a call that is not answered yet */
DS_MUST_USE ds_rc ds_end_talk(struct ds_end *end, bool talking, struct ds_why *why);
DS_MUST_USE ds_rc ds_end_digits_send(struct ds_end *end, const char *digits, struct ds_why *why);
bool ds_end_digits_sent(const struct ds_end *end);
/* A fax machine takes this end over, at once or when the call is answered: who calls sends the
 * page, who is called receives one (NULL). At a fax or the pstn only. */
DS_MUST_USE ds_rc ds_end_fax(struct ds_end *end,
                             const struct ds_fax_page *page,
                             struct ds_why *why);
enum ds_fax_state ds_end_fax_state(const struct ds_end *end);
const char *ds_end_fax_outcome(const struct ds_end *end); /* as ds_fax_machine_outcome() */

#endif
