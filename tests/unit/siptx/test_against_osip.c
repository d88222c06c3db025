#include "plays.h"
#include "world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>

#include <osip2/osip.h>

/*
 * libosip2's transaction machines play the same scenes as ours, each on a virtual clock of its own;
 * every instant of sending and the instant of the end must agree. They differ in two things.
 * libosip2 has no RFC 6026 and ends an INVITE with its 2xx, where ours stays Accepted for 64*T1.
 * And a provisional response to anything but INVITE restarts its Timer E, where RFC 3261 17.1.2.2
 * lets the running one fire and only then sets it to T2.
 */

#define BRANCH "z9hG4bKscene"
#define END    (200 * DS_S)

/* What one side did. */
struct account {
    struct ds_buf sends; /* "0.5 INVITE\n" */
    ds_us ended_at;
};

static bool is_step(const struct step *step)
{
    return step->heard != NULL || step->status != 0;
}

/* ---- ours ---- */

static void
open_stage(struct world *world, const struct play *play, struct element *a, struct peer *b)
{
    world_start(world);
    element_start(world, a, 'a');
    element_listen(a, play->transport, 5060);
    if (play->transport == DS_UDP)
        peer_open_udp(world, b, 'b', 5060);
    else if (play->serves)
        peer_connect(world, b, 'b', world_addr('a', 5060));
    else
        peer_listen(world, b, 'b', 5060);
    world_run(world, 0);
}

static void act(const struct play *play, const struct step *step, struct element *a, struct peer *b)
{
    struct ds_addr to = world_addr('a', 5060);
    if (step->heard != NULL)
        peer_send(b, to, peer_text(step->heard, BRANCH, ds_transport_name(play->transport)));
    else if (play->serves)
        element_reply(a, step->status);
    else
        peer_answer(b, to, step->status);
}

/* An ACK is the last thing b heard when it answers again, so b keeps the request in mind. */
static void remember_request(struct peer *b, struct ds_msg **request)
{
    if (*request == NULL && b->last != NULL)
        *request = ds_msg_ref(b->last);
    if (*request == NULL)
        return;
    ds_msg_unref(&b->last);
    b->last = ds_msg_ref(*request);
}

static void take_sends(struct world *world, struct ds_buf *sends)
{
    struct ds_slice rest = ds_buf_slice(&world->wire), line;
    while (ds_slice_cut(&rest, '\n', &line))
        if (ds_slice_starts(line, DS_LITERAL("a ")))
            ds_buf_print(sends, "%.*s\n", DS_FMT(ds_slice_from(line, 2)));
}

static void play_ours(const struct play *play, struct account *account)
{
    struct world world;
    struct element a;
    struct peer b;
    struct ds_msg *request = NULL;
    const struct ds_hop hop = world_hop('b', play->transport, 5060);
    open_stage(&world, play, &a, &b);
    if (!play->serves)
        assert_int_equal(element_request(&a, play->method, &hop), DS_OK);
    for (size_t i = 0; i < MAX_STEPS && is_step(&play->steps[i]); i++) {
        world_run(&world, play->steps[i].at_ms * DS_MS);
        if (!play->serves)
            remember_request(&b, &request);
        act(play, &play->steps[i], &a, &b);
    }
    world_run(&world, END);
    take_sends(&world, &account->sends);
    account->ended_at = a.ended_at;
    assert_int_equal(ds_sip_transaction_count(a.sip), 0);
    ds_msg_unref(&request);
    element_stop(&a);
    peer_close(&b);
    world_stop(&world);
}

/* ---- libosip2's ---- */

/* libosip2 asks the program for the time, not a context: this is the clock of its scenes. It starts
 * late, because its timers take 0 for unset. */
static ds_us osip_now;

#define OSIP_START (1000 * DS_S)

__attribute__((visibility("default"))) int osip_gettimeofday(struct timeval *now, void *zone);

int osip_gettimeofday(struct timeval *now, void *zone)
{
    (void)zone;
    now->tv_sec = (OSIP_START + osip_now) / DS_S;
    now->tv_usec = (OSIP_START + osip_now) % DS_S;
    return 0;
}

