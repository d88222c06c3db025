#include "control_internal.h"

#include <stdio.h>

/* What both ends of remote call control say alike. */

struct ds_content ds_control_content(const struct ds_csta *csta, struct ds_buf *body)
{
    ds_csta_write(csta, body);
    return (struct ds_content){
        .content_type = DS_CSTA_TYPE,
        .body = ds_buf_slice(body),
        .extra_headers = "Content-Disposition: signal;handling=required\r\n",
    };
}

bool ds_control_is_csta(const struct ds_msg *msg)
{
    return ds_msg_has_type(msg, DS_CSTA_TYPE);
}

void ds_control_tel(const char *number, char *out, size_t size)
{
    snprintf(out, size, "tel:%s", number);
}
