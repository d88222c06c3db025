#include "ua_internal.h"

#include <stdio.h>
#include <string.h>

/* RFC 5393 4.2: the end of a proxy's branch is made of all that decides where it sends a request.
 * Where a Via of its own ends likewise, the request has come back to it and would go round. */

static uint64_t mix(uint64_t mark, struct ds_slice part)
{
    return mark * 31 + ds_hash(part);
}

/* The method is left out, so that a CANCEL has what its INVITE has (RFC 3261 16.6 step 8). */
uint64_t ds_loop_mark(const struct ds_ua *ua, const struct ds_msg *request)
{
    struct ds_slice route;
    uint64_t mark = ds_hash(ds_slice_of(ua->options.fqdn));
    mark = mix(mark, ds_msg_request_uri(request));
    mark = mix(mark, ds_msg_from_tag(request));
    mark = mix(mark, ds_msg_to_tag(request));
    mark = mix(mark, ds_msg_call_id(request));
    for (size_t i = 0; ds_msg_value(request, "Route", i, &route); i++)
        mark = mix(mark, route);
    return mark * 31 + ds_msg_cseq(request);
}

static void write_mark(uint64_t mark, char out[DS_LOOP_MARK_SIZE])
{
    snprintf(out, DS_LOOP_MARK_SIZE, ".%016llx", (unsigned long long)mark);
}

void ds_loop_sign(uint64_t mark, char via[DS_VIA_SIZE])
{
    size_t len = strlen(via);
    if (len + DS_LOOP_MARK_SIZE <= DS_VIA_SIZE)
        write_mark(mark, via + len);
}

bool ds_loop_is_closed(uint64_t mark, const struct ds_msg *request)
{
    char end[DS_LOOP_MARK_SIZE];
    struct ds_slice via;
    size_t at;
    write_mark(mark, end);
    for (size_t i = 0; ds_msg_value(request, "Via", i, &via); i++)
        if (ds_slice_find(via, ds_slice_of(end), &at))
            return true;
    return false;
}
