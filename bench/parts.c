/* What the parts of a simulated run cost: writing its capture, reading it, judging it. Run as
 * `bench_parts CAPTURE TOPOLOGY VARIANT SCENARIO LUA`, on a capture that a run of that scenario has
 * left. A part is repeated for a while, and the best of nine rounds counts. */

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "script.h"

#define ROUNDS 9
#define TIMES  100

struct bench {
    const char *capture, *lua_root;
    struct ds_arena *arena;
    const struct ds_topo *topo;
    struct ds_scenario scenario;
    struct ds_code *code;
    struct ds_trace *trace;
    struct ds_pcap_comment comment;
};

static double processor_us(void)
{
    return (double)clock() / CLOCKS_PER_SEC * 1e6;
}

static void demand(ds_rc rc, const struct ds_why *why)
{
    if (rc == DS_OK)
        return;
    fprintf(stderr, "bench_parts: %s\n", why->text);
    exit(1);
}

/* ---- the parts ---- */

/* The frames that are there, through the writer again. */
static void write_capture(struct bench *bench)
{
    const struct ds_pcap_header header = {.application = "bench", .interface_name = "sim"};
    struct ds_pcap_reader *reader = NULL;
    struct ds_pcap_writer *writer = NULL;
    struct ds_frame frame;
    struct ds_why why;
    char copy[1024];
    snprintf(copy, sizeof copy, "%s.copy", bench->capture);
    demand(ds_pcap_open(bench->capture, &reader, &why), &why);
    demand(ds_pcap_create(copy, &header, &writer, &why), &why);
    while (ds_pcap_next(reader, &frame, &why) == DS_OK)
        ds_pcap_write_frame(writer, frame.unix_us, frame.bytes);
    demand(ds_pcap_close(&writer, &why), &why);
    ds_pcap_reader_free(&reader);
}

static void annotate_capture(struct bench *bench)
{
    struct ds_why why;
    char copy[1024];
    snprintf(copy, sizeof copy, "%s.copy", bench->capture);
    demand(ds_pcap_annotate(copy, NULL, &bench->comment, 1, &why), &why);
}

static void read_trace(struct bench *bench)
{
    struct ds_why why;
    ds_trace_free(&bench->trace);
    demand(ds_trace_read(bench->capture, bench->topo, &bench->trace, &why), &why);
}

static void check_trace(struct bench *bench)
{
    struct ds_findings findings = {.arena = NULL};
    struct ds_why why = {"out of memory"};
    demand(ds_arena_new(&findings.arena), &why);
    demand(ds_check(bench->trace, bench->topo, &findings, &why), &why);
    ds_arena_free(&findings.arena);
}

static void expect(struct bench *bench)
{
    struct ds_findings findings = {.arena = NULL};
    struct ds_script_trouble trouble;
    struct ds_why why = {"out of memory"};
    const struct ds_judge_scenario judging = {.lua_root = bench->lua_root,
                                              .code = bench->code,
                                              .scenario = &bench->scenario,
                                              .trace = bench->trace,
                                              .topo = bench->topo};
    demand(ds_arena_new(&findings.arena), &why);
    demand(ds_scenario_judge(&judging, &findings, &trouble), &trouble.why);
    ds_arena_free(&findings.arena);
}

static const struct {
    const char *name;
    void (*run)(struct bench *bench);
} parts[] = {
    {"reading frames and writing them", write_capture}, {"a comment on a frame", annotate_capture},
    {"reading the capture as calls", read_trace},       {"judging all requirements", check_trace},
    {"the scenario's own expectations", expect},
};

static double best_us(struct bench *bench, void (*run)(struct bench *bench))
{
    double best = 1e12;
    for (int round = 0; round < ROUNDS; round++) {
        double began = processor_us();
        for (int i = 0; i < TIMES; i++)
            run(bench);
        double each = (processor_us() - began) / TIMES;
        best = each < best ? each : best;
    }
    return best;
}

int main(int argc, char **argv)
{
    struct bench bench = {.comment = {1, "a comment"}};
    struct ds_why why = {"out of memory"};
    if (argc != 6) {
        fprintf(stderr, "usage: bench_parts CAPTURE TOPOLOGY VARIANT SCENARIO LUA\n");
        return 2;
    }
    const struct ds_topo_choice choice = {.variant = argv[3], .bypass = -1};
    bench.capture = argv[1];
    bench.lua_root = argv[5];
    demand(ds_arena_new(&bench.arena), &why);
    demand(ds_code_new(&bench.code), &why);
    demand(ds_topo_load(argv[2], &choice, bench.arena, &bench.topo, &why), &why);
    demand(ds_scenario_load(argv[5], argv[4], "bench", bench.arena, &bench.scenario, &why), &why);
    for (size_t i = 0; i < DS_COUNT(parts); i++)
        printf("  %-34s %8.0f us\n", parts[i].name, best_us(&bench, parts[i].run));
    ds_trace_free(&bench.trace);
    ds_code_free(&bench.code);
    ds_arena_free(&bench.arena);
    return 0;
}
