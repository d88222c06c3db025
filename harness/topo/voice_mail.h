#ifndef DS_VOICE_MAIL_H
#define DS_VOICE_MAIL_H

/* Exchange Unified Messaging: which servers there are, and under which numbers they are called
 * (domain.md 1.9). Part of topo.h. */

#include "base.h"

struct ds_topo;
struct ds_topo_node;

#define DS_VOICE_MAIL_MOST_SERVERS 4

struct ds_voice_mail {
    const struct ds_topo_node *servers[DS_VOICE_MAIL_MOST_SERVERS]; /* tried in this order */
    size_t server_count;                                            /* 0: nobody has voice mail */
    const char *access;    /* the number at which users hear their messages; NULL: none */
    const char *attendant; /* the number of the auto attendant; NULL: none */
    bool notices;          /* users are told of their messages: clients subscribe (RFC 3842) */
    bool missed_calls;     /* the pool has them note calls that nobody took ([MCN]) */
    int64_t wait_us;       /* for a server to answer, before the next is tried */
};

/* Is this one of the numbers at which the servers themselves are called? */
bool ds_topo_is_voice_mail(const struct ds_topo *topo, struct ds_slice number);
/* The user who is meant by what is keyed in at a server, up to a #: an extension, or digits that
 * the dial plan makes a number of. NULL: nobody, or there is no # yet. */
const struct ds_topo_node *ds_topo_user_keyed_in(const struct ds_topo *topo,
                                                 struct ds_slice digits);

#endif
