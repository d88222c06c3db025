#include "report_internal.h"

#include <stdio.h>
#include <string.h>

/* Printing JSON (RFC 8259) as it comes; a tree of it would cost several times its text. */

/* A comma where one is due, a line of its own, and the name. */
static void open_member(struct ds_json *json, const char *name)
{
    static const char blanks[] = "\n                ";
    size_t depth = (size_t)json->depth;
    ds_assert(depth < sizeof blanks - 1);
    if (json->has_member)
        ds_buf_text(&json->out, ",");
    if (depth > 0 && !json->in_page)
        ds_buf_add(&json->out, (struct ds_slice){blanks, depth + 1});
    json->has_member = true;
    if (name == NULL)
        return;
    ds_buf_text(&json->out, "\"");
    ds_buf_text(&json->out, name);
    ds_buf_text(&json->out, json->in_page ? "\":" : "\": ");
}

void ds_json_begin(struct ds_json *json, const char *name, char bracket)
{
    open_member(json, name);
    ds_buf_add(&json->out, (struct ds_slice){&bracket, 1});
    json->depth++;
    json->has_member = false;
}

void ds_json_end(struct ds_json *json, char bracket)
{
    bool was_empty = !json->has_member;
    json->depth--;
    if (!was_empty && !json->in_page)
        ds_buf_print(&json->out, "\n%*s", json->depth, "");
    ds_buf_add(&json->out, (struct ds_slice){&bracket, 1});
    json->has_member = true;
}

static bool is_utf8(struct ds_slice text)
{
    for (size_t i = 0; i < text.len;) {
        size_t len = (unsigned char)text.at[i] < 0x80 ? 1 : ds_utf8_len(ds_slice_from(text, i));
        if (len == 0)
            return false;
        i += len;
    }
    return true;
}

static void print_escaped(struct ds_buf *out, char c)
{
    static const char letters[] = "\"\"\\\\\bb\ff\nn\rr\tt";
    for (const char *pair = letters; *pair != '\0'; pair += 2) {
        if (*pair != c)
            continue;
        ds_buf_print(out, "\\%c", pair[1]);
        return;
    }
    ds_buf_print(out, "\\u%04X", (unsigned)c);
}

/* In a page, '<' might begin "</script>" or "<!--". */
static void print_string(struct ds_json *json, struct ds_slice text)
{
    struct ds_buf *out = &json->out;
    size_t plain = 0;
    ds_buf_text(out, "\"");
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        bool is_markup = json->in_page && c == '<';
        if ((unsigned char)c >= ' ' && c != '"' && c != '\\' && !is_markup)
            continue;
        ds_buf_add(out, (struct ds_slice){text.at + plain, i - plain});
        print_escaped(out, c);
        plain = i + 1;
    }
    ds_buf_add(out, ds_slice_from(text, plain));
    ds_buf_text(out, "\"");
}

void ds_json_slice(struct ds_json *json, const char *name, struct ds_slice text)
{
    struct ds_buf safe = {0};
    open_member(json, name);
    if (!is_utf8(text)) {
        ds_print_safe(&safe, text);
        json->out.broken |= safe.broken;
        text = ds_buf_slice(&safe);
    }
    print_string(json, text);
    ds_buf_clean_up(&safe);
}

void ds_json_text(struct ds_json *json, const char *name, const char *text)
{
    ds_json_slice(json, name, ds_slice_of(ds_text(text)));
}

void ds_json_number(struct ds_json *json, const char *name, int64_t number)
{
    open_member(json, name);
    ds_buf_print(&json->out, "%lld", (long long)number);
}

void ds_json_raw(struct ds_json *json, const char *name, struct ds_slice value)
{
    open_member(json, name);
    ds_buf_add(&json->out, value);
}

void ds_json_whole(struct ds_json *json, const char *name, uint64_t number)
{
    open_member(json, name);
    ds_buf_print(&json->out, "%llu", (unsigned long long)number);
}

void ds_json_real(struct ds_json *json, const char *name, double number)
{
    open_member(json, name);
    ds_buf_print(&json->out, "%.6f", number);
}

void ds_json_flag(struct ds_json *json, const char *name, bool flag)
{
    open_member(json, name);
    ds_buf_text(&json->out, flag ? "true" : "false");
}

ds_rc ds_json_write(struct ds_json *json, const char *path, struct ds_why *why)
{
    ds_assert(json->depth == 0);
    ds_buf_text(&json->out, "\n");
    return ds_write_file(path, &json->out, why);
}
