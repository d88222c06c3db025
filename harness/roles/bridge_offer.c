#include "crypto_internal.h"

#include <string.h>

/* What each side of a bridge is told of the other side's audio, and the relay between the two. */

/* Towards the pool, behind which clients are; trunks and lines know no ICE. */
static ds_rc use_ice(struct ds_bridge_side *side, struct ds_why *why)
{
    struct ds_media_ice how = {.lite = true};
    if (side->bridge->node->place->role != DS_ROLE_MEDIATION || side->peer == NULL ||
        side->peer->role != DS_ROLE_POOL)
        return DS_OK;
    return ds_node_use_ice(side->bridge->node, side->media, &how, why);
}

static void set_flaws(struct ds_bridge_side *side)
{
    const struct ds_node *node = side->bridge->node;
    struct ds_media_flaws flaws = {
        .mute = side == &side->bridge->in && ds_node_has_defect(node, "one_way_audio"),
        .sends_in_clear =
            !ds_bridge_on_sip_trunk(side) && ds_node_has_defect(node, "relays_in_clear"),
        .clipped_packets = ds_node_has_defect(node, "clips_first_words") ? 50 : 0};
    ds_bridge_keep_reports_back(side, &flaws);
    ds_media_set_flaws(side->media, &flaws);
}

ds_rc ds_bridge_open_media(struct ds_bridge *bridge, struct ds_why *why)
{
    ds_rc rc = ds_media_new(&bridge->node->media, &bridge->in.media, why);
    if (rc == DS_OK)
        rc = ds_media_new(&bridge->node->media, &bridge->out.media, why);
    if (rc == DS_OK)
        rc = use_ice(&bridge->in, why);
    if (rc == DS_OK)
        rc = use_ice(&bridge->out, why);
    if (rc != DS_OK)
        return rc;
    ds_media_relay(bridge->in.media, bridge->out.media);
    set_flaws(&bridge->in);
    set_flaws(&bridge->out);
    return DS_OK;
}

static void stop(struct ds_media *media)
{
    if (media != NULL && ds_media_aim(media, NULL, NULL) != DS_OK)
        ds_assert(!"an aim can always be taken back");
}

void ds_bridge_quiet(struct ds_bridge *bridge)
{
    ds_bridge_end_fax(bridge);
    stop(bridge->in.media);
    stop(bridge->out.media);
}

void ds_bridge_close_media(struct ds_bridge *bridge)
{
    ds_bridge_end_fax(bridge);
    ds_bridge_supervise_over(bridge);
    if (bridge->in.media != NULL)
        ds_media_free(&bridge->in.media);
    if (bridge->out.media != NULL)
        ds_media_free(&bridge->out.media);
}

struct ds_bridge_side *ds_bridge_other(const struct ds_bridge_side *side)
{
    return side == &side->bridge->in ? &side->bridge->out : &side->bridge->in;
}

void ds_bridge_keep_said(struct ds_bridge_side *side, const struct ds_msg *msg)
{
    struct ds_sdp sdp;
    if (ds_message_audio(msg, &sdp) == NULL)
        return;
    ds_msg_unref(&side->said);
    side->said = ds_msg_ref(msg);
}

void ds_bridge_aim(struct ds_bridge_side *side, const struct ds_sdp_media *audio)
{
    struct ds_why why;
    if (side->media == NULL || audio == NULL)
        return;
    if (!ds_bridge_takes(side, audio))
        ds_node_log(side->bridge->node, 1, "no audio goes to where it is not encrypted alike");
    else if (ds_media_aim(side->media, audio, &why) != DS_OK)
        ds_node_log(side->bridge->node, 1, "cannot pass audio on: %s", why.text);
}

const struct ds_trunk *ds_bridge_trunk(const struct ds_bridge_side *side)
{
    const struct ds_node *node = side->bridge->node;
    return ds_topo_trunk(node->topo, node->place, side->peer);
}

bool ds_bridge_on_sip_trunk(const struct ds_bridge_side *side)
{
    const struct ds_trunk *trunk = ds_bridge_trunk(side);
    return trunk != NULL && trunk->kind == DS_TRUNK_SIP;
}

