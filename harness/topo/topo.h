#ifndef DS_TOPO_H
#define DS_TOPO_H

/*
 * A deployment as its planner wrote it: sites, nodes, trunks and routes, read from a Lua table that
 * may compute nothing (empty environment, bounded). Validated whole before anything is started.
 * Immutable; both towers read it. File format: docs/topologies.md.
 */

#include "admission.h"
#include "call_park.h"
#include "emergency.h"
#include "encryption.h"
#include "node.h"
#include "outside.h"
#include "people.h"
#include "policy.h"
#include "route.h"
#include "site.h"
#include "traffic.h"
#include "voice_mail.h"

enum ds_option {
    DS_BEHIND_PBX,
    DS_IN_FRONT_OF_PBX,
    DS_DIRECT_SIP_PARTNER,
    DS_VOIP_ONLY,
    DS_SIP_TRUNK,
    DS_OPTION_COUNT
};

const char *ds_option_name(enum ds_option option); /* "behind_pbx" */

enum ds_trunk_kind { DS_TRUNK_SIP, DS_TRUNK_TDM };

struct ds_trunk {
    const struct ds_topo_node *a, *b; /* a: the Mediation Server, or the side nearer to it */
    enum ds_trunk_kind kind;
    enum ds_transport transport; /* SIP trunks: TCP or TLS; tdm: UDP stands in for the circuit */
    uint16_t a_port, b_port;
    bool defined; /* in the topology that the Mediation Server has; else only its peer knows it */
    bool bypass;  /* EnableBypass */
    bool concentrated; /* ConcentratedTopology */
    bool refer, rtcp_active, rtcp_on_hold;
    bool third_party_refer; /* Enable3pccRefer; only without refer */
    bool remove_plus, forward_pai, forward_history, session_timer, fast_failover;
    bool pidf_lo; /* EnablePIDFLOSupport: shows its peer where emergency calls are from */
    enum ds_encryption srtp; /* SRTPMode; of a trunk over TLS */
    uint32_t max_early_dialogs;
    uint32_t channels;                     /* tdm; 0: unlimited */
    struct ds_usages usages;               /* of calls that come in by it and leave by a trunk */
    const struct ds_site *restricted_to;   /* EnableLocationRestriction, NetworkSiteID; or NULL */
    const struct ds_site *users_at;        /* where a PBX's users behind it are; or NULL */
    struct ds_translation called, calling; /* numbers, as they leave by it */
    struct ds_code_translation codes;      /* refusals, as they come in by it */
    int line;
};

/* A block of numbers: the enterprise's own, assigned or not, or those in service in the PSTN. */
struct ds_range {
    struct ds_number_rule numbers;
    enum ds_role_kind party; /* DS_ROLE_CLIENT, _PHONE, _ANALOGUE_PHONE, _FAX or _PSTN */
};

/* What a minute costs by a peer of the Mediation Server, in whatever unit the file reckons. */
struct ds_rate {
    const struct ds_topo_node *by;
    struct ds_number_rule numbers;
    double per_minute;
};

struct ds_topo {
    const char *name, *variant, *path, *summary; /* variant "" when the file was read without one */
    enum ds_option option;
    const char *domain;                 /* SIP domain of the users */
    bool bypass_enabled, always_bypass; /* MediaBypassSettings: domain.md 2.1 */
    bool bypass_conferences;            /* EnabledForAudioVideoConferences */
    const char *global_bypass_id;       /* with always_bypass */
    const char *default_bypass_id;      /* of sites without one of their own, or NULL */
    const struct ds_region *regions;
    size_t region_count;
    enum ds_encryption encryption; /* EncryptionLevel of the clients: domain.md 2.3 */
    const struct ds_site *sites;
    size_t site_count;
    const struct ds_topo_node *nodes; /* in name order */
    size_t node_count;
    const struct ds_trunk *trunks;
    size_t trunk_count;
    const struct ds_route *routes;
    size_t route_count;
    bool by_usages; /* the pool's routes have usages */
    const struct ds_rate *rates;
    size_t rate_count;
    const struct ds_plan_line *dial_plan; /* of the pool, first match wins: domain.md 3.1 */
    size_t dial_plan_count;
    const struct ds_range *ranges;
    size_t range_count;
    const struct ds_location_policy *location_policies;
    size_t location_policy_count;
    bool admission;                  /* call admission control is on */
    bool internet_path;              /* calls without bandwidth may go from Edge to Edge */
    const struct ds_wan_link *links; /* those that have a bandwidth policy, on or off */
    size_t link_count;
    struct ds_voice_mail voice_mail;
    struct ds_call_park call_park;
    struct ds_traffic traffic; /* for its planner */
};

struct ds_topo_choice {
    const char *variant; /* NULL: as written */
    int bypass;          /* -1 as written, 0 off, 1 on */
    uint8_t net_shift;   /* added to the second octet of every address: runs without a namespace of
                            their own */
    const char *const *defects; /* "node:defect" or "role:defect" */
    size_t defect_count;
};

