#ifndef DS_ROLES_INTERNAL_H
#define DS_ROLES_INTERNAL_H

/*
 * What roles share: the node, the ends people hold and the description of a media session in SDP;
 * in bridge_internal.h the bridge of a back-to-back user agent, in trunk_internal.h the trunks.
 * Roles know these, and not each other.
 */

#include "roles.h"
#include "supervision_internal.h"

#define DS_NODE_MAGIC 0x40de0001u
#define DS_END_MAGIC  0xe4d00001u

#define ROLE(kind, constant) extern const struct ds_role constant;
#include "roles.def"
#undef ROLE

/* Whether those are alive who are at the other end of its SIP trunks (trunk_health.c). */
struct ds_trunk_health {
    struct ds_peer_health *peers; /* owned */
    size_t count;
};

struct ds_node {
    uint32_t magic;
    const struct ds_role *role;
    void *state; /* owned */
    struct ds_net *net;
    struct ds_rng *rng;
    struct ds_msg_judged *judged; /* or NULL */
    struct ds_log *log;
    const struct ds_topo *topo;
    const struct ds_topo_node *place;
    struct ds_mailbox *mailbox;  /* borrowed, or NULL */
    struct ds_tls_identity *tls; /* owned */
    struct ds_ua *ua;            /* owned; NULL while its machine is down */
    struct ds_media_place media;
    struct ds_trunk_health health;
    struct ds_list ends;       /* owned; of nodes that people sit at, oldest first */
    struct ds_list admissions; /* owned; bandwidth of calls: asked for, or reserved (admission.c) */
    ds_node_hook_fn *hook;
    void *hook_owner;
    struct ds_node *moved_to; /* borrowed; where its user is now; NULL: here */
    bool *moved; /* owned; beside topo->nodes: the phones whose users have moved (directory.c) */
    const struct ds_topo_node *next_hop; /* borrowed; of an edge: as an administrator has set it */
    size_t turns;                        /* calls that it has spread so far */
};

/* Signs a client out; `gone` is told, whatever came of it. */
DS_MUST_USE ds_rc ds_client_sign_out(struct ds_node *node,
                                     void (*gone)(struct ds_node *node),
                                     struct ds_why *why);
DS_MUST_USE ds_rc ds_client_sign_in(struct ds_node *node, struct ds_why *why);
DS_PRINTF(3, 4) void ds_node_log(const struct ds_node *node, int level, const char *fmt, ...);
/* Turns a uri into the next hop as the topology lays it out (resolve.c). `node` is a ds_node. */
bool ds_node_resolve(void *node, const struct ds_uri *uri, struct ds_hop *out);
/* What the certificate of whoever calls from there must say: that of the other end of a trunk, its
 * name; NULL: anything. `node` is a ds_node. */
const char *ds_node_caller_name(void *node, struct ds_addr from);
/* The hop to another element's listening point; port 0: its own port of that transport. */
struct ds_hop
ds_node_hop(const struct ds_topo_node *to, enum ds_transport transport, uint16_t port);
/* Which element a message came from, by its address; NULL: a stranger. */
const struct ds_topo_node *ds_node_peer(const struct ds_node *node, const struct ds_hop *from);
const struct ds_bridges *ds_node_bridges(const struct ds_node *node); /* NULL: it joins no calls */
/* At which hop of the route the next call begins. */
size_t ds_node_turn(struct ds_node *node, const struct ds_route *route);
/* What the node's defects make of a session. */
void ds_node_set_flaws(const struct ds_node *node, struct ds_session *session);
/* The user part of a Request-URI, To or From: the number dialled, without parameters. */
void ds_node_number(struct ds_slice uri, char *out, size_t size);
/* Whom that header of a message names by the user part of its uri ("sip:alice@contoso.example"),
 * the same of clients only, and whose client it is; NULL: nobody. */
