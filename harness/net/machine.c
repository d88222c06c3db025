#include "fault_internal.h"

#include <stdlib.h>

struct ds_machine *ds_machine_find(const struct ds_net *net, struct ds_addr at)
{
    at.port = 0;
    struct ds_place *place = ds_place_find(net, DS_PLACE_MACHINE, at);
    return place == NULL ? NULL : DS_OWNER(place, struct ds_machine, place);
}

struct ds_machine *ds_machine_at(struct ds_net *net, struct ds_addr at)
{
    struct ds_machine *machine = ds_machine_find(net, at);
    if (machine != NULL)
        return machine;
    machine = calloc(1, sizeof *machine);
    if (machine == NULL)
        return NULL;
    at.port = 0;
    machine->place = (struct ds_place){.kind = DS_PLACE_MACHINE, .at = at};
    ds_place_add(net, &machine->place);
    ds_list_append(&net->machines, &machine->node);
    return machine;
}

bool ds_machine_is_gone(const struct ds_net *net, struct ds_addr at)
{
    const struct ds_machine *machine = ds_machine_find(net, at);
    return machine != NULL && machine->gone > 0;
}

static void set_still(struct ds_net *net, struct ds_machine *machine, bool still)
{
    bool was = machine->still > 0;
    machine->still += still ? 1u : -1u;
    if (was == (machine->still > 0))
        return;
    ds_clock_hold(net->options.clock, ds_addr_ip4(&machine->place.at), still);
    net->ops->stand(net, machine->place.at, still);
}

void ds_machine_set_gone(struct ds_net *net, struct ds_addr at, bool gone)
{
    struct ds_machine *machine = ds_machine_at(net, at);
    if (machine == NULL)
        return;
    machine->gone += gone ? 1u : -1u;
    set_still(net, machine, gone);
}

void ds_machine_set_still(struct ds_net *net, struct ds_addr at, bool still)
{
    struct ds_machine *machine = ds_machine_at(net, at);
    if (machine != NULL)
        set_still(net, machine, still);
}

void ds_machines_clean_up(struct ds_net *net)
{
    for (struct ds_list *node = net->machines.next, *next; node != &net->machines; node = next) {
        struct ds_machine *machine = DS_OWNER(node, struct ds_machine, node);
        next = node->next;
        ds_place_remove(net, &machine->place);
        free(machine);
    }
}
