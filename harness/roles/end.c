#include "admission_internal.h"
#include "crypto_internal.h"
#include "emergency_internal.h"
#include "transfer_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const state_names[] = {
    [DS_END_CALLING] = "calling",   [DS_END_RINGING] = "ringing", [DS_END_EARLY] = "early_media",
    [DS_END_ANSWERED] = "answered", [DS_END_HELD] = "held",       [DS_END_FAILED] = "failed",
    [DS_END_ENDED] = "ended",
};

const char *ds_end_state_name(enum ds_end_state state)
{
    ds_assert(state < DS_COUNT(state_names));
    return state_names[state];
}

/* ---- birth and death ---- */

static void heard(void *owner, char digit)
{
    struct ds_end *end = owner;
    size_t len = strlen(end->digits);
    if (digit == '\0') {
        end->hears = true;
        ds_node_log(end->node, 3, "hears %s", end->peer_number);
    } else if (len + 1 < sizeof end->digits) {
        end->digits[len] = digit;
        end->digits[len + 1] = '\0';
    }
}

static struct ds_addr beside(struct ds_addr at)
{
    at.port = (uint16_t)(at.port + 4);
    return at;
}

/* `peer` NULL: as long as nobody has said where audio is to go. */
static void set_flaws(struct ds_end *end, const struct ds_sdp_media *peer)
{
    bool misses = peer != NULL && ds_node_has_defect(end->node, "misses_the_port");
    const struct ds_media_flaws flaws = {
        .frame_samples = ds_node_has_defect(end->node, "long_packets") ? 240 : 0,
        .no_comfort_noise = ds_node_has_defect(end->node, "mutes_without_noise"),
        .no_end_bit = ds_node_has_defect(end->node, "digits_without_end"),
        .payload_type = ds_node_has_defect(end->node, "wide_codec_on_bypass") ? DS_PT_G722
                        : ds_node_has_defect(end->node, "wrong_codec")        ? DS_PT_GSM
                                                                              : 0,
        .event_type = ds_node_has_defect(end->node, "digits_of_another_type") ? 120 : 0,
        .event_samples = ds_node_has_defect(end->node, "hasty_digits") ? 80 : 0,
        .another_key = ds_node_has_defect(end->node, "seals_under_another_key"),
        .source_packets = ds_node_has_defect(end->node, "changes_source") ? 5 : 0,
        .same_sequence = ds_node_has_defect(end->node, "repeats_sequence"),
        .instead = misses ? beside(peer->at) : (struct ds_addr){.port = 0},
    };
    ds_media_set_flaws(end->media, &flaws);
    end->description.keeps_version = ds_node_has_defect(end->node, "keeps_sdp_version");
}

/* What happens to its session and its audio is told this end from now on. */
void ds_end_hold_in_hand(struct ds_end *end)
{
    ds_session_own(end->session, &ds_end_events, end);
    ds_media_listen(end->media, heard, end);
}

/* Who was to be replaced by a call, or to replace one, is gone. */
static void forget_transfers(const struct ds_end *gone)
{
    const struct ds_list *head = &gone->node->ends;
    for (struct ds_list *at = head->next; at != head; at = at->next) {
        struct ds_end *end = DS_OWNER(at, struct ds_end, link);
        if (end->stands_for == gone)
            end->stands_for = NULL;
        if (end->moves == gone)
            end->moves = NULL;
        if (end->focus == gone)
            end->focus = NULL;
        if (end->parks == gone)
            end->parks = NULL;
    }
}

static void free_end(struct ds_end *end)
{
    ds_supervision_stop(&end->supervision);
    ds_admission_release(&end->admission);
    forget_transfers(end);
    ds_list_remove(&end->link);
    ds_timer_stop(ds_net_clock(end->node->net), &end->offer_again);
    ds_timer_stop(ds_net_clock(end->node->net), &end->alerting);
    if (end->session != NULL)
        ds_session_free(&end->session);
    if (end->media != NULL)
        ds_media_free(&end->media);
    if (end->msg != NULL)
        ds_msg_unref(&end->msg);
    ds_fax_machine_free(&end->fax);
    ds_description_clean_up(&end->description);
    ds_buf_clean_up(&end->located);
    end->magic = 0;
    free(end);
}

ds_rc ds_end_open_media(struct ds_end *end)
{
    struct ds_media *media = NULL;
    if (ds_media_new(&end->node->media, &media, NULL) != DS_OK)
        return DS_NOMEM;
    if (end->media != NULL)
        ds_media_free(&end->media);
    end->media = media;
    ds_media_listen(end->media, heard, end);
    set_flaws(end, NULL);
    return DS_OK;
}

ds_rc ds_end_new(struct ds_node *node, const struct ds_line *line, struct ds_end **out)
{
    struct ds_end *end = calloc(1, sizeof *end);
    if (end == NULL)
        return DS_NOMEM;
    end->magic = DS_END_MAGIC;
    end->node = node;
    end->line = line;
    if (ds_end_open_media(end) != DS_OK) {
        free(end);
        return DS_NOMEM;
    }
    ds_list_append(&node->ends, &end->link);
    *out = end;
    return DS_OK;
}

