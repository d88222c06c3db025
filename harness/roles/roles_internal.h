#ifndef DS_ROLES_INTERNAL_H
#define DS_ROLES_INTERNAL_H

/*
 * What roles share: the node, the ends people hold, the bridge that joins two sessions of a
 * back-to-back user agent, and the description of a media session in SDP. Roles know these, and not
 * each other.
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
    struct ds_log *log;
    const struct ds_topo *topo;
    const struct ds_topo_node *place;
    struct ds_tls_identity *tls; /* owned */
    struct ds_ua *ua;            /* owned; NULL while its machine is down */
    struct ds_media_place media;
    struct ds_trunk_health health;
    struct ds_list ends; /* owned; of nodes that people sit at, oldest first */
    ds_node_hook_fn *hook;
    void *hook_owner;
    struct ds_node *moved_to; /* borrowed; where its user is now; NULL: here */
    bool *moved;  /* owned; beside topo->nodes: the phones whose users have moved (directory.c) */
    size_t turns; /* calls that it has spread so far */
};

/* Signs a client out; `gone` is told, whatever came of it. */
DS_MUST_USE ds_rc ds_client_sign_out(struct ds_node *node,
                                     void (*gone)(struct ds_node *node),
                                     struct ds_why *why);
DS_MUST_USE ds_rc ds_client_sign_in(struct ds_node *node, struct ds_why *why);
DS_PRINTF(3, 4) void ds_node_log(const struct ds_node *node, int level, const char *fmt, ...);
/* Turns a uri into the next hop as the topology lays it out (resolve.c). `node` is a ds_node. */
bool ds_node_resolve(void *node, const struct ds_uri *uri, struct ds_hop *out);
/* The hop to another element's listening point; port 0: its own port of that transport. */
struct ds_hop
ds_node_hop(const struct ds_topo_node *to, enum ds_transport transport, uint16_t port);
/* Which element a message came from, by its address; NULL: a stranger. */
const struct ds_topo_node *ds_node_peer(const struct ds_node *node, const struct ds_hop *from);
const struct ds_bridges *ds_node_bridges(const struct ds_node *node); /* NULL: it joins no calls */
size_t ds_node_turn(struct ds_node *node, const struct ds_route *route);
/* What the node's defects make of a session. */
void ds_node_set_flaws(const struct ds_node *node, struct ds_session *session);
/* The user part of a Request-URI, To or From: the number dialled, without parameters. */
void ds_node_number(struct ds_slice uri, char *out, size_t size);

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

enum ds_codecs { DS_CODECS_G711, DS_CODECS_CLIENT, DS_CODECS_EARLIER, DS_CODECS_G729 };

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
};

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
    bool asked_for; /* an outgoing call that nobody here has dialled: it waits to be taken */
    bool waits_to_invite;
    int waits_to_answer;         /* 183 or 200, while candidates are gathered; 0: it does not */
    struct ds_timer offer_again; /* after a 491 */
    struct ds_timer alerting;    /* T301, or patience */
    /* end_transfer.c */
    int transfer_status;       /* what was reported of it last; 0: nothing */
    struct ds_end *stands_for; /* borrowed; whose place this call is to take, or NULL */
    char peer_number[64], digits[64];
    char accepted_content_id[64];
    struct ds_supervision supervision; /* of a trunk's peer, with bypass */
    struct ds_fax_machine *fax;        /* owned; NULL where a person is at this end */
    const char *codec;                 /* borrowed; NULL: the node's */
    /* Texts that an invite points to while it is built. */
    char to_uri[160], from_uri[160], from_params[64], contact[192], headers[1024];
    struct ds_hop hop;
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
/* For choose_offer: the gateway's own audio where it may be had (end_bypass.c). */
const struct ds_sdp_media *
ds_end_choose_bypass(struct ds_end *end, const struct ds_msg *msg, struct ds_sdp *sdp);
const struct ds_line *ds_line_of(const struct ds_node *node); /* NULL where nobody sits */
size_t ds_ends_busy(const struct ds_node *node);
void ds_ends_free(struct ds_node *node);
void ds_ends_lose(struct ds_node *node); /* their calls are gone; they stay */
extern const struct ds_session_events ds_end_events;
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
struct ds_slice ds_end_describe(struct ds_end *end,
                                enum ds_direction direction,
                                const struct ds_sdp_media *answers);
