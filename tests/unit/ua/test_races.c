#include "world.h"

/*
 * Messages that cross. Each story is told once for each order in which they can arrive; whoever
 * wins, both ends are of one mind afterwards, every 2xx is acknowledged, and nothing is left.
 */

static void start(struct pair *pair)
{
    pair_start(pair, DS_UDP);
    pair->b.answers = false;
    pair->b.progresses = 180;
}

/* a calls b, who rings. */
static void ring(struct pair *pair)
{
    start(pair);
    party_call(&pair->a, 'b', 'b');
    world_run(&pair->world, 1 * DS_S);
    assert_wire(&pair->world, "0 ab INVITE\n0 ba 180\n");
    assert_told(&pair->world, "b invite sdp\na progress 180\n");
}

static void connect_pair(struct pair *pair)
{
    const struct ds_content content = sdp_content();
    ring(pair);
    ds_session_answer(pair->b.session, &content);
    world_run(&pair->world, 2 * DS_S);
    assert_wire(&pair->world, "1 ba 200\n1 ab ACK\n");
    assert_told(&pair->world, "a answered 200 sdp\nb confirmed\n");
}

/* Nothing is left once every timer of RFC 3261 has run out. */
static void settle(struct pair *pair)
{
    struct ds_buf left = {.at = NULL};
    world_run(&pair->world, ds_now(pair->world.clock) + 100 * DS_S);
    size_t count = ds_ua_leftovers(pair->a.ua, &left) + ds_ua_leftovers(pair->b.ua, &left);
    if (count > 0)
        fail_msg("%s", left.at);
    assert_wire(&pair->world, "");
    assert_told(&pair->world, "");
    pair_stop(pair);
}

/* ---- CANCEL against 200 ---- */

static void a_cancel_that_comes_first_ends_the_call_with_487(void **state)
{
    struct pair pair;
    const struct ds_content content = sdp_content();
    (void)state;
    ring(&pair);
    ds_session_hang_up(pair.a.session, NULL);
    world_run(&pair.world, 1 * DS_S);
    assert_null(pair.b.session);
    world_run(&pair.world, 2 * DS_S);
    assert_wire(&pair.world, "1 ab CANCEL\n1 ba 200\n1 ba 487\n1 ab ACK\n");
    assert_told(&pair.world, "b cancelled\na refused 487\n");
    (void)content;
    settle(&pair);
}

static void an_answer_that_crosses_the_cancel_is_acknowledged_and_ended(void **state)
{
    struct pair pair;
    const struct ds_content content = sdp_content();
    (void)state;
    ring(&pair);
    ds_session_hang_up(pair.a.session, NULL);
    ds_session_answer(pair.b.session, &content);
    world_run(&pair.world, 2 * DS_S);
    assert_wire(&pair.world, "1 ab CANCEL\n1 ba 200\n1 ba 200\n1 ab ACK\n1 ab BYE\n1 ba 200\n");
    assert_told(&pair.world, "b confirmed\nb ended by BYE\na ended\n");
    settle(&pair);
}

static void an_answer_that_comes_long_after_the_cancel_is_ended_too(void **state)
{
    struct pair pair;
    const struct ds_content content = sdp_content();
    (void)state;
    ring(&pair);
    pair.a.holds = "CANCEL";
    pair.a.watches = "BYE";
    ds_session_hang_up(pair.a.session, NULL);
    ds_session_answer(pair.b.session, &content);
    world_run(&pair.world, 2 * DS_S);
    assert_wire(&pair.world, "1 ba 200\n1 ab ACK\n1 ab BYE\n1 ba 200\n");
    party_release(&pair.a);
    world_run(&pair.world, 3 * DS_S);
    assert_wire(&pair.world, "2 ab CANCEL\n2 ba 200\n");
    assert_told(&pair.world, "b confirmed\nb ended by BYE\na ended\n");
    settle(&pair);
}

