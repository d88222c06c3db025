#include "topo_internal.h"

#include <string.h>

static const char *const names[] = {
    [DS_ENCRYPTION_OFF] = "off",
    [DS_ENCRYPTION_OPTIONAL] = "optional",
    [DS_ENCRYPTION_REQUIRED] = "required",
};

/* ---- the file ---- */

/* EncryptionLevel ([MC]) calls "supported" what SRTPMode ([TC]) calls "optional". */
ds_rc ds_load_encryption(struct ds_load *load)
{
    const char *word = ds_value_text(load->root, "encryption");
    if (word == NULL || strcmp(word, "off") == 0)
        load->topo->encryption = DS_ENCRYPTION_OFF;
    else if (strcmp(word, "supported") == 0)
        load->topo->encryption = DS_ENCRYPTION_OPTIONAL;
    else if (strcmp(word, "required") == 0)
        load->topo->encryption = DS_ENCRYPTION_REQUIRED;
    else
        return ds_refuse(load, ds_value_line(load->root, "encryption"),
                         "the encryption of the clients is required, supported or off, not "
                         "'%.40s'",
                         word);
    return DS_OK;
}

static bool parse(const char *word, enum ds_encryption *out)
{
    for (size_t i = 0; i < DS_COUNT(names); i++) {
        if (strcmp(word, names[i]) != 0)
            continue;
        *out = (enum ds_encryption)i;
        return true;
    }
    return false;
}

ds_rc ds_load_srtp(const struct ds_load *load, const struct ds_value *value, struct ds_trunk *trunk)
{
    const char *word = ds_value_text(value, "srtp");
    int line = ds_value_line(value, "srtp");
    if (word == NULL)
        return DS_OK;
    if (!parse(word, &trunk->srtp))
        return ds_refuse(load, line,
                         "the srtp of a trunk is required, optional or off, not '%.40s'", word);
    if (trunk->a->role != DS_ROLE_MEDIATION && trunk->b->role != DS_ROLE_MEDIATION)
        return ds_refuse(load, line, "only a trunk of the Mediation Server has srtp");
    if (trunk->srtp != DS_ENCRYPTION_OFF && trunk->transport != DS_TLS)
        return ds_refuse(load, line,
                         "a trunk over %s cannot have srtp = \"%s\": its keys would be told in the "
                         "clear",
                         ds_transport_name(trunk->transport), word);
    return DS_OK;
}

/* ---- what follows from it ---- */

enum ds_encryption ds_topo_encryption(const struct ds_topo *topo,
                                      const struct ds_topo_node *node,
                                      const struct ds_topo_node *other)
{
    if (node->role == DS_ROLE_CLIENT || node->role == DS_ROLE_CONFERENCING)
        return topo->encryption;
    if (node->role == DS_ROLE_MEDIATION && other->role == DS_ROLE_POOL)
        return topo->encryption;
    const struct ds_trunk *trunk = ds_topo_trunk(topo, node, other);
    bool can = node->role == DS_ROLE_MEDIATION || node->srtp;
    return trunk == NULL || !can ? DS_ENCRYPTION_OFF : trunk->srtp;
}

bool ds_topo_encrypts(const struct ds_topo *topo)
{
    bool encrypts = topo->encryption != DS_ENCRYPTION_OFF;
    for (size_t i = 0; i < topo->trunk_count; i++)
        encrypts = encrypts || topo->trunks[i].srtp != DS_ENCRYPTION_OFF;
    return encrypts;
}

/* The table of domain.md 2.3. Where the trunk leaves it to the peer, a peer that cannot encrypt is
 * none for clients that must. */
bool ds_topo_encrypts_alike(const struct ds_topo *topo, const struct ds_trunk *trunk)
{
    switch (topo->encryption) {
    case DS_ENCRYPTION_OFF:
        return trunk->srtp != DS_ENCRYPTION_REQUIRED;
    case DS_ENCRYPTION_OPTIONAL:
        return true;
    case DS_ENCRYPTION_REQUIRED:
        break;
    }
    return trunk->srtp == DS_ENCRYPTION_REQUIRED ||
           (trunk->srtp == DS_ENCRYPTION_OPTIONAL && trunk->b->srtp);
}
