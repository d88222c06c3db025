/* Captures of any size, the same bytes each time. Run as `bench_captures KIND MEGABYTES FILE`:
 *
 *   sip   10,000 calls over UDP, seven messages each, no media; of one size, whatever MEGABYTES
 * says mix   short calls one after another: 7 % of all packets are SIP, 93 % RTP open  2,000 calls
 * that are all open until the end, each two legs through a back-to-back agent
 *
 * Time runs in ticks of 20 ms, in which each open call does its next step: INVITE and 100, 180, 200
 * and ACK, a packet of RTP each way in every tick of talk, BYE and 200. One packet of RTP in a
 * hundred is lost. Addresses are those of topologies/voip_only.lua, so that `check` knows them. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pcap.h"
#include "rtp.h"

#define TICK_US          20000
#define MOST_OPEN        2000
#define FIRST_TALK       3 /* steps before are those of setting up */
#define FIRST_PORT       16384
#define PORT_PAIRS       16000
#define LOSS_ONE_IN      100
#define JITTER_US        4000
#define BYTES_OF_RTP     248 /* a packet of it in pcapng */
#define BYTES_OF_MESSAGE 580 /* about */
#define MESSAGES         7

enum { PSTN, GATEWAY, MEDIATION, HOSTS };

static const uint32_t hosts[HOSTS] = {0x7f00280a, 0x7f000a0c, 0x7f00010a};

/* What one kind of capture is made of. */
struct shape {
    const char *name;
    size_t open, legs;
    size_t starts; /* calls that begin in one tick */
    unsigned talk; /* ticks of it; 0: as long as the size asks for */
    bool media;
    size_t calls; /* 0: as many as the size asks for */
};

static const struct shape shapes[] = {
    {"sip", 200, 1, 4, 47, false, 10000},
    {"mix", 200, 1, 4, 47, true, 0},
    {"open", MOST_OPEN, 2, 40, 0, true, MOST_OPEN},
};

struct call {
    size_t number;
    unsigned step;
};

struct maker {
    struct ds_pcap_writer *writer;
    struct shape shape;
    struct ds_rng rng;
    struct ds_buf text, sdp, frame;
    struct call open[MOST_OPEN];
    size_t open_count, started;
    int64_t tick_us;
};

static void demand(ds_rc rc, const struct ds_why *why)
{
    if (rc == DS_OK)
        return;
    fprintf(stderr, "bench_captures: %s\n", why->text);
    exit(1);
}

static void send_frame(struct maker *maker,
                       struct ds_addr from,
                       struct ds_addr to,
                       int64_t after_us,
                       struct ds_slice payload)
{
    maker->frame.len = 0;
    ds_frame_build(&maker->frame, from, to, NULL, payload);
    ds_pcap_write_frame(maker->writer, maker->tick_us + after_us, ds_buf_slice(&maker->frame));
}

/* ---- signalling ---- */

/* In the order of a call. `step` counts ticks; that of the end comes after the talk. */
struct line {
    unsigned step;
    int status; /* 0: a request */
    const char *method;
};

#define STEP_OF_END 1000

static const struct line lines[MESSAGES] = {
    {0, 0, "INVITE"}, {0, 100, "INVITE"},      {1, 180, "INVITE"},        {2, 200, "INVITE"},
    {2, 0, "ACK"},    {STEP_OF_END, 0, "BYE"}, {STEP_OF_END, 200, "BYE"},
};

static struct ds_addr media_of(const struct maker *maker, const struct call *call, bool callee)
{
    uint16_t port = (uint16_t)(FIRST_PORT + 2 * (call->number % PORT_PAIRS));
    return ds_addr_v4(hosts[callee ? maker->shape.legs : PSTN], port);
}

