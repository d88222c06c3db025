#ifndef DS_TEST_SHIPPED_H
#define DS_TEST_SHIPPED_H

/* A topology of topologies/, and its people and elements by name. */

#include "support.h"

#include <stdio.h>

#include "planning.h"

static inline const struct ds_topo *
shipped(struct ds_arena *arena, const char *name, const char *variant)
{
    char path[1024];
    const struct ds_topo_choice choice = {.variant = variant, .bypass = -1};
    const struct ds_topo *topo = NULL;
    struct ds_why why;
    snprintf(path, sizeof path, "topologies/%s.lua", name);
    if (ds_topo_load(path, &choice, arena, &topo, &why) != DS_OK)
        fail_msg("%s", why.text);
    return topo;
}

static inline const struct ds_topo_node *node(const struct ds_topo *topo, const char *name)
{
    const struct ds_topo_node *found = ds_topo_find(topo, ds_slice_of(name));
    if (found == NULL)
        fail_msg("%s has no '%s'", topo->name, name);
    return found;
}

#endif
