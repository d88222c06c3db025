#include "conference_internal.h"
#include "transfer_internal.h"

#include <stdio.h>

/* A person has somebody else join a call (RFC 4579 5.4, 5.5). The client has a conference made, has
   its focus call the other end in the place of this one (RFC 3891), and then whoever is to be
   added. Until the other end is there nothing has changed, so that a focus that takes no call costs
   nobody the one that there is. */

static void fail(struct ds_end *end, int status)
{
    end->added_status = status;
    ds_node_log(end->node, 1, "nobody is added: %d", status);
}

static ds_rc ask_focus(struct ds_end *in_conference,
                       const struct ds_refer_target *target,
                       ds_session_done_fn *done)
{
    char referred_by[192];
    ds_end_name_referrer(in_conference, referred_by, sizeof referred_by);
    return ds_session_refer(in_conference->session, target, referred_by, done, in_conference);
}

static void unlink_focus(struct ds_end *end)
{
    if (end->focus != NULL)
        end->focus->moves = NULL;
    end->focus = NULL;
}

/* ---- whom to add ---- */

static void on_added(void *owner, int status, const struct ds_msg *msg)
{
    (void)msg;
    if (status >= 300)
        fail(owner, status);
}

static void add(struct ds_end *end)
{
    struct ds_refer_target target = {.replaces = ""};
    ds_end_name_target(end->node, end->adds, &target);
    if (ask_focus(end, &target, on_added) != DS_OK)
        fail(end, 503);
}

/* ---- moving there ---- */

/* Who has taken the other call clears the one between us; where that does not come, we do. */
#define FAREWELL (5 * DS_S)

static void go_there(struct ds_end *end, struct ds_end *fresh)
{
    struct ds_why why;
    bool talks = end->talking;
    unlink_focus(end);
    ds_end_swap_calls(end, fresh);
    ds_end_stop_media(fresh);
    if (talks)
        ds_end_start_talking(end);
    if (ds_end_wait_at_most(fresh, FAREWELL, &why) != DS_OK)
        ds_node_log(end->node, 1, "%s", why.text);
    end->in_conference = true;
    ds_end_become(end, DS_END_ANSWERED, 200, fresh->msg);
}

static void stay_here(struct ds_end *fresh, int status)
{
    fail(fresh->moves, status);
    ds_end_forget_focus(fresh->moves);
}

static void on_asked_to_move(void *owner, int status, const struct ds_msg *msg)
{
    struct ds_end *fresh = owner;
    (void)msg;
    if (status >= 300 && fresh->moves != NULL)
        stay_here(fresh, status);
}

void ds_end_reached_focus(struct ds_end *fresh)
{
    struct ds_refer_target target;
    const struct ds_end *end = fresh->moves;
    if (!ds_end_name_other(end, &target) || ask_focus(fresh, &target, on_asked_to_move) != DS_OK)
        stay_here(fresh, 503);
}

struct ds_end *ds_end_goes_on_there(struct ds_end *end)
{
    struct ds_end *fresh = end->focus;
    if (fresh == NULL || fresh->session == NULL || fresh->state != DS_END_ANSWERED)
        return NULL;
    go_there(end, fresh);
    end->arrives = true;
    return fresh;
}

void ds_end_forget_focus(struct ds_end *end)
{
    struct ds_why why;
    struct ds_end *fresh = end->focus, *moves = end->moves;
    unlink_focus(end);
    if (moves != NULL)
        unlink_focus(moves);
    if (moves != NULL && moves->added_status == 0)
        fail(moves, 480);
    bool calls = fresh != NULL && (fresh->session != NULL || fresh->waits_to_invite);
    if (calls && ds_end_hang_up(fresh, &why) != DS_OK)
        ds_node_log(end->node, 1, "%s", why.text);
}

/* ---- what the focus reports ---- */

static void arrived(struct ds_end *end, int status)
{
    struct ds_why why;
    end->arrives = false;
    if (status < 300) {
        add(end);
        return;
    }
    fail(end, status);
    if (ds_end_hang_up(end, &why) != DS_OK)
        ds_node_log(end->node, 1, "%s", why.text);
}

bool ds_end_take_conference_report(struct ds_end *end, int status)
{
    struct ds_end *moves = end->moves;
    if (moves == NULL && !end->in_conference)
        return false;
    if (status < 200)
        return true;
    if (moves != NULL && status >= 300) {
        stay_here(end, status);
    } else if (moves != NULL) {
        go_there(moves, end);
        add(moves);
    } else if (end->arrives) {
        arrived(end, status);
    } else {
        end->added_status = status;
    }
    return true;
}

/* ---- what a person does ---- */

/* Whom a focus has called knows it by that (RFC 4579 4). */
static bool was_called_by_focus(const struct ds_end *end)
{
    return !ds_session_is_outgoing(end->session) &&
           ds_msg_is_from_focus(ds_session_invite_msg(end->session));
}

static ds_rc call_focus(struct ds_end *end, const char *at, struct ds_why *why)
{
    struct ds_end *fresh = NULL;
    char uri[320];
    const struct ds_dial dial = {.number = DS_CONFERENCE_FACTORY, .uri = uri};
    snprintf(uri, sizeof uri, "sip:%s@%s", DS_CONFERENCE_FACTORY, at);
    ds_rc rc = ds_end_outgoing(end->node, end->line, &dial, &fresh, why);
    if (rc != DS_OK)
        return rc;
    fresh->moves = end;
    end->focus = fresh;
    return DS_OK;
}

ds_rc ds_end_add(struct ds_end *end, const char *dialled, struct ds_why *why)
{
    DS_CHECK(end, DS_END_MAGIC);
    const struct ds_topo_node *place = end->node->place;
    const struct ds_topo_node *server = ds_topo_first(end->node->topo, DS_ROLE_CONFERENCING);
    if (place->role != DS_ROLE_CLIENT)
        return ds_fail(why, DS_STATE,
                       "%s is a %s: Enterprise Voice users alone add somebody to a call",
                       place->name, ds_role_name(place->role));
    if (server == NULL)
        return ds_fail(why, DS_STATE,
                       "%s cannot add anybody: this topology has no conferencing server",
                       place->name);
    if (end->state != DS_END_ANSWERED)
        return ds_fail(why, DS_STATE, "%s cannot add anybody: this call is %s", place->name,
                       ds_end_state_name(end->state));
    if (end->parking)
        return ds_fail(why, DS_STATE, "%s cannot add anybody: this call is being parked",
                       place->name);
    if (end->focus != NULL || end->arrives)
        return ds_fail(why, DS_STATE, "%s adds somebody else just now: wait_added first",
                       place->name);
    if (!ds_slice_copy(ds_slice_of(dialled), end->adds, sizeof end->adds))
        return ds_fail(why, DS_BAD, "'%.40s…' is no number: it is too long", dialled);
    end->added_status = 0;
    end->in_conference = end->in_conference || was_called_by_focus(end);
    if (!end->in_conference)
        return call_focus(end, server->fqdn, why);
    add(end);
    return DS_OK;
}

int ds_end_added_status(const struct ds_end *end)
{
    DS_CHECK(end, DS_END_MAGIC);
    return end->added_status;
}
