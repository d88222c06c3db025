#ifndef DS_BRIDGE_INTERNAL_H
#define DS_BRIDGE_INTERNAL_H

/* Bridges (bridge.c): a call in, a call out, and the audio between. What joins the two sessions of
 * a back-to-back user agent. */

#include "roles_internal.h"

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
    struct ds_timer fax_again;          /* after a 491 */
    struct ds_session *twin;            /* owned; a defect's second call elsewhere, or NULL */
    struct ds_admission *admissions[2]; /* borrowed; to the client and the peer, or NULL */
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
struct ds_bridge_side *ds_bridge_other(const struct ds_bridge_side *side);
/* Between its node and that side's peer; NULL: a pool, a station or a stranger is there. */
const struct ds_trunk *ds_bridge_trunk(const struct ds_bridge_side *side);
bool ds_bridge_on_sip_trunk(const struct ds_bridge_side *side);
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
/* A hook pressed for a moment on an analogue line; and, for a defect, what that would have done. */
bool ds_bridge_is_flash(const struct ds_msg *msg);
void ds_bridge_hold_other(struct ds_bridge_side *side);
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

#endif
