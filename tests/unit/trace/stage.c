#include "stage.h"

#include <stdio.h>
#include <string.h>

void stage_open(struct stage *stage)
{
    stage_open_named(stage, NULL, 0);
}

void stage_open_named(struct stage *stage, const struct ds_pcap_name *names, size_t count)
{
    const struct ds_pcap_header header = {
        .application = "test", .names = names, .name_count = count};
    *stage = (struct stage){0};
    ds_scratch_make(stage->directory, sizeof stage->directory);
    snprintf(stage->path, sizeof stage->path, "%s/run.pcapng", stage->directory);
    assert_int_equal(ds_pcap_create(stage->path, &header, &stage->writer, NULL), DS_OK);
}

void stage_close(struct stage *stage)
{
    ds_trace_free(&stage->trace);
    if (stage->writer != NULL)
        assert_int_equal(ds_pcap_close(&stage->writer, NULL), DS_OK);
    ds_scratch_remove(stage->directory);
}

const struct ds_trace *stage_read(struct stage *stage, const struct ds_topo *topo)
{
    struct ds_why why = {{0}};
    assert_int_equal(ds_pcap_close(&stage->writer, &why), DS_OK);
    assert_int_equal(ds_trace_read(stage->path, topo, &stage->trace, &why), DS_OK);
    return stage->trace;
}

void stage_frame(struct stage *stage, struct ds_slice ethernet)
{
    ds_pcap_write_frame(stage->writer, STAGE_EPOCH_US + stage->at, ethernet);
    stage->at += 1000;
}

void stage_udp(struct stage *stage, struct ds_addr from, struct ds_addr to, struct ds_slice bytes)
{
    struct ds_buf frame = {0};
    ds_frame_build(&frame, from, to, NULL, bytes);
    stage_frame(stage, ds_buf_slice(&frame));
    ds_buf_clean_up(&frame);
}

static void segment(struct stage *stage,
                    const struct stage_tcp *tcp,
                    const struct ds_tcp_mark *mark,
                    struct ds_slice bytes)
{
    struct ds_buf frame = {0};
    ds_frame_build(&frame, tcp->from, tcp->to, mark, bytes);
    stage_frame(stage, ds_buf_slice(&frame));
    ds_buf_clean_up(&frame);
}

void stage_syn(struct stage *stage, struct stage_tcp *tcp)
{
    const struct ds_tcp_mark mark = {.sequence = tcp->sequence++, .syn = true};
    segment(stage, tcp, &mark, (struct ds_slice){NULL, 0});
}

void stage_tcp_at(struct stage *stage,
                  const struct stage_tcp *tcp,
                  int offset,
                  struct ds_slice bytes)
{
    const struct ds_tcp_mark mark = {
        .sequence = tcp->sequence + (uint32_t)offset, .ack = true, .push = true};
    segment(stage, tcp, &mark, bytes);
}

void stage_tcp(struct stage *stage, struct stage_tcp *tcp, struct ds_slice bytes)
{
    stage_tcp_at(stage, tcp, 0, bytes);
    tcp->sequence += (uint32_t)bytes.len;
}

static const char *or_else(const char *text, const char *otherwise)
{
    return text == NULL ? otherwise : text;
}

static void write_sdp(const struct ds_addr *media, struct ds_buf *out)
{
    struct ds_addr_text ip = ds_addr_ip_text(*media);
    ds_buf_print(out,
                 "v=0\r\no=- 1 1 IN IP4 %s\r\ns=-\r\nc=IN IP4 %s\r\nt=0 0\r\n"
                 "m=audio %u RTP/AVP 8 0 101\r\na=rtpmap:101 telephone-event/8000\r\n",
                 ip.text, ip.text, media->port);
}

void stage_write_line(const struct stage_line *line, struct ds_buf *out)
{
    struct ds_buf body = {0};
    if (line->media != NULL)
        write_sdp(line->media, &body);
    ds_buf_print(out, "%s\r\nVia: SIP/2.0/UDP 127.0.10.1;branch=z9hG4bK%s\r\n", line->start,
                 or_else(line->branch, "one"));
    ds_buf_print(out, "From: <sip:%s@a.example>;tag=f\r\nTo: <sip:someone@b.example>%s%s\r\n",
                 or_else(line->from, "+15550100"),
                 line->to_tag == NULL ? "" : ";tag=", or_else(line->to_tag, ""));
    ds_buf_print(out, "Call-ID: %s\r\nCSeq: %s\r\nMax-Forwards: 70\r\n%s",
                 or_else(line->call_id, "call-1"), or_else(line->cseq, "1 INVITE"),
                 or_else(line->more, ""));
    if (line->media != NULL)
        ds_buf_text(out, "Content-Type: application/sdp\r\n");
    ds_buf_print(out, "Content-Length: %zu\r\n\r\n", body.len);
    ds_buf_add(out, ds_buf_slice(&body));
    ds_buf_clean_up(&body);
    assert_false(out->broken);
}

void stage_say(struct stage *stage,
               struct ds_addr from,
               struct ds_addr to,
               const struct stage_line *line)
{
    struct ds_buf text = {0};
    stage_write_line(line, &text);
    stage_udp(stage, from, to, ds_buf_slice(&text));
    ds_buf_clean_up(&text);
}

const char *stage_defect(const struct ds_msg *msg)
{
    const char *defect = NULL;
    assert_int_equal(ds_msg_defect(msg, &defect), DS_OK);
    return defect;
}

void stage_talk(struct stage *stage, struct stage_talk *talk, size_t packets)
{
    uint8_t speech[DS_RTP_FRAME_SAMPLES], bytes[DS_RTP_HEADER_BYTES + DS_RTP_FRAME_SAMPLES];
    for (size_t i = 0; i < packets; i++) {
        ds_tone_fill(&talk->tone, DS_PT_PCMA, speech, sizeof speech);
        const struct ds_rtp packet = {.payload_type = DS_PT_PCMA,
                                      .sequence = talk->sequence++,
                                      .timestamp = talk->timestamp,
                                      .ssrc = talk->ssrc,
                                      .payload = {(const char *)speech, sizeof speech}};
        talk->timestamp += DS_RTP_FRAME_SAMPLES;
        size_t len = ds_rtp_write(&packet, bytes, sizeof bytes);
        stage_udp(stage, talk->from, talk->to, (struct ds_slice){(const char *)bytes, len});
        stage->at += 19000;
    }
}
