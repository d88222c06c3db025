#ifndef DS_MISBEHAVIOUR_H
#define DS_MISBEHAVIOUR_H

/* What elements can be told to do wrongly, so that each check is shown to fail (defects.def). Part
 * of roles.h. */

#include "topo.h"

struct ds_node;

struct ds_defect {
    enum ds_role_kind role;
    const char *name;        /* "keeps_media" */
    const char *requirement; /* the id that must catch it */
    const char *sentence;    /* what it does */
    const char *run;         /* which shows it best: "calls/busy@voip_only:bypass_on/ev_to_pstn" */
    const char *allowed; /* other ids that may turn red with it, and why after a colon: "MED-14: …";
                            or "" */
};

const struct ds_defect *ds_defects(size_t *count);
bool ds_node_has_defect(const struct ds_node *node, const char *name);

#endif
