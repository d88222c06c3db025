#include "cli_internal.h"

#include <string.h>

/* One command line that does a run again. */

/* A scenario that was named by its file is named so again. */
static const char *name_again(const struct ds_options *options, const struct ds_planned *planned)
{
    for (size_t i = 0; i < options->word_count; i++)
        if (strcmp(options->words[i], planned->scenario->path) == 0)
            return options->words[i];
    return planned->id;
}

char *ds_rerun_command(const struct ds_context *context, const struct ds_planned *planned)
{
    const struct ds_options *options = &context->options;
    struct ds_buf text = {0};
    ds_buf_print(&text, "directsip run '%s' --seed %llu", name_again(options, planned),
                 (unsigned long long)planned->seed);
    if (options->topology != NULL)
        ds_buf_print(&text, " --topology '%s'", options->topology);
    if (options->bypass != NULL)
        ds_buf_print(&text, " --bypass %s", options->bypass);
    if (planned->world == DS_WORLD_SIM)
        ds_buf_text(&text, " --world sim");
    if (options->share != NULL)
        ds_buf_text(&text, " --share-loopback");
    for (size_t i = 0; i < options->defect_count; i++)
        ds_buf_print(&text, " --defect %s", options->defects[i]);
    if (planned->defect != NULL)
        ds_buf_print(&text, " --defect %s", planned->defect);
    for (size_t i = 0; i < options->fault_count; i++)
        ds_buf_print(&text, " --fault '%s'", options->faults[i]);
    for (size_t i = 0; planned->faults != NULL && planned->faults[i] != NULL; i++)
        ds_buf_print(&text, " --fault '%s'", planned->faults[i]);
    return text.at;
}
