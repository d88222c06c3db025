#include "cli_internal.h"

#include <stdio.h>

/* The calls of a capture, one line each, as they end. */

struct listing {
    struct ds_calls_table table;
    struct ds_calls_file *file; /* owned; NULL: for a person */
    struct ds_ladder_style style;
    size_t calls, messages;
    uint32_t frames;
};

static ds_rc list(void *owner, const struct ds_trace *trace, struct ds_why *why)
{
    struct listing *listing = owner;
    struct ds_buf text = {0};
    listing->calls += trace->call_count;
    listing->messages += trace->event_count;
    listing->frames = trace->frame_count;
    ds_capture_say_gaps(trace);
    if (listing->file != NULL)
        return ds_calls_file_add(listing->file, trace, why);
    ds_calls_print(&listing->table, trace, &listing->style, &text);
    if (text.len > 0 && !text.broken) {
        fwrite(text.at, 1, text.len, stdout);
        fflush(stdout);
    }
    ds_buf_clean_up(&text);
    return DS_OK;
}

static int tell(struct ds_context *context, struct ds_trace_reader *reader)
{
    const struct ds_options *options = &context->options;
    struct listing listing = {
        .style = {.width = context->out.width, .colour = context->out.colour}};
    bool goes_on = options->follow != NULL || options->interface != NULL;
    struct ds_why why;
    if (options->json != NULL &&
        ds_calls_file_open(options->json, ds_version(), goes_on, &listing.file, &why) != DS_OK)
        return ds_say(DS_EXIT_HARNESS, "%s", why.text);
    ds_rc rc = ds_capture_each_part(reader, list, &listing, &why);
    if (rc == DS_OK && listing.file != NULL)
        rc = ds_calls_file_close(&listing.file, &why);
    ds_calls_file_drop(&listing.file);
    if (rc != DS_OK)
        return ds_say(DS_EXIT_HARNESS, "%s", why.text);
    if (options->json == NULL && listing.calls == 0)
        printf("no call in %u frames, %zu SIP messages\n", listing.frames, listing.messages);
    return DS_EXIT_PASS;
}

int ds_cmd_calls(struct ds_context *context)
{
    const struct ds_options *options = &context->options;
    struct ds_trace_reader *reader = NULL;
    struct ds_patience patience = {.signals = -1};
    struct ds_why why;
    if (options->word_count != (options->interface == NULL ? 1 : 0))
        return ds_say(DS_EXIT_USAGE, "calls wants one capture, or an interface: directsip calls "
                                     "CAPTURE, directsip calls --interface eth0");
    ds_rc rc = ds_option_columns(context, &why);
    if (rc == DS_OK && (options->follow != NULL || options->interface != NULL))
        rc = ds_patience_begin(&patience, &why);
    if (rc == DS_OK)
        rc = ds_capture_open_named(context, &patience, &reader, &why);
    int status = rc == DS_OK ? tell(context, reader) : ds_say(DS_EXIT_USAGE, "%s", why.text);
    ds_trace_reader_free(&reader);
    ds_patience_end(&patience);
    return status;
}
