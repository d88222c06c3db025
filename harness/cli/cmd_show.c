#include "cli_internal.h"
#include "sound.h"

#include <stdio.h>

/* The ladder of each call of a capture. */

static bool has_calls(const struct ds_trace *trace)
{
    return trace->calls_before + trace->call_count > 0;
}

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
    bool is_first = trace->calls_before == 0 && call == trace->calls;
    printf("%s%s", is_first ? "" : "\n", text.at == NULL ? "" : text.at);
    ds_buf_clean_up(&text);
}

static void print_rest(const struct ds_trace *trace, const struct ds_ladder_style *style)
{
    struct ds_buf rest = {0};
    ds_ladder_print_rest(trace, style, &rest);
    printf("%s%s", !has_calls(trace) || rest.len == 0 ? "" : "\n", rest.at == NULL ? "" : rest.at);
    ds_buf_clean_up(&rest);
}

/* Where there is no call, the streams are all there is. */
static void print_streams(const struct ds_context *context, const struct ds_trace *trace)
{
    struct ds_buf text = {0};
    if (context->options.streams == NULL && has_calls(trace))
        return;
    ds_streams_print(trace, &text);
    if (text.len > 0)
        printf("%s%s", !has_calls(trace) ? "" : "\n", text.at);
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
    if (options->mermaid == NULL && (options->all != NULL || !has_calls(trace)))
        print_rest(trace, &style);
}

struct shown {
    const struct ds_context *context;
    size_t messages;
    uint32_t frames, copies;
    bool any_call;
};

static ds_rc show(void *owner, const struct ds_trace *trace, struct ds_why *why)
{
    struct shown *shown = owner;
    (void)why;
    print_calls(shown->context, trace);
    if (shown->context->options.mermaid == NULL)
        print_streams(shown->context, trace);
    ds_capture_say_gaps(trace);
    shown->messages += trace->event_count;
    shown->frames = trace->frame_count;
    shown->copies = trace->copy_count;
    shown->any_call = has_calls(trace);
    return DS_OK;
}

static int show_all(const struct ds_context *context, struct ds_trace_reader *reader)
{
    struct shown shown = {.context = context};
    struct ds_why why;
    if (ds_capture_each_part(reader, show, &shown, &why) != DS_OK)
        return ds_say(DS_EXIT_HARNESS, "%s", why.text);
    if (!shown.any_call)
        printf("%s: no call in %u frames, %zu SIP messages\n", context->options.words[0],
               shown.frames, shown.messages);
    if (shown.copies > 0)
        ds_say(0, "%u packets were seen at more than one point of their way, and count once",
               shown.copies);
    return DS_EXIT_PASS;
}

static int write_sound(struct ds_context *context, const struct ds_trace *trace)
{
    const struct ds_options *options = &context->options;
    uint64_t number = 0;
    struct ds_why why;
    if (ds_option_number(options->sound, "--sound", UINT32_MAX, &number, &why) != DS_OK)
        return ds_say(DS_EXIT_USAGE, "%s", why.text);
    if (number == 0 || number > trace->flow_count)
        return ds_say(DS_EXIT_USAGE, "%s has %zu streams of audio, and none with the number %s",
                      options->words[0], trace->flow_count, options->sound);
    const char *path =
        options->sound_file != NULL
            ? options->sound_file
            : ds_arena_print(context->arena, "stream-%llu.wav", (unsigned long long)number);
    if (path == NULL)
        return ds_say(DS_EXIT_HARNESS, "out of memory");
    ds_rc rc = ds_sound_write(trace, (size_t)number - 1, path, &why);
    if (rc != DS_OK)
        return ds_say(rc == DS_BAD ? DS_EXIT_USAGE : DS_EXIT_HARNESS, "%s", why.text);
    printf("sound: %s\n", path);
    return DS_EXIT_PASS;
}

/* One stream of a capture that is read whole, as its number counts them all. */
static int write_one_sound(struct ds_context *context)
{
    struct ds_trace *trace = NULL;
    struct ds_why why;
    if (ds_capture_read_named(context, &trace, &why) != DS_OK)
        return ds_say(DS_EXIT_USAGE, "%s", why.text);
    int status = write_sound(context, trace);
    ds_trace_free(&trace);
    return status;
}

int ds_cmd_show(struct ds_context *context)
{
    struct ds_trace_reader *reader = NULL;
    struct ds_why why;
    if (context->options.word_count != 1)
        return ds_say(DS_EXIT_USAGE, "show wants one capture: directsip show CAPTURE");
    if (context->options.mermaid != NULL && context->options.text != NULL)
        return ds_say(DS_EXIT_USAGE, "show draws with --mermaid or writes with --text, not both");
    if (context->options.sound_file != NULL && context->options.sound == NULL)
        return ds_say(DS_EXIT_USAGE, "show writes to -o only with --sound N");
    if (context->options.sound != NULL)
        return write_one_sound(context);
    if (ds_option_columns(context, &why) != DS_OK ||
        ds_capture_open_named(context, NULL, &reader, &why) != DS_OK)
        return ds_say(DS_EXIT_USAGE, "%s", why.text);
    int status = show_all(context, reader);
    ds_trace_reader_free(&reader);
    return status;
}
