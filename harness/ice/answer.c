#include "ice_internal.h"

/* The peer's connectivity checks: RFC 8445 7.3. */

static void
refuse(struct ds_ice *ice, const struct ds_stun *msg, int status, bool relayed, struct ds_addr to)
{
    ice->text.len = 0;
    ds_stun_begin(&ice->text, DS_STUN_ERROR, DS_STUN_BINDING, msg->id);
    ds_stun_put_error(&ice->text, status);
    if (status == 487)
        ds_stun_sign(&ice->text, ds_slice_of(ice->pwd));
    ds_stun_finish(&ice->text);
    ds_ice_say(ice, relayed, to);
}

static void agree(struct ds_ice *ice, const struct ds_stun *msg, bool relayed, struct ds_addr to)
{
    ice->text.len = 0;
    ds_stun_begin(&ice->text, DS_STUN_SUCCESS, DS_STUN_BINDING, msg->id);
    ds_stun_put_address(&ice->text, DS_STUN_XOR_MAPPED_ADDRESS, to);
    ds_stun_sign(&ice->text, ds_slice_of(ice->pwd));
    ds_stun_finish(&ice->text);
    ds_ice_say(ice, relayed, to);
}

/* 0: the check is for us, and by who knows our password. */
static int refusal(const struct ds_ice *ice, const struct ds_stun *msg)
{
    struct ds_slice user, ours;
    if (msg->integrity_at == 0 || !ds_stun_value(msg, DS_STUN_USERNAME, &user) ||
        !ds_slice_cut(&user, ':', &ours))
        return 400;
    bool known =
        ds_slice_equal(ours, ds_slice_of(ice->ufrag)) && ds_stun_is_by(msg, ds_slice_of(ice->pwd));
    return known ? 0 : 401;
}

/* Both cannot have the same role: the greater tie-breaker is controlling (RFC 8445 7.3.1.1). True:
 * the other one is to give in. */
static bool insists_on_role(struct ds_ice *ice, const struct ds_stun *msg)
{
    uint64_t theirs;
    uint16_t same = ice->controlling ? DS_STUN_ICE_CONTROLLING : DS_STUN_ICE_CONTROLLED;
    if (ice->options.lite || !ds_stun_tie_breaker(msg, same, &theirs))
        return false;
    bool we_are_greater = ice->tie_breaker >= theirs;
    if (we_are_greater == ice->controlling)
        return true;
    ice->controlling = !ice->controlling;
    ds_pairs_rank(ice);
    return false;
}

/* ---- what a check tells ---- */

static void learn(struct ds_ice *ice, const struct ds_ice_early *seen)
{
    struct ds_ice_pair *pair = ds_pair_find(ice, seen->relayed, seen->from);
    if (pair == NULL)
        pair = ds_pair_add(ice, seen->relayed, seen->from, seen->priority); /* peer-reflexive */
    if (pair == NULL)
        return;
    bool nominated = seen->nominated && !ice->controlling;
    pair->nominated_by_peer = pair->nominated_by_peer || nominated;
    if (ice->options.lite) {
        if (nominated)
            ds_ice_select(ice, pair);
        return;
    }
    if (nominated && pair->state == DS_PAIR_SUCCEEDED)
        ds_check_conclude(pair);
    else
        ds_check_trigger(pair);
}

static void remember(struct ds_ice *ice, const struct ds_ice_early *seen)
{
    for (size_t i = 0; i < ice->early_count; i++)
        if (ice->early[i].relayed == seen->relayed && ds_addr_equal(ice->early[i].from, seen->from))
            return;
    if (ice->early_count < DS_ICE_MOST_EARLY)
        ice->early[ice->early_count++] = *seen;
}

void ds_checks_early(struct ds_ice *ice)
{
    for (size_t i = 0; i < ice->early_count; i++)
        learn(ice, &ice->early[i]);
    ice->early_count = 0;
}

void ds_check_request(struct ds_ice *ice,
                      const struct ds_stun *msg,
                      bool relayed,
                      struct ds_addr from)
{
    struct ds_slice ignored;
    struct ds_ice_early seen = {.relayed = relayed, .from = from};
    int status = refusal(ice, msg);
    if (status == 0 && insists_on_role(ice, msg))
        status = 487;
    if (status != 0) {
        refuse(ice, msg, status, relayed, from);
        return;
    }
    agree(ice, msg, relayed, from);
    seen.nominated = ds_stun_value(msg, DS_STUN_USE_CANDIDATE, &ignored);
    (void)ds_stun_number(msg, DS_STUN_PRIORITY, &seen.priority);
    if (ice->remote_ufrag[0] == '\0')
        remember(ice, &seen);
    else
        learn(ice, &seen);
}