static void a_cancel_before_any_provisional_waits_for_one(void **state)
{
    struct pair pair;
    (void)state;
    start(&pair);
    pair.b.holds = "180";
    party_call(&pair.a, 'b', 'b');
    ds_session_hang_up(pair.a.session, NULL);
    world_run(&pair.world, 100 * DS_MS);
    assert_wire(&pair.world, "0 ab INVITE\n");
    party_release(&pair.b);
    world_run(&pair.world, 200 * DS_MS);
    assert_wire(&pair.world, "0.1 ba 180\n0.1 ab CANCEL\n0.1 ba 200\n0.1 ba 487\n0.1 ab ACK\n");
    assert_told(&pair.world, "b invite sdp\nb cancelled\na refused 487\n");
    settle(&pair);
}

static void an_answer_without_any_provisional_overtakes_the_cancel(void **state)
{
    struct pair pair;
    (void)state;
    start(&pair);
    pair.b.progresses = 0;
    pair.b.answers = true;
    party_call(&pair.a, 'b', 'b');
    ds_session_hang_up(pair.a.session, NULL);
    world_run(&pair.world, 1 * DS_S);
    assert_wire(&pair.world, "0 ab INVITE\n0 ba 200\n0 ab ACK\n0 ab BYE\n0 ba 200\n");
    assert_told(&pair.world, "b invite sdp\nb confirmed\nb ended by BYE\na ended\n");
    settle(&pair);
}

static void an_answer_to_a_caller_who_is_gone_is_ended(void **state)
{
    struct pair pair;
    const struct ds_content content = sdp_content();
    (void)state;
    ring(&pair);
    ds_session_free(&pair.a.session);
    ds_session_answer(pair.b.session, &content);
    world_run(&pair.world, 2 * DS_S);
    assert_wire(&pair.world, "1 ba 200\n1 ab ACK\n1 ab BYE\n1 ba 200\n");
    assert_told(&pair.world, "b confirmed\nb ended by BYE\n");
    settle(&pair);
}

static void a_call_whose_callee_is_gone_can_be_cancelled(void **state)
{
    struct pair pair;
    (void)state;
    ring(&pair);
    ds_session_free(&pair.b.session);
    ds_session_hang_up(pair.a.session, NULL);
    world_run(&pair.world, 2 * DS_S);
    assert_wire(&pair.world, "1 ab CANCEL\n1 ba 200\n1 ba 487\n1 ab ACK\n");
    assert_told(&pair.world, "a refused 487\n");
    settle(&pair);
}

/* ---- BYE against BYE, ACK against BYE ---- */

static void both_ends_may_hang_up_at_once(void **state)
{
    struct pair pair;
    (void)state;
    connect_pair(&pair);
    ds_session_hang_up(pair.a.session, NULL);
    ds_session_hang_up(pair.b.session, NULL);
    world_run(&pair.world, 3 * DS_S);
    assert_wire(&pair.world, "2 ab BYE\n2 ba BYE\n2 ba 200\n2 ab 200\n");
    assert_told(&pair.world, "b ended by BYE\na ended by BYE\n");
    settle(&pair);
}

static void a_bye_that_comes_after_the_end_is_told_481(void **state)
{
    struct pair pair;
    (void)state;
    connect_pair(&pair);
    pair.b.holds = "BYE";
    ds_session_hang_up(pair.b.session, NULL);
    ds_session_hang_up(pair.a.session, NULL);
    world_run(&pair.world, 3 * DS_S);
    assert_wire(&pair.world, "2 ab BYE\n2 ba 200\n");
    party_release(&pair.b);
    world_run(&pair.world, 4 * DS_S);
    assert_wire(&pair.world, "3 ba BYE\n3 ab 481\n");
    assert_told(&pair.world, "b ended by BYE\na ended\n");
    settle(&pair);
}