static void write_sdp(struct maker *maker, const struct call *call, bool answer)
{
    struct ds_addr at = media_of(maker, call, answer);
    const char *ip = ds_addr_ip_text(at).text;
    maker->sdp.len = 0;
    ds_buf_print(&maker->sdp,
                 "v=0\r\no=- %zu 1 IN IP4 %s\r\ns=-\r\nc=IN IP4 %s\r\nt=0 0\r\n"
                 "m=audio %u RTP/AVP 0 101\r\na=rtpmap:0 PCMU/8000\r\n"
                 "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=ptime:20\r\n"
                 "a=sendrecv\r\n",
                 call->number, ip, ip, at.port);
}

/* A request, or the response that copies its fields. */
static void
write_message(struct maker *maker, const struct call *call, const struct line *line, size_t leg)
{
    struct ds_buf *out = &maker->text;
    const char *from = ds_addr_ip_text(ds_addr_v4(hosts[leg], 0)).text;
    const char *to = ds_addr_ip_text(ds_addr_v4(hosts[leg + 1], 0)).text;
    bool invite = strcmp(line->method, "INVITE") == 0;
    bool described = invite && (line->status == 0 || line->status == 200);
    out->len = maker->sdp.len = 0;
    if (line->status == 0)
        ds_buf_print(out, "%s sip:+1425%07zu@%s:5060;user=phone SIP/2.0\r\n", line->method,
                     call->number, to);
    else
        ds_buf_print(out, "SIP/2.0 %d %s\r\n", line->status,
                     line->status == 100   ? "Trying"
                     : line->status == 180 ? "Ringing"
                                           : "OK");
    ds_buf_print(out, "Via: SIP/2.0/UDP %s:5060;branch=z9hG4bK%s%zu.%zu\r\n", from, line->method,
                 call->number, leg);
    ds_buf_print(out, "From: \"Caller\" <sip:+1206%07zu@%s;user=phone>;tag=f%zu.%zu\r\n",
                 call->number, from, call->number, leg);
    ds_buf_print(out, "To: <sip:+1425%07zu@%s;user=phone>", call->number, to);
    if (line->status >= 180 || !invite)
        ds_buf_print(out, ";tag=t%zu.%zu", call->number, leg);
    ds_buf_print(out, "\r\nCall-ID: %016zx-%zu@%s\r\nCSeq: %d %s\r\n", call->number * 2654435761u,
                 leg, from, strcmp(line->method, "BYE") == 0 ? 2 : 1, line->method);
    if (line->status == 0)
        ds_buf_text(out, "Max-Forwards: 70\r\n");
    if (line->status != 100)
        ds_buf_print(out, "Contact: <sip:%s:5060>\r\n", line->status == 0 ? from : to);
    ds_buf_text(out, "User-Agent: Bench-Gateway/1.0\r\n"
                     "Allow: INVITE, ACK, CANCEL, BYE, OPTIONS, PRACK, UPDATE, REFER, NOTIFY\r\n");
    if (described) {
        write_sdp(maker, call, line->status == 200);
        ds_buf_text(out, "Content-Type: application/sdp\r\n");
    }
    ds_buf_print(out, "Content-Length: %zu\r\n\r\n", maker->sdp.len);
    ds_buf_add(out, ds_buf_slice(&maker->sdp));
}

/* Requests run down the legs, responses up. */
static void send_messages(struct maker *maker, const struct call *call, unsigned step)
{
    for (size_t i = 0; i < MESSAGES; i++) {
        for (size_t at = 0; at < maker->shape.legs && lines[i].step == step; at++) {
            bool up = lines[i].status != 0;
            size_t leg = up ? maker->shape.legs - 1 - at : at;
            ds_assert(leg + 1 < HOSTS);
            struct ds_addr caller = ds_addr_v4(hosts[leg], 5060);
            struct ds_addr callee = ds_addr_v4(hosts[leg + 1], 5060);
            write_message(maker, call, &lines[i], leg);
            send_frame(maker, up ? callee : caller, up ? caller : callee,
                       (int64_t)(i * 1000 + at * 100), ds_buf_slice(&maker->text));
        }
    }
}

/* ---- media ---- */

