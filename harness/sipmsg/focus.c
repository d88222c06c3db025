#include "sipmsg.h"

bool ds_msg_is_from_focus(const struct ds_msg *msg)
{
    struct ds_slice value, params, flag;
    if (!ds_msg_value(msg, "Contact", 0, &value))
        return false;
    (void)ds_value_uri(value, &params);
    return ds_param(params, "isfocus", &flag);
}