const struct ds_topo_node *
ds_node_named(const struct ds_node *node, const struct ds_msg *msg, const char *header);
const struct ds_topo_node *
ds_node_client_named(const struct ds_node *node, const struct ds_msg *msg, const char *header);
const struct ds_topo_node *
ds_node_user_named(const struct ds_node *node, const struct ds_msg *msg, const char *header);
/* Writes the line of ms-diagnostics that tells this (domain.md 5.5). */
void ds_node_diagnose(const struct ds_node *node,
                      int id,
                      const char *reason,
                      char *out,
                      size_t size);

/* Has what this node sends written wrongly, where one of its misbehaviours is of that kind
 * (spoil.c). */
void ds_node_spoil(struct ds_node *node);

/* ---- a media session as one side of a call describes it (description.c) ---- */

/* RFC 3264: the session id stays, the version grows with each change; what was said last is said
 * again unchanged. */
struct ds_description {
    uint64_t session_id, version;
    struct ds_buf text; /* owned; what was said last */
    bool keeps_version; /* defect: SIG-03 */
};

enum ds_codecs { DS_CODECS_G711, DS_CODECS_CLIENT, DS_CODECS_ONE, DS_CODECS_G729 };

struct ds_describe {
    enum ds_sdp_style style;
    enum ds_codecs codecs;
    bool a_law_first;
    struct ds_addr at;
    enum ds_direction direction;
    const char *bypass_id; /* or NULL */
    const struct ds_sdp_media
        *answers;                  /* the offer this answers: only what it lists; NULL: an offer */
    bool no_events, wide;          /* defects: MED-02, MED-01 */
    const struct ds_ice_spec *ice; /* NULL: none */
    struct ds_sdp_secure secure;
    bool foreign, more_media, refused; /* defects: MED-17, MED-18, MED-19 */
    struct ds_slice image;             /* an m=image as it is written, instead of audio; or empty */
};

/* Has the offer that it answers a codec that is known here? */
bool ds_describe_can_answer(const struct ds_describe *how);
void ds_description_clean_up(struct ds_description *description);
/* Returns the body; it lives until the next call. Empty when memory is out, or when an answer has
 * nothing in common. */
struct ds_slice ds_description_say(struct ds_description *description,
                                   struct ds_rng *rng,
                                   const struct ds_describe *how);
/* The audio of a message's application/sdp body; NULL when it carries none. `sdp` holds what the
 * result points into. */
const struct ds_sdp_media *ds_message_audio(const struct ds_msg *msg, struct ds_sdp *sdp);
/* The m=image of udptl in it, likewise. */
const struct ds_sdp_media *ds_message_fax(const struct ds_msg *msg, struct ds_sdp *sdp);
/* What the other side may do where we may do this (RFC 3264 6.1). */
enum ds_direction ds_direction_mirror(enum ds_direction direction);

/* ---- ends (end.c; end_session.c for what the wire does to them) ---- */

/* How a kind of element calls and answers: one constant per role that people sit at. */
/* Q.931 9.2: an exchange lets a telephone ring for three minutes at least, then clears the call
   with cause 19, which is 480 (RFC 3398 7.2.4.1). */
#define DS_T301 (180 * DS_S)
/* After this a person gives up on a call that is not answered: later than T301 and Timer C, which
   end it where everybody lives. */
#define DS_PATIENCE (240 * DS_S)

struct ds_line {
    enum ds_sdp_style style;
    enum ds_codecs codecs;
    /* Fills in whom to ask and how to say it. DS_BAD with a sentence for a number that cannot be
     * dialled. */
    DS_MUST_USE ds_rc (*place_call)(struct ds_end *end,
                                    const struct ds_dial *dial,
                                    struct ds_invite *invite,
                                    struct ds_why *why);
    /* The SDP this end answers with, of those an offer shows; sets end->accepted_content_id. NULL:
     * the plain one. */
    const struct ds_sdp_media *(*choose_offer)(struct ds_end *end,
                                               const struct ds_msg *msg,
                                               struct ds_sdp *sdp);
    void (*contact)(const struct ds_node *node, char *out, size_t size); /* NULL: made by the ua */
    ds_us rings_for; /* before the exchange behind it gives up; 0: until the caller does */
    /* The other end wants somebody else called; NULL: as users do (end_transfer.c). */
    void (*refer)(struct ds_end *end, const struct ds_msg *refer);
    /* It is in another state, or has heard more of a transfer that it asked for; may be NULL. */
    void (*became)(struct ds_end *end);
};

