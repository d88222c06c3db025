#ifndef DS_TRACE_H
#define DS_TRACE_H

/*
 * What a closed capture says: frames, packets, messages, legs, calls, streams. Read from the file
 * alone; a topology, where given, lends names and helps to join legs, and says nothing of what
 * ought to be. Everything lives in the trace's own arena. `at` is microseconds since the first
 * frame. Arrays are in order of frames.
 */

#include "call.h"
#include "flow.h"
#include "pcap.h"
#include "sdp.h"
#include "sipmsg.h"
#include "stun_seen.h"
#include "topo.h"

/* UDP or TCP packets between two addresses, whatever they hold: who was silent? */
struct ds_contact {
    struct ds_addr from, to;
    uint32_t first_frame;
    uint64_t packets;
};

/* A certificate that one end of a TLS connection showed the other, by the names it is for. */
#define DS_CERTIFICATE_MOST_NAMES 8

struct ds_certificate_seen {
    uint32_t frame;
    struct ds_addr by, to;
    bool by_client;
    const char *names[DS_CERTIFICATE_MOST_NAMES]; /* DNS names of subjectAltName */
    size_t name_count;
};

/* What keeps a judgement from being sure. */
struct ds_gap {
    uint32_t frame; /* 0: the file as a whole */
    const char *sentence;
};

struct ds_trace {
    const char *path;
    const struct ds_topo *topo; /* or NULL */
    int64_t unix_us;            /* of the first frame */
    int64_t duration;
    uint32_t frame_count; /* up to the end of this part; so is duration, and so is copy_count */
    uint32_t copy_count;  /* packets seen once more at another point of their way: left out */
    struct ds_event *events;
    size_t event_count;
    struct ds_leg *legs;
    size_t leg_count;
    struct ds_call *calls;
    size_t call_count;
    size_t calls_before; /* in the parts before this one */
    struct ds_flow *flows;
    size_t flow_count;
    struct ds_rtp_seen *rtp;
    size_t rtp_count;
    struct ds_fax_seen *faxes;
    size_t fax_count;
    struct ds_stun_seen *stuns;
    size_t stun_count;
    struct ds_fax_seen *fax_lines; /* audio in which a machine was heard */
    size_t fax_line_count;
    struct ds_contact *contacts;
    size_t contact_count;
    struct ds_certificate_seen *certificates;
    size_t certificate_count;
    struct ds_gap *gaps; /* truncation, TCP holes, TLS without secrets, dropped frames */
    size_t gap_count;
    struct ds_arena *arena; /* owned */
};

/* DS_BAD: no capture at all. A damaged file gives what came before the damage, and a gap. */
DS_MUST_USE ds_rc ds_trace_read(const char *path,
                                const struct ds_topo *topo,
                                struct ds_trace **out,
                                struct ds_why *why);

/* Waits until `fd` can be read, for about a second at most: what came of it. */
enum ds_wait { DS_WAIT_READY, DS_WAIT_SECOND, DS_WAIT_STOP };

typedef enum ds_wait ds_trace_wait_fn(void *owner, int fd);

#define DS_TRACE_MOST_DESCRIPTIONS 200000

/* The same, of more than a capture alone. */
struct ds_trace_source {
    const char *path;             /* or, for messages, what stands in its place */
    const char *interface_name;   /* captured on instead of reading a file; or NULL. Wants `wait` */
    const struct ds_topo *topo;   /* or NULL */
    struct ds_msg_judged *judged; /* borrowed: messages that need not be judged again; or NULL */
    const char *keylog_path;  /* TLS secrets in NSS's key log format, or NULL; DS_BAD: it is none */
    bool without_names;       /* addresses stand for elements, whatever names the capture has */
    bool without_packets;     /* nobody will ask for each packet of RTP: `rtp` stays empty */
    size_t part_messages;     /* fewer make no part; 0: as many as pays */
    size_t most_descriptions; /* of sessions, kept at once; 0: DS_TRACE_MOST_DESCRIPTIONS */
    ds_trace_wait_fn *wait;   /* follows a file that grows, or a pipe; NULL: reads to the end */
    void *wait_owner;
};

DS_MUST_USE ds_rc ds_trace_read_source(const struct ds_trace_source *source,
                                       struct ds_trace **out,
                                       struct ds_why *why);
void ds_trace_free(struct ds_trace **trace);

/* ---- a long capture, in parts ---- */

/* Each part has the calls that are over, whole, and what else happened meanwhile; what is still
   going on is carried into the next. So memory grows with what goes on at once, and never with the
   file. A short capture is one part. Numbers of frames and times go on from part to part. */
struct ds_trace_reader;
DS_MUST_USE ds_rc ds_trace_open(const struct ds_trace_source *source,
                                struct ds_trace_reader **out,
                                struct ds_why *why);
/* The next part, which is the caller's to free; DS_GONE after the last. */
DS_MUST_USE ds_rc ds_trace_next(struct ds_trace_reader *reader,
                                struct ds_trace **out,
                                struct ds_why *why);
void ds_trace_reader_free(struct ds_trace_reader **reader);

/* "gateway", or "127.0.10.50:5060" for a stranger. */
struct ds_addr_text ds_trace_name(const struct ds_trace *trace, struct ds_addr addr);
/* What one arrow of a ladder says: "INVITE +15550142", "183 SDP", "200 (BYE)". */
void ds_event_label(const struct ds_event *event, char *out, size_t size);

#endif
