#include "report_internal.h"

#include <string.h>

/* ---- UTF-8 ---- */

size_t ds_utf8_len(struct ds_slice text)
{
    static const struct {
        uint8_t first, last, low, high;
        size_t len;
    } forms[] = {
        {0x00, 0x7f, 0x80, 0xbf, 1}, {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3},
        {0xe1, 0xec, 0x80, 0xbf, 3}, {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3},
        {0xf0, 0xf0, 0x90, 0xbf, 4}, {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
    };

    const uint8_t *at = (const uint8_t *)text.at;
    for (size_t i = 0; text.len > 0 && i < DS_COUNT(forms); i++) {
        if (at[0] < forms[i].first || at[0] > forms[i].last || text.len < forms[i].len)
            continue;
        if (forms[i].len > 1 && (at[1] < forms[i].low || at[1] > forms[i].high))
            return 0;
        for (size_t k = 2; k < forms[i].len; k++)
            if (at[k] < 0x80 || at[k] > 0xbf)
                return 0;
        return forms[i].len;
    }
    return 0;
}

static bool is_control(struct ds_slice text, size_t len)
{
    uint8_t first = (uint8_t)text.at[0];
    if (len == 1)
        return first < 0x20 || first == 0x7f;
    /* C1 controls, which some terminals obey, are U+0080 to U+009F. */
    return len == 2 && first == 0xc2 && (uint8_t)text.at[1] < 0xa0;
}

/* How many bytes `text` begins with that need no second look. */
static size_t plain_len(struct ds_slice text)
{
    size_t len = 0;
    while (len < text.len && text.at[len] >= ' ' && text.at[len] <= '~')
        len++;
    return len;
}

void ds_print_safe(struct ds_buf *out, struct ds_slice text)
{
    for (;;) {
        size_t plain = plain_len(text);
        ds_buf_add(out, (struct ds_slice){text.at, plain});
        text = ds_slice_from(text, plain);
        if (text.len == 0)
            return;
        size_t len = ds_utf8_len(text);
        if (len == 0 || is_control(text, len)) {
            size_t bytes = len == 0 ? 1 : len;
            for (size_t i = 0; i < bytes; i++)
                ds_buf_print(out, "\\x%02x", (uint8_t)text.at[i]);
            text = ds_slice_from(text, bytes);
        } else {
            ds_buf_add(out, (struct ds_slice){text.at, len});
            text = ds_slice_from(text, len);
        }
    }
}

size_t ds_columns(struct ds_slice text)
{
    size_t columns = 0;
    for (size_t i = 0; i < text.len; i++)
        columns += ((uint8_t)text.at[i] & 0xc0) != 0x80;
    return columns;
}

void ds_print_cut(struct ds_buf *out, struct ds_slice text, size_t columns)
{
    if (columns == 0 || ds_columns(text) <= columns) {
        ds_buf_add(out, text);
        return;
    }
    size_t at = 0, seen = 0;
    while (at < text.len && seen + 1 < columns) {
        size_t len = ds_utf8_len(ds_slice_from(text, at));
        at += len == 0 ? 1 : len;
        seen++;
    }
    ds_buf_add(out, (struct ds_slice){text.at, at});
    ds_buf_text(out, "…");
}

void ds_print_padded(struct ds_buf *out, const char *text, size_t columns)
{
    struct ds_buf safe = {0};
    ds_print_safe(&safe, ds_slice_of(text));
    size_t used = ds_columns(ds_buf_slice(&safe));
    ds_move(out, &safe);
    ds_print_blanks(out, used < columns ? columns - used : 0);
}

void ds_print_blanks(struct ds_buf *out, size_t count)
{
    const struct ds_slice some = DS_LITERAL("                                ");
    for (; count > some.len; count -= some.len)
        ds_buf_add(out, some);
    ds_buf_add(out, (struct ds_slice){some.at, count});
}

void ds_move(struct ds_buf *out, struct ds_buf *part)
{
    ds_buf_add(out, ds_buf_slice(part));
    out->broken |= part->broken;
    ds_buf_clean_up(part);
}

const char *ds_text(const char *text)
{
    return text == NULL ? "" : text;
}

/* ---- colours ---- */

void ds_paint(struct ds_buf *out, bool colour, enum ds_colour which, const char *text)
{
    static const char *const codes[] = {"", "\033[32m", "\033[1;31m", "\033[33m", "\033[2m"};
    if (!colour || which == DS_PLAIN)
        ds_buf_text(out, text);
    else
        ds_buf_print(out, "%s%s\033[0m", codes[which], text);
}

/* ---- places with rules of their own ---- */

/* Bad bytes become U+FFFD. Dropped are the characters that XML 1.0 does not know, and the controls
 * that it only advises against: somebody will look at the file in a terminal. */
static struct ds_slice next_legal(struct ds_slice *rest)
{
    while (rest->len > 0) {
        size_t len = ds_utf8_len(*rest);
        struct ds_slice taken = {rest->at, len == 0 ? 1 : len};
        *rest = ds_slice_from(*rest, taken.len);
        uint8_t first = (uint8_t)taken.at[0];
        if (len == 0)
            return DS_LITERAL("\xef\xbf\xbd");
        bool is_noncharacter = len == 3 && first == 0xef && (uint8_t)taken.at[1] == 0xbf &&
                               (uint8_t)taken.at[2] >= 0xbe;
        bool is_blank = first == '\n' || first == '\t' || first == '\r';
        if (!is_noncharacter && (is_blank || !is_control(taken, len)))
            return taken;
    }
    return (struct ds_slice){NULL, 0};
}

static void
escape(struct ds_buf *out, const char *text, const char *special, const char *const replacements[])
{
    struct ds_slice rest = ds_slice_of(ds_text(text));
    for (struct ds_slice taken = next_legal(&rest); taken.len > 0; taken = next_legal(&rest)) {
        const char *found = taken.len == 1 ? strchr(special, taken.at[0]) : NULL;
        if (found != NULL && *found != '\0')
            ds_buf_text(out, replacements[found - special]);
        else
            ds_buf_add(out, taken);
    }
}

void ds_print_xml(struct ds_buf *out, const char *text)
{
    static const char *const replacements[] = {"&amp;", "&lt;", "&gt;", "&quot;",
                                               "&#10;", "&#9;", "&#13;"};
    escape(out, text, "&<>\"\n\t\r", replacements);
}

void ds_print_xml_body(struct ds_buf *out, const char *text)
{
    static const char *const replacements[] = {"&amp;", "&lt;", "&gt;", "&#13;"};
    escape(out, text, "&<>\r", replacements);
}

void ds_print_markdown(struct ds_buf *out, const char *text)
{
    static const char *const replacements[] = {"\\|",  "\\`",   "\\*",  "\\_", "\\[", "\\]", "&lt;",
                                               "&gt;", "&amp;", "\\\\", " ",   " ",   " "};
    escape(out, text, "|`*_[]<>&\\\n\t\r", replacements);
}

void ds_print_yaml(struct ds_buf *out, const char *text)
{
    static const char *const replacements[] = {"\\\"", "\\\\", "\\n", "\\t", "\\r"};
    ds_buf_text(out, "\"");
    escape(out, text, "\"\\\n\t\r", replacements);
    ds_buf_text(out, "\"");
}
