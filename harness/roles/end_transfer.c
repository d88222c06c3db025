#include "conference_internal.h"
#include "transfer_internal.h"

#include <stdio.h>
#include <string.h>

/* A person hands a call over, or is handed over. Where somebody is to be called instead of whom one
   speaks with, that call is made beside this one, and takes its place once it is answered: the
   person, and whoever holds the end in hand, goes on talking. */

/* ---- handing over ---- */

static void on_referred(void *owner, int status, const struct ds_msg *msg)
{
    struct ds_end *end = owner;
    (void)msg;
    if (status < 300)
        return;
    end->transfer_status = status;
    ds_end_tell_line(end);
}

void ds_end_name_referrer(const struct ds_end *end, char *out, size_t size)
{
    const struct ds_topo_node *place = end->node->place;
    const char *name = place->role == DS_ROLE_CLIENT ? place->user->name : place->name;
    snprintf(out, size, "<sip:%s@%s>", name, end->node->topo->domain);
}

static ds_rc refer(struct ds_end *end, const struct ds_refer_target *target, struct ds_why *why)
{
    char referred_by[192];
    const struct ds_topo_node *place = end->node->place;
    if (place->role != DS_ROLE_CLIENT && place->role != DS_ROLE_UM &&
        place->role != DS_ROLE_CALL_PARK)
        return ds_fail(why, DS_STATE, "%s is a %s: Enterprise Voice users alone transfer calls",
                       place->name, ds_role_name(place->role));
    if (end->state != DS_END_ANSWERED && end->state != DS_END_HELD)
        return ds_fail(why, DS_STATE, "%s cannot transfer: this call is %s", place->name,
                       ds_end_state_name(end->state));
    if (end->in_conference)
        return ds_fail(why, DS_STATE, "%s cannot transfer: this call is in a conference",
                       place->name);
    ds_end_name_referrer(end, referred_by, sizeof referred_by);
    end->transfer_status = 0;
    ds_rc rc = ds_session_refer(end->session, target, referred_by, on_referred, end);
    return rc == DS_OK ? DS_OK : ds_fail(why, rc, "%s cannot send REFER", place->name);
}

/* A colleague is known by number too, and what is dialled by the dial plan. */
static void find_number(const struct ds_node *node, const char *dialled, char *number, size_t size)
{
    const struct ds_topo_node *named = ds_topo_find(node->topo, ds_slice_of(dialled));
    if (named != NULL && named->number != NULL)
        dialled = named->number;
    if (!ds_topo_normalize(node->topo, NULL, ds_slice_of(dialled), number, size))
        ds_slice_copy(ds_slice_of(dialled), number, size);
}

void ds_end_name_target(const struct ds_node *node,
                        const char *dialled,
                        struct ds_refer_target *target)
{
    char number[64];
    find_number(node, dialled, number, sizeof number);
    snprintf(target->uri, sizeof target->uri, "sip:%s@%s;user=phone", number, node->topo->domain);
}

/* An element by its own address, with the number where that says none; a colleague's device is
 * known to the pool only, by the number of its user. */
static bool name_address(const struct ds_end *end, struct ds_refer_target *target)
{
    char number[64], address[sizeof target->uri];
    struct ds_uri uri;
    if (!ds_session_remote_target(end->session, address, sizeof address) ||
        ds_uri_parse(ds_slice_of(address), &uri) != DS_OK)
        return false;
    if (ds_topo_by_fqdn(end->node->topo, uri.host) == NULL) {
        ds_end_name_target(end->node, end->peer_number, target);
        return true;
    }
    find_number(end->node, end->peer_number, number, sizeof number);
    int len = uri.user.len > 0
                  ? snprintf(target->uri, sizeof target->uri, "%s", address)
                  : snprintf(target->uri, sizeof target->uri, "sip:%s@%s", number, uri.host.at);
    return len > 0 && (size_t)len < sizeof target->uri;
}

