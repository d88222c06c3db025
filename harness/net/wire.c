#include "sim_internal.h"

#include <stdlib.h>
#include <string.h>

#define MOST_FLIGHTS 256

/* What is on its way in the simulated network. A packet is a whole frame at the moment it is sent:
 * so it stands in the capture, and so filters see it. Then the faults of the moment decide how many
 * copies arrive, and when. */

static struct ds_packet *new_packet(const struct ds_packet *label, struct ds_slice bytes)
{
    struct ds_packet *packet = malloc(sizeof *packet + bytes.len);
    if (packet == NULL)
        return NULL;
    *packet = *label;
    packet->node = (struct ds_list){NULL, NULL};
    packet->len = bytes.len;
    if (bytes.len > 0)
        memcpy(packet->bytes, bytes.at, bytes.len);
    return packet;
}

static bool is_later(const struct ds_sim *sim, struct ds_list *node, ds_us at)
{
    return node != &sim->flight && DS_OWNER(node, struct ds_packet, node)->at > at;
}

/* In order of arrival, then of sending: nearly always at the end, or else behind the one before,
 * while others take their time. */
static void enqueue(struct ds_sim *sim, struct ds_packet *packet)
{
    struct ds_list *before = sim->flight.prev;
    packet->order = sim->sent++;
    if (is_later(sim, before, packet->at) && sim->recent != NULL && sim->recent->at <= packet->at) {
        before = &sim->recent->node;
        while (before->next != &sim->flight && !is_later(sim, before->next, packet->at))
            before = before->next;
    }
    while (is_later(sim, before, packet->at))
        before = before->prev;
    ds_list_append(before->next, &packet->node);
    sim->recent = packet;
}

static void take_out(struct ds_sim *sim, struct ds_packet *packet)
{
    if (sim->recent == packet)
        sim->recent = NULL;
    ds_list_remove(&packet->node);
}

static void
post(struct ds_net *net, const struct ds_packet *label, struct ds_slice bytes, ds_us delay_us)
{
    struct ds_sim *sim = net->world;
    struct ds_packet *packet = new_packet(label, bytes);
    if (packet == NULL)
        return; /* what finds no memory is lost, as on a network */
    /* Where orders are tried, what only keeps a connection going takes no time. */
    bool at_once = sim->choose != NULL && packet->is_tcp && packet->len == 0;
    packet->at = ds_now(net->options.clock) + (at_once ? 0 : delay_us);
    enqueue(sim, packet);
}

static void tell_frame(struct ds_net *net, const struct ds_sim *sim, const char *note)
{
    const struct ds_net_options *options = &net->options;
    if (options->frame != NULL)
        options->frame(options->owner, ds_clock_unix_us(options->clock, ds_now(options->clock)),
                       ds_buf_slice(&sim->frame), note);
}

void ds_wire_send(struct ds_net *net,
                  struct ds_addr from,
                  struct ds_addr to,
                  const struct ds_tcp_mark *tcp,
                  struct ds_slice bytes)
{
    struct ds_sim *sim = net->world;
    struct ds_packet label = {.from = from, .to = to, .is_tcp = tcp != NULL};
    struct ds_fate fate = {.copies = 1, .delay_us = net->options.link_delay_us};
    if (ds_machine_is_gone(net, from))
        return;
    if (tcp != NULL)
        label.tcp = *tcp;
    sim->frame.len = 0;
    ds_frame_build(&sim->frame, from, to, tcp, bytes);
    if (sim->frame.broken) {
        ds_buf_clean_up(&sim->frame);
        return;
    }
    const struct ds_passing passing = {from, to, ds_buf_slice(&sim->frame)};
    ds_faults_decide(net, &passing, &fate);
    tell_frame(net, sim, fate.lost_by);
    for (unsigned i = 0; i < fate.copies && fate.lost_by == NULL; i++) {
        if (i > 0)
            tell_frame(net, sim, NULL);
        post(net, &label, bytes, fate.delay_us);
    }
}

