#include "trace_internal.h"

#include <ctype.h>
#include <string.h>

/* What back-to-back user agents hand on from one leg to the next, so that a call can be told by it.
 */

static const struct {
    const char *header, *param; /* param NULL: the value before its parameters */
    char kind;
} survivors[] = {
    {"Session-ID", NULL, 's'}, /* RFC 7989 */
    {"Session-ID", "remote", 's'},
    {"P-Charging-Vector", "icid-value", 'p'}, /* RFC 7315 4.6 */
    {"Cisco-Guid", NULL, 'g'},
    {"Ms-Conversation-ID", NULL, 'm'},
    {"X-CID", NULL, DS_SURVIVOR_CALL_ID}, /* the Call-ID of the leg before */
    {"X-Call-ID", NULL, DS_SURVIVOR_CALL_ID},
};

/* RFC 7989 5: nothing but zeros stands for a session that is not known. */
static bool is_nil(struct ds_slice value)
{
    for (size_t i = 0; i < value.len; i++)
        if (value.at[i] != '0' && value.at[i] != '-')
            return false;
    return true;
}

static struct ds_slice unquoted(struct ds_slice value)
{
    value = ds_slice_trim(value);
    if (value.len >= 2 && value.at[0] == '"' && value.at[value.len - 1] == '"')
        value = (struct ds_slice){value.at + 1, value.len - 2};
    return value;
}

bool ds_trace_survivor(char kind, struct ds_slice value, struct ds_trace_survivor *out)
{
    value = unquoted(value);
    if (is_nil(value) || value.len + 1 > sizeof out->text)
        return false;
    out->text[0] = kind;
    for (size_t i = 0; i < value.len; i++)
        out->text[1 + i] =
            kind == DS_SURVIVOR_CALL_ID ? value.at[i] : (char)tolower((unsigned char)value.at[i]);
    out->len = value.len + 1;
    return true;
}

static bool read_value(const struct ds_msg *msg, size_t index, struct ds_slice *out)
{
    struct ds_slice rest;
    if (!ds_msg_header(msg, survivors[index].header, 0, &rest) || !ds_slice_cut(&rest, ';', out))
        return false;
    return survivors[index].param == NULL || ds_param(rest, survivors[index].param, out);
}

size_t ds_trace_survivors(const struct ds_msg *msg,
                          struct ds_trace_survivor out[DS_TRACE_MOST_SURVIVORS])
{
    _Static_assert(DS_COUNT(survivors) <= DS_TRACE_MOST_SURVIVORS, "there is room for each");
    struct ds_slice value;
    size_t count = 0;
    for (size_t i = 0; i < DS_COUNT(survivors); i++)
        if (read_value(msg, i, &value))
            count += ds_trace_survivor(survivors[i].kind, value, &out[count]);
    return count;
}
