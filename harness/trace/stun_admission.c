#include "trace_internal.h"
#include "trace_media_internal.h"

/* The exchange with a bandwidth policy service, as its messages tell of it. */

/* The Call-ID; its bytes are kept for as long as the part. */
static void
read_call(struct ds_reading *reading, const struct ds_stun *msg, struct ds_admission_seen *out)
{
    struct ds_slice value;
    if (!ds_stun_value(msg, DS_STUN_CALL_ID, &value) &&
        !ds_stun_value(msg, DS_STUN_DIALOG_ID, &value))
        return;
    if (value.len > DS_CALL_ID_MOST)
        value.len = DS_CALL_ID_MOST;
    char *copy = ds_arena_copy(reading->arena, value);
    if (copy == NULL)
        reading->out_of_memory = true;
    else
        out->call_id = (struct ds_slice){copy, value.len};
}

static void read_request(const struct ds_stun *msg, struct ds_admission_seen *out)
{
    struct ds_bandwidth amount;
    if (ds_bandwidth_amount(msg, &amount)) {
        out->kbps =
            amount.most_sent > amount.most_received ? amount.most_sent : amount.most_received;
        out->gives_back = out->ask == DS_BANDWIDTH_UPDATE && out->kbps == 0;
    }
    (void)ds_stun_address(msg, DS_STUN_LOCAL_SITE, 0, &out->local);
    (void)ds_stun_address(msg, DS_STUN_REMOTE_SITE, 0, &out->remote);
}

void ds_trace_admission(struct ds_reading *reading,
                        const struct ds_stun *msg,
                        struct ds_admission_seen *out)
{
    struct ds_bandwidth_path local, remote;
    out->any = msg->method == DS_STUN_ALLOCATE && ds_bandwidth_asked(msg, &out->ask);
    if (!out->any)
        return;
    if (msg->kind == DS_STUN_REQUEST) {
        read_request(msg, out);
        read_call(reading, msg, out);
    } else if (ds_bandwidth_path(msg, DS_STUN_LOCAL_SITE_RESPONSE, &local) &&
               ds_bandwidth_path(msg, DS_STUN_REMOTE_SITE_RESPONSE, &remote)) {
        out->refuses = !local.valid || !remote.valid;
    }
}
