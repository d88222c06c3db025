#include "tls_internal.h"

#include <stdlib.h>
#include <string.h>

/* One end of a connection whose handshake was rehearsed: it says the bytes that OpenSSL said then,
 * as long as it hears what OpenSSL heard. Where it hears anything else, OpenSSL takes over, from
 * the first byte. */

enum step { HELLO, ANSWER, LAST, TALK };

struct ds_tls_replay {
    enum step next;                           /* what is to be heard or said next */
    struct ds_tls_hello *hello;               /* borrowed from the store; NULL: not heard yet */
    const struct ds_tls_rehearsal *rehearsal; /* as above */
    struct ds_buf heard;                      /* owned; not used up yet */
    struct ds_tls_lane ours, theirs;
};

void ds_tls_replay_free(struct ds_tls_replay **replay)
{
    if (*replay == NULL)
        return;
    ds_tls_lane_close(&(*replay)->ours);
    ds_tls_lane_close(&(*replay)->theirs);
    ds_buf_clean_up(&(*replay)->heard);
    free(*replay);
    *replay = NULL;
}

/* A rehearsal says nothing of certificates that have expired since. */
static bool may_replay(const struct ds_tls *tls)
{
    int64_t age_s = ds_net_unix_s(tls->stream->net) - ds_tls_store_unix_s(tls->who.store);
    return ds_tls_store_hellos(tls->who.store) != NULL && tls->who.version != 12 && age_s >= 0 &&
           age_s < (int64_t)DS_CERTIFICATE_DAYS * 86400;
}

void ds_tls_replay_begin(struct ds_tls *tls)
{
    struct ds_tls_hello *hello = NULL;
    if (!may_replay(tls))
        return;
    if (!tls->is_server) {
        hello = ds_tls_hello_of(tls);
        if (hello == NULL)
            return;
    }
    tls->replay = calloc(1, sizeof *tls->replay);
    if (tls->replay != NULL)
        tls->replay->hello = hello;
}

static void write_out(struct ds_stream *stream, const struct ds_buf *bytes)
{
    if (!stream->broken)
        stream->net->ops->write(stream, ds_buf_slice(bytes));
}

/* ---- where it goes another way ---- */

/* A client has said its hello already: OpenSSL says the same one once more, to nobody. */
static ds_rc say_again(struct ds_tls *tls, const struct ds_tls_hello *hello, struct ds_why *why)
{
    ds_assert(hello != NULL);
    struct ds_rng aside = ds_tls_store_set_aside(tls->who.store, hello->seed);
    ds_rc rc = ds_tls_open(tls, ds_net_unix_s(tls->stream->net), why);
    if (rc == DS_OK)
        SSL_do_handshake(tls->ssl);
    ds_tls_store_put_back(tls->who.store, &aside);
    if (rc == DS_OK)
        (void)BIO_reset(tls->out);
    return rc;
}

static void leave_to_openssl(struct ds_stream *stream)
{
    struct ds_tls *tls = stream->tls;
    struct ds_tls_replay *replay = tls->replay;
    struct ds_why why;
    tls->replay = NULL;
    ds_rc rc = tls->is_server ? ds_tls_open(tls, ds_net_unix_s(stream->net), &why)
                              : say_again(tls, replay->hello, &why);
    if (rc != DS_OK)
        ds_stream_ended(stream, true, "%s", why.text);
    else
        ds_tls_arrived(stream, ds_buf_slice(&replay->heard));
    ds_tls_replay_free(&replay);
}

/* ---- the handshake ---- */

static void use_up(struct ds_buf *heard, size_t len)
{
    heard->len -= len;
    memmove(heard->at, heard->at + len, heard->len);
}

