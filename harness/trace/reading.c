#include "trace_tls_internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define MAX_GAPS 1000

/* ---- what the pieces share ---- */

void *ds_reading_alloc(struct ds_reading *reading, size_t size)
{
    void *at = ds_arena_alloc(reading->arena, size);
    if (at == NULL)
        reading->out_of_memory = true;
    return at;
}

void ds_reading_put(struct ds_reading *reading,
                    struct ds_trace_map *map,
                    struct ds_slice key,
                    void *value)
{
    if (!ds_trace_map_put(map, key, value))
        reading->out_of_memory = true;
}

void ds_reading_gap(struct ds_reading *reading, uint32_t frame, const char *fmt, ...)
{
    char sentence[400];
    va_list args;
    va_start(args, fmt);
    vsnprintf(sentence, sizeof sentence, fmt, args);
    va_end(args);
    if (reading->gaps.count >= MAX_GAPS) {
        reading->lost_gaps++;
        return;
    }
    struct ds_gap *gap = ds_trace_array_add(&reading->gaps, sizeof *gap);
    char *copy = ds_arena_copy(reading->arena, ds_slice_of(sentence));
    if (gap == NULL || copy == NULL) {
        reading->out_of_memory = true;
        return;
    }
    *gap = (struct ds_gap){frame, copy};
}

/* ---- frames ---- */

static void note_unread(struct ds_reading *reading, const struct ds_frame *frame)
{
    if (reading->unread_frames++ > 0)
        return;
    reading->first_unread_frame = frame->number;
    reading->unread_link = frame->link;
}

void ds_reading_frame(struct ds_reading *reading, const struct ds_frame *frame)
{
    struct ds_trace *trace = reading->trace;
    struct ds_slice ip;
    if (trace->frame_count == 0)
        trace->unix_us = frame->unix_us;
    trace->frame_count = frame->number;
    reading->now.frame = frame->number;
    /* Stamps are whatever the file says; their difference is taken without fear of overflow. */
    reading->now.at = (int64_t)((uint64_t)frame->unix_us - (uint64_t)trace->unix_us);
    if (reading->now.at > trace->duration)
        trace->duration = reading->now.at;
    if (!ds_pcap_link_is_read(frame->link))
        note_unread(reading, frame);
    else if (ds_trace_link(frame->link, frame->bytes, &ip))
        ds_trace_ip(reading, frame, ip);
}

static void tell_losses(struct ds_reading *reading)
{
    if (reading->cut_frames > 0)
        ds_reading_gap(reading, reading->first_cut_frame,
                       "%u frames are cut short in this capture; this one is the first",
                       reading->cut_frames);
    if (reading->unread_frames > 0)
        ds_reading_gap(reading, reading->first_unread_frame,
                       "%u frames are of a link type that is not read here; this one, of type %d, "
                       "is the first",
                       reading->unread_frames, reading->unread_link);
    if (reading->lost_flows > 0)
        ds_reading_gap(reading, 0, "%u packets of RTP are left out: there are too many streams",
                       reading->lost_flows);
    if (reading->lost_descriptions > 0)
        ds_reading_gap(reading, 0, "the SDP of %u messages is left out: there is too much of it",
                       reading->lost_descriptions);
    if (reading->lost_connections > 0)
        ds_reading_gap(reading, 0, "%u TCP segments are left out: there are too many connections",
                       reading->lost_connections);
    /* The last place is kept for what says that there are more. */
    if (reading->lost_gaps > 0)
        ((struct ds_gap *)reading->gaps.at)[MAX_GAPS - 1].sentence =
            ds_arena_print(reading->arena, "%u more gaps like these", reading->lost_gaps + 1);
}

/* ---- from what was read to what it means ---- */

static void publish_contacts(struct ds_reading *reading)
{
    struct ds_trace *trace = reading->trace;
    trace->contacts = reading->contacts.at;
    trace->contact_count = reading->contacts.count;
    if (!ds_trace_array_hand_over(&reading->contacts, reading->arena))
        reading->out_of_memory = true;
}

static void publish(struct ds_reading *reading)
{
    struct ds_trace *trace = reading->trace;
    struct ds_arena *arena = reading->arena;
    void *events, *gaps, *certificates;
    if (!ds_trace_array_publish(&reading->gaps, sizeof(struct ds_gap), arena, &gaps,
                                &trace->gap_count) ||
        !ds_trace_array_publish(&reading->certificates, sizeof(struct ds_certificate_seen), arena,
                                &certificates, &trace->certificate_count) ||
        !ds_trace_array_publish(&reading->events, sizeof(struct ds_event), arena, &events,
                                &trace->event_count)) {
        reading->out_of_memory = true;
        return;
    }
    trace->gaps = gaps;
    trace->certificates = certificates;
    trace->events = events;
    publish_contacts(reading);
    /* The next part is about as long: its events need not move as they become more. */
    if (!reading->is_last &&
        !ds_trace_array_reserve(&reading->events, sizeof(struct ds_event), trace->event_count))
        reading->out_of_memory = true;
}

