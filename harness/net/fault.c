#include "fault_internal.h"

#include <stdlib.h>
#include <string.h>

#define FAULT_MAGIC   0xfa017001u
#define RESTART_LASTS DS_S               /* where the line does not say */
#define MOST_FAULTS   DS_CLOCK_MOST_HELD /* each may hold a machine */

/* ---- beginning and end ---- */

static void restart(struct ds_fault *fault, bool up)
{
    const struct ds_net_options *options = &fault->net->options;
    if (options->restart != NULL)
        options->restart(options->owner, fault->ends[0], up);
}

static bool takes_power(const struct ds_fault *fault)
{
    return fault->kind == DS_FAULT_KILL || fault->kind == DS_FAULT_RESTART;
}

/* Processes end in silence: what closes their sockets finds no network any more. */
static void begin_effect(struct ds_fault *fault)
{
    struct ds_net *net = fault->net;
    struct ds_clock *clock = net->options.clock;
    if (takes_power(fault)) {
        ds_machine_set_gone(net, fault->ends[0], true);
        if (net->ops->cut_off != NULL)
            net->ops->cut_off(net, fault->ends[0]);
        restart(fault, false);
        if (net->ops->forget != NULL)
            net->ops->forget(net, fault->ends[0]);
    }
    if (fault->kind == DS_FAULT_FREEZE)
        ds_machine_set_still(net, fault->ends[0], true);
    if (fault->kind == DS_FAULT_JUMP)
        ds_clock_advance(clock, ds_now(clock) + fault->time_us);
}

static void end_effect(struct ds_fault *fault)
{
    struct ds_net *net = fault->net;
    if (takes_power(fault)) {
        if (net->ops->power_up != NULL)
            net->ops->power_up(net, fault->ends[0]);
        ds_machine_set_gone(net, fault->ends[0], false);
        restart(fault, true);
    }
    if (fault->kind == DS_FAULT_FREEZE)
        ds_machine_set_still(net, fault->ends[0], false);
}

static void end(struct ds_timer *timer)
{
    struct ds_fault *fault = DS_OWNER(timer, struct ds_fault, timer);
    fault->active = false;
    end_effect(fault);
}

static void begin(struct ds_timer *timer)
{
    struct ds_fault *fault = DS_OWNER(timer, struct ds_fault, timer);
    struct ds_clock *clock = fault->net->options.clock;
    fault->active = true;
    if (fault->lasts != DS_NEVER && ds_timer_start(clock, timer, fault->lasts, end) != DS_OK)
        fault->active = false; /* without memory for its end it does not begin */
    if (fault->active)
        begin_effect(fault);
}

/* At once where its time has come: what is sent next is met by it already. */
static ds_rc plan(struct ds_fault *fault, struct ds_why *why)
{
    struct ds_clock *clock = fault->net->options.clock;
    if (fault->kind == DS_FAULT_RESTART && fault->lasts == DS_NEVER)
        fault->lasts = RESTART_LASTS;
    if (fault->at > ds_now(clock))
        return ds_timer_start(clock, &fault->timer, fault->at - ds_now(clock), begin) == DS_OK
                   ? DS_OK
                   : ds_fail_memory(why);
    /* What touches elements or the clock waits for the loop: somebody is in the middle of a call.
     */
    if (takes_power(fault) || fault->kind == DS_FAULT_JUMP)
        return ds_timer_start(clock, &fault->timer, 0, begin) == DS_OK ? DS_OK
                                                                       : ds_fail_memory(why);
    begin(&fault->timer);
    return fault->active ? DS_OK : ds_fail_memory(why);
}

static ds_rc copy_line(struct ds_fault *fault, const char *line, struct ds_why *why)
{
    for (const char *at = line; *at != '\0'; at++)
        if (*at < ' ' || *at > '~')
            return ds_fail(why, DS_BAD,
                           "a fault is one line of ASCII, and this has something else after '%.*s'",
                           (int)(at - line < 120 ? at - line : 120), line);
    if (ds_slice_copy(ds_slice_of(line), fault->line, sizeof fault->line))
        return DS_OK;
    return ds_fail(why, DS_BAD, "a fault of more than %d characters is too long: '%.40s'…",
                   DS_FAULT_MOST_TEXT - 1, line);
}

/* A seed for each line, and for each time that it stands there. */
static void seed(struct ds_fault *fault, const struct ds_net *net)
{
    uint64_t own = fault->net->options.seed ^ ds_hash(ds_slice_of(fault->line));
    for (struct ds_list *node = net->faults.next; node != &net->faults; node = node->next)
        if (strcmp(DS_OWNER(node, struct ds_fault, node)->line, fault->line) == 0)
            own++;
    ds_rng_seed(&fault->rng, own);
}