static void talk(struct maker *maker, const struct call *call, bool callee)
{
    uint8_t audio[DS_RTP_FRAME_SAMPLES], packet[DS_RTP_HEADER_BYTES + sizeof audio];
    unsigned index = call->step - FIRST_TALK;
    int64_t after_us = (int64_t)ds_rng_below(&maker->rng, JITTER_US);
    if (ds_rng_below(&maker->rng, LOSS_ONE_IN) == 0)
        return;
    memset(audio, (int)(index * 7 + callee) & 0xff, sizeof audio);
    const struct ds_rtp rtp = {.marker = index == 0,
                               .payload_type = DS_PT_PCMU,
                               .sequence = (uint16_t)(call->number + index),
                               .timestamp = index * DS_RTP_FRAME_SAMPLES,
                               .ssrc = (uint32_t)(call->number * 2 + callee + 1),
                               .payload = {(const char *)audio, sizeof audio}};
    size_t len = ds_rtp_write(&rtp, packet, sizeof packet);
    send_frame(maker, media_of(maker, call, callee), media_of(maker, call, !callee), after_us,
               (struct ds_slice){(const char *)packet, len});
}

/* ---- a capture ---- */

/* False when the call is over. */
static bool act(struct maker *maker, struct call *call)
{
    bool ends = call->step == FIRST_TALK + maker->shape.talk;
    if (ends || call->step < FIRST_TALK) {
        send_messages(maker, call, ends ? STEP_OF_END : call->step);
    } else if (maker->shape.media) {
        talk(maker, call, false);
        talk(maker, call, true);
    }
    call->step++;
    return !ends;
}

static void tick(struct maker *maker)
{
    const struct shape *shape = &maker->shape;
    size_t kept = 0;
    for (size_t i = 0;
         i < shape->starts && maker->started < shape->calls && maker->open_count < shape->open; i++)
        maker->open[maker->open_count++] = (struct call){.number = maker->started++};
    for (size_t i = 0; i < maker->open_count; i++)
        if (act(maker, &maker->open[i]))
            maker->open[kept++] = maker->open[i];
    maker->open_count = kept;
    maker->tick_us += TICK_US;
}

/* What the size asks for is filled in. */
static bool choose_shape(const char *name, double megabytes, struct shape *out)
{
    for (size_t i = 0; i < DS_COUNT(shapes); i++) {
        if (strcmp(shapes[i].name, name) != 0)
            continue;
        *out = shapes[i];
        double of_signalling = (double)MESSAGES * BYTES_OF_MESSAGE * (double)out->legs;
        double of_talk = 2.0 * BYTES_OF_RTP;
        double bytes = megabytes * 1e6;
        if (out->calls == 0)
            out->calls = (size_t)(bytes / (of_signalling + of_talk * out->talk));
        double left = bytes - of_signalling * (double)out->calls;
        if (out->talk == 0)
            out->talk = 1 + (unsigned)(left < 0 ? 0 : left / of_talk / (double)out->calls);
        return true;
    }
    return false;
}

int main(int argc, char **argv)
{
    const struct ds_pcap_header header = {.application = "bench", .interface_name = "sim"};
    static struct maker maker; /* large */
    struct ds_why why;
    double megabytes = argc == 4 ? strtod(argv[2], NULL) : 0;
    if (megabytes < 1 || !choose_shape(argv[1], megabytes, &maker.shape)) {
        fprintf(stderr, "usage: bench_captures sip|mix|open MEGABYTES FILE\n");
        return 2;
    }
    ds_rng_seed(&maker.rng, 1);
    demand(ds_pcap_create(argv[3], &header, &maker.writer, &why), &why);
    maker.tick_us = INT64_C(1400000000) * 1000000;
    do {
        tick(&maker);
    } while (maker.open_count > 0);
    demand(ds_pcap_close(&maker.writer, &why), &why);
    ds_buf_clean_up(&maker.text);
    ds_buf_clean_up(&maker.sdp);
    ds_buf_clean_up(&maker.frame);
    return 0;
}
