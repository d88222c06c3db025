#ifndef DS_TOPO_ENCRYPTION_H
#define DS_TOPO_ENCRYPTION_H

/* Who encrypts audio, and who may do without (domain.md 2.3). Part of topo.h. */

#include "base.h"

struct ds_topo;
struct ds_topo_node;
struct ds_trunk;

/* SRTPMode of a trunk, EncryptionLevel of the clients. */
enum ds_encryption { DS_ENCRYPTION_OFF, DS_ENCRYPTION_OPTIONAL, DS_ENCRYPTION_REQUIRED };

/* What one element demands of the audio between it and another: a client what all clients do, a
 * Mediation Server what its trunk or, towards the pool, the clients do, and a peer what its trunk
 * does, as far as it can. Lines and circuits have none. */
enum ds_encryption ds_topo_encryption(const struct ds_topo *topo,
                                      const struct ds_topo_node *node,
                                      const struct ds_topo_node *other);
bool ds_topo_encrypts(const struct ds_topo *topo); /* anybody */
/* Can the clients and the far end of that trunk agree on SRTP, or on none, by themselves? */
bool ds_topo_encrypts_alike(const struct ds_topo *topo, const struct ds_trunk *trunk);

#endif
