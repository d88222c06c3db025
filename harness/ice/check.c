#include "ice_internal.h"

#include <stdio.h>
#include <string.h>

/* Our connectivity checks, and what they lead to: RFC 8445 6.1.4, 7.2, 8. */

/* How long a better pair is waited for once one is good. */
#define SETTLE_US (50 * DS_MS)

static ds_timer_fn check_again, pace;

/* ---- one check ---- */

static void write_check(struct ds_ice *ice, const struct ds_ice_pair *pair)
{
    char user[2 * 257 + 2];
    int len = snprintf(user, sizeof user, "%s:%s", ice->remote_ufrag, ice->ufrag);
    ds_assert(len > 0 && (size_t)len < sizeof user);
    ice->text.len = 0;
    ds_stun_begin(&ice->text, DS_STUN_REQUEST, DS_STUN_BINDING, pair->id);
    ds_stun_put(&ice->text, DS_STUN_USERNAME, ds_slice_of(user));
    ds_stun_put_number(&ice->text, DS_STUN_PRIORITY,
                       ds_candidate_priority(DS_CANDIDATE_PEER_REFLEXIVE));
    ds_stun_put_tie_breaker(&ice->text,
                            ice->controlling ? DS_STUN_ICE_CONTROLLING : DS_STUN_ICE_CONTROLLED,
                            ice->tie_breaker);
    if (pair->nominating)
        ds_stun_put(&ice->text, DS_STUN_USE_CANDIDATE, (struct ds_slice){NULL, 0});
    ds_stun_sign(&ice->text, ds_slice_of(ice->remote_pwd));
    ds_stun_finish(&ice->text);
}

static void send_check(struct ds_ice_pair *pair)
{
    struct ds_ice *ice = pair->ice;
    write_check(ice, pair);
    pair->sent_controlling = ice->controlling;
    ds_ice_say(ice, pair->relayed, pair->remote);
    ds_ice_start(ice, &pair->again, DS_ICE_RTO << pair->tries, check_again);
    pair->tries++;
}

static void begin_check(struct ds_ice_pair *pair)
{
    ds_ice_new_id(pair->ice, pair->id);
    pair->state = DS_PAIR_IN_PROGRESS;
    pair->triggered = false;
    pair->tries = 0;
    send_check(pair);
}

static void check_again(struct ds_timer *timer)
{
    struct ds_ice_pair *pair = DS_OWNER(timer, struct ds_ice_pair, again);
    if (pair->tries < DS_ICE_TRIES)
        send_check(pair);
    else
        pair->state = DS_PAIR_FAILED;
}

/* ---- whose turn it is ---- */

static bool may_check(const struct ds_ice_pair *pair)
{
    return !pair->relayed || pair->ice->relay.permitted;
}

static struct ds_ice_pair *next_pair(struct ds_ice *ice)
{
    struct ds_ice_pair *best = NULL;
    for (size_t i = 0; i < ice->pair_count; i++) {
        struct ds_ice_pair *pair = &ice->pairs[i];
        if (!may_check(pair) || (pair->state != DS_PAIR_WAITING && !pair->triggered))
            continue;
        if (best == NULL || pair->triggered > best->triggered ||
            (pair->triggered == best->triggered && pair->priority > best->priority))
            best = pair;
    }
    return best;
}

static void pace(struct ds_timer *timer)
{
    struct ds_ice *ice = DS_OWNER(timer, struct ds_ice, pace);
    struct ds_ice_pair *pair = next_pair(ice);
    if (pair == NULL)
        return;
    begin_check(pair);
    ds_ice_start(ice, timer, DS_ICE_TA, pace);
}

static void take_first(struct ds_ice *ice)
{
    struct ds_ice_pair *pair = next_pair(ice);
    if (pair != NULL)
        ds_ice_select(ice, pair);
}

void ds_checks_go(struct ds_ice *ice)
{
    if (ice->options.flaws.skips_checks)
        take_first(ice);
    else if (!ds_timer_running(&ice->pace) && next_pair(ice) != NULL)
        ds_ice_start(ice, &ice->pace, 0, pace);
}

