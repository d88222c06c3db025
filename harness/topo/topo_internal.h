#ifndef DS_TOPO_INTERNAL_H
#define DS_TOPO_INTERNAL_H

/*
 * How a file becomes a deployment: Lua reads it into a tree of values, each with the line it was
 * written on (read, locate); a variant is laid over the tree (merge); then one file per noun turns
 * its part of the tree into structs and refuses what makes no sense.
 */

#include "topo.h"

/* ---- the file as a tree ---- */

enum ds_value_kind {
    DS_TEXT = 1,
    DS_WHOLE = 2,
    DS_FLAG = 4,
    DS_TABLE = 8,
    DS_OTHER = 16,
    DS_REAL = 32
};

struct ds_value {
    enum ds_value_kind kind;
    const char *name; /* its key, or NULL: one of a list */
    int64_t index;    /* from 1 in a list, 0 beside a name */
    size_t order;     /* in the file */
    int line;
    const char *text;
    int64_t whole;
    double real; /* of a whole number, too */
    bool flag;
    struct ds_value *first, *next; /* lists of a table before its names, names as written */
};

/* Where something stands in the text. */
struct ds_place {
    struct ds_slice name; /* empty: one of a list */
    int64_t index;
    size_t order;
    int line;
    struct ds_place *first, *last, *next;
};

#define DS_TOPO_SECOND_US INT64_C(1000000)

struct ds_load {
    const char *path;
    struct ds_arena *arena;              /* borrowed: outlives us */
    struct ds_arena *scratch;            /* for what is needed while loading only */
    struct ds_why *why;                  /* or NULL */
    const struct ds_topo_choice *choice; /* borrowed */
    struct ds_value *root;               /* its texts are in the arena, as is all below */
    struct ds_topo *topo;
    struct ds_region *regions;
    struct ds_site *sites;
    struct ds_topo_node *nodes;
    struct ds_trunk *trunks;
    struct ds_route *routes;
};

#define DS_VALUE_MAX_DEPTH 8
#define DS_VALUE_MAX_COUNT 4096
#define DS_FILE_MAX_BYTES  ((size_t)64 * 1024)

/* "path:line: sentence", and DS_BAD. */
DS_PRINTF(3, 4) ds_rc ds_refuse(const struct ds_load *load, int line, const char *fmt, ...);

DS_MUST_USE ds_rc ds_read_tree(struct ds_load *load, struct ds_slice text);
/* The table the file returns; NULL where it cannot be made out (`broken` tells want of memory). */
struct ds_place *ds_locate(struct ds_slice text, struct ds_arena *arena, bool *broken);
/* Puts a copy in the place of the tree, in the scratch, but for its texts. */
DS_MUST_USE ds_rc ds_copy_tree(struct ds_load *load);
DS_MUST_USE ds_rc ds_merge_variant(struct ds_load *load, const char *variant);

/* ---- looking at values ---- */

struct ds_field {
    const char *name;
    unsigned kinds; /* of enum ds_value_kind, or-ed */
};

/* Refuses names that are not among the fields, and values that are none of a field's kinds. What
 * stands in list positions is the caller's business, unless `no_list`. */
DS_MUST_USE ds_rc ds_fields_check(const struct ds_load *load,
                                  const struct ds_value *table,
                                  const char *noun,
                                  const struct ds_field *fields,
                                  size_t count);
/* Refuses anything but a list without holes whose every value is one of `kinds`. */
DS_MUST_USE ds_rc ds_list_check(const struct ds_load *load,
                                const struct ds_value *table,
                                const char *noun,
                                unsigned kinds,
                                size_t most);
/* Refuses what stands in a list position of a table of names. */
DS_MUST_USE ds_rc ds_names_check(const struct ds_load *load,
                                 const struct ds_value *table,
                                 const char *noun);
const struct ds_value *ds_value_get(const struct ds_value *table, const char *name);
const struct ds_value *ds_value_item(const struct ds_value *table, int64_t index);
const char *ds_value_text(const struct ds_value *table, const char *name); /* NULL: not there */
bool ds_value_flag(const struct ds_value *table, const char *name, bool otherwise);
/* The line of a field, or of the table itself. */
int ds_value_line(const struct ds_value *table, const char *name);
size_t ds_value_count(const struct ds_value *table); /* of a table's values; 0 for NULL */
const char *ds_kind_name(unsigned kinds);

/* ---- one file each ---- */

DS_MUST_USE ds_rc ds_load_regions(struct ds_load *load);
DS_MUST_USE ds_rc ds_load_encryption(struct ds_load *load); /* of the clients */
/* Of a trunk whose transport is known. */
DS_MUST_USE ds_rc ds_load_srtp(const struct ds_load *load,
                               const struct ds_value *value,
                               struct ds_trunk *trunk);
