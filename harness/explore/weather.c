#include "explore.h"

/* Faults as lines that the simulated network reads. */

static void print_packets(const struct ds_mishap *mishap, struct ds_buf *out)
{
    if (mishap->which == DS_UDP_PACKETS)
        ds_buf_text(out, " of udp");
    else if (mishap->which == DS_TCP_PACKETS)
        ds_buf_text(out, " of tcp");
    else if (mishap->which == DS_PACKETS_TO_A)
        ds_buf_print(out, " of dst host %s", mishap->a->name);
}

static void print_share(const struct ds_mishap *mishap, struct ds_buf *out)
{
    ds_buf_print(out, " %u", mishap->permille / 10);
    if (mishap->permille % 10 != 0)
        ds_buf_print(out, ".%u", mishap->permille % 10);
    ds_buf_text(out, "%");
}

static void print_time(const struct ds_mishap *mishap, struct ds_buf *out)
{
    if (mishap->at_ms > 0)
        ds_buf_print(out, " at %ums", mishap->at_ms);
    if (mishap->lasts_ms > 0)
        ds_buf_print(out, " for %ums", mishap->lasts_ms);
}

static void print_amount(const struct ds_mishap *mishap, struct ds_buf *out)
{
    switch (mishap->kind) {
    case DS_MISHAP_LOSE:
    case DS_MISHAP_DUPLICATE:
        print_share(mishap, out);
        break;
    case DS_MISHAP_LOSE_ONE:
        ds_buf_print(out, " #%u", mishap->number);
        break;
    case DS_MISHAP_REORDER:
        print_share(mishap, out);
        ds_buf_print(out, " by %ums", mishap->time_ms);
        break;
    case DS_MISHAP_DELAY:
        ds_buf_print(out, " %ums", mishap->time_ms);
        if (mishap->jitter_ms > 0)
            ds_buf_print(out, " jitter %ums", mishap->jitter_ms);
        break;
    case DS_MISHAP_CUT:
        ds_buf_print(out, mishap->b == NULL ? " %s" : " %s-%s", mishap->a->name,
                     mishap->b == NULL ? "" : mishap->b->name);
        break;
    case DS_MISHAP_KILL:
    case DS_MISHAP_FREEZE:
        ds_buf_print(out, " %s", mishap->a->name);
        break;
    case DS_MISHAP_SPLIT:
        ds_buf_print(out, " %u", mishap->number);
        break;
    case DS_MISHAP_SLOW:
        ds_buf_print(out, " %s %u", mishap->a->name, mishap->number);
        break;
    case DS_MISHAP_MERGE:
    case DS_MISHAP_JUMP:
        ds_buf_print(out, " %ums", mishap->time_ms);
        break;
    case DS_MISHAP_KINDS:
        break;
    }
}

static const char *print(const struct ds_mishap *mishap, struct ds_arena *arena)
{
    static const char *const words[] = {
        [DS_MISHAP_LOSE] = "lose",           [DS_MISHAP_LOSE_ONE] = "lose",
        [DS_MISHAP_DUPLICATE] = "duplicate", [DS_MISHAP_DELAY] = "delay",
        [DS_MISHAP_REORDER] = "reorder",     [DS_MISHAP_CUT] = "cut",
        [DS_MISHAP_KILL] = "kill",           [DS_MISHAP_FREEZE] = "freeze",
        [DS_MISHAP_SPLIT] = "split",         [DS_MISHAP_MERGE] = "merge",
        [DS_MISHAP_SLOW] = "slow",           [DS_MISHAP_JUMP] = "jump",
    };
    struct ds_buf text = {0};
    ds_buf_text(&text, words[mishap->kind]);
    print_amount(mishap, &text);
    print_packets(mishap, &text);
    print_time(mishap, &text);
    const char *line = text.broken ? NULL : ds_arena_copy(arena, ds_buf_slice(&text));
    ds_buf_clean_up(&text);
    return line;
}

const char *const *ds_weather_lines(const struct ds_weather *weather, struct ds_arena *arena)
{
    const char **lines = ds_arena_alloc(arena, (weather->count + 1) * sizeof(const char *));
    for (size_t i = 0; lines != NULL && i < weather->count; i++) {
        lines[i] = print(&weather->mishaps[i], arena);
        if (lines[i] == NULL)
            return NULL;
    }
    return lines;
}
