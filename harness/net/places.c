#include "net_internal.h"

/* A hash of fixed size: 20,000 sockets, as many as a process gets here, make chains of five. */

static size_t bucket_of(struct ds_addr at)
{
    uint64_t key = (uint64_t)ds_addr_ip4(&at) << 16 | at.port;
    return (size_t)((key * 0x9e3779b97f4a7c15u) >> 32) % DS_PLACES;
}

void ds_place_add(struct ds_net *net, struct ds_place *place)
{
    struct ds_place **bucket = &net->places[bucket_of(place->at)];
    ds_assert(!place->listed);
    place->next = *bucket;
    place->listed = true;
    *bucket = place;
}

void ds_place_remove(struct ds_net *net, struct ds_place *place)
{
    if (!place->listed)
        return;
    struct ds_place **link = &net->places[bucket_of(place->at)];
    while (*link != place)
        link = &(*link)->next;
    *link = place->next;
    place->listed = false;
}

struct ds_place *ds_place_next(const struct ds_place *place)
{
    struct ds_place *next = place->next;
    while (next != NULL && (next->kind != place->kind || !ds_addr_equal(next->at, place->at)))
        next = next->next;
    return next;
}

struct ds_place *ds_place_find(const struct ds_net *net, enum ds_place_kind kind, struct ds_addr at)
{
    struct ds_place *place = net->places[bucket_of(at)];
    while (place != NULL && (place->kind != kind || !ds_addr_equal(place->at, at)))
        place = place->next;
    return place;
}
