#ifndef DS_NODE_H
#define DS_NODE_H

/*
 * An element of a deployment, or one who calls there: what it is, where it stands and what it does,
 * as the topology file says.
 */

#include "policy.h"
#include "site.h"

enum ds_role_kind {
    DS_ROLE_CLIENT,
    DS_ROLE_EDGE,
    DS_ROLE_POOL,
    DS_ROLE_MEDIATION,
    DS_ROLE_GATEWAY,
    DS_ROLE_PBX,
    DS_ROLE_PHONE,
    DS_ROLE_PSTN,
    DS_ROLE_ANALOGUE_GATEWAY,
    DS_ROLE_ANALOGUE_PHONE,
    DS_ROLE_FAX,
    DS_ROLE_SBC,
    DS_ROLE_UM,           /* Exchange Unified Messaging */
    DS_ROLE_CONFERENCING, /* the A/V conferencing server of a front end pool */
    DS_ROLE_CALL_PARK,    /* the call park service of one */
    DS_ROLE_COUNT
};

const char *ds_role_name(enum ds_role_kind role); /* "mediation": the word in topology files */

#define DS_NODE_MAX_PORTS   4
#define DS_NODE_MAX_DEFECTS 4

/* What becomes of calls to a user, besides the ringing of the user's devices (domain.md 1.9,
 * 3.2). */
struct ds_call_handling {
    const char *forward;    /* the number that all calls go to at once; NULL: none */
    const char *ring_also;  /* a number that rings along with the devices; NULL: none */
    const char *unanswered; /* the number that calls go to which nobody takes; NULL: none */
    bool voice_mail;        /* such calls go to voice mail */
    int64_t ring_us;        /* how long the devices ring before */
    bool inside_only;       /* none of the three may lead to a trunk ([VP]: InternalOnly) */
};

struct ds_topo_node {
    const char *name;
    enum ds_role_kind role;
    const struct ds_site *site;
    struct ds_addr at;       /* port 0 */
    struct ds_addr media_at; /* where its audio ends: its own address, unless told otherwise */
    const struct ds_site *media_site; /* and where that is */
    struct ds_port ports[DS_NODE_MAX_PORTS];
    size_t port_count;
    const char *fqdn;        /* "gateway.contoso.example": Contact, Request-URIs */
    const char *certificate; /* the name its certificate bears: the fqdn, unless told otherwise */
    const char *number; /* E.164 of whoever has one; of the pstn: what it calls from by default */
    const char *extension; /* what PBX users dial for it; NULL: its number only */
    const struct ds_topo_node
        *home; /* client: pool or edge; phone: PBX; analogue device: its gateway */
    const struct ds_topo_node *backup;        /* pool: where its users sign in while it is lost */
    const struct ds_topo_node *stands_in_for; /* pool: whose backup it is; or NULL */
    const struct ds_topo_node *user;  /* client: who signs in there; itself unless told otherwise */
    struct ds_call_handling handling; /* client: of its user */
    struct ds_usages voice_policy;    /* client: likewise */
    /* client: of its user, where the site it stands in has none; or NULL */
    const struct ds_location_policy *location_policy;
    const char *alternate_bypass_id; /* Mediation Server's peer: of calls that come back; or NULL */
    /* client: the telephone at the PBX that it controls, and whose user's it is; or NULL */
    const struct ds_topo_node *controls;
    const struct ds_topo_node *moves_from; /* client: the phone whose user it becomes, or NULL */
    const char *team;                      /* NULL: none */
    uint32_t tone_hz; /* what it says when it talks; 0 for elements that never talk */
    bool earlier_device, lync_phone; /* a phone older than IP; a client that is no softphone */
    bool csta;                       /* pbx: lets its telephones be controlled (ECMA TR/87) */
    bool parks;                      /* client: its user may park calls */
    bool communicator;  /* a client older than Lync 2010, which knows nothing of bypass */
    bool asserts;       /* a peer of the Mediation Server that asserts who calls (RFC 3325) */
    bool elin;          /* a gateway that shows the number of the place in emergency calls */
    bool t38;           /* a gateway that carries fax by T.38 where its peer does too */
    bool pstn_reroute;  /* client: its user's calls may go by the PSTN for want of bandwidth */
    bool away;          /* a device that signs in once its user has moved to it */
    bool real;          /* somebody else's element stands at this address: we start nothing there */
    struct ds_addr nat; /* client outside: of the translator it is behind; see has_nat */
    bool has_nat;
    struct ds_addr av; /* edge: its A/V Edge, from outside; port 0: there is none */
    const char *av_user, *av_password;
    bool av_real; /* somebody else's server stands there */
    const char *defects[DS_NODE_MAX_DEFECTS];
    size_t defect_count;
    const char *codec; /* "PCMA" or "PCMU": preferred; "G729": all that a peer offers */
    bool one_codec;    /* offers and takes that one alone */
    int tls_version;   /* 12 or 13 pins it, 0: the best both ends know */
    bool prack;        /* sends reliable provisional responses where the peer supports 100rel */
    bool srtp;         /* a gateway or PBX that encrypts audio where its trunk wants it */
    int line;          /* in the file */
};

/* A client's pool; of one outside, that of its Edge. */
const struct ds_topo_node *ds_topo_pool(const struct ds_topo_node *client);
/* The pool at which this client signs in while its own does not answer; NULL: none. */
const struct ds_topo_node *ds_topo_backup(const struct ds_topo_node *client);

#endif
