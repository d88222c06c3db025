#include "run_internal.h"

#include <stdlib.h>

#define ASKED_EACH   64 /* turns */
#define LOG_BYTES    ((size_t)256 * 1024)
#define LINK_DELAY   ((ds_us)100) /* where time is virtual: that of a building */
#define FADE         (50 * DS_MS)
#define READY_WITHIN (5 * DS_S)

struct ds_world_kept {
    struct ds_tls_store *certificates[DS_WORLD_KINDS]; /* owned */
    struct ds_msg_judged *judged;                      /* owned */
    struct ds_media_srtp *srtp; /* owned; NULL: no run has encrypted audio yet */
};

static ds_rc new_certificates(struct ds_tls_store *out[DS_WORLD_KINDS])
{
    static const uint64_t seed = 1; /* any, in every run */
    struct ds_clock *clock = NULL;
    ds_rc rc = ds_tls_store_new(DS_VIRTUAL_EPOCH_US / DS_S, &seed, &out[DS_WORLD_SIM]);
    if (rc == DS_OK)
        rc = ds_clock_new_real(&clock);
    if (rc == DS_OK)
        rc = ds_tls_store_new(ds_clock_unix_us(clock, 0) / DS_S, NULL, &out[DS_WORLD_LOOPBACK]);
    ds_clock_free(&clock);
    return rc;
}

ds_rc ds_world_kept_new(struct ds_world_kept **out, struct ds_why *why)
{
    struct ds_world_kept *kept = calloc(1, sizeof *kept);
    if (kept == NULL || new_certificates(kept->certificates) != DS_OK ||
        ds_msg_judged_new(&kept->judged) != DS_OK) {
        ds_world_kept_free(&kept);
        return ds_fail_memory(why);
    }
    *out = kept;
    return DS_OK;
}

void ds_world_kept_free(struct ds_world_kept **kept)
{
    if (*kept == NULL)
        return;
    for (int world = 0; world < DS_WORLD_KINDS; world++)
        ds_tls_store_free(&(*kept)->certificates[world]);
    ds_msg_judged_free(&(*kept)->judged);
    ds_media_srtp_end(&(*kept)->srtp);
    free(*kept);
    *kept = NULL;
}

struct ds_msg_judged *ds_world_kept_judged(struct ds_world_kept *kept)
{
    return kept->judged;
}

/* Elements stand before people come: a client signs in as soon as it starts. */
static bool starts_late(const struct ds_topo_node *place)
{
    return place->role == DS_ROLE_CLIENT;
}

static ds_rc start_nodes(struct ds_world *world, bool late, struct ds_why *why)
{
    ds_rc rc = DS_OK;
    for (size_t i = 0; i < world->topo->node_count && rc == DS_OK; i++) {
        const struct ds_topo_node *place = &world->topo->nodes[i];
        if (place->real || starts_late(place) != late)
            continue;
        const struct ds_node_options options = {
            .net = world->net,
            .rng = &world->rng,
            .log = world->log,
            .topo = world->topo,
            .place = place,
            .authority = world->authority,
            .judged = world->kept == NULL ? NULL : world->kept->judged,
            .mailbox = world->mailbox,
        };
        rc = ds_node_new(&options, &world->nodes[i], why);
    }
    return rc;
}

static void free_nodes(struct ds_world *world)
{
    for (size_t i = 0; world->nodes != NULL && i < world->topo->node_count; i++)
        ds_node_free(&world->nodes[i]);
    free(world->nodes);
    free(world->fails);
    world->nodes = NULL;
    world->fails = NULL;
}

static void free_world(struct ds_world *world)
{
    struct ds_why ignored;
    free_nodes(world);
    ds_mailbox_free(&world->mailbox);
    ds_media_srtp_end(&world->srtp);
    ds_tls_authority_free(&world->authority);
    ds_net_free(&world->net);
    if (ds_evidence_close(&world->evidence, &ignored) != DS_OK)
        ds_log_write(world->log, 0, 1, "capture", "%s", ignored.text);
    ds_log_free(&world->log);
    free(world->names);
    ds_clock_free(&world->clock);
    world->magic = 0;
    free(world);
}

static bool all_is_simulated(const struct ds_topo *topo)
{
    for (size_t i = 0; i < topo->node_count; i++)
        if (topo->nodes[i].real)
            return false;
    return true;
}

static ds_rc new_clock(struct ds_world *world, const struct ds_world_options *options)
{
    if (world->kind == DS_WORLD_SIM)
        return ds_clock_new_virtual(DS_VIRTUAL_EPOCH_US, &world->clock);
    world->skips_waits = !options->real_time && all_is_simulated(options->topo);
    return world->skips_waits ? ds_clock_new_held(&world->clock) : ds_clock_new_real(&world->clock);
}