struct theirs {
    osip_t *osip;
    osip_transaction_t *txn; /* NULL before it began and after it ended */
    bool ended;
    struct account *account;
    struct ds_msg *request; /* owned: what responses answer */
};

static struct theirs *theirs_of(osip_transaction_t *txn)
{
    return osip_transaction_get_your_instance(txn);
}

static int see_send(osip_transaction_t *txn, osip_message_t *msg, char *host, int port, int socket)
{
    struct theirs *theirs = theirs_of(txn);
    (void)host, (void)port, (void)socket;
    ds_buf_print(&theirs->account->sends, "%g ", (double)osip_now / (double)DS_S);
    if (MSG_IS_REQUEST(msg))
        ds_buf_print(&theirs->account->sends, "%s\n", msg->sip_method);
    else
        ds_buf_print(&theirs->account->sends, "%d\n", msg->status_code);
    return 0;
}

static void see_kill(int type, osip_transaction_t *txn)
{
    struct theirs *theirs = theirs_of(txn);
    (void)type;
    theirs->ended = true;
    theirs->account->ended_at = osip_now;
}

static void ignore_event(int type, osip_transaction_t *txn, osip_message_t *msg)
{
    (void)type, (void)txn, (void)msg;
}

static void ignore_trouble(int type, osip_transaction_t *txn, int error)
{
    (void)type, (void)txn;
    fail_msg("libosip2 could not send: %d", error);
}

static void open_theirs(struct theirs *theirs)
{
    assert_int_equal(osip_init(&theirs->osip), 0);
    osip_set_cb_send_message(theirs->osip, see_send);
    for (int i = 0; i < OSIP_MESSAGE_CALLBACK_COUNT; i++)
        osip_set_message_callback(theirs->osip, i, ignore_event);
    for (int i = 0; i < OSIP_KILL_CALLBACK_COUNT; i++)
        osip_set_kill_transaction_callback(theirs->osip, i, see_kill);
    for (int i = 0; i < OSIP_TRANSPORT_ERROR_CALLBACK_COUNT; i++)
        osip_set_transport_error_callback(theirs->osip, i, ignore_trouble);
}

static void give(struct theirs *theirs, struct ds_slice bytes, bool outgoing)
{
    osip_event_t *event = osip_parse(bytes.at, bytes.len);
    assert_non_null(event);
    if (outgoing) {
        osip_message_t *msg = event->sip;
        osip_free(event);
        event = osip_new_outgoing_sipmessage(msg);
        event->transactionid = theirs->txn->transactionid;
        osip_transaction_add_event(theirs->txn, event);
    } else if (theirs->txn == NULL) {
        theirs->txn = osip_create_transaction(theirs->osip, event);
        assert_non_null(theirs->txn);
        osip_transaction_set_your_instance(theirs->txn, theirs);
        osip_transaction_add_event(theirs->txn, event);
    } else {
        assert_int_equal(osip_find_transaction_and_add_event(theirs->osip, event), 0);
    }
}

static void execute_all(osip_t *osip)
{
    osip_timers_ict_execute(osip);
    osip_timers_ist_execute(osip);
    osip_timers_nict_execute(osip);
    osip_timers_nist_execute(osip);
    osip_ict_execute(osip);
    osip_ist_execute(osip);
    osip_nict_execute(osip);
    osip_nist_execute(osip);
}

/* Jumps from timer to timer up to that instant. */
static void run_theirs(struct theirs *theirs, ds_us until)
{
    for (int idle = 0; idle < 3 && !theirs->ended;) {
        struct timeval wait;
        execute_all(theirs->osip);
        if (theirs->ended)
            break;
        osip_timers_gettimeout(theirs->osip, &wait);
        ds_us next = osip_now + wait.tv_sec * DS_S + wait.tv_usec;
        idle += next >= until;
        osip_now = next < until ? next : until;
    }
}

