#include "siptx_internal.h"

#include <stdlib.h>

static struct ds_key key_of(const struct ds_hop *hop)
{
    struct ds_key key = {.number = (uint64_t)hop->to.port << 8 | (uint64_t)hop->transport};
    key.part[0] = (struct ds_slice){(const char *)hop->to.ip, sizeof hop->to.ip};
    return key;
}

struct ds_connection *ds_connection_find(const struct ds_sip *sip, const struct ds_hop *hop)
{
    struct ds_key key = key_of(hop);
    struct ds_entry *entry = ds_table_find(&sip->connections, &key);
    return entry == NULL ? NULL : DS_OWNER(entry, struct ds_connection, entry);
}

void ds_connection_free(struct ds_connection *connection)
{
    ds_table_drop(&connection->sip->connections, &connection->entry);
    ds_buf_clean_up(&connection->unread);
    if (connection->stream != NULL)
        ds_stream_close(&connection->stream);
    free(connection);
}

void ds_connection_fail(struct ds_connection *connection, const struct ds_why *why)
{
    struct ds_sip *sip = connection->sip;
    struct ds_list waiting;
    ds_list_init(&waiting);
    while (!ds_list_empty(&connection->waiting)) {
        struct ds_list *node = connection->waiting.next;
        ds_list_remove(node);
        ds_list_append(&waiting, node);
    }
    ds_sip_note(sip, 3, "%s closed: %s", ds_hop_text(&connection->peer).text, why->text);
    ds_connection_free(connection);
    while (!ds_list_empty(&waiting)) {
        struct ds_list *node = waiting.next;
        ds_list_remove(node);
        ds_client_connection_lost(DS_OWNER(node, struct ds_client_txn, waiting), why);
    }
}

/* ---- what comes out of a stream ---- */

/* Hands over every whole message at the front of `bytes`; says how far it came. */
static ds_rc take_frames(struct ds_connection *connection,
                         struct ds_slice bytes,
                         size_t *taken,
                         struct ds_why *why)
{
    for (*taken = 0;;) {
        size_t skip = 0, len = 0;
        struct ds_slice rest = ds_slice_from(bytes, *taken);
        if (rest.len == 0)
            return DS_OK;
        ds_rc rc = ds_msg_frame(rest, &skip, &len, why);
        if (rc != DS_OK)
            return rc;
        *taken += skip + len;
        if (len == 0)
            return DS_OK;
        ds_sip_receive_frame(connection->sip, (struct ds_slice){rest.at + skip, len},
                             &connection->peer);
    }
}

/* Keeps what is left for the next segment. */
static void keep_rest(struct ds_buf *unread, struct ds_slice rest)
{
    struct ds_buf kept = {0};
    ds_buf_add(&kept, rest);
    ds_buf_clean_up(unread);
    *unread = kept;
}

static void receive_data(void *owner, struct ds_slice bytes)
{
    struct ds_connection *connection = owner;
    struct ds_why why = {""};
    size_t taken = 0;
    bool joined = connection->unread.len > 0;
    if (joined) {
        ds_buf_add(&connection->unread, bytes);
        bytes = ds_buf_slice(&connection->unread);
    }
    ds_rc rc = take_frames(connection, bytes, &taken, &why);
    if (rc == DS_OK && (taken > 0 || !joined))
        keep_rest(&connection->unread, ds_slice_from(bytes, taken));
    if (rc == DS_OK && connection->unread.broken)
        rc = ds_fail_memory(&why);
    if (rc != DS_OK)
        ds_connection_fail(connection, &why);
}

static void see_open(void *owner)
{
    struct ds_connection *connection = owner;
    connection->opening = false;
    connection->reopens = true;
    ds_sip_note(connection->sip, 3, "%s open", ds_hop_text(&connection->peer).text);
}

static void see_closed(void *owner, const struct ds_why *why)
{
    ds_connection_fail(owner, why);
}

static const struct ds_stream_events stream_events = {.open = see_open,
                                                      .data = receive_data,
                                                      .closed = see_closed};

/* ---- opening and accepting ---- */

static ds_rc
new_connection(struct ds_sip *sip, const struct ds_hop *peer, struct ds_connection **out)
{
    struct ds_connection *connection = calloc(1, sizeof *connection);
    if (connection == NULL)
        return DS_NOMEM;
    connection->sip = sip;
    connection->peer = *peer;
    ds_list_init(&connection->waiting);
    ds_rc rc = ds_table_put(&sip->connections, &connection->entry, key_of(&connection->peer));
    if (rc != DS_OK)
        free(connection);
    else
        *out = connection;
    return rc;
}

static ds_rc connect_stream(struct ds_connection *connection, struct ds_why *why)
{
    struct ds_sip *sip = connection->sip;
    const struct ds_hop *peer = &connection->peer;
    bool secure = peer->transport == DS_TLS;
    if (secure && sip->tls == NULL)
        return ds_fail(why, DS_BAD, "%s has no certificate to call %s with", sip->name,
                       ds_hop_text(peer).text);
    struct ds_stream_target target = {
        .from = sip->at,
        .to = peer->to,
        .tls = secure ? sip->tls : NULL,
        .peer_name = secure && peer->peer_name[0] != '\0' ? peer->peer_name : NULL,
        .accept_any_name = sip->accept_any_name,
    };
    target.from.port = 0;
    connection->opening = true;
    return ds_stream_connect(sip->net, &target, &stream_events, connection, &connection->stream,
                             why);
}

ds_rc ds_connection_get(struct ds_sip *sip,
                        const struct ds_hop *hop,
                        struct ds_connection **out,
                        struct ds_why *why)
{
    struct ds_connection *connection = ds_connection_find(sip, hop);
    if (connection == NULL) {
        if (new_connection(sip, hop, &connection) != DS_OK)
            return ds_fail_memory(why);
        ds_rc rc = connect_stream(connection, why);
        if (rc != DS_OK) {
            ds_connection_free(connection);
            return rc;
        }
    }
    *out = connection;
    return DS_OK;
}

void ds_connection_accept(void *owner, struct ds_stream *stream)
{
    struct ds_point *point = owner;
    struct ds_connection *connection = NULL;
    struct ds_hop peer = {.transport = point->transport, .to = ds_stream_peer(stream)};
    if (new_connection(point->sip, &peer, &connection) != DS_OK)
        return;
    connection->stream = stream;
    ds_stream_own(stream, &stream_events, connection);
}
