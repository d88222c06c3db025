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
    struct ds_slice ignored;
    struct ds_bandwidth amount;
    if (ds_bandwidth_amount(msg, &amount)) {
        out->kbps =
            amount.most_sent > amount.most_received ? amount.most_sent : amount.most_received;
        out->gives_back = out->ask == DS_BANDWIDTH_UPDATE && out->kbps == 0;
    }
    out->relayed = ds_stun_value(msg, DS_STUN_LOCAL_RELAY, &ignored) &&
                   ds_stun_value(msg, DS_STUN_REMOTE_RELAY, &ignored);
    (void)ds_stun_address(msg, DS_STUN_LOCAL_SITE, 0, &out->local);
    (void)ds_stun_address(msg, DS_STUN_REMOTE_SITE, 0, &out->remote);
}

/* What a pair of paths comes to, where both are told. */
static bool
read_paths(const struct ds_stun *msg, uint16_t local_type, uint16_t remote_type, bool *open)
{
    struct ds_bandwidth_path local, remote;
    bool told =
        ds_bandwidth_path(msg, local_type, &local) && ds_bandwidth_path(msg, remote_type, &remote);
    *open = told && local.valid && remote.valid;
    return told;
}

void ds_trace_admission(struct ds_reading *reading,
                        const struct ds_stun *msg,
                        struct ds_admission_seen *out)
{
    bool open;
    out->any = msg->method == DS_STUN_ALLOCATE && ds_bandwidth_asked(msg, &out->ask);
    if (!out->any)
        return;
    if (msg->kind == DS_STUN_REQUEST) {
        read_request(msg, out);
        read_call(reading, msg, out);
        return;
    }
    out->refuses =
        read_paths(msg, DS_STUN_LOCAL_SITE_RESPONSE, DS_STUN_REMOTE_SITE_RESPONSE, &open) && !open;
    (void)read_paths(msg, DS_STUN_LOCAL_RELAY_RESPONSE, DS_STUN_REMOTE_RELAY_RESPONSE,
                     &out->admits_relays);
}
