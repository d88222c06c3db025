#include "explore.h"

/* Faults drawn from a seed: strong enough to hurt within a call of a second or so, and over long
 * before the timers that wait for calm have run out. */

#define MOST_AT_MS    1500 /* scenarios of the suite take less */
#define MOST_LASTS_MS 20000

struct drawing {
    const struct ds_topo *topo;
    struct ds_rng rng;
};

static uint32_t between(struct drawing *drawing, uint32_t least, uint32_t most)
{
    return least + (uint32_t)ds_rng_below(&drawing->rng, most - least + 1);
}

/* Small ones as often as large ones. */
static uint32_t up_to(struct drawing *drawing, uint32_t most)
{
    uint32_t bits = 1, bound;
    while (bits < 31 && (1u << bits) <= most)
        bits++;
    bound = 1u << between(drawing, 1, bits);
    return between(drawing, 1, bound < most ? bound : most);
}

static const struct ds_topo_node *element(struct drawing *drawing)
{
    const struct ds_topo *topo = drawing->topo;
    return &topo->nodes[ds_rng_below(&drawing->rng, topo->node_count)];
}

static void draw_packets(struct drawing *drawing, struct ds_mishap *mishap)
{
    static const int choices[] = {DS_ALL_PACKETS, DS_UDP_PACKETS, DS_TCP_PACKETS, DS_PACKETS_TO_A};
    int choice = choices[ds_rng_below(&drawing->rng, DS_COUNT(choices))];
    if (choice == DS_PACKETS_TO_A)
        mishap->a = element(drawing);
    mishap->which = choice;
}

static void draw_time(struct drawing *drawing, struct ds_mishap *mishap, uint32_t most_ms)
{
    mishap->at_ms = between(drawing, 0, 2) == 0 ? 0 : up_to(drawing, MOST_AT_MS);
    mishap->lasts_ms = up_to(drawing, most_ms);
}

static void draw_share(struct drawing *drawing, struct ds_mishap *mishap)
{
    mishap->permille = up_to(drawing, 400);
    draw_packets(drawing, mishap);
}

static void draw_ends(struct drawing *drawing, struct ds_mishap *mishap)
{
    mishap->a = element(drawing);
    mishap->b = between(drawing, 0, 3) == 0 ? NULL : element(drawing);
    if (mishap->b == mishap->a)
        mishap->b = NULL;
    draw_time(drawing, mishap, MOST_LASTS_MS);
}

static void draw_delay(struct drawing *drawing, struct ds_mishap *mishap)
{
    mishap->time_ms = up_to(drawing, 300);
    mishap->jitter_ms = between(drawing, 0, 1) == 0 ? 0 : between(drawing, 1, mishap->time_ms);
    draw_packets(drawing, mishap);
}

static void draw_one(struct drawing *drawing, struct ds_mishap *mishap)
{
    *mishap = (struct ds_mishap){
        .kind = (enum ds_mishap_kind)ds_rng_below(&drawing->rng, DS_MISHAP_KINDS)};
    switch (mishap->kind) {
    case DS_MISHAP_LOSE:
    case DS_MISHAP_DUPLICATE:
        draw_share(drawing, mishap);
        break;
    case DS_MISHAP_LOSE_ONE:
        mishap->number = up_to(drawing, 60);
        draw_packets(drawing, mishap);
        break;
    case DS_MISHAP_REORDER:
        draw_share(drawing, mishap);
        mishap->time_ms = up_to(drawing, 100);
        break;
    case DS_MISHAP_DELAY:
        draw_delay(drawing, mishap);
        break;
    case DS_MISHAP_CUT:
        draw_ends(drawing, mishap);
        break;
    case DS_MISHAP_KILL:
    case DS_MISHAP_FREEZE:
        mishap->a = element(drawing);
        draw_time(drawing, mishap, MOST_LASTS_MS);
        break;
    case DS_MISHAP_SPLIT:
        mishap->number = up_to(drawing, 700);
        break;
    case DS_MISHAP_MERGE:
        mishap->time_ms = up_to(drawing, 200);
        break;
    case DS_MISHAP_SLOW:
        mishap->a = element(drawing);
        mishap->number = 1000 + up_to(drawing, 100000);
        break;
    case DS_MISHAP_JUMP:
        mishap->time_ms = up_to(drawing, 10000);
        mishap->at_ms = up_to(drawing, MOST_AT_MS);
        break;
    case DS_MISHAP_KINDS:
        break;
    }
}

static bool leads_out(const struct ds_topo *topo, const char *number)
{
    const struct ds_topo_node *owner =
        number == NULL ? NULL : ds_topo_owner(topo, ds_slice_of(number));
    return number != NULL && (owner == NULL || owner->role != DS_ROLE_CLIENT);
}

static bool sends_calls_out(const struct ds_topo_node *user, const struct ds_topo *topo)
{
    return leads_out(topo, user->handling.forward) || leads_out(topo, user->handling.ring_also) ||
           leads_out(topo, user->handling.unanswered);
}

static bool may_be_crossed_twice(const struct ds_topo *topo, const struct ds_topo_node *machine)
{
    bool behind = machine->role == DS_ROLE_PSTN || machine->role == DS_ROLE_PBX ||
                  machine->role == DS_ROLE_GATEWAY || machine->role == DS_ROLE_SBC;
    for (size_t i = 0; behind && i < topo->node_count; i++)
        if (sends_calls_out(&topo->nodes[i], topo))
            return true;
    return false;
}

/* Where both ends of a dialog lose their memory, those between them have nobody left to tell them
 * that it is over: without session timers RFC 3261 leaves them with it. So one machine dies at
 * most, and none that a call crosses twice: those behind the Mediation Server's trunks, where a
 * user sends calls on that come from there. */
static bool leaves_nobody(const struct ds_topo *topo, const struct ds_mishap *mishap)
{
    return mishap->kind == DS_MISHAP_KILL && may_be_crossed_twice(topo, mishap->a);
}

static bool is_second_death(const struct ds_weather *weather, size_t last)
{
    size_t deaths = 0;
    for (size_t i = 0; i <= last; i++)
        deaths += weather->mishaps[i].kind == DS_MISHAP_KILL;
    return deaths > 1 && weather->mishaps[last].kind == DS_MISHAP_KILL;
}

void ds_weather_draw(const struct ds_topo *topo, uint64_t seed, struct ds_weather *out)
{
    struct drawing drawing = {.topo = topo};
    ds_assert(topo->node_count > 0);
    ds_rng_seed(&drawing.rng, seed);
    *out = (struct ds_weather){.count = between(&drawing, 1, DS_WEATHER_MOST)};
    for (size_t i = 0; i < out->count; i++)
        do
            draw_one(&drawing, &out->mishaps[i]);
        while (is_second_death(out, i) || leaves_nobody(topo, &out->mishaps[i]));
}
