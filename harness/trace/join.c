#include "trace_internal.h"

#include <ctype.h>
#include <string.h>

/*
 * A back-to-back user agent ends one leg and begins another. A leg continues the one that had the
 * same Session-ID, or another header that survives, not long before and not yet answered for good.
 * Where no header tells, it continues the one whose INVITE reached the very host that its own first
 * INVITE left, provided that the numbers agree; or, of hosts that no topology knows, that reached
 * another address of it, provided that both numbers are the same.
 */

#define WINDOW_US     (180 * (int64_t)1000000) /* no INVITE waits longer: Timer C, RFC 3261 16.6 */
#define AT_ONCE_US    (2 * (int64_t)1000000)   /* within which another address of a host goes on */
#define MAX_LOOK_BACK 1024
#define ENOUGH_DIGITS 7

struct number {
    char digits[32]; /* or the lower-case user, where it has no digit */
};

struct numbers {
    struct number to, from;
};

/* What tells the INVITE of a hop from others. */
struct marks {
    const struct ds_hop_seen *hop;
    struct numbers numbers;
    struct ds_trace_survivor survivors[DS_TRACE_MOST_SURVIVORS];
    size_t survivor_count;
};

/* An INVITE that came to a host. */
struct arrival {
    const struct ds_hop_seen *hop;
    struct numbers numbers;
    struct arrival *before;              /* the arrival at this host before this one */
    const struct ds_hop_seen *continued; /* the first hop of the leg that went on from here */
};

struct host {
    uint8_t ip[16];
    struct arrival *latest;
};

/* All that arrived so far. */
struct arrivals {
    struct ds_trace_map hosts;
    struct ds_trace_map by_survivor; /* the latest that had it */
    struct ds_trace_map by_numbers;  /* the latest with both, whatever host it came to */
};

static struct number normalize(struct ds_slice user)
{
    struct number out = {{0}};
    const size_t most = sizeof out.digits - 1;
    size_t digits = 0;
    for (size_t i = 0; i < user.len && digits < most; i++)
        if (user.at[i] >= '0' && user.at[i] <= '9')
            out.digits[digits++] = user.at[i];
    for (size_t i = 0; i < user.len && i < most && digits == 0; i++)
        out.digits[i] = (char)tolower((unsigned char)user.at[i]);
    return out;
}

/* 2: the same; 1: the same but for a prefix; 0: different. */
static int agreement(const struct number *a, const struct number *b)
{
    size_t a_len = strlen(a->digits), b_len = strlen(b->digits);
    if (a_len == 0 || b_len == 0)
        return 0;
    if (strcmp(a->digits, b->digits) == 0)
        return 2;
    if (a_len < ENOUGH_DIGITS || b_len < ENOUGH_DIGITS)
        return 0;
    return memcmp(a->digits + a_len - ENOUGH_DIGITS, b->digits + b_len - ENOUGH_DIGITS,
                  ENOUGH_DIGITS) == 0;
}

bool ds_trace_same_user(struct ds_slice a, struct ds_slice b)
{
    const struct number one = normalize(a), other = normalize(b);
    return agreement(&one, &other) > 0;
}

static struct number dialled(const struct ds_hop_seen *hop)
{
    return normalize(ds_trace_user(ds_msg_request_uri(hop->invite->msg)));
}

static struct number caller(const struct ds_hop_seen *hop)
{
    struct ds_slice value = {NULL, 0}, params;
    (void)ds_msg_header(hop->invite->msg, "From", 0, &value);
    return normalize(ds_trace_user(ds_value_uri(value, &params)));
}

DS_EXPANDED static void read_marks(const struct ds_hop_seen *hop, struct marks *out)
{
    out->hop = hop;
    out->numbers = (struct numbers){dialled(hop), caller(hop)};
    out->survivor_count = ds_trace_survivors(hop->invite->msg, out->survivors);
}

/* Elements that the topology knows as proxies, or as ends, continue no leg. */
static bool may_continue(const struct ds_topo_node *node)
{
    return node == NULL || node->role == DS_ROLE_MEDIATION || node->role == DS_ROLE_GATEWAY ||
           node->role == DS_ROLE_ANALOGUE_GATEWAY || node->role == DS_ROLE_PBX ||
           node->role == DS_ROLE_SBC;
}

static bool open_at(const struct ds_hop_seen *hop, const struct ds_event *invite)
{
    return hop->final == NULL || hop->final > invite;
}

