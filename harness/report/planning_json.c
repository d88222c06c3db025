#include "plan.h"
#include "report_internal.h"

/* A plan for programs. */

static void
print_population(struct ds_json *json, const char *name, const struct ds_population *population)
{
    ds_json_begin(json, name, '{');
    ds_json_whole(json, "users", population->users);
    ds_json_flag(json, "counted", population->counted);
    ds_json_real(json, "erlangs", population->erlangs);
    ds_json_real(json, "outside", population->outside);
    ds_json_end(json, '}');
}

static void print_traffic(struct ds_json *json, const struct ds_traffic *traffic)
{
    ds_json_begin(json, "traffic", '{');
    print_population(json, "ev", &traffic->ev);
    print_population(json, "pbx", &traffic->pbx);
    ds_json_real(json, "blocking", traffic->blocking);
    ds_json_end(json, '}');
}

static void print_trunk(struct ds_json *json, const struct ds_trunk_load *load)
{
    const struct ds_trunk *trunk = load->trunk;
    ds_json_begin(json, NULL, '{');
    ds_json_text(json, "a", trunk->a->name);
    ds_json_text(json, "b", trunk->b->name);
    ds_json_text(json, "kind", trunk->kind == DS_TRUNK_TDM ? "tdm" : "sip");
    ds_json_real(json, "erlangs", load->erlangs);
    ds_json_whole(json, "channels", load->channels);
    if (trunk->kind == DS_TRUNK_TDM) {
        ds_json_whole(json, "spans_e1", load->spans_e1);
        ds_json_whole(json, "spans_t1", load->spans_t1);
    }
    if (trunk->channels > 0) {
        ds_json_whole(json, "given", trunk->channels);
        ds_json_real(json, "blocking", load->blocking);
    }
    ds_json_real(json, "worst_erlangs", load->worst_erlangs);
    ds_json_whole(json, "worst_channels", load->worst_channels);
    if (load->worst_without != NULL)
        ds_json_text(json, "worst_without", load->worst_without->name);
    ds_json_end(json, '}');
}

static void print_way(struct ds_json *json, const char *name, const struct ds_way *way)
{
    ds_json_begin(json, name, '[');
    for (size_t i = 0; i < way->count; i++)
        ds_json_text(json, NULL, way->nodes[i]->name);
    ds_json_end(json, ']');
}

static void print_course(struct ds_json *json, const struct ds_course *course)
{
    print_way(json, "signalling", &course->signalling);
    print_way(json, "audio", &course->audio);
    ds_json_flag(json, "bypass", course->bypass);
}

static void print_failure(struct ds_json *json,
                          const struct ds_planning *planning,
                          const struct ds_call_kind *kind,
                          size_t element)
{
    static const char *const fates[] = {
        [DS_FATE_SAME] = "same", [DS_FATE_ELSEWHERE] = "elsewhere", [DS_FATE_STOPS] = "stops"};
    const struct ds_topo_node *node = planning->elements[element];
    ds_json_begin(json, NULL, '{');
    ds_json_text(json, "element", node->name);
    ds_json_text(json, "new_calls", fates[ds_planning_fate(kind, element)]);
    print_course(json, &kind->without[element]);
    ds_json_flag(json, "falls_silent", ds_way_has(&kind->planned->audio, node));
    ds_json_end(json, '}');
}

static void print_kind(struct ds_json *json,
                       const struct ds_planning *planning,
                       const struct ds_call_kind *kind)
{
    ds_json_begin(json, NULL, '{');
    ds_json_text(json, "call", kind->row->name);
    ds_json_flag(json, "from_remote", kind->planned->from_remote);
    ds_json_flag(json, "to_remote", kind->planned->to_remote);
    ds_json_text(json, "caller", kind->caller->name);
    ds_json_text(json, "callee", kind->callee->name);
    ds_json_whole(json, "pairs", kind->pairs);
    ds_json_real(json, "erlangs", kind->erlangs);
    ds_json_flag(json, "possible", kind->planned->possible);
    print_course(json, kind->planned);
    ds_json_begin(json, "without", '[');
    for (size_t i = 0; i < planning->element_count; i++)
        print_failure(json, planning, kind, i);
    ds_json_end(json, ']');
    ds_json_end(json, '}');
}