/* False: this end may not talk to a peer that describes itself so. */
bool ds_end_aim(struct ds_end *end, const struct ds_sdp_media *peer);
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

/* ---- bridges (bridge.c): a call in, a call out, and the audio between ---- */

struct ds_bridge;
struct ds_bridge_side;

enum ds_bridge_event { DS_BRIDGE_RINGS, DS_BRIDGE_ANSWERED, DS_BRIDGE_OVER };

/* What distinguishes a Mediation Server, a gateway and a PBX from one another as back-to-back user
 * agents. */
struct ds_bridge_policy {
    /* Bodies and headers for the leg that goes out; called with the bridge filled in. */
    void (*dress_invite)(struct ds_bridge *bridge, struct ds_invite *invite);
    /* Headers that go with responses and answers to the leg that came in; may be NULL. */
    void (*dress_reply)(struct ds_bridge *bridge, int status, struct ds_content *content);
    /* A failure of the outgoing leg: the status to pass back, or 0 when the call was tried
     * elsewhere. NULL: as it is. */
    int (*failed)(struct ds_bridge *bridge, int status, const struct ds_msg *msg);
    /* Incoming leg: 183 with SDP at once (gateways: SIG-12). */
    bool (*early_answer)(const struct ds_bridge *bridge);
    /* Of an offer with a second body: is the audio of who describes it here to go straight between
     * the two ends? Forks may differ in that. */
    bool (*straight)(const struct ds_bridge *bridge, const struct ds_msg *answer);
    /* How many dialogs the caller may be shown where the callee has several devices, each with
     * audio of its own; 0, or NULL: one, whoever speaks. */
    size_t (*most_forks)(const struct ds_bridge *bridge);
    /* How long the outgoing leg may say nothing, or (`alerts`) ring; 0, or NULL: for ever. And what
     * happens then. */
    ds_us (*patience)(const struct ds_bridge *bridge, bool alerts);
    void (*impatient)(struct ds_bridge *bridge, bool alerts);
    /* The called side rings or has answered, or the call is over; may be NULL. */
    void (*happened)(struct ds_bridge *bridge, enum ds_bridge_event event);
    /* Who is at this side wants somebody else called in their place; NULL: 405. */
    void (*refer)(struct ds_bridge_side *by, const struct ds_msg *refer);
};

struct ds_bridge_side {
    struct ds_bridge *bridge;
    struct ds_session *session; /* owned; NULL before it exists and once it is over */
    struct ds_media *media;     /* owned; NULL when audio goes past us */
    struct ds_supervision supervision;
    struct ds_description description;
    enum ds_sdp_style style;
    const struct ds_topo_node *peer; /* borrowed; NULL: a stranger */
    struct ds_msg
        *offer; /* owned reference: the offer of this side that waits for the other's answer */
    struct ds_msg *said; /* owned reference: its audio, as it described it last; or NULL */
};

/* A dialog that the caller was shown of a call with several devices. */
struct ds_bridge_fork {
    struct ds_list link;
    uint64_t behind;                   /* the tag (hash) of the one that it stands for */
    struct ds_description description; /* of the incoming side, while another one is shown */
};

struct ds_bridge_forks {
    struct ds_list list; /* owned; the first one is the session's own dialog */
    size_t count;
    struct ds_bridge_fork *shown; /* whose description the incoming side has; NULL: there is none */
    char tag[DS_FORK_TAG_SIZE];
};