DS_MUST_USE ds_rc ds_load_sites(struct ds_load *load);
/* Of those loaded; NULL: no such site, or no name. */
const struct ds_site *ds_find_site(const struct ds_load *load, const char *name);
/* Region and bypass ID of a site. */
DS_MUST_USE ds_rc ds_load_membership(const struct ds_load *load,
                                     const struct ds_value *value,
                                     struct ds_site *site);
DS_MUST_USE ds_rc ds_check_regions(struct ds_load *load); /* after the sites */
DS_MUST_USE ds_rc ds_load_nodes(struct ds_load *load);
DS_MUST_USE ds_rc ds_load_ports(const struct ds_load *load,
                                const struct ds_value *value,
                                struct ds_topo_node *node);
DS_MUST_USE ds_rc ds_load_addresses(struct ds_load *load);
DS_MUST_USE ds_rc ds_load_media_points(struct ds_load *load); /* after the addresses */
DS_MUST_USE ds_rc ds_load_backups(struct ds_load *load);      /* of pools; before the homes */
DS_MUST_USE ds_rc ds_check_places(struct ds_load *load);      /* homes, numbers, tones */
DS_MUST_USE ds_rc ds_load_control(struct ds_load *load);      /* who controls a telephone */
DS_MUST_USE ds_rc ds_load_voice_mail(struct ds_load *load);   /* after the places */
DS_MUST_USE ds_rc ds_load_call_park(struct ds_load *load);    /* after the rules */
DS_MUST_USE ds_rc ds_load_handling(struct ds_load *load);     /* after voice mail */
/* Team, and what a client takes over from a phone. */
DS_MUST_USE ds_rc ds_load_person(const struct ds_load *load, struct ds_topo_node *node);
DS_MUST_USE ds_rc ds_load_outside(struct ds_load *load); /* av, nat; after the addresses */
DS_MUST_USE ds_rc ds_load_trunks(struct ds_load *load);
/* What a trunk makes of numbers and codes; after its ends are known. */
DS_MUST_USE ds_rc ds_load_translation(const struct ds_load *load,
                                      const struct ds_value *value,
                                      struct ds_trunk *trunk);
DS_MUST_USE ds_rc ds_load_rules(struct ds_load *load);
DS_MUST_USE ds_rc ds_load_routes(struct ds_load *load);
DS_MUST_USE ds_rc ds_load_usages(struct ds_load *load); /* after the routes, as is the next */
/* Of whoever calls: refuses a usage that no route is for. */
DS_MUST_USE ds_rc ds_load_admitted(const struct ds_load *load,
                                   const struct ds_value *list,
                                   struct ds_usages *out);
DS_MUST_USE ds_rc ds_load_locations(struct ds_load *load); /* location-based routing */
DS_MUST_USE ds_rc ds_load_admission(struct ds_load *load); /* after the places */
bool ds_usage_is_served(const struct ds_topo *topo, const char *usage);
DS_MUST_USE ds_rc ds_load_emergency(struct ds_load *load); /* after trunks and usages */
DS_MUST_USE ds_rc ds_load_rates(struct ds_load *load);
DS_MUST_USE ds_rc ds_load_traffic(struct ds_load *load);
DS_MUST_USE ds_rc ds_load_defects(struct ds_load *load);
DS_MUST_USE ds_rc ds_check_option(struct ds_load *load);

const struct ds_value *ds_node_value(const struct ds_load *load, const struct ds_topo_node *node);
bool ds_role_parse(struct ds_slice word, enum ds_role_kind *out);
bool ds_is_guid(const char *text);
bool ds_is_e164(const char *text);
bool ds_is_name(const char *text); /* [a-z][a-z0-9_]*, at most 31 */

DS_MUST_USE ds_rc ds_net_parse(const struct ds_load *load,
                               const struct ds_value *value,
                               struct ds_site *site);

/* An address that a node has besides its own: in the net of a site outside or inside, and nobody
 * else's. */
DS_MUST_USE ds_rc ds_read_second_address(const struct ds_load *load,
                                         const struct ds_topo_node *node,
                                         const char *word,
                                         bool external,
                                         struct ds_addr *out);

/* Refuses what is no rule, and compiles its pattern. */
DS_MUST_USE ds_rc ds_rule_check(const struct ds_load *load, int line, struct ds_number_rule *rule);
/* Takes "to" and "becomes" from a line of `noun`. */
DS_MUST_USE ds_rc ds_load_number_rule(const struct ds_load *load,
                                      const struct ds_value *value,
                                      const char *noun,
                                      struct ds_number_rule *rule);
/* Likewise, and refuses a line without "becomes". */
DS_MUST_USE ds_rc ds_load_rewriting(const struct ds_load *load,
                                    const struct ds_value *value,
                                    const char *noun,
                                    struct ds_number_rule *rule);
/* Does the number match, and what does it become? `out` may be NULL. False, too, when the new
 * number has no room. */
bool ds_rule_apply(const struct ds_number_rule *rule,
                   struct ds_slice number,
                   char *out,
                   size_t size);

#endif
