#ifndef DS_TRACE_INTERNAL_H
#define DS_TRACE_INTERNAL_H

/*
 * How a capture is read. Frames fall through link, ip and transport; messages and packets pile up
 * in a ds_reading; when the file ends they are published into the trace and related to each other.
 * Want of memory is sticky (`out_of_memory`), so that the long way down needs no return codes.
 */

#include "tone.h"
#include "trace.h"
#include "trace_store_internal.h"

#define DS_TRACE_S INT64_C(1000000) /* in microseconds */

/* ---- what is on its way ---- */

/* One way between two ends; a key of maps, so it has no padding. */
struct ds_trace_way {
    struct ds_addr from, to;
};

struct ds_trace_packet {
    struct ds_trace_way way; /* ports still 0 */
    uint8_t protocol;
    struct ds_slice payload;
};

/* SIP in a stream of bytes: of TCP, or of what TLS hid. */
enum ds_trace_text_state {
    DS_TEXT_NEW,
    DS_TEXT_SIP,
    DS_TEXT_LOST, /* SIP, or bytes from the middle of a stream: the next first line is looked for */
    DS_TEXT_OTHER
};

struct ds_trace_text {
    struct ds_trace_way way;
    enum ds_transport transport;
    enum ds_trace_text_state state;
    bool midstream;      /* what came before it is not known */
    size_t searched;     /* bytes without a first line, since the middle of a stream */
    uint32_t last_frame; /* that brought bytes */
    struct ds_buf bytes; /* owned */
};

struct ds_trace_moment {
    uint32_t frame;
    int64_t at;
};

struct ds_trace_sight;

struct ds_trace_tls_keys {
    bool loaded;                   /* the whole file was searched for them */
    size_t read_bytes;             /* of the text that the reader has found so far */
    struct ds_trace_store secrets; /* of struct ds_trace_tls_secret */
};

/* A datagram whose fragments are still coming. */
struct ds_trace_puzzle {
    struct ds_trace_way way;
    uint32_t id;
    uint8_t protocol;
    bool used;
    struct ds_trace_moment began;
    uint8_t *bytes;           /* owned */
    uint8_t *present;         /* owned; one for each eight bytes */
    size_t have_units, total; /* total: 0 until the last fragment came */
};

#define DS_TRACE_MAX_PUZZLES 64

/* Who speaks to whom; a key of maps. */
struct ds_trace_voice {
    struct ds_trace_way way;
    uint32_t ssrc;
};

/* What becomes of a stream when a part is told. */
enum ds_trace_fate { DS_FATE_TOLD, DS_FATE_KEPT, DS_FATE_DROPPED };

/* A stream of RTP that may yet turn out to be none. */
struct ds_trace_candidate {
    struct ds_trace_voice key;
    struct ds_flow flow;
    struct ds_flow *published; /* in the part that is being told; NULL: not there */
    enum ds_trace_fate fate;   /* there */
    uint16_t last_sequence;
    uint32_t last_timestamp;
    bool last_was_g711;
    uint32_t step; /* of the timestamp from packet to packet: the one that most would vote for */
    uint32_t step_votes;
    struct ds_ear *ear;           /* owned; NULL where no tone is listened for */
    struct ds_decoder *decoder;   /* owned; of codecs that remember */
    bool is_mail;                 /* at a voice mail server: its spells are kept */
    struct ds_trace_array spells; /* owned; of struct ds_spell */
    uint32_t in_sequence;
    uint32_t digit_timestamps[64];
    size_t digit_count;
};

/* What opens SRTP. */
struct ds_trace_srtp_streams {
    bool announced;                /* SDP spoke of SRTP somewhere */
    struct ds_trace_store streams; /* of struct ds_trace_srtp */
    uint32_t opened[512];          /* the packet that was opened last; libsrtp wants it on a word */
};

struct ds_trace_connection;

/* What was last found for one way, which the next packet most likely goes too. */
struct ds_trace_recent {
    struct ds_trace_way way;
    uint32_t part;                        /* one more than the parts before it; else it is old */
    uint32_t contact;                     /* one more than its index; 0: not looked up */
    struct ds_trace_candidate *candidate; /* or NULL */
};