/* b answers and hangs up at once; a hangs up when it hears the answer. */
static void hang_up_on_both_sides_of_the_answer(struct pair *pair, const char *held)
{
    const struct ds_content content = sdp_content();
    ring(pair);
    pair->a.hangs_up_when_answered = true;
    pair->a.holds = held;
    ds_session_answer(pair->b.session, &content);
    ds_session_hang_up(pair->b.session, NULL);
    world_run(&pair->world, 1100 * DS_MS);
}

static void the_callee_hangs_up_when_the_ack_has_come(void **state)
{
    struct pair pair;
    (void)state;
    hang_up_on_both_sides_of_the_answer(&pair, NULL);
    assert_wire(&pair.world, "1 ba 200\n1 ab ACK\n1 ab BYE\n1 ba BYE\n1 ba 200\n1 ab 200\n");
    assert_told(&pair.world, "a answered 200 sdp\nb ended by BYE\na ended by BYE\n");
    settle(&pair);
}

static void a_bye_that_overtakes_the_ack_ends_the_call(void **state)
{
    struct pair pair;
    (void)state;
    hang_up_on_both_sides_of_the_answer(&pair, "ACK");
    assert_wire(&pair.world, "1 ba 200\n1 ab BYE\n1 ba 200\n");
    party_release(&pair.a);
    world_run(&pair.world, 2 * DS_S);
    assert_wire(&pair.world, "1.1 ab ACK\n");
    assert_told(&pair.world, "a answered 200 sdp\nb ended by BYE\na ended\nb request ACK\n");
    settle(&pair);
}

static void an_answer_sent_again_meets_its_ack(void **state)
{
    struct pair pair;
    const struct ds_content content = sdp_content();
    (void)state;
    ring(&pair);
    pair.a.holds = "ACK";
    ds_session_answer(pair.b.session, &content);
    world_run(&pair.world, 1600 * DS_MS);
    party_release(&pair.a);
    world_run(&pair.world, 2 * DS_S);
    assert_wire(&pair.world, "1 ba 200\n1.5 ba 200\n1.6 ab ACK\n1.6 ab ACK\n");
    ds_session_hang_up(pair.a.session, NULL);
    world_run(&pair.world, 3 * DS_S);
    assert_wire(&pair.world, "2 ab BYE\n2 ba 200\n");
    assert_told(&pair.world, "a answered 200 sdp\nb confirmed\nb ended by BYE\na ended\n");
    settle(&pair);
}

/* ---- re-INVITE against BYE ---- */

static void an_offer_that_crosses_a_bye_is_told_481(void **state)
{
    struct pair pair;
    const struct ds_content hold = sdp_content();
    (void)state;
    connect_pair(&pair);
    ds_session_offer(pair.a.session, &hold);
    ds_session_hang_up(pair.b.session, NULL);
    world_run(&pair.world, 3 * DS_S);
    assert_wire(&pair.world, "2 ab INVITE\n2 ba BYE\n2 ba 481\n2 ab 200\n2 ab ACK\n");
    assert_told(&pair.world, "a ended by BYE\nb ended\n");
    settle(&pair);
}

static void an_answer_to_an_offer_is_acknowledged_after_the_end(void **state)
{
    struct pair pair;
    const struct ds_content hold = sdp_content();
    (void)state;
    connect_pair(&pair);
    pair.b.holds = "200";
    ds_session_offer(pair.a.session, &hold);
    world_run(&pair.world, 2 * DS_S);
    ds_session_hang_up(pair.b.session, NULL);
    world_run(&pair.world, 2100 * DS_MS);
    assert_wire(&pair.world, "2 ab INVITE\n2 ba BYE\n2 ab 200\n");
    assert_told(&pair.world, "b offer by INVITE sdp\na ended by BYE\nb ended\n");
    party_release(&pair.b);
    world_run(&pair.world, 3 * DS_S);
    assert_wire(&pair.world, "2.1 ba 200\n2.1 ab ACK\n");
    assert_told(&pair.world, "b request ACK\n");
    settle(&pair);
}