void ds_check_trigger(struct ds_ice_pair *pair)
{
    if (pair->state == DS_PAIR_SUCCEEDED || pair->ice->options.flaws.skips_checks)
        return;
    if (pair->state != DS_PAIR_IN_PROGRESS || pair->tries > 0)
        pair->triggered = true;
    ds_checks_go(pair->ice);
}

/* ---- nomination ---- */

static struct ds_ice_pair *best_valid(struct ds_ice *ice)
{
    struct ds_ice_pair *best = NULL;
    for (size_t i = 0; i < ice->pair_count; i++) {
        struct ds_ice_pair *pair = &ice->pairs[i];
        if (pair->state == DS_PAIR_SUCCEEDED && (best == NULL || pair->priority > best->priority))
            best = pair;
    }
    return best;
}

/* The controlling side says which of the good pairs it shall be: with a check of its own (RFC 8445
 * 8.1.1). */
static void nominate(struct ds_timer *timer)
{
    struct ds_ice *ice = DS_OWNER(timer, struct ds_ice, settle);
    struct ds_ice_pair *pair = best_valid(ice);
    if (pair == NULL || !ice->controlling)
        return;
    pair->nominating = true;
    begin_check(pair);
}

static struct ds_ice_pair *last_pair(struct ds_ice *ice)
{
    struct ds_ice_pair *last = &ice->pairs[0];
    for (size_t i = 1; i < ice->pair_count; i++)
        if (ice->pairs[i].priority < last->priority)
            last = &ice->pairs[i];
    return last;
}

void ds_check_conclude(struct ds_ice_pair *pair)
{
    struct ds_ice *ice = pair->ice;
    ds_ice_select(ice, ice->options.flaws.ignores_nomination ? last_pair(ice) : pair);
}

static void succeed(struct ds_ice_pair *pair)
{
    struct ds_ice *ice = pair->ice;
    pair->state = DS_PAIR_SUCCEEDED;
    pair->triggered = false;
    if (pair->nominating || pair->nominated_by_peer)
        ds_check_conclude(pair);
    else if (ice->controlling && !ice->selected && !ds_timer_running(&ice->settle))
        ds_ice_start(ice, &ice->settle, SETTLE_US, nominate);
}

/* ---- responses ---- */

static struct ds_ice_pair *asked_by(struct ds_ice *ice, const struct ds_stun *msg)
{
    for (size_t i = 0; i < ice->pair_count; i++)
        if (ice->pairs[i].state == DS_PAIR_IN_PROGRESS &&
            memcmp(ice->pairs[i].id, msg->id, sizeof msg->id) == 0)
            return &ice->pairs[i];
    return NULL;
}

/* RFC 8445 7.2.5.1: who gets 487 takes the other role, and asks again. */
static void change_role(struct ds_ice_pair *pair)
{
    struct ds_ice *ice = pair->ice;
    if (ice->controlling == pair->sent_controlling) {
        ice->controlling = !pair->sent_controlling;
        ds_pairs_rank(ice);
    }
    pair->nominating = false;
    pair->state = DS_PAIR_WAITING;
    ds_check_trigger(pair);
}

void ds_check_response(struct ds_ice *ice,
                       const struct ds_stun *msg,
                       bool relayed,
                       struct ds_addr from)
{
    struct ds_ice_pair *pair = asked_by(ice, msg);
    if (pair == NULL || !ds_stun_is_by(msg, ds_slice_of(ice->remote_pwd)))
        return;
    ds_timer_stop(ds_ice_clock(ice), &pair->again);
    bool symmetric = pair->relayed == relayed && ds_addr_equal(pair->remote, from);
    if (msg->kind == DS_STUN_SUCCESS && symmetric)
        succeed(pair);
    else if (msg->kind == DS_STUN_ERROR && ds_stun_error(msg) == 487)
        change_role(pair);
    else
        pair->state = DS_PAIR_FAILED;
}
