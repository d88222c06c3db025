#include "world.h"

#include <stdio.h>

/* ---- the network ---- */

char world_name(struct ds_addr addr)
{
    return (char)('a' + (ds_addr_ip4(&addr) & 0xff) - 10);
}

struct ds_slice world_word(struct ds_slice bytes)
{
    struct ds_slice word = {NULL, 0};
    if (ds_slice_starts(bytes, DS_LITERAL("SIP/2.0 ")))
        bytes = ds_slice_from(bytes, 8);
    ds_slice_cut(&bytes, ' ', &word);
    return word;
}

static void
see(void *owner, struct ds_addr from, struct ds_addr to, char tcp_event, struct ds_slice bytes)
{
    struct world *world = owner;
    if ((tcp_event != 0 && tcp_event != 'd') || !ds_msg_looks_like_sip(bytes))
        return;
    ds_buf_print(&world->wire, "%g %c%c %.*s\n", (double)ds_now(world->clock) / (double)DS_S,
                 world_name(from), world_name(to), DS_FMT(world_word(bytes)));
}

void world_start(struct world *world)
{
    struct ds_why why;
    *world = (struct world){.transport = DS_UDP};
    ds_rng_seed(&world->rng, 7);
    assert_int_equal(ds_clock_new_virtual((int64_t)1748736000 * DS_S, &world->clock), DS_OK);
    assert_int_equal(ds_log_new(&world->log, 65536), DS_OK);
    const struct ds_net_options options = {
        .clock = world->clock, .rng = &world->rng, .tap = see, .owner = world};
    assert_int_equal(ds_net_new_simulated(&options, &world->net, &why), DS_OK);
}

void world_run(struct world *world, ds_us until)
{
    struct ds_why why;
    for (int settling = 0; settling < 40; settling += ds_now(world->clock) >= until)
        assert_int_equal(ds_net_turn(world->net, until, &why), DS_OK);
}

void world_stop(struct world *world)
{
    world_run(world, ds_now(world->clock));
    ds_tls_authority_free(&world->authority);
    ds_net_free(&world->net);
    assert_int_equal(ds_timers_count(world->clock), 0);
    ds_clock_free(&world->clock);
    ds_log_free(&world->log);
    ds_buf_clean_up(&world->wire);
    ds_buf_clean_up(&world->told);
}

static void assert_text(struct ds_buf *text, const char *expected)
{
    assert_false(text->broken);
    assert_string_equal(text->at == NULL ? "" : text->at, expected);
    ds_buf_clean_up(text);
}

void assert_wire(struct world *world, const char *expected)
{
    assert_text(&world->wire, expected);
}

void assert_told(struct world *world, const char *expected)
{
    assert_text(&world->told, expected);
}

struct ds_addr world_addr(char name, uint16_t port)
{
    return ds_addr_v4(0x7f000000u + 10 + (uint32_t)(name - 'a'), port);
}

struct ds_hop world_hop(const struct world *world, char name)
{
    struct ds_hop hop = {.transport = world->transport};
    hop.to = world_addr(name, world->transport == DS_TLS ? 5061 : 5060);
    if (world->transport == DS_TLS)
        snprintf(hop.peer_name, sizeof hop.peer_name, "%c.contoso.example", name);
    return hop;
}

/* ---- a stranger ---- */

static void ignore(void *owner, struct ds_addr from, struct ds_slice bytes)
{
    (void)owner;
    (void)from;
    (void)bytes;
}

void world_throw(struct world *world, char to, const char *text)
{
    struct ds_udp *udp = NULL;
    struct ds_why why;
    assert_int_equal(ds_udp_open(world->net, world_addr('u', 5060), ignore, NULL, &udp, &why),
                     DS_OK);
    ds_udp_send(udp, world_addr(to, 5060), ds_slice_of(text));
    world_run(world, ds_now(world->clock));
    ds_udp_close(&udp);
}
