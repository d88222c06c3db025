#include "roles_internal.h"

#include <string.h>

#define DEFECT(role, name, requirement, sentence, run, allowed)                                    \
    {DS_ROLE_##role, #name, requirement, sentence, run, allowed},
static const struct ds_defect defects[] = {
#include "defects.def"
};
#undef DEFECT

const struct ds_defect *ds_defects(size_t *count)
{
    *count = DS_COUNT(defects);
    return defects;
}

bool ds_node_has_defect(const struct ds_node *node, const char *name)
{
    DS_CHECK(node, DS_NODE_MAGIC);
    for (size_t i = 0; i < node->place->defect_count; i++)
        if (strcmp(node->place->defects[i], name) == 0)
            return true;
    return false;
}