struct ds_bridge {
    struct ds_list link;
    struct ds_node *node;                  /* borrowed: its role owns us */
    const struct ds_bridge_policy *policy; /* borrowed */
    struct ds_bridge_side in, out;
    struct ds_msg *invite; /* owned reference: the one that came in */
    bool straight;         /* the two ends' audio goes past us: each is shown the other's address */
    bool early_sent, ending;
    struct ds_timer patience;     /* while the outgoing leg is waited for */
    bool alerts;                  /* it rings */
    size_t first, attempt;        /* at which hop of the route it began; how many were tried */
    const struct ds_route *route; /* borrowed; NULL where there is none */
    const struct ds_trunk *trunk; /* of the outgoing leg, or NULL */
    bool trunk_is_told;           /* by the pool: no other is tried here */
    struct ds_hop hop;
    char number[64], caller[64];
    char to_uri[192], from_uri[192], from_params[64], contact[256], headers[1024], body_type[128];
    struct ds_buf body;             /* owned; of the outgoing offer where it has several parts */
    struct ds_description gateway;  /* the second body of such an offer: the gateway's own audio */
    struct ds_fax_tones *fax_tones; /* owned; while the called line is listened to, or NULL */
    struct ds_fax_path *fax;        /* owned; of a fax by T.38, or NULL */
    bool fax_offered;
    struct ds_timer fax_again; /* after a 491 */
    struct ds_session *twin;   /* owned; a defect's second call elsewhere, or NULL */
    /* bridge_transfer.c */
    struct ds_bridge *transfer; /* borrowed; the one that is to change this one, or has just done */
    struct ds_bridge_side *stands_for; /* borrowed; in that one: whose place its leg is to take */
    struct ds_msg *refer;              /* owned reference: which asked for this call, or NULL */
    struct ds_timer change_again;      /* after a 491 */
    struct ds_bridge_forks forks;
};

struct ds_bridges {
    struct ds_list list;
};

void ds_bridges_init(struct ds_bridges *bridges);
size_t ds_bridges_count(const struct ds_bridges *bridges);
void ds_bridges_free(struct ds_bridges *bridges);
/* Takes the incoming session; refuses it and returns NULL when memory, ports or hops are out. */
struct ds_bridge *ds_bridge_new(struct ds_bridges *bridges,
                                struct ds_node *node,
                                const struct ds_bridge_policy *policy,
                                struct ds_session *session,
                                const struct ds_msg *msg);
void ds_bridge_free(struct ds_bridge **bridge);
/* Calls on, to bridge->hop. False: the incoming leg is refused, with 488 for what it offers or 503
 * on trouble, and the bridge is gone. */
bool ds_bridge_call(struct ds_bridge *bridge);
/* Refuses the incoming leg; the bridge is gone afterwards. `headers` may be NULL. */
void ds_bridge_refuse(struct ds_bridge *bridge, int status, const char *headers);
/* What a leg that goes out has behind it: ds_invite. */
int ds_bridge_hops_behind(const struct ds_bridge *bridge);
/* 482 or 483: the call goes round in circles, or has no hop left. */
void ds_bridge_refuse_loop(struct ds_bridge *bridge, int status);
/* bridge_offer.c */
struct ds_bridge_side *ds_bridge_other(struct ds_bridge_side *side);
bool ds_bridge_on_sip_trunk(const struct ds_bridge_side *side); /* not a line, nor a pool */
/* What `side` is told of the other side's audio: an offer, or (where `offer` is not NULL) the
 * answer to that message. */
struct ds_slice ds_bridge_say(struct ds_bridge_side *side,
                              const struct ds_sdp_media *of_other,
                              const struct ds_msg *offer);
/* Has the INVITE's offer a codec that we know, and encryption that we can have? One without audio
 * is another matter. */
bool ds_bridge_can_answer(const struct ds_bridge *bridge);
void ds_bridge_keep_said(struct ds_bridge_side *side, const struct ds_msg *msg);
/* A side has described its audio: what is for it goes there from now on. */
void ds_bridge_aim(struct ds_bridge_side *side, const struct ds_sdp_media *audio);
DS_MUST_USE ds_rc ds_bridge_open_media(struct ds_bridge *bridge, struct ds_why *why);
void ds_bridge_quiet(struct ds_bridge *bridge); /* nothing is passed on any more; the ports stay */
void ds_bridge_close_media(struct ds_bridge *bridge); /* the ports are given back */
void ds_bridge_over(struct ds_bridge *bridge);        /* frees it when neither side is left */
void ds_bridge_hang_up(struct ds_bridge *bridge);     /* on its own account, at both sides */
extern const struct ds_session_events ds_bridge_in_events, ds_bridge_out_events;
/* bridge_patience.c: waits for the outgoing leg as the policy says, from now on; or no more. */
void ds_bridge_patience(struct ds_bridge *bridge, bool alerts);
void ds_bridge_patience_over(struct ds_bridge *bridge);
/* Cancels the outgoing leg and forgets it: it ends by itself. */
void ds_bridge_abandon(struct ds_bridge *bridge);
/* bridge_ask.c: does this re-INVITE without an offer go on without one? */
bool ds_bridge_passes_asking(const struct ds_bridge_side *side, const struct ds_msg *msg);
struct ds_slice ds_bridge_late_answer(void *owner, const struct ds_msg *msg);
/* bridge_reports.c: a peer of the Mediation Server sends no RTCP where its trunk says so. */
void ds_bridge_keep_reports_back(const struct ds_bridge_side *side, struct ds_media_flaws *flaws);
/* The Mediation Server clears a call whose peer sends no RTCP that it has promised: from now on,
   and since the audio was last described. */
