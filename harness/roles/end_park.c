#include "transfer_internal.h"

#include <stdio.h>

/* A user parks a call (RFC 5359 2.15): holds it, calls the call park service, whose answer tells
   the orbit, and asks the service by REFER to take the user's place. The other one clears the call.
 */

int ds_end_park_status(const struct ds_end *end)
{
    DS_CHECK(end, DS_END_MAGIC);
    return end->park_status;
}

const char *ds_end_orbit(const struct ds_end *end)
{
    DS_CHECK(end, DS_END_MAGIC);
    return end->orbit;
}

void ds_end_park_failed(struct ds_end *end, int status)
{
    if (!end->parking)
        return;
    end->parking = false;
    end->park_status = status;
}

static void call_service(struct ds_end *end)
{
    struct ds_why why;
    struct ds_end *call = NULL;
    const struct ds_dial dial = {.number = end->node->topo->call_park.service->name};
    if (ds_end_outgoing(end->node, end->line, &dial, &call, &why) == DS_OK) {
        call->parks = end;
    } else {
        ds_node_log(end->node, 1, "cannot park: %s", why.text);
        ds_end_park_failed(end, 503);
    }
}

/* A peer that does not agree to a hold cannot be parked ([QGW]: domain.md 5.4). */
void ds_end_park_held(struct ds_end *end, const struct ds_sdp_media *answer)
{
    struct ds_why why;
    if (answer != NULL && answer->direction == DS_INACTIVE) {
        call_service(end);
        return;
    }
    ds_node_log(end->node, 1, "the hold is not answered with inactive: the call is dropped");
    ds_end_park_failed(end, 488);
    if (ds_end_hang_up(end, &why) != DS_OK)
        ds_node_log(end->node, 1, "%s", why.text);
}

ds_rc ds_end_park(struct ds_end *end, struct ds_why *why)
{
    DS_CHECK(end, DS_END_MAGIC);
    const struct ds_topo_node *place = end->node->place;
    if (place->role != DS_ROLE_CLIENT)
        return ds_fail(why, DS_STATE, "%s is a %s: Enterprise Voice users alone park calls",
                       place->name, ds_role_name(place->role));
    if (end->node->topo->call_park.service == NULL)
        return ds_fail(why, DS_STATE, "%s cannot park: there is no call_park in this deployment",
                       place->name);
    if (end->state != DS_END_ANSWERED && !(end->state == DS_END_HELD && end->holding))
        return ds_end_wrong_state(end, "park", why);
    if (end->in_conference || end->focus != NULL)
        return ds_fail(why, DS_STATE, "%s cannot park: this call is in a conference", place->name);
    end->parking = true;
    end->park_status = 0;
    if (end->state == DS_END_ANSWERED)
        return ds_end_hold(end, true, why);
    call_service(end);
    return DS_OK;
}

/* ---- the call to the service ---- */

static void give_up(struct ds_end *call, int status)
{
    struct ds_why why;
    ds_end_park_reported(call, status);
    if (ds_end_hang_up(call, &why) != DS_OK)
        ds_node_log(call->node, 1, "%s", why.text);
}

static void on_referred(void *owner, int status, const struct ds_msg *msg)
{
    (void)msg;
    if (status >= 300)
        give_up(owner, status);
}

void ds_end_park_answered(struct ds_end *call, const struct ds_msg *answer)
{
    char referred_by[192];
    struct ds_slice contact = {NULL, 0}, params;
    struct ds_refer_target target;
    struct ds_end *end = call->parks;
    (void)ds_msg_value(answer, "Contact", 0, &contact);
    ds_node_number(ds_value_uri(contact, &params), end->orbit, sizeof end->orbit);
    ds_end_name_referrer(call, referred_by, sizeof referred_by);
    if (!ds_end_name_other(end, &target) ||
        ds_session_refer(call->session, &target, referred_by, on_referred, call) != DS_OK)
        give_up(call, 503);
    else
        ds_end_be_patient(call); /* the service may have lost it */
}

void ds_end_park_reported(struct ds_end *call, int status)
{
    struct ds_end *end = call->parks;
    if (end == NULL || status < 200)
        return;
    end->parking = false;
    if (end->park_status == 0)
        end->park_status = status;
}
