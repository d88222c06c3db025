#include "cli_internal.h"

#include <stdio.h>

/* The ladder of each call of a capture. */

/* Drawn where the terminal's width is known and every element has room in it; else, and for a
 * ticket always, an arrow a line. */
static void print_call(const struct ds_context *context,
                       const struct ds_trace *trace,
                       const struct ds_call *call,
                       const struct ds_ladder_style *style)
{
    struct ds_buf text = {0};
    if (context->options.mermaid != NULL)
        ds_ladder_mermaid(trace, call, &text);
    else if (style->width == 0 || !ds_ladder_draw(trace, call, style, &text))
        ds_ladder_print(trace, call, style, &text);
    printf("%s%s", call == trace->calls ? "" : "\n", text.at == NULL ? "" : text.at);
    ds_buf_clean_up(&text);
}

static void print_rest(const struct ds_trace *trace, const struct ds_ladder_style *style)
{
    struct ds_buf rest = {0};
    ds_ladder_print_rest(trace, style, &rest);
    printf("%s%s", trace->call_count == 0 || rest.len == 0 ? "" : "\n",
           rest.at == NULL ? "" : rest.at);
    ds_buf_clean_up(&rest);
}

/* Where there is no call, the streams are all there is. */
static void print_streams(const struct ds_context *context, const struct ds_trace *trace)
{
    struct ds_buf text = {0};
    if (context->options.streams == NULL && trace->call_count > 0)
        return;
    ds_streams_print(trace, &text);
    if (text.len > 0)
        printf("%s%s", trace->call_count == 0 ? "" : "\n", text.at);
    ds_buf_clean_up(&text);
}

static void print_calls(const struct ds_context *context, const struct ds_trace *trace)
{
    const struct ds_options *options = &context->options;
    bool plain = options->text != NULL;
    const struct ds_ladder_style style = {.width = plain ? 0 : context->out.width,
                                          .colour = !plain && context->out.colour,
                                          .numbers = true,
                                          .media = true};
    for (size_t i = 0; i < trace->call_count; i++)
        print_call(context, trace, &trace->calls[i], &style);
    if (options->mermaid == NULL && (options->all != NULL || trace->call_count == 0))
        print_rest(trace, &style);
}

int ds_cmd_show(struct ds_context *context)
{
    struct ds_trace *trace = NULL;
    struct ds_why why;
    if (context->options.word_count != 1)
        return ds_say(DS_EXIT_USAGE, "show wants one capture: directsip show CAPTURE");
    if (context->options.mermaid != NULL && context->options.text != NULL)
        return ds_say(DS_EXIT_USAGE, "show draws with --mermaid or writes with --text, not both");
    if (ds_option_columns(context, &why) != DS_OK ||
        ds_capture_read(context, &trace, &why) != DS_OK)
        return ds_say(DS_EXIT_USAGE, "%s", why.text);
    print_calls(context, trace);
    if (context->options.mermaid == NULL)
        print_streams(context, trace);
    if (trace->call_count == 0)
        printf("%s: no call in %u frames, %zu SIP messages\n", context->options.words[0],
               trace->frame_count, trace->event_count);
    if (trace->copy_count > 0)
        ds_say(0, "%u packets were seen at more than one point of their way, and count once",
               trace->copy_count);
    ds_capture_say_gaps(trace);
    ds_trace_free(&trace);
    return DS_EXIT_PASS;
}