static ds_rc
build_base(struct ds_world *world, const struct ds_world_options *options, struct ds_why *why)
{
    world->nodes = calloc(options->topo->node_count, sizeof(struct ds_node *));
    world->fails = calloc(options->topo->node_count, sizeof *world->fails);
    world->names = ds_world_names(options->topo);
    if (world->nodes == NULL || world->fails == NULL || world->names == NULL ||
        new_clock(world, options) != DS_OK || ds_log_new(&world->log, LOG_BYTES) != DS_OK)
        return ds_fail_memory(why);
    if (ds_mailbox_new(&world->mailbox, why) != DS_OK)
        return DS_NOMEM;
    world->evidence.clock = world->clock;
    ds_rng_seed(&world->rng, options->seed);
    return ds_evidence_open(&world->evidence, options, why);
}

static ds_net_tap_fn *choose_tap(const struct ds_world *world)
{
    if (world->kind == DS_WORLD_SIM)
        return NULL;
    return world->evidence.recorder != NULL ? ds_evidence_record : ds_evidence_keep_up;
}

static ds_rc build_network(struct ds_world *world, struct ds_why *why)
{
    const struct ds_net_options options = {
        .clock = world->clock,
        .rng = &world->rng,
        .tap = choose_tap(world),
        .secret = ds_evidence_secret,
        .translate = ds_topo_av_edge(world->topo) != NULL ? ds_world_translate : NULL,
        .reaches = ds_topo_av_edge(world->topo) != NULL ? ds_world_reaches : NULL,
        .owner = &world->evidence,
        .frame = ds_evidence_frame,
        .link_delay_us = LINK_DELAY,
        .seed = world->seed,
        .names = world->names,
        .name_count = world->topo->node_count,
        .restart = ds_world_restart,
    };
    ds_rc rc = world->kind == DS_WORLD_SIM ? ds_net_new_simulated(&options, &world->net, why)
                                           : ds_net_new_loopback(&options, &world->net, why);
    if (rc == DS_OK)
        rc = ds_evidence_attach(&world->evidence, world->net, why);
    if (rc == DS_OK)
        rc = world->kept != NULL
                 ? ds_tls_authority_new_kept(world->net, world->kept->certificates[world->kind],
                                             &world->authority, why)
                 : ds_tls_authority_new(world->net, &world->authority, why);
    return rc;
}

static ds_rc build_srtp(struct ds_world *world, struct ds_why *why)
{
    struct ds_media_srtp **srtp = world->kept != NULL ? &world->kept->srtp : &world->srtp;
    if (*srtp != NULL || !ds_topo_encrypts(world->topo))
        return DS_OK;
    return ds_media_srtp_start(srtp, why);
}

ds_rc ds_world_new(const struct ds_world_options *options,
                   struct ds_world **out,
                   struct ds_why *why)
{
    struct ds_world *world = calloc(1, sizeof *world);
    if (world == NULL)
        return ds_fail_memory(why);
    world->magic = DS_WORLD_MAGIC;
    world->kind = options->evidence == DS_SIMULATED ? DS_WORLD_SIM : DS_WORLD_LOOPBACK;
    world->seed = options->seed;
    world->faults = options->faults;
    world->topo = options->topo;
    world->kept = options->kept;
    ds_rc rc = build_base(world, options, why);
    if (rc == DS_OK)
        rc = build_network(world, why);
    if (rc == DS_OK)
        rc = build_srtp(world, why);
    if (rc == DS_OK)
        rc = start_nodes(world, false, why);
    if (rc != DS_OK)
        goto fail;
    *out = world;
    return DS_OK;
fail:
    free_world(world);
    return rc;
}

static const struct ds_node *not_ready(const struct ds_world *world)
{
    for (size_t i = 0; i < world->topo->node_count; i++)
        if (world->nodes[i] != NULL && !ds_node_ready(world->nodes[i]))
            return world->nodes[i];
    return NULL;
}

ds_rc ds_world_start(struct ds_world *world, struct ds_why *why)
{
    DS_CHECK(world, DS_WORLD_MAGIC);
    ds_us give_up = ds_now(world->clock) + READY_WITHIN;
    ds_rc rc = start_nodes(world, true, why);
    while (rc == DS_OK && not_ready(world) != NULL && ds_now(world->clock) < give_up)
        rc = ds_world_turn(world, give_up, why);
    if (rc == DS_OK && not_ready(world) != NULL)
        rc = ds_fail(why, DS_LATE, "%s could not sign in within %lld s: see the log of the run",
                     ds_node_place(not_ready(world))->name, (long long)(READY_WITHIN / DS_S));
    struct ds_fault *fault;
    for (size_t i = 0; rc == DS_OK && world->faults != NULL && world->faults[i] != NULL; i++)
        rc = ds_world_fault(world, world->faults[i], &fault, why);
    return rc;
}