static void print_served(struct ds_json *json,
                         const struct ds_planning *planning,
                         const struct ds_topo_node *element)
{
    ds_json_begin(json, "serves", '[');
    for (size_t i = 0; i < planning->topo->node_count; i++) {
        const struct ds_topo_node *node = &planning->topo->nodes[i];
        if (!ds_planning_serves(element, node))
            continue;
        ds_json_begin(json, NULL, '{');
        ds_json_text(json, "name", node->name);
        ds_json_real(json, "users", ds_planning_users(planning, node));
        ds_json_flag(json, "earlier_device", node->earlier_device);
        ds_json_flag(json, "lync_phone", node->lync_phone);
        ds_json_flag(json, "communicator", node->communicator);
        ds_json_end(json, '}');
    }
    ds_json_end(json, ']');
}

static void print_element(struct ds_json *json,
                          const struct ds_planning *planning,
                          const struct ds_element_load *load)
{
    ds_json_begin(json, NULL, '{');
    ds_json_text(json, "name", load->node->name);
    ds_json_text(json, "role", ds_role_name(load->node->role));
    ds_json_text(json, "site", load->node->site->name);
    ds_json_real(json, "calls_erlangs", load->calls);
    ds_json_real(json, "audio_erlangs", load->audio);
    ds_json_real(json, "audio_erlangs_bypass_on", load->audio_on);
    ds_json_real(json, "audio_erlangs_bypass_off", load->audio_off);
    print_served(json, planning, load->node);
    ds_json_end(json, '}');
}

static void print_answer(struct ds_json *json, const struct ds_answer *answer)
{
    ds_json_begin(json, NULL, '{');
    ds_json_text(json, "name", answer->name);
    ds_json_text(json, "question", answer->question);
    ds_json_flag(json, "holds", answer->holds);
    ds_json_text(json, "sentence", answer->sentence);
    ds_json_end(json, '}');
}

static void print_lists(struct ds_json *json, const struct ds_planning *planning)
{
    ds_json_begin(json, "trunks", '[');
    for (size_t i = 0; i < planning->topo->trunk_count; i++)
        print_trunk(json, &planning->trunks[i]);
    ds_json_end(json, ']');
    ds_json_begin(json, "elements", '[');
    for (size_t i = 0; i < planning->element_count; i++)
        print_element(json, planning, &planning->loads[i]);
    ds_json_end(json, ']');
    ds_json_begin(json, "calls", '[');
    for (size_t i = 0; i < planning->kind_count; i++)
        print_kind(json, planning, &planning->kinds[i]);
    ds_json_end(json, ']');
    ds_json_begin(json, "answers", '[');
    for (size_t i = 0; i < planning->answer_count; i++)
        print_answer(json, &planning->answers[i]);
    ds_json_end(json, ']');
}

ds_rc ds_planning_json(const struct ds_planning *planning,
                       const char *version,
                       const char *path,
                       struct ds_why *why)
{
    struct ds_json json = {0};
    ds_json_begin(&json, NULL, '{');
    ds_json_whole(&json, "schema_version", DS_SCHEMA_VERSION);
    ds_json_text(&json, "version", version);
    ds_json_text(&json, "topology", planning->topo->name);
    ds_json_text(&json, "variant", planning->topo->variant);
    ds_json_text(&json, "option", ds_option_name(planning->topo->option));
    print_traffic(&json, &planning->traffic);
    print_lists(&json, planning);
    ds_json_end(&json, '}');
    return ds_json_write(&json, path, why);
}
