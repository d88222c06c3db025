#ifndef DS_CRYPTO_INTERNAL_H
#define DS_CRYPTO_INTERNAL_H

/* What elements say of SRTP to one another (crypto.c), and whose keys they say on the two sides of
 * a bridge (bridge_secure.c): domain.md 2.3, 5.3. */

#include "bridge_internal.h"

/* What a node demands of the audio between it and a peer (NULL: a stranger, or a client's pool). */
enum ds_encryption ds_node_encryption(const struct ds_node *node, const struct ds_topo_node *peer);
/* Can such an element take this offer or answer? */
bool ds_encryption_takes(enum ds_encryption encryption, const struct ds_sdp_media *audio);
/* What goes into an offer, or into the answer to one, where these a=crypto lines are at hand
   (empty: none). False: nothing that the one who says it may say. */
bool ds_secure_offer(enum ds_encryption encryption,
                     struct ds_slice crypto,
                     struct ds_sdp_secure *out);
bool ds_secure_answer(enum ds_encryption encryption,
                      struct ds_slice crypto,
                      const struct ds_sdp_media *offer,
                      struct ds_sdp_secure *out);
/* The same under keys of one's own media. `answers` NULL: an offer. */
bool ds_secure_media(struct ds_media *media,
                     enum ds_encryption encryption,
                     const struct ds_sdp_media *answers,
                     struct ds_sdp_secure *out);

/* May audio between us and that side be as it is described there? */
bool ds_bridge_takes(const struct ds_bridge_side *side, const struct ds_sdp_media *audio);
/* What `side` is told of SRTP, as for ds_bridge_say(). Where audio goes past us `keys` has room for
   the other side's; NULL: our own. False: they have nothing in common. */
bool ds_bridge_secure(struct ds_bridge_side *side,
                      const struct ds_sdp_media *of_other,
                      const struct ds_sdp_media *answers,
                      struct ds_buf *keys,
                      struct ds_sdp_secure *out);

#endif
