#include "topo_internal.h"

#include <stdio.h>
#include <string.h>

/*
 * A variant is laid over the file: named things are merged field by field, a trunk is found by its
 * two ends, and in the lists where the first match wins the variant's lines come first. Any other
 * list is replaced. Values keep their own lines, so a refusal points at who wrote it.
 */

struct pair {
    struct ds_value *base;
    const struct ds_value *over;
    struct pair *next;
};

static struct ds_value *find_child(struct ds_value *table, const struct ds_value *like)
{
    struct ds_value *value = table->first;
    for (; value != NULL; value = value->next) {
        if (like->name == NULL ? value->name == NULL && value->index == like->index
                               : value->name != NULL && strcmp(value->name, like->name) == 0)
            break;
    }
    return value;
}

static bool has_names(const struct ds_value *value)
{
    for (const struct ds_value *child = value->first; child != NULL; child = child->next) {
        if (child->name != NULL)
            return true;
    }
    return false;
}

/* An empty table is one of names, or a list, as is what it is laid over. */
static bool is_list(const struct ds_value *value)
{
    return value->first != NULL && !has_names(value);
}

static ds_rc add_pair(const struct ds_load *load,
                      struct pair **todo,
                      struct ds_value *base,
                      const struct ds_value *over)
{
    struct pair *pair = ds_arena_alloc(load->scratch, sizeof *pair);
    if (pair == NULL)
        return ds_fail_memory(load->why);
    *pair = (struct pair){base, over, *todo};
    *todo = pair;
    return DS_OK;
}

/* Puts copies in the place of a table's values; its tables go to `todo`. */
static ds_rc copy_children(const struct ds_load *load, struct pair **todo, struct ds_value *table)
{
    for (struct ds_value **at = &table->first; *at != NULL; at = &(*at)->next) {
        struct ds_value *copy = ds_arena_alloc(load->scratch, sizeof *copy);
        if (copy == NULL)
            return ds_fail_memory(load->why);
        *copy = **at;
        *at = copy;
        ds_rc rc = copy->first == NULL ? DS_OK : add_pair(load, todo, copy, NULL);
        if (rc != DS_OK)
            return rc;
    }
    return DS_OK;
}

ds_rc ds_copy_tree(struct ds_load *load)
{
    struct pair *todo = NULL;
    struct ds_value *root = ds_arena_alloc(load->scratch, sizeof *root);
    if (root == NULL)
        return ds_fail_memory(load->why);
    *root = *load->root;
    load->root = root;
    ds_rc rc = add_pair(load, &todo, load->root, NULL);
    while (todo != NULL && rc == DS_OK) {
        struct ds_value *table = todo->base;
        todo = todo->next;
        rc = copy_children(load, &todo, table);
    }
    return rc;
}

static ds_rc append_copy(const struct ds_load *load,
                         struct ds_value *table,
                         const struct ds_value *value,
                         int64_t index)
{
    struct ds_value **at = &table->first;
    struct ds_value *copy = ds_arena_alloc(load->scratch, sizeof *copy);
    if (copy == NULL)
        return ds_fail_memory(load->why);
    while (*at != NULL)
        at = &(*at)->next;
    *copy = *value;
    copy->index = index;
    copy->next = NULL;
    *at = copy;
    return DS_OK;
}

static void replace(struct ds_value *base, const struct ds_value *over)
{
    struct ds_value *next = base->next;
    *base = *over;
    base->next = next;
}

/* The variant's lines, then the file's own. */
static ds_rc
put_first(const struct ds_load *load, struct ds_value *base, const struct ds_value *over)
{
    const struct ds_value *own = base->first;
    int64_t index = 0;
    base->first = NULL;
    for (const struct ds_value *value = over->first; value != NULL; value = value->next) {
        ds_rc rc = append_copy(load, base, value, ++index);
        if (rc != DS_OK)
            return rc;
    }
    for (; own != NULL; own = own->next) {
        ds_rc rc = append_copy(load, base, own, ++index);
        if (rc != DS_OK)
            return rc;
    }
    return DS_OK;
}

static bool same_end(const struct ds_value *a, const struct ds_value *b, int64_t index)
{
    const struct ds_value *a_end = ds_value_item(a, index), *b_end = ds_value_item(b, index);
    return a_end != NULL && b_end != NULL && a_end->kind == DS_TEXT && b_end->kind == DS_TEXT &&
           strcmp(a_end->text, b_end->text) == 0;
}