/* Messages that were seen lately, for as long as one may be sent again. */
struct ds_trace_repeats {
    struct ds_trace_repeat *slots; /* owned */
    size_t cap, count;
};

struct ds_reading {
    struct ds_trace *trace;            /* owned: the part that is being read */
    struct ds_arena *arena;            /* the part's own */
    const struct ds_pcap_reader *file; /* borrowed */
    bool without_names, without_packets;
    struct ds_msg_judged *judged; /* borrowed, or NULL */
    bool is_last;                 /* the part that is being told is */
    uint32_t parts;               /* told so far */
    struct ds_trace_moment now;
    bool out_of_memory;
    uint32_t cut_frames, first_cut_frame;
    uint32_t unread_frames, first_unread_frame; /* of other link types */
    int unread_link;
    /* Beyond the bounds we keep. */
    size_t most_descriptions;
    uint32_t lost_gaps, lost_flows, lost_connections, lost_descriptions;
    struct ds_trace_array packets; /* of struct ds_rtp_seen; `flow` is a candidate's */
    struct ds_trace_store candidates, connections, faxes, reports, told_blocks, earlies;
    struct ds_trace_array events; /* their messages are owned */
    struct ds_trace_array gaps, contacts, certificates;
    struct ds_trace_map contacts_by_hosts;
    struct ds_trace_array announcements;
    struct ds_trace_map descriptions, announced;
    struct ds_trace_array described; /* what `descriptions` finds, a reference each */
    struct ds_trace_repeats repeats;
    struct ds_trace_puzzle puzzles[DS_TRACE_MAX_PUZZLES];
    struct ds_trace_sight *sights;   /* owned */
    struct ds_trace_recent *recents; /* owned; places for `recent_count` */
    size_t recent_count, recents_lost;
    struct ds_trace_tls_keys keys;
    struct ds_trace_srtp_streams srtp;
    size_t early_bytes;         /* that wait */
    struct ds_trace_stun *stun; /* owned; NULL until the first message */
    bool fax_announced;         /* SDP spoke of UDPTL somewhere */
    size_t fax_kept;            /* bytes, for pages */
    struct ds_ear unheard;      /* for the topology's tones, as each flow's begins */
};

void ds_reading_frame(struct ds_reading *reading, const struct ds_frame *frame);
/* Makes a trace of what is over, or of everything where this `is_last`. */
DS_MUST_USE ds_rc ds_reading_tell(struct ds_reading *reading, struct ds_trace **out);
void ds_reading_clean_up(struct ds_reading *reading);
/* An empty one. */
DS_MUST_USE ds_rc ds_trace_new(const char *path, const struct ds_topo *topo, struct ds_trace **out);

/* A zeroed piece of the trace's arena; NULL, and noted, when out of memory. */
void *ds_reading_alloc(struct ds_reading *reading, size_t size);
/* Puts into a map of the reading; notes want of memory. */
void ds_reading_put(struct ds_reading *reading,
                    struct ds_trace_map *map,
                    struct ds_slice key,
                    void *value);
/* Notes a gap at `frame`. */
DS_PRINTF(3, 4)
void ds_reading_gap(struct ds_reading *reading, uint32_t frame, const char *fmt, ...);

/* ---- the way down ---- */

/* Takes the link header off; false when no IP packet is inside. */
bool ds_trace_link(int link, struct ds_slice frame, struct ds_slice *ip);
/* `frame` is what `bytes` end. */
void ds_trace_ip(struct ds_reading *reading, const struct ds_frame *frame, struct ds_slice bytes);

/* Takes the header of a tunnel off; false when this protocol is none. */
bool ds_trace_tunnel(uint8_t protocol, struct ds_slice payload, struct ds_slice *packet);

/* Where a packet was seen. */
struct ds_trace_point {
    uint64_t link; /* mark of its link header */
    uint32_t interface;
    uint8_t depth; /* of the tunnels around it */
    uint8_t ttl;
};

/* The same for the same bytes; only within one process. */
uint64_t ds_trace_mark(struct ds_slice bytes);
/* Of what was marked so far, and these behind it. */
uint64_t ds_trace_mark_on(uint64_t mark, struct ds_slice bytes);

/* Keeps a fragment; true when `*packet` is whole now, in memory good until the next fragment. */
struct ds_trace_fragment {
    uint32_t id;
    size_t offset;
    bool more;
};

