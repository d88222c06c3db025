#include "topo_internal.h"

#include <stdlib.h>
#include <string.h>

/* One number of the busy hour, wherever it is written. */
struct figure {
    const char *name;
    double least, most;
    const char *range;
};

static const struct figure users = {"users", 1, DS_MOST_USERS, "a whole number from 1 to 1000000"};
static const struct figure erlangs = {"erlangs", 0.0001, 1, "from 0.0001 to 1"};
static const struct figure outside = {"outside", 0, 1, "a share from 0 to 1"};
static const struct figure blocking = {"blocking", 0.0001, 0.5, "a share from 0.0001 to 0.5"};

static bool fits(const struct figure *figure, double number)
{
    if (number < figure->least || number > figure->most)
        return false;
    return figure != &users || number == (double)(uint32_t)number;
}

/* ---- in a topology ---- */

static const struct ds_field traffic_fields[] = {{"ev", DS_TABLE},
                                                 {"pbx", DS_TABLE},
                                                 {"blocking", DS_WHOLE | DS_REAL}};
static const struct ds_field population_fields[] = {{"users", DS_WHOLE},
                                                    {"erlangs", DS_WHOLE | DS_REAL},
                                                    {"outside", DS_WHOLE | DS_REAL}};

static ds_rc load_figure(const struct ds_load *load,
                         const struct ds_value *table,
                         const struct figure *figure,
                         double *out)
{
    const struct ds_value *value = ds_value_get(table, figure->name);
    if (value == NULL)
        return DS_OK;
    if (!fits(figure, value->real))
        return ds_refuse(load, value->line, "%s of traffic must be %s, and is %g", figure->name,
                         figure->range, value->real);
    *out = value->real;
    return DS_OK;
}

static ds_rc load_population(const struct ds_load *load,
                             const struct ds_value *traffic,
                             const char *name,
                             struct ds_population *out)
{
    const struct ds_value *value = ds_value_get(traffic, name);
    double count = 0;
    if (value == NULL)
        return DS_OK;
    if (out->users == 0)
        return ds_refuse(load, value->line, "traffic of %s, and the topology has no such user",
                         name);
    ds_rc rc =
        ds_fields_check(load, value, "traffic", population_fields, DS_COUNT(population_fields));
    if (rc == DS_OK)
        rc = ds_names_check(load, value, "traffic");
    if (rc == DS_OK)
        rc = load_figure(load, value, &users, &count);
    if (rc == DS_OK)
        rc = load_figure(load, value, &erlangs, &out->erlangs);
    if (rc == DS_OK)
        rc = load_figure(load, value, &outside, &out->outside);
    if (rc == DS_OK && count > 0) {
        out->users = (uint32_t)count;
        out->counted = false;
    }
    return rc;
}

/* Further devices of a user are no users, nor is the client of somebody who is at a phone yet. */
static struct ds_population listed(const struct ds_topo *topo, enum ds_role_kind role)
{
    struct ds_population made = {
        .counted = true, .erlangs = DS_ERLANGS_PER_USER, .outside = DS_OUTSIDE_SHARE};
    for (size_t i = 0; i < topo->node_count; i++) {
        const struct ds_topo_node *node = &topo->nodes[i];
        made.users += node->role == role && ds_topo_is_first_device(node);
    }
    return made;
}

ds_rc ds_load_traffic(struct ds_load *load)
{
    const struct ds_value *value = ds_value_get(load->root, "traffic");
    struct ds_traffic *traffic = &load->topo->traffic;
    traffic->ev = listed(load->topo, DS_ROLE_CLIENT);
    traffic->pbx = listed(load->topo, DS_ROLE_PHONE);
    traffic->blocking = DS_BLOCKING;
    if (value == NULL)
        return DS_OK;
    ds_rc rc = ds_fields_check(load, value, "traffic", traffic_fields, DS_COUNT(traffic_fields));
    if (rc == DS_OK)
        rc = ds_names_check(load, value, "traffic");
    if (rc == DS_OK)
        rc = load_population(load, value, "ev", &traffic->ev);
    if (rc == DS_OK)
        rc = load_population(load, value, "pbx", &traffic->pbx);
    return rc == DS_OK ? load_figure(load, value, &blocking, &traffic->blocking) : rc;
}

/* ---- on the command line ---- */

/* "0.5" or "50%". */
static bool read_number(struct ds_slice text, double *out)
{
    char copy[24];
    char *end = NULL;
    bool percent = text.len > 0 && text.at[text.len - 1] == '%';
    if (percent)
        text.len--;
    if (text.len == 0 || !ds_slice_copy(text, copy, sizeof copy) ||
        strspn(copy, "0123456789.") != text.len)
        return false;
    *out = strtod(copy, &end) / (percent ? 100 : 1);
    return *end == '\0';
}

static ds_rc
read_figure(struct ds_slice item, const struct figure *figure, double *out, struct ds_why *why)
{
    struct ds_slice rest = item, name;
    ds_slice_cut(&rest, '=', &name);
    if (!read_number(rest, out) || !fits(figure, *out))
        return ds_fail(why, DS_BAD, "--load: %.*s is %s, not '%.*s'", DS_FMT(name), figure->range,
                       DS_FMT(rest));
    return DS_OK;
}

static ds_rc read_users(struct ds_slice item, struct ds_population *population, struct ds_why *why)
{
    double number = 0;
    if (population->users == 0)
        return ds_fail(why, DS_BAD, "--load: '%.*s', and the topology has no such user",
                       DS_FMT(item));
    ds_rc rc = read_figure(item, &users, &number, why);
    if (rc != DS_OK)
        return rc;
    population->users = (uint32_t)number;
    population->counted = false;
    return DS_OK;
}

static ds_rc read_both(struct ds_slice item,
                       const struct figure *figure,
                       double *ev,
                       double *pbx,
                       struct ds_why *why)
{
    double number = 0;
    ds_rc rc = read_figure(item, figure, &number, why);
    if (rc == DS_OK)
        *ev = *pbx = number;
    return rc;
}

static ds_rc read_item(struct ds_slice item, struct ds_traffic *traffic, struct ds_why *why)
{
    if (ds_slice_starts(item, DS_LITERAL("ev=")))
        return read_users(item, &traffic->ev, why);
    if (ds_slice_starts(item, DS_LITERAL("pbx=")))
        return read_users(item, &traffic->pbx, why);
    if (ds_slice_starts(item, DS_LITERAL("erlangs=")))
        return read_both(item, &erlangs, &traffic->ev.erlangs, &traffic->pbx.erlangs, why);
    if (ds_slice_starts(item, DS_LITERAL("outside=")))
        return read_both(item, &outside, &traffic->ev.outside, &traffic->pbx.outside, why);
    if (ds_slice_starts(item, DS_LITERAL("blocking=")))
        return read_figure(item, &blocking, &traffic->blocking, why);
    return ds_fail(why, DS_BAD,
                   "--load: '%.*s' is none of ev=N, pbx=N, erlangs=E, outside=SHARE and "
                   "blocking=SHARE",
                   DS_FMT(item));
}

ds_rc ds_traffic_read(const char *text, struct ds_traffic *traffic, struct ds_why *why)
{
    struct ds_slice rest = ds_slice_of(text), item;
    if (text[0] == '\0')
        return ds_fail(why, DS_BAD, "--load wants something, such as ev=400,outside=60%%");
    while (ds_slice_cut(&rest, ',', &item)) {
        ds_rc rc = read_item(item, traffic, why);
        if (rc != DS_OK)
            return rc;
    }
    return DS_OK;
}
