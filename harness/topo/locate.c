#include "topo_internal.h"

#include <string.h>

/*
 * Lua forgets where a table's fields were written, and a refusal that names no line is of little
 * use. So the text is read a second time, for positions alone. What it cannot follow (a value that
 * is computed) simply has no place of its own and is reported where its table begins.
 */

#define MAX_DEPTH 16

enum token_kind { TOKEN_END, TOKEN_NAME, TOKEN_STRING, TOKEN_NUMBER, TOKEN_SIGN };

struct token {
    enum token_kind kind;
    struct ds_slice text; /* a string without its quotes */
    int line;
};

struct scanner {
    struct ds_slice rest;
    int line;
    struct token now, next;
};

struct locator {
    struct scanner scan;
    struct ds_arena *arena; /* borrowed: outlives us */
    struct ds_place *open[MAX_DEPTH];
    int64_t index[MAX_DEPTH];
    size_t depth, order;
    bool broken;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || is_digit(c);
}

static void skip(struct scanner *scan, size_t count)
{
    for (size_t i = 0; i < count && i < scan->rest.len; i++)
        scan->line += scan->rest.at[i] == '\n';
    scan->rest = ds_slice_from(scan->rest, count);
}

/* The length of "[[", "[=[", …; 0 when no long bracket opens here. */
static size_t long_bracket(struct ds_slice text)
{
    size_t len = 1;
    if (text.len == 0 || text.at[0] != '[')
        return 0;
    while (len < text.len && text.at[len] == '=')
        len++;
    return len < text.len && text.at[len] == '[' ? len + 1 : 0;
}

/* Skips a long string or comment, whose opening bracket is `open` bytes long. */
static struct ds_slice scan_long(struct scanner *scan, size_t open)
{
    struct ds_slice body = ds_slice_from(scan->rest, open);
    for (size_t at = 0; at + open <= body.len; at++) {
        const char *end = body.at + at;
        if (end[0] != ']' || end[open - 1] != ']')
            continue;
        if (strspn(end + 1, "=") != open - 2)
            continue;
        skip(scan, open + at + open);
        return (struct ds_slice){body.at, at};
    }
    skip(scan, scan->rest.len);
    return body;
}

static void skip_comment(struct scanner *scan)
{
    skip(scan, 2);
    size_t open = long_bracket(scan->rest);
    if (open > 0) {
        scan_long(scan, open);
        return;
    }
    while (scan->rest.len > 0 && scan->rest.at[0] != '\n')
        skip(scan, 1);
}

static void skip_blanks(struct scanner *scan)
{
    while (scan->rest.len > 0) {
        if (ds_slice_starts(scan->rest, DS_LITERAL("--")))
            skip_comment(scan);
        else if (strchr(" \t\r\n\f\v", scan->rest.at[0]) != NULL)
            skip(scan, 1);
        else
            return;
    }
}

static struct ds_slice scan_short(struct scanner *scan)
{
    char quote = scan->rest.at[0];
    size_t len = 1;
    while (len < scan->rest.len && scan->rest.at[len] != quote && scan->rest.at[len] != '\n')
        len += scan->rest.at[len] == '\\' ? 2 : 1;
    if (len > scan->rest.len)
        len = scan->rest.len;
    struct ds_slice body = {scan->rest.at + 1, len - 1};
    skip(scan, len + 1);
    return body;
}

static struct ds_slice scan_word(struct scanner *scan)
{
    size_t len = 1;
    while (len < scan->rest.len && is_word(scan->rest.at[len]))
        len++;
    struct ds_slice word = {scan->rest.at, len};
    skip(scan, len);
    return word;
}

static struct token scan_token(struct scanner *scan)
{
    skip_blanks(scan);
    struct token token = {.kind = TOKEN_END, .line = scan->line};
    if (scan->rest.len == 0)
        return token;
    char c = scan->rest.at[0];
    size_t open = long_bracket(scan->rest);
    if (open > 0 || c == '"' || c == '\'') {
        token.kind = TOKEN_STRING;
        token.text = open > 0 ? scan_long(scan, open) : scan_short(scan);
    } else if (is_word(c)) {
        token.kind = is_digit(c) ? TOKEN_NUMBER : TOKEN_NAME;
        token.text = scan_word(scan);
    } else {
        token.kind = TOKEN_SIGN;
        token.text = (struct ds_slice){scan->rest.at, 1};
        skip(scan, 1);
    }
    return token;
}

