#include "topo_internal.h"

#include <stdio.h>
#include <string.h>

/* Call park: [CPS] has the numbers that may be orbits, and the times. */

#define WAIT_S      90 /* CallPickupTimeoutThreshold, unless told otherwise */
#define LEAST_S     10
#define MOST_S      600
#define MOST_DIGITS 9 /* with a star one less */

static const struct ds_field call_park_fields[] = {{"service", DS_TEXT},
                                                   {"orbits", DS_TABLE},
                                                   {"rings_back", DS_WHOLE}};

/* ---- orbits ---- */

static bool read_orbit(const char *text, bool *starred, uint32_t *out)
{
    uint64_t digits;
    *starred = text[0] == '*';
    const char *number = text + *starred;
    size_t len = strlen(number);
    bool right = len > 0 && strlen(text) <= MOST_DIGITS && number[0] != '0' &&
                 strspn(number, "0123456789") == len &&
                 ds_slice_number(ds_slice_of(number), UINT32_MAX, &digits) == DS_OK;
    if (right)
        *out = (uint32_t)digits;
    return right;
}

static size_t digit_count(uint32_t number)
{
    size_t count = 1;
    for (; number >= 10; number /= 10)
        count++;
    return count;
}

static ds_rc load_orbits(const struct ds_load *load, const struct ds_value *call_park)
{
    struct ds_call_park *park = &load->topo->call_park;
    const struct ds_value *orbits = ds_value_get(call_park, "orbits");
    int line = ds_value_line(call_park, "orbits");
    bool starred = false;
    if (ds_value_count(orbits) != 2)
        return ds_refuse(load, line, "call_park needs orbits: the first number and the last");
    ds_rc rc = ds_list_check(load, orbits, "orbits", DS_TEXT, 2);
    if (rc != DS_OK)
        return rc;
    if (!read_orbit(orbits->first->text, &park->starred, &park->first) ||
        !read_orbit(orbits->first->next->text, &starred, &park->last))
        return ds_refuse(load, line,
                         "an orbit is a number of at most %d digits, the first of them no 0, or a "
                         "* and one digit less",
                         MOST_DIGITS);
    if (starred != park->starred || park->first > park->last ||
        digit_count(park->first) != digit_count(park->last) ||
        park->last - park->first >= DS_MOST_ORBITS)
        return ds_refuse(load, line,
                         "orbits are at most %d numbers of the same length, upwards: not '%.12s' "
                         "to '%.12s'",
                         DS_MOST_ORBITS, orbits->first->text, orbits->first->next->text);
    return DS_OK;
}

size_t ds_topo_orbits(const struct ds_topo *topo)
{
    const struct ds_call_park *park = &topo->call_park;
    return park->service == NULL ? 0 : park->last - park->first + 1;
}

void ds_topo_orbit(const struct ds_topo *topo, size_t nth, char out[DS_ORBIT_SIZE])
{
    const struct ds_call_park *park = &topo->call_park;
    ds_assert(nth < ds_topo_orbits(topo));
    snprintf(out, DS_ORBIT_SIZE, "%s%u", park->starred ? "*" : "", park->first + (uint32_t)nth);
}

bool ds_topo_is_orbit(const struct ds_topo *topo, struct ds_slice number)
{
    const struct ds_call_park *park = &topo->call_park;
    char text[DS_ORBIT_SIZE];
    bool starred;
    uint32_t orbit;
    return park->service != NULL && number.len < sizeof text &&
           ds_slice_copy(number, text, sizeof text) && read_orbit(text, &starred, &orbit) &&
           starred == park->starred && orbit >= park->first && orbit <= park->last;
}

/* ---- whose numbers they must not be ---- */

static bool meets(const struct ds_load *load, const char *number)
{
    if (number == NULL)
        return false;
    return ds_topo_is_orbit(load->topo, ds_slice_of(number[0] == '+' ? number + 1 : number));
}

static ds_rc check_numbers(const struct ds_load *load, int line)
{
    const struct ds_topo *topo = load->topo;
    for (size_t i = 0; i < topo->node_count; i++)
        if (meets(load, topo->nodes[i].number) || meets(load, topo->nodes[i].extension))
            return ds_refuse(load, line, "'%s' is called by a number that is an orbit, too",
                             topo->nodes[i].name);
    if (meets(load, topo->voice_mail.access) || meets(load, topo->voice_mail.attendant))
        return ds_refuse(load, line, "a number of voice mail is an orbit, too");
    return DS_OK;
}

