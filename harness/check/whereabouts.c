#include "course_internal.h"

/* Where somebody is who moves from the PBX to Enterprise Voice. Captures tell: at the client while
   that is signed in, else at the telephone. */

/* RFC 3261 10.3 step 8: the answer to a REGISTER lists what is registered from now on. */
static bool tells_of(const struct ds_event *event, const struct ds_topo_node *client)
{
    return ds_msg_status(event->msg) == 200 && ds_msg_method_is(event->msg, "REGISTER") &&
           ds_slice_equal(ds_event_user(event, "To"), ds_slice_of(client->name));
}

static bool is_signed_in(const struct ds_event *answer)
{
    struct ds_slice contact;
    return answer != NULL && ds_msg_value(answer->msg, "Contact", 0, &contact);
}

static const struct ds_event *
last_answer(const struct ds_judge *judge, const struct ds_topo_node *client, uint32_t frame)
{
    const struct ds_event *last = NULL;
    for (size_t i = 0; i < judge->outside_count && judge->outside[i]->frame < frame; i++)
        if (tells_of(judge->outside[i], client))
            last = judge->outside[i];
    return last;
}

struct ds_whereabouts ds_judge_whereabouts(const struct ds_judge *judge,
                                           const struct ds_topo_node *person,
                                           uint32_t frame)
{
    const struct ds_topo_node *phone =
        person != NULL && person->moves_from != NULL ? person->moves_from : person;
    const struct ds_topo_node *client = ds_topo_successor(judge->topo, phone);
    if (client == NULL)
        return (struct ds_whereabouts){.device = person};
    const struct ds_event *answer = last_answer(judge, client, frame);
    bool moved = is_signed_in(answer);
    return (struct ds_whereabouts){.device = moved ? client : phone,
                                   .left = moved ? phone : client,
                                   .since = answer == NULL ? 0 : answer->frame};
}