static bool is_loop(const struct ds_hop_seen *hop)
{
    return ds_addr_same_ip(hop->from, hop->to);
}

/* Where a host talks to itself, only ports tell one element from another. */
static bool same_element(const struct ds_hop_seen *came, const struct ds_hop_seen *went)
{
    return (!is_loop(came) && !is_loop(went)) || came->to.port == went->from.port;
}

/* How well `arrival` explains the leg that begins with `hop`; 0: not at all. An arrival that nobody
 * has continued yet comes first: the others are forks. So it does, of two alike, before one whose
 * continuation is over. */
static int
score(const struct arrival *arrival, const struct ds_hop_seen *hop, const struct numbers *numbers)
{
    if (arrival->hop->leg == hop->leg || !open_at(arrival->hop, hop->invite) ||
        !same_element(arrival->hop, hop))
        return 0;
    int agreed = 3 * agreement(&arrival->numbers.to, &numbers->to) +
                 agreement(&arrival->numbers.from, &numbers->from);
    if (agreed == 0)
        return 0;
    bool free_to_go = arrival->continued == NULL || !open_at(arrival->continued, hop->invite);
    return 2 * (agreed + (free_to_go ? 10 : 0)) + (arrival->continued == NULL);
}

static struct arrival *find_upstream(const struct host *host, const struct marks *marks, bool *tie)
{
    const struct ds_hop_seen *hop = marks->hop;
    struct arrival *best = NULL;
    int best_score = 0, looked_at = 0;
    for (struct arrival *at = host->latest; at != NULL && looked_at < MAX_LOOK_BACK;
         at = at->before, looked_at++) {
        if (hop->invite->at - at->hop->invite->at > WINDOW_US)
            break;
        int found = score(at, hop, &marks->numbers);
        if (found == 0 || found < best_score)
            continue;
        *tie = found == best_score && best->hop->leg != at->hop->leg;
        best_score = found;
        best = at;
    }
    return best;
}

static struct host *
host_of(struct ds_reading *reading, struct ds_trace_map *hosts, const struct ds_addr *addr)
{
    struct host *host = ds_trace_map_get(hosts, DS_KEY(addr->ip));
    if (host != NULL)
        return host;
    host = ds_reading_alloc(reading, sizeof *host);
    if (host == NULL)
        return NULL;
    memcpy(host->ip, addr->ip, sizeof host->ip);
    ds_reading_put(reading, hosts, DS_KEY(host->ip), host);
    return host;
}

/* The latest that a header tells of; NULL: none does. */
static struct arrival *find_survivor(const struct arrivals *arrivals, const struct marks *marks)
{
    const struct ds_hop_seen *hop = marks->hop;
    for (size_t i = 0; i < marks->survivor_count; i++) {
        const struct ds_slice key = {marks->survivors[i].text, marks->survivors[i].len};
        struct arrival *known = ds_trace_map_get(&arrivals->by_survivor, key);
        if (known != NULL && known->hop->leg != hop->leg && open_at(known->hop, hop->invite) &&
            hop->invite->at - known->hop->invite->at <= WINDOW_US)
            return known;
    }
    return NULL;
}

static bool has_long_numbers(const struct numbers *numbers)
{
    return strlen(numbers->to.digits) >= ENOUGH_DIGITS &&
           strlen(numbers->from.digits) >= ENOUGH_DIGITS;
}

/* A host that no topology knows may leave from another address than it was reached at. */
static struct arrival *find_elsewhere(const struct arrivals *arrivals, const struct marks *marks)
{
    const struct ds_hop_seen *hop = marks->hop;
    if (hop->from_node != NULL || is_loop(hop) || !has_long_numbers(&marks->numbers))
        return NULL;
    struct arrival *known = ds_trace_map_get(&arrivals->by_numbers, DS_KEY(marks->numbers));
    if (known == NULL || known->hop->to_node != NULL || is_loop(known->hop) ||
        ds_addr_same_ip(known->hop->to, hop->from) || known->hop->leg == hop->leg ||
        !open_at(known->hop, hop->invite) || known->continued != NULL ||
        hop->invite->at - known->hop->invite->at > AT_ONCE_US)
        return NULL;
    return known;
}

static void
tell_tie(struct ds_reading *reading, const struct ds_hop_seen *hop, struct ds_trace_join *join)
{
    join->tie = ds_arena_print(reading->arena,
                               "the INVITE of frame %u may continue more than one call that was "
                               "waiting at %s; the earliest was taken",
                               hop->invite->frame, ds_trace_name(reading->trace, hop->from).text);
    reading->out_of_memory = reading->out_of_memory || join->tie == NULL;
}

