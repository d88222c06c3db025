#include "sipmsg_internal.h"

#include <string.h>

#define MOST_JUNK      32u
#define VERSION_PREFIX DS_LITERAL("SIP/")

struct ds_slice ds_skip_line_ends(struct ds_slice bytes)
{
    size_t at = 0;
    while (at < bytes.len && (bytes.at[at] == '\r' || bytes.at[at] == '\n'))
        at++;
    return ds_slice_from(bytes, at);
}

static bool is_graph(char c)
{
    return c > ' ' && c <= '~';
}

/* What is neither text nor a blank line between messages: zeroes that keep a binding open, byte
 * order marks, what a wrong length left over. Letters may well begin a message that is no SIP. */
struct ds_slice ds_skip_junk(struct ds_slice bytes)
{
    struct ds_slice rest = ds_skip_line_ends(bytes);
    size_t at = 0;
    while (at < rest.len && at < MOST_JUNK && !is_graph(rest.at[at]))
        at++;
    return at < rest.len && is_graph(rest.at[at]) ? ds_slice_from(rest, at) : rest;
}

bool ds_is_token_char(char c)
{
    switch (c) {
    case '-':
    case '.':
    case '!':
    case '%':
    case '*':
    case '_':
    case '+':
    case '`':
    case '\'':
    case '~':
        return true;
    default:
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }
}

/* How many bytes of a token the text begins with. */
static size_t token_len(struct ds_slice text)
{
    size_t len = 0;
    while (len < text.len && ds_is_token_char(text.at[len]))
        len++;
    return len;
}

bool ds_is_token(struct ds_slice text)
{
    return text.len > 0 && token_len(text) == text.len;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_version(struct ds_slice text)
{
    return ds_slice_starts_nocase(text, VERSION_PREFIX) && text.len > VERSION_PREFIX.len &&
           is_digit(text.at[VERSION_PREFIX.len]);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* The place of the first blank, or the length. */
static size_t first_blank(struct ds_slice text)
{
    size_t at = 0;
    while (at < text.len && !is_blank(text.at[at]))
        at++;
    return at;
}

static size_t last_word(struct ds_slice text)
{
    size_t at = text.len;
    while (at > 0 && !is_blank(text.at[at - 1]))
        at--;
    return at;
}

/* RFC 3261 7.1, with white space allowed where it does not belong. */
static bool read_request_line(struct ds_slice line, size_t method_len, struct ds_start_line *out)
{
    struct ds_slice text = ds_slice_trim(line);
    size_t version_at = last_word(text);
    if (method_len >= version_at)
        return false;
    *out = (struct ds_start_line){
        .is_request = true,
        .subject = {text.at, method_len},
        .object = ds_slice_trim((struct ds_slice){text.at + method_len, version_at - method_len}),
        .version = ds_slice_from(text, version_at)};
    return out->object.len > 0 && is_version(out->version);
}

/* RFC 3261 7.2. The reason may be absent, even with its space. */
static bool read_status_line(struct ds_slice line, struct ds_start_line *out)
{
    size_t version_end = first_blank(line);
    struct ds_slice rest = ds_slice_trim(ds_slice_from(line, version_end));
    size_t status_end = first_blank(rest);
    *out = (struct ds_start_line){.version = {line.at, version_end},
                                  .subject = {rest.at, status_end},
                                  .object = ds_slice_trim(ds_slice_from(rest, status_end))};
    return status_end > 0 && is_digit(rest.at[0]);
}

/* It begins with a method, or with the name of a protocol. */
bool ds_start_line_read(struct ds_slice bytes, struct ds_start_line *out)
{
    struct ds_slice line;
    size_t word_len = token_len(bytes);
    if (word_len == 0 || word_len == bytes.len || !ds_slice_cut(&bytes, '\n', &line))
        return false;
    if (is_blank(line.at[word_len]))
        return read_request_line(line, word_len, out);
    return is_version(line) && read_status_line(line, out);
}

bool ds_msg_looks_like_sip(struct ds_slice bytes)
{
    struct ds_start_line start;
    return ds_start_line_read(ds_skip_junk(bytes), &start);
}

static void judge_request_line(const struct ds_msg *msg, struct ds_why *defect)
{
    struct ds_uri parsed;
    struct ds_slice uri = ds_msg_request_uri(msg);
    if (msg->object.at != msg->subject.at + msg->subject.len + 1 ||
        msg->version.at != msg->object.at + msg->object.len + 1)
        ds_note(defect, "the request line has more than one space between its words");
    if (memchr(uri.at, ' ', uri.len) != NULL || memchr(uri.at, '\t', uri.len) != NULL)
        ds_note(defect, "the Request-URI has white space in it");
    if (memchr(uri.at, '<', uri.len) != NULL)
        ds_note(defect, "the Request-URI stands in angle brackets");
    if (ds_uri_parse(uri, &parsed) == DS_OK && parsed.headers.len > 0)
        ds_note(defect, "the Request-URI carries header fields (RFC 3261 19.1.1)");
}

static void judge_status_line(const struct ds_msg *msg, struct ds_why *defect)
{
    if (msg->subject.len != 3 || msg->status < 100 || msg->status > 699)
        ds_note(defect, "the status code is not between 100 and 699");
}

void ds_start_line_judge(const struct ds_msg *msg, struct ds_why *defect)
{
    struct ds_slice rest = ds_msg_text(msg, msg->head), version = ds_msg_text(msg, msg->version);
    struct ds_slice line;
    if (ds_skip_line_ends(msg->bytes).at != rest.at)
        ds_note(defect, "there is junk before the first line");
    if (!ds_slice_equal_nocase(version, DS_LITERAL("SIP/2.0")))
        ds_note(defect, "the version in the first line is not SIP/2.0");
    if (msg->is_request)
        judge_request_line(msg, defect);
    else
        judge_status_line(msg, defect);
    const char *end = version.at + version.len;
    if (msg->is_request && ds_slice_cut(&rest, '\n', &line) && end < line.at + line.len &&
        *end != '\r')
        ds_note(defect, "the request line goes on after its version");
}
