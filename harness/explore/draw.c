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

static void draw_packets(struct drawing *drawing, struct ds_draft *draft)
{
    static const int choices[] = {DS_ALL_PACKETS, DS_UDP_PACKETS, DS_TCP_PACKETS, DS_PACKETS_TO_A};
    int choice = choices[ds_rng_below(&drawing->rng, DS_COUNT(choices))];
    if (choice == DS_PACKETS_TO_A)
        draft->a = element(drawing);
    draft->which = choice;
}

static void draw_time(struct drawing *drawing, struct ds_draft *draft, uint32_t most_ms)
{
    draft->at_ms = between(drawing, 0, 2) == 0 ? 0 : up_to(drawing, MOST_AT_MS);
    draft->lasts_ms = up_to(drawing, most_ms);
}

static void draw_share(struct drawing *drawing, struct ds_draft *draft)
{
    draft->permille = up_to(drawing, 400);
    draw_packets(drawing, draft);
}

static void draw_ends(struct drawing *drawing, struct ds_draft *draft)
{
    draft->a = element(drawing);
    draft->b = between(drawing, 0, 3) == 0 ? NULL : element(drawing);
    if (draft->b == draft->a)
        draft->b = NULL;
    draw_time(drawing, draft, MOST_LASTS_MS);
}

static void draw_delay(struct drawing *drawing, struct ds_draft *draft)
{
    draft->time_ms = up_to(drawing, 300);
    draft->jitter_ms = between(drawing, 0, 1) == 0 ? 0 : between(drawing, 1, draft->time_ms);
    draw_packets(drawing, draft);
}

static void draw_one(struct drawing *drawing, struct ds_draft *draft)
{
    *draft =
        (struct ds_draft){.kind = (enum ds_draft_kind)ds_rng_below(&drawing->rng, DS_DRAFT_KINDS)};
    switch (draft->kind) {
    case DS_DRAFT_LOSE:
    case DS_DRAFT_DUPLICATE:
        draw_share(drawing, draft);
        break;
    case DS_DRAFT_LOSE_ONE:
        draft->number = up_to(drawing, 60);
        draw_packets(drawing, draft);
        break;
    case DS_DRAFT_REORDER:
        draw_share(drawing, draft);
        draft->time_ms = up_to(drawing, 100);
        break;
    case DS_DRAFT_DELAY:
        draw_delay(drawing, draft);
        break;
    case DS_DRAFT_CUT:
        draw_ends(drawing, draft);
        break;
    case DS_DRAFT_KILL:
    case DS_DRAFT_FREEZE:
        draft->a = element(drawing);
        draw_time(drawing, draft, MOST_LASTS_MS);
        break;
    case DS_DRAFT_SPLIT:
        draft->number = up_to(drawing, 700);
        break;
    case DS_DRAFT_MERGE:
        draft->time_ms = up_to(drawing, 200);
        break;
    case DS_DRAFT_SLOW:
        draft->a = element(drawing);
        draft->number = 1000 + up_to(drawing, 100000);
        break;
    case DS_DRAFT_JUMP:
        draft->time_ms = up_to(drawing, 10000);
        draft->at_ms = up_to(drawing, MOST_AT_MS);
        break;
    case DS_DRAFT_KINDS:
        break;
    }
}

void ds_weather_draw(const struct ds_topo *topo, uint64_t seed, struct ds_weather *out)
{
    struct drawing drawing = {.topo = topo};
    ds_assert(topo->node_count > 0);
    ds_rng_seed(&drawing.rng, seed);
    *out = (struct ds_weather){.count = between(&drawing, 1, DS_WEATHER_MOST)};
    for (size_t i = 0; i < out->count; i++)
        draw_one(&drawing, &out->drafts[i]);
}