static void an_offer_to_who_has_forgotten_the_call_ends_it(void **state)
{
    struct pair pair;
    const struct ds_content hold = sdp_content();
    (void)state;
    connect_pair(&pair);
    ds_session_free(&pair.b.session);
    ds_session_offer(pair.a.session, &hold);
    world_run(&pair.world, 3 * DS_S);
    assert_wire(&pair.world, "2 ab INVITE\n2 ba 481\n2 ab ACK\n2 ab BYE\n2 ba 481\n");
    assert_told(&pair.world, "a offer done 481\na ended\n");
    settle(&pair);
}

/* ---- re-INVITE against re-INVITE ---- */

static void an_offer_waits_for_the_ack_of_the_call(void **state)
{
    struct pair pair;
    const struct ds_content content = sdp_content();
    (void)state;
    ring(&pair);
    pair.a.holds = "ACK";
    ds_session_answer(pair.b.session, &content);
    ds_session_offer(pair.b.session, &content);
    world_run(&pair.world, 1100 * DS_MS);
    assert_wire(&pair.world, "1 ba 200\n");
    party_release(&pair.a);
    world_run(&pair.world, 2 * DS_S);
    assert_wire(&pair.world, "1.1 ab ACK\n1.1 ba INVITE\n1.1 ab 200\n1.1 ba ACK\n");
    assert_told(&pair.world, "a answered 200 sdp\nb confirmed\na offer by INVITE sdp\n"
                             "b offer done 200 sdp\n");
    ds_session_hang_up(pair.a.session, NULL);
    world_run(&pair.world, 3 * DS_S);
    assert_wire(&pair.world, "2 ab BYE\n2 ba 200\n");
    assert_told(&pair.world, "b ended by BYE\na ended\n");
    settle(&pair);
}

static void an_offer_that_waits_goes_when_the_call_ends(void **state)
{
    struct pair pair;
    const struct ds_content content = sdp_content();
    (void)state;
    ring(&pair);
    pair.a.holds = "ACK";
    ds_session_answer(pair.b.session, &content);
    ds_session_offer(pair.b.session, &content);
    ds_session_hang_up(pair.b.session, NULL);
    world_run(&pair.world, 1100 * DS_MS);
    party_release(&pair.a);
    world_run(&pair.world, 2 * DS_S);
    assert_wire(&pair.world, "1 ba 200\n1.1 ab ACK\n1.1 ba BYE\n1.1 ab 200\n");
    assert_told(&pair.world, "a answered 200 sdp\na ended by BYE\nb ended\n");
    settle(&pair);
}

/* Both have offered, and both were refused with 491; b's ACK stays behind. */
static void meet(struct pair *pair)
{
    const struct ds_content hold = sdp_content();
    connect_pair(pair);
    pair->b.holds = "ACK";
    ds_session_offer(pair->a.session, &hold);
    ds_session_offer(pair->b.session, &hold);
    world_run(&pair->world, 2100 * DS_MS);
    assert_wire(&pair->world, "2 ab INVITE\n2 ba INVITE\n2 ba 491\n2 ab 491\n2 ab ACK\n");
    assert_told(&pair->world, "a offer done 491\nb offer done 491\n");
}

static void no_offer_is_made_before_a_refusal_is_acknowledged(void **state)
{
    struct pair pair;
    const struct ds_content hold = sdp_content();
    (void)state;
    meet(&pair);
    ds_session_offer(pair.a.session, &hold);
    world_run(&pair.world, 2200 * DS_MS);
    assert_wire(&pair.world, "");
    party_release(&pair.b);
    world_run(&pair.world, 2300 * DS_MS);
    assert_wire(&pair.world, "2.2 ba ACK\n2.2 ab INVITE\n2.2 ba 200\n2.2 ab ACK\n");
    assert_told(&pair.world, "b offer by INVITE sdp\na offer done 200 sdp\n");
    ds_session_hang_up(pair.a.session, NULL);
    world_run(&pair.world, 3 * DS_S);
    assert_wire(&pair.world, "2.3 ab BYE\n2.3 ba 200\n");
    assert_told(&pair.world, "b ended by BYE\na ended\n");
    settle(&pair);
}

