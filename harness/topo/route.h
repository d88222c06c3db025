#ifndef DS_ROUTE_H
#define DS_ROUTE_H

/* Where a call goes on from an element: domain.md 3.2, 3.3. Part of topo.h. */

#include "policy.h"
#include "site.h"

/* As planners write it: "^\\+1425(\\d{7})$" becomes "$1". POSIX extended, with \\d for a digit. */
struct ds_number_rule {
    const char *pattern;
    const struct ds_pattern *compiled;
    const char *replace; /* NULL: unchanged */
};

/* A line of the dial plan: what digits mean. */
struct ds_plan_line {
    struct ds_number_rule numbers;
    const struct ds_topo_node *from; /* only in calls of this peer; NULL: of users, and others' */
};

/* First match wins: at this node, a number that matches goes to these next hops, tried in order.
 * With usages it is a route of Enterprise Voice (domain.md 3.2), and leads to peers of the
 * Mediation Server. */
#define DS_ROUTE_MAX_HOPS 4

struct ds_route {
    const struct ds_topo_node *at;
    const struct ds_topo_node *from; /* only calls that came from here; NULL: from anywhere */
    const struct ds_site *site;      /* only calls of Enterprise Voice users there; NULL: of all */
    struct ds_number_rule rule;      /* pattern, and what the number becomes on the way */
    const struct ds_topo_node *via[DS_ROUTE_MAX_HOPS];
    size_t via_count; /* 0: the calls are refused here, "nowhere" */
    bool spread;      /* each call begins at the hop after that of the call before */
    struct ds_usages usages;
    const char *caller; /* AlternateCallerId: shown instead of who calls; NULL: nobody else */
    int line;
};

/* A call that an element has to send on. */
struct ds_asked {
    const struct ds_topo_node *at, *from; /* from: the element it came from; NULL: a stranger */
    const struct ds_site *site; /* of the Enterprise Voice user who calls; NULL: nobody known */
};
/* First match there of those without usages; `out` receives the number as it goes on. NULL: none,
 * or nowhere. */
const struct ds_route *ds_topo_route_asked(const struct ds_topo *topo,
                                           const struct ds_asked *asked,
                                           struct ds_slice number,
                                           char *out,
                                           size_t size);
/* Likewise, where only a client that calls here itself is known by its place. */
const struct ds_route *ds_topo_route(const struct ds_topo *topo,
                                     const struct ds_topo_node *at,
                                     const struct ds_topo_node *from,
                                     struct ds_slice number,
                                     char *out,
                                     size_t size);
/* Is this route for that usage, and for that number? */
bool ds_route_serves(const struct ds_route *route, const char *usage, struct ds_slice number);
/* The hop to call after `tried` others, the first of them `first`; NULL: there are no more. */
const struct ds_topo_node *ds_route_hop(const struct ds_route *route, size_t first, size_t tried);

#endif
