#include "check_internal.h"

#include <stdlib.h>

/* Messages put together again to transactions: the same branch and the same method. */

struct keyed {
    uint64_t key;
    const struct ds_event *event;
};

static int by_key_then_frame(const void *a, const void *b)
{
    const struct keyed *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return x->event < y->event ? -1 : x->event > y->event;
}

static uint64_t key_of(const struct ds_event *event)
{
    return ds_hash(ds_msg_branch(event->msg)) * 31 + ds_hash(ds_msg_method(event->msg));
}

static struct keyed *sort(const struct ds_trace *trace)
{
    struct keyed *list = calloc(trace->event_count + 1, sizeof *list);
    if (list == NULL)
        return NULL;
    for (size_t i = 0; i < trace->event_count; i++)
        list[i] = (struct keyed){key_of(&trace->events[i]), &trace->events[i]};
    qsort(list, trace->event_count, sizeof *list, by_key_then_frame);
    return list;
}

/* Answers of a transaction whose request was not captured are no transaction here. */
static bool fill(struct ds_judge *judge, struct ds_arena *arena, const struct keyed *list)
{
    size_t count = judge->trace->event_count;
    const struct ds_event **events =
        ds_arena_alloc(arena, (count + 1) * sizeof(const struct ds_event *));
    judge->txns = ds_arena_alloc(arena, (count + 1) * sizeof *judge->txns);
    if (events == NULL || judge->txns == NULL)
        return false;
    for (size_t i = 0, end; i < count; i = end) {
        for (end = i; end < count && list[end].key == list[i].key; end++)
            events[end] = list[end].event;
        if (ds_msg_is_request(events[i]->msg))
            judge->txns[judge->txn_count++] = (struct ds_txn_seen){&events[i], end - i};
    }
    return true;
}

bool ds_judge_collect_transactions(struct ds_judge *judge, struct ds_arena *arena)
{
    struct keyed *list = sort(judge->trace);
    bool done = list != NULL && fill(judge, arena, list);
    free(list);
    return done;
}

void ds_judge_transactions(struct ds_judge *judge,
                           const char *sought,
                           const char *good,
                           ds_txn_rule_fn *rule)
{
    struct ds_tally tally = {0};
    judge->sought = sought;
    for (size_t i = 0; i < judge->txn_count; i++)
        rule(judge, &judge->txns[i], &tally);
    ds_judge_tally(judge, &tally, good);
}
