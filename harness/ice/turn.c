#include "turn_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NONCE_LIFETIME_S 3600 /* RFC 8656 5: at least once an hour it is another */
#define NONCE_BYTES      24

ds_us ds_turn_now(const struct ds_turn *turn)
{
    return ds_now(ds_net_clock(turn->options.net));
}

/* ---- nonces: when they were made, and a mark that only we can make ---- */

static void write_nonce(const struct ds_turn *turn, uint32_t made_s, char nonce[NONCE_BYTES + 1])
{
    char text[48];
    snprintf(text, sizeof text, "%08x-%016llx", made_s, (unsigned long long)turn->secret);
    snprintf(nonce, NONCE_BYTES + 1, "%08x%016llx", made_s,
             (unsigned long long)ds_hash(ds_slice_of(text)));
}

static uint32_t now_s(const struct ds_turn *turn)
{
    return (uint32_t)(ds_turn_now(turn) / DS_S);
}

static bool is_fresh(const struct ds_turn *turn, struct ds_slice nonce)
{
    char head[9], expected[NONCE_BYTES + 1];
    if (nonce.len != NONCE_BYTES)
        return false;
    (void)ds_slice_copy((struct ds_slice){nonce.at, 8}, head, sizeof head);
    uint32_t made_s = (uint32_t)strtoul(head, NULL, 16);
    write_nonce(turn, made_s, expected);
    return ds_slice_equal(nonce, ds_slice_of(expected)) && now_s(turn) - made_s < NONCE_LIFETIME_S;
}

/* ---- answering ---- */

static void begin(struct ds_turn *turn, enum ds_stun_kind kind, const struct ds_stun *msg)
{
    turn->text.len = 0;
    ds_stun_begin(&turn->text, kind, msg->method, msg->id);
}

void ds_turn_begin_success(struct ds_turn *turn, const struct ds_stun *msg)
{
    begin(turn, DS_STUN_SUCCESS, msg);
}

static void send_text(struct ds_turn *turn, struct ds_addr to)
{
    ds_stun_finish(&turn->text);
    if (!turn->text.broken)
        ds_udp_send(turn->udp, to, ds_buf_slice(&turn->text));
    else
        ds_buf_clean_up(&turn->text); /* as good as lost; the client asks again */
}

void ds_turn_say(struct ds_turn *turn, struct ds_addr to)
{
    ds_stun_sign(&turn->text, (struct ds_slice){(const char *)turn->key, sizeof turn->key});
    send_text(turn, to);
}

void ds_turn_refuse(struct ds_turn *turn, struct ds_addr to, const struct ds_stun *msg, int status)
{
    begin(turn, DS_STUN_ERROR, msg);
    ds_stun_put_error(&turn->text, status);
    ds_turn_say(turn, to);
}

/* 401 and 438 say how to ask again; nobody signs them, as no key is agreed on. */
static void
challenge(struct ds_turn *turn, struct ds_addr to, const struct ds_stun *msg, int status)
{
    char nonce[NONCE_BYTES + 1];
    write_nonce(turn, now_s(turn), nonce);
    begin(turn, DS_STUN_ERROR, msg);
    ds_stun_put_error(&turn->text, status);
    ds_stun_put(&turn->text, DS_STUN_REALM, ds_slice_of(turn->options.realm));
    ds_stun_put(&turn->text, DS_STUN_NONCE, ds_slice_of(nonce));
    send_text(turn, to);
}

/* RFC 5389 10.2.2: the status to refuse with; 0: it is who it says. */
static int refusal(const struct ds_turn *turn, const struct ds_stun *msg)
{
    struct ds_slice user, realm, nonce;
    const struct ds_slice key = {(const char *)turn->key, sizeof turn->key};
    if (turn->options.flaws.trusts_anybody)
        return 0;
    if (msg->integrity_at == 0)
        return 401;
    if (!ds_stun_value(msg, DS_STUN_USERNAME, &user) ||
        !ds_stun_value(msg, DS_STUN_REALM, &realm) || !ds_stun_value(msg, DS_STUN_NONCE, &nonce))
        return 400;
    if (!is_fresh(turn, nonce))
        return 438;
    bool known = ds_slice_equal(user, ds_slice_of(turn->options.user)) &&
                 ds_slice_equal(realm, ds_slice_of(turn->options.realm));
    return known && ds_stun_is_by(msg, key) ? 0 : 401;
}

/* ---- what comes ---- */