bool ds_end_name_other(const struct ds_end *end, struct ds_refer_target *target)
{
    return end->session != NULL &&
           ds_session_name_dialog(end->session, target->replaces, sizeof target->replaces) &&
           name_address(end, target);
}

ds_rc ds_end_hand_on(struct ds_end *end, const struct ds_end *other, struct ds_why *why)
{
    struct ds_refer_target target;
    if (!ds_end_name_other(other, &target))
        return ds_fail(why, DS_STATE, "%s has no such call any more", end->node->place->name);
    return refer(end, &target, why);
}

ds_rc ds_end_transfer(struct ds_end *end, const char *dialled, struct ds_why *why)
{
    struct ds_refer_target target = {.replaces = ""};
    DS_CHECK(end, DS_END_MAGIC);
    ds_end_name_target(end->node, dialled, &target);
    return refer(end, &target, why);
}

/* Of what lies behind the Mediation Server that has the dialog to be replaced; voice mail and
 * conferences replace none. */
ds_rc ds_end_transfer_to(struct ds_end *end, const struct ds_end *consulted, struct ds_why *why)
{
    char number[64];
    struct ds_refer_target target;
    DS_CHECK(end, DS_END_MAGIC);
    DS_CHECK(consulted, DS_END_MAGIC);
    const char *name = end->node->place->name;
    if (consulted == end || consulted->node != end->node || !ds_end_name_other(consulted, &target))
        return ds_fail(why, DS_STATE, "%s transfers one call to another of its own that is up",
                       name);
    if (consulted->in_conference)
        return ds_fail(why, DS_STATE, "%s has spoken in a conference: use transfer", name);
    find_number(end->node, consulted->peer_number, number, sizeof number);
    if (ds_topo_is_voice_mail(end->node->topo, ds_slice_of(number)))
        return ds_fail(why, DS_STATE, "%s has spoken to voice mail at %s: use transfer", name,
                       number);
    return refer(end, &target, why);
}

int ds_end_transfer_status(const struct ds_end *end)
{
    DS_CHECK(end, DS_END_MAGIC);
    return end->transfer_status;
}

/* The other one has been connected elsewhere: there is nobody left to talk to. */
static void take_report(struct ds_end *end, int status)
{
    struct ds_why why;
    ds_session_reply(end->session, 200, NULL);
    if (ds_end_take_conference_report(end, status))
        return;
    end->transfer_status = status;
    bool done = status >= 200 && (status < 300 || end->parks != NULL);
    ds_end_park_reported(end, status);
    ds_end_tell_line(end);
    if (done && !ds_node_has_defect(end->node, "stays_after_transfer") &&
        ds_end_hang_up(end, &why) != DS_OK)
        ds_node_log(end->node, 1, "%s", why.text);
}

/* ---- being handed over ---- */

static void call_target(struct ds_end *end, const struct ds_msg *refer)
{
    char number[64], referred_by[256] = "";
    struct ds_refer_target target;
    struct ds_slice value;
    struct ds_why why;
    struct ds_end *fresh = NULL;
    if (!ds_refer_target_read(refer, &target)) {
        ds_session_reply(end->session, 400, NULL);
        return;
    }
    if (ds_msg_header(refer, "Referred-By", 0, &value))
        ds_slice_copy(value, referred_by, sizeof referred_by);
    ds_node_number(ds_slice_of(target.uri), number, sizeof number);
    bool elsewhere = ds_refer_mediation(end->node, &target) != NULL;
    const struct ds_dial dial = {.number = number,
                                 .replaces = target.replaces,
                                 .referred_by = referred_by,
                                 .uri = elsewhere ? target.uri : NULL};
    ds_session_reply(end->session, 202, NULL);
    ds_session_report(end->session, 100);
    if (ds_end_outgoing(end->node, end->line, &dial, &fresh, &why) == DS_OK) {
        fresh->stands_for = end;
    } else {
        ds_node_log(end->node, 1, "cannot call %s: %s", number, why.text);
        ds_session_report(end->session, 503);
    }
}

