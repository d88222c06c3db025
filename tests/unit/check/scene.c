#include "track.h"

#include <stdio.h>

#define EPOCH_US INT64_C(1700000000000000)

struct ds_addr scene_address(const struct scene *scene, const char *name)
{
    struct ds_addr addr;
    const struct ds_topo_node *node = ds_topo_find(scene->topo, ds_slice_of(name));
    if (node != NULL)
        return node->at;
    assert_int_equal(ds_addr_parse_ip(ds_slice_of(name), &addr), DS_OK);
    return addr;
}

size_t
scene_nodes(const struct scene *scene, const char *text, const struct ds_topo_node *out[MOST_PATH])
{
    struct ds_slice rest = ds_slice_of(text), word;
    size_t count = 0;
    while (ds_slice_cut(&rest, ' ', &word)) {
        assert_true(count < MOST_PATH);
        out[count] = ds_topo_find(scene->topo, word);
        if (out[count] == NULL)
            fail_msg("'%.*s' is no node", DS_FMT(word));
        count++;
    }
    return count;
}

void scene_put(struct scene *scene, struct ds_addr from, struct ds_addr to, struct ds_slice text)
{
    struct ds_buf frame = {0};
    ds_frame_build(&frame, from, to, NULL, text);
    ds_pcap_write_frame(scene->writer, EPOCH_US + scene->now_us, ds_buf_slice(&frame));
    ds_buf_clean_up(&frame);
}

void scene_open(struct scene *scene, const char *topology, const char *variant)
{
    char path[128];
    const struct ds_topo_choice choice = {.variant = variant, .bypass = -1};
    const struct ds_pcap_header header = {.application = "test"};
    memset(scene, 0, sizeof *scene);
    snprintf(path, sizeof path, "topologies/%s.lua", topology);
    ds_scratch_make(scene->folder, sizeof scene->folder);
    snprintf(scene->path, sizeof scene->path, "%s/run.pcapng", scene->folder);
    assert_int_equal(ds_arena_new(&scene->arena), DS_OK);
    if (ds_topo_load(path, &choice, scene->arena, &scene->topo, &scene->why) != DS_OK)
        fail_msg("%s", scene->why.text);
    assert_int_equal(ds_pcap_create(scene->path, &header, &scene->writer, &scene->why), DS_OK);
}

void scene_close(struct scene *scene)
{
    if (scene->writer != NULL)
        assert_int_equal(ds_pcap_close(&scene->writer, &scene->why), DS_OK);
    ds_trace_free(&scene->trace);
    ds_arena_free(&scene->arena);
    ds_scratch_remove(scene->folder);
}

void scene_datagram(struct scene *scene, const char *from, const char *to, const char *text)
{
    struct ds_addr a = scene_address(scene, from), b = scene_address(scene, to);
    a.port = b.port = 5060;
    scene_put(scene, a, b, ds_slice_of(text));
    scene->now_us += 1000;
}

static enum ds_transport transport_of(struct ds_addr from, struct ds_addr to, enum ds_transport was)
{
    const uint16_t ports[2] = {from.port, to.port};
    for (size_t i = 0; i < 2; i++) {
        if (ports[i] == 5061 || ports[i] == 5070 || ports[i] == 5067)
            return DS_TLS;
        if (ports[i] == 5066 || ports[i] == 5068 || ports[i] == 5999)
            return DS_TCP;
    }
    return was;
}

void scene_read(struct scene *scene)
{
    assert_int_equal(ds_pcap_close(&scene->writer, &scene->why), DS_OK);
    if (ds_trace_read(scene->path, scene->topo, &scene->trace, &scene->why) != DS_OK)
        fail_msg("%s", scene->why.text);
    struct ds_trace *trace = scene->trace;
    for (size_t i = 0; i < trace->event_count; i++)
        trace->events[i].transport =
            transport_of(trace->events[i].from, trace->events[i].to, trace->events[i].transport);
    for (size_t i = 0; i < trace->call_count; i++)
        for (size_t k = 0; k < trace->calls[i].hop_count; k++)
            trace->calls[i].hops[k].transport = trace->calls[i].hops[k].invite->transport;
}

void scene_judge(struct scene *scene)
{
    scene->findings = (struct ds_findings){.arena = scene->arena};
    if (ds_check(scene->trace, scene->topo, &scene->findings, &scene->why) != DS_OK)
        fail_msg("%s", scene->why.text);
}

/* ---- verdicts ---- */

const struct ds_requirement *requirement(const char *id)
{
    const struct ds_requirement *found = ds_requirement_find(ds_slice_of(id));
    if (found == NULL)
        fail_msg("%s is no requirement", id);
    return found;
}

enum ds_verdict scene_verdict(const struct scene *scene, const char *id)
{
    return ds_findings_verdict(&scene->findings, requirement(id));
}

const struct ds_finding *scene_finding(const struct scene *scene, const char *id)
{
    enum ds_verdict worst = scene_verdict(scene, id);
    for (size_t i = 0; i < scene->findings.count; i++)
        if (scene->findings.list[i].requirement == requirement(id) &&
            scene->findings.list[i].verdict == worst)
            return &scene->findings.list[i];
    fail_msg("nothing is said of %s", id);
    return NULL;
}

static void
judge_plan(struct scene *scene, const char *topology, const char *variant, const struct plan *plan)
{
    scene_open(scene, topology, variant);
    scene_play(scene, plan);
    scene_read(scene);
    scene_judge(scene);
}

bool comes_to(const char *topology,
              const char *variant,
              const struct plan *plan,
              const char *id,
              enum ds_verdict verdict)
{
    struct scene scene;
    judge_plan(&scene, topology, variant, plan);
    const struct ds_finding *finding = scene_finding(&scene, id);
    bool good = finding->verdict == verdict && finding->sentence[0] != '\0';
    if (!good)
        print_error("%s is %s, not %s: %s\n", id, ds_verdict_name(finding->verdict),
                    ds_verdict_name(verdict), finding->sentence);
    scene_close(&scene);
    return good;
}

bool is_clean(const char *topology, const char *variant, const struct plan *plan)
{
    struct scene scene;
    bool clean = true;
    judge_plan(&scene, topology, variant, plan);
    for (size_t i = 0; i < scene.findings.count; i++) {
        const struct ds_finding *finding = &scene.findings.list[i];
        if (finding->verdict == DS_PASS || finding->verdict == DS_NOT_SEEN)
            continue;
        print_error("%s is %s: %s\n", finding->requirement->id, ds_verdict_name(finding->verdict),
                    finding->sentence);
        clean = false;
    }
    scene_close(&scene);
    return clean;
}

void check_cases(const struct verdict_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!comes_to(cases[i].topology, cases[i].variant, &cases[i].plan, cases[i].id,
                      cases[i].verdict))
            fail_msg("case %zu, %s: %s", i, cases[i].id, cases[i].plan.path);
}