static void say_binding(struct ds_turn *turn, struct ds_addr from, const struct ds_stun *msg)
{
    begin(turn, DS_STUN_SUCCESS, msg);
    ds_stun_put_address(&turn->text, DS_STUN_XOR_MAPPED_ADDRESS, from);
    send_text(turn, from);
}

static void take_request(struct ds_turn *turn, struct ds_addr from, const struct ds_stun *msg)
{
    uint16_t unknown[DS_STUN_MOST_UNKNOWN];
    size_t count = ds_stun_unknown(msg, unknown);
    int status = msg->method == DS_STUN_BINDING ? 0 : refusal(turn, msg);
    if (status == 400) {
        ds_turn_refuse(turn, from, msg, status);
    } else if (status != 0) {
        challenge(turn, from, msg, status);
    } else if (count > 0) {
        begin(turn, DS_STUN_ERROR, msg);
        ds_stun_put_error(&turn->text, 420);
        ds_stun_put_unknown(&turn->text, unknown, count);
        ds_turn_say(turn, from);
    } else if (msg->method == DS_STUN_BINDING) {
        say_binding(turn, from, msg);
    } else {
        ds_turn_request(turn, from, msg);
    }
}

static void pass_on(struct ds_turn *turn,
                    struct ds_addr from,
                    const struct ds_addr *peer,
                    uint16_t number,
                    struct ds_slice data)
{
    struct ds_turn_allocation *allocation = ds_turn_find(turn, from);
    if (allocation == NULL)
        return;
    const struct ds_turn_channel *channel =
        peer == NULL ? ds_turn_channel_of(allocation, number) : NULL;
    if (peer == NULL && channel == NULL)
        return;
    struct ds_addr to = peer != NULL ? *peer : channel->peer;
    if (ds_turn_may(allocation, to))
        ds_udp_send(allocation->relayed, to, data);
}

static void take(void *owner, struct ds_addr from, struct ds_slice bytes)
{
    struct ds_turn *turn = owner;
    struct ds_stun msg;
    struct ds_stun_channel_data framed;
    struct ds_addr peer;
    struct ds_slice data;
    if (ds_stun_channel_parse(bytes, &framed) == DS_OK) {
        pass_on(turn, from, NULL, framed.channel, framed.data);
        return;
    }
    if (ds_stun_parse(bytes, &msg, NULL) != DS_OK)
        return;
    if (msg.kind == DS_STUN_REQUEST)
        take_request(turn, from, &msg);
    else if (msg.kind == DS_STUN_INDICATION && msg.method == DS_STUN_SEND &&
             ds_stun_address(&msg, DS_STUN_XOR_PEER_ADDRESS, 0, &peer) &&
             ds_stun_value(&msg, DS_STUN_PAYLOAD, &data))
        pass_on(turn, from, &peer, 0, data);
}

/* ---- birth and death ---- */

ds_rc ds_turn_new(const struct ds_turn_options *options, struct ds_turn **out, struct ds_why *why)
{
    struct ds_turn *turn = calloc(1, sizeof *turn);
    if (turn == NULL)
        return ds_fail_memory(why);
    turn->magic = DS_TURN_MAGIC;
    turn->options = *options;
    turn->secret = ds_rng_next(options->rng);
    ds_list_init(&turn->allocations);
    ds_stun_long_term_key(options->user, options->realm, options->password, turn->key);
    ds_rc rc = ds_udp_open(options->net, options->at, take, turn, &turn->udp, why);
    if (rc != DS_OK) {
        free(turn);
        return rc;
    }
    *out = turn;
    return DS_OK;
}

void ds_turn_free(struct ds_turn **turn)
{
    struct ds_turn *gone = *turn;
    if (gone == NULL)
        return;
    DS_CHECK(gone, DS_TURN_MAGIC);
    while (!ds_list_empty(&gone->allocations))
        ds_turn_end(DS_OWNER(gone->allocations.next, struct ds_turn_allocation, link));
    ds_udp_close(&gone->udp);
    ds_buf_clean_up(&gone->text);
    gone->magic = 0;
    free(gone);
    *turn = NULL;
}

size_t ds_turn_allocations(const struct ds_turn *turn)
{
    size_t count = 0;
    DS_CHECK(turn, DS_TURN_MAGIC);
    for (struct ds_list *at = turn->allocations.next; at != &turn->allocations; at = at->next)
        count++;
    return count;
}