static void advance(struct scanner *scan)
{
    scan->now = scan->next;
    scan->next = scan_token(scan);
}

static bool is_sign(const struct token *token, char sign)
{
    return token->kind == TOKEN_SIGN && token->text.at[0] == sign;
}

static struct ds_place *add_place(struct locator *locator)
{
    struct ds_place *place = ds_arena_alloc(locator->arena, sizeof *place);
    if (place == NULL) {
        locator->broken = true;
        return NULL;
    }
    place->line = locator->scan.now.line;
    place->order = ++locator->order;
    if (locator->depth == 0)
        return place;
    struct ds_place *parent = locator->open[locator->depth - 1];
    if (parent->first == NULL)
        parent->first = place;
    else
        parent->last->next = place;
    parent->last = place;
    return place;
}

/* "name =", "["name"] =", "[1] =" or nothing; leaves the value's first token in `now`. */
static void take_key(struct locator *locator, struct ds_place *place)
{
    struct scanner *scan = &locator->scan;
    if (scan->now.kind == TOKEN_NAME && is_sign(&scan->next, '=')) {
        place->name = scan->now.text;
        advance(scan);
        advance(scan);
    } else if (is_sign(&scan->now, '[')) {
        uint64_t index = 0;
        if (scan->next.kind == TOKEN_STRING)
            place->name = scan->next.text;
        else if (ds_slice_number(scan->next.text, INT32_MAX, &index) == DS_OK)
            place->index = (int64_t)index;
        while (scan->now.kind != TOKEN_END && !is_sign(&scan->now, '='))
            advance(scan);
        advance(scan);
    } else {
        place->index = ++locator->index[locator->depth - 1];
    }
}

static bool is_stop(const struct token *token)
{
    return is_sign(token, ',') || is_sign(token, ';') || is_sign(token, '}');
}

/* Goes to the sign after a value that is no plain table. */
static void skip_value(struct scanner *scan)
{
    size_t depth = 0;
    while (scan->now.kind != TOKEN_END && (depth > 0 || !is_stop(&scan->now))) {
        if (is_sign(&scan->now, '{') || is_sign(&scan->now, '('))
            depth++;
        else if (depth > 0 && (is_sign(&scan->now, '}') || is_sign(&scan->now, ')')))
            depth--;
        advance(scan);
    }
}

static void open_table(struct locator *locator, struct ds_place *place)
{
    locator->open[locator->depth] = place;
    locator->index[locator->depth] = 0;
    locator->depth++;
    advance(&locator->scan);
}

/* One step inside a table: its end, a comma, or a field. */
static void step(struct locator *locator)
{
    struct scanner *scan = &locator->scan;
    if (is_stop(&scan->now)) {
        locator->depth -= is_sign(&scan->now, '}');
        advance(scan);
        return;
    }
    struct ds_place *place = add_place(locator);
    if (place == NULL)
        return;
    take_key(locator, place);
    if (is_sign(&scan->now, '{') && locator->depth < MAX_DEPTH)
        open_table(locator, place);
    else
        skip_value(scan);
}

static bool at_returned_table(const struct scanner *scan)
{
    return ds_slice_equal(scan->now.text, DS_LITERAL("return")) && scan->now.kind == TOKEN_NAME &&
           is_sign(&scan->next, '{');
}

struct ds_place *ds_locate(struct ds_slice text, struct ds_arena *arena, bool *broken)
{
    struct locator locator = {.scan = {.rest = text, .line = 1}, .arena = arena};
    advance(&locator.scan);
    advance(&locator.scan);
    while (locator.scan.now.kind != TOKEN_END && !at_returned_table(&locator.scan))
        advance(&locator.scan);
    *broken = false;
    if (locator.scan.now.kind == TOKEN_END)
        return NULL;
    struct ds_place *root = add_place(&locator);
    if (root != NULL) {
        advance(&locator.scan);
        open_table(&locator, root);
    }
    while (locator.depth > 0 && !locator.broken && locator.scan.now.kind != TOKEN_END)
        step(&locator);
    *broken = locator.broken;
    return root;
}
