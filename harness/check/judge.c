#include "check_internal.h"

/* ---- one thing after the other ---- */

void ds_judge_calls(struct ds_judge *judge, const char *sought, ds_call_rule_fn *rule)
{
    judge->sought = sought;
    for (size_t i = 0; i < judge->trace->call_count && !judge->out_of_memory; i++) {
        judge->call = judge->subjects[i].call;
        rule(judge, &judge->subjects[i]);
    }
    judge->call = NULL;
}

static void judge_events(struct ds_judge *judge,
                         const struct ds_event *const *events,
                         size_t count,
                         const char *good,
                         ds_event_rule_fn *rule)
{
    struct ds_tally tally = {0};
    for (size_t i = 0; i < count; i++)
        rule(judge, events[i], &tally);
    ds_judge_tally(judge, &tally, good);
}

void ds_judge_messages(struct ds_judge *judge,
                       const char *sought,
                       const char *good,
                       ds_event_rule_fn *rule)
{
    judge->sought = sought;
    for (size_t i = 0; i < judge->trace->call_count && !judge->out_of_memory; i++) {
        judge->call = judge->subjects[i].call;
        judge_events(judge, judge->call->events, judge->call->event_count, good, rule);
    }
    judge->call = NULL;
    judge_events(judge, judge->outside, judge->outside_count, good, rule);
}

void ds_judge_legs(struct ds_judge *judge,
                   const char *sought,
                   const char *good,
                   ds_leg_rule_fn *rule)
{
    const struct ds_trace *trace = judge->trace;
    struct ds_tally others = {0};
    judge->sought = sought;
    for (size_t i = 0; i < trace->call_count && !judge->out_of_memory; i++) {
        struct ds_tally tally = {0};
        judge->call = &trace->calls[i];
        for (size_t k = 0; k < judge->call->leg_count; k++)
            rule(judge, judge->call->legs[k], &tally);
        ds_judge_tally(judge, &tally, good);
    }
    judge->call = NULL;
    for (size_t i = 0; i < trace->leg_count; i++)
        if (trace->legs[i].call == NULL)
            rule(judge, &trace->legs[i], &others);
    ds_judge_tally(judge, &others, good);
}

void ds_judge_hops(struct ds_judge *judge,
                   const char *sought,
                   const char *good,
                   ds_hop_rule_fn *rule)
{
    judge->sought = sought;
    for (size_t i = 0; i < judge->trace->call_count && !judge->out_of_memory; i++) {
        const struct ds_call *call = judge->subjects[i].call;
        struct ds_tally tally = {0};
        for (size_t k = 0; k < call->hop_count; k++) {
            const struct ds_hop_seen *hop = &call->hops[k];
            rule(judge, hop, ds_judge_trunk(judge, hop->from_node, hop->to_node), &tally);
        }
        judge->call = call;
        ds_judge_tally(judge, &tally, good);
    }
    judge->call = NULL;
}

/* ---- all requirements ---- */

static void
judge_one(struct ds_judge *judge, const struct ds_requirement *requirement, ds_check_fn *check)
{
    judge->requirement = requirement;
    judge->call = NULL;
    judge->sought = "such thing";
    judge->said = 0;
    check(judge);
    judge->call = NULL;
    if (judge->said == 0 && !judge->out_of_memory)
        ds_judge_say(judge, DS_NOT_SEEN, NULL, "no %s was met in this capture", judge->sought);
}

static bool collect_outside(struct ds_judge *judge, struct ds_arena *arena)
{
    const struct ds_trace *trace = judge->trace;
    judge->outside =
        ds_arena_alloc(arena, (trace->event_count + 1) * sizeof(const struct ds_event *));
    for (size_t i = 0; i < trace->event_count && judge->outside != NULL; i++)
        if (trace->events[i].leg->call == NULL)
            judge->outside[judge->outside_count++] = &trace->events[i];
    return judge->outside != NULL;
}

/* ---- who is gone ---- */

#define MOST_ADDRESSES 128
#define TIMER_F_US     INT64_C(32000000)

static const struct ds_event **last_word_of(const struct ds_judge *judge, struct ds_addr who)
{
    for (size_t i = 0; i < judge->last_word_count; i++)
        if (ds_addr_same_ip(judge->last_words[i]->from, who))
            return &judge->last_words[i];
    return NULL;
}

static bool collect_last_words(struct ds_judge *judge, struct ds_arena *arena)
{
    const struct ds_trace *trace = judge->trace;
    judge->last_words = ds_arena_alloc(arena, MOST_ADDRESSES * sizeof(const struct ds_event *));
    for (size_t i = 0; i < trace->event_count && judge->last_words != NULL; i++) {
        const struct ds_event *event = &trace->events[i],
                              **known = last_word_of(judge, event->from);
        if (known != NULL)
            *known = event;
        else if (judge->last_word_count < MOST_ADDRESSES)
            judge->last_words[judge->last_word_count++] = event;
    }
    return judge->last_words != NULL;
}

bool ds_judge_is_heard(const struct ds_judge *judge, struct ds_addr who, int64_t since)
{
    const struct ds_event **last = last_word_of(judge, who);
    return last != NULL && (*last)->at > since;
}

bool ds_judge_fell_silent(const struct ds_judge *judge, struct ds_addr who, int64_t since)
{
    const struct ds_event **last = last_word_of(judge, who);
    return last != NULL && (*last)->at <= since;
}

bool ds_judge_is_gone(const struct ds_judge *judge, struct ds_addr who, int64_t since)
{
    return !ds_judge_is_heard(judge, who, since) && judge->trace->duration - since >= TIMER_F_US;
}

static bool prepare(struct ds_judge *judge, struct ds_arena *arena)
{
    const struct ds_trace *trace = judge->trace;
    judge->subjects = ds_arena_alloc(arena, (trace->call_count + 1) * sizeof *judge->subjects);
    if (judge->subjects == NULL || !collect_outside(judge, arena) ||
        !collect_last_words(judge, arena) || !ds_judge_collect_transactions(judge, arena))
        return false;
    for (size_t i = 0; i < trace->call_count; i++)
        if (!ds_subject_fill(judge, &judge->subjects[i], &trace->calls[i]))
            return false;
    return ds_media_walk(judge, arena);
}

ds_rc ds_check(const struct ds_trace *trace,
               const struct ds_topo *topo,
               struct ds_findings *out,
               struct ds_why *why)
{
    size_t count;
    ds_assert(trace != NULL && topo != NULL && out != NULL && out->arena != NULL);
    const struct ds_requirement *requirements = ds_requirements(&count);
    struct ds_judge judge = {.trace = trace, .topo = topo, .findings = out};
    if (trace->topo != topo)
        return ds_fail(why, DS_STATE,
                       "%s was read without the topology it is to be judged by; read it again "
                       "with that topology",
                       trace->path);
    if (!prepare(&judge, out->arena))
        return ds_fail_memory(why);
    for (size_t i = 0; i < count && !judge.out_of_memory; i++)
        judge_one(&judge, &requirements[i], ds_requirement_check(i));
    return judge.out_of_memory ? ds_fail_memory(why) : DS_OK;
}
