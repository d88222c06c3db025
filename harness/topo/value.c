#include "topo_internal.h"

#include <stdio.h>
#include <string.h>

#define MAX_SLIP 2 /* letters wrong in a name that we still recognise */

ds_rc ds_refuse(const struct ds_load *load, int line, const char *fmt, ...)
{
    char sentence[sizeof load->why->text];
    va_list args;
    va_start(args, fmt);
    vsnprintf(sentence, sizeof sentence, fmt, args);
    va_end(args);
    /* What the file's own words brought in must not reach a terminal as commands. */
    for (char *c = sentence; *c != '\0'; c++) {
        if ((unsigned char)*c < ' ' || *c == 0x7f)
            *c = '?';
    }
    return ds_fail(load->why, DS_BAD, "%s:%d: %s", load->path, line, sentence);
}

const char *ds_kind_name(unsigned kinds)
{
    switch (kinds) {
    case DS_TEXT:
        return "text";
    case DS_WHOLE:
        return "a whole number";
    case DS_FLAG:
        return "true or false";
    case DS_TABLE:
        return "a table";
    case DS_REAL:
        return "a fraction";
    case DS_WHOLE | DS_REAL:
        return "a number";
    case DS_TEXT | DS_TABLE:
        return "text or a list of texts";
    default:
        return "something else";
    }
}

const struct ds_value *ds_value_get(const struct ds_value *table, const char *name)
{
    if (table == NULL)
        return NULL;
    const struct ds_value *value = table->first;
    while (value != NULL && (value->name == NULL || strcmp(value->name, name) != 0))
        value = value->next;
    return value;
}

const struct ds_value *ds_value_item(const struct ds_value *table, int64_t index)
{
    const struct ds_value *value = table->first;
    while (value != NULL && (value->name != NULL || value->index != index))
        value = value->next;
    return value;
}

const char *ds_value_text(const struct ds_value *table, const char *name)
{
    const struct ds_value *value = ds_value_get(table, name);
    return value == NULL ? NULL : value->text;
}

bool ds_value_flag(const struct ds_value *table, const char *name, bool otherwise)
{
    const struct ds_value *value = ds_value_get(table, name);
    return value == NULL ? otherwise : value->flag;
}

int ds_value_line(const struct ds_value *table, const char *name)
{
    const struct ds_value *value = ds_value_get(table, name);
    return value == NULL ? table->line : value->line;
}

size_t ds_value_count(const struct ds_value *table)
{
    size_t count = 0;
    for (const struct ds_value *value = table == NULL ? NULL : table->first; value != NULL;
         value = value->next)
        count++;
    return count;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Letters to change, drop or add until one word is the other; words of at most 31 letters. */
static size_t slips(const char *a, const char *b)
{
    size_t row[33];
    size_t a_len = strlen(a), b_len = strlen(b);
    if (a_len > 31 || b_len > 31)
        return SIZE_MAX;
    for (size_t j = 0; j <= b_len; j++)
        row[j] = j;
    for (size_t i = 1; i <= a_len; i++) {
        size_t corner = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b_len; j++) {
            size_t changed = corner + (a[i - 1] != b[j - 1]);
            corner = row[j];
            row[j] = least(changed, least(row[j], row[j - 1]) + 1);
        }
    }
    return row[b_len];
}

static ds_rc refuse_field(const struct ds_load *load,
                          const struct ds_value *value,
                          const char *noun,
                          const struct ds_field *fields,
                          size_t count)
{
    char known[280] = "", guess[64] = "";
    size_t len = 0, nearest = MAX_SLIP + 1;
    for (size_t i = 0; i < count; i++) {
        if (len < sizeof known)
            len += (size_t)snprintf(known + len, sizeof known - len, "%s%s", i == 0 ? "" : ", ",
                                    fields[i].name);
        size_t wrong = slips(value->name, fields[i].name);
        if (wrong < nearest && wrong < strlen(fields[i].name)) {
            nearest = wrong;
            snprintf(guess, sizeof guess, " (did you mean '%s'?)", fields[i].name);
        }
    }
    return ds_refuse(load, value->line, "%s has no '%.31s'%s; it knows %s", noun, value->name,
                     guess, len < sizeof known ? known : "what docs/topologies.md lists");
}

ds_rc ds_fields_check(const struct ds_load *load,
                      const struct ds_value *table,
                      const char *noun,
                      const struct ds_field *fields,
                      size_t count)
{
    for (const struct ds_value *value = table->first; value != NULL; value = value->next) {
        size_t i = 0;
        if (value->name == NULL)
            continue;
        while (i < count && strcmp(fields[i].name, value->name) != 0)
            i++;
        if (i == count)
            return refuse_field(load, value, noun, fields, count);
        if ((value->kind & fields[i].kinds) == 0)
            return ds_refuse(load, value->line, "'%s' of %s must be %s, and is %s", value->name,
                             noun, ds_kind_name(fields[i].kinds), ds_kind_name(value->kind));
    }
    return DS_OK;
}

ds_rc ds_names_check(const struct ds_load *load, const struct ds_value *table, const char *noun)
{
    const struct ds_value *first = table->first;
    if (first != NULL && first->name == NULL)
        return ds_refuse(load, first->line, "%s takes names only: write name = value", noun);
    return DS_OK;
}

ds_rc ds_list_check(const struct ds_load *load,
                    const struct ds_value *table,
                    const char *noun,
                    unsigned kinds,
                    size_t most)
{
    int64_t index = 0;
    for (const struct ds_value *value = table->first; value != NULL; value = value->next) {
        if (value->name != NULL)
            return ds_refuse(load, value->line, "%s is a list and takes no name '%.31s'", noun,
                             value->name);
        if (value->index != ++index)
            return ds_refuse(load, value->line, "%s has a hole at %lld", noun, (long long)index);
        if ((value->kind & kinds) == 0)
            return ds_refuse(load, value->line, "%s takes %s, and number %lld is %s", noun,
                             ds_kind_name(kinds), (long long)index, ds_kind_name(value->kind));
    }
    if ((size_t)index > most)
        return ds_refuse(load, table->line, "%s has %lld lines; at most %zu are understood", noun,
                         (long long)index, most);
    return DS_OK;
}
