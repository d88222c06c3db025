#include "sipmsg.h"

/* Why a call was refused or cleared: by an exchange, in the Reason of RFC 3326 with Q.850's number;
   by the platform, in ms-diagnostics. */

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

uint32_t ds_msg_diagnostics_id(const struct ds_msg *msg)
{
    struct ds_slice value, id;
    uint64_t number = 0;
    bool told = ds_msg_header(msg, "ms-diagnostics", 0, &value) && ds_slice_cut(&value, ';', &id) &&
                ds_slice_number(ds_slice_trim(id), UINT32_MAX, &number) == DS_OK;
    return told ? (uint32_t)number : 0;
}