void ds_ends_free(struct ds_node *node)
{
    struct ds_list *next;
    for (struct ds_list *at = node->ends.next; at != &node->ends; at = next) {
        next = at->next;
        free_end(DS_OWNER(at, struct ds_end, link));
    }
}

size_t ds_ends_busy(const struct ds_node *node)
{
    size_t busy = 0;
    for (struct ds_list *at = node->ends.next; at != &node->ends; at = at->next) {
        const struct ds_end *end = DS_OWNER(at, struct ds_end, link);
        busy += end->session != NULL || end->talking || end->waits_to_invite;
    }
    return busy;
}

/* ---- what it says and where it sends ---- */

/* The bypass ID that a client, or a conferencing server, offers (domain.md 2.5); NULL: none. */
static const char *bypass_id_offered(const struct ds_end *end)
{
    const struct ds_topo_node *place = end->node->place;
    bool may_have_one = place->role == DS_ROLE_CLIENT || place->role == DS_ROLE_CONFERENCING;
    const char *bypass_id = may_have_one ? ds_topo_bypass_id(end->node->topo, place) : NULL;
    if (bypass_id != NULL && ds_node_has_defect(end->node, "own_bypass_id"))
        return "0bad0bad-0bad-4bad-8bad-0bad0bad0bad";
    if (ds_node_has_defect(end->node, "offers_bypass_outside"))
        return "5f0f1d2a-7c1e-4b57-9a0e-2d6b8c4e1f10";
    if (place->site->region != NULL && ds_node_has_defect(end->node, "offers_region_bypass_id"))
        return place->site->region->bypass_id;
    if (place->communicator && ds_node_has_defect(end->node, "claims_bypass"))
        return place->site->bypass_id;
    return bypass_id;
}

struct ds_slice
ds_end_describe(struct ds_end *end, enum ds_direction direction, const struct ds_sdp_media *answers)
{
    const struct ds_topo_node *place = end->node->place;
    const char *codec = end->codec != NULL ? end->codec : place->codec;
    struct ds_ice_spec ice;
    struct ds_sdp_secure secure;
    struct ds_addr at = ds_media_default(end->media);
    if (!ds_secure_media(end->media, ds_node_encryption(end->node, NULL), answers, &secure))
        return (struct ds_slice){NULL, 0};
    if (ds_node_has_defect(end->node, "names_another_port"))
        at.port += 2;
    const struct ds_describe how = {
        .style = end->line->style,
        .codecs = place->one_codec ? DS_CODECS_ONE : end->line->codecs,
        .a_law_first = codec != NULL && strcmp(codec, "PCMA") == 0,
        .at = at,
        .direction = direction,
        .bypass_id = answers == NULL ? bypass_id_offered(end) : NULL,
        .answers = answers,
        .ice = ds_ice_to_say(end->media, answers, &ice),
        .secure = secure,
        .foreign = answers != NULL && ds_node_has_defect(end->node, "answers_foreign_codec"),
        .more_media = answers != NULL && ds_node_has_defect(end->node, "answers_more_media"),
        .refused = answers != NULL && ds_node_has_defect(end->node, "refuses_audio"),
    };
    return ds_description_say(&end->description, end->node->rng, &how);
}

bool ds_end_aim(struct ds_end *end, const struct ds_sdp_media *peer)
{
    struct ds_why why;
    if (peer == NULL)
        return true;
    if (!ds_encryption_takes(ds_node_encryption(end->node, NULL), peer))
        return false;
    set_flaws(end, peer);
    if (ds_media_aim(end->media, peer, &why) != DS_OK)
        ds_node_log(end->node, 1, "cannot send audio: %s", why.text);
    return true;
}

void ds_end_start_talking(struct ds_end *end)
{
    end->talking = true;
    if (end->fax != NULL)
        ds_end_start_fax(end);
    ds_media_talk(end->media, end->fax != NULL || end->node->place->role == DS_ROLE_FAX
                                  ? 0
                                  : end->node->place->tone_hz);
}

void ds_end_stop_media(struct ds_end *end)
{
    if (ds_node_has_defect(end->node, "talks_after_bye"))
        return;
    end->talking = false;
    ds_media_set_sound(end->media, NULL);
    ds_media_talk(end->media, 0);
    if (ds_media_aim(end->media, NULL, NULL) != DS_OK)
        ds_node_log(end->node, 1, "audio could not be stopped");
}

void ds_end_close_media(struct ds_end *end)
{
    ds_supervision_stop(&end->supervision);
    ds_end_stop_media(end);
    if (!end->talking)
        ds_media_free(&end->media);
}

void ds_end_become(struct ds_end *end,
                   enum ds_end_state state,
                   int status,
                   const struct ds_msg *msg)
{
    end->state = state;
    end->reached |= 1u << state;
    if (state >= DS_END_ANSWERED)
        ds_timer_stop(ds_net_clock(end->node->net), &end->alerting);
    if (state == DS_END_ANSWERED || state == DS_END_HELD)
        ds_end_supervise(end);
    if (status != 0)
        end->status = status;
    if (end->msg != NULL)
        ds_msg_unref(&end->msg);
    end->msg = msg == NULL ? NULL : ds_msg_ref(msg);
    ds_node_log(end->node, 2, "%s %s is %s", end->incoming ? "call from" : "call to",
                end->peer_number, ds_end_state_name(state));
    ds_end_tell_line(end);
}

