#include "topo_internal.h"

/* What a trunk of the Mediation Server makes of numbers and of refusals: domain.md 3.3, 3.4. */

#define MOST_RULES   64
#define MOST_CODES   32
#define LEAST_STATUS 400 /* [SRC] */
#define MOST_STATUS  699
#define MOST_CAUSE   127 /* Q.850: seven bits */

static const struct ds_field rule_fields[] = {{"to", DS_TEXT}, {"becomes", DS_TEXT}};
static const struct ds_field code_fields[] = {{"status", DS_WHOLE},
                                              {"cause", DS_WHOLE},
                                              {"becomes", DS_WHOLE}};

/* ---- numbers ---- */

static ds_rc load_rule(const struct ds_load *load,
                       const struct ds_value *value,
                       const char *noun,
                       struct ds_number_rule *rule)
{
    ds_rc rc = ds_fields_check(load, value, noun, rule_fields, DS_COUNT(rule_fields));
    return rc == DS_OK ? ds_load_rewriting(load, value, noun, rule) : rc;
}

/* `noun` names a line of it in refusals. */
static ds_rc load_rules(const struct ds_load *load,
                        const struct ds_value *table,
                        const char *noun,
                        struct ds_translation *out)
{
    size_t count = ds_value_count(table), i = 0;
    if (count == 0)
        return DS_OK;
    ds_rc rc = ds_list_check(load, table, table->name, DS_TABLE, MOST_RULES);
    struct ds_number_rule *rules = ds_arena_alloc(load->arena, count * sizeof *rules);
    if (rules == NULL)
        return ds_fail_memory(load->why);
    for (const struct ds_value *value = table->first; value != NULL && rc == DS_OK;
         value = value->next)
        rc = load_rule(load, value, noun, &rules[i++]);
    *out = (struct ds_translation){rules, count};
    return rc;
}

/* ---- refusals ---- */

static ds_rc
load_status(const struct ds_load *load, const struct ds_value *value, const char *name, int *out)
{
    const struct ds_value *status = ds_value_get(value, name);
    if (status == NULL || status->whole < LEAST_STATUS || status->whole > MOST_STATUS)
        return ds_refuse(load, ds_value_line(value, name),
                         "a line of codes needs %s: a status of SIP from %d to %d", name,
                         LEAST_STATUS, MOST_STATUS);
    *out = (int)status->whole;
    return DS_OK;
}

static ds_rc
load_code(const struct ds_load *load, const struct ds_value *value, struct ds_code_rule *rule)
{
    const struct ds_value *cause = ds_value_get(value, "cause");
    ds_rc rc = ds_fields_check(load, value, "a line of codes", code_fields, DS_COUNT(code_fields));
    if (rc == DS_OK)
        rc = ds_names_check(load, value, "a line of codes");
    if (rc == DS_OK)
        rc = load_status(load, value, "status", &rule->status);
    if (rc == DS_OK)
        rc = load_status(load, value, "becomes", &rule->becomes);
    if (rc != DS_OK || cause == NULL)
        return rc;
    if (cause->whole < 1 || cause->whole > MOST_CAUSE)
        return ds_refuse(load, cause->line, "a cause of Q.850 is 1 to %d, not %lld", MOST_CAUSE,
                         (long long)cause->whole);
    rule->cause = (int)cause->whole;
    return DS_OK;
}

static ds_rc
load_codes(const struct ds_load *load, const struct ds_value *table, struct ds_trunk *trunk)
{
    size_t count = ds_value_count(table), i = 0;
    if (count == 0)
        return DS_OK;
    ds_rc rc = ds_list_check(load, table, "codes", DS_TABLE, MOST_CODES);
    struct ds_code_rule *rules = ds_arena_alloc(load->arena, count * sizeof *rules);
    if (rules == NULL)
        return ds_fail_memory(load->why);
    for (const struct ds_value *value = table->first; value != NULL && rc == DS_OK;
         value = value->next)
        rc = load_code(load, value, &rules[i++]);
    trunk->codes = (struct ds_code_translation){rules, count};
    return rc;
}

static ds_rc
check_place(const struct ds_load *load, const struct ds_value *value, const struct ds_trunk *trunk)
{
    static const char *const keys[] = {"usages", "called", "calling", "codes"};
    for (size_t i = 0; i < DS_COUNT(keys); i++)
        if (trunk->a->role != DS_ROLE_MEDIATION && ds_value_get(value, keys[i]) != NULL)
            return ds_refuse(load, ds_value_line(value, keys[i]),
                             "only a trunk of the Mediation Server has %s", keys[i]);
    return DS_OK;
}

ds_rc ds_load_translation(const struct ds_load *load,
                          const struct ds_value *value,
                          struct ds_trunk *trunk)
{
    ds_rc rc = check_place(load, value, trunk);
    if (rc == DS_OK)
        rc = load_rules(load, ds_value_get(value, "called"), "a line of called", &trunk->called);
    if (rc == DS_OK)
        rc = load_rules(load, ds_value_get(value, "calling"), "a line of calling", &trunk->calling);
    return rc == DS_OK ? load_codes(load, ds_value_get(value, "codes"), trunk) : rc;
}

void ds_translate(const struct ds_translation *translation,
                  struct ds_slice number,
                  char *out,
                  size_t size)
{
    for (size_t i = 0; i < translation->count; i++)
        if (ds_rule_apply(&translation->rules[i], number, out, size))
            return;
    ds_slice_copy(number, out, size);
}

int ds_translate_code(const struct ds_code_translation *translation, int status, int cause)
{
    for (size_t i = 0; i < translation->count; i++) {
        const struct ds_code_rule *rule = &translation->rules[i];
        if (rule->status == status && (rule->cause == 0 || rule->cause == cause))
            return rule->becomes;
    }
    return status;
}