void ds_bridge_supervise(struct ds_bridge *bridge);
void ds_bridge_supervise_over(struct ds_bridge *bridge);
/* bridge_forks.c: sets the dialog under which the caller is told of this response. False: it is one
   more than the caller may be shown. */
bool ds_bridge_show_fork(struct ds_bridge *bridge,
                         const struct ds_msg *response,
                         struct ds_content *content);
void ds_bridge_forks_free(struct ds_bridge_forks *forks);
/* bridge_fax.c: from the answer on, a fax machine that was called is listened for. */
void ds_bridge_watch_fax(struct ds_bridge *bridge);
/* Is the answer to an offer one to ours of T.38? Then it is dealt with. */
bool ds_bridge_fax_done(struct ds_bridge_side *side, int status, const struct ds_msg *msg);
void ds_bridge_take_fax(struct ds_bridge_side *side, const struct ds_sdp_media *image);
void ds_bridge_end_fax(struct ds_bridge *bridge);
/* bridge_twin.c: for defects that let a call leak. Calls the same number at another element too,
   and hangs up there when that is answered or the call is over. */
void ds_bridge_twin(struct ds_bridge *bridge, const struct ds_hop *hop, const char *to_uri);
void ds_bridge_end_twin(struct ds_bridge *bridge);
/* The Q.850 cause that a SIP status stands for (RFC 3398 8.2.6.1 and its table); 0: none. */
int ds_q850_cause(int status);

/* ---- trunks (trunk.c) ---- */

/* Sets hop, addresses and trunk of the outgoing leg towards a peer. False when there is no trunk
 * between the two. */
bool ds_trunk_aim(struct ds_bridge *bridge, const struct ds_topo_node *peer);
/* Finds the route of bridge->number at this node; false: none. */
bool ds_trunk_route(struct ds_bridge *bridge);
/* Aims a call by the routes; or refuses it, and returns false. */
bool ds_trunk_admit(const struct ds_bridges *bridges, struct ds_bridge *bridge);
/* For a policy's `failed`: the next Mediation Server where one does not answer at all ([DSIP]). */
int ds_trunk_failed(struct ds_bridge *bridge, int status, const struct ds_msg *msg);
/* Sends a call to a station of this node: a telephone or machine at the end of a line. */
bool ds_is_own_station(const struct ds_node *node, const struct ds_topo_node *place);
void ds_station_aim(struct ds_bridge *bridge, const struct ds_topo_node *station);
/* May the call take the trunk that it is aimed at: is a channel free there, and its peer up? */
bool ds_trunk_is_open(const struct ds_bridges *bridges, const struct ds_bridge *bridge);
/* ";tgrp=gateway;trunk-context=mediation.contoso.example" (RFC 4904; trunk_group.c) */
void ds_trunk_group_write(const struct ds_topo_node *mediation,
                          const struct ds_topo_node *peer,
                          char *out,
                          size_t size);
bool ds_trunk_group_is_named(struct ds_slice uri);
/* NULL: the uri names none, or none that there is. */
const struct ds_trunk *ds_trunk_group_read(const struct ds_node *node, struct ds_slice uri);
/* Reason for the tdm side: "Reason: Q.850;cause=17\r\n" into bridge->headers where a status calls
 * for one. */
void ds_trunk_reason(int status, char *out, size_t size);

/* ---- whether who is at the other end of a trunk is alive (trunk_health.c) ---- */

DS_MUST_USE ds_rc ds_trunk_health_start(struct ds_node *node, struct ds_why *why);
void ds_trunk_health_stop(struct ds_node *node);
bool ds_trunk_is_down(const struct ds_node *node, const struct ds_topo_node *peer);

#endif