static ds_rc check_room(const struct ds_net *net, struct ds_why *why)
{
    size_t count = 0;
    for (struct ds_list *node = net->faults.next; node != &net->faults; node = node->next)
        count++;
    return count < MOST_FAULTS
               ? DS_OK
               : ds_fail(why, DS_BAD, "there are %d faults already: stop those that are over",
                         MOST_FAULTS);
}

static ds_rc read_line(const struct ds_net_options *options,
                       const char *line,
                       bool on_sockets,
                       struct ds_fault *fault,
                       struct ds_why *why)
{
    ds_rc rc = copy_line(fault, line, why);
    if (rc == DS_OK)
        rc = ds_fault_read(options, fault, why);
    if (rc == DS_OK && on_sockets)
        rc = ds_fault_check_sockets(fault, why);
    return rc;
}

ds_rc ds_fault_start(struct ds_net *net,
                     const char *line,
                     struct ds_fault **out,
                     struct ds_why *why)
{
    DS_CHECK(net, DS_NET_MAGIC);
    ds_rc rc = check_room(net, why);
    if (rc != DS_OK)
        return rc;
    struct ds_fault *fault = calloc(1, sizeof *fault);
    if (fault == NULL)
        return ds_fail_memory(why);
    *fault = (struct ds_fault){.magic = FAULT_MAGIC, .net = net, .lasts = DS_NEVER};
    rc = read_line(&net->options, line, !ds_net_is_simulated(net), fault, why);
    seed(fault, net);
    if (rc == DS_OK)
        rc = plan(fault, why);
    if (rc != DS_OK)
        goto fail;
    ds_list_append(&net->faults, &fault->node);
    *out = fault;
    return DS_OK;
fail:
    ds_filter_free(&fault->filter);
    free(fault);
    return rc;
}

ds_rc ds_fault_check(const struct ds_pcap_name *names,
                     size_t name_count,
                     const char *line,
                     bool on_sockets,
                     struct ds_why *why)
{
    const struct ds_net_options options = {.names = names, .name_count = name_count};
    struct ds_fault fault = {.lasts = DS_NEVER};
    ds_rc rc = read_line(&options, line, on_sockets, &fault, why);
    ds_filter_free(&fault.filter);
    return rc;
}

static void release(struct ds_fault *fault)
{
    ds_timer_stop(fault->net->options.clock, &fault->timer);
    ds_list_remove(&fault->node);
    ds_filter_free(&fault->filter);
    fault->magic = 0;
    free(fault);
}

void ds_fault_stop(struct ds_fault **fault)
{
    if (*fault == NULL)
        return;
    DS_CHECK(*fault, FAULT_MAGIC);
    if ((*fault)->active)
        end_effect(*fault);
    release(*fault);
    *fault = NULL;
}

void ds_faults_stop(struct ds_net *net)
{
    DS_CHECK(net, DS_NET_MAGIC);
    for (struct ds_list *node = net->faults.next, *next; node != &net->faults; node = next) {
        struct ds_fault *fault = DS_OWNER(node, struct ds_fault, node);
        next = node->next;
        ds_fault_stop(&fault);
    }
}

void ds_faults_clean_up(struct ds_net *net)
{
    for (struct ds_list *node = net->faults.next, *next; node != &net->faults; node = next) {
        next = node->next;
        release(DS_OWNER(node, struct ds_fault, node));
    }
}

/* ---- what they do to a packet ---- */

static bool names(const struct ds_fault *fault, struct ds_addr at)
{
    for (size_t i = 0; i < fault->end_count; i++)
        if (ds_addr_same_ip(fault->ends[i], at))
            return true;
    return false;
}

static bool cuts(const struct ds_fault *fault, const struct ds_passing *packet)
{
    bool from = names(fault, packet->from), to = names(fault, packet->to);
    return fault->end_count == 2 ? from && to : from || to;
}

/* Does this packet meet the fault's filter, its number, its chance? */
static bool strikes(struct ds_fault *fault, struct ds_slice frame)
{
    if (fault->filter != NULL && !ds_filter_matches(fault->filter, frame))
        return false;
    fault->seen++;
    if (fault->nth > 0)
        return fault->seen == fault->nth;
    if (fault->share >= 1)
        return true;
    return (double)(ds_rng_next(&fault->rng) >> 11) * 0x1p-53 < fault->share;
}

