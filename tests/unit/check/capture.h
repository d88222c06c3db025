#ifndef DS_TEST_CHECK_CAPTURE_H
#define DS_TEST_CHECK_CAPTURE_H

/*
 * Calls for the checks to judge: a whole and faultless one is written from its path through the
 * topology, as a capture in a scratch folder; a test then says what is wrong with it. TLS is left
 * out of the file: once it is read, messages at the ports of TLS and of TCP trunks are marked as
 * though they had come that way.
 */

#include "support.h"

#include <string.h>

#include "check.h"

struct scene {
    char folder[256], path[300];
    struct ds_arena *arena; /* owned */
    const struct ds_topo *topo;
    struct ds_pcap_writer *writer; /* owned, until the capture is read */
    int64_t now_us;
    int calls;
    struct ds_trace *trace; /* owned */
    struct ds_findings findings;
    struct ds_why why;
};

/* In each message from `from` to `to` (NULL: any) that begins with `starts`, puts `put` in place of
 * `find`; `find` NULL: leaves the message out. */
struct change {
    const char *from, *to, *starts, *find, *put;
};

#define MOST_CHANGES 6
#define CALLED_PSTN  "+12065550199"
#define CALLED_EV    "+14255550101"
#define CALLED_PBX   "+14255550201"

struct plan {
    const char *path;   /* "alice pool mediation gateway pbx pstn" */
    const char *number; /* dialled */
    const char *media;  /* elements that descriptions name */
    const char *audio;  /* elements that exchange RTP, neighbour with neighbour; NULL: as `media` */
    const char *extra;  /* "pbx gateway": one more INVITE; a second name may be an address */
    const char *digits;
    const char *again;    /* "mediation gateway": after the refusal, one more INVITE */
    int status;           /* the last element refuses; 0: it answers */
    int64_t ring_us;      /* before it does; 0: 50 ms */
    int packets;          /* of each flow; 0: 20, -1: none */
    int payload_type;     /* of audio; 0 is PCMU */
    int packet_bytes;     /* 0: 160 */
    int64_t silent_us;    /* between the answer and the first word */
    int64_t pause_us;     /* then ten packets more */
    int resumed_packets;  /* with `holds`: it is resumed, and so many follow; -1: none */
    int late_packets;     /* after the BYE */
    int lasts_s;          /* so much longer, in silence but for RTCP on the trunk every 5 s: */
    int inside_s, peer_s; /* of the Mediation Server, or client; of the gateway: for so long */
    bool early_audio;     /* before any description */
    int digit_samples;    /* how long each says it is; 0: 800 */
    int source_packets;   /* after which the ends take another SSRC; 0: never */
    bool same_numbers;    /* every packet has the sequence number of the first */
    bool cancelled, holds, open_ended, endless_digits;
    struct change changes[MOST_CHANGES];
};

void scene_open(struct scene *scene, const char *topology, const char *variant);
void scene_play(struct scene *scene, const struct plan *plan);
void scene_close(struct scene *scene);
/* A datagram between two elements, or addresses. */
void scene_datagram(struct scene *scene, const char *from, const char *to, const char *text);
/* Closes the capture and reads it. */
void scene_read(struct scene *scene);
void scene_judge(struct scene *scene);

const struct ds_requirement *requirement(const char *id);
enum ds_verdict scene_verdict(const struct scene *scene, const char *id);
/* The first finding of that requirement with its worst verdict. */
const struct ds_finding *scene_finding(const struct scene *scene, const char *id);

/* One call, judged; false prints what was found instead. */
bool comes_to(const char *topology,
              const char *variant,
              const struct plan *plan,
              const char *id,
              enum ds_verdict verdict);

struct verdict_case {
    const char *id;
    enum ds_verdict verdict;
    const char *topology, *variant;
    struct plan plan;
};

void check_cases(const struct verdict_case *cases, size_t count);
/* No requirement fails or is unclear. */
bool is_clean(const char *topology, const char *variant, const struct plan *plan);

#endif