ds_us ds_wire_next(const struct ds_net *net)
{
    const struct ds_sim *sim = net->world;
    if (ds_list_empty(&sim->flight))
        return DS_NEVER;
    return DS_OWNER(sim->flight.next, struct ds_packet, node)->at;
}

struct ds_packet *ds_wire_take(struct ds_net *net, uint64_t sent_before)
{
    struct ds_sim *sim = net->world;
    for (struct ds_list *node = sim->flight.next; node != &sim->flight; node = node->next) {
        struct ds_packet *packet = DS_OWNER(node, struct ds_packet, node);
        if (packet->at > ds_now(net->options.clock))
            break;
        if (packet->order >= sent_before)
            continue;
        take_out(sim, packet);
        return packet;
    }
    return NULL;
}

/* ---- order by choice ---- */

/* Audio is not chosen from: it comes by the clock. */
static bool is_message(const struct ds_packet *packet)
{
    return packet->len > 0 && (packet->is_tcp || (packet->bytes[0] & 0xc0) != 0x80);
}

static bool is_behind(const struct ds_sim *sim, const struct ds_packet *packet)
{
    for (struct ds_list *node = sim->flight.next; node != &packet->node; node = node->next) {
        const struct ds_packet *other = DS_OWNER(node, struct ds_packet, node);
        if (packet->is_tcp && other->is_tcp && is_message(other) &&
            ds_addr_equal(other->from, packet->from) && ds_addr_equal(other->to, packet->to))
            return true;
    }
    return false;
}

struct ds_packet *ds_wire_choose(struct ds_net *net)
{
    struct ds_net_flight flights[MOST_FLIGHTS];
    struct ds_packet *packets[MOST_FLIGHTS];
    struct ds_sim *sim = net->world;
    size_t count = 0;
    if (sim->choose == NULL)
        return NULL;
    for (struct ds_list *node = sim->flight.next; node != &sim->flight && count < MOST_FLIGHTS;
         node = node->next) {
        struct ds_packet *packet = DS_OWNER(node, struct ds_packet, node);
        if (!is_message(packet))
            continue;
        packets[count] = packet;
        flights[count++] = (struct ds_net_flight){.id = packet->order,
                                                  .from = packet->from,
                                                  .to = packet->to,
                                                  .in_order = packet->is_tcp,
                                                  .waits = is_behind(sim, packet)};
    }
    if (count == 0)
        return NULL;
    size_t chosen = sim->choose(sim->choose_owner, flights, count);
    ds_assert(chosen < count && !flights[chosen].waits);
    take_out(sim, packets[chosen]);
    return packets[chosen];
}

void ds_net_choose(struct ds_net *net, ds_net_choose_fn *choose, void *owner)
{
    DS_CHECK(net, DS_NET_MAGIC);
    ds_assert(ds_net_is_simulated(net));
    struct ds_sim *sim = net->world;
    sim->choose = choose;
    sim->choose_owner = owner;
}

/* ---- machines that stand still ---- */

void ds_wire_hold(struct ds_net *net, struct ds_packet *packet)
{
    struct ds_sim *sim = net->world;
    ds_list_append(&sim->held, &packet->node);
}

void ds_wire_release(struct ds_net *net, struct ds_addr to)
{
    struct ds_sim *sim = net->world;
    for (struct ds_list *node = sim->held.next, *next; node != &sim->held; node = next) {
        struct ds_packet *packet = DS_OWNER(node, struct ds_packet, node);
        next = node->next;
        if (!ds_addr_same_ip(packet->to, to))
            continue;
        ds_list_remove(node);
        packet->at = ds_now(net->options.clock);
        enqueue(sim, packet);
    }
}

static void free_packets(struct ds_list *packets)
{
    for (struct ds_list *node = packets->next, *next; node != packets; node = next) {
        next = node->next;
        free(DS_OWNER(node, struct ds_packet, node));
    }
}

void ds_wire_clean_up(struct ds_sim *sim)
{
    free_packets(&sim->flight);
    free_packets(&sim->held);
    ds_buf_clean_up(&sim->frame);
}
