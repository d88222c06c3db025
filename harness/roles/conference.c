#include "conference_internal.h"
#include "refer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A conference (RFC 4353): who is in it, what they hear, and what becomes of it when they leave. */

/* Of whom neither RTP nor RTCP comes for so long is taken for gone (RFC 3550 6.3.5), unless on
 * hold. */
#define MOST_SILENCE (30 * DS_S)
#define TICK         (DS_RTP_FRAME_SAMPLES * DS_S / DS_RTP_SAMPLE_RATE)
#define MOST_MEMBERS 64

/* ---- who is in a conference ---- */

struct ds_conference *ds_conference_new(struct ds_node *node)
{
    struct ds_conferences *conferences = node->state;
    struct ds_conference *conference = calloc(1, sizeof *conference);
    if (conference == NULL)
        return NULL;
    conference->node = node;
    snprintf(conference->id, sizeof conference->id, "conf-%016llx",
             (unsigned long long)ds_rng_next(node->rng));
    ds_list_init(&conference->members);
    ds_mixer_init(&conference->mixer);
    conference->mixer.echoes = ds_node_has_defect(node, "echoes_speaker");
    ds_list_append(&conferences->list, &conference->link);
    return conference;
}

struct ds_conference *ds_conference_find(const struct ds_node *node, const char *id)
{
    const struct ds_list *head = &((const struct ds_conferences *)node->state)->list;
    for (struct ds_list *at = head->next; at != head; at = at->next) {
        struct ds_conference *conference = DS_OWNER(at, struct ds_conference, link);
        if (strcmp(conference->id, id) == 0)
            return conference;
    }
    return NULL;
}

void ds_conference_free(struct ds_conference *conference)
{
    struct ds_list *next;
    for (struct ds_list *at = conference->members.next; at != &conference->members; at = next) {
        struct ds_member *member = DS_OWNER(at, struct ds_member, link);
        next = at->next;
        free(member);
    }
    ds_timer_stop(ds_net_clock(conference->node->net), &conference->tick);
    ds_list_remove(&conference->link);
    free(conference);
}

struct ds_member *ds_conference_add(struct ds_conference *conference, struct ds_end *asked_by)
{
    struct ds_member *member = conference->count == MOST_MEMBERS ? NULL : calloc(1, sizeof *member);
    if (member == NULL)
        return NULL;
    conference->count++;
    member->conference = conference;
    member->asked_by = asked_by;
    ds_list_append(&conference->members, &member->link);
    return member;
}

void ds_member_free(struct ds_member *member)
{
    struct ds_conference *conference = member->conference;
    conference->count--;
    ds_list_remove(&member->voice.link);
    ds_list_remove(&member->link);
    if (member->end != NULL)
        member->end->part = NULL;
    free(member);
}

void ds_member_hold(struct ds_member *member, struct ds_end *end)
{
    member->end = end;
    end->taken = true;
    end->part = member;
}

void ds_conference_settle(struct ds_conference *conference)
{
    if (ds_list_empty(&conference->members))
        ds_conference_free(conference);
}

/* ---- what they hear ---- */

static void say(void *owner, int16_t *samples, size_t count)
{
    struct ds_member *member = owner;
    ds_mixer_give(&member->voice, samples, count);
}

static void hear(void *owner, const int16_t *samples, size_t count)
{
    struct ds_member *member = owner;
    ds_mixer_take(&member->voice, samples, count);
}

static void on_tick(struct ds_timer *timer);

static void plan_tick(struct ds_conference *conference)
{
    struct ds_clock *clock = ds_net_clock(conference->node->net);
    conference->tick.whose = ds_addr_ip4(&conference->node->place->at);
    conference->ticked_at += TICK;
    ds_us wait_us = conference->ticked_at - ds_now(clock);
    if (ds_timer_start(clock, &conference->tick, wait_us > 0 ? wait_us : 0, on_tick) != DS_OK)
        ds_node_log(conference->node, 1, "out of memory: nobody is heard any more");
}

