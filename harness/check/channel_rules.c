#include "check_internal.h"

#include <stdlib.h>

/* TOPO-21: no trunk of circuits carries more calls at a time than it has channels. */

/* Whoever hears nothing of an INVITE gives it up by then, and with it the channel (Timer B). */
enum { PATIENCE_US = 32000000 };

/* An INVITE on a trunk of circuits, and until when it may keep its channel. As early as can be: who
   is told that a call ends may need it for the next one at once. */
struct line {
    const struct ds_hop_seen *hop;
    uint32_t over_frame; /* a BYE, a CANCEL or a refusal; UINT32_MAX: none was seen */
    int64_t given_up_at; /* without any answer; INT64_MAX: there was one */
};

/* All of them, in order, and those that a call from here on may still find on the trunk. */
struct book {
    struct ds_judge *judge;
    struct line *lines; /* owned */
    size_t line_count, next;
    const struct line **open; /* owned */
    size_t open_count;
};

static uint32_t over_frame_of(const struct ds_hop_seen *hop)
{
    for (size_t i = 0; i < hop->leg->event_count; i++) {
        const struct ds_event *event = hop->leg->events[i];
        if (ds_event_requests(event, "BYE") || ds_event_requests(event, "CANCEL") ||
            ds_event_answers_invite(event, 300, 699))
            return event->frame;
    }
    return UINT32_MAX;
}

static bool is_over(const struct line *line, const struct ds_event *invite)
{
    return line->over_frame < invite->frame || line->given_up_at < invite->at;
}

/* The two ends may take the last channel at the same time, each before it hears of the other. */
static bool may_have_crossed(const struct ds_hop_seen *hop, const struct ds_topo_node *from)
{
    return hop->from_node != from && ds_hop_response(hop, 100, 699) == NULL;
}

static bool takes_channel(const struct line *line,
                          const struct ds_topo_node *from,
                          const struct ds_topo_node *to,
                          const struct ds_event *invite)
{
    const struct ds_hop_seen *hop = line->hop;
    bool there = (hop->from_node == from && hop->to_node == to) ||
                 (hop->from_node == to && hop->to_node == from);
    return there && hop->invite->frame < invite->frame && !may_have_crossed(hop, from) &&
           !is_over(line, invite);
}

/* The channels taken between the two when that INVITE is sent, or comes to `from`. */
static size_t channels_taken(struct book *book,
                             const struct ds_topo_node *from,
                             const struct ds_topo_node *to,
                             const struct ds_event *invite)
{
    size_t taken = 0;
    while (book->next < book->line_count &&
           book->lines[book->next].hop->invite->frame < invite->frame)
        book->open[book->open_count++] = &book->lines[book->next++];
    for (size_t i = 0; i < book->open_count; i++)
        taken += takes_channel(book->open[i], from, to, invite);
    return taken;
}

/* What is over when a call begins is over for all later ones. */
static void close_lines(struct book *book, const struct ds_event *invite)
{
    size_t kept = 0;
    for (size_t i = 0; i < book->open_count; i++)
        if (!is_over(book->open[i], invite))
            book->open[kept++] = book->open[i];
    book->open_count = kept;
}

static size_t channels_between(const struct ds_judge *judge,
                               const struct ds_topo_node *from,
                               const struct ds_topo_node *to)
{
    const struct ds_trunk *trunk =
        from == NULL || to == NULL ? NULL : ds_topo_trunk(judge->topo, from, to);
    return trunk == NULL ? 0 : trunk->channels;
}

/* With a channel to spare there is nothing to see. */
static void sent(struct book *book, const struct ds_hop_seen *hop, struct ds_tally *tally)
{
    size_t channels = channels_between(book->judge, hop->from_node, hop->to_node);
    size_t taken =
        channels == 0 ? 0 : channels_taken(book, hop->from_node, hop->to_node, hop->invite);
    if (channels == 0 || taken + 1 < channels)
        return;
    if (taken < channels)
        ds_tally_good(tally, hop->invite->frame);
    else
        ds_tally_bad(tally, hop->invite->frame,
                     "%zu calls are on the trunk from %s to %s, which has %zu channels, and frame "
                     "%u makes one more",
                     taken, hop->from_node->name, hop->to_node->name, channels, hop->invite->frame);
}

