#include "topo_internal.h"

#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * Number rules: POSIX extended expressions, with \d as planners know it. What the C library would
 * let grow without bound (repeats of repeats, back-references) is refused when the file is read.
 */

#define MAX_PATTERN  80
#define MAX_NUMBER   64
#define MAX_REPEATS  1000
#define MAX_EXTENDED (MAX_PATTERN * 5 + 1)
#define DIGIT        "[0-9]"

/* Translates one pattern, character by character. */
struct extended {
    char text[MAX_EXTENDED];
    size_t len;
    bool in_set; /* between [ and ] */
    unsigned long repeats;
    const char *trouble; /* or NULL */
};

static void add(struct extended *out, const char *text, size_t len)
{
    memcpy(out->text + out->len, text, len);
    out->len += len;
    out->text[out->len] = '\0';
}

/* What follows a backslash. */
static void add_escaped(struct extended *out, char c)
{
    char escaped[2] = {'\\', c};
    if (c == 'd' && out->in_set)
        add(out, "0-9", 3);
    else if (c == 'd')
        add(out, DIGIT, strlen(DIGIT));
    else if (c != '\0' && strchr(".+*?()[]{}|^$\\", c) != NULL && !out->in_set)
        add(out, escaped, 2);
    else
        out->trouble =
            "after a backslash only d and the signs . + * ? ( ) [ ] { } | ^ $ make sense";
}

/* {n}, {n,} and {n,m}: their product bounds the size of what the C library builds. */
static void count_repeats(struct extended *out, const char *brace)
{
    unsigned long most = 1;
    for (const char *c = brace + 1; *c != '\0' && *c != '}'; c++) {
        char *end = NULL;
        unsigned long count = *c >= '0' && *c <= '9' ? strtoul(c, &end, 10) : 0;
        if (count > most)
            most = count;
        c = end != NULL ? end - 1 : c;
    }
    if (most > MAX_REPEATS || out->repeats * most > MAX_REPEATS)
        out->trouble = "it repeats too often";
    else
        out->repeats *= most;
}

static size_t add_plain(struct extended *out, const char *at)
{
    if (*at < ' ' || *at > '~')
        out->trouble = "only plain letters are understood";
    else if (at[0] == '(' && at[1] == '?' && !out->in_set)
        out->trouble = "'(?' is not understood here";
    else if (*at == '{' && !out->in_set)
        count_repeats(out, at);
    if (*at == '[')
        out->in_set = true;
    else if (*at == ']')
        out->in_set = false;
    add(out, at, 1);
    return 1;
}

static void translate(const char *pattern, struct extended *out)
{
    *out = (struct extended){.repeats = 1};
    if (strlen(pattern) > MAX_PATTERN)
        out->trouble = "it is too long";
    if (pattern[0] == '\0')
        out->trouble = "it is empty";
    while (*pattern != '\0' && out->trouble == NULL) {
        if (*pattern == '\\') {
            add_escaped(out, pattern[1]);
            pattern += pattern[1] == '\0' ? 1 : 2;
        } else {
            pattern += add_plain(out, pattern);
        }
    }
}

static ds_rc check_replace(const struct ds_load *load,
                           int line,
                           const struct ds_number_rule *rule,
                           size_t groups)
{
    const char *text = rule->replace;
    if (text == NULL)
        return DS_OK;
    if (text[0] == '\0' || strlen(text) > MAX_NUMBER)
        return ds_refuse(load, line, "what '%s' becomes must have 1 to %d letters", rule->pattern,
                         MAX_NUMBER);
    for (; *text != '\0'; text++) {
        if (text[0] == '$' && (text[1] < '1' || text[1] > '9' || (size_t)(text[1] - '0') > groups))
            return ds_refuse(load, line, "'%s' has no group for '$%.1s'", rule->pattern, text + 1);
        if (text[0] != '$' && strchr("+0123456789*#", *text) == NULL)
            return ds_refuse(load, line, "'%s' is no number with $1 to $9 in it", rule->replace);
    }
    return DS_OK;
}

struct ds_pattern {
    regex_t regex;
};

static void free_pattern(void *owner)
{
    regfree(&((struct ds_pattern *)owner)->regex);
}

/* The arena gives its memory back, and what the C library keeps beside it. */
static ds_rc
compile(const struct ds_load *load, int line, const char *extended, struct ds_number_rule *rule)
{
    char said[64];
    struct ds_pattern *pattern = ds_arena_alloc(load->arena, sizeof *pattern);
    int status = pattern == NULL ? REG_ESPACE : regcomp(&pattern->regex, extended, REG_EXTENDED);
    if (status == REG_ESPACE)
        return ds_fail_memory(load->why);
    if (status != 0) {
        regerror(status, &pattern->regex, said, sizeof said);
        return ds_refuse(load, line, "the pattern '%.80s' cannot be used: %s", rule->pattern, said);
    }
    if (!ds_arena_at_end(load->arena, free_pattern, pattern)) {
        free_pattern(pattern);
        return ds_fail_memory(load->why);
    }
    rule->compiled = pattern;
    return DS_OK;
}

ds_rc ds_rule_check(const struct ds_load *load, int line, struct ds_number_rule *rule)
{
    struct extended extended;
    translate(rule->pattern, &extended);
    if (extended.trouble != NULL)
        return ds_refuse(load, line, "the pattern '%.80s' cannot be used: %s", rule->pattern,
                         extended.trouble);
    ds_rc rc = compile(load, line, extended.text, rule);
    return rc == DS_OK ? check_replace(load, line, rule, rule->compiled->regex.re_nsub) : rc;
}

/* Whole numbers are replaced, whatever part of them matched. */
static bool
replace(const char *with, const char *number, const regmatch_t *match, char *out, size_t size)
{
    struct ds_slice part;
    size_t len = 0;
    for (; *with != '\0'; with++) {
        part = (struct ds_slice){with, 1};
        if (*with == '$') {
            const regmatch_t *group = &match[*++with - '0'];
            part = (struct ds_slice){number + (group->rm_so < 0 ? 0 : group->rm_so),
                                     (size_t)(group->rm_eo - group->rm_so)};
        }
        if (part.len >= size - len)
            return false;
        memcpy(out + len, part.at, part.len);
        len += part.len;
    }
    out[len] = '\0';
    return true;
}

bool ds_rule_apply(const struct ds_number_rule *rule,
                   struct ds_slice number,
                   char *out,
                   size_t size)
{
    char text[MAX_NUMBER + 1];
    regmatch_t match[10];
    if (!ds_slice_copy(number, text, sizeof text) || strlen(text) != number.len)
        return false;
    ds_assert(rule->compiled != NULL);
    bool matched = regexec(&rule->compiled->regex, text, DS_COUNT(match), match, 0) == 0;
    if (!matched || out == NULL)
        return matched;
    return rule->replace == NULL ? ds_slice_copy(number, out, size)
                                 : replace(rule->replace, text, match, out, size);
}
