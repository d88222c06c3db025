#ifndef DS_TEST_ASKER_H
#define DS_TEST_ASKER_H

/* A client of the TURN server that says what a test wants, right or wrong. */

#include "stage.h"

struct asker {
    struct box box;
    char nonce[64];
    const char *user, *password;
    uint8_t id[DS_STUN_ID_BYTES];
    struct ds_stun answer; /* points into the box */
    struct ds_addr relayed;
};

typedef void put_fn(struct ds_buf *out, const void *what);

static inline void put_transport(struct ds_buf *out, const void *what)
{
    ds_stun_put_number(out, DS_STUN_REQUESTED_TRANSPORT, (uint32_t) * (const uint8_t *)what << 24);
}

static inline void put_lifetime(struct ds_buf *out, const void *what)
{
    ds_stun_put_number(out, DS_STUN_LIFETIME, *(const uint32_t *)what);
}

static inline void put_peer(struct ds_buf *out, const void *what)
{
    ds_stun_put_address(out, DS_STUN_XOR_PEER_ADDRESS, *(const struct ds_addr *)what);
}

static inline void put_channel_and_peer(struct ds_buf *out, const void *what)
{
    ds_stun_put_channel(out, 0x4001);
    put_peer(out, what);
}

static inline void put_unknown(struct ds_buf *out, const void *what)
{
    (void)what;
    ds_stun_put_number(out, 0x0017, 0);
}

static inline void asker_say(struct asker *asker, uint16_t method, put_fn *put, const void *what)
{
    struct ds_buf out = {0};
    uint8_t key[DS_STUN_KEY_BYTES];
    ds_stun_begin(&out, DS_STUN_REQUEST, method, asker->id);
    if (put != NULL)
        put(&out, what);
    if (asker->nonce[0] != '\0') {
        ds_stun_long_term_key(asker->user, "contoso.example", asker->password, key);
        ds_stun_put(&out, DS_STUN_USERNAME, ds_slice_of(asker->user));
        ds_stun_put(&out, DS_STUN_REALM, DS_LITERAL("contoso.example"));
        ds_stun_put(&out, DS_STUN_NONCE, ds_slice_of(asker->nonce));
        ds_stun_sign(&out, (struct ds_slice){(const char *)key, sizeof key});
    }
    ds_stun_finish(&out);
    ds_udp_send(asker->box.udp, ds_addr_v4(PUBLIC, DS_STUN_PORT), ds_buf_slice(&out));
    ds_buf_clean_up(&out);
}

/* Asks, and tells the status it is refused with; 0: it was granted. */
static inline int asker_ask(struct asker *asker, uint16_t method, put_fn *put, const void *what)
{
    size_t before = asker->box.count;
    asker->id[0]++;
    asker_say(asker, method, put, what);
    pass(asker->box.stage, DS_MS);
    assert_int_equal(asker->box.count, before + 1);
    assert_int_equal(ds_stun_parse(box_last(&asker->box), &asker->answer, NULL), DS_OK);
    assert_memory_equal(asker->answer.id, asker->id, sizeof asker->id);
    return ds_stun_error(&asker->answer);
}

static inline void asker_open(struct asker *asker, struct stage *stage, uint16_t port)
{
    *asker = (struct asker){.user = "rita", .password = "secret"};
    box_open(&asker->box, stage, OUTSIDE, port);
}

/* Takes the nonce of a 401 or a 438. */
static inline void asker_learn(struct asker *asker)
{
    struct ds_slice nonce;
    assert_true(ds_stun_value(&asker->answer, DS_STUN_NONCE, &nonce));
    assert_true(ds_slice_copy(nonce, asker->nonce, sizeof asker->nonce));
}

static inline int asker_allocate(struct asker *asker)
{
    static const uint8_t udp = DS_STUN_UDP;
    int status = asker_ask(asker, DS_STUN_ALLOCATE, put_transport, &udp);
    if (status == 0)
        assert_true(
            ds_stun_address(&asker->answer, DS_STUN_XOR_RELAYED_ADDRESS, 0, &asker->relayed));
    return status;
}

/* With an allocation. */
static inline void asker_settle(struct asker *asker, struct stage *stage, uint16_t port)
{
    asker_open(asker, stage, port);
    assert_int_equal(asker_allocate(asker), 401);
    asker_learn(asker);
    assert_int_equal(asker_allocate(asker), 0);
}

#endif