static ds_rc relate(struct ds_reading *reading)
{
    tell_losses(reading);
    if (!reading->out_of_memory)
        publish(reading);
    if (!reading->out_of_memory)
        ds_trace_stun_publish(reading);
    if (!reading->out_of_memory)
        ds_trace_legs(reading);
    if (!reading->out_of_memory)
        ds_trace_calls(reading);
    if (!reading->out_of_memory)
        ds_trace_flows(reading);
    if (!reading->out_of_memory)
        ds_trace_names(reading);
    return reading->out_of_memory ? DS_NOMEM : DS_OK;
}

/* ---- from one part to the next ---- */

static void clear_announcements(struct ds_reading *reading)
{
    struct ds_trace_announcement **list = reading->announcements.at;
    for (size_t i = 0; i < reading->announcements.count; i++)
        ds_trace_array_clean_up(&list[i]->events);
    reading->announcements.count = 0;
    ds_trace_map_empty(&reading->announced);
}

/* What belongs to one part only. */
static void clear_part(struct ds_reading *reading)
{
    clear_announcements(reading);
    ds_trace_forget_descriptions(reading);
    ds_trace_map_empty(&reading->contacts_by_hosts);
    reading->gaps.count = reading->contacts.count = reading->certificates.count = 0;
    reading->cut_frames = reading->unread_frames = 0;
    reading->lost_gaps = reading->lost_flows = 0;
    reading->lost_connections = reading->lost_descriptions = 0;
}

ds_rc ds_trace_new(const char *path, const struct ds_topo *topo, struct ds_trace **out)
{
    struct ds_arena *arena = NULL;
    if (ds_arena_new(&arena) != DS_OK)
        return DS_NOMEM;
    struct ds_trace *trace = ds_arena_alloc(arena, sizeof *trace);
    char *copy = ds_arena_copy(arena, ds_slice_of(path));
    if (trace == NULL || copy == NULL) {
        ds_arena_free(&arena);
        return DS_NOMEM;
    }
    trace->arena = arena;
    trace->path = copy;
    trace->topo = topo;
    *out = trace;
    return DS_OK;
}

/* Puts an empty trace in the place of the one that was told, which is the caller's from here on. */
static ds_rc begin_next(struct ds_reading *reading, struct ds_trace **told)
{
    struct ds_trace *next = NULL;
    const struct ds_trace *last = reading->trace;
    if (ds_trace_new(last->path, last->topo, &next) != DS_OK)
        return DS_NOMEM;
    next->unix_us = last->unix_us;
    next->duration = last->duration;
    next->frame_count = last->frame_count;
    next->copy_count = last->copy_count;
    next->calls_before = last->calls_before + last->call_count;
    *told = reading->trace;
    reading->trace = next;
    reading->arena = next->arena;
    ds_trace_carry_descriptions(reading);
    ds_trace_rtcp_sweep(reading);
    ds_trace_srtp_sweep(reading);
    ds_trace_stun_sweep(reading);
    reading->parts++;
    return reading->out_of_memory ? DS_NOMEM : DS_OK;
}

ds_rc ds_reading_tell(struct ds_reading *reading, struct ds_trace **out)
{
    ds_trace_early_end(reading);
    if (reading->is_last) {
        ds_trace_connections_end(reading);
        ds_trace_fragments_end(reading);
    } else {
        ds_trace_connections_sweep(reading);
    }
    ds_rc rc = relate(reading);
    clear_part(reading);
    return rc == DS_OK ? begin_next(reading, out) : rc;
}

/* ---- the end ---- */

void ds_reading_clean_up(struct ds_reading *reading)
{
    struct ds_event *events = reading->events.at;
    struct ds_trace_store *stores[] = {&reading->candidates,  &reading->connections,
                                       &reading->earlies,     &reading->faxes,
                                       &reading->told_blocks, &reading->reports};
    struct ds_trace_array *arrays[] = {
        &reading->events,       &reading->gaps,          &reading->packets,  &reading->contacts,
        &reading->certificates, &reading->announcements, &reading->described};
    reading->out_of_memory = true; /* nothing is told of what is left */
    ds_trace_early_end(reading);
    ds_trace_connections_end(reading);
    ds_trace_fragments_end(reading);
    ds_trace_faxes_end(reading);
    ds_trace_flows_end(reading);
    ds_trace_rtcp_end(reading);
    ds_trace_srtp_end(reading);
    clear_part(reading);
    ds_trace_map_clean_up(&reading->announced);
    ds_trace_map_clean_up(&reading->descriptions);
    ds_trace_map_clean_up(&reading->contacts_by_hosts);
    for (size_t i = 0; i < reading->events.count; i++)
        ds_trace_drop_event(&events[i]);
    for (size_t i = 0; i < DS_COUNT(stores); i++)
        ds_trace_store_clean_up(stores[i]);
    for (size_t i = 0; i < DS_COUNT(arrays); i++)
        ds_trace_array_clean_up(arrays[i]);
    free(reading->sights);
    free(reading->recents);
    ds_trace_repeats_clean_up(&reading->repeats);
    ds_trace_tls_keys_clean_up(&reading->keys);
    ds_trace_stun_clean_up(reading->stun);
}
