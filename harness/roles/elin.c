#include "emergency_internal.h"
#include "pidf.h"

#include <stdlib.h>
#include <string.h>

/* Emergency Location Identification Numbers (domain.md 3.6): the public network finds a place by
 * the number that calls, and so a gateway shows the number of the place, and remembers whose call
 * it was. */

#define MOST_ELINS 256 /* whatever locations name */

struct elin {
    struct ds_list link;
    char number[64], caller[64]; /* of the place; of who called with it last */
};

void ds_elins_init(struct ds_elins *elins)
{
    ds_list_init(&elins->list);
}

void ds_elins_free(struct ds_elins *elins)
{
    struct ds_list *next;
    for (struct ds_list *at = elins->list.next; at != NULL && at != &elins->list; at = next) {
        next = at->next;
        free(DS_OWNER(at, struct elin, link));
    }
}

static struct elin *find(const struct ds_elins *elins, const char *number)
{
    for (struct ds_list *at = elins->list.next; at != &elins->list; at = at->next) {
        struct elin *elin = DS_OWNER(at, struct elin, link);
        if (strcmp(elin->number, number) == 0)
            return elin;
    }
    return NULL;
}

void ds_elins_show(struct ds_bridge *bridge)
{
    struct ds_part part;
    struct ds_pidf pidf;
    struct ds_why why;
    const struct ds_node *node = bridge->node;
    if (!node->place->elin || !ds_msg_part(bridge->invite, DS_PIDF_TYPE, &part))
        return;
    if (ds_pidf_read(part.body, &pidf, &why) != DS_OK) {
        ds_node_log(node, 1, "cannot make out where %s is: %s", bridge->caller, why.text);
        return;
    }
    if (pidf.name[0] == '\0' || ds_node_has_defect(node, "keeps_emergency_callers"))
        return;
    ds_node_log(node, 2, "emergency call of %s, from %s", bridge->caller, pidf.name);
    ds_slice_copy(ds_slice_of(pidf.name), bridge->caller, sizeof bridge->caller);
}

/* Who calls by the number of a place; false: nobody does, it is another call. */
static bool find_caller(const struct ds_bridge *bridge, char *out, size_t size)
{
    struct ds_slice from;
    if (!bridge->node->place->elin || !ds_msg_header(bridge->invite, "From", 0, &from))
        return false;
    ds_node_number(from, out, size);
    return strcmp(out, bridge->caller) != 0;
}

void ds_elins_remember(struct ds_elins *elins, const struct ds_bridge *bridge)
{
    char caller[sizeof bridge->caller];
    if (!find_caller(bridge, caller, sizeof caller) ||
        ds_node_has_defect(bridge->node, "forgets_emergency_callers"))
        return;
    struct elin *elin = find(elins, bridge->caller);
    if (elin == NULL) {
        elin = elins->count < MOST_ELINS ? calloc(1, sizeof *elin) : NULL;
        if (elin == NULL) {
            ds_node_log(bridge->node, 1, "no more can be remembered: %s is not called back",
                        caller);
            return;
        }
        ds_slice_copy(ds_slice_of(bridge->caller), elin->number, sizeof elin->number);
        ds_list_append(&elins->list, &elin->link);
        elins->count++;
    }
    ds_slice_copy(ds_slice_of(caller), elin->caller, sizeof elin->caller);
}

void ds_elins_call_back(const struct ds_elins *elins, struct ds_bridge *bridge)
{
    const struct elin *elin = find(elins, bridge->number);
    if (elin == NULL)
        return;
    ds_node_log(bridge->node, 2, "%s is called back at %s", elin->caller, elin->number);
    ds_slice_copy(ds_slice_of(elin->caller), bridge->number, sizeof bridge->number);
}
