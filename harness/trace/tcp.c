#include "trace_internal.h"

#include <stdlib.h>
#include <string.h>

#define TCP_HEADER_BYTES   20
#define MAX_CONNECTIONS    100000
#define MAX_PENDING_BYTES  ((size_t)1024 * 1024)
#define MAX_PENDING_PIECES 512
#define LEAST_OF_RECORD    3 /* bytes that tell TLS */
#define FLAG_FIN           1
#define FLAG_SYN           2
#define FLAG_RST           4
#define CLOSED_US          (32 * DS_TRACE_S) /* the last of it may be sent again */
#define STRANGE_US         (60 * DS_TRACE_S) /* it speaks something else: who needs it? */
#define IDLE_US            (INT64_C(24) * 3600 * DS_TRACE_S)

/* Bytes that came before their turn. */
struct piece {
    struct piece *next;
    uint32_t sequence;
    struct ds_trace_moment moment;
    size_t len;
    char bytes[];
};

struct stream {
    struct ds_trace_text text;
    bool synced;
    uint32_t first, next;  /* sequence numbers: of the first byte, and of the next to deliver */
    struct piece *pending; /* owned; in order of sequence numbers */
    size_t pending_bytes, pending_pieces;
    bool relevant; /* SIP or TLS was seen in it: a hole matters */
    bool closed;
};

struct ds_trace_connection {
    struct ds_trace_way way; /* as first seen: side 0 */
    struct stream sides[2];
    int64_t last_at;
    struct ds_trace_tls *tls; /* owned; NULL unless the connection speaks TLS */
};

struct segment {
    struct ds_trace_way way;
    uint32_t sequence;
    uint8_t flags;
    struct ds_slice bytes;
};

static bool read_segment(const struct ds_trace_packet *packet, struct segment *out)
{
    struct ds_slice bytes = packet->payload;
    if (bytes.len < TCP_HEADER_BYTES)
        return false;
    size_t header_len = (size_t)((uint8_t)bytes.at[12] >> 4) * 4;
    if (header_len < TCP_HEADER_BYTES || header_len > bytes.len)
        return false;
    out->way = packet->way;
    out->way.from.port = ds_get16(bytes.at);
    out->way.to.port = ds_get16(bytes.at + 2);
    out->sequence = ds_get32(bytes.at + 4);
    out->flags = (uint8_t)bytes.at[13];
    out->bytes = ds_slice_from(bytes, header_len);
    return true;
}

static struct ds_trace_way turned(const struct ds_trace_way *way)
{
    return (struct ds_trace_way){way->to, way->from};
}

static struct ds_trace_connection *new_connection(struct ds_reading *reading,
                                                  const struct ds_trace_way *way)
{
    if (reading->connections.items.count >= MAX_CONNECTIONS) {
        reading->lost_connections++;
        return NULL;
    }
    struct ds_trace_connection *connection =
        ds_trace_store_add(reading, &reading->connections, DS_KEY(*way), sizeof *connection);
    if (connection == NULL)
        return NULL;
    connection->sides[0].text = (struct ds_trace_text){.way = *way, .transport = DS_TCP};
    connection->sides[1].text = (struct ds_trace_text){.way = turned(way), .transport = DS_TCP};
    return connection;
}

/* The connection a segment belongs to, and which side sent it. */
static struct ds_trace_connection *
find_connection(struct ds_reading *reading, const struct ds_trace_way *way, int *side)
{
    struct ds_trace_way back = turned(way);
    struct ds_trace_connection *connection =
        ds_trace_store_get(&reading->connections, DS_KEY(*way));
    *side = 0;
    if (connection != NULL)
        return connection;
    connection = ds_trace_store_get(&reading->connections, DS_KEY(back));
    if (connection == NULL)
        return new_connection(reading, way);
    *side = 1;
    return connection;
}

/* Does TLS begin here? `*bytes` grows by what came before it and told too little: a record shows
 * itself in its first bytes, and segments may be as short as one. */
static bool begins_tls(struct ds_reading *reading,
                       struct ds_trace_connection *connection,
                       int side,
                       struct ds_slice *bytes)
{
    struct ds_trace_text *text = &connection->sides[side].text;
    if (text->state == DS_TEXT_LOST)
        return ds_trace_tls_looks_like(*bytes);
    if (text->state == DS_TEXT_SIP || connection->sides[1 - side].text.state == DS_TEXT_SIP ||
        text->bytes.len >= LEAST_OF_RECORD)
        return false;
    if (text->bytes.len > 0) {
        ds_buf_add(&text->bytes, *bytes);
        reading->out_of_memory = reading->out_of_memory || text->bytes.broken;
        *bytes = ds_buf_slice(&text->bytes);
    }
    return ds_trace_tls_looks_like(*bytes);
}

