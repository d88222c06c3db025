#include "world.h"

#include "subscription.h"

/* Subscriptions to events (RFC 6665): a subscribes, b notifies. */

#define SUMMARY "application/simple-message-summary"

struct end {
    struct party party;
    struct ds_subscription *subscription; /* owned; freed when it is over */
};

struct two {
    struct world world;
    struct end a, b;
};

static void on_notified(void *owner, const struct ds_msg *notify)
{
    struct end *end = owner;
    party_tell(&end->party, "notified %.*s", DS_FMT(ds_msg_body(notify)));
}

static void on_over(void *owner)
{
    struct end *end = owner;
    party_tell(&end->party, "over");
    ds_subscription_free(&end->subscription);
}

static void say(struct end *end, const char *text)
{
    ds_subscription_notify(end->subscription, SUMMARY, ds_slice_of(text));
}

static void on_asked(void *owner)
{
    say(owner, "last");
}

static bool on_subscribe(void *owner,
                         struct ds_server_txn *txn,
                         const struct ds_msg *msg,
                         const struct ds_hop *from)
{
    static const struct ds_subscription_events events = {.asked = on_asked, .over = on_over};
    struct end *end = DS_OWNER(owner, struct end, party);
    if (txn == NULL || !ds_subscribe_is_for(msg, "message-summary"))
        return false;
    if (ds_subscription_accept(end->party.ua, txn, from, &events, end, &end->subscription) == DS_OK)
        say(end, "first");
    return true;
}

static void refuse_invite(void *owner, struct ds_session *session, const struct ds_msg *msg)
{
    (void)owner;
    (void)msg;
    ds_session_free(&session);
}

static void ask(struct two *two, const char *event, uint32_t expires_s, bool lapses)
{
    static const struct ds_subscription_events events = {.notified = on_notified, .over = on_over};
    struct ds_why why;
    const struct ds_hop hop = world_hop(&two->world, 'b');
    const struct ds_subscribe how = {.event = event,
                                     .accept = SUMMARY,
                                     .uri = "sip:a@contoso.example",
                                     .from_uri = "sip:a@contoso.example",
                                     .contact = "<sip:a@127.0.0.10;transport=tcp>",
                                     .expires_s = expires_s,
                                     .lapses = lapses,
                                     .hop = &hop};
    assert_int_equal(
        ds_subscription_ask(two->a.party.ua, &how, &events, &two->a, &two->a.subscription, &why),
        DS_OK);
    world_run(&two->world, ds_now(two->world.clock));
}

static void subscribe(struct two *two, const char *event, uint32_t expires_s)
{
    ask(two, event, expires_s, false);
}

static void start(struct two *two)
{
    static const struct ds_ua_events notifier = {.request = on_subscribe, .invite = refuse_invite};
    memset(two, 0, sizeof *two);
    world_start(&two->world);
    two->world.transport = DS_TCP;
    party_start(&two->world, &two->a.party, 'a');
    party_start_as(&two->world, &two->b.party, 'b', &notifier);
}

static void stop(struct two *two)
{
    ds_subscription_free(&two->a.subscription);
    ds_subscription_free(&two->b.subscription);
    party_stop(&two->a.party);
    party_stop(&two->b.party);
    world_stop(&two->world);
}

static void a_subscriber_is_told_at_once_and_later(void **state)
{
    struct two two;
    (void)state;
    start(&two);
    two.b.party.watches = "NOTIFY";
    subscribe(&two, "message-summary", 600);
    assert_wire(&two.world, "0 ab SUBSCRIBE\n0 ba 200\n0 ba NOTIFY\n0 ab 200\n");
    assert_true(sent_has(&two.b.party, "Subscription-State", "active;expires=600"));
    assert_true(sent_has(&two.b.party, "Event", "message-summary"));
    say(&two.b, "second");
    say(&two.b, "third");
    world_run(&two.world, 1 * DS_S);
    assert_told(&two.world, "a notified first\na notified second\na notified third\n");
    stop(&two);
}

static void who_wants_no_more_has_the_last_word_told(void **state)
{
    struct two two;
    (void)state;
    start(&two);
    two.b.party.watches = "NOTIFY";
    subscribe(&two, "message-summary", 600);
    ds_subscription_end(two.a.subscription);
    ds_subscription_end(two.a.subscription);
    world_run(&two.world, 1 * DS_S);
    assert_told(&two.world, "a notified first\na notified last\na over\nb over\n");
    assert_true(sent_has(&two.b.party, "Subscription-State", "terminated;reason=timeout"));
    assert_true(sent_has(&two.b.party, "CSeq", "2 NOTIFY"));
    assert_null(two.a.subscription);
    stop(&two);
}

