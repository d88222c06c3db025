#include "report_internal.h"

#include <stdio.h>
#include <string.h>

/* Printing JSON (RFC 8259) as it comes; a tree of it would cost several times its text. */

/* A line of its own, and as deep in it as a member may be. */
static const char blanks[] = "\n                ";

/* What a name and all around it take at most. */
static size_t member_room(size_t name_len)
{
    return sizeof blanks + name_len + sizeof ",\"\": ";
}

/* A comma where one is due, a line of its own, and the name; returns where it ends. */
static char *write_member(struct ds_json *json, char *at, const char *name, size_t len)
{
    size_t depth = (size_t)json->depth;
    ds_assert(depth < sizeof blanks - 1);
    if (json->has_member)
        *at++ = ',';
    if (depth > 0 && !json->in_page) {
        memcpy(at, blanks, sizeof blanks); /* all of them: what is too much is written over */
        at += depth + 1;
    }
    json->has_member = true;
    if (name == NULL)
        return at;
    *at++ = '"';
    memcpy(at, name, len);
    at += len;
    *at++ = '"';
    *at++ = ':';
    if (!json->in_page)
        *at++ = ' ';
    return at;
}

static void open_member(struct ds_json *json, const char *name)
{
    size_t len = name == NULL ? 0 : strlen(name);
    char *at = ds_buf_room(&json->out, member_room(len));
    if (at != NULL)
        ds_buf_filled(&json->out, write_member(json, at, name, len));
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
        ds_buf_add(&json->out, (struct ds_slice){blanks, (size_t)json->depth + 1});
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

/* ASCII that stands in a string as it is. In a page, '<' might begin "</script>" or "<!--". */
static bool is_plain(const struct ds_json *json, char c)
{
    return c >= ' ' && (unsigned char)c < 0x80 && c != '"' && c != '\\' &&
           !(json->in_page && c == '<');
}

/* Whether any of the next eight bytes is not plain: the top bit of each tells, up to the first that
 * is not; what lies behind it may be told wrongly. */
static inline bool any_special(const char *at, uint64_t markup)
{
    const uint64_t each = UINT64_C(0x0101010101010101);
    uint64_t word;
    memcpy(&word, at, sizeof word);
    return ((word | (word - each * ' ') | ((word ^ each * '"') - each) |
             ((word ^ each * '\\') - each) | ((word ^ each * markup) - each)) &
            each * 0x80) != 0;
}

/* How many bytes `text` begins with that are plain. */
static size_t plain_len(const struct ds_json *json, struct ds_slice text)
{
    const size_t step = sizeof(uint64_t);
    const uint64_t markup = json->in_page ? '<' : '"';
    size_t at = 0;
    while (at + step <= text.len && !any_special(text.at + at, markup))
        at += step;
    if (text.len >= step && at + step > text.len && !any_special(text.at + text.len - step, markup))
        return text.len;
    while (at < text.len && is_plain(json, text.at[at]))
        at++;
    return at;
}

static void print_escaped(struct ds_buf *out, char c)
{
    static const char letters[] = "\"\"\\\\\bb\ff\nn\rr\tt", digits[] = "0123456789ABCDEF";
    const unsigned char code = (unsigned char)c;
    for (const char *pair = letters; *pair != '\0'; pair += 2) {
        if (*pair != c)
            continue;
        ds_buf_add(out, (struct ds_slice){(const char[]){'\\', pair[1]}, 2});
        return;
    }
    ds_buf_add(out,
               (struct ds_slice){
                   (const char[]){'\\', 'u', '0', '0', digits[code >> 4], digits[code & 15]}, 6});
}

/* `plain`: how many bytes it begins with that are. */
static void print_string(struct ds_json *json, struct ds_slice text, size_t plain)
{
    struct ds_buf *out = &json->out;
    ds_buf_text(out, "\"");
    for (;;) {
        ds_buf_add(out, (struct ds_slice){text.at, plain});
        text = ds_slice_from(text, plain);
        if (text.len == 0)
            break;
        if ((unsigned char)text.at[0] >= 0x80)
            ds_buf_add(out, (struct ds_slice){text.at, 1});
        else
            print_escaped(out, text.at[0]);
        text = ds_slice_from(text, 1);
        plain = plain_len(json, text);
    }
    ds_buf_text(out, "\"");
}

/* Most texts are plain from end to end. */
static void print_plain(struct ds_json *json, const char *name, struct ds_slice text)
{
    size_t len = name == NULL ? 0 : strlen(name);
    char *at = ds_buf_room(&json->out, member_room(len) + text.len + 2);
    if (at == NULL)
        return;
    at = write_member(json, at, name, len);
    *at++ = '"';
    if (text.len > 0)
        memcpy(at, text.at, text.len);
    at += text.len;
    *at++ = '"';
    ds_buf_filled(&json->out, at);
}

void ds_json_slice(struct ds_json *json, const char *name, struct ds_slice text)
{
    struct ds_buf safe = {0};
    size_t plain = plain_len(json, text);
    if (plain == text.len) {
        print_plain(json, name, text);
        return;
    }
    open_member(json, name);
    if (!is_utf8(ds_slice_from(text, plain))) {
        ds_print_safe(&safe, text);
        json->out.broken |= safe.broken;
        text = ds_buf_slice(&safe);
        plain = plain_len(json, text);
    }
    print_string(json, text, plain);
    ds_buf_clean_up(&safe);
}

void ds_json_text(struct ds_json *json, const char *name, const char *text)
{
    ds_json_slice(json, name, ds_slice_of(ds_text(text)));
}

void ds_json_number(struct ds_json *json, const char *name, int64_t number)
{
    open_member(json, name);
    if (number < 0)
        ds_buf_text(&json->out, "-");
    ds_buf_whole(&json->out, number < 0 ? 0 - (uint64_t)number : (uint64_t)number);
}

void ds_json_raw(struct ds_json *json, const char *name, struct ds_slice value)
{
    open_member(json, name);
    ds_buf_add(&json->out, value);
}

void ds_json_whole(struct ds_json *json, const char *name, uint64_t number)
{
    open_member(json, name);
    ds_buf_whole(&json->out, number);
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
