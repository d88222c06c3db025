/*
 * How many INVITEs a second are read and written, beside libosip2's parser on its own. Rounds of
 * each alternate in one process, so that a busy machine slows all alike; the best round counts.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <osipparser2/osip_parser.h>

#include "sipmsg.h"

#define ROUNDS    9
#define PER_ROUND 10000

static const char body[] =
    "v=0\r\no=- 1 1 IN IP4 127.0.10.5\r\ns=session\r\nc=IN IP4 127.0.10.5\r\n"
    "t=0 0\r\nm=audio 50000 RTP/AVP 8 0 101\r\na=rtcp:50001\r\n"
    "a=rtpmap:8 PCMA/8000\r\na=rtpmap:0 PCMU/8000\r\n"
    "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\n"
    "a=sendrecv\r\na=ptime:20\r\n";

static const char *const headers[][2] = {
    {"Via", "SIP/2.0/TCP 127.0.10.5:5067;branch=z9hG4bKm1abcdef"},
    {"Max-Forwards", "70"},
    {"Record-Route", "<sip:pool.contoso.example;lr;transport=tcp>"},
    {"From", "\"Ann\" <sip:+15550199@gateway.contoso.example;user=phone>;epid=1a;tag=f1abc"},
    {"To", "<sip:+15550100@pool.contoso.example;user=phone>"},
    {"Call-ID", "4711@gateway.contoso.example"},
    {"CSeq", "7 INVITE"},
    {"Contact", "<sip:gateway.contoso.example:5060;transport=tcp>"},
    {"Supported", "100rel, timer"},
    {"Allow", "INVITE, ACK, BYE, CANCEL, UPDATE, PRACK"},
    {"User-Agent", "directsip"},
};

static struct ds_msg *draft(void)
{
    struct ds_draft out = {0};
    struct ds_msg *msg = NULL;
    ds_draft_request(&out, "INVITE", DS_LITERAL("sip:+15550100@pool.contoso.example;user=phone"));
    for (size_t i = 0; i < DS_COUNT(headers); i++)
        ds_draft_header(&out, headers[i][0], "%s", headers[i][1]);
    if (ds_draft_finish(&out, "application/sdp", DS_LITERAL(body), &msg, NULL) != DS_OK)
        abort();
    return msg;
}

static void parse_ours(struct ds_slice bytes)
{
    struct ds_msg *msg = NULL;
    if (ds_msg_parse(bytes, &msg, NULL) != DS_OK)
        abort();
    ds_msg_unref(&msg);
}

static void draft_ours(struct ds_slice bytes)
{
    (void)bytes;
    struct ds_msg *msg = draft();
    ds_msg_unref(&msg);
}

static void parse_osip(struct ds_slice bytes)
{
    osip_message_t *msg = NULL;
    if (osip_message_init(&msg) != 0 || osip_message_parse(msg, bytes.at, bytes.len) != 0)
        abort();
    osip_message_free(msg);
}

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

typedef void work_fn(struct ds_slice bytes);

static double round_of(work_fn *work, struct ds_slice bytes)
{
    double since = seconds();
    for (int i = 0; i < PER_ROUND; i++)
        work(bytes);
    return (seconds() - since) / PER_ROUND;
}

int main(void)
{
    static const struct {
        const char *name;
        work_fn *work;
    } all[] = {{"libosip2 parses", parse_osip}, {"we parse", parse_ours}, {"we write", draft_ours}};

    double best[DS_COUNT(all)] = {1e9, 1e9, 1e9};
    parser_init();
    struct ds_msg *msg = draft();
    struct ds_slice bytes = ds_msg_bytes(msg);
    for (int round = 0; round < ROUNDS; round++) {
        for (size_t i = 0; i < DS_COUNT(all); i++) {
            double took = round_of(all[i].work, bytes);
            best[i] = took < best[i] ? took : best[i];
        }
    }
    printf("an INVITE of %zu bytes\n", bytes.len);
    for (size_t i = 0; i < DS_COUNT(all); i++)
        printf("  %-16s %8.0f a second, %5.2f us each, %.2f times libosip2's parse\n", all[i].name,
               1 / best[i], best[i] * 1e6, best[i] / best[0]);
    ds_msg_unref(&msg);
    return 0;
}
