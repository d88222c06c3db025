#include "orders_internal.h"

#include <stdlib.h>
#include <string.h>

/* A walk over orders, depth first. Only arrivals at the same element can matter to one another:
 * swapping two at different elements gives the same run. So what is tried is each order of those
 * that race: where a packet arrived at an element after another one, and was not sent because of
 * that one, the walk comes back to have it arrive first (dynamic partial order reduction, Flanagan
 * and Godefroid, POPL 2005, with the sleep sets of Godefroid's thesis). */

ds_rc ds_orders_new(uint64_t most, struct ds_orders **out)
{
    struct ds_orders *orders = calloc(1, sizeof *orders);
    if (orders == NULL)
        return DS_NOMEM;
    orders->magic = DS_ORDERS_MAGIC;
    orders->most = most;
    *out = orders;
    return DS_OK;
}

void ds_orders_free(struct ds_orders **orders)
{
    if (*orders == NULL)
        return;
    DS_CHECK(*orders, DS_ORDERS_MAGIC);
    (*orders)->magic = 0;
    free((*orders)->steps);
    free((*orders)->packets);
    free(*orders);
    *orders = NULL;
}

struct ds_orders_count ds_orders_count(const struct ds_orders *orders)
{
    DS_CHECK(orders, DS_ORDERS_MAGIC);
    return orders->count;
}

void ds_orders_begin(struct ds_orders *orders)
{
    DS_CHECK(orders, DS_ORDERS_MAGIC);
    orders->depth = orders->packet_count = 0;
    orders->redundant = false;
    memset(orders->elements, 0, sizeof orders->elements);
}

/* ---- a run at work ---- */

static struct step *next_step(struct ds_orders *orders)
{
    if (orders->depth == orders->cap) {
        size_t cap = orders->cap == 0 ? 256 : orders->cap * 2;
        struct step *steps = realloc(orders->steps, cap * sizeof *steps);
        if (steps == NULL)
            return NULL;
        orders->steps = steps;
        orders->cap = cap;
    }
    return &orders->steps[orders->depth];
}

static size_t find(const struct step *step, uint64_t id)
{
    for (size_t i = 0; i < step->count; i++)
        if (step->flights[i].id == id)
            return i;
    return DS_ORDERS_WIDTH;
}

/* Who sleeps has been tried from an earlier state, and nothing has happened since that it would
 * notice. */
static uint64_t sleepers(const struct ds_orders *orders, const struct step *step)
{
    uint64_t asleep = 0;
    if (orders->depth == 0)
        return 0;
    const struct step *before = &orders->steps[orders->depth - 1];
    const struct ds_net_flight *chosen = &before->flights[before->chosen];
    uint64_t tried = before->asleep | before->done;
    for (size_t i = 0; i < before->count; i++) {
        const struct ds_net_flight *flight = &before->flights[i];
        if ((tried >> i & 1) == 0 || i == before->chosen || ds_addr_same_ip(flight->to, chosen->to))
            continue;
        size_t at = find(step, flight->id);
        if (at < DS_ORDERS_WIDTH)
            asleep |= (uint64_t)1 << at;
    }
    return asleep;
}

static bool may_go(const struct step *step, size_t index)
{
    return !step->flights[index].waits && (step->asleep >> index & 1) == 0;
}

static size_t first_to_go(struct ds_orders *orders, const struct step *step)
{
    for (size_t i = 0; i < step->count; i++)
        if (may_go(step, i))
            return i;
    orders->redundant = true; /* whatever comes now was seen before */
    for (size_t i = 0; i < step->count; i++)
        if (!step->flights[i].waits)
            return i;
    return 0;
}

static void open_step(struct ds_orders *orders,
                      struct step *step,
                      const struct ds_net_flight *flights,
                      size_t count)
{
    orders->count.bounded |= count > DS_ORDERS_WIDTH;
    *step = (struct step){.count = count < DS_ORDERS_WIDTH ? count : DS_ORDERS_WIDTH};
    memcpy(step->flights, flights, step->count * sizeof *flights);
    step->asleep = sleepers(orders, step);
    step->chosen = first_to_go(orders, step);
    step->to_try = (uint64_t)1 << step->chosen;
    orders->length = orders->depth + 1;
}

size_t ds_orders_choose(struct ds_orders *orders, const struct ds_net_flight *flights, size_t count)
{
    DS_CHECK(orders, DS_ORDERS_MAGIC);
    struct step *step = orders->depth < DS_ORDERS_DEPTH ? next_step(orders) : NULL;
    if (step == NULL) {
        orders->count.bounded = true;
        return 0;
    }
    if (orders->depth >= orders->length)
        open_step(orders, step, flights, count);
    ds_assert(step->flights[step->chosen].id == flights[step->chosen].id);
    size_t chosen = step->chosen;
    ds_orders_watch(orders, step);
    orders->depth++;
    return chosen;
}

/* ---- the next run ---- */

static bool try_another(struct step *step)
{
    step->done |= (uint64_t)1 << step->chosen;
    uint64_t left = step->to_try & ~step->done & ~step->asleep;
    for (size_t i = 0; i < step->count; i++)
        if ((left >> i & 1) != 0) {
            step->chosen = i;
            return true;
        }
    return false;
}

bool ds_orders_end(struct ds_orders *orders)
{
    DS_CHECK(orders, DS_ORDERS_MAGIC);
    orders->count.runs++;
    orders->count.orders += !orders->redundant;
    if (orders->length > orders->depth)
        orders->length = orders->depth; /* a run that ended early */
    while (orders->length > 0 && !try_another(&orders->steps[orders->length - 1]))
        orders->length--;
    if (orders->length > 0 && orders->count.runs >= orders->most) {
        orders->count.bounded = true;
        return false;
    }
    return orders->length > 0;
}

size_t ds_orders_list(const struct ds_orders *orders, uint8_t *out, size_t most)
{
    DS_CHECK(orders, DS_ORDERS_MAGIC);
    size_t count = orders->depth < most ? orders->depth : most;
    for (size_t i = 0; i < count; i++)
        out[i] = (uint8_t)orders->steps[i].chosen;
    return count;
}
