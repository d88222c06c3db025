#include "trunk_internal.h"

#include <stdio.h>

/* Pool and Mediation Server name a trunk to each other by the two that it joins (RFC 4904): in the
   Request-URI the one that a call is to leave by, in the Contact the one that it came in by. */

void ds_trunk_group_write(const struct ds_topo_node *mediation,
                          const struct ds_topo_node *peer,
                          char *out,
                          size_t size)
{
    snprintf(out, size, ";tgrp=%s;trunk-context=%s", peer->name, mediation->fqdn);
}

bool ds_trunk_group_is_named(struct ds_slice uri)
{
    struct ds_uri parsed;
    struct ds_slice group;
    return ds_uri_parse(uri, &parsed) == DS_OK && ds_param(parsed.user_params, "tgrp", &group);
}

const struct ds_trunk *ds_trunk_group_read(const struct ds_node *node, struct ds_slice uri)
{
    struct ds_uri parsed;
    struct ds_slice group, context;
    if (ds_uri_parse(uri, &parsed) != DS_OK || !ds_param(parsed.user_params, "tgrp", &group) ||
        !ds_param(parsed.user_params, "trunk-context", &context))
        return NULL;
    const struct ds_topo_node *mediation = ds_topo_by_fqdn(node->topo, context),
                              *peer = ds_topo_find(node->topo, group);
    return mediation == NULL || peer == NULL ? NULL : ds_topo_trunk(node->topo, mediation, peer);
}
