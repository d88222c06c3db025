#include "explore.h"

/* Faults as lines that the simulated network reads. */

static void print_packets(const struct ds_draft *draft, struct ds_buf *out)
{
    if (draft->which == DS_UDP_PACKETS)
        ds_buf_text(out, " of udp");
    else if (draft->which == DS_TCP_PACKETS)
        ds_buf_text(out, " of tcp");
    else if (draft->which == DS_PACKETS_TO_A)
        ds_buf_print(out, " of dst host %s", draft->a->name);
}

static void print_share(const struct ds_draft *draft, struct ds_buf *out)
{
    ds_buf_print(out, " %u", draft->permille / 10);
    if (draft->permille % 10 != 0)
        ds_buf_print(out, ".%u", draft->permille % 10);
    ds_buf_text(out, "%");
}

static void print_time(const struct ds_draft *draft, struct ds_buf *out)
{
    if (draft->at_ms > 0)
        ds_buf_print(out, " at %ums", draft->at_ms);
    if (draft->lasts_ms > 0)
        ds_buf_print(out, " for %ums", draft->lasts_ms);
}

static void print_amount(const struct ds_draft *draft, struct ds_buf *out)
{
    switch (draft->kind) {
    case DS_DRAFT_LOSE:
    case DS_DRAFT_DUPLICATE:
        print_share(draft, out);
        break;
    case DS_DRAFT_LOSE_ONE:
        ds_buf_print(out, " #%u", draft->number);
        break;
    case DS_DRAFT_REORDER:
        print_share(draft, out);
        ds_buf_print(out, " by %ums", draft->time_ms);
        break;
    case DS_DRAFT_DELAY:
        ds_buf_print(out, " %ums", draft->time_ms);
        if (draft->jitter_ms > 0)
            ds_buf_print(out, " jitter %ums", draft->jitter_ms);
        break;
    case DS_DRAFT_CUT:
        ds_buf_print(out, draft->b == NULL ? " %s" : " %s-%s", draft->a->name,
                     draft->b == NULL ? "" : draft->b->name);
        break;
    case DS_DRAFT_KILL:
    case DS_DRAFT_FREEZE:
        ds_buf_print(out, " %s", draft->a->name);
        break;
    case DS_DRAFT_SPLIT:
        ds_buf_print(out, " %u", draft->number);
        break;
    case DS_DRAFT_SLOW:
        ds_buf_print(out, " %s %u", draft->a->name, draft->number);
        break;
    case DS_DRAFT_MERGE:
    case DS_DRAFT_JUMP:
        ds_buf_print(out, " %ums", draft->time_ms);
        break;
    case DS_DRAFT_KINDS:
        break;
    }
}

static const char *print(const struct ds_draft *draft, struct ds_arena *arena)
{
    static const char *const words[] = {
        [DS_DRAFT_LOSE] = "lose",           [DS_DRAFT_LOSE_ONE] = "lose",
        [DS_DRAFT_DUPLICATE] = "duplicate", [DS_DRAFT_DELAY] = "delay",
        [DS_DRAFT_REORDER] = "reorder",     [DS_DRAFT_CUT] = "cut",
        [DS_DRAFT_KILL] = "kill",           [DS_DRAFT_FREEZE] = "freeze",
        [DS_DRAFT_SPLIT] = "split",         [DS_DRAFT_MERGE] = "merge",
        [DS_DRAFT_SLOW] = "slow",           [DS_DRAFT_JUMP] = "jump",
    };
    struct ds_buf text = {0};
    ds_buf_text(&text, words[draft->kind]);
    print_amount(draft, &text);
    print_packets(draft, &text);
    print_time(draft, &text);
    const char *line = text.broken ? NULL : ds_arena_copy(arena, ds_buf_slice(&text));
    ds_buf_clean_up(&text);
    return line;
}

const char *const *ds_weather_lines(const struct ds_weather *weather, struct ds_arena *arena)
{
    const char **lines = ds_arena_alloc(arena, (weather->count + 1) * sizeof(const char *));
    for (size_t i = 0; lines != NULL && i < weather->count; i++) {
        lines[i] = print(&weather->drafts[i], arena);
        if (lines[i] == NULL)
            return NULL;
    }
    return lines;
}
