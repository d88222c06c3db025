#include "roles_internal.h"

/* What a call looks like to the person at its end. */

enum ds_end_state ds_end_state(const struct ds_end *end)
{
    DS_CHECK(end, DS_END_MAGIC);
    return end->state;
}

bool ds_end_is(const struct ds_end *end, enum ds_end_state state)
{
    DS_CHECK(end, DS_END_MAGIC);
    bool passes = state == DS_END_RINGING || state == DS_END_EARLY;
    bool unsettled = end->offering && (state == DS_END_HELD || state == DS_END_ANSWERED);
    return (end->state == state && !unsettled) || (passes && (end->reached & 1u << state) != 0);
}

int ds_end_status(const struct ds_end *end)
{
    DS_CHECK(end, DS_END_MAGIC);
    return end->status;
}

const struct ds_msg *ds_end_msg(const struct ds_end *end)
{
    DS_CHECK(end, DS_END_MAGIC);
    return end->msg;
}

const struct ds_topo_node *ds_end_place(const struct ds_end *end)
{
    DS_CHECK(end, DS_END_MAGIC);
    return end->node->place;
}

const char *ds_end_peer_number(const struct ds_end *end)
{
    DS_CHECK(end, DS_END_MAGIC);
    return end->peer_number;
}

const char *ds_end_digits(const struct ds_end *end)
{
    DS_CHECK(end, DS_END_MAGIC);
    return end->digits;
}

bool ds_end_hears(const struct ds_end *end)
{
    DS_CHECK(end, DS_END_MAGIC);
    return end->hears;
}

bool ds_end_digits_sent(const struct ds_end *end)
{
    DS_CHECK(end, DS_END_MAGIC);
    return end->media == NULL || ds_media_digits_done(end->media);
}
