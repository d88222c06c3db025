#include "plan.h"
#include "report_internal.h"

#include <string.h>

/* A plan for a terminal of 80 columns, section by section. */

#define WIDTH       80
#define KIND_INDENT 6 /* of a way below its kind of call */

/* Words after one another, on further lines from `indent` on where one is full. */
struct list {
    struct ds_buf *out;
    size_t indent, column, count;
};

static void list_word(struct list *list, struct ds_buf *word)
{
    size_t used = ds_columns(ds_buf_slice(word));
    if (list->count > 0 && list->column + used + 3 > WIDTH) {
        ds_buf_print(list->out, ",\n%*s", (int)list->indent, "");
        list->column = list->indent;
    } else if (list->count > 0) {
        ds_buf_text(list->out, ", ");
        list->column += 2;
    }
    ds_move(list->out, word);
    list->column += used;
    list->count++;
}

static void title(struct ds_buf *out, const struct ds_terminal *terminal, const char *text)
{
    ds_buf_text(out, "\n");
    ds_paint(out, terminal->colour, DS_FAINT, text);
    ds_buf_text(out, "\n");
}

/* ---- the busy hour ---- */

static void
print_population(struct ds_buf *out, const char *name, const struct ds_population *population)
{
    if (population->users == 0)
        return;
    ds_buf_print(out, "  %-5s %u users%s, %g E each, %g %% of it outside\n", name,
                 population->users, population->counted ? " (those listed)" : "",
                 population->erlangs, 100 * population->outside);
}

static void print_traffic(const struct ds_traffic *traffic, struct ds_buf *out)
{
    print_population(out, "ev", &traffic->ev);
    print_population(out, "pbx", &traffic->pbx);
    ds_buf_print(out, "  %g %% of the calls may find every channel taken\n",
                 100 * traffic->blocking);
}

/* ---- trunks ---- */

static void print_spans(const struct ds_trunk_load *load, struct ds_buf *out)
{
    if (load->trunk->kind == DS_TRUNK_TDM)
        ds_buf_print(out, "%u E1 or %u T1", load->spans_e1, load->spans_t1);
    else
        ds_buf_text(out, "-");
}

static void print_given(const struct ds_trunk_load *load, struct ds_buf *out)
{
    if (load->trunk->channels == 0)
        ds_buf_text(out, "-");
    else if (load->channels > load->trunk->channels)
        ds_buf_print(out, "%u (%.1f %% lost)", load->trunk->channels, 100 * load->blocking);
    else
        ds_buf_print(out, "%u", load->trunk->channels);
}

static void print_trunk(const struct ds_trunk_load *load, struct ds_buf *out)
{
    struct ds_buf ends = {0}, spans = {0};
    ds_buf_print(&ends, "%s - %s", load->trunk->a->name, load->trunk->b->name);
    print_spans(load, &spans);
    ds_buf_text(out, "  ");
    ds_print_padded(out, ends.at, 22);
    ds_buf_print(out, " %s %8.2f E %8u  ", load->trunk->kind == DS_TRUNK_TDM ? "tdm" : "sip",
                 load->erlangs, load->channels);
    ds_print_padded(out, spans.at, 14);
    print_given(load, out);
    ds_buf_text(out, "\n");
    if (load->worst_without != NULL)
        ds_buf_print(out, "    without %-14s     %8.2f E %8u\n", load->worst_without->name,
                     load->worst_erlangs, load->worst_channels);
    out->broken |= ends.broken || spans.broken;
    ds_buf_clean_up(&ends);
    ds_buf_clean_up(&spans);
}

/* ---- who serves whom ---- */

static void list_served(const struct ds_planning *planning,
                        const struct ds_topo_node *element,
                        struct list *list)
{
    for (size_t i = 0; i < planning->topo->node_count; i++) {
        const struct ds_topo_node *node = &planning->topo->nodes[i];
        struct ds_buf word = {0};
        if (!ds_planning_serves(element, node))
            continue;
        ds_buf_print(&word, "%s%s%s%s", node->name, node->earlier_device ? " (earlier device)" : "",
                     node->lync_phone ? " (Lync phone)" : "",
                     node->communicator ? " (Communicator)" : "");
        list_word(list, &word);
    }
}

static double users_of(const struct ds_planning *planning, const struct ds_topo_node *element)
{
    double users = 0;
    for (size_t i = 0; i < planning->topo->node_count; i++)
        if (planning->topo->nodes[i].home == element)
            users += ds_planning_users(planning, &planning->topo->nodes[i]);
    return users;
}

