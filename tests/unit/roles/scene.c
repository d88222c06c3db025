#include "scene.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- what leaves an element ---- */

static struct ds_slice first_word(const struct ds_msg *msg)
{
    struct ds_slice bytes = ds_msg_bytes(msg), word = {NULL, 0};
    if (ds_slice_starts(bytes, DS_LITERAL("SIP/2.0 ")))
        bytes = ds_slice_from(bytes, 8);
    ds_slice_cut(&bytes, ' ', &word);
    return word;
}

static struct ds_msg *keep_back(void *owner, const struct ds_msg *msg, const struct ds_hop *hop)
{
    struct latch *latch = owner;
    struct scene *scene = latch->scene;
    if (latch->word == NULL || !ds_slice_equal(first_word(msg), ds_slice_of(latch->word)))
        return ds_msg_ref(msg);
    if (latch->drops)
        return NULL;
    assert_true(scene->held_count < SCENE_MOST_HELD);
    scene->held[scene->held_count++] =
        (struct held){.node = latch->node, .msg = ds_msg_ref(msg), .hop = *hop};
    return NULL;
}

static struct latch *latch_of(struct scene *scene, const char *name)
{
    for (size_t i = 0; i < scene->topo->node_count; i++)
        if (strcmp(scene->topo->nodes[i].name, name) == 0)
            return &scene->latches[i];
    fail_msg("there is no %s", name);
    return NULL;
}

void scene_hold(struct scene *scene, const char *name, const char *word)
{
    latch_of(scene, name)->word = word;
}

void scene_drop(struct scene *scene, const char *name, const char *word)
{
    scene_hold(scene, name, word);
    latch_of(scene, name)->drops = true;
}

void scene_release(struct scene *scene)
{
    for (size_t i = 0; i < SCENE_MOST_NODES; i++)
        scene->latches[i].word = NULL;
    for (size_t i = 0; i < scene->held_count; i++) {
        struct held *held = &scene->held[i];
        assert_int_equal(ds_sip_send(ds_ua_sip(held->node->ua), held->msg, &held->hop), DS_OK);
        ds_msg_unref(&held->msg);
    }
    scene->held_count = 0;
}

/* ---- life ---- */

void scene_run(struct scene *scene, ds_us for_us)
{
    struct ds_why why;
    ds_us until = ds_now(scene->clock) + for_us;
    for (int settling = 0; settling < 40; settling += ds_now(scene->clock) >= until)
        assert_int_equal(ds_net_turn(scene->net, until, &why), DS_OK);
}

static void start_nodes(struct scene *scene, bool clients)
{
    struct ds_why why = {""};
    for (size_t i = 0; i < scene->topo->node_count; i++) {
        const struct ds_topo_node *place = &scene->topo->nodes[i];
        struct latch *latch = &scene->latches[i];
        if ((place->role == DS_ROLE_CLIENT) != clients)
            continue;
        const struct ds_node_options options = {.net = scene->net,
                                                .rng = &scene->rng,
                                                .log = scene->log,
                                                .topo = scene->topo,
                                                .place = place,
                                                .authority = scene->authority,
                                                .mailbox = scene->mailbox};
        if (ds_node_new(&options, &scene->nodes[i], &why) != DS_OK)
            fail_msg("%s", why.text);
        *latch = (struct latch){.scene = scene, .node = scene->nodes[i]};
        if (!ds_node_is_down(latch->node))
            ds_sip_spoil(ds_ua_sip(latch->node->ua), keep_back, latch);
    }
}

/* "voip_only:reliable_provisionals": the file, and the variant where there is one. */
static void load(struct scene *scene, const char *topology, const char *defect)
{
    char path[512];
    struct ds_why why = {""};
    const char *source = getenv("DIRECTSIP_SOURCE");
    const char *variant = strchr(topology, ':');
    int len = (int)(variant == NULL ? strlen(topology) : (size_t)(variant - topology));
    const struct ds_topo_choice choice = {.variant = variant == NULL ? NULL : variant + 1,
                                          .bypass = -1,
                                          .defects = &defect,
                                          .defect_count = defect == NULL ? 0 : 1};
    snprintf(path, sizeof path, "%s/topologies/%.*s.lua", source == NULL ? "." : source, len,
             topology);
    assert_int_equal(ds_arena_new(&scene->arena), DS_OK);
    if (ds_topo_load(path, &choice, scene->arena, &scene->topo, &why) != DS_OK)
        fail_msg("%s", why.text);
    assert_true(scene->topo->node_count <= SCENE_MOST_NODES);
}

void scene_start(struct scene *scene, const char *topology, const char *defect)
{
    scene_start_from(scene, topology, defect, 7);
}