bool ds_trace_fragment(struct ds_reading *reading,
                       const struct ds_trace_fragment *fragment,
                       struct ds_trace_packet *packet);
/* Was this packet seen before at another point of its way? Notes it. */
bool ds_trace_is_copy(struct ds_reading *reading,
                      const struct ds_trace_packet *packet,
                      const struct ds_trace_fragment *fragment,
                      const struct ds_trace_point *point);
void ds_trace_fragments_end(struct ds_reading *reading);
void ds_trace_datagram(struct ds_reading *reading, struct ds_trace_packet *packet);

/* The place of this way; NULL when out of memory. */
struct ds_trace_recent *ds_trace_recent(struct ds_reading *reading, const struct ds_trace_way *way);
/* Counts a packet there; the same place. */
struct ds_trace_recent *ds_trace_contact(struct ds_reading *reading,
                                         const struct ds_trace_way *way);
void ds_trace_segment(struct ds_reading *reading, struct ds_trace_packet *packet);
/* Forgets connections that are closed, or idle. */
void ds_trace_connections_sweep(struct ds_reading *reading);
void ds_trace_connections_end(struct ds_reading *reading);

/* ---- streams ---- */

void ds_trace_text_feed(struct ds_reading *reading,
                        struct ds_trace_text *text,
                        struct ds_slice bytes);
/* Forgets what was begun: bytes are missing after it. */
void ds_trace_text_break(struct ds_trace_text *text);
/* Begins a stream anew, from its first byte. */
void ds_trace_text_restart(struct ds_trace_text *text);
/* No more will come. */
void ds_trace_text_end(struct ds_reading *reading, const struct ds_trace_text *text);
void ds_trace_drop_front(struct ds_buf *buf, size_t len);

struct ds_trace_tls;
bool ds_trace_tls_looks_like(struct ds_slice bytes);
struct ds_trace_tls *ds_trace_tls_new(struct ds_reading *reading, const struct ds_trace_way *way);
/* `side` is 0 for the way the connection was first seen in, 1 for the other. */
void ds_trace_tls_feed(struct ds_reading *reading,
                       struct ds_trace_tls *tls,
                       int side,
                       struct ds_slice bytes);
/* The body of a Certificate message. `way` is that of who shows it. */
void ds_trace_tls_certificate(struct ds_reading *reading,
                              const struct ds_trace_way *way,
                              bool by_client,
                              bool tls_13,
                              struct ds_slice body);
void ds_trace_tls_break(struct ds_reading *reading, struct ds_trace_tls *tls);
void ds_trace_tls_end(struct ds_reading *reading, const struct ds_trace_tls *tls);
void ds_trace_tls_clean_up(struct ds_trace_tls *tls);

/* ---- messages, and what they amount to ---- */

struct ds_trace_hop {
    struct ds_trace_way way;
    enum ds_transport transport;
};

/* False: these are no message. */
bool ds_trace_message(struct ds_reading *reading,
                      const struct ds_trace_hop *hop,
                      struct ds_slice bytes);
/* description.c: what a body says, good until the event that it is for is dropped; or NULL. */
const struct ds_sdp *
ds_trace_describe(struct ds_reading *reading, const struct ds_msg *msg, struct ds_slice body);
void ds_trace_drop_description(const struct ds_sdp *sdp); /* NULL: there is none */
void ds_trace_forget_descriptions(struct ds_reading *reading);
/* Makes what the messages carried over describe known in the next part. */
void ds_trace_carry_descriptions(struct ds_reading *reading);
/* Gives up what an event owns: its message, and what that describes. */
void ds_trace_drop_event(const struct ds_event *event);
/* Is it sent again? Notes it. */
bool ds_trace_is_repeat(struct ds_reading *reading, const struct ds_event *event);
void ds_trace_repeats_clean_up(struct ds_trace_repeats *repeats);

/* What SDP said of one address that media may be sent to. */
struct ds_trace_announcement {
    struct ds_addr at;
    const struct ds_sdp *latest; /* while the file is read */
    struct ds_trace_array
        events;       /* owned; const struct ds_event *, of calls, in order: afterwards */
    uint32_t busy_in; /* one more than the number of parts before the one in which audio is under
                         way here, since: */
    int64_t busy_since;
};