void ds_end_asked(void *owner, const struct ds_msg *msg)
{
    struct ds_end *end = owner;
    int status = ds_report_status(msg);
    bool refers = ds_msg_method_is(msg, "REFER");
    enum ds_role_kind role = end->node->place->role;
    bool is_up = end->state == DS_END_ANSWERED || end->state == DS_END_HELD;
    bool may = (role == DS_ROLE_CLIENT || role == DS_ROLE_CALL_PARK) && is_up;
    if (status != 0)
        take_report(end, status);
    else if (refers && is_up && end->line->refer != NULL)
        end->line->refer(end, msg);
    else if (refers && may)
        call_target(end, msg);
    else if (refers)
        ds_session_reply(end->session, 603, NULL);
    else
        ds_session_reply(end->session, ds_msg_method_is(msg, "INFO") ? 200 : 405, NULL);
}

/* ---- one call in the place of another ---- */

void ds_end_swap_calls(struct ds_end *end, struct ds_end *fresh)
{
    struct ds_session *session = end->session;
    struct ds_media *media = end->media;
    struct ds_description description = end->description;
    ds_supervision_stop(&end->supervision);
    ds_supervision_stop(&fresh->supervision);
    end->session = fresh->session;
    end->media = fresh->media;
    end->description = fresh->description;
    fresh->session = session;
    fresh->media = media;
    fresh->description = description;
    memcpy(end->peer_number, fresh->peer_number, sizeof end->peer_number);
    memcpy(end->accepted_content_id, fresh->accepted_content_id, sizeof end->accepted_content_id);
    end->holding = end->offering = false;
    ds_timer_stop(ds_net_clock(end->node->net), &end->offer_again);
    ds_end_hold_in_hand(end);
    ds_end_hold_in_hand(fresh);
}

/* Nobody is left to speak with whoever was called. */
static void abandon(struct ds_end *fresh)
{
    struct ds_why why;
    fresh->stands_for = NULL;
    if (ds_end_hang_up(fresh, &why) != DS_OK)
        ds_node_log(fresh->node, 1, "%s", why.text);
}

void ds_end_transfer_over(const struct ds_end *end)
{
    const struct ds_list *head = &end->node->ends;
    for (struct ds_list *at = head->next; at != head; at = at->next) {
        struct ds_end *fresh = DS_OWNER(at, struct ds_end, link);
        if (fresh->stands_for == end)
            abandon(fresh);
    }
}

void ds_end_take_place(struct ds_end *fresh)
{
    struct ds_end *end = fresh->stands_for;
    bool asked_for = !fresh->incoming;
    if (end->session == NULL || ds_session_state(end->session) != DS_SESSION_UP) {
        abandon(fresh);
        return;
    }
    fresh->stands_for = NULL;
    ds_end_swap_calls(end, fresh);
    ds_end_stop_media(fresh);
    ds_end_become(end, DS_END_ANSWERED, 200, fresh->msg);
    if (asked_for)
        ds_session_report(fresh->session, 200);
    else if (!ds_node_has_defect(end->node, "keeps_replaced_call"))
        ds_session_hang_up(fresh->session, NULL);
}

void ds_end_transfer_failed(struct ds_end *fresh, int status)
{
    struct ds_end *end = fresh->stands_for;
    fresh->stands_for = NULL;
    if (end->session != NULL)
        ds_session_report(end->session, status);
}

struct ds_end *ds_end_replaced(struct ds_node *node, const struct ds_msg *invite)
{
    const struct ds_session *session = ds_ua_replaced(node->ua, invite);
    for (struct ds_list *at = node->ends.next; at != &node->ends; at = at->next) {
        struct ds_end *end = DS_OWNER(at, struct ds_end, link);
        if (session != NULL && end->session == session)
            return end;
    }
    return NULL;
}

void ds_end_replace(struct ds_end *end, struct ds_end *fresh)
{
    struct ds_why why;
    fresh->taken = true;
    fresh->stands_for = end;
    if (ds_end_answer(fresh, &why) != DS_OK)
        ds_node_log(end->node, 1, "%s", why.text);
}
