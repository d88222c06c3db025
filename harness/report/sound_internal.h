#ifndef DS_SOUND_INTERNAL_H
#define DS_SOUND_INTERNAL_H

/*
 * The sound of a capture's streams: their payload is read from the file once more, as a trace keeps
 * none (sound.c), and laid out in the time of who spoke, where what was lost is a hole of its own
 * length (sound_line.c). A tone repeats every 20 ms, and a relay says again what it heard: payloads
 * are kept once each.
 */

#include "report_internal.h"
#include "sound.h"

#define DS_SOUND_RATE_HZ 8000 /* of RTP's clock, for each codec here */

/* What a payload is, in the first byte of its text; then 8 bits for each sample. */
#define DS_SOUND_MU   'U' /* PCMU as it was sent */
#define DS_SOUND_A    'A' /* PCMA as it was sent */
#define DS_SOUND_WIDE 'W' /* G.722, heard and written down as PCMU of 16,000 samples a second */

#define DS_SOUND_NO_FRAME UINT32_MAX

/* One packet, as it came. */
struct ds_sound_packet {
    int64_t sequence; /* counted on over 65,535 */
    int64_t at;       /* samples since the first packet */
    uint32_t frame;   /* number of its payload; DS_SOUND_NO_FRAME where none is kept */
    uint32_t samples; /* 0: no speech, such as a digit */
    uint16_t peak;
};

enum ds_sound_kind { DS_SOUND_SAID, DS_SOUND_LOST, DS_SOUND_QUIET };

struct ds_sound_piece {
    enum ds_sound_kind kind;
    uint32_t frame, samples;
    uint16_t peak;
};

struct ds_sound {
    const char *unheard; /* why nothing can be heard; NULL: it can */
    struct ds_buf packets /* struct ds_sound_packet, in order of their coming */;
    struct ds_buf pieces; /* struct ds_sound_piece, one behind the other */
    int64_t samples;      /* of all pieces */
    int64_t most_samples; /* what is beyond is cut off */
    bool cut;
    bool without_frames; /* more payloads than are kept: there is a picture of it, and no sound */
};

/* Streams beside each other in a trace, and what is kept of them. */
struct ds_sound_choice {
    size_t first, count;
    size_t most_bytes;    /* of different payloads */
    int64_t most_samples; /* of each stream */
};

struct ds_sounds {
    struct ds_sound *list; /* owned; beside the trace's flows, from the first that was chosen */
    struct ds_sound_choice choice;
    struct ds_texts frames;
    size_t frame_bytes;
    struct ds_arena *arena; /* owned; of the frames */
    bool broken;            /* for want of memory */
};

void ds_sounds_read(const struct ds_trace *trace,
                    const struct ds_sound_choice *choice,
                    struct ds_sounds *out);
void ds_sounds_clean_up(struct ds_sounds *sounds);
/* Packets become pieces. */
void ds_sound_lay_out(struct ds_sound *sound);

/* A letter for each 20 ms of a stream, or each of DS_SOUND_COLUMNS equal parts of a longer one: 'a'
 * silent to 'z' as loud as can be; a capital where something was lost. */
#define DS_SOUND_COLUMNS 240
void ds_sound_draw(const struct ds_sound *sound, char out[DS_SOUND_COLUMNS + 1]);

/* The payloads and lines of those that can be heard; nothing where none can. */
void ds_page_sound(const struct ds_sounds *sounds, struct ds_buf *out);

#endif
