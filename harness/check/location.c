#include "location_internal.h"
#include "registration_internal.h"

/* Where the devices of a user are for location-based routing: the topology says where each stands,
   and the REGISTERs of the capture which of them are signed in. */

/* RFC 3261 10.3 step 8: the answer to who signs in lists the device, and that to who leaves does
   not. A capture that begins later tells nothing of it. */
static bool is_signed_in(const struct ds_judge *judge,
                         const struct ds_topo_node *device,
                         const struct ds_event *invite)
{
    const struct ds_event *last = NULL;
    for (size_t i = 0; i < judge->outside_count && judge->outside[i]->frame < invite->frame; i++) {
        const struct ds_event *event = judge->outside[i];
        if (event->to_node == device && ds_event_takes_registration(event))
            last = event;
    }
    return last == NULL ? !device->away
                        : ds_registration_until(last, ds_event_contact(last)) >= invite->at;
}

bool ds_call_has_device_at(const struct ds_judge *judge,
                           const struct ds_call *call,
                           const struct ds_topo_node *device,
                           const struct ds_site *site)
{
    for (size_t i = 0; i < judge->topo->node_count; i++) {
        const struct ds_topo_node *other = &judge->topo->nodes[i];
        if (other->user != NULL && other->user == device->user && ds_topo_location(other) == site &&
            is_signed_in(judge, other, call->hops[0].invite))
            return true;
    }
    return false;
}

const struct ds_site *ds_subject_location(const struct ds_judge *judge,
                                          const struct ds_subject *subject)
{
    const struct ds_trunk *trunk = ds_subject_came_in_by(judge, subject);
    return trunk != NULL && trunk->users_at != NULL ? trunk->users_at
                                                    : ds_topo_location(subject->caller);
}

bool ds_subject_is_elsewhere(const struct ds_judge *judge, const struct ds_subject *subject)
{
    const struct ds_trunk *trunk = ds_subject_came_in_by(judge, subject);
    return trunk != NULL && trunk->restricted_to != NULL &&
           ds_is_role(subject->callee, DS_ROLE_CLIENT) &&
           !ds_call_has_device_at(judge, subject->call, subject->callee, trunk->restricted_to);
}