/* False where nothing that arrived tells of it. */
static bool continue_leg(struct ds_reading *reading,
                         const struct arrivals *arrivals,
                         const struct host *host,
                         const struct marks *marks,
                         struct ds_trace_join *join)
{
    bool tie = false;
    struct arrival *upstream = find_survivor(arrivals, marks);
    if (upstream == NULL)
        upstream = find_upstream(host, marks, &tie);
    if (upstream == NULL)
        upstream = find_elsewhere(arrivals, marks);
    if (upstream == NULL)
        return false;
    upstream->continued = marks->hop;
    join->upstream = &reading->trace->legs[upstream->hop->leg - reading->trace->legs];
    if (tie)
        tell_tie(reading, marks->hop, join);
    return true;
}

/* ---- what arrives ---- */

static void remember_survivor(struct ds_reading *reading,
                              struct arrivals *arrivals,
                              const struct ds_trace_survivor *survivor,
                              struct arrival *arrival)
{
    const struct ds_slice text = {survivor->text, survivor->len};
    char *copy = ds_arena_copy(reading->arena, text);
    if (copy == NULL)
        reading->out_of_memory = true;
    else
        ds_reading_put(reading, &arrivals->by_survivor, (struct ds_slice){copy, text.len}, arrival);
}

static void remember_survivors(struct ds_reading *reading,
                               struct arrivals *arrivals,
                               const struct marks *marks,
                               struct arrival *arrival)
{
    struct ds_trace_survivor own;
    for (size_t i = 0; i < marks->survivor_count && !reading->out_of_memory; i++)
        remember_survivor(reading, arrivals, &marks->survivors[i], arrival);
    if (ds_trace_survivor(DS_SURVIVOR_CALL_ID, ds_msg_call_id(marks->hop->invite->msg), &own))
        remember_survivor(reading, arrivals, &own, arrival);
}

static void arrive(struct ds_reading *reading,
                   struct arrivals *arrivals,
                   struct host *host,
                   const struct marks *marks)
{
    struct arrival *arrival = ds_reading_alloc(reading, sizeof *arrival);
    if (arrival == NULL)
        return;
    *arrival =
        (struct arrival){.hop = marks->hop, .numbers = marks->numbers, .before = host->latest};
    host->latest = arrival;
    ds_reading_put(reading, &arrivals->by_numbers, DS_KEY(arrival->numbers), arrival);
    remember_survivors(reading, arrivals, marks, arrival);
}

void ds_trace_join_legs(struct ds_reading *reading,
                        const struct ds_trace_array *hops,
                        struct ds_trace_join *joins)
{
    struct arrivals arrivals = {0};
    struct ds_trace_refers refers = {{0}};
    const struct ds_hop_seen *list = hops->at;
    ds_trace_refers(reading, &refers);
    if (!ds_trace_map_reserve(&arrivals.by_survivor, hops->count) ||
        !ds_trace_map_reserve(&arrivals.by_numbers, hops->count))
        reading->out_of_memory = true;
    for (size_t i = 0; i < hops->count && !reading->out_of_memory; i++) {
        const struct ds_hop_seen *hop = &list[i];
        struct host *from = host_of(reading, &arrivals.hosts, &hop->from);
        struct host *to = host_of(reading, &arrivals.hosts, &hop->to);
        if (from == NULL || to == NULL)
            break;
        struct ds_trace_join *join = &joins[hop->leg - reading->trace->legs];
        struct marks marks;
        read_marks(hop, &marks);
        bool begins = hop->leg->invite == hop->invite;
        const struct ds_leg *named = hop->leg->named;
        bool focus_takes = hop->leg->focus != NULL && named != NULL && named->invite != NULL;
        if (begins && !focus_takes &&
            (!may_continue(hop->from_node) ||
             !continue_leg(reading, &arrivals, from, &marks, join)))
            join->refer = ds_trace_refer_for(&refers, hop);
        arrive(reading, &arrivals, to, &marks);
    }
    ds_trace_array_clean_up(&refers.list);
    ds_trace_map_clean_up(&arrivals.hosts);
    ds_trace_map_clean_up(&arrivals.by_survivor);
    ds_trace_map_clean_up(&arrivals.by_numbers);
}