static void feed(struct ds_reading *reading,
                 struct ds_trace_connection *connection,
                 int side,
                 struct ds_slice bytes)
{
    struct stream *stream = &connection->sides[side];
    struct ds_slice joined = bytes;
    if (connection->tls == NULL && begins_tls(reading, connection, side, &joined))
        connection->tls = ds_trace_tls_new(reading, &connection->way);
    if (connection->tls != NULL) {
        ds_trace_tls_feed(reading, connection->tls, side, joined);
        stream->text.bytes.len = 0;
    } else {
        bool added = joined.at != bytes.at;
        ds_trace_text_feed(reading, &stream->text, added ? DS_LITERAL("") : bytes);
    }
    stream->relevant =
        stream->relevant || connection->tls != NULL || stream->text.state == DS_TEXT_SIP;
}

static void deliver(struct ds_reading *reading,
                    struct ds_trace_connection *connection,
                    int side,
                    struct ds_slice bytes)
{
    connection->sides[side].next += (uint32_t)bytes.len;
    feed(reading, connection, side, bytes);
}

static struct piece *take_pending(struct stream *stream)
{
    struct piece *piece = stream->pending;
    stream->pending = piece->next;
    stream->pending_bytes -= piece->len;
    stream->pending_pieces--;
    return piece;
}

/* Delivers what is pending as far as it joins up with what was delivered. */
static void drain(struct ds_reading *reading, struct ds_trace_connection *connection, int side)
{
    struct stream *stream = &connection->sides[side];
    while (stream->pending != NULL) {
        int32_t ahead = (int32_t)(stream->pending->sequence - stream->next);
        if (ahead > 0)
            break;
        struct piece *piece = take_pending(stream);
        size_t known = (size_t) - (int64_t)ahead;
        if (known < piece->len)
            deliver(reading, connection, side,
                    (struct ds_slice){piece->bytes + known, piece->len - known});
        free(piece);
    }
}

/* Gives the bytes before the first pending piece up for lost. */
static void skip_hole(struct ds_reading *reading, struct ds_trace_connection *connection, int side)
{
    struct stream *stream = &connection->sides[side];
    struct ds_trace_moment now = reading->now;
    uint32_t missing = stream->pending->sequence - stream->next;
    reading->now = stream->pending->moment;
    if (stream->relevant)
        ds_reading_gap(reading, reading->now.frame,
                       "%u bytes of the TCP stream from %s to %s are missing before this frame",
                       missing, ds_addr_text(stream->text.way.from).text,
                       ds_addr_text(stream->text.way.to).text);
    stream->next = stream->pending->sequence;
    if (connection->tls != NULL)
        ds_trace_tls_break(reading, connection->tls);
    ds_trace_text_break(&stream->text);
    drain(reading, connection, side);
    reading->now = now;
}

static void flush(struct ds_reading *reading, struct ds_trace_connection *connection)
{
    for (int side = 0; side < 2; side++)
        while (connection->sides[side].pending != NULL)
            skip_hole(reading, connection, side);
}

static void
keep_for_later(struct ds_reading *reading, struct stream *stream, const struct segment *segment)
{
    struct piece **place = &stream->pending;
    while (*place != NULL && (int32_t)((*place)->sequence - segment->sequence) < 0)
        place = &(*place)->next;
    if (*place != NULL && (*place)->sequence == segment->sequence &&
        (*place)->len >= segment->bytes.len)
        return;
    struct piece *piece = malloc(sizeof *piece + segment->bytes.len);
    if (piece == NULL) {
        reading->out_of_memory = true;
        return;
    }
    *piece = (struct piece){*place, segment->sequence, reading->now, segment->bytes.len};
    memcpy(piece->bytes, segment->bytes.at, segment->bytes.len);
    *place = piece;
    stream->pending_bytes += piece->len;
    stream->pending_pieces++;
}

