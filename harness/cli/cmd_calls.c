#include "cli_internal.h"

#include <stdio.h>

/* The calls of a capture, one line each. */

static void print_calls(const struct ds_context *context, const struct ds_trace *trace)
{
    const struct ds_ladder_style style = {.width = context->out.width,
                                          .colour = context->out.colour};
    struct ds_buf text = {0};
    ds_calls_print(trace, &style, &text);
    printf("%s", text.at == NULL ? "" : text.at);
    ds_buf_clean_up(&text);
    if (trace->call_count == 0)
        printf("no call in %u frames, %zu SIP messages\n", trace->frame_count, trace->event_count);
}

int ds_cmd_calls(struct ds_context *context)
{
    const char *json = context->options.json;
    struct ds_trace *trace = NULL;
    struct ds_why why;
    int status = DS_EXIT_PASS;
    if (context->options.word_count != 1)
        return ds_say(DS_EXIT_USAGE, "calls wants one capture: directsip calls CAPTURE");
    if (ds_option_columns(context, &why) != DS_OK ||
        ds_capture_read(context, &trace, &why) != DS_OK)
        return ds_say(DS_EXIT_USAGE, "%s", why.text);
    if (json == NULL)
        print_calls(context, trace);
    else if (ds_calls_json(trace, ds_version(), json, &why) != DS_OK)
        status = ds_say(DS_EXIT_HARNESS, "%s", why.text);
    ds_capture_say_gaps(trace);
    ds_trace_free(&trace);
    return status;
}
