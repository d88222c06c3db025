#include "bridge_internal.h"

/*
 * Fax at a gateway. The gateway that has the called machine's line hears its answer tone and asks
 * the other side for T.38; the other gateway takes that where the audio of its own other side is
 * there to be turned into packets. Whose peer refuses goes on with the tones as audio.
 */

/* What our packets are like: ITU-T T.38 annex D.2.3. */
static struct ds_sdp_t38 our_t38(const struct ds_node *node)
{
    bool local = ds_node_has_defect(node, "trains_locally");
    return (struct ds_sdp_t38){
        .version = 0,
        .max_bit_rate = 14400,
        .max_buffer = 72,
        .max_datagram = 316,
        .rate_management = local ? DS_LITERAL("localTCF") : DS_LITERAL("transferredTCF"),
        .error_correction = DS_LITERAL("t38UDPRedundancy"),
    };
}

static bool wants_copies(const struct ds_sdp_media *image)
{
    struct ds_sdp_t38 t38;
    ds_sdp_t38_read(image, &t38);
    return ds_slice_equal_nocase(t38.error_correction, DS_LITERAL("t38UDPRedundancy"));
}

/* Our own m=image, offered or answered on that side. */
static struct ds_slice say_fax(struct ds_bridge_side *side)
{
    const struct ds_node *node = side->bridge->node;
    const struct ds_sdp_t38 t38 = our_t38(node);
    struct ds_buf image = {0};
    struct ds_addr at = ds_fax_path_at(side->bridge->fax);
    ds_sdp_t38_write(&t38, at.port, &image);
    const struct ds_describe how = {.style = side->style, .at = at, .image = ds_buf_slice(&image)};
    struct ds_slice said = image.broken ? (struct ds_slice){NULL, 0}
                                        : ds_description_say(&side->description, node->rng, &how);
    ds_buf_clean_up(&image);
    return said;
}

static bool new_path(struct ds_bridge *bridge)
{
    struct ds_why why;
    if (ds_fax_path_new(&bridge->node->media, &bridge->fax, &why) != DS_OK) {
        ds_node_log(bridge->node, 1, "no fax by packets: %s", why.text);
        return false;
    }
    if (ds_node_has_defect(bridge->node, "smudges_fax"))
        ds_fax_path_smudge(bridge->fax);
    return true;
}

/* `side` has the packets, the other one the line. */
static bool open_path(struct ds_bridge_side *side, const struct ds_sdp_media *image)
{
    struct ds_bridge *bridge = side->bridge;
    struct ds_bridge_side *line = ds_bridge_other(side);
    size_t copies = !wants_copies(image) || ds_node_has_defect(bridge->node, "sends_no_copies") ? 0
                    : ds_node_has_defect(bridge->node, "sends_long_datagrams") ? DS_FAX_MOST_COPIES
                                                                               : DS_FAX_COPIES;
    if (line->media == NULL || !image->has_address || image->at.port == 0 ||
        ds_fax_path_open(bridge->fax, line->media, image->at, copies) != DS_OK)
        return false;
    ds_node_log(bridge->node, 2, "fax goes by T.38");
    return true;
}

void ds_bridge_end_fax(struct ds_bridge *bridge)
{
    ds_timer_stop(ds_net_clock(bridge->node->net), &bridge->fax_again);
    if (bridge->out.media != NULL && bridge->fax_tones != NULL)
        ds_media_set_sound(bridge->out.media, NULL);
    ds_fax_tones_free(&bridge->fax_tones);
    ds_fax_path_free(&bridge->fax);
}

/* ---- we have the called machine ---- */

static void offer_fax(struct ds_bridge *bridge)
{
    if (bridge->in.session == NULL || bridge->ending || !new_path(bridge))
        return;
    const struct ds_content content = {.body = say_fax(&bridge->in)};
    if (content.body.len == 0) {
        ds_fax_path_free(&bridge->fax);
        return;
    }
    bridge->fax_offered = true;
    ds_session_offer(bridge->in.session, &content);
}

static void offer_again(struct ds_timer *timer)
{
    offer_fax(DS_OWNER(timer, struct ds_bridge, fax_again));
}

static void on_sound(void *owner, const int16_t *samples, size_t count)
{
    struct ds_bridge *bridge = owner;
    if (!ds_fax_tones_hear(bridge->fax_tones, samples, count))
        return;
    ds_node_log(bridge->node, 2, "hears a fax machine at %s", bridge->number);
    ds_media_set_sound(bridge->out.media, NULL);
    ds_fax_tones_free(&bridge->fax_tones);
    offer_fax(bridge);
}

void ds_bridge_watch_fax(struct ds_bridge *bridge)
{
    const struct ds_media_sound sound = {.hear = on_sound, .owner = bridge};
    bool wanted = bridge->node->place->t38 && bridge->out.media != NULL &&
                  !ds_bridge_on_sip_trunk(&bridge->out) && ds_bridge_on_sip_trunk(&bridge->in);
    if (wanted && bridge->fax_tones == NULL && ds_fax_tones_new(&bridge->fax_tones) == DS_OK)
        ds_media_set_sound(bridge->out.media, &sound);
}

bool ds_bridge_fax_done(struct ds_bridge_side *side, int status, const struct ds_msg *msg)
{
    struct ds_bridge *bridge = side->bridge;
    struct ds_clock *clock = ds_net_clock(bridge->node->net);
    struct ds_sdp sdp;
    if (side != &bridge->in || !bridge->fax_offered)
        return false;
    bridge->fax_offered = false;
    const struct ds_sdp_media *image = ds_message_fax(msg, &sdp);
    if (status >= 200 && status < 300 && image != NULL && open_path(side, image))
        return true;
    ds_fax_path_free(&bridge->fax);
    ds_node_log(bridge->node, 2, "fax goes on as audio: %d", status);
    if (ds_node_has_defect(bridge->node, "falls_silent_without_t38"))
        ds_bridge_quiet(bridge);
    if (status == 491 && side->session != NULL &&
        ds_timer_start(clock, &bridge->fax_again, ds_session_glare_us(side->session),
                       offer_again) != DS_OK)
        ds_node_log(bridge->node, 1, "out of memory: T.38 is not offered again");
    return true;
}

/* ---- the other gateway has it ---- */

void ds_bridge_take_fax(struct ds_bridge_side *side, const struct ds_sdp_media *image)
{
    struct ds_bridge *bridge = side->bridge;
    struct ds_content content = {0};
    bool able = bridge->node->place->t38 && !bridge->ending && bridge->fax == NULL;
    if (able && new_path(bridge)) {
        content.body = say_fax(side);
        if (content.body.len == 0 || !open_path(side, image))
            ds_fax_path_free(&bridge->fax);
    }
    ds_session_answer_offer(side->session, bridge->fax != NULL ? 200 : 488,
                            bridge->fax != NULL ? &content : &(struct ds_content){0});
}
