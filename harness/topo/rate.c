#include "topo_internal.h"

/* What a minute costs by which trunk: for the planner, and for who judges by which trunk a call
   left ([OVR]: domain.md 3.2, least cost). Elements know nothing of it: their routes say the order.
 */

#define MOST_RATES 256
#define DEAREST    1000000

static const struct ds_field rate_fields[] = {{"by", DS_TEXT},
                                              {"to", DS_TEXT},
                                              {"per_minute", DS_WHOLE | DS_REAL}};

static ds_rc
load_peer(const struct ds_load *load, const struct ds_value *value, struct ds_rate *rate)
{
    const char *name = ds_value_text(value, "by");
    if (name == NULL)
        return ds_refuse(load, value->line, "a rate needs by: a peer of the Mediation Server");
    rate->by = ds_topo_find(load->topo, ds_slice_of(name));
    if (rate->by == NULL || ds_topo_peer_trunk(load->topo, rate->by) == NULL)
        return ds_refuse(load, ds_value_line(value, "by"),
                         "the rate is for calls by '%.40s', which has no trunk to a Mediation "
                         "Server",
                         name);
    return DS_OK;
}

static ds_rc
load_rate(const struct ds_load *load, const struct ds_value *value, struct ds_rate *rate)
{
    ds_rc rc = ds_fields_check(load, value, "a rate", rate_fields, DS_COUNT(rate_fields));
    if (rc == DS_OK)
        rc = ds_load_number_rule(load, value, "a rate", &rate->numbers);
    if (rc == DS_OK)
        rc = load_peer(load, value, rate);
    if (rc != DS_OK)
        return rc;
    const struct ds_value *price = ds_value_get(value, "per_minute");
    if (price == NULL || !(price->real >= 0 && price->real <= DEAREST))
        return ds_refuse(load, ds_value_line(value, "per_minute"),
                         "a rate needs per_minute: a price from 0 to %d", DEAREST);
    rate->per_minute = price->real;
    return DS_OK;
}

ds_rc ds_load_rates(struct ds_load *load)
{
    const struct ds_value *table = ds_value_get(load->root, "rates");
    size_t count = ds_value_count(table), i = 0;
    if (count == 0)
        return DS_OK;
    ds_rc rc = ds_list_check(load, table, "rates", DS_TABLE, MOST_RATES);
    struct ds_rate *rates = ds_arena_alloc(load->arena, count * sizeof *rates);
    if (rates == NULL)
        return ds_fail_memory(load->why);
    for (const struct ds_value *value = table->first; value != NULL && rc == DS_OK;
         value = value->next)
        rc = load_rate(load, value, &rates[i++]);
    load->topo->rates = rates;
    load->topo->rate_count = count;
    return rc;
}

const struct ds_rate *
ds_topo_rate(const struct ds_topo *topo, const struct ds_topo_node *peer, struct ds_slice number)
{
    for (size_t i = 0; i < topo->rate_count; i++)
        if (topo->rates[i].by == peer && ds_rule_apply(&topo->rates[i].numbers, number, NULL, 0))
            return &topo->rates[i];
    return NULL;
}
