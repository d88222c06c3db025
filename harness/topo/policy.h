#ifndef DS_POLICY_H
#define DS_POLICY_H

/* By which trunks somebody may call out, in what order, and what a trunk makes of numbers and of
 * answers: domain.md 3.2 to 3.4, 4. Part of topo.h. */

#include "base.h"

struct ds_number_rule;
struct ds_rate;
struct ds_topo;
struct ds_topo_node;
struct ds_trunk;

#define DS_USAGES_MOST 8

/* PSTN usages: of a user (the voice policy), of a trunk (for calls that come in by it), in the
 * order in which they are tried; or those that a route is for. */
struct ds_usages {
    const char *names[DS_USAGES_MOST];
    size_t count;
    bool anywhere; /* a location policy's: no place keeps a call from their trunks */
};

bool ds_usages_have(const struct ds_usages *usages, const char *name);

/* The first rule that matches says what a number becomes. */
struct ds_translation {
    const struct ds_number_rule *rules;
    size_t count;
};

/* Unchanged where no rule matches. */
void ds_translate(const struct ds_translation *translation,
                  struct ds_slice number,
                  char *out,
                  size_t size);

/* SipResponseCodeTranslationRules: [SRC]. */
struct ds_code_rule {
    int status;
    int cause; /* of Q.850, in the Reason; 0: whatever it is */
    int becomes;
};

struct ds_code_translation {
    const struct ds_code_rule *rules;
    size_t count;
};

int ds_translate_code(const struct ds_code_translation *translation, int status, int cause);

/* The trunk by which a Mediation Server reaches its peer; NULL: none does. */
const struct ds_trunk *ds_topo_peer_trunk(const struct ds_topo *topo,
                                          const struct ds_topo_node *peer);
/* What a minute to this number costs by this peer; NULL: nobody says. */
const struct ds_rate *
ds_topo_rate(const struct ds_topo *topo, const struct ds_topo_node *peer, struct ds_slice number);

#endif