static void a_refusal_that_is_never_acknowledged_holds_an_offer_up_for_32_s(void **state)
{
    struct pair pair;
    const struct ds_content hold = sdp_content();
    (void)state;
    meet(&pair);
    pair.b.holds = NULL;
    pair.b.loses = "ACK";
    pair.b.losses = 100;
    ds_session_offer(pair.a.session, &hold);
    world_run(&pair.world, 33600 * DS_MS);
    ds_buf_clean_up(&pair.world.wire);
    world_run(&pair.world, 35 * DS_S);
    assert_wire(&pair.world, "34 ab INVITE\n34 ba 200\n34 ab ACK\n");
    assert_told(&pair.world, "b offer by INVITE sdp\na offer done 200 sdp\n");
    pair_stop(&pair);
}

static void the_caller_waits_longer_than_the_callee_before_it_offers_again(void **state)
{
    struct pair pair;
    ds_us shortest_a = DS_NEVER, longest_a = 0, shortest_b = DS_NEVER, longest_b = 0;
    (void)state;
    connect_pair(&pair);
    for (int i = 0; i < 10000; i++) {
        ds_us a = ds_session_glare_us(pair.a.session), b = ds_session_glare_us(pair.b.session);
        assert_true(a % (10 * DS_MS) == 0 && b % (10 * DS_MS) == 0);
        shortest_a = a < shortest_a ? a : shortest_a;
        longest_a = a > longest_a ? a : longest_a;
        shortest_b = b < shortest_b ? b : shortest_b;
        longest_b = b > longest_b ? b : longest_b;
    }
    assert_int_equal(shortest_a, 2100 * DS_MS);
    assert_int_equal(longest_a, 4000 * DS_MS);
    assert_int_equal(shortest_b, 0);
    assert_int_equal(longest_b, 2000 * DS_MS);
    pair_stop(&pair);
}

int test_races(void);

int test_races(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cancel_that_comes_first_ends_the_call_with_487),
        cmocka_unit_test(an_answer_that_crosses_the_cancel_is_acknowledged_and_ended),
        cmocka_unit_test(an_answer_that_comes_long_after_the_cancel_is_ended_too),
        cmocka_unit_test(a_cancel_before_any_provisional_waits_for_one),
        cmocka_unit_test(an_answer_without_any_provisional_overtakes_the_cancel),
        cmocka_unit_test(an_answer_to_a_caller_who_is_gone_is_ended),
        cmocka_unit_test(a_call_whose_callee_is_gone_can_be_cancelled),
        cmocka_unit_test(both_ends_may_hang_up_at_once),
        cmocka_unit_test(a_bye_that_comes_after_the_end_is_told_481),
        cmocka_unit_test(the_callee_hangs_up_when_the_ack_has_come),
        cmocka_unit_test(a_bye_that_overtakes_the_ack_ends_the_call),
        cmocka_unit_test(an_answer_sent_again_meets_its_ack),
        cmocka_unit_test(an_offer_that_crosses_a_bye_is_told_481),
        cmocka_unit_test(an_answer_to_an_offer_is_acknowledged_after_the_end),
        cmocka_unit_test(an_offer_to_who_has_forgotten_the_call_ends_it),
        cmocka_unit_test(an_offer_waits_for_the_ack_of_the_call),
        cmocka_unit_test(an_offer_that_waits_goes_when_the_call_ends),
        cmocka_unit_test(no_offer_is_made_before_a_refusal_is_acknowledged),
        cmocka_unit_test(a_refusal_that_is_never_acknowledged_holds_an_offer_up_for_32_s),
        cmocka_unit_test(the_caller_waits_longer_than_the_callee_before_it_offers_again),
    };
    return cmocka_run_group_tests_name("races", tests, NULL, NULL);
}
