#include "net_internal.h"

ds_rc ds_tls_new(struct ds_stream *stream, const struct ds_tls_wish *wish, struct ds_why *why)
{
    (void)stream, (void)wish;
    return ds_fail(why, DS_STATE, "TLS is not available");
}

void ds_tls_free(struct ds_tls **tls)
{
    *tls = NULL;
}

void ds_tls_start(struct ds_stream *stream)
{
    (void)stream;
}

void ds_tls_arrived(struct ds_stream *stream, struct ds_slice bytes)
{
    (void)stream, (void)bytes;
}

void ds_tls_send(struct ds_stream *stream, struct ds_slice bytes)
{
    (void)stream, (void)bytes;
}

void ds_tls_part(struct ds_stream *stream)
{
    (void)stream;
}