static void print_serving(const struct ds_planning *planning, struct ds_buf *out)
{
    for (size_t i = 0; i < planning->element_count; i++) {
        const struct ds_topo_node *element = planning->elements[i];
        struct list list = {.out = out, .indent = 37, .column = 37};
        double users = users_of(planning, element);
        if (users <= 0)
            continue;
        ds_buf_print(out, "  %-12s %-12s %6.0f: ", element->name, element->site->name, users);
        list_served(planning, element, &list);
        ds_buf_text(out, "\n");
    }
}

/* ---- ways ---- */

static bool has_same_label(const struct ds_call_kind *a, const struct ds_call_kind *b)
{
    return a->row == b->row && a->planned->from_remote == b->planned->from_remote &&
           a->planned->to_remote == b->planned->to_remote;
}

/* With two of the people, where the same is said of others. */
static void
print_label(const struct ds_planning *planning, const struct ds_call_kind *kind, struct ds_buf *out)
{
    static const char *const ends[] = {"", " from remote", " to remote", " of remotes"};
    size_t same = 0;
    ds_buf_print(out, "%s%s", kind->row->name,
                 ends[kind->planned->from_remote + 2 * kind->planned->to_remote]);
    for (size_t i = 0; i < planning->kind_count; i++)
        same += has_same_label(&planning->kinds[i], kind);
    if (same > 1)
        ds_buf_print(out, " %s-%s", kind->caller->name, kind->callee->name);
    if (kind->planned->member != NULL)
        ds_buf_print(out, " by %s", kind->planned->member->name);
}

/* From a column on, which further lines begin at too. */
static void print_way(const struct ds_way *way, const char *between, int indent, struct ds_buf *out)
{
    size_t column = (size_t)indent;
    for (size_t i = 0; i < way->count; i++) {
        size_t used = strlen(way->nodes[i]->name) + strlen(between);
        bool wraps = column + used > WIDTH;
        /* a line ends without the blank behind the sign */
        ds_buf_print(out, "%.*s", (int)strlen(between) - wraps, i == 0 ? "" : between);
        if (wraps) {
            ds_buf_print(out, "\n%*s", indent, "");
            column = (size_t)indent;
        }
        ds_buf_text(out, way->nodes[i]->name);
        column += used;
    }
}

static void print_audio(const struct ds_way *way, const char *remark, struct ds_buf *out)
{
    ds_buf_print(out, "\n%*saudio  ", KIND_INDENT, "");
    print_way(way, " = ", KIND_INDENT + 7, out);
    ds_buf_print(out, "%s\n", remark);
}

static const char *remark_on(const struct ds_course *course)
{
    return course->bypass ? "  (bypass)" : "";
}

static void
print_kind(const struct ds_planning *planning, const struct ds_call_kind *kind, struct ds_buf *out)
{
    struct ds_buf label = {0};
    print_label(planning, kind, &label);
    ds_buf_print(out, "  %s %.2f E\n%*s", label.at == NULL ? "" : label.at, kind->erlangs,
                 KIND_INDENT, "");
    if (kind->planned->possible) {
        print_way(&kind->planned->signalling, " > ", KIND_INDENT, out);
        print_audio(&kind->planned->audio, remark_on(kind->planned), out);
    } else {
        ds_buf_print(out, "the routes lead no call from %s to %s\n", kind->caller->name,
                     kind->callee->name);
    }
    out->broken |= label.broken;
    ds_buf_clean_up(&label);
}

static void print_element(const struct ds_element_load *load, struct ds_buf *out)
{
    ds_buf_print(out, "  %-24s %10.2f E %10.2f E %10.2f E %10.2f E\n", load->node->name,
                 load->calls, load->audio, load->audio_on, load->audio_off);
}

/* About so many calls without bypass at a time for each stand-alone one (domain.md 3.4). */
#define CALLS_OF_A_MEDIATION_SERVER 1000

static void print_relaying(const struct ds_planning *planning,
                           const struct ds_element_load *load,
                           struct ds_buf *out)
{
    double blocking = planning->traffic.blocking;
    uint32_t audio = ds_erlang_channels(load->audio, blocking),
             off = ds_erlang_channels(load->audio_off, blocking),
             servers = (audio + CALLS_OF_A_MEDIATION_SERVER - 1) / CALLS_OF_A_MEDIATION_SERVER;
    if (load->node->role == DS_ROLE_EDGE && load->audio > 0)
        ds_buf_print(out, "  %s relays %u calls at a time\n", load->node->name, audio);
    if (load->node->role != DS_ROLE_MEDIATION)
        return;
    ds_buf_print(out, "  %s relays %u calls at a time (bypass off: %u): %u server%s\n",
                 load->node->name, audio, off, servers > 0 ? servers : 1, servers > 1 ? "s" : "");
}

/* ---- what fails ---- */

typedef bool
kind_is_fn(const struct ds_planning *planning, const struct ds_call_kind *kind, size_t element);

