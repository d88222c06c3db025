#include "sipmsg.h"

/* Why an exchange has refused or cleared a call: the Reason of RFC 3326 with Q.850's number. */

#define MOST_CAUSE 127

int ds_msg_q850_cause(const struct ds_msg *msg)
{
    struct ds_slice value, params, cause;
    uint64_t number = 0;
    for (size_t i = 0; ds_msg_value(msg, "Reason", i, &value); i++) {
        if (!ds_slice_cut(&value, ';', &params) ||
            !ds_slice_equal_nocase(ds_slice_trim(params), DS_LITERAL("Q.850")))
            continue;
        if (ds_param(value, "cause", &cause) &&
            ds_slice_number(cause, MOST_CAUSE, &number) == DS_OK)
            return (int)number;
    }
    return 0;
}
