#ifndef DS_SUPERVISION_INTERNAL_H
#define DS_SUPERVISION_INTERNAL_H

/* Whether a trunk's peer sends the RTCP that it has promised: [TC], domain.md 4. Part of
 * roles_internal.h. */

#include "media.h"
#include "topo.h"

struct ds_node;
struct ds_supervision;
typedef void ds_supervision_fn(struct ds_supervision *supervision);

struct ds_supervision {
    struct ds_timer timer;
    const struct ds_node *node;   /* borrowed; NULL: it does not run */
    const struct ds_media *media; /* borrowed: outlives it */
    const struct ds_trunk *trunk; /* borrowed */
    ds_us since;                  /* what was before counts no more */
    ds_supervision_fn *lost;
};

/* From now on; `lost` is told, once, when the peer of the trunk has sent nothing for more than 30 s
   of what it has promised. Starts anew where it runs. */
void ds_supervision_start(struct ds_supervision *supervision,
                          const struct ds_node *node,
                          const struct ds_media *media,
                          const struct ds_trunk *trunk,
                          ds_supervision_fn *lost);
void ds_supervision_stop(struct ds_supervision *supervision);
/* The trunk of the Mediation Server whose peer has its audio there; NULL: none. */
const struct ds_trunk *ds_supervised_trunk(const struct ds_topo *topo, struct ds_addr media);

#endif
