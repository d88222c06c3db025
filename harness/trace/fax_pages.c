#include "trace_internal.h"

#include <stdlib.h>
#include <string.h>

/*
 * What the machines of a fax said: kept as it went by, T.38 packets and the G.711 of lines that a
 * machine may be at, and made pages of when all has been read. Without a topology nobody knows such
 * a line, and T.38 alone is read.
 */

#define MOST_KEPT ((size_t)8 << 20) /* bytes, of all at once */

struct ds_fax_piece {
    struct ds_fax_piece *next;
    uint16_t sequence;
    uint8_t payload_type; /* of G.711 */
    struct ds_slice bytes;
};

static void
keep(struct ds_reading *reading, struct ds_trace_fax *fax, const struct ds_fax_piece *piece)
{
    if (reading->fax_kept + piece->bytes.len > MOST_KEPT) {
        fax->misses = true;
        return;
    }
    struct ds_fax_piece *kept = malloc(sizeof *kept + piece->bytes.len);
    if (kept == NULL) {
        reading->out_of_memory = true;
        return;
    }
    reading->fax_kept += piece->bytes.len;
    memcpy(kept + 1, piece->bytes.at, piece->bytes.len);
    *kept = *piece;
    kept->bytes.at = (const char *)(kept + 1);
    if (fax->last == NULL)
        fax->first = kept;
    else
        fax->last->next = kept;
    fax->last = kept;
}

void ds_trace_fax_forget(struct ds_reading *reading, struct ds_trace_fax *fax)
{
    while (fax->first != NULL) {
        struct ds_fax_piece *piece = fax->first;
        fax->first = piece->next;
        reading->fax_kept -= piece->bytes.len;
        free(piece);
    }
}

/* The packet, and before it those of its copies that had not come. */
void ds_trace_fax_keep(struct ds_reading *reading,
                       struct ds_trace_fax *fax,
                       const struct ds_udptl *packet)
{
    size_t news = fax->last == NULL ? 1 : ds_udptl_news(packet, fax->last->sequence);
    while (news-- > 0) {
        const struct ds_fax_piece piece = {.sequence = (uint16_t)(packet->sequence - news),
                                           .bytes = ds_udptl_ifp(packet, news)};
        keep(reading, fax, &piece);
    }
}

/* ---- lines ---- */

static bool has_machine(const struct ds_topo_node *node)
{
    return node != NULL && (node->role == DS_ROLE_FAX || node->role == DS_ROLE_PSTN);
}

void ds_trace_fax_line(struct ds_reading *reading,
                       const struct ds_trace_way *way,
                       const struct ds_rtp *packet)
{
    const struct ds_topo *topo = reading->trace->topo;
    bool g711 = packet->payload_type == DS_PT_PCMU || packet->payload_type == DS_PT_PCMA;
    if (!g711 || topo == NULL || ds_topo_first(topo, DS_ROLE_FAX) == NULL ||
        (!has_machine(ds_topo_at(topo, way->from)) && !has_machine(ds_topo_at(topo, way->to))))
        return;
    struct ds_trace_fax *line = ds_trace_fax_of(reading, way);
    if (line == NULL)
        return;
    const struct ds_fax_piece piece = {.sequence = packet->sequence,
                                       .payload_type = packet->payload_type,
                                       .bytes = packet->payload};
    line->is_line = true;
    line->misses |= line->last != NULL && (uint16_t)(line->last->sequence + 1) != packet->sequence;
    line->seen.packets++;
    line->seen.last_frame = reading->now.frame;
    line->seen.last_at = reading->now.at;
    keep(reading, line, &piece);
}

/* ---- when all has been read ---- */

static bool keep_page(struct ds_reading *reading, struct ds_fax_page *page)
{
    char *rows = ds_reading_alloc(reading, page->rows.len + 1);
    if (rows == NULL)
        return false;
    memcpy(rows, page->rows.at, page->rows.len);
    page->rows.at = rows;
    return true;
}

/* A copy whose pages live as long as the trace. */
static const struct ds_fax_said *
keep_said(struct ds_reading *reading, const struct ds_fax_said *said, bool misses)
{
    struct ds_fax_said *kept = ds_reading_alloc(reading, sizeof *kept);
    if (kept == NULL)
        return NULL;
    *kept = *said;
    kept->misses |= misses;
    for (size_t i = 0; i < kept->page_count; i++)
        if (!keep_page(reading, &kept->pages[i]))
            return NULL;
    return kept;
}

static void read_packets(struct ds_reading *reading, struct ds_trace_fax *fax)
{
    struct ds_fax_reader *reader = NULL;
    if (ds_fax_reader_new(&reader) != DS_OK) {
        reading->out_of_memory = true;
        return;
    }
    for (const struct ds_fax_piece *piece = fax->first; piece != NULL; piece = piece->next)
        ds_fax_reader_take(reader, piece->bytes, piece->sequence);
    fax->seen.said = keep_said(reading, ds_fax_reader_said(reader), fax->misses);
    ds_fax_reader_free(&reader);
}

#define MOST_SAMPLES 800

static void hear(struct ds_fax_ear *ear, const struct ds_fax_piece *piece)
{
    int16_t samples[MOST_SAMPLES];
    size_t count = piece->bytes.len < MOST_SAMPLES ? piece->bytes.len : MOST_SAMPLES;
    for (size_t i = 0; i < count; i++)
        samples[i] = ds_g711_decode(piece->payload_type, (uint8_t)piece->bytes.at[i]);
    ds_fax_ear_hear(ear, samples, count);
}

static void read_line(struct ds_reading *reading, struct ds_trace_fax *line)
{
    struct ds_fax_ear *ear = NULL;
    if (ds_fax_ear_new(&ear) != DS_OK) {
        reading->out_of_memory = true;
        return;
    }
    for (const struct ds_fax_piece *piece = line->first; piece != NULL; piece = piece->next)
        hear(ear, piece);
    const struct ds_fax_said *said = ds_fax_ear_said(ear);
    if (said->page_count > 0 || said->frame_count > 0)
        line->seen.said = keep_said(reading, said, line->misses);
    ds_fax_ear_free(&ear);
}

void ds_trace_fax_read(struct ds_reading *reading, struct ds_trace_fax *fax)
{
    if (fax->is_line)
        read_line(reading, fax);
    else
        read_packets(reading, fax);
}
