#ifndef DS_REGISTRATION_INTERNAL_H
#define DS_REGISTRATION_INTERNAL_H

/*
 * A registration (RFC 3261 10): what a client does for its own (client_registration.c), and what a
 * client and a registrar read alike (registration.c). The registrar's side is pool_registrar.c.
 */

#include "roles_internal.h"

#define DS_REGISTRATION_S 600 /* asked for by clients, and what a pool grants at most */

/* How long one lasts by a Contact's parameters, else by Expires, but no more than that (RFC 3261
 * 10.2.1.1). */
uint32_t ds_registration_expires(const struct ds_msg *msg, struct ds_slice params, uint32_t most_s);
/* The uris of one device: one that comes back over another connection has another port, and the
 * name and address it had before. */
bool ds_registration_is_same(struct ds_slice one, struct ds_slice other);

/* ---- a client's, at one registrar ---- */

/* All zero: none. */
struct ds_registration {
    struct ds_node *node;                /* borrowed: owns us */
    struct ds_hop hop;                   /* to the registrar, or to the Edge before it */
    struct ds_addr local;                /* of the connection to it: where calls reach us */
    void (*taken)(struct ds_node *node); /* told of each 200 */
    struct ds_timer again;
    bool wanted; /* from when it is asked for until it is given up */
    bool held;   /* granted, and neither refused nor given up since */
};

/* Asks for it, and from then on keeps it: it is renewed in time, and asked for again a minute later
 * where that comes to nothing. */
DS_MUST_USE ds_rc ds_registration_ask(struct ds_registration *registration, struct ds_why *why);
/* Gives it up; `done` is told, with the node, whatever comes of it. */
DS_MUST_USE ds_rc ds_registration_end(struct ds_registration *registration,
                                      ds_request_done_fn *done,
                                      struct ds_why *why);
/* Forgets it, and sends nothing. */
void ds_registration_stop(struct ds_registration *registration);
/* The Contact of this client over that connection. */
void ds_registration_contact(const struct ds_registration *registration, char *out, size_t size);

#endif