static void note_life(struct ds_member *member, ds_us now)
{
    struct ds_why why;
    struct ds_end *end = member->end;
    bool is_up = end->session != NULL && ds_session_state(end->session) == DS_SESSION_UP;
    if (end->state == DS_END_HELD || end->media == NULL) {
        member->alive_at = now;
        return;
    }
    const struct ds_media_counts counts = ds_media_counts(end->media);
    member->alive_at =
        counts.received_at > member->alive_at ? counts.received_at : member->alive_at;
    member->alive_at =
        counts.reported_at > member->alive_at ? counts.reported_at : member->alive_at;
    if (is_up && now - member->alive_at > MOST_SILENCE && ds_end_hang_up(end, &why) != DS_OK)
        ds_node_log(end->node, 1, "%s", why.text);
}

static void on_tick(struct ds_timer *timer)
{
    struct ds_conference *conference = DS_OWNER(timer, struct ds_conference, tick);
    ds_us now = ds_now(ds_net_clock(conference->node->net));
    ds_mixer_mix(&conference->mixer);
    for (struct ds_list *at = conference->members.next; at != &conference->members; at = at->next) {
        struct ds_member *member = DS_OWNER(at, struct ds_member, link);
        if (member->is_in)
            note_life(member, now);
    }
    plan_tick(conference);
}

static void let_in(struct ds_member *member)
{
    const struct ds_media_sound sound = {.say = say, .hear = hear, .owner = member};
    struct ds_conference *conference = member->conference;
    if (member->is_in)
        return;
    member->is_in = true;
    member->alive_at = ds_now(ds_net_clock(conference->node->net));
    member->voice.unheard =
        member->asked_by != NULL && ds_node_has_defect(conference->node, "leaves_out_newcomers");
    ds_mixer_add(&conference->mixer, &member->voice);
    ds_media_set_sound(member->end->media, &sound);
    if (!ds_timer_running(&conference->tick)) {
        conference->ticked_at = ds_now(ds_net_clock(conference->node->net));
        plan_tick(conference);
    }
}

/* ---- who leaves ---- */

void ds_member_report(const struct ds_member *member, int status)
{
    struct ds_end *asked_by = member->asked_by;
    if (asked_by != NULL && asked_by->session != NULL &&
        !ds_node_has_defect(member->conference->node, "tells_nobody"))
        ds_session_report_on(asked_by->session, member->refer_cseq, status);
}

static bool has_anybody(const struct ds_conference *conference)
{
    for (struct ds_list *at = conference->members.next; at != &conference->members; at = at->next)
        if (DS_OWNER(at, struct ds_member, link)->is_in)
            return true;
    return false;
}

/* Whoever is still called, or with a defect everybody. Some are gone at once. */
static void dismiss_all(struct ds_conference *conference)
{
    struct ds_why why;
    struct ds_list *next;
    conference->closing = true;
    for (struct ds_list *at = conference->members.next; at != &conference->members; at = next) {
        struct ds_end *end = DS_OWNER(at, struct ds_member, link)->end;
        next = at->next;
        bool is_there = end->waits_to_invite ||
                        (end->session != NULL && ds_session_state(end->session) <= DS_SESSION_UP);
        if (is_there && ds_end_hang_up(end, &why) != DS_OK)
            ds_node_log(conference->node, 1, "%s", why.text);
    }
    conference->closing = false;
}

static void leave(struct ds_member *member)
{
    struct ds_conference *conference = member->conference;
    bool was_in = member->is_in;
    for (struct ds_list *at = conference->members.next; at != &conference->members; at = at->next) {
        struct ds_member *other = DS_OWNER(at, struct ds_member, link);
        if (other->asked_by == member->end)
            other->asked_by = NULL;
    }
    ds_member_free(member);
    if (conference->closing)
        return;
    if (!has_anybody(conference) ||
        (was_in && ds_node_has_defect(conference->node, "ends_with_first")))
        dismiss_all(conference);
    ds_conference_settle(conference);
}

void ds_member_became(struct ds_end *end)
{
    struct ds_member *member = end->part;
    if (member == NULL)
        return;
    switch (end->state) {
    case DS_END_ANSWERED:
        if (!member->is_in)
            ds_member_report(member, 200);
        let_in(member);
        break;
    case DS_END_FAILED:
        ds_member_report(member, end->status >= 300 ? end->status : 503);
        leave(member);
        break;
    case DS_END_ENDED:
        leave(member);
        break;
    case DS_END_CALLING:
    case DS_END_RINGING:
    case DS_END_EARLY:
    case DS_END_HELD:
        break;
    }
}