void scene_start_from(struct scene *scene, const char *topology, const char *defect, uint64_t seed)
{
    struct ds_why why;
    *scene = (struct scene){.topo = NULL};
    load(scene, topology, defect);
    ds_rng_seed(&scene->rng, seed);
    assert_int_equal(ds_clock_new_virtual((int64_t)1748736000 * DS_S, &scene->clock), DS_OK);
    assert_int_equal(ds_log_new(&scene->log, 65536), DS_OK);
    const struct ds_net_options options = {
        .clock = scene->clock, .rng = &scene->rng, .link_delay_us = 100, .seed = seed};
    assert_int_equal(ds_net_new_simulated(&options, &scene->net, &why), DS_OK);
    assert_int_equal(ds_mailbox_new(&scene->mailbox, &why), DS_OK);
    assert_int_equal(ds_tls_authority_new(scene->net, &scene->authority, &why), DS_OK);
    start_nodes(scene, false);
    start_nodes(scene, true);
    scene_run(scene, 1 * DS_S);
}

void scene_stop(struct scene *scene)
{
    scene_run(scene, 100 * DS_S);
    for (size_t i = 0; i < scene->topo->node_count; i++)
        assert_leftovers(scene, scene->topo->nodes[i].name, "");
    assert_disagree(scene, "");
    for (size_t i = 0; i < scene->topo->node_count; i++)
        ds_node_free(&scene->nodes[i]);
    scene_run(scene, 0);
    ds_mailbox_free(&scene->mailbox);
    ds_tls_authority_free(&scene->authority);
    ds_net_free(&scene->net);
    assert_int_equal(ds_timers_count(scene->clock), 0);
    ds_clock_free(&scene->clock);
    ds_log_free(&scene->log);
    ds_arena_free(&scene->arena);
}

struct ds_node *scene_node(const struct scene *scene, const char *name)
{
    for (size_t i = 0; i < scene->topo->node_count; i++)
        if (strcmp(scene->topo->nodes[i].name, name) == 0)
            return scene->nodes[i];
    fail_msg("there is no %s", name);
    return NULL;
}

/* ---- people ---- */

struct talk scene_dial(struct scene *scene, const char *from, const char *to)
{
    struct talk talk = {.caller = NULL};
    struct ds_why why = {""};
    struct ds_node *callee = scene_node(scene, to);
    const struct ds_dial dial = {.number = ds_node_place(callee)->number};
    if (ds_end_dial(scene_node(scene, from), &dial, &talk.caller, &why) != DS_OK)
        fail_msg("%s", why.text);
    for (int i = 0; i < 50 && talk.callee == NULL; i++) {
        scene_run(scene, 100 * DS_MS);
        talk.callee = ds_end_take(callee);
    }
    assert_non_null(talk.callee);
    return talk;
}

struct talk scene_talk(struct scene *scene, const char *from, const char *to)
{
    struct ds_why why = {""};
    struct talk talk = scene_dial(scene, from, to);
    assert_int_equal(ds_end_answer(talk.callee, &why), DS_OK);
    scene_run(scene, 1 * DS_S);
    assert_int_equal(ds_end_state(talk.caller), DS_END_ANSWERED);
    return talk;
}

void hang_up(struct ds_end *end)
{
    struct ds_why why = {""};
    if (ds_end_hang_up(end, &why) != DS_OK)
        fail_msg("%s", why.text);
}

bool is_over(const struct ds_end *end)
{
    return end == NULL || ds_end_state(end) >= DS_END_FAILED;
}

void hang_up_if_up(struct ds_end *end)
{
    if (!is_over(end))
        hang_up(end);
}

/* ---- what is left ---- */

/* Call-IDs are chance's business: one word after each "Call-ID ", commas apart. */
static void compare(struct ds_buf *said, const char *expected)
{
    struct ds_buf plain = {.at = NULL};
    struct ds_slice rest = ds_buf_slice(said);
    size_t at;
    while (ds_slice_find(rest, DS_LITERAL("Call-ID "), &at)) {
        ds_buf_add(&plain, (struct ds_slice){rest.at, at + 8});
        ds_buf_text(&plain, "#");
        rest = ds_slice_from(rest, at + 8);
        rest = ds_slice_from(rest, strcspn(rest.at, ", "));
    }
    ds_buf_add(&plain, rest);
    assert_false(plain.broken || said->broken);
    assert_string_equal(plain.at == NULL ? "" : plain.at, expected);
    ds_buf_clean_up(&plain);
    ds_buf_clean_up(said);
}

static size_t lines_in(const char *text)
{
    size_t count = 0;
    for (; *text != '\0'; text++)
        count += *text == '\n';
    return count;
}

void assert_leftovers(struct scene *scene, const char *name, const char *expected)
{
    struct ds_buf said = {.at = NULL};
    size_t count = ds_node_leftovers(scene_node(scene, name), &said);
    compare(&said, expected);
    assert_int_equal(count, lines_in(expected));
}

void assert_disagree(struct scene *scene, const char *expected)
{
    struct ds_buf said = {.at = NULL};
    size_t count = ds_nodes_disagree(scene->nodes, scene->topo->node_count, &said);
    compare(&said, expected);
    assert_int_equal(count, lines_in(expected));
}
