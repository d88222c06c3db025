#include "sound_internal.h"

#include <stdlib.h>

/* Packets in the order they were sent, and what lies between them. */

#define LOUDEST 32768
#define LETTERS 26

struct line {
    struct ds_sound *sound;
    int64_t sequence; /* of the packet before */
    int64_t lost;     /* packets since the last that spoke */
    uint32_t usual;   /* samples of that one */
    bool started;
};

static int compare(const void *one, const void *other)
{
    const struct ds_sound_packet *a = one, *b = other;
    if (a->sequence != b->sequence)
        return a->sequence < b->sequence ? -1 : 1;
    if (a->at != b->at)
        return a->at < b->at ? -1 : 1;
    return a->frame < b->frame ? -1 : a->frame > b->frame;
}

static void add(struct ds_sound *sound, struct ds_sound_piece piece)
{
    ds_buf_add(&sound->pieces, (struct ds_slice){(const char *)&piece, sizeof piece});
    sound->samples += piece.samples;
}

/* A hole is as long as the packets that are missing, and a pause the rest of it. Loss that left no
 * hole is told by a piece without length. */
static void leave_room(struct line *line, int64_t room)
{
    int64_t hole = line->lost * line->usual;
    if (hole > room)
        hole = room;
    if (line->lost > 0)
        add(line->sound, (struct ds_sound_piece){.kind = DS_SOUND_LOST, .samples = (uint32_t)hole});
    if (room > hole)
        add(line->sound,
            (struct ds_sound_piece){.kind = DS_SOUND_QUIET, .samples = (uint32_t)(room - hole)});
    line->lost = 0;
}

static void put(struct line *line, const struct ds_sound_packet *packet, int64_t first)
{
    struct ds_sound *sound = line->sound;
    if (line->started && packet->sequence == line->sequence)
        return;
    if (line->started)
        line->lost += packet->sequence - line->sequence - 1;
    line->started = true;
    line->sequence = packet->sequence;
    if (packet->samples == 0)
        return;
    int64_t room = packet->at - first - sound->samples;
    if (room < 0)
        room = 0;
    sound->cut |= sound->samples + room + packet->samples > sound->most_samples;
    if (sound->cut)
        return;
    if (sound->samples > 0)
        leave_room(line, room);
    line->lost = 0;
    line->usual = packet->samples;
    add(sound,
        (struct ds_sound_piece){DS_SOUND_SAID, packet->frame, packet->samples, packet->peak});
}

void ds_sound_lay_out(struct ds_sound *sound)
{
    struct ds_sound_packet *packets = (void *)sound->packets.at;
    size_t count = sound->packets.len / sizeof *packets;
    struct line line = {.sound = sound};
    int64_t first = 0;
    if (count == 0)
        return;
    qsort(packets, count, sizeof *packets, compare);
    for (size_t i = count; i-- > 0;)
        if (packets[i].samples > 0)
            first = packets[i].at;
    for (size_t i = 0; i < count; i++)
        put(&line, &packets[i], first);
}

/* ---- its picture ---- */

struct column {
    uint16_t peak;
    bool lost;
};

static size_t column_at(const struct ds_sound *sound, size_t columns, int64_t at)
{
    size_t column = (size_t)(at * (int64_t)columns / sound->samples);
    return column < columns ? column : columns - 1;
}

static void draw_pieces(const struct ds_sound *sound, struct column *columns, size_t count)
{
    const struct ds_sound_piece *pieces = (const void *)sound->pieces.at;
    int64_t at = 0;
    for (size_t i = 0; i < sound->pieces.len / sizeof *pieces; i++) {
        size_t first = column_at(sound, count, at);
        at += pieces[i].samples;
        size_t last = column_at(sound, count, pieces[i].samples == 0 ? at : at - 1);
        for (size_t k = first; k <= last; k++) {
            columns[k].lost |= pieces[i].kind == DS_SOUND_LOST;
            if (pieces[i].peak > columns[k].peak)
                columns[k].peak = pieces[i].peak;
        }
    }
}

void ds_sound_draw(const struct ds_sound *sound, char out[DS_SOUND_COLUMNS + 1])
{
    struct column columns[DS_SOUND_COLUMNS] = {{0}};
    size_t count = (size_t)(sound->samples + DS_RTP_FRAME_SAMPLES - 1) / DS_RTP_FRAME_SAMPLES;
    if (count > DS_SOUND_COLUMNS)
        count = DS_SOUND_COLUMNS;
    if (count > 0)
        draw_pieces(sound, columns, count);
    for (size_t i = 0; i < count; i++)
        out[i] = (char)((columns[i].lost ? 'A' : 'a') + columns[i].peak * LETTERS / (LOUDEST + 1));
    out[count] = '\0';
}