static bool
stops(const struct ds_planning *planning, const struct ds_call_kind *kind, size_t element)
{
    (void)planning;
    return ds_planning_fate(kind, element) == DS_FATE_STOPS;
}

static bool
goes_on(const struct ds_planning *planning, const struct ds_call_kind *kind, size_t element)
{
    (void)planning;
    return ds_planning_fate(kind, element) == DS_FATE_SAME;
}

static bool
falls_silent(const struct ds_planning *planning, const struct ds_call_kind *kind, size_t element)
{
    return ds_way_has(&kind->planned->audio, planning->elements[element]);
}

/* Up when it fails, and not heard of any more, though people go on talking. */
static bool
talks_on(const struct ds_planning *planning, const struct ds_call_kind *kind, size_t element)
{
    return ds_way_has(&kind->planned->signalling, planning->elements[element]) &&
           !falls_silent(planning, kind, element);
}

static void list_kinds(const struct ds_planning *planning,
                       size_t element,
                       const char *what,
                       kind_is_fn *is,
                       struct ds_buf *out)
{
    struct list list = {.out = out, .indent = 28, .column = 28};
    for (size_t i = 0; i < planning->kind_count; i++) {
        const struct ds_call_kind *kind = &planning->kinds[i];
        struct ds_buf word = {0};
        if (!kind->planned->possible || !is(planning, kind, element))
            continue;
        if (list.count == 0)
            ds_buf_print(out, "    %-24s", what);
        print_label(planning, kind, &word);
        list_word(&list, &word);
    }
    ds_buf_text(out, list.count > 0 ? "\n" : "");
}

static void print_detours(const struct ds_planning *planning, size_t element, struct ds_buf *out)
{
    for (size_t i = 0; i < planning->kind_count; i++) {
        const struct ds_call_kind *kind = &planning->kinds[i];
        const struct ds_course *course = &kind->without[element];
        if (ds_planning_fate(kind, element) != DS_FATE_ELSEWHERE)
            continue;
        ds_buf_text(out, "    go another way          ");
        print_label(planning, kind, out);
        ds_buf_print(out, "\n%*s", KIND_INDENT, "");
        print_way(&course->signalling, " > ", KIND_INDENT, out);
        print_audio(&course->audio, course->bypass != kind->planned->bypass ? "  (changes)" : "",
                    out);
    }
}

static void print_failure(const struct ds_planning *planning, size_t element, struct ds_buf *out)
{
    ds_buf_print(out, "  %s\n", planning->elements[element]->name);
    list_kinds(planning, element, "new calls stop", stops, out);
    print_detours(planning, element, out);
    list_kinds(planning, element, "are the same", goes_on, out);
    list_kinds(planning, element, "calls fall silent", falls_silent, out);
    list_kinds(planning, element, "talk on, uncontrolled", talks_on, out);
}

static void print_answer(const struct ds_answer *answer, struct ds_buf *out)
{
    ds_buf_print(out, "  %-52s %s\n      %s\n", answer->question, answer->holds ? "yes" : "no",
                 answer->sentence);
}

/* ---- the whole ---- */

static void print_loads(const struct ds_planning *planning,
                        const struct ds_terminal *terminal,
                        struct ds_buf *out)
{
    title(out, terminal, "Trunks                           load  channels  spans         given");
    for (size_t i = 0; i < planning->topo->trunk_count; i++)
        print_trunk(&planning->trunks[i], out);
    title(out, terminal,
          "Elements                       calls        audio    bypass on   bypass off");
    for (size_t i = 0; i < planning->element_count; i++)
        print_element(&planning->loads[i], out);
    for (size_t i = 0; i < planning->element_count; i++)
        print_relaying(planning, &planning->loads[i], out);
}

void ds_planning_print(const struct ds_planning *planning,
                       const struct ds_terminal *terminal,
                       struct ds_buf *out)
{
    ds_print_place(out, planning->topo->name,
                   planning->topo->variant[0] == '\0' ? NULL : planning->topo->variant);
    ds_buf_print(out, ", option %s\n", ds_option_name(planning->topo->option));
    title(out, terminal, "Busy hour");
    print_traffic(&planning->traffic, out);
    print_loads(planning, terminal, out);
    title(out, terminal, "Who serves whom");
    print_serving(planning, out);
    title(out, terminal, "Calls, and the way they go");
    for (size_t i = 0; i < planning->kind_count; i++)
        print_kind(planning, &planning->kinds[i], out);
    title(out, terminal, "Where an element has failed");
    for (size_t i = 0; i < planning->element_count; i++)
        print_failure(planning, i, out);
    title(out, terminal, "What the planning page says");
    for (size_t i = 0; i < planning->answer_count; i++)
        print_answer(&planning->answers[i], out);
}