/* What the dial plan makes another number of reaches no orbit. */
static ds_rc check_dial_plan(const struct ds_load *load, int line)
{
    char orbit[DS_ORBIT_SIZE], number[64];
    for (size_t i = 0; i < ds_topo_orbits(load->topo); i++) {
        ds_topo_orbit(load->topo, i, orbit);
        if (ds_topo_normalize(load->topo, NULL, ds_slice_of(orbit), number, sizeof number))
            return ds_refuse(load, line,
                             "the dial plan makes %s of the orbit %s: nobody could dial that",
                             number, orbit);
    }
    return DS_OK;
}

/* ---- the service, and who may use it ---- */

static ds_rc load_service(const struct ds_load *load, const struct ds_value *call_park)
{
    const char *name = ds_value_text(call_park, "service");
    const struct ds_topo_node *node =
        name == NULL ? NULL : ds_topo_find(load->topo, ds_slice_of(name));
    int line = ds_value_line(call_park, "service");
    if (name == NULL)
        return ds_refuse(load, line, "call_park needs its service: a call_park node");
    if (node == NULL || node->role != DS_ROLE_CALL_PARK)
        return ds_refuse(load, line, "calls are parked at '%.40s', which is no call_park", name);
    if (ds_topo_port(node, DS_TLS) == 0)
        return ds_refuse(load, node->line, "'%s' is a call_park and needs a tls port", node->name);
    load->topo->call_park.service = node;
    return DS_OK;
}

static ds_rc load_wait(const struct ds_load *load, const struct ds_value *call_park)
{
    const struct ds_value *wait = ds_value_get(call_park, "rings_back");
    int64_t seconds = wait == NULL ? WAIT_S : wait->whole;
    if (seconds < LEAST_S || seconds > MOST_S)
        return ds_refuse(load, wait->line,
                         "a parked call rings back after %d to %d seconds, not %lld", LEAST_S,
                         MOST_S, (long long)seconds);
    load->topo->call_park.wait_us = seconds * DS_TOPO_SECOND_US;
    return DS_OK;
}

/* Off unless told otherwise ([VP]: EnableCallPark). */
static ds_rc load_rights(const struct ds_load *load)
{
    const struct ds_call_park *park = &load->topo->call_park;
    for (size_t i = 0; i < load->topo->node_count; i++) {
        struct ds_topo_node *node = &load->nodes[i];
        const struct ds_value *value = ds_node_value(load, node);
        if (node->role == DS_ROLE_CALL_PARK && node != park->service)
            return ds_refuse(load, node->line,
                             "'%s' is a call_park that is no service: nobody would call it",
                             node->name);
        node->parks = ds_value_flag(value, "parks", false);
        if (ds_value_get(value, "parks") == NULL)
            continue;
        if (node->role != DS_ROLE_CLIENT || node->number == NULL || node->user != node)
            return ds_refuse(load, ds_value_line(value, "parks"),
                             "'%s' cannot park calls: only a client with a number can", node->name);
        if (park->service == NULL)
            return ds_refuse(load, ds_value_line(value, "parks"),
                             "'%s' parks calls, and there is no call_park in this deployment",
                             node->name);
    }
    return DS_OK;
}

ds_rc ds_load_call_park(struct ds_load *load)
{
    const struct ds_value *call_park = ds_value_get(load->root, "call_park");
    ds_rc rc = DS_OK;
    if (call_park != NULL) {
        rc = ds_names_check(load, call_park, "call_park");
        if (rc == DS_OK)
            rc = ds_fields_check(load, call_park, "call_park", call_park_fields,
                                 DS_COUNT(call_park_fields));
        if (rc == DS_OK)
            rc = load_service(load, call_park);
        if (rc == DS_OK)
            rc = load_orbits(load, call_park);
        if (rc == DS_OK)
            rc = load_wait(load, call_park);
        if (rc == DS_OK)
            rc = check_numbers(load, ds_value_line(call_park, "orbits"));
        if (rc == DS_OK)
            rc = check_dial_plan(load, ds_value_line(call_park, "orbits"));
    }
    return rc == DS_OK ? load_rights(load) : rc;
}