/* Asking the system is dearer than most turns of a clock that nobody waits for. */
static bool is_interrupted(struct ds_world *world)
{
    bool asks = !ds_clock_is_virtual(world->clock) || world->turns++ % ASKED_EACH == 0;
    return asks && ds_interrupted();
}

ds_rc ds_world_turn(struct ds_world *world, ds_us until, struct ds_why *why)
{
    DS_CHECK(world, DS_WORLD_MAGIC);
    if (is_interrupted(world))
        return ds_fail(why, DS_GONE, "interrupted");
    ds_world_end_failed(world);
    ds_rc rc = ds_net_turn(world->net, until, why);
    if (rc == DS_OK && world->trouble.text[0] != '\0')
        rc = ds_fail(why, DS_IO, "%s", world->trouble.text);
    return rc;
}

ds_us ds_world_now(const struct ds_world *world)
{
    DS_CHECK(world, DS_WORLD_MAGIC);
    return ds_now(world->clock);
}

void ds_world_choose(struct ds_world *world, ds_net_choose_fn *choose, void *owner)
{
    DS_CHECK(world, DS_WORLD_MAGIC);
    ds_net_choose(world->net, choose, owner);
}

bool ds_world_skips_waits(const struct ds_world *world)
{
    DS_CHECK(world, DS_WORLD_MAGIC);
    return world->skips_waits;
}

void ds_world_has_guests(struct ds_world *world)
{
    DS_CHECK(world, DS_WORLD_MAGIC);
    world->skips_waits = false;
    ds_clock_let_go(world->clock);
}

enum ds_world_kind ds_world_kind(const struct ds_world *world)
{
    DS_CHECK(world, DS_WORLD_MAGIC);
    return world->kind;
}

const char *ds_world_kind_name(enum ds_world_kind kind)
{
    return kind == DS_WORLD_SIM ? "sim" : "loopback";
}

struct ds_node *ds_world_node(struct ds_world *world, const char *name)
{
    DS_CHECK(world, DS_WORLD_MAGIC);
    for (size_t i = 0; i < world->topo->node_count; i++)
        if (ds_slice_equal(ds_slice_of(world->topo->nodes[i].name), ds_slice_of(name)))
            return world->nodes[i];
    return NULL;
}

const struct ds_topo *ds_world_topo(const struct ds_world *world)
{
    DS_CHECK(world, DS_WORLD_MAGIC);
    return world->topo;
}

void ds_world_half_told(struct ds_world *world)
{
    DS_CHECK(world, DS_WORLD_MAGIC);
    world->half_told = true;
}

bool ds_world_is_half_told(const struct ds_world *world)
{
    DS_CHECK(world, DS_WORLD_MAGIC);
    return world->half_told;
}

struct ds_log *ds_world_log(struct ds_world *world)
{
    DS_CHECK(world, DS_WORLD_MAGIC);
    return world->log;
}

struct ds_tls_authority *ds_world_authority(struct ds_world *world)
{
    DS_CHECK(world, DS_WORLD_MAGIC);
    return world->authority;
}

static bool is_busy(const struct ds_world *world)
{
    for (size_t i = 0; i < world->topo->node_count; i++)
        if (world->nodes[i] != NULL && ds_node_busy(world->nodes[i]) > 0)
            return true;
    return false;
}

/* Connections that were closed say so to one another. */
static ds_rc let_fade(struct ds_world *world, struct ds_why *why)
{
    ds_us until = ds_now(world->clock) + FADE;
    ds_rc rc = DS_OK;
    while (rc == DS_OK && ds_now(world->clock) < until)
        rc = ds_net_turn(world->net, until, why);
    return rc;
}

ds_rc ds_world_close(struct ds_world **world, ds_us grace_us, struct ds_why *why)
{
    struct ds_world *closing = *world;
    DS_CHECK(closing, DS_WORLD_MAGIC);
    ds_us give_up = ds_now(closing->clock) + grace_us;
    ds_rc rc = DS_OK;
    while (rc == DS_OK && is_busy(closing) && ds_now(closing->clock) < give_up)
        rc = ds_net_turn(closing->net, give_up, why);
    free_nodes(closing);
    if (rc == DS_OK && closing->kind == DS_WORLD_SIM)
        rc = let_fade(closing, why);
    if (rc == DS_OK)
        rc = ds_evidence_drain(&closing->evidence, closing->net, closing->topo, why);
    struct ds_why close_why;
    if (ds_evidence_close(&closing->evidence, &close_why) != DS_OK && rc == DS_OK)
        rc = ds_fail(why, DS_IO, "%s", close_why.text);
    free_world(closing);
    *world = NULL;
    return rc;
}