static bool went_on(const struct ds_call *call, const struct ds_hop_seen *hop)
{
    for (size_t i = 0; i < call->hop_count; i++)
        if (call->hops[i].from_node == hop->to_node &&
            call->hops[i].invite->frame > hop->invite->frame)
            return true;
    return false;
}

/* Every way that the number has from there is by a trunk whose channels are taken. */
static bool finds_all_taken(struct book *book, const struct ds_hop_seen *hop)
{
    const struct ds_judge *judge = book->judge;
    char number[64];
    const struct ds_topo_node *at = hop->to_node;
    const struct ds_route *route =
        at == NULL ? NULL
                   : ds_topo_route(judge->topo, at, hop->from_node,
                                   ds_event_user(hop->invite, NULL), number, sizeof number);
    for (size_t i = 0; route != NULL && i < route->via_count; i++) {
        size_t channels = channels_between(judge, at, route->via[i]);
        if (channels == 0 || channels_taken(book, at, route->via[i], hop->invite) < channels)
            return false;
    }
    return route != NULL;
}

static void refused(struct book *book,
                    const struct ds_call *call,
                    const struct ds_hop_seen *hop,
                    struct ds_tally *tally)
{
    if (hop->final == NULL || hop->final_status < 300 || went_on(call, hop) ||
        !finds_all_taken(book, hop))
        return;
    int cause = ds_msg_q850_cause(hop->final->msg);
    if (hop->final_status == 503 && cause == 34)
        ds_tally_good(tally, hop->final->frame);
    else
        ds_tally_bad(tally, hop->final->frame,
                     "the call of frame %u finds every channel taken at %s, which refuses it with "
                     "%d and cause %d",
                     hop->invite->frame, hop->to_node->name, hop->final_status, cause);
}

static void one_call(struct book *book, const struct ds_call *call)
{
    struct ds_tally tally = {0};
    close_lines(book, call->hops[0].invite);
    for (size_t i = 0; i < call->hop_count; i++) {
        sent(book, &call->hops[i], &tally);
        refused(book, call, &call->hops[i], &tally);
    }
    ds_judge_tally(book->judge, &tally,
                   "INVITEs by the last channel of a trunk, or refused for want of one");
}

static int by_frame(const void *a, const void *b)
{
    const struct line *one = a, *other = b;
    uint32_t first = one->hop->invite->frame, second = other->hop->invite->frame;
    return first < second ? -1 : first > second;
}

static void note_lines(struct book *book, const struct ds_call *call)
{
    for (size_t i = 0; i < call->hop_count; i++) {
        const struct ds_hop_seen *hop = &call->hops[i];
        if (channels_between(book->judge, hop->from_node, hop->to_node) == 0)
            continue;
        book->lines[book->line_count++] = (struct line){
            .hop = hop,
            .over_frame = over_frame_of(hop),
            .given_up_at = hop->final == NULL ? hop->invite->at + PATIENCE_US : INT64_MAX};
    }
}

static bool open_book(struct book *book, struct ds_judge *judge)
{
    const struct ds_trace *trace = judge->trace;
    size_t hops = 0;
    for (size_t i = 0; i < trace->call_count; i++)
        hops += trace->calls[i].hop_count;
    *book = (struct book){.judge = judge,
                          .lines = calloc(hops + 1, sizeof *book->lines),
                          .open = calloc(hops + 1, sizeof(const struct line *))};
    if (book->lines == NULL || book->open == NULL)
        return false;
    for (size_t i = 0; i < trace->call_count; i++)
        note_lines(book, &trace->calls[i]);
    qsort(book->lines, book->line_count, sizeof *book->lines, by_frame);
    return true;
}

void ds_check_channels(struct ds_judge *judge)
{
    struct book book;
    judge->sought = "call that needs the last channel of a trunk";
    judge->out_of_memory = !open_book(&book, judge) || judge->out_of_memory;
    for (size_t i = 0; i < judge->trace->call_count && !judge->out_of_memory; i++) {
        judge->call = judge->subjects[i].call;
        one_call(&book, judge->call);
    }
    judge->call = NULL;
    free(book.lines);
    free(book.open);
}
