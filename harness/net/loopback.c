#include "net_internal.h"

ds_rc ds_net_new_loopback(const struct ds_net_options *options,
                          struct ds_net **out,
                          struct ds_why *why)
{
    (void)options, (void)out;
    return ds_fail(why, DS_STATE, "there are no sockets yet");
}