struct ds_admission;

struct ds_end {
    uint32_t magic;
    struct ds_list link;
    struct ds_node *node;       /* borrowed: owns us */
    const struct ds_line *line; /* borrowed */
    struct ds_session *session; /* owned; NULL once it is over */
    struct ds_media *media;     /* owned; NULL when there is none */
    struct ds_description description;
    struct ds_msg *msg; /* owned reference: what brought the state about */
    enum ds_end_state state;
    int status;
    unsigned reached;                              /* a bit for each state it has been in */
    bool incoming, taken, talking, hears, holding; /* holding: by this end's own wish */
    bool offering;                                 /* that wish is not agreed on yet */
    bool asks;                                     /* and leaves the offer to the other end */
    struct ds_invite invite;                       /* while its candidates are gathered */
    bool without_offer;
    struct ds_admission *admission; /* borrowed; of an incoming call, or NULL */
    bool waits_for_bandwidth;       /* and nobody is told of it before */
    bool by_internet;               /* its audio goes from Edge to Edge */
    bool asked_for; /* an outgoing call that nobody here has dialled: it waits to be taken */
    bool waits_to_invite;
    int waits_to_answer;         /* 183 or 200, while candidates are gathered; 0: it does not */
    struct ds_timer offer_again; /* after a 491 */
    struct ds_timer alerting;    /* T301, or patience */
    /* end_transfer.c */
    struct ds_end *stands_for; /* borrowed; whose place this call is to take, or NULL */
    int transfer_status;       /* what was reported of it last; 0: nothing */
    /* end_conference.c */
    int added_status; /* what came of adding somebody; 0: nothing yet */
    char adds[64];
    bool in_conference;
    bool arrives; /* there, and it is not known yet whether the other end is */
    /* end_park.c */
    bool parking;    /* it is parked once it is held */
    int park_status; /* what came of it; 0: nothing yet */
    char orbit[DS_ORBIT_SIZE];
    struct ds_end *parks; /* borrowed; the call that this one is to have parked, or NULL */
    /* Of a call to a focus: the one that is to go on there. And of that: the call to the focus. */
    struct ds_end *moves, *focus; /* borrowed; or NULL */
    void *part; /* borrowed; what the server that has this end keeps of it; or NULL */
    char peer_number[64], digits[64];
    char accepted_content_id[64];
    struct ds_supervision supervision; /* of a trunk's peer, with bypass */
    struct ds_fax_machine *fax;        /* owned; NULL where a person is at this end */
    const char *codec;                 /* borrowed; NULL: the node's */
    /* Texts that an invite points to while it is built. */
    char to_uri[160], from_uri[160], from_params[64], contact[192], headers[1024];
    struct ds_hop hop;
    bool tells_location;   /* an emergency call, from a place that is known */
    struct ds_buf located; /* owned; the body of its INVITE, with the location */
};

/* A new incoming call at this node: waits to be taken. */
struct ds_end *ds_end_incoming(struct ds_node *node,
                               const struct ds_line *line,
                               struct ds_session *session,
                               const struct ds_msg *msg); /* NULL: refused, memory is out */
DS_MUST_USE ds_rc ds_end_outgoing(struct ds_node *node,
                                  const struct ds_line *line,
                                  const struct ds_dial *dial,
                                  struct ds_end **out,
                                  struct ds_why *why);
/* A call over a line to the exchange or gateway that it hangs on: for place_call. */
DS_MUST_USE ds_rc ds_line_call_home(struct ds_end *end,
                                    const struct ds_dial *dial,
                                    struct ds_invite *invite,
                                    struct ds_why *why);
extern const struct ds_line ds_phone_line, ds_analogue_line;
/* For place_call: whom it calls by a uri, DS_BAD where that is too long; and the headers of a call
 * that a transfer makes, after those that are there. */
