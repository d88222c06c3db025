#include "cli_internal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* Starting points that run at once: a scenario is written out here, a topology is a copy of the
 * recommended option. */

static const char scenario_text[] =
    "--- Says in one sentence what this scenario shows; `directsip list scenarios` prints it.\n"
    "local ds <const> = require \"ds\"\n"
    "local s <const>, ms <const> = ds.s, ds.ms\n"
    "\n"
    "return ds.scenario {\n"
    "  -- A file in topologies/, a list of them, or ds.every_option.\n"
    "  topology = \"behind_pbx\",\n"
    "  -- Requirements this run must prove: see `directsip list requirements`.\n"
    "  proves   = { \"CALL-01\", \"CALL-02\" },\n"
    "\n"
    "  -- What people do. `net` has one entry for each node of the topology.\n"
    "  run = function(net)\n"
    "    local caller <close> = net.pstn:dial(net.alice)\n"
    "    local callee <close> = net.alice:await_call(2 * s)\n"
    "\n"
    "    callee:ring()\n"
    "    callee:answer()\n"
    "    caller:wait(\"answered\", 2 * s)\n"
    "    caller:talk(300 * ms)\n"
    "    callee:hang_up()\n"
    "    caller:wait(\"ended\", 2 * s)\n"
    "  end,\n"
    "\n"
    "  -- What the capture must show.\n"
    "  expect = function(wire)\n"
    "    local call <const> = wire:call()\n"
    "\n"
    "    call:path { \"pstn\", \"pbx\", \"gateway\", \"mediation\", \"pool\", \"alice\" }\n"
    "    call:audio():flows(\"gateway\", \"alice\"):both_ways():for_at_least(200 * ms)\n"
    "    call:audio():never_touches(\"mediation\")\n"
    "  end,\n"
    "}\n";

/* Never over a file that is there. */
static int write_new(const char *path, struct ds_slice text)
{
    FILE *file = fopen(path, "wx");
    if (file == NULL)
        return ds_say(
            DS_EXIT_USAGE,
            errno == EEXIST ? "%s is there already: choose another name" : "cannot write %s", path);
    bool whole = fwrite(text.at, 1, text.len, file) == text.len;
    whole = fclose(file) == 0 && whole;
    if (!whole)
        return ds_say(DS_EXIT_HARNESS, "cannot write %s: %s", path, strerror(errno));
    return DS_EXIT_PASS;
}

static int new_scenario(const char *name, const char *path)
{
    int status = write_new(path, ds_slice_of(scenario_text));
    if (status == DS_EXIT_PASS)
        printf("%s is written; try it: directsip run %s\n", path, path);
    (void)name;
    return status;
}

static int new_topology(struct ds_context *context, const char *path)
{
    char text[32768], model[1200];
    snprintf(model, sizeof model, "%s/topologies/behind_pbx.lua", context->root);
    FILE *file = fopen(model, "r");
    size_t len = file == NULL ? 0 : fread(text, 1, sizeof text, file);
    if (file != NULL)
        fclose(file);
    if (len == 0)
        return ds_say(DS_EXIT_HARNESS, "cannot read %s, of which a new topology is a copy", model);
    int status = write_new(path, (struct ds_slice){text, len});
    if (status == DS_EXIT_PASS)
        printf("%s is written, a copy of behind_pbx; try it: directsip list topologies\n"
               "What each field means: docs/topologies.md\n",
               path);
    return status;
}

int ds_cmd_new(struct ds_context *context)
{
    const struct ds_options *options = &context->options;
    const char *what = options->word_count == 2 ? options->words[0] : "",
               *name = options->word_count == 2 ? options->words[1] : "";
    bool scenario = strcmp(what, "scenario") == 0;
    if (!scenario && strcmp(what, "topology") != 0)
        return ds_say(DS_EXIT_USAGE,
                      "new wants what and a name: directsip new scenario first_call");
    if (name[0] == '\0' || name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_/")] != '\0')
        return ds_say(DS_EXIT_USAGE, "a name is made of a-z, 0-9, _ and /, not '%s'", name);
    const char *path = ds_arena_print(context->arena, "%s.lua", name);
    if (path == NULL)
        return ds_say(DS_EXIT_HARNESS, "out of memory");
    return scenario ? new_scenario(name, path) : new_topology(context, path);
}
