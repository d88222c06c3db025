#ifndef DS_POOL_INTERNAL_H
#define DS_POOL_INTERNAL_H

/* The front end pool (pool.c): registrar (pool_registrar.c), routing by number (pool_routing.c), by
 * voice policy (pool_hunt.c), calls to one of several Mediation Servers (pool_member.c), what
 * becomes of a call to a user (pool_call.c), or where there is no bandwidth for it
 * (pool_reroute.c), what is told of it (pool_history.c), voice mail (pool_mail.c), and what the
 * place of a device has to say (pool_location.c). */

#include "proxy.h"
#include "roles_internal.h"

struct ds_binding {
    struct ds_list link;
    struct ds_node *node;            /* borrowed: the pool */
    const struct ds_topo_node *user; /* borrowed */
    struct ds_timer lapses;
    struct ds_hop hop;              /* over the connection that the client opened, or to its edge */
    char contact[256];              /* its uri */
    char path[256];                 /* Route value through the edge; "" for none */
    const struct ds_site *location; /* borrowed; where the device is; NULL: nobody knows */
};

struct ds_pool {
    struct ds_list bindings;             /* owned; one for each device of a user */
    struct ds_list calls;                /* owned; those to users for whom something is to come */
    struct ds_list mail_calls;           /* owned; those that are voice mail's */
    struct ds_list missed;               /* owned; notes of missed calls, on their way */
    struct ds_policy_service *bandwidth; /* owned; NULL: no admission control */
};

/* Answers a REGISTER (pool_registrar.c). */
void ds_pool_register(struct ds_node *node,
                      struct ds_pool *pool,
                      struct ds_server_txn *txn,
                      const struct ds_hop *from);
void ds_pool_bindings_free(struct ds_pool *pool);
/* The user's first device, or the next one; NULL: there is none. */
const struct ds_binding *ds_pool_binding(const struct ds_pool *pool,
                                         const struct ds_topo_node *user,
                                         const struct ds_binding *after);

/* A user whom a call was for before it went on. */
struct ds_pool_left {
    const struct ds_topo_node *user; /* borrowed */
    int status; /* what the devices answered; 408: nothing; 0: none was asked */
};

#define DS_POOL_MOST_LEFT 9

/* A new INVITE on its way through the pool. */
struct ds_pool_routing {
    struct ds_node *node;
    struct ds_pool *pool;
    struct ds_server_txn *txn;
    const struct ds_topo_node *from;         /* NULL: a stranger; of a transfer: who has asked */
    const struct ds_topo_node *came_from;    /* the element that sent it; NULL: a stranger */
    const struct ds_topo_node *on_behalf_of; /* the user whom it goes on from; NULL: the caller */
    struct ds_pool_left left[DS_POOL_MOST_LEFT]; /* in the order in which it went on */
    size_t left_count;
    bool to_mail;                  /* `number` is the name of whom a message is left for */
    bool beside;                   /* it rings elsewhere too: what fails here ends nothing */
    struct ds_proxy_events events; /* of the branches it makes */
    void *branch_owner;
    char number[64];
    char record_route[192], headers[512];
};

/* What came of the devices that had no bandwidth for a call (pool_reroute.c). */
struct ds_pool_shortage {
    int status;     /* that they refused it with; 0: none has */
    bool over_pstn; /* it may be tried over the PSTN */
    bool tried;     /* it was: what comes of it there is another matter */
};

/* Of the call with that transaction; NULL: nothing is to come for it. */
struct ds_pool_shortage *ds_pool_shortage_of(const struct ds_pool *pool,
                                             const struct ds_server_txn *txn);
/* Has the branches that it makes from now on looked at for that. */
void ds_pool_watch_bandwidth(struct ds_pool_routing *routing);
/* Over the PSTN, as its caller's policy admits; false: not at all. */
bool ds_pool_reroute(struct ds_pool_routing *routing, struct ds_pool_shortage *shortage);
void ds_pool_refuse_for_bandwidth(struct ds_pool_routing *routing,
                                  const struct ds_pool_shortage *shortage);