/* A file as it is written, from which deployments are chosen. */
struct ds_topo_file;

/* The trouble names file and line. `arena` owns everything. */
DS_MUST_USE ds_rc ds_topo_read(const char *path,
                               struct ds_arena *arena,
                               const struct ds_topo_file **out,
                               struct ds_why *why);
/* Outlived by the file, and by `arena`, which owns what is not the file's. */
DS_MUST_USE ds_rc ds_topo_choose(const struct ds_topo_file *file,
                                 const struct ds_topo_choice *choice, /* NULL: as written */
                                 struct ds_arena *arena,
                                 const struct ds_topo **out,
                                 struct ds_why *why);
/* Both. */
DS_MUST_USE ds_rc ds_topo_load(const char *path,
                               const struct ds_topo_choice *choice,
                               struct ds_arena *arena,
                               const struct ds_topo **out,
                               struct ds_why *why);
/* The names of a file's variants, in the order written; an array ended by NULL. */
DS_MUST_USE ds_rc ds_topo_variants(const struct ds_topo_file *file,
                                   struct ds_arena *arena,
                                   const char *const **out,
                                   struct ds_why *why);

const struct ds_topo_node *ds_topo_find(const struct ds_topo *topo,
                                        struct ds_slice name); /* NULL: none */
const struct ds_topo_node *
ds_topo_at(const struct ds_topo *topo,
           struct ds_addr addr); /* by address alone: its own, media_at, av or nat */
const struct ds_site *ds_topo_site_at(const struct ds_topo *topo,
                                      struct ds_addr addr); /* whose net it is in; NULL: none */
/* In name order, those apart that stand in for another; NULL: none. */
const struct ds_topo_node *ds_topo_first(const struct ds_topo *topo, enum ds_role_kind role);
const struct ds_topo_node *ds_topo_by_fqdn(const struct ds_topo *topo, struct ds_slice fqdn);
/* A telephone or fax machine at the end of an analogue line. */
bool ds_topo_is_analogue(const struct ds_topo_node *node);
/* Where a user's device is for location-based routing (domain.md 3.5); NULL: outside, so that
 * nobody knows, or it is no such device. */
const struct ds_site *ds_topo_location(const struct ds_topo_node *device);
/* Where the Enterprise Voice user with this number is; NULL: it is no such user's. */
const struct ds_site *ds_topo_user_site(const struct ds_topo *topo, struct ds_slice number);
/* Who has this number (or extension) before anybody moves, but for the pstn; NULL when it is
 * nobody's. */
const struct ds_topo_node *ds_topo_owner(const struct ds_topo *topo, struct ds_slice number);
/* Whose a number is, assigned or not; anything unknown is the PSTN's. */
enum ds_role_kind ds_topo_population(const struct ds_topo *topo, struct ds_slice number);
/* Has the public network given this number out? All, where no range of it is listed. */
bool ds_topo_in_service(const struct ds_topo *topo, struct ds_slice number);
/* Has this peer of a Mediation Server a dial plan of its own? Then no other applies to its calls.
 */
bool ds_topo_has_plan(const struct ds_topo *topo, const struct ds_topo_node *peer);
/* By the dial plan of that peer, where it has one, or that of all others (NULL); false when no line
 * matches. A number with + is normal and is copied. */
bool ds_topo_normalize(const struct ds_topo *topo,
                       const struct ds_topo_node *from,
                       struct ds_slice dialled,
                       char *out,
                       size_t size);
const struct ds_trunk *ds_topo_trunk(const struct ds_topo *topo,
                                     const struct ds_topo_node *a,
                                     const struct ds_topo_node *b); /* either way round */
/* The bypass ID of the place where a node's audio ends (domain.md 2.1): NULL where it has none,
 * bypass is off, or the node knows no bypass. */
const char *ds_topo_bypass_id(const struct ds_topo *topo, const struct ds_topo_node *node);
/* May audio go straight between these two on this trunk (bypass_allowed there)? */
bool ds_topo_bypass_allowed(const struct ds_topo *topo,
                            const struct ds_topo_node *client,
                            const struct ds_trunk *trunk);
/* May audio go straight between the peers of two trunks, of a call that comes in by the one and is
 * sent out by the other (AlternateByPassId: domain.md 2.1)? */
bool ds_topo_hairpin_allowed(const struct ds_topo *topo,
                             const struct ds_trunk *in,
                             const struct ds_trunk *out);
/* Its own port of that transport; 0: none. */
uint16_t ds_topo_port(const struct ds_topo_node *node, enum ds_transport transport);
/* The frequencies of all who talk; returns how many. */
size_t ds_topo_tones(const struct ds_topo *topo, uint32_t *out, size_t most);
const struct ds_topo_node *ds_topo_talker(const struct ds_topo *topo, uint32_t tone_hz);

#endif