static void begin_theirs(struct theirs *theirs, const struct play *play)
{
    const char *text = peer_text(play->method, BRANCH, ds_transport_name(play->transport));
    osip_message_t *msg = NULL;
    bool is_invite = strcmp(play->method, "INVITE") == 0;
    assert_int_equal(ds_msg_parse(ds_slice_of(text), &theirs->request, NULL), DS_OK);
    if (play->serves)
        return;
    assert_int_equal(osip_message_init(&msg), 0);
    assert_int_equal(osip_message_parse(msg, text, strlen(text)), 0);
    assert_int_equal(osip_transaction_init(&theirs->txn, is_invite ? ICT : NICT, theirs->osip, msg),
                     0);
    osip_transaction_set_your_instance(theirs->txn, theirs);
    osip_message_free(msg);
    give(theirs, ds_slice_of(text), true);
}

static void act_theirs(struct theirs *theirs, const struct play *play, const struct step *step)
{
    struct ds_draft draft = {.text = {0}};
    struct ds_msg *response = NULL;
    if (step->heard != NULL) {
        give(theirs,
             ds_slice_of(peer_text(step->heard, BRANCH, ds_transport_name(play->transport))),
             false);
        return;
    }
    ds_draft_response(&draft, theirs->request, step->status, "tb");
    assert_int_equal(ds_draft_finish(&draft, NULL, DS_LITERAL(""), &response, NULL), DS_OK);
    give(theirs, ds_msg_bytes(response), play->serves);
    ds_msg_unref(&response);
}

static void play_theirs(const struct play *play, struct account *account)
{
    struct theirs theirs = {.account = account};
    osip_now = 0;
    open_theirs(&theirs);
    begin_theirs(&theirs, play);
    for (size_t i = 0; i < MAX_STEPS && is_step(&play->steps[i]); i++) {
        run_theirs(&theirs, play->steps[i].at_ms * DS_MS);
        act_theirs(&theirs, play, &play->steps[i]);
    }
    run_theirs(&theirs, END);
    assert_true(theirs.ended);
    osip_transaction_free(theirs.txn);
    osip_release(theirs.osip);
    ds_msg_unref(&theirs.request);
}

/* ---- both ---- */

static void both_send_and_end_at_the_same_instants(void **state)
{
    (void)state;
    for (size_t i = 0; i < DS_COUNT(plays); i++) {
        struct account ours = {.ended_at = -1}, theirs = {.ended_at = -1};
        play_ours(&plays[i], &ours);
        play_theirs(&plays[i], &theirs);
        ds_us accepted = plays[i].is_accepted ? 64 * DS_T1 : 0;
        if (strcmp(ours.sends.at, theirs.sends.at) != 0 ||
            ours.ended_at != theirs.ended_at + accepted)
            fail_msg("%s: we sent\n%sand ended at %lld us, libosip2 sent\n%sand ended at %lld us",
                     plays[i].name, ours.sends.at, (long long)ours.ended_at, theirs.sends.at,
                     (long long)theirs.ended_at);
        ds_buf_clean_up(&ours.sends);
        ds_buf_clean_up(&theirs.sends);
    }
}

static void a_provisional_moves_timer_e_of_libosip2_but_not_ours(void **state)
{
    static const struct play play = {"an OPTIONS that is tried",
                                     "OPTIONS",
                                     DS_UDP,
                                     false,
                                     false,
                                     {{1000, NULL, 100}, {12000, NULL, 200}}};
    struct account ours = {.ended_at = -1}, theirs = {.ended_at = -1};
    (void)state;
    play_ours(&play, &ours);
    play_theirs(&play, &theirs);
    assert_string_equal(ours.sends.at,
                        "0 OPTIONS\n0.5 OPTIONS\n1.5 OPTIONS\n5.5 OPTIONS\n9.5 OPTIONS\n");
    assert_string_equal(theirs.sends.at, "0 OPTIONS\n0.5 OPTIONS\n5 OPTIONS\n9 OPTIONS\n");
    assert_int_equal(ours.ended_at, theirs.ended_at);
    ds_buf_clean_up(&ours.sends);
    ds_buf_clean_up(&theirs.sends);
}

int test_against_osip(void);

int test_against_osip(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_send_and_end_at_the_same_instants),
        cmocka_unit_test(a_provisional_moves_timer_e_of_libosip2_but_not_ours),
    };
    return cmocka_run_group_tests_name("against osip", tests, NULL, NULL);
}
