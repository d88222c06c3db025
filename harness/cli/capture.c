#include "cli_internal.h"

#include <string.h>

/* The capture that a command line names, with the names that a topology lends it. */

ds_rc ds_option_columns(struct ds_context *context, struct ds_why *why)
{
    uint64_t columns = context->out.width;
    if (context->options.columns == NULL)
        return DS_OK;
    ds_rc rc = ds_option_number(context->options.columns, "--columns", 1000, &columns, why);
    context->out.width = (size_t)columns;
    return rc;
}

const char *ds_capture_path(const char *word)
{
    return strcmp(word, "-") == 0 ? "/dev/stdin" : word;
}

static ds_rc
name_source(struct ds_context *context, struct ds_trace_source *source, struct ds_why *why)
{
    const struct ds_options *options = &context->options;
    *source = (struct ds_trace_source){.keylog_path = options->keylog,
                                       .interface_name = options->interface,
                                       .without_names = options->numeric != NULL};
    source->path =
        options->interface != NULL ? options->interface : ds_capture_path(options->words[0]);
    return options->topology == NULL
               ? DS_OK
               : ds_open_topology(context, options->topology, &source->topo, why);
}

ds_rc ds_capture_read_named(struct ds_context *context, struct ds_trace **out, struct ds_why *why)
{
    struct ds_trace_source source;
    ds_rc rc = name_source(context, &source, why);
    return rc == DS_OK ? ds_trace_read_source(&source, out, why) : rc;
}

ds_rc ds_capture_open_named(struct ds_context *context,
                            struct ds_patience *patience,
                            struct ds_trace_reader **out,
                            struct ds_why *why)
{
    const struct ds_options *options = &context->options;
    struct ds_trace_source source;
    ds_rc rc = name_source(context, &source, why);
    if (rc != DS_OK)
        return rc;
    source.without_packets = true;
    if (patience != NULL && (options->interface != NULL || options->follow != NULL)) {
        source.wait = ds_patience_wait;
        source.wait_owner = patience;
    }
    return ds_trace_open(&source, out, why);
}

ds_rc ds_capture_each_part(struct ds_trace_reader *reader,
                           ds_part_fn *take,
                           void *owner,
                           struct ds_why *why)
{
    for (;;) {
        struct ds_trace *part = NULL;
        ds_rc rc = ds_trace_next(reader, &part, why);
        if (rc != DS_OK)
            return rc == DS_GONE ? DS_OK : rc;
        rc = take(owner, part, why);
        ds_trace_free(&part);
        if (rc != DS_OK)
            return rc;
    }
}

void ds_capture_say_gaps(const struct ds_trace *trace)
{
    for (size_t i = 0; i < trace->gap_count; i++)
        if (trace->gaps[i].frame != 0)
            ds_say(0, "frame %u: %s", trace->gaps[i].frame, trace->gaps[i].sentence);
        else
            ds_say(0, "%s", trace->gaps[i].sentence);
}
