#ifndef DS_TEST_STAGE_H
#define DS_TEST_STAGE_H

/* Captures made by hand: a scratch directory with one file in it, frames a millisecond apart, and
 * SIP messages from a few words. */

#include "support.h"

#include "tone.h"
#include "trace.h"

#define STAGE_EPOCH_US INT64_C(1700000000000000)

struct stage {
    char directory[256], path[300];
    struct ds_pcap_writer *writer;
    int64_t at; /* of the next frame, since the first */
    struct ds_trace *trace;
};

void stage_open(struct stage *stage);
void stage_open_named(struct stage *stage, const struct ds_pcap_name *names, size_t count);
void stage_close(struct stage *stage); /* frees the trace too */
/* Closes the capture and reads it. */
const struct ds_trace *stage_read(struct stage *stage, const struct ds_topo *topo);

void stage_frame(struct stage *stage, struct ds_slice ethernet);
void stage_udp(struct stage *stage, struct ds_addr from, struct ds_addr to, struct ds_slice bytes);

/* One way of a TCP connection. */
struct stage_tcp {
    struct ds_addr from, to;
    uint32_t sequence; /* of the next byte */
};

void stage_syn(struct stage *stage, struct stage_tcp *tcp);
void stage_tcp(struct stage *stage, struct stage_tcp *tcp, struct ds_slice bytes);
/* The same without moving on: a segment at an offset from where the way stands. */
void stage_tcp_at(struct stage *stage,
                  const struct stage_tcp *tcp,
                  int offset,
                  struct ds_slice bytes);

/* A message in a few words; what is NULL gets a value that does no harm. */
struct stage_line {
    const char *start;   /* "INVITE sip:+15550142@b SIP/2.0", "SIP/2.0 180 Ringing" */
    const char *call_id; /* "call-1" */
    const char *branch;  /* "one"; its magic cookie is put before it */
    const char *cseq;    /* "1 INVITE" */
    const char *from;    /* "+15550100": the user of From */
    const char *to_tag;
    const char *more;            /* whole header lines */
    const struct ds_addr *media; /* a body of SDP that announces this */
};

void stage_write_line(const struct stage_line *line, struct ds_buf *out);
void stage_say(struct stage *stage,
               struct ds_addr from,
               struct ds_addr to,
               const struct stage_line *line);

/* What a strict reader refuses of it; NULL: nothing. */
const char *stage_defect(const struct ds_msg *msg);

/* Twenty milliseconds of speech; moves on by itself. */
struct stage_talk {
    struct ds_addr from, to;
    uint32_t ssrc;
    uint16_t sequence;
    uint32_t timestamp;
    struct ds_tone tone;
};

void stage_talk(struct stage *stage, struct stage_talk *talk, size_t packets);

#define STAGE_ADDR(last, port) ds_addr_v4(0x7f000a00u + (last), (port))

#endif
