#include "check_internal.h"

/* SIG-15: ms-diagnostics, as in 12004;reason="…";source="pool.contoso.example". */

#define DIGITS "0123456789"

/* Takes one or more digits off the front. */
static bool take_digits(struct ds_slice *text)
{
    struct ds_slice rest = ds_slice_skip(*text, DIGITS);
    bool some = rest.len < text->len;
    *text = rest;
    return some;
}

static bool take(struct ds_slice *text, char c)
{
    if (text->len == 0 || text->at[0] != c)
        return false;
    *text = ds_slice_from(*text, 1);
    return true;
}

/* What stands between quotes; a backslash keeps the next byte from ending it. */
static bool take_quoted(struct ds_slice *text)
{
    size_t at = 0;
    if (!take(text, '"'))
        return false;
    while (at < text->len && text->at[at] != '"')
        at += text->at[at] == '\\' ? 2 : 1;
    if (at >= text->len)
        return false;
    *text = ds_slice_from(*text, at + 1);
    return true;
}

static bool take_name(struct ds_slice *text, struct ds_slice *name)
{
    struct ds_slice rest = *text;
    size_t at;
    if (!ds_slice_find(rest, DS_LITERAL("="), &at) || at == 0)
        return false;
    *name = ds_slice_trim((struct ds_slice){rest.at, at});
    *text = ds_slice_trim(ds_slice_from(rest, at + 1));
    return name->len > 0;
}

/* What is wrong with the value; NULL: nothing. */
static const char *diagnostics_defect(struct ds_slice text)
{
    struct ds_slice name;
    bool reason = false, source = false;
    if (!take_digits(&text) || (take(&text, '.') && !take_digits(&text)))
        return "it does not begin with an id";
    for (text = ds_slice_trim(text); text.len > 0; text = ds_slice_trim(text)) {
        if (!take(&text, ';'))
            return "no semicolon where one should be";
        if (!take_name(&text, &name) || !take_quoted(&text))
            return "no name=\"value\" where one should be";
        reason = reason || ds_slice_equal_nocase(name, DS_LITERAL("reason"));
        source = source || ds_slice_equal_nocase(name, DS_LITERAL("source"));
    }
    if (!reason)
        return "it gives no reason";
    return source ? NULL : "it gives no source";
}

static void
one_diagnostics(struct ds_judge *judge, const struct ds_event *event, struct ds_tally *tally)
{
    struct ds_slice value;
    for (size_t n = 0; ds_msg_header(event->msg, "ms-diagnostics", n, &value); n++) {
        const char *defect =
            ds_msg_is_request(event->msg) ? "it stands in a request" : diagnostics_defect(value);
        if (defect == NULL)
            ds_tally_good(tally, event->frame);
        else
            ds_tally_bad(tally, event->frame, "ms-diagnostics of %s in frame %u: %s: %.*s",
                         ds_trace_name(judge->trace, event->from).text, event->frame, defect,
                         (int)(value.len < 100 ? value.len : 100), value.at);
    }
}

void ds_check_diagnostics(struct ds_judge *judge)
{
    ds_judge_messages(judge, "ms-diagnostics", "ms-diagnostics, each with a reason and a source",
                      one_diagnostics);
}