static ds_rc merge_trunks(const struct ds_load *load,
                          struct pair **todo,
                          struct ds_value *base,
                          const struct ds_value *over)
{
    int64_t count = (int64_t)ds_value_count(base);
    for (const struct ds_value *trunk = over->first; trunk != NULL; trunk = trunk->next) {
        struct ds_value *like = base->first;
        while (like != NULL && !(same_end(like, trunk, 1) && same_end(like, trunk, 2)))
            like = like->next;
        ds_rc rc = like == NULL ? append_copy(load, base, trunk, ++count)
                                : add_pair(load, todo, like, trunk);
        if (rc != DS_OK)
            return rc;
    }
    return DS_OK;
}

static bool is_first_match(const struct ds_value *value)
{
    return strcmp(value->name, "routes") == 0 || strcmp(value->name, "ranges") == 0 ||
           strcmp(value->name, "dial_plan") == 0 || strcmp(value->name, "rates") == 0;
}

/* One field of a variant over the same field of the file. */
static ds_rc merge_field(const struct ds_load *load,
                         struct pair **todo,
                         const struct pair *pair,
                         const struct ds_value *over)
{
    struct ds_value *base = find_child(pair->base, over);
    if (base == NULL)
        return append_copy(load, pair->base, over, over->index);
    bool tables = base->kind == DS_TABLE && over->kind == DS_TABLE;
    bool top = pair->base == load->root && over->name != NULL;
    if (tables && top && strcmp(over->name, "trunks") == 0)
        return merge_trunks(load, todo, base, over);
    if (tables && top && is_first_match(over))
        return put_first(load, base, over);
    if (tables && (has_names(over) || (over->first == NULL && !is_list(base))))
        return add_pair(load, todo, base, over);
    replace(base, over);
    return DS_OK;
}

static ds_rc
refuse_variant(const struct ds_load *load, const struct ds_value *variants, const char *variant)
{
    char known[200] = "none";
    size_t len = 0;
    for (const struct ds_value *value = variants == NULL ? NULL : variants->first; value != NULL;
         value = value->next) {
        if (len < sizeof known)
            len += (size_t)snprintf(known + len, sizeof known - len, "%s%s", len == 0 ? "" : ", ",
                                    value->name);
    }
    return ds_refuse(load, ds_value_line(load->root, "variants"),
                     "there is no variant '%.31s'; the file has %s", variant, known);
}

static ds_rc check_variants(const struct ds_load *load, const struct ds_value *variants)
{
    ds_rc rc = ds_names_check(load, variants, "variants");
    for (const struct ds_value *value = variants->first; value != NULL && rc == DS_OK;
         value = value->next) {
        if (!ds_is_name(value->name))
            rc = ds_refuse(load, value->line,
                           "'%.40s' is no name: a to z, then a to z, 0 to 9 and _", value->name);
        else if (value->kind != DS_TABLE)
            rc = ds_refuse(load, value->line, "variant '%s' must be a table, and is %s",
                           value->name, ds_kind_name(value->kind));
        else if (ds_value_get(value, "variants") != NULL)
            rc = ds_refuse(load, ds_value_line(value, "variants"),
                           "variant '%s' cannot have variants of its own", value->name);
    }
    return rc;
}

ds_rc ds_merge_variant(struct ds_load *load, const char *variant)
{
    const struct ds_value *variants = ds_value_get(load->root, "variants"), *over = NULL;
    struct pair *todo = NULL;
    ds_rc rc = DS_OK;
    if (variants != NULL && variants->kind == DS_TABLE)
        rc = check_variants(load, variants);
    if (rc != DS_OK || variant == NULL)
        return rc;
    over = ds_value_get(variants, variant);
    if (over == NULL)
        return refuse_variant(load, variants, variant);
    rc = add_pair(load, &todo, load->root, over);
    while (todo != NULL && rc == DS_OK) {
        struct pair pair = *todo;
        todo = todo->next;
        for (const struct ds_value *value = pair.over->first; value != NULL && rc == DS_OK;
             value = value->next)
            rc = merge_field(load, &todo, &pair, value);
    }
    return rc;
}