DS_MUST_USE ds_rc ds_line_write_uri(struct ds_end *end, const char *uri, struct ds_why *why);
void ds_line_write_referral(struct ds_end *end, const struct ds_dial *dial);
/* For choose_offer: the gateway's own audio where it may be had (end_bypass.c). */
const struct ds_sdp_media *
ds_end_choose_bypass(struct ds_end *end, const struct ds_msg *msg, struct ds_sdp *sdp);
const struct ds_line *ds_line_of(const struct ds_node *node); /* NULL where nobody sits */
size_t ds_ends_busy(const struct ds_node *node);
void ds_ends_free(struct ds_node *node);
void ds_ends_lose(struct ds_node *node); /* their calls are gone; they stay */
extern const struct ds_session_events ds_end_events;
/* After that a call that came in is refused, and one that was made is hung up; unless it has become
 * something else. */
ds_rc ds_end_wait_at_most(struct ds_end *end, ds_us at_most_us, struct ds_why *why);
void ds_end_be_patient(struct ds_end *end); /* until it is answered or over */
/* ICE, where the deployment has an A/V Edge; the node's part of it (ice.c). */
DS_MUST_USE ds_rc ds_node_use_ice(const struct ds_node *node,
                                  struct ds_media *media,
                                  struct ds_media_ice *how,
                                  struct ds_why *why);
/* What a description says of it; NULL: nothing, as there is none, or `answers` has none. */
const struct ds_ice_spec *ds_ice_to_say(const struct ds_media *media,
                                        const struct ds_sdp_media *answers,
                                        struct ds_ice_spec *room);
/* Its candidates are there: what waited for them is done. */
void ds_end_gathered(void *end);
DS_MUST_USE ds_rc ds_end_invite(struct ds_end *end, struct ds_why *why);
/* Used between end.c and end_session.c. */
DS_MUST_USE ds_rc ds_end_new(struct ds_node *node, const struct ds_line *line, struct ds_end **out);
void ds_end_become(struct ds_end *end,
                   enum ds_end_state state,
                   int status,
                   const struct ds_msg *msg);
void ds_end_tell_line(struct ds_end *end); /* what its server may have waited for */
/* The same, of a call that is over. */
void ds_end_over(struct ds_end *end, enum ds_end_state state, int status, const struct ds_msg *msg);
struct ds_slice ds_end_describe(struct ds_end *end,
                                enum ds_direction direction,
                                const struct ds_sdp_media *answers);
/* False: this end may not talk to a peer that describes itself so. */
bool ds_end_aim(struct ds_end *end, const struct ds_sdp_media *peer);
/* At a port of its own, and no longer at the one that it had. DS_NOMEM: nothing has changed. */
DS_MUST_USE ds_rc ds_end_open_media(struct ds_end *end);
void ds_end_start_talking(struct ds_end *end);
void ds_end_start_fax(struct ds_end *end); /* end_fax.c */
/* end_hold.c, of ds_end_events */
void ds_end_take_offer(void *owner, const struct ds_msg *msg);
void ds_end_offer_done(void *owner, int status, const struct ds_msg *msg);
struct ds_slice ds_end_late_answer(void *owner, const struct ds_msg *msg);
/* Headers and Contact that go with what this end says. */
struct ds_content ds_end_content(struct ds_end *end, struct ds_slice body);
ds_rc ds_end_wrong_state(const struct ds_end *end, const char *what, struct ds_why *why);
void ds_end_supervise(struct ds_end *end); /* end_reports.c: from now on, where that is its part */
void ds_end_stop_media(struct ds_end *end);
void ds_end_close_media(struct ds_end *end); /* the ports are given back too */

/* ---- whether who is at the other end of a trunk is alive (trunk_health.c) ---- */

DS_MUST_USE ds_rc ds_trunk_health_start(struct ds_node *node, struct ds_why *why);
void ds_trunk_health_stop(struct ds_node *node);
bool ds_trunk_is_down(const struct ds_node *node, const struct ds_topo_node *peer);

#endif