static ds_us delay_of(struct ds_fault *fault)
{
    ds_us jitter = fault->jitter_us;
    if (jitter == 0)
        return fault->time_us;
    ds_us drawn = (ds_us)ds_rng_below(&fault->rng, 2 * (uint64_t)jitter + 1) - jitter;
    return fault->time_us + drawn > 0 ? fault->time_us + drawn : 0;
}

/* The first that takes it is told. */
static void lose(struct ds_fate *fate, const struct ds_fault *fault)
{
    if (fate->lost_by == NULL)
        fate->lost_by = fault->line;
}

static void apply(struct ds_fault *fault, const struct ds_passing *packet, struct ds_fate *fate)
{
    switch (fault->kind) {
    case DS_FAULT_LOSE:
        if (strikes(fault, packet->frame))
            lose(fate, fault);
        break;
    case DS_FAULT_DUPLICATE:
        fate->copies += strikes(fault, packet->frame);
        break;
    case DS_FAULT_DELAY:
    case DS_FAULT_REORDER:
        if (strikes(fault, packet->frame))
            fate->delay_us += delay_of(fault);
        break;
    case DS_FAULT_CUT:
        if (cuts(fault, packet))
            lose(fate, fault);
        break;
    case DS_FAULT_KILL:
    case DS_FAULT_RESTART:
        if (names(fault, packet->to))
            lose(fate, fault);
        break;
    case DS_FAULT_FREEZE:
    case DS_FAULT_SPLIT:
    case DS_FAULT_MERGE:
    case DS_FAULT_SLOW:
    case DS_FAULT_JUMP:
    case DS_FAULT_KINDS:
        break;
    }
}

/* Each of them counts, and draws, whatever the others do. */
void ds_faults_decide(struct ds_net *net, const struct ds_passing *packet, struct ds_fate *fate)
{
    for (struct ds_list *node = net->faults.next; node != &net->faults; node = node->next) {
        struct ds_fault *fault = DS_OWNER(node, struct ds_fault, node);
        if (fault->active)
            apply(fault, packet, fate);
    }
}

void ds_faults_meet(struct ds_net *net,
                    struct ds_addr from,
                    struct ds_addr to,
                    const struct ds_tcp_mark *tcp,
                    struct ds_slice bytes,
                    struct ds_fate *fate)
{
    *fate = (struct ds_fate){.copies = 1};
    if (ds_list_empty(&net->faults))
        return;
    net->probe.len = 0;
    ds_frame_build(&net->probe, from, to, tcp, bytes);
    const struct ds_passing passing = {from, to, ds_buf_slice(&net->probe)};
    if (!net->probe.broken)
        ds_faults_decide(net, &passing, fate);
}

/* ---- what they do to connections ---- */

/* The active fault of that kind that meets an empty segment from here to there; NULL: none. */
static const struct ds_fault *
find_for(struct ds_net *net, enum ds_fault_kind kind, struct ds_addr from, struct ds_addr to)
{
    const struct ds_tcp_mark segment = {.ack = true};
    for (struct ds_list *node = net->faults.next; node != &net->faults; node = node->next) {
        struct ds_fault *fault = DS_OWNER(node, struct ds_fault, node);
        if (!fault->active || fault->kind != kind)
            continue;
        net->probe.len = 0;
        ds_frame_build(&net->probe, from, to, &segment, (struct ds_slice){NULL, 0});
        if (fault->filter == NULL || ds_filter_matches(fault->filter, ds_buf_slice(&net->probe)))
            return fault;
    }
    return NULL;
}

size_t ds_faults_segment(struct ds_net *net, struct ds_addr from, struct ds_addr to, size_t usual)
{
    const struct ds_fault *fault = find_for(net, DS_FAULT_SPLIT, from, to);
    return fault != NULL && fault->number < usual ? (size_t)fault->number : usual;
}

ds_us ds_faults_gather_us(struct ds_net *net, struct ds_addr from, struct ds_addr to)
{
    const struct ds_fault *fault = find_for(net, DS_FAULT_MERGE, from, to);
    return fault == NULL ? 0 : fault->time_us;
}

uint64_t ds_faults_reading(const struct ds_net *net, struct ds_addr at)
{
    for (struct ds_list *node = net->faults.next; node != &net->faults; node = node->next) {
        const struct ds_fault *fault = DS_OWNER(node, struct ds_fault, node);
        if (fault->active && fault->kind == DS_FAULT_SLOW && names(fault, at))
            return fault->number;
    }
    return 0;
}
