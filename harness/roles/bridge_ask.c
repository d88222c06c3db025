#include "bridge_internal.h"

/* Re-INVITEs that leave the offer to whom they ask (RFC 3261 14.1): passed on as they are, but for
   the Mediation Server in whose media the call is, which offers what it has. */

bool ds_bridge_passes_asking(const struct ds_bridge_side *side, const struct ds_msg *msg)
{
    const struct ds_bridge *bridge = side->bridge;
    bool ours = bridge->node->place->role == DS_ROLE_MEDIATION && !bridge->straight;
    return ds_msg_body(msg).len == 0 && !ours;
}

/* Past us: what was said of the other side's audio before, now as the offer wants it. */
static struct ds_slice say_again(struct ds_bridge_side *side, const struct ds_sdp_media *offer)
{
    struct ds_sdp sdp;
    struct ds_buf before = {.at = NULL};
    struct ds_slice said = {NULL, 0};
    ds_buf_add(&before, ds_buf_slice(&side->description.text));
    if (!before.broken && ds_sdp_parse(ds_buf_slice(&before), &sdp, NULL) == DS_OK &&
        ds_sdp_audio(&sdp) != NULL) {
        struct ds_sdp_media audio = *ds_sdp_audio(&sdp);
        audio.direction = ds_direction_mirror(offer->direction);
        said = ds_bridge_say(side, &audio, NULL);
    }
    ds_buf_clean_up(&before);
    return said;
}

struct ds_slice ds_bridge_late_answer(void *owner, const struct ds_msg *msg)
{
    struct ds_bridge_side *side = owner;
    struct ds_sdp sdp;
    const struct ds_sdp_media *offer = ds_message_audio(msg, &sdp);
    if (offer == NULL)
        return (struct ds_slice){NULL, 0};
    return side->bridge->straight ? say_again(side, offer) : ds_bridge_say(side, NULL, msg);
}

bool ds_bridge_is_flash(const struct ds_msg *msg)
{
    return ds_msg_method_is(msg, "INFO") && ds_msg_has_type(msg, "application/hook-flash");
}

void ds_bridge_hold_other(struct ds_bridge_side *side)
{
    struct ds_sdp sdp;
    struct ds_bridge_side *other = ds_bridge_other(side);
    const struct ds_sdp_media *audio =
        side->said == NULL ? NULL : ds_message_audio(side->said, &sdp);
    if (audio == NULL || other->session == NULL)
        return;
    struct ds_sdp_media held = *audio;
    held.direction = DS_INACTIVE;
    const struct ds_content content = {.body = ds_bridge_say(other, &held, NULL)};
    ds_session_offer(other->session, &content);
}
