#ifndef DS_TEST_MESSAGES_H
#define DS_TEST_MESSAGES_H

/* Messages that several of these tests start from. */

#include "support.h"

#include "sipmsg.h"

#define INVITE_HEAD                                                                                \
    "INVITE sip:+15550100@pool.example.com;user=phone SIP/2.0\r\n"                                 \
    "Via: SIP/2.0/TCP 127.0.10.5:5067;branch=z9hG4bKm1, SIP/2.0/UDP gw;branch=z9hG4bKg1\r\n"       \
    "Max-Forwards: 69\r\n"                                                                         \
    "Route: <sip:pool.example.com;lr>, <sip:edge.example.com;lr>\r\n"                              \
    "FROM: \"Doe, Jane\" <sip:+15550199@gw.example.com>;epid=1a;tag=f1\r\n"                        \
    "t: <sip:+15550100@pool.example.com>\r\n"                                                      \
    "i: 4711@gw.example.com\r\n"                                                                   \
    "CSeq: 7 INVITE\r\n"                                                                           \
    "Supported: 100rel, timer,\r\n"                                                                \
    " replaces\r\n"

#define INVITE INVITE_HEAD "Content-Type: application/sdp\r\nContent-Length: 5\r\n\r\nv=0\r\n"

#define RINGING                                                                                    \
    "SIP/2.0 180 Ringing\r\n"                                                                      \
    "Via: SIP/2.0/UDP gw;branch=z9hG4bKg1\r\n"                                                     \
    "From: <sip:a@gw>;tag=f1\r\n"                                                                  \
    "To: <sip:b@pool>;tag=t1\r\n"                                                                  \
    "Call-ID: 4711\r\n"                                                                            \
    "CSeq: 7 INVITE\r\n"                                                                           \
    "Content-Length: 0\r\n\r\n"

static inline struct ds_msg *parse(const char *text)
{
    struct ds_why why = {""};
    struct ds_msg *msg = NULL;
    if (ds_msg_parse(ds_slice_of(text), &msg, &why) != DS_OK)
        fail_msg("%s", why.text);
    return msg;
}

static inline struct ds_msg *read_any(const char *text)
{
    struct ds_msg *msg = NULL;
    assert_int_equal(ds_msg_read(ds_slice_of(text), &msg, NULL), DS_OK);
    return msg;
}

static inline const char *defect_of(const struct ds_msg *msg)
{
    const char *defect = NULL;
    assert_int_equal(ds_msg_defect(msg, &defect), DS_OK);
    return defect;
}

#define assert_slice(slice, text) assert_true(ds_slice_equal(slice, ds_slice_of(text)))

#endif
