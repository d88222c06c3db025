#include "orders_internal.h"

#include <stdlib.h>

/* Who knows of what: an element of all that has arrived there and of all that the senders of that
 * knew; a packet of what its sender knew. A packet that races with an arrival is one whose sender
 * did not know of it. */

static size_t element_of(struct ds_orders *orders, struct ds_addr at)
{
    uint32_t ip = ds_addr_ip4(&at);
    size_t index = 0;
    while (index + 1 < DS_ORDERS_ELEMENTS && orders->elements[index].ip != ip &&
           orders->elements[index].ip != 0)
        index++;
    orders->count.bounded |= orders->elements[index].ip != ip && orders->elements[index].ip != 0;
    orders->elements[index].ip = ip;
    return index;
}

static void learn(struct knowledge *knows, const struct knowledge *more)
{
    for (size_t i = 0; i < DS_ORDERS_ELEMENTS; i++)
        if (knows->arrivals[i] < more->arrivals[i])
            knows->arrivals[i] = more->arrivals[i];
}

static struct packet *find_packet(struct ds_orders *orders, uint64_t id)
{
    for (size_t i = orders->packet_count; i-- > 0;)
        if (orders->packets[i].id == id)
            return &orders->packets[i];
    return NULL;
}

static struct packet *add_packet(struct ds_orders *orders, uint64_t id)
{
    if (orders->packet_count == orders->packet_cap) {
        size_t cap = orders->packet_cap == 0 ? 256 : orders->packet_cap * 2;
        struct packet *packets = realloc(orders->packets, cap * sizeof *packets);
        if (packets == NULL)
            return NULL;
        orders->packets = packets;
        orders->packet_cap = cap;
    }
    struct packet *packet = &orders->packets[orders->packet_count++];
    *packet = (struct packet){.id = id};
    return packet;
}

/* What leaves an element right after an arrival there was sent because of it. Anything else was
 * sent by the scenario or a timer, which may know of everything. */
static void
note_sender(struct ds_orders *orders, const struct ds_net_flight *flight, struct packet *packet)
{
    size_t from = element_of(orders, flight->from);
    bool answers = orders->depth > 0 && orders->steps[orders->depth - 1].element == from;
    if (answers) {
        packet->knew = orders->elements[from].knows;
        return;
    }
    for (size_t i = 0; i < DS_ORDERS_ELEMENTS; i++)
        learn(&packet->knew, &orders->elements[i].knows);
    orders->elements[from].knows = packet->knew;
}

static bool is_same_stream(const struct ds_net_flight *a, const struct ds_net_flight *b)
{
    return a->in_order && b->in_order && ds_addr_equal(a->from, b->from) &&
           ds_addr_equal(a->to, b->to);
}

static size_t find_flight(const struct step *step, uint64_t id)
{
    size_t at = 0;
    while (at < step->count && step->flights[at].id != id)
        at++;
    return at;
}

/* The packet itself, or the one it waits behind on its connection; false where neither was there.
 */
static bool try_itself(struct step *raced, const struct ds_net_flight *flight)
{
    size_t at = find_flight(raced, flight->id);
    if (at == raced->count)
        return false;
    for (size_t i = 0; raced->flights[at].waits && i < raced->count; i++)
        if (is_same_stream(&raced->flights[i], flight) && !raced->flights[i].waits)
            at = i;
    raced->to_try |= (uint64_t)1 << at;
    return true;
}

/* One of those that had to arrive for the packet to be sent. */
static bool try_cause(struct ds_orders *orders, size_t index, const struct packet *packet)
{
    struct step *raced = &orders->steps[index];
    for (size_t i = index + 1; i < orders->depth; i++) {
        const struct step *later = &orders->steps[i];
        if (packet->knew.arrivals[later->element] < later->number)
            continue;
        size_t at = find_flight(raced, later->flights[later->chosen].id);
        if (at < raced->count && !raced->flights[at].waits) {
            raced->to_try |= (uint64_t)1 << at;
            return true;
        }
    }
    return false;
}

static void try_all(struct step *raced)
{
    for (size_t i = 0; i < raced->count; i++)
        if (!raced->flights[i].waits)
            raced->to_try |= (uint64_t)1 << i;
}

/* The last arrival at the same element that the sender did not know of; what is behind it on one
 * connection cannot overtake it. */
static void come_back(struct ds_orders *orders,
                      size_t element,
                      const struct ds_net_flight *flight,
                      const struct packet *packet)
{
    for (size_t i = orders->depth; i-- > 0;) {
        struct step *step = &orders->steps[i];
        if (step->element != element)
            continue;
        if (packet->knew.arrivals[element] >= step->number)
            return;
        if (is_same_stream(&step->flights[step->chosen], flight))
            continue;
        if (!try_itself(step, flight) && !try_cause(orders, i, packet))
            try_all(step);
        return;
    }
}

void ds_orders_watch(struct ds_orders *orders, struct step *step)
{
    for (size_t i = 0; i < step->count; i++) {
        struct packet *fresh = find_packet(orders, step->flights[i].id) != NULL
                                   ? NULL
                                   : add_packet(orders, step->flights[i].id);
        if (fresh != NULL)
            note_sender(orders, &step->flights[i], fresh);
    }
    const struct ds_net_flight *flight = &step->flights[step->chosen];
    const struct packet *packet = find_packet(orders, flight->id);
    if (packet == NULL) {
        orders->count.bounded = true; /* out of memory: no more is known of it */
        return;
    }
    size_t element = element_of(orders, flight->to);
    come_back(orders, element, flight, packet);
    struct knowledge *knows = &orders->elements[element].knows;
    learn(knows, &packet->knew);
    step->element = element;
    step->number = ++knows->arrivals[element];
}