/* Sends it where number normalization, reverse number lookup and routes lead (domain.md 3.1). */
void ds_pool_route(struct ds_pool_routing *routing);
/* Reverse number lookup of its number; NULL: no user's. */
const struct ds_topo_node *ds_pool_look_up(const struct ds_pool_routing *routing);
/* Sends it out where the number is in full, and no user's; or refuses it. */
void ds_pool_route_number(struct ds_pool_routing *routing);
/* The same on one more branch; false, and nothing is refused, where no route leads there. */
bool ds_pool_route_beside(struct ds_pool_routing *routing);
/* Forwards on one more branch; false: nothing was sent. */
bool ds_pool_forward(struct ds_pool_routing *routing, struct ds_proxying *how);
/* The hop to the element a route leads to. */
struct ds_hop ds_pool_hop_to(const struct ds_node *node, const struct ds_topo_node *next);
/* The user of ours whom it comes from; NULL: none. */
const struct ds_topo_node *ds_pool_calling_user(const struct ds_pool_routing *routing);
/* Who calls, for elements that know numbers only; `instead` (or NULL) is shown in the caller's
 * place. NULL: nothing to add. */
const char *ds_pool_identity(struct ds_pool_routing *routing, const char *instead);
/* Where the call is made, and the trunk by which it came in (pool_location.c); NULL: nobody knows,
 * or it came otherwise. */
const struct ds_site *ds_pool_location(const struct ds_pool_routing *routing);
const struct ds_trunk *ds_pool_came_in_by(const struct ds_pool_routing *routing);
/* The user's first device that may ring for this call, or the next one; NULL: there is none. */
const struct ds_binding *ds_pool_device(const struct ds_pool_routing *routing,
                                        const struct ds_topo_node *user,
                                        const struct ds_binding *after);
/* By the caller's usages (pool_hunt.c). */
void ds_pool_hunt(struct ds_pool_routing *routing);
bool ds_pool_hunt_beside(struct ds_pool_routing *routing); /* as ds_pool_route_beside() */
/* Calls a number at an element that routes lead to. */
bool ds_pool_send(struct ds_pool_routing *routing,
                  const struct ds_topo_node *next,
                  const char *number);
/* At the first hop of the route that answers. */
bool ds_pool_send_by(struct ds_pool_routing *routing,
                     const struct ds_route *route,
                     const char *number);
/* Answers with an id of ms-diagnostics: domain.md 5.5. */
void ds_pool_refuse(struct ds_pool_routing *routing, int status, int id, const char *reason);
/* Rings all devices of a user, and does no more. */
void ds_pool_ring_user(struct ds_pool_routing *routing, const struct ds_topo_node *user);
/* Rings all devices of a user, or goes on, as the user wishes. */
void ds_pool_call_user(struct ds_pool_routing *routing, const struct ds_topo_node *user);
void ds_pool_calls_free(struct ds_pool *pool);
/* Adds the line that tells of those whom the call has left; nothing where there are none. */
void ds_pool_history(const struct ds_pool_routing *routing, struct ds_buf *out);
/* Calls an Exchange UM server: to leave the user a message; or, for NULL, at the number that was
 * called. Whoever watched the transaction does so no more; false: refused, as memory is out. */
bool ds_pool_call_voice_mail(struct ds_pool_routing *routing, const struct ds_topo_node *user);
/* Passes a SUBSCRIBE to message waiting on to the first of the servers that takes it. */
void ds_pool_subscribe_to_mail(struct ds_node *node,
                               struct ds_pool *pool,
                               struct ds_server_txn *txn);
void ds_pool_mail_free(struct ds_pool *pool);
struct ds_hop ds_pool_hop_to_mail(const struct ds_topo_node *server);
/* Its caller has given the call up before the user had it: a server is to note that. */
void ds_pool_missed(struct ds_node *node,
                    struct ds_pool *pool,
                    const struct ds_server_txn *txn,
                    const struct ds_topo_node *user);

#endif
