#include "roles_internal.h"

/* A fax machine at an end, instead of a person: what it says and hears is T.30. */

static void say(void *owner, int16_t *samples, size_t count)
{
    struct ds_end *end = owner;
    ds_fax_machine_say(end->fax, samples, count);
}

static void hear(void *owner, const int16_t *samples, size_t count)
{
    struct ds_end *end = owner;
    ds_fax_machine_hear(end->fax, samples, count);
}

void ds_end_start_fax(struct ds_end *end)
{
    const struct ds_media_sound sound = {.say = say, .hear = hear, .owner = end};
    ds_media_set_sound(end->media, &sound);
}

static bool has_machine(const struct ds_topo_node *place)
{
    return place->role == DS_ROLE_FAX || place->role == DS_ROLE_PSTN;
}

ds_rc ds_end_fax(struct ds_end *end, const struct ds_fax_page *page, struct ds_why *why)
{
    const char *what = page != NULL ? "send a fax" : "receive a fax";
    DS_CHECK(end, DS_END_MAGIC);
    if (!has_machine(end->node->place))
        return ds_fail(why, DS_STATE, "%s cannot %s: there is no machine but at a fax or the pstn",
                       end->node->place->name, what);
    if (end->session == NULL || end->fax != NULL)
        return ds_fail(why, DS_STATE, "%s cannot %s: %s", end->node->place->name, what,
                       end->fax != NULL ? "its machine is at work" : "this call is over");
    if (end->incoming != (page == NULL))
        return ds_fail(why, DS_STATE, "%s cannot %s: who calls sends, and who is called receives",
                       end->node->place->name, what);
    ds_rc rc = ds_fax_machine_new(page, &end->fax, why);
    if (rc == DS_OK && end->state == DS_END_ANSWERED)
        ds_end_start_talking(end);
    return rc;
}

enum ds_fax_state ds_end_fax_state(const struct ds_end *end)
{
    DS_CHECK(end, DS_END_MAGIC);
    return end->fax == NULL ? DS_FAX_BUSY : ds_fax_machine_state(end->fax);
}

const char *ds_end_fax_outcome(const struct ds_end *end)
{
    DS_CHECK(end, DS_END_MAGIC);
    return end->fax == NULL ? "" : ds_fax_machine_outcome(end->fax);
}
