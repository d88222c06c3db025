#ifndef DS_PCAP_H
#define DS_PCAP_H

/*
 * Captures as files and as frames: a pcapng writer (one section, one interface, names, TLS secrets,
 * comments), a reader for pcap and pcapng of any origin, whole frames built from a payload, and
 * live capture by libpcap. A stamp is microseconds since 1970; files keep nanosecond resolution.
 */

#include "base.h"

/* ---- writing ---- */

struct ds_pcap_writer;

struct ds_pcap_name {
    struct ds_addr at;
    const char *name;
};

/* What a frame is stamped with, of what it was captured with: a function that never falls. Asked
   when frames have been put in order, up to a tenth of a second of capture later. */
typedef int64_t ds_pcap_stamp_fn(void *owner, int64_t unix_us);

struct ds_pcap_header {
    const char *application; /* "directsip 0.1.0" */
    const char *comment;     /* of the section: which run this is; NULL: none */
    const char *interface_name;
    const struct ds_pcap_name *names;
    size_t name_count;
    ds_pcap_stamp_fn *stamp; /* NULL: as captured */
    void *stamp_owner;
};

/* Link type is Ethernet (1), always. */
DS_MUST_USE ds_rc ds_pcap_create(const char *path,
                                 const struct ds_pcap_header *header,
                                 struct ds_pcap_writer **out,
                                 struct ds_why *why);
/* NSS key log lines (one or many); must come before the frames they open. */
void ds_pcap_write_secrets(struct ds_pcap_writer *writer, struct ds_slice keylog);
/* Frames may come up to 50 ms out of order between senders; they are written in order of stamp. */
void ds_pcap_write_frame(struct ds_pcap_writer *writer, int64_t unix_us, struct ds_slice ethernet);
/* The same with a comment on it, of at most 1,000 bytes. */
void ds_pcap_write_frame_with(struct ds_pcap_writer *writer,
                              int64_t unix_us,
                              struct ds_slice ethernet,
                              struct ds_slice comment);
/* Writes what is held back and closes. The first error of any write is told here: disk full, for
 * one. */
DS_MUST_USE ds_rc ds_pcap_close(struct ds_pcap_writer **writer, struct ds_why *why);

/* Writes a closed capture of ours to `to`, with a comment on some frames (1 is the first): to
 * another place, or (`to` is NULL) over itself through a neighbouring file. */
struct ds_pcap_comment {
    uint32_t frame;
    const char *text;
};

DS_MUST_USE ds_rc ds_pcap_annotate(const char *path,
                                   const char *to,
                                   const struct ds_pcap_comment *comments,
                                   size_t count,
                                   struct ds_why *why);

/* ---- reading ---- */

struct ds_pcap_reader;

enum ds_link {
    DS_LINK_ETHERNET = 1,
    DS_LINK_NULL = 0,
    DS_LINK_RAW = 101,
    DS_LINK_SLL = 113,
    DS_LINK_SLL2 = 276,
    DS_LINK_LOOP = 108,
    DS_LINK_IPV4 = 228,
    DS_LINK_IPV6 = 229
};

struct ds_frame {
    uint32_t number; /* 1 is the first, as Wireshark counts */
    int64_t unix_us;
    int link;           /* LINKTYPE_ value of the interface it came from */
    uint32_t interface; /* 0 is the first of its section */
    uint32_t original_len;
    struct ds_slice bytes; /* valid until the next read */
};

bool ds_pcap_link_is_read(int link); /* is it one of these? */
/* DS_BAD: no capture, with a sentence; one of link types that are not read is refused here too, by
 * name where it has one, and so is damage before the first frame. Captures without a frame open
 * well, and so do those in which other interfaces can be read. gzip is unpacked on the way. */
DS_MUST_USE ds_rc ds_pcap_open(const char *path, struct ds_pcap_reader **out, struct ds_why *why);
/* The same of a file that grows, or of a pipe: its end is only that of what was written so far, and
 * it may have none yet of what tells a capture. */
DS_MUST_USE ds_rc ds_pcap_follow(const char *path, struct ds_pcap_reader **out, struct ds_why *why);
int ds_pcap_fd(const struct ds_pcap_reader *reader); /* of the file, to be watched for reading */
/* DS_OK with a frame; DS_GONE at the end; DS_BAD where the file is damaged (the frames before it
 * stay good); DS_LATE where the next frame of a growing file is not written yet. */
DS_MUST_USE ds_rc ds_pcap_next(struct ds_pcap_reader *reader,
                               struct ds_frame *out,
                               struct ds_why *why);
/* Key log text and names found so far in pcapng blocks; empty for pcap. Valid until the next read.
 */
struct ds_slice ds_pcap_secrets(const struct ds_pcap_reader *reader);
const struct ds_pcap_name *ds_pcap_names(const struct ds_pcap_reader *reader, size_t *count);
void ds_pcap_reader_free(struct ds_pcap_reader **reader);

/* ---- frames ---- */

struct ds_tcp_mark {
    uint32_t sequence, acknowledge;
    bool syn, ack, fin, rst, push;
    uint16_t window; /* bytes its sender has room for */
};

/* Adds Ethernet, IPv4 or IPv6, UDP (tcp NULL) or TCP, valid checksums. Both ends are of one family;
 * payload at most what an IPv4 packet holds: 65,507 bytes over UDP, 65,495 over TCP. */
void ds_frame_build(struct ds_buf *out,
                    struct ds_addr from,
                    struct ds_addr to,
                    const struct ds_tcp_mark *tcp,
                    struct ds_slice payload);
/* Completes UDP and TCP checksums that the kernel left to hardware, as it does on a loopback
 * interface. */
void ds_frame_complete(uint8_t *ethernet, size_t len);

/* ---- filters ---- */

/* Which frames are meant, in libpcap's own syntax. Names of hosts are the caller's to translate:
   libpcap would ask the machine's resolver. DS_BAD with its compiler's words. */
struct ds_filter;
DS_MUST_USE ds_rc ds_filter_new(const char *text, struct ds_filter **out, struct ds_why *why);
bool ds_filter_matches(const struct ds_filter *filter, struct ds_slice ethernet);
void ds_filter_free(struct ds_filter **filter);

/* ---- live capture ---- */

struct ds_capture;
typedef void ds_capture_fn(void *owner, int64_t unix_us, struct ds_slice frame);

/* DS_IO with libpcap's own words when this process may not capture. */
DS_MUST_USE ds_rc ds_capture_open(const char *interface_name,
                                  const char *filter,
                                  ds_capture_fn *deliver,
                                  void *owner,
                                  struct ds_capture **out,
                                  struct ds_why *why);
int ds_capture_fd(const struct ds_capture *capture);   /* to be watched for reading */
int ds_capture_link(const struct ds_capture *capture); /* LINKTYPE_ value of its frames */
void ds_capture_poll(struct ds_capture *capture);      /* delivers what has come; never blocks */
/* Frames the kernel had no room for, as libpcap counts them; at least 1 once the capture broke. */
uint64_t ds_capture_dropped(const struct ds_capture *capture);
void ds_capture_free(struct ds_capture **capture);

#endif