static void it_may_be_ended_before_it_is_known(void **state)
{
    struct two two;
    (void)state;
    start(&two);
    two.b.party.holds = "200";
    subscribe(&two, "message-summary", 600);
    ds_subscription_end(two.a.subscription);
    world_run(&two.world, 1 * DS_S);
    assert_told(&two.world, "a notified first\n");
    party_release(&two.b.party);
    world_run(&two.world, 2 * DS_S);
    assert_told(&two.world, "a notified last\na over\nb over\n");
    stop(&two);
}

static void a_look_is_one_notify(void **state)
{
    struct two two;
    (void)state;
    start(&two);
    subscribe(&two, "message-summary", 0);
    world_run(&two.world, 1 * DS_S);
    assert_told(&two.world, "a notified first\na over\nb over\n");
    stop(&two);
}

static void another_event_is_refused(void **state)
{
    struct two two;
    (void)state;
    start(&two);
    subscribe(&two, "presence", 600);
    world_run(&two.world, 1 * DS_S);
    assert_told(&two.world, "a over\n");
    stop(&two);
}

static void who_has_forgotten_it_is_not_told_again(void **state)
{
    struct two two;
    (void)state;
    start(&two);
    subscribe(&two, "message-summary", 600);
    ds_subscription_free(&two.a.subscription);
    say(&two.b, "second");
    world_run(&two.world, 1 * DS_S);
    assert_told(&two.world, "a notified first\nb over\n");
    assert_null(two.b.subscription);
    stop(&two);
}

static void it_is_renewed_before_its_time_is_over(void **state)
{
    struct two two;
    (void)state;
    start(&two);
    two.b.party.watches = "NOTIFY";
    subscribe(&two, "message-summary", 600);
    assert_wire(&two.world, "0 ab SUBSCRIBE\n0 ba 200\n0 ba NOTIFY\n0 ab 200\n");
    world_run(&two.world, 700 * DS_S);
    assert_wire(&two.world, "450 ab SUBSCRIBE\n450 ba 200\n450 ba NOTIFY\n450 ab 200\n");
    say(&two.b, "second");
    world_run(&two.world, 800 * DS_S);
    assert_true(sent_has(&two.b.party, "Subscription-State", "active;expires=350"));
    assert_told(&two.world, "a notified first\na notified last\na notified second\n");
    stop(&two);
}

static void it_lasts_as_long_as_was_granted(void **state)
{
    struct two two;
    (void)state;
    start(&two);
    two.a.party.watches = "SUBSCRIBE";
    subscribe(&two, "message-summary", 86400);
    world_run(&two.world, 2699 * DS_S);
    assert_true(sent_has(&two.a.party, "CSeq", "1 SUBSCRIBE"));
    world_run(&two.world, 2701 * DS_S);
    assert_true(sent_has(&two.a.party, "CSeq", "2 SUBSCRIBE"));
    stop(&two);
}

static void who_does_not_renew_it_is_told_the_last_word(void **state)
{
    struct two two;
    (void)state;
    start(&two);
    two.b.party.watches = "NOTIFY";
    ask(&two, "message-summary", 600, true);
    world_run(&two.world, 599 * DS_S);
    assert_told(&two.world, "a notified first\n");
    world_run(&two.world, 601 * DS_S);
    assert_true(sent_has(&two.b.party, "Subscription-State", "terminated;reason=timeout"));
    assert_told(&two.world, "a notified last\na over\nb over\n");
    stop(&two);
}

static void a_notifier_that_has_forgotten_it_says_so(void **state)
{
    struct two two;
    (void)state;
    start(&two);
    subscribe(&two, "message-summary", 600);
    ds_subscription_free(&two.b.subscription);
    world_run(&two.world, 451 * DS_S);
    assert_told(&two.world, "a notified first\na over\n");
    assert_null(two.a.subscription);
    stop(&two);
}

int test_subscription(void);

int test_subscription(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_subscriber_is_told_at_once_and_later),
        cmocka_unit_test(who_wants_no_more_has_the_last_word_told),
        cmocka_unit_test(it_may_be_ended_before_it_is_known),
        cmocka_unit_test(a_look_is_one_notify),
        cmocka_unit_test(another_event_is_refused),
        cmocka_unit_test(who_has_forgotten_it_is_not_told_again),
        cmocka_unit_test(it_is_renewed_before_its_time_is_over),
        cmocka_unit_test(it_lasts_as_long_as_was_granted),
        cmocka_unit_test(who_does_not_renew_it_is_told_the_last_word),
        cmocka_unit_test(a_notifier_that_has_forgotten_it_says_so),
    };
    return cmocka_run_group_tests_name("subscription", tests, NULL, NULL);
}
