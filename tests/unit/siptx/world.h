#ifndef DS_TEST_WORLD_H
#define DS_TEST_WORLD_H

/*
 * A simulated network with elements under test on it and, in place of their peers, plain sockets
 * that do as the test says. What leaves a socket and what an element is told are written down as
 * text with the virtual second of each, so that a test compares whole schedules.
 */

#include "support.h"

#include "siptx.h"

struct world {
    struct ds_clock *clock;
    struct ds_rng rng;
    struct ds_net *net;
    struct ds_log *log;
    struct ds_tls_authority *authority; /* NULL until a test asks for TLS */
    struct ds_buf wire;                 /* "a 0.5 INVITE\n": who sent what when */
    struct ds_buf told;                 /* "a 32 ended late\n" */
};

/* An element at 127.0.0.<10 + its letter>: a stands at 10, b at 11. */
struct element {
    struct world *world;
    char name;
    struct ds_sip *sip;
    struct ds_tls_identity *identity;
    struct ds_client_txn *client; /* the last one started */
    struct ds_server_txn *server; /* the last one that came */
    int answer_at_once;           /* a status, or 0 */
    bool leave_unowned;
    ds_us ended_at;    /* the last transaction */
    struct ds_why why; /* of that end */
    struct ds_hop from;
};

/* A bare socket; it remembers what came last. */
struct peer {
    struct world *world;
    struct ds_udp *udp;
    struct ds_listener *listener;
    struct ds_stream *stream;
    struct ds_msg *last;
    size_t heard, accepted, closed;
    bool close_on_data;
    struct ds_buf bytes; /* all that a stream brought */
};

void world_start(struct world *world);
void world_stop(struct world *world);
/* Runs to that instant, and on until nothing is on its way any more. */
void world_run(struct world *world, ds_us until);
/* Compares with what was written down since the last call. */
void assert_wire(struct world *world, const char *expected);
void assert_told(struct world *world, const char *expected);

struct ds_addr world_addr(char name, uint16_t port);
struct ds_hop world_hop(char name, enum ds_transport transport, uint16_t port);

void element_start(struct world *world, struct element *element, char name);
void element_start_tls(struct world *world, struct element *element, char name);
void element_listen(struct element *element, enum ds_transport transport, uint16_t port);
void element_stop(struct element *element);
/* A request with a fresh Via, Call-ID and CSeq 7. `extra`: a Route value, or NULL. */
struct ds_msg *element_write(struct element *element,
                             const char *method,
                             const struct ds_hop *hop,
                             const char *extra);
ds_rc element_request(struct element *element, const char *method, const struct ds_hop *hop);
/* Answers the last request with that status and To tag "tb". */
void element_reply(struct element *element, int status);
extern const struct ds_client_events element_client_events;
extern const struct ds_server_events element_server_events;

void peer_open_udp(struct world *world, struct peer *peer, char name, uint16_t port);
void peer_listen(struct world *world, struct peer *peer, char name, uint16_t port);
void peer_connect(struct world *world, struct peer *peer, char name, struct ds_addr to);
void peer_close(struct peer *peer);
void peer_send(struct peer *peer, struct ds_addr to, const char *text);
/* Answers the last request. */
void peer_answer(struct peer *peer, struct ds_addr to, int status);
/* A request as a peer at 127.0.0.11:5060 would write it. */
const char *peer_text(const char *method, const char *branch, const char *transport);

#endif