void ds_end_tell_line(struct ds_end *end)
{
    if (end->line->became != NULL)
        end->line->became(end);
}

/* ---- calling ---- */

/* A defect: audio to where it might be wanted, before anybody has said where. */
static void talk_to_nobody(struct ds_end *end)
{
    struct ds_sdp_media guess = {.at = end->hop.to,
                                 .has_address = true,
                                 .formats = {{.payload_type = DS_PT_PCMU,
                                              .encoding = DS_LITERAL("PCMU"),
                                              .clock_rate = DS_RTP_SAMPLE_RATE}},
                                 .format_count = 1,
                                 .direction = DS_SENDRECV};
    guess.at.port = 16384;
    guess.rtcp_at = guess.at;
    guess.rtcp_at.port++;
    ds_end_aim(end, &guess);
    ds_end_start_talking(end);
}

/* Says the offer, whose candidates are known by now. */
ds_rc ds_end_invite(struct ds_end *end, struct ds_why *why)
{
    end->waits_to_invite = false;
    if (!end->without_offer)
        end->invite.body = ds_end_describe(end, DS_SENDRECV, NULL);
    ds_emergency_tell(end);
    ds_rc rc =
        ds_session_invite(end->node->ua, &end->invite, &ds_end_events, end, &end->session, why);
    if (rc == DS_OK)
        ds_node_set_flaws(end->node, end->session);
    else
        ds_end_become(end, DS_END_FAILED, 0, NULL);
    return rc;
}

/* ICE has its candidates at once, or tells when they are there. */
static ds_rc invite_when_gathered(struct ds_end *end, struct ds_why *why)
{
    struct ds_media_ice how = {.offers = true, .gathered = ds_end_gathered, .owner = end};
    ds_rc rc = end->line->style == DS_SDP_CLIENT ? ds_node_use_ice(end->node, end->media, &how, why)
                                                 : DS_OK;
    end->waits_to_invite = rc == DS_OK && !ds_media_gathered(end->media);
    return rc == DS_OK && !end->waits_to_invite ? ds_end_invite(end, why) : rc;
}

ds_rc ds_end_outgoing(struct ds_node *node,
                      const struct ds_line *line,
                      const struct ds_dial *dial,
                      struct ds_end **out,
                      struct ds_why *why)
{
    struct ds_end *end = NULL;
    if (ds_end_new(node, line, &end) != DS_OK)
        return ds_fail(why, DS_IO, "%s has no media port left, or memory is out",
                       node->place->name);
    end->codec = dial->codec;
    end->without_offer = dial->without_offer;
    end->invite.supports_100rel = true;
    end->invite.hops_behind = dial->hops == 0 ? 0 : DS_MAX_FORWARDS - dial->hops;
    ds_slice_copy(ds_slice_of(dial->number), end->peer_number, sizeof end->peer_number);
    ds_rc rc = line->place_call(end, dial, &end->invite, why);
    if (rc == DS_OK)
        rc = invite_when_gathered(end, why);
    if (rc != DS_OK) {
        free_end(end);
        return rc;
    }
    if (ds_node_has_defect(node, "talks_at_once"))
        talk_to_nobody(end);
    ds_end_become(end, DS_END_CALLING, 0, NULL);
    ds_end_be_patient(end);
    *out = end;
    return DS_OK;
}

ds_rc ds_end_dial(struct ds_node *node,
                  const struct ds_dial *dial,
                  struct ds_end **out,
                  struct ds_why *why)
{
    DS_CHECK(node, DS_NODE_MAGIC);
    const struct ds_line *line = ds_line_of(node);
    if (line == NULL)
        return ds_fail(why, DS_STATE,
                       "nobody sits at %s (a %s): dial from a client, a phone or the pstn",
                       node->place->name, ds_role_name(node->place->role));
    if (node->moved_to != NULL)
        return ds_fail(why, DS_STATE, "the user of %s is at %s now, and calls from there",
                       node->place->name, node->moved_to->place->name);
    if (node->ua == NULL)
        return ds_fail(why, DS_STATE, "%s is down and can call nobody", node->place->name);
    if (dial->number == NULL || dial->number[0] == '\0')
        return ds_fail(why, DS_BAD, "%s dials no number", node->place->name);
    return ds_end_outgoing(node, line, dial, out, why);
}

struct ds_end *ds_end_take(struct ds_node *node)
{
    DS_CHECK(node, DS_NODE_MAGIC);
    for (struct ds_list *at = node->ends.next; at != &node->ends; at = at->next) {
        struct ds_end *end = DS_OWNER(at, struct ds_end, link);
        if ((end->incoming || end->asked_for) && !end->taken && !end->waits_for_bandwidth) {
            end->taken = true;
            return end;
        }
    }
    return NULL;
}