/* A SYN with a number of its own opens the same pair of ports anew. */
static void open_anew(struct ds_reading *reading,
                      struct ds_trace_connection *connection,
                      int side,
                      uint32_t first)
{
    struct stream *stream = &connection->sides[side];
    if (stream->synced && stream->first == first)
        return;
    if (stream->synced) {
        flush(reading, connection);
        ds_trace_tls_clean_up(connection->tls);
        connection->tls = NULL;
        for (int i = 0; i < 2; i++) {
            ds_trace_text_restart(&connection->sides[i].text);
            connection->sides[i].synced = connection->sides[i].relevant = false;
        }
    }
    stream->synced = true;
    stream->first = stream->next = first;
    connection->sides[0].closed = connection->sides[1].closed = false;
}

static void join_midway(struct stream *stream, uint32_t sequence)
{
    stream->synced = true;
    stream->first = stream->next = sequence;
    ds_trace_text_break(&stream->text);
}

static void take(struct ds_reading *reading,
                 struct ds_trace_connection *connection,
                 int side,
                 struct segment *segment)
{
    struct stream *stream = &connection->sides[side];
    connection->last_at = reading->now.at;
    if (segment->flags & FLAG_SYN)
        open_anew(reading, connection, side, ++segment->sequence);
    stream->closed = stream->closed || (segment->flags & FLAG_FIN) != 0;
    if (segment->flags & FLAG_RST)
        connection->sides[0].closed = connection->sides[1].closed = true;
    if (segment->bytes.len == 0)
        return;
    if (!stream->synced)
        join_midway(stream, segment->sequence);
    int32_t ahead = (int32_t)(segment->sequence - stream->next);
    /* No window reaches back so far: the same ports again, and the SYN was not captured. */
    if (ahead < -(int32_t)MAX_PENDING_BYTES) {
        open_anew(reading, connection, side, segment->sequence);
        join_midway(stream, segment->sequence);
        ahead = 0;
    }
    if (ahead > 0) {
        keep_for_later(reading, stream, segment);
    } else if ((size_t) - (int64_t)ahead < segment->bytes.len) {
        deliver(reading, connection, side,
                ds_slice_from(segment->bytes, (size_t) - (int64_t)ahead));
        drain(reading, connection, side);
    }
    while (stream->pending_bytes > MAX_PENDING_BYTES || stream->pending_pieces > MAX_PENDING_PIECES)
        skip_hole(reading, connection, side);
}

void ds_trace_segment(struct ds_reading *reading, struct ds_trace_packet *packet)
{
    struct segment segment;
    int side = 0;
    if (!read_segment(packet, &segment))
        return;
    ds_trace_contact(reading, &segment.way);
    struct ds_trace_connection *connection = find_connection(reading, &segment.way, &side);
    if (connection != NULL)
        take(reading, connection, side, &segment);
}

static void close_connection(struct ds_trace_connection *connection)
{
    ds_trace_tls_clean_up(connection->tls);
    for (int side = 0; side < 2; side++) {
        struct stream *stream = &connection->sides[side];
        while (stream->pending != NULL)
            free(take_pending(stream));
        ds_buf_clean_up(&stream->text.bytes);
    }
}

static void end_texts(struct ds_reading *reading, const struct ds_trace_connection *connection)
{
    for (int side = 0; side < 2; side++)
        ds_trace_text_end(reading, &connection->sides[side].text);
    if (connection->tls != NULL)
        ds_trace_tls_end(reading, connection->tls);
}

static bool end(struct ds_reading *reading, void *item)
{
    struct ds_trace_connection *connection = item;
    if (!reading->out_of_memory) {
        flush(reading, connection);
        end_texts(reading, connection);
    }
    close_connection(connection);
    return false;
}

static bool is_over(const struct ds_reading *reading, const struct ds_trace_connection *connection)
{
    const struct stream *sides = connection->sides;
    int64_t patience = sides[0].closed && sides[1].closed       ? CLOSED_US
                       : sides[0].relevant || sides[1].relevant ? IDLE_US
                                                                : STRANGE_US;
    return ds_trace_is_quiet(reading, connection->last_at, patience);
}

static bool goes_on(struct ds_reading *reading, void *item)
{
    return !is_over(reading, item) || end(reading, item);
}

void ds_trace_connections_sweep(struct ds_reading *reading)
{
    ds_trace_store_sweep(reading, &reading->connections, goes_on);
}

void ds_trace_connections_end(struct ds_reading *reading)
{
    ds_trace_store_sweep(reading, &reading->connections, end);
}