static void talk_from_now_on(struct ds_stream *stream)
{
    struct ds_tls *tls = stream->tls;
    struct ds_tls_replay *replay = tls->replay;
    const struct ds_tls_rehearsal *rehearsal = replay->rehearsal;
    const struct ds_tls_keys *ours = tls->is_server ? &rehearsal->of_server : &rehearsal->of_client,
                             *theirs =
                                 tls->is_server ? &rehearsal->of_client : &rehearsal->of_server;
    replay->next = TALK;
    if (!ds_tls_lane_open(&replay->ours, rehearsal->cipher, ours, true) ||
        !ds_tls_lane_open(&replay->theirs, rehearsal->cipher, theirs, false)) {
        ds_stream_ended(stream, true, "out of memory");
        return;
    }
    tls->agreed = true;
    ds_stream_up(stream);
}

static void tell_secrets(struct ds_stream *stream, const struct ds_tls_rehearsal *rehearsal)
{
    const struct ds_net_options *options = &stream->net->options;
    if (options->secret != NULL)
        options->secret(options->owner, ds_slice_trim(ds_buf_slice(&rehearsal->secrets)));
}

/* A rehearsal asks no client for its name; where that will not do, OpenSSL is to say so. */
static bool may_be_refused(const struct ds_tls *server, const struct ds_tls_hello *hello)
{
    return server->peer_name[0] != '\0' &&
           !ds_slice_equal_nocase(ds_slice_of(server->peer_name), ds_slice_of(hello->client));
}

/* True when the server has heard a whole hello and answered it. */
static bool answer_hello(struct ds_stream *stream)
{
    struct ds_tls *tls = stream->tls;
    struct ds_tls_replay *replay = tls->replay;
    bool more = false;
    replay->hello = ds_tls_hello_heard(tls->who.store, ds_buf_slice(&replay->heard), &more);
    if (replay->hello == NULL && more)
        return false;
    if (replay->hello != NULL && !may_be_refused(tls, replay->hello))
        replay->rehearsal = ds_tls_rehearse(replay->hello, &tls->who);
    if (replay->hello == NULL || replay->rehearsal == NULL || !replay->rehearsal->agreed) {
        leave_to_openssl(stream);
        return false;
    }
    use_up(&replay->heard, replay->hello->bytes.len);
    tell_secrets(stream, replay->rehearsal);
    write_out(stream, &replay->rehearsal->answer);
    replay->next = LAST;
    return true;
}

/* True when the client has heard a whole answer and said its last word. */
static bool hear_answer(struct ds_stream *stream)
{
    struct ds_tls_replay *replay = stream->tls->replay;
    struct ds_list *all = &replay->hello->rehearsals;
    struct ds_slice heard = ds_buf_slice(&replay->heard);
    bool more = false;
    for (struct ds_list *at = all->next; at != all && replay->rehearsal == NULL; at = at->next) {
        const struct ds_tls_rehearsal *each = DS_OWNER(at, struct ds_tls_rehearsal, node);
        if (!each->agreed)
            continue;
        if (ds_slice_starts(heard, ds_buf_slice(&each->answer)))
            replay->rehearsal = each;
        more |= ds_slice_starts(ds_buf_slice(&each->answer), heard);
    }
    if (replay->rehearsal == NULL) {
        if (!more)
            leave_to_openssl(stream);
        return false;
    }
    use_up(&replay->heard, replay->rehearsal->answer.len);
    write_out(stream, &replay->rehearsal->last);
    talk_from_now_on(stream);
    return true;
}

/* True when the server has heard the client's last word. */
static bool hear_last(struct ds_stream *stream)
{
    struct ds_tls_replay *replay = stream->tls->replay;
    struct ds_slice heard = ds_buf_slice(&replay->heard),
                    last = ds_buf_slice(&replay->rehearsal->last);
    if (!ds_slice_starts(heard, last)) {
        if (!ds_slice_starts(last, heard))
            ds_stream_ended(stream, true, "TLS with %s failed: it makes no sense as TLS",
                            ds_addr_text(stream->peer).text);
        return false;
    }
    use_up(&replay->heard, last.len);
    talk_from_now_on(stream);
    return true;
}

