#include "run_internal.h"

#include <stdio.h>
#include <string.h>

#define MOST_DRAIN (10 * DS_S)

/* How many packets may leave until the capture is looked at again, also within one turn. */
#define LOOK_EACH 16

/* Sent by ourselves to ourselves when a run ends: what is captured before it is all there was.
 * Never written. So long because the kernel hands over as soon as some of these fill its block,
 * else only when the block is old. */
static const char end_mark[] = "directsip: the capture ends here";

enum { MARK_BYTES = 60000 };

const char *ds_evidence_sentence(enum ds_evidence evidence, bool skips_waits)
{
    switch (evidence) {
    case DS_CAPTURED_ISOLATED:
        return skips_waits ? "captured by libpcap in a network namespace of its own, waits skipped"
                           : "captured by libpcap in a network namespace of its own";
    case DS_CAPTURED:
        return skips_waits ? "captured by libpcap on the shared loopback, waits skipped"
                           : "captured by libpcap on the shared loopback";
    case DS_RECORDED:
        return skips_waits ? "recorded at our own sockets, because this process may not capture, "
                             "waits skipped"
                           : "recorded at our own sockets, because this process may not capture";
    case DS_SIMULATED:
        return "written by the simulated network, in virtual time";
    }
    return "";
}

static void ignore_frame(void *owner, int64_t unix_us, struct ds_slice ethernet)
{
    (void)owner;
    (void)unix_us;
    (void)ethernet;
}

static bool may_capture(void)
{
    struct ds_capture *capture = NULL;
    if (ds_capture_open("lo", NULL, ignore_frame, NULL, &capture, NULL) != DS_OK)
        return false;
    ds_capture_free(&capture);
    return true;
}

ds_rc ds_world_prepare(enum ds_isolate isolate,
                       enum ds_evidence *evidence,
                       uint8_t *net_shift,
                       struct ds_why *why)
{
    *net_shift = 0;
    if (isolate == DS_ISOLATE_AGAIN) {
        *evidence = DS_CAPTURED_ISOLATED;
        return ds_net_isolate_again(why);
    }
    if (isolate == DS_ISOLATE_AUTO && ds_net_isolate(NULL) == DS_OK) {
        *evidence = DS_CAPTURED_ISOLATED; /* who made a namespace may capture in it */
        return DS_OK;
    }
    *evidence = may_capture() ? DS_CAPTURED : DS_RECORDED;
    /* Asked to share, a person wants to find the addresses that stand in the topology. */
    return isolate == DS_ISOLATE_NEVER ? DS_OK : ds_net_claim_slot(net_shift, why);
}

/* ---- frames from the kernel ---- */

static bool is_end_mark(struct ds_slice ethernet)
{
    size_t len = sizeof end_mark;
    return ethernet.len >= len && memcmp(ethernet.at + ethernet.len - len, end_mark, len) == 0;
}

static void on_frame(void *owner, int64_t unix_us, struct ds_slice ethernet)
{
    struct ds_evidence_taker *taker = owner;
    uint8_t frame[65535 + 64];
    if (is_end_mark(ethernet)) {
        taker->saw_end = true;
        return;
    }
    if (taker->saw_end || ethernet.len > sizeof frame)
        return;
    memcpy(frame, ethernet.at, ethernet.len);
    ds_frame_complete(frame, ethernet.len);
    ds_pcap_write_frame(taker->writer, unix_us,
                        (struct ds_slice){(const char *)frame, ethernet.len});
}

static void on_readable(void *owner)
{
    ds_capture_poll(((struct ds_evidence_taker *)owner)->capture);
}

/* On a shared loopback only what concerns this run: its sites' nets. */
static void write_filter(const struct ds_topo *topo, struct ds_buf *out)
{
    for (size_t i = 0; i < topo->site_count; i++) {
        const struct ds_site *site = &topo->sites[i];
        ds_buf_print(out, "%snet %s mask %s", i == 0 ? "" : " or ",
                     ds_addr_ip_text(ds_addr_v4(site->net, 0)).text,
                     ds_addr_ip_text(ds_addr_v4(site->mask, 0)).text);
    }
}

static ds_rc open_capture(struct ds_evidence_taker *taker,
                          const struct ds_world_options *options,
                          struct ds_why *why)
{
    struct ds_buf filter = {0};
    if (options->evidence == DS_CAPTURED)
        write_filter(options->topo, &filter);
    ds_rc rc = filter.broken
                   ? ds_fail_memory(why)
                   : ds_capture_open("lo", filter.at, on_frame, taker, &taker->capture, why);
    ds_buf_clean_up(&filter);
    return rc;
}

static bool is_captured(enum ds_evidence evidence)
{
    return evidence == DS_CAPTURED_ISOLATED || evidence == DS_CAPTURED;
}

static const char *interface_name(enum ds_evidence evidence)
{
    if (evidence == DS_SIMULATED)
        return "sim";
    return evidence == DS_RECORDED ? "sockets" : "lo";
}

/* The kernel stamps with the machine's time, and this run may be elsewhere by then. */
static int64_t stamp(void *owner, int64_t unix_us)
{
    const struct ds_evidence_taker *taker = owner;
    return ds_clock_unix_us(taker->clock, ds_clock_from_unix_us(taker->clock, unix_us));
}