/* `event` is NULL while the file is read. */
void ds_trace_announce(struct ds_reading *reading,
                       const struct ds_sdp *sdp,
                       const struct ds_event *event);

/* Gives each event its leg, and with ds_trace_legs_fill() each leg its events. */
void ds_trace_legs(struct ds_reading *reading);
void ds_trace_legs_fill(struct ds_reading *reading);
/* Which hops an INVITE took, per leg, in order of frames. */
void ds_trace_hops(struct ds_reading *reading, struct ds_trace_array *hops);

/* What tells a call across back-to-back user agents: its kind, and its value. */
#define DS_TRACE_MOST_SURVIVORS 8
#define DS_SURVIVOR_CALL_ID     'c'

struct ds_trace_survivor {
    char text[128];
    size_t len;
};

/* False for a value that tells nothing. */
bool ds_trace_survivor(char kind, struct ds_slice value, struct ds_trace_survivor *out);
size_t ds_trace_survivors(const struct ds_msg *msg,
                          struct ds_trace_survivor out[DS_TRACE_MOST_SURVIVORS]);

/* What a leg continues. */
struct ds_trace_join {
    struct ds_leg *upstream;      /* NULL: it begins a call */
    const char *tie;              /* NULL: sure */
    const struct ds_event *refer; /* which asked for the call that it begins, or NULL */
};

/* The same number, but perhaps for a prefix; or the same name. */
bool ds_trace_same_user(struct ds_slice a, struct ds_slice b);

void ds_trace_join_legs(struct ds_reading *reading,
                        const struct ds_trace_array *hops,
                        struct ds_trace_join *joins);
/* Takes what is still going on out of the trace, and carries it over. */
void ds_trace_part(struct ds_reading *reading,
                   struct ds_trace_array *hops,
                   struct ds_trace_join *joins);
void ds_trace_calls(struct ds_reading *reading);
const struct ds_topo_node *ds_trace_callee(const struct ds_call *call);
/* Names of the capture's own, where no topology gives any. */
void ds_trace_names(struct ds_reading *reading);

/* `said` is the SDP that announced it. */
enum ds_trace_fate
ds_trace_fate_of(const struct ds_reading *reading, const struct ds_event *said, int64_t last_at);
/* Has nothing come of it for long enough? */
bool ds_trace_is_quiet(const struct ds_reading *reading, int64_t last_at, int64_t patience);
/* `sealed`: nothing is known of the payload, because it is SRTP that no key opened. */
void ds_trace_rtp(struct ds_reading *reading,
                  struct ds_trace_recent *recent,
                  const struct ds_rtp *packet,
                  bool sealed);
void ds_trace_rtcp(struct ds_reading *reading,
                   const struct ds_trace_way *way,
                   const struct ds_rtcp *rtcp);
/* Reports that went with the flow, and what was told of it; they are kept as long as it is asked.
 */
void ds_trace_rtcp_relate(struct ds_reading *reading, struct ds_flow *flow);
void ds_trace_rtcp_sweep(struct ds_reading *reading);
void ds_trace_rtcp_end(struct ds_reading *reading);
/* What SDP, or RFC 3551, calls a payload type of this flow; empty when neither does. */
struct ds_slice ds_trace_encoding(const struct ds_flow *flow, size_t payload_type);
/* Codec, packet time and score. `step` is that of most timestamps. */
void ds_trace_quality(struct ds_reading *reading, struct ds_flow *flow, uint32_t step);
void ds_trace_flows(struct ds_reading *reading);
void ds_trace_flows_end(struct ds_reading *reading);
/* The SDP that named an address: the latest before the frame, else the first after it; or NULL. */
const struct ds_event *
ds_trace_announced(const struct ds_reading *reading, struct ds_addr at, uint32_t frame);
bool ds_trace_is_invite(const struct ds_event *event); /* the request */
/* And for a call: sessions of remote call control carry none (ECMA TR/87), nor do those in which a
 * pool tells of missed calls. */
bool ds_trace_opens_call(const struct ds_event *event);
/* The user part of a SIP or tel URI. */
struct ds_slice ds_trace_user(struct ds_slice uri);

#include "trace_media_internal.h"
#include "trace_transfers_internal.h"

#endif