/* ---- talking ---- */

static void take_record(struct ds_stream *stream, struct ds_slice record, struct ds_buf *plain)
{
    struct ds_tls *tls = stream->tls;
    int type = 0;
    if (!ds_tls_unseal(&tls->replay->theirs, record, &type, plain)) {
        tls->parted = true;
        ds_stream_ended(stream, true, "TLS with %s failed: it makes no sense as TLS",
                        ds_addr_text(stream->peer).text);
    } else if (type == DS_TLS_DATA) {
        ds_stream_deliver(stream, ds_buf_slice(plain));
    } else {
        ds_stream_ended(stream, false, "%s closed the connection", ds_addr_text(stream->peer).text);
    }
}

/* True when there was a whole record. What is delivered may end the stream, which lives on. */
static bool hear_record(struct ds_stream *stream)
{
    struct ds_buf *heard = &stream->tls->replay->heard, plain = {0};
    if (heard->len < 5)
        return false;
    size_t len = 5 + ds_get16(heard->at + 3);
    if (heard->len < len)
        return false;
    struct ds_buf record = {0};
    ds_buf_add(&record, (struct ds_slice){heard->at, len});
    use_up(heard, len);
    if (record.broken)
        ds_stream_ended(stream, true, "out of memory");
    else
        take_record(stream, ds_buf_slice(&record), &plain);
    ds_buf_clean_up(&record);
    ds_buf_clean_up(&plain);
    return true;
}

/* ---- what a stream asks for ---- */

void ds_tls_replay_start(struct ds_stream *stream)
{
    struct ds_tls_replay *replay = stream->tls->replay;
    if (stream->tls->is_server)
        return;
    write_out(stream, &replay->hello->bytes);
    replay->next = ANSWER;
}

void ds_tls_replay_arrived(struct ds_stream *stream, struct ds_slice bytes)
{
    static bool (*const hears[])(struct ds_stream *) = {
        [HELLO] = answer_hello, [ANSWER] = hear_answer, [LAST] = hear_last, [TALK] = hear_record};
    const struct ds_tls *tls = stream->tls;
    ds_buf_add(&tls->replay->heard, bytes);
    if (tls->replay->heard.broken) {
        ds_stream_ended(stream, true, "out of memory");
        return;
    }
    bool more = true;
    while (more && tls->replay != NULL && tls->replay->heard.len > 0 && !tls->parted &&
           (stream->state == DS_STREAM_OPEN || stream->state == DS_STREAM_AGREEING))
        more = hears[tls->replay->next](stream);
}

void ds_tls_replay_send(struct ds_stream *stream, struct ds_slice bytes)
{
    struct ds_buf out = {0};
    bool sealed = true;
    while (sealed && bytes.len > 0) {
        struct ds_slice cut = {bytes.at, bytes.len < DS_TLS_RECORD ? bytes.len : DS_TLS_RECORD};
        sealed = ds_tls_seal(&stream->tls->replay->ours, DS_TLS_DATA, cut, &out);
        bytes = ds_slice_from(bytes, cut.len);
    }
    if (sealed)
        write_out(stream, &out);
    else if (stream->state != DS_STREAM_ENDED)
        ds_stream_fail_later(stream, "out of memory");
    ds_buf_clean_up(&out);
}

void ds_tls_replay_part(struct ds_stream *stream)
{
    static const char close_notify[] = {1, 0}; /* RFC 8446, 6.1: a warning, number 0 */
    struct ds_buf out = {0};
    struct ds_tls *tls = stream->tls;
    if (!tls->agreed || tls->parted)
        return;
    tls->parted = true;
    if (ds_tls_seal(&tls->replay->ours, DS_TLS_ALERT,
                    (struct ds_slice){close_notify, sizeof close_notify}, &out))
        write_out(stream, &out);
    ds_buf_clean_up(&out);
}
