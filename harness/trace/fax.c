#include "trace_internal.h"

/* Fax by T.38: known by SDP, or by three packets of UDPTL in a row. Lines: fax_pages.c. */

#define MOST_STREAMS      1024
#define LEAST_IN_SEQUENCE 2

static bool is_announced_at(const struct ds_reading *reading, struct ds_addr at)
{
    const struct ds_trace_announcement *known = ds_trace_map_get(&reading->announced, DS_KEY(at));
    const struct ds_sdp *sdp = known == NULL ? NULL : known->latest;
    for (size_t i = 0; sdp != NULL && i < sdp->media_count; i++)
        if (ds_addr_equal(sdp->media[i].at, at) &&
            ds_slice_equal_nocase(sdp->media[i].protocol, DS_LITERAL("udptl")))
            return true;
    return false;
}

bool ds_trace_fax_expected(const struct ds_reading *reading, const struct ds_trace_way *way)
{
    return reading->fax_announced &&
           (is_announced_at(reading, way->to) || is_announced_at(reading, way->from));
}

void ds_trace_fax_announce(struct ds_reading *reading, const struct ds_sdp *sdp)
{
    for (size_t i = 0; i < sdp->media_count; i++)
        if (ds_slice_equal_nocase(sdp->media[i].protocol, DS_LITERAL("udptl")))
            reading->fax_announced = true;
}

struct ds_trace_fax *ds_trace_fax_of(struct ds_reading *reading, const struct ds_trace_way *way)
{
    struct ds_trace_fax *known = ds_trace_store_get(&reading->faxes, DS_KEY(*way));
    if (known != NULL || reading->faxes.items.count >= MOST_STREAMS)
        return known;
    known = ds_trace_store_add(reading, &reading->faxes, DS_KEY(*way), sizeof *known);
    if (known == NULL)
        return NULL;
    known->seen = (struct ds_fax_seen){.from = way->from,
                                       .to = way->to,
                                       .first_frame = reading->now.frame,
                                       .first_at = reading->now.at};
    ds_rtp_stats_init(&known->seen.stats, DS_RTP_SAMPLE_RATE);
    return known;
}

void ds_trace_fax(struct ds_reading *reading,
                  const struct ds_trace_way *way,
                  const struct ds_udptl *packet)
{
    struct ds_trace_fax *fax = ds_trace_fax_of(reading, way);
    const struct ds_rtp counted = {.sequence = packet->sequence};
    if (fax == NULL)
        return;
    struct ds_fax_seen *seen = &fax->seen;
    fax->in_sequence +=
        seen->packets > 0 && (uint16_t)(seen->stats.highest + 1) == packet->sequence;
    seen->packets++;
    seen->data_packets += packet->is_data;
    seen->copied_packets += packet->parity || packet->copy_count > 0;
    seen->longest_bytes = packet->bytes > seen->longest_bytes ? packet->bytes : seen->longest_bytes;
    seen->last_frame = reading->now.frame;
    seen->last_at = reading->now.at;
    ds_rtp_stats_add(&seen->stats, &counted, reading->now.at);
    ds_trace_fax_keep(reading, fax, packet);
}

static void relate(const struct ds_reading *reading, struct ds_fax_seen *seen)
{
    const struct ds_topo *topo = reading->trace->topo;
    if (topo == NULL)
        return;
    seen->from_node = ds_topo_at(topo, seen->from);
    seen->to_node = ds_topo_at(topo, seen->to);
}

static const struct ds_event *announced(const struct ds_reading *reading,
                                        const struct ds_fax_seen *seen)
{
    const struct ds_event *said = ds_trace_announced(reading, seen->to, seen->first_frame);
    return said != NULL ? said : ds_trace_announced(reading, seen->from, seen->first_frame);
}

/* Enough in a row, or announced: anything may look like one packet of fax. */
static bool is_fax(const struct ds_reading *reading, const struct ds_trace_fax *fax)
{
    return fax->is_line || fax->in_sequence >= LEAST_IN_SEQUENCE ||
           ds_trace_fax_expected(reading, &fax->way);
}

static void tell(struct ds_reading *reading, struct ds_trace_fax *fax, const struct ds_event *said)
{
    struct ds_trace *trace = reading->trace;
    fax->seen.call = said == NULL || said->leg == NULL ? NULL : said->leg->call;
    relate(reading, &fax->seen);
    ds_trace_fax_read(reading, fax);
    if (!fax->is_line)
        trace->faxes[trace->fax_count++] = fax->seen;
    else if (fax->seen.said != NULL)
        trace->fax_lines[trace->fax_line_count++] = fax->seen;
}

static bool end(struct ds_reading *reading, void *item)
{
    ds_trace_fax_forget(reading, item);
    return false;
}

/* What does not is told of, if it is a fax. */
static bool goes_on(struct ds_reading *reading, void *item)
{
    struct ds_trace_fax *fax = item;
    const struct ds_event *said = announced(reading, &fax->seen);
    enum ds_trace_fate fate = ds_trace_fate_of(reading, said, fax->seen.last_at);
    if (fate == DS_FATE_TOLD && is_fax(reading, fax))
        tell(reading, fax, said);
    return fate == DS_FATE_KEPT || end(reading, fax);
}

void ds_trace_faxes(struct ds_reading *reading)
{
    struct ds_trace *trace = reading->trace;
    size_t bytes = reading->faxes.items.count * sizeof *trace->faxes;
    trace->faxes = ds_reading_alloc(reading, bytes);
    trace->fax_lines = ds_reading_alloc(reading, bytes);
    if (trace->faxes != NULL && trace->fax_lines != NULL)
        ds_trace_store_sweep(reading, &reading->faxes, goes_on);
}

void ds_trace_faxes_end(struct ds_reading *reading)
{
    ds_trace_store_sweep(reading, &reading->faxes, end);
}