/* A peer may offer one codec alone on its trunk. */
static enum ds_codecs codecs_of(const struct ds_bridge_side *side)
{
    const struct ds_topo_node *place = side->bridge->node->place;
    if (!ds_bridge_on_sip_trunk(side))
        return DS_CODECS_G711;
    if (place->codec != NULL && strcmp(place->codec, "G729") == 0)
        return DS_CODECS_G729;
    return place->one_codec ? DS_CODECS_ONE : DS_CODECS_G711;
}

static bool puts_a_law_first(const struct ds_bridge *bridge)
{
    const char *codec = bridge->node->place->codec;
    return codec != NULL && strcmp(codec, "PCMA") == 0;
}

bool ds_bridge_can_answer(const struct ds_bridge *bridge)
{
    struct ds_sdp sdp;
    const struct ds_describe how = {.codecs = codecs_of(&bridge->in),
                                    .a_law_first = puts_a_law_first(bridge),
                                    .answers = ds_message_audio(bridge->invite, &sdp)};
    return how.answers == NULL ||
           (ds_describe_can_answer(&how) && ds_bridge_takes(&bridge->in, how.answers));
}

/* As the other side has it; where that is not known, as an offer has it, or both ways. Whoever is
 * handed over need be on hold no more. */
static enum ds_direction direction_of(const struct ds_bridge_side *side,
                                      const struct ds_sdp_media *of_other,
                                      const struct ds_sdp_media *answers,
                                      const struct ds_msg *offer)
{
    bool asked = offer != NULL && answers == NULL && ds_msg_to_tag(offer).len > 0;
    if (asked && ds_node_has_defect(side->bridge->node, "offers_inactive_when_asked"))
        return DS_INACTIVE;
    if (side->bridge->refer != NULL)
        return DS_SENDRECV;
    if (offer != NULL && ds_msg_to_tag(offer).len > 0 && ds_bridge_on_sip_trunk(side) &&
        ds_node_has_defect(side->bridge->node, "answers_hold_with_sendrecv"))
        return DS_SENDRECV;
    if (of_other != NULL)
        return of_other->direction;
    return answers != NULL ? ds_direction_mirror(answers->direction) : DS_SENDRECV;
}

struct ds_slice ds_bridge_say(struct ds_bridge_side *side,
                              const struct ds_sdp_media *of_other,
                              const struct ds_msg *offer)
{
    struct ds_bridge *bridge = side->bridge;
    const struct ds_node *node = bridge->node;
    struct ds_sdp sdp;
    const struct ds_sdp_media *answers = offer == NULL ? NULL : ds_message_audio(offer, &sdp);
    bool hides = side == &bridge->in && ds_node_has_defect(node, "hides_gateway");
    bool straight = bridge->straight && of_other != NULL && (!hides || side->media == NULL);
    bool image = of_other != NULL && !ds_slice_equal_nocase(of_other->type, DS_LITERAL("audio"));
    bool on_trunk = ds_bridge_on_sip_trunk(side);
    struct ds_ice_spec ice;
    struct ds_sdp_secure secure = {.security = DS_SDP_PLAIN};
    struct ds_buf keys = {0};
    if ((!straight && side->media == NULL) ||
        (!image && !ds_bridge_secure(side, of_other, answers, straight ? &keys : NULL, &secure))) {
        ds_buf_clean_up(&keys);
        return (struct ds_slice){NULL, 0};
    }
    const struct ds_describe how = {
        .style = side->style,
        .codecs = codecs_of(side),
        .a_law_first = puts_a_law_first(bridge),
        .at = straight ? of_other->at : ds_media_at(side->media),
        .direction = direction_of(side, of_other, answers, offer),
        /* Past us nothing is recoded, so the other side's own choice is passed on as it is. */
        .answers = straight ? of_other : answers,
        .ice = straight || side->media == NULL ? NULL : ds_ice_to_say(side->media, answers, &ice),
        .image = image ? of_other->text : (struct ds_slice){NULL, 0},
        .wide = on_trunk && ds_node_has_defect(node, "wide_codecs_on_trunk"),
        .no_events = on_trunk && ds_node_has_defect(node, "no_telephone_event"),
        .secure = secure,
    };
    struct ds_slice said = ds_description_say(&side->description, node->rng, &how);
    ds_buf_clean_up(&keys);
    return said;
}
