#ifndef DS_DIRECTORY_INTERNAL_H
#define DS_DIRECTORY_INTERNAL_H

/*
 * Who has moved from the PBX to Enterprise Voice, as each element has been told for itself
 * (ds_node_enter): to the pool they are its users, to a PBX or gateway the exceptions that come
 * before its routes. [SEED], domain.md 1.1 row 6: who moves keeps the number.
 */

#include "roles_internal.h"

struct ds_bridge;

/* Who has this number or extension, by what the element knows; NULL: nobody. */
const struct ds_topo_node *ds_directory_owner(const struct ds_node *node, struct ds_slice number);
/* Whose it is, assigned or not. */
enum ds_role_kind ds_directory_population(const struct ds_node *node, struct ds_slice number);
/* Is this client a user here? One who is to move is none before. */
bool ds_directory_has_user(const struct ds_node *node, const struct ds_topo_node *client);
/* The first trunk's far end that leads a PBX or gateway to Enterprise Voice, where the number is
 * that of somebody who has moved; NULL: the routes say where it goes. */
const struct ds_topo_node *ds_directory_way(const struct ds_node *node, struct ds_slice number);
/* Would the call go back where it came from? Then the element refuses it with 482. */
bool ds_directory_returns(const struct ds_bridge *bridge);

#endif