static ds_rc create_file(struct ds_evidence_taker *taker,
                         const struct ds_world_options *options,
                         struct ds_why *why)
{
    const struct ds_topo *topo = options->topo;
    struct ds_pcap_name names[256];
    size_t count = topo->node_count < DS_COUNT(names) ? topo->node_count : DS_COUNT(names);
    for (size_t i = 0; i < count; i++)
        names[i] = (struct ds_pcap_name){topo->nodes[i].at, topo->nodes[i].name};
    const struct ds_pcap_header header = {
        .application = "directsip",
        .comment = options->title,
        .interface_name = interface_name(options->evidence),
        .names = names,
        .name_count = count,
        .stamp = is_captured(options->evidence) ? stamp : NULL,
        .stamp_owner = taker,
    };
    return ds_pcap_create(options->capture_path, &header, &taker->writer, why);
}

ds_rc ds_evidence_open(struct ds_evidence_taker *taker,
                       const struct ds_world_options *options,
                       struct ds_why *why)
{
    ds_rc rc = create_file(taker, options, why);
    if (rc != DS_OK)
        return rc;
    if (options->evidence == DS_SIMULATED)
        return DS_OK;
    if (options->evidence == DS_RECORDED) {
        rc = ds_recorder_new(taker->writer, &taker->recorder);
        return rc == DS_OK ? rc : ds_fail_memory(why);
    }
    return open_capture(taker, options, why);
}

ds_rc ds_evidence_attach(struct ds_evidence_taker *taker, struct ds_net *net, struct ds_why *why)
{
    if (taker->capture == NULL)
        return DS_OK;
    return ds_net_watch(net, ds_capture_fd(taker->capture), on_readable, taker, why);
}

static void receive_nothing(void *owner, struct ds_addr from, struct ds_slice bytes)
{
    (void)owner;
    (void)from;
    (void)bytes;
}

ds_rc ds_evidence_drain(struct ds_evidence_taker *taker,
                        struct ds_net *net,
                        const struct ds_topo *topo,
                        struct ds_why *why)
{
    struct ds_udp *self = NULL;
    char mark[MARK_BYTES];
    if (taker->capture == NULL || topo->node_count == 0)
        return DS_OK;
    memset(mark, 0, sizeof mark);
    memcpy(mark + sizeof mark - sizeof end_mark, end_mark, sizeof end_mark);
    ds_clock_let_go(ds_net_clock(net)); /* for the kernel, which hands over in its own time */
    ds_us give_up = ds_now(ds_net_clock(net)) + MOST_DRAIN;
    ds_rc rc = ds_udp_open(net, topo->nodes[0].at, receive_nothing, NULL, &self, why);
    if (rc != DS_OK)
        return rc;
    while (rc == DS_OK && !taker->saw_end && ds_now(ds_net_clock(net)) < give_up) {
        ds_udp_send(self, ds_udp_at(self), (struct ds_slice){mark, sizeof mark});
        rc = ds_net_turn(net, ds_now(ds_net_clock(net)) + 2 * DS_MS, why);
        ds_capture_poll(taker->capture); /* a block handed over meanwhile may wake nobody */
    }
    ds_udp_close(&self);
    if (rc == DS_OK && !taker->saw_end)
        rc = ds_fail(why, DS_LATE, "the capture on lo did not see the end of the run within %lld s",
                     (long long)(MOST_DRAIN / DS_S));
    return rc;
}

ds_rc ds_evidence_close(struct ds_evidence_taker *taker, struct ds_why *why)
{
    ds_rc rc = DS_OK;
    struct ds_why late;
    if (taker->capture != NULL && ds_capture_dropped(taker->capture) > 0)
        rc = ds_fail(
            why, DS_IO,
            "the kernel dropped %llu frames: this machine is too busy to capture a whole run",
            (unsigned long long)ds_capture_dropped(taker->capture));
    ds_capture_free(&taker->capture);
    ds_recorder_free(&taker->recorder);
    if (taker->writer != NULL && ds_pcap_close(&taker->writer, &late) != DS_OK && rc == DS_OK)
        rc = ds_fail(why, DS_IO, "%s", late.text);
    return rc;
}

/* The kernel freezes a capture in which nobody makes room, and a turn of the loop that sends much
 * is long on a busy machine. */
void ds_evidence_keep_up(void *owner,
                         struct ds_addr from,
                         struct ds_addr to,
                         char tcp_event,
                         struct ds_slice bytes)
{
    struct ds_evidence_taker *taker = owner;
    (void)from;
    (void)to;
    (void)tcp_event;
    (void)bytes;
    if (taker->capture != NULL && ++taker->sent % LOOK_EACH == 0)
        ds_capture_poll(taker->capture);
}

/* ---- frames from our own sockets ---- */

void ds_evidence_record(void *owner,
                        struct ds_addr from,
                        struct ds_addr to,
                        char tcp_event,
                        struct ds_slice bytes)
{
    struct ds_evidence_taker *taker = owner;
    if (taker->recorder != NULL)
        ds_recorder_take(taker->recorder, ds_clock_unix_us(taker->clock, ds_now(taker->clock)),
                         from, to, tcp_event, bytes);
}

void ds_evidence_frame(void *owner, int64_t unix_us, struct ds_slice ethernet, const char *note)
{
    struct ds_evidence_taker *taker = owner;
    char comment[500] = "";
    if (note != NULL)
        snprintf(comment, sizeof comment, "lost on its way: %s", note);
    ds_pcap_write_frame_with(taker->writer, unix_us, ethernet, ds_slice_of(comment));
}

void ds_evidence_secret(void *owner, struct ds_slice line)
{
    struct ds_evidence_taker *taker = owner;
    if (taker->writer != NULL)
        ds_pcap_write_secrets(taker->writer, line);
}
