#include "sipmsg_internal.h"

#include <ctype.h>
#include <string.h>

/* What RFC 3261 section 25.1 forbids and libosip2 lets pass, judged on the bytes as received.
 * RFC 4475 section 3.1.2 has an example of each. */

static bool is_white(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool has_white(struct ds_slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (is_white(text.at[i]))
            return true;
    }
    return false;
}

/* display-name = *(token LWS) / quoted-string */
static bool is_display_name(struct ds_slice text)
{
    text = ds_slice_trim(text);
    if (text.len > 0 && text.at[0] == '"')
        return text.len >= 2 && text.at[text.len - 1] == '"';
    for (size_t i = 0; i < text.len; i++) {
        if (!ds_is_token_char(text.at[i]) && !is_white(text.at[i]))
            return false;
    }
    return true;
}

static void judge_params(const char *name, struct ds_slice params, struct ds_why *defect)
{
    struct ds_slice param;
    if (params.len > 0 && params.at[0] != ';')
        ds_note(defect, "what follows the address in %s is no parameter", name);
    if (params.len == 0)
        return;
    params = ds_slice_from(params, 1);
    while (params.at != NULL) {
        ds_value_next(&params, ';', &param);
        if (param.len == 0)
            ds_note(defect, "%s has an empty parameter", name);
    }
}

static void judge_angled(const char *name, struct ds_slice inside, struct ds_why *defect)
{
    const char *close = memchr(inside.at, '>', inside.len);
    if (close == NULL) {
        ds_note(defect, "an angle bracket in %s is never closed", name);
        return;
    }
    struct ds_slice uri = {inside.at, (size_t)(close - inside.at)};
    if (has_white(uri))
        ds_note(defect, "the address in %s has white space in it", name);
    judge_params(name, ds_slice_trim(ds_slice_from(inside, uri.len + 1)), defect);
}

/* name-addr or addr-spec; RFC 3261 20.10 lets the latter have no comma, question mark or semicolon
 * of its own. */
static void judge_address(const char *name, struct ds_slice value, struct ds_why *defect)
{
    size_t open = ds_value_find(value, '<');
    if (!ds_value_is_balanced(value))
        ds_note(defect, "a quote in %s is never closed", name);
    if (open < value.len) {
        if (!is_display_name((struct ds_slice){value.at, open}))
            ds_note(defect, "the name in %s is neither quoted nor made of tokens", name);
        judge_angled(name, ds_slice_from(value, open + 1), defect);
        return;
    }
    struct ds_slice params, uri = ds_value_uri(value, &params);
    if (memchr(uri.at, '?', uri.len) != NULL)
        ds_note(defect, "the address in %s has a question mark and no angle brackets", name);
    if (has_white(uri))
        ds_note(defect, "the address in %s has white space in it", name);
    judge_params(name, params, defect);
}

static void judge_via(const char *name, struct ds_slice value, struct ds_why *defect)
{
    judge_params(name, ds_slice_from(value, ds_value_find(value, ';')), defect);
}

/* SIP-date is rfc1123-date, which is in GMT: "Sat, 13 Nov 2010 23:29:00 GMT". */
static void judge_date(const char *name, struct ds_slice value, struct ds_why *defect)
{
    static const char shape[] = "Aaa, 00 Aaa 0000 00:00:00 GMT";
    bool fits = value.len == sizeof shape - 1;
    for (size_t i = 0; fits && i < value.len; i++) {
        unsigned char c = (unsigned char)value.at[i];
        if (shape[i] == '0')
            fits = isdigit(c) != 0;
        else if (i < 25 && isalpha((unsigned char)shape[i]))
            fits = isalpha(c) != 0;
        else
            fits = c == (unsigned char)shape[i];
    }
    if (!fits)
        ds_note(defect, "%s is not written as 'Sat, 13 Nov 2010 23:29:00 GMT'", name);
}

typedef void judge_fn(const char *name, struct ds_slice value, struct ds_why *defect);

static void judge_list(const struct ds_msg *msg,
                       const char *name,
                       bool is_list,
                       judge_fn *judge,
                       struct ds_why *defect)
{
    struct ds_slice wanted = ds_slice_of(name), value;
    size_t at = ds_field_find(msg, wanted, 0);
    for (; at < msg->field_count; at = ds_field_find(msg, wanted, at + 1)) {
        struct ds_slice rest = ds_field_value(msg, at);
        if (!is_list) {
            judge(name, rest, defect);
            continue;
        }
        while (rest.at != NULL) {
            ds_value_next(&rest, ',', &value);
            if (value.len == 0)
                ds_note(defect, "%s has an empty value", name);
            judge(name, value, defect);
        }
    }
}

void ds_wire_judge(const struct ds_msg *msg, struct ds_why *defect)
{
    static const struct {
        const char *name;
        bool is_list;
        judge_fn *judge;
    } rules[] = {
        {"Via", true, judge_via},
        {"From", false, judge_address},
        {"To", false, judge_address},
        {"Contact", true, judge_address},
        {"Route", true, judge_address},
        {"Record-Route", true, judge_address},
        {"Refer-To", false, judge_address},
        {"Referred-By", false, judge_address},
        {"P-Asserted-Identity", true, judge_address},
        {"Date", false, judge_date},
    };

    for (size_t i = 0; i < DS_COUNT(rules); i++)
        judge_list(msg, rules[i].name, rules[i].is_list, rules[i].judge, defect);
}

/* A NUL may be quoted, and stands nowhere else (RFC 3261 25.1, quoted-pair). */
void ds_wire_judge_nul(struct ds_slice head, struct ds_why *defect)
{
    bool quoted = false, any = head.len > 0 && memchr(head.at, '\0', head.len) != NULL;
    for (size_t i = 0; any && i < head.len; i++) {
        char c = head.at[i];
        if (c == '\0') {
            ds_note(defect, "there is a NUL among the header fields");
            return;
        }
        if (quoted && c == '\\')
            i++;
        else if (c == '"')
            quoted = !quoted;
    }
}
