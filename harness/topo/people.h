#ifndef DS_TOPO_PEOPLE_H
#define DS_TOPO_PEOPLE_H

/*
 * Who moves from the PBX to Enterprise Voice: a phone, and the client that takes over its number,
 * extension and team (`moves_from`). A topology says where everybody begins, at the phone; who has
 * moved since, elements are told and captures show. [SEED], domain.md 1.1.
 */

struct ds_topo;
struct ds_topo_node;

/* The client that takes over from a phone; NULL: its user does not move. */
const struct ds_topo_node *ds_topo_successor(const struct ds_topo *topo,
                                             const struct ds_topo_node *phone);
/* Are both a phone or client of one user, who moves from the one to the other? */
bool ds_topo_same_person(const struct ds_topo_node *a, const struct ds_topo_node *b);

/* No further device of a user, and no client of somebody who is at a phone yet: counting these
 * counts people. */
bool ds_topo_is_first_device(const struct ds_topo_node *node);

#endif
