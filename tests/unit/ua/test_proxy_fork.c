#include "world.h"

/* p forks calls of a to b, c and d. */
struct fork {
    struct world world;
    struct party a, p, b, c, d;
};

static void start_fork(struct fork *fork, const char *targets)
{
    struct party *callees[] = {&fork->b, &fork->c, &fork->d};
    world_start(&fork->world);
    party_start(&fork->world, &fork->a, 'a');
    party_start_proxy(&fork->world, &fork->p, 'p', targets);
    for (size_t i = 0; i < DS_COUNT(callees); i++) {
        party_start(&fork->world, callees[i], (char)('b' + i));
        callees[i]->answers = false;
        callees[i]->progresses = 180;
    }
}

static void stop_fork(struct fork *fork)
{
    party_stop(&fork->a);
    party_stop(&fork->p);
    party_stop(&fork->b);
    party_stop(&fork->c);
    party_stop(&fork->d);
    world_stop(&fork->world);
}

static void the_first_answer_wins_and_the_others_are_cancelled(void **state)
{
    struct fork fork;
    (void)state;
    start_fork(&fork, "bcd");
    party_call(&fork.a, 'x', 'p');
    world_run(&fork.world, 1 * DS_S);
    assert_told(&fork.world, "b invite sdp\nc invite sdp\nd invite sdp\na progress 180\n"
                             "a progress 180\na progress 180\n");
    ds_buf_clean_up(&fork.world.wire);
    ds_session_answer(fork.c.session, NULL);
    world_run(&fork.world, 2 * DS_S);
    assert_told(&fork.world, "a answered 200\nb cancelled\nd cancelled\nc confirmed\n");
    assert_wire(&fork.world, "1 cp 200\n1 pa 200\n1 pb CANCEL\n1 pd CANCEL\n1 ap ACK\n1 bp 200\n"
                             "1 bp 487\n1 dp 200\n1 dp 487\n1 pc ACK\n1 pb ACK\n1 pd ACK\n");
    stop_fork(&fork);
}

static void two_answers_that_cross_both_go_back(void **state)
{
    struct fork fork;
    (void)state;
    start_fork(&fork, "bc");
    party_call(&fork.a, 'x', 'p');
    world_run(&fork.world, 1 * DS_S);
    ds_buf_clean_up(&fork.world.told);
    ds_session_answer(fork.b.session, NULL);
    ds_session_answer(fork.c.session, NULL);
    world_run(&fork.world, 2 * DS_S);
    assert_told(&fork.world, "a answered 200\nb confirmed\nc confirmed\nc ended by BYE\n");
    stop_fork(&fork);
}

static void a_second_answer_is_ended_once_however_often_it_comes(void **state)
{
    struct fork fork;
    (void)state;
    start_fork(&fork, "bc");
    party_call(&fork.a, 'x', 'p');
    world_run(&fork.world, 1 * DS_S);
    fork.p.loses = "ACK";
    fork.p.losses = 2;
    fork.a.holds = "BYE";
    ds_session_answer(fork.b.session, NULL);
    ds_session_answer(fork.c.session, NULL);
    world_run(&fork.world, 1400 * DS_MS);
    ds_buf_clean_up(&fork.world.wire);
    world_run(&fork.world, 2 * DS_S);
    assert_wire(&fork.world, "1.5 bp 200\n1.5 cp 200\n1.5 pa 200\n1.5 pa 200\n1.5 ap ACK\n"
                             "1.5 ap ACK\n1.5 pb ACK\n1.5 pc ACK\n");
    assert_int_equal(fork.a.held_count, 1);
    stop_fork(&fork);
}

static void answers_that_cross_a_cancel_are_all_ended(void **state)
{
    struct fork fork;
    (void)state;
    start_fork(&fork, "bc");
    party_call(&fork.a, 'x', 'p');
    world_run(&fork.world, 1 * DS_S);
    ds_buf_clean_up(&fork.world.told);
    ds_session_hang_up(fork.a.session, NULL);
    ds_session_answer(fork.b.session, NULL);
    ds_session_answer(fork.c.session, NULL);
    world_run(&fork.world, 2 * DS_S);
    assert_told(&fork.world, "b confirmed\nb ended by BYE\nc confirmed\nc ended by BYE\na ended\n");
    stop_fork(&fork);
}

/* a gives up as b answers; `held` stays at the proxy for a while. */
static void cancel_against_answer(const char *held, const char *story)
{
    struct fork fork;
    start_fork(&fork, "b");
    party_call(&fork.a, 'x', 'p');
    world_run(&fork.world, 1 * DS_S);
    ds_buf_clean_up(&fork.world.told);
    ds_buf_clean_up(&fork.world.wire);
    fork.p.holds = held;
    ds_session_hang_up(fork.a.session, NULL);
    ds_session_answer(fork.b.session, NULL);
    world_run(&fork.world, 1100 * DS_MS);
    party_release(&fork.p);
    world_run(&fork.world, 3 * DS_S);
    assert_wire(&fork.world, story);
    assert_told(&fork.world, "b confirmed\nb ended by BYE\na ended\n");
    stop_fork(&fork);
}

static void a_proxy_passes_an_answer_on_after_the_cancel(void **state)
{
    (void)state;
    cancel_against_answer("200", "1 ap CANCEL\n1 bp 200\n1 pb CANCEL\n1 bp 200\n1.1 pa 200\n"
                                 "1.1 pa 200\n1.1 ap ACK\n1.1 ap BYE\n1.1 pb ACK\n1.1 pb BYE\n"
                                 "1.1 bp 200\n1.1 pa 200\n");
}

static void a_proxy_may_cancel_what_is_answered_already(void **state)
{
    (void)state;
    cancel_against_answer("CANCEL", "1 ap CANCEL\n1 bp 200\n1 pa 200\n1 pa 200\n1 ap ACK\n"
                                    "1 ap BYE\n1 pb ACK\n1 pb BYE\n1 bp 200\n1 pa 200\n"
                                    "1.1 pb CANCEL\n1.1 bp 200\n");
}

static void the_best_refusal_goes_back_when_all_have_refused(void **state)
{
    struct fork fork;
    (void)state;
    start_fork(&fork, "bcd");
    fork.b.refuses = 503;
    fork.c.refuses = 404;
    party_call(&fork.a, 'x', 'p');
    world_run(&fork.world, 1 * DS_S);
    ds_buf_clean_up(&fork.world.told);
    ds_session_refuse(fork.d.session, 500, NULL);
    world_run(&fork.world, 2 * DS_S);
    assert_told(&fork.world, "d ended\np failed 500\na refused 404\n");
    stop_fork(&fork);
}

static void a_6xx_ends_the_search(void **state)
{
    struct fork fork;
    (void)state;
    start_fork(&fork, "bc");
    fork.b.refuses = 603;
    party_call(&fork.a, 'x', 'p');
    world_run(&fork.world, 1 * DS_S);
    assert_told(&fork.world, "b invite sdp\nc invite sdp\nb ended\np failed 603\na progress 180\n"
                             "c cancelled\na progress 180\np failed 487\na refused 603\n");
    stop_fork(&fork);
}

static void a_branch_that_fails_may_be_tried_elsewhere(void **state)
{
    struct fork fork;
    (void)state;
    start_fork(&fork, "b");
    fork.b.refuses = 503;
    fork.p.next_target = "c";
    fork.c.answers = true;
    party_call(&fork.a, 'x', 'p');
    world_run(&fork.world, 1 * DS_S);
    assert_told(&fork.world, "b invite sdp\nb ended\np failed 503\na progress 180\nc invite sdp\n"
                             "a progress 180\na answered 200 sdp\nc confirmed\n");
    stop_fork(&fork);
}

static void a_branch_nobody_answers_fails_with_408(void **state)
{
    struct fork fork;
    (void)state;
    start_fork(&fork, "x");
    party_call(&fork.a, 'x', 'p');
    world_run(&fork.world, 40 * DS_S);
    assert_told(&fork.world, "p failed 408 by itself\na refused 408\n");
    stop_fork(&fork);
}

static void cancelling_reaches_every_branch_and_nothing_is_tried_again(void **state)
{
    struct fork fork;
    (void)state;
    start_fork(&fork, "bc");
    fork.p.next_target = "d";
    party_call(&fork.a, 'x', 'p');
    world_run(&fork.world, 1 * DS_S);
    ds_buf_clean_up(&fork.world.told);
    ds_session_hang_up(fork.a.session, NULL);
    world_run(&fork.world, 2 * DS_S);
    assert_told(&fork.world, "b cancelled\nc cancelled\na refused 487\n");
    stop_fork(&fork);
}

static void ringing_for_too_long_is_cancelled(void **state)
{
    struct fork fork;
    (void)state;
    start_fork(&fork, "b");
    party_call(&fork.a, 'x', 'p');
    world_run(&fork.world, 180 * DS_S);
    assert_told(&fork.world, "b invite sdp\na progress 180\n");
    world_run(&fork.world, 181 * DS_S);
    assert_told(&fork.world, "b cancelled\np failed 487\na refused 487\n");
    stop_fork(&fork);
}

/* ---- watched as a whole ---- */

static void start_watched(struct fork *fork, const char *targets, const char *last_target)
{
    start_fork(fork, targets);
    fork->p.last_target = last_target;
}

static void what_all_have_refused_may_be_tried_elsewhere(void **state)
{
    struct fork fork;
    (void)state;
    start_watched(&fork, "bc", "d");
    fork.b.refuses = fork.c.refuses = 486;
    fork.d.answers = true;
    party_call(&fork.a, 'x', 'p');
    world_run(&fork.world, 1 * DS_S);
    assert_told(&fork.world, "b invite sdp\nc invite sdp\nb ended\nc ended\np failed 486\n"
                             "p failed 486\np all failed 486\na progress 180\na progress 180\n"
                             "d invite sdp\na progress 180\na answered 200 sdp\nd confirmed\n");
    world_run(&fork.world, 40 * DS_S);
    assert_told(&fork.world, "p over\n");
    stop_fork(&fork);
}

static void what_came_of_the_last_try_goes_back(void **state)
{
    struct fork fork;
    (void)state;
    start_watched(&fork, "b", "c");
    fork.b.refuses = 404;
    fork.c.refuses = 486;
    party_call(&fork.a, 'x', 'p');
    world_run(&fork.world, 1 * DS_S);
    ds_buf_clean_up(&fork.world.wire);
    assert_told(&fork.world, "b invite sdp\nb ended\np failed 404\np all failed 404\n"
                             "a progress 180\nc invite sdp\nc ended\np failed 486\n"
                             "p all failed 486\na progress 180\na refused 486\n");
    stop_fork(&fork);
}

static void who_does_not_answer_is_left_for_another(void **state)
{
    struct fork fork;
    (void)state;
    start_watched(&fork, "bc", "d");
    party_call(&fork.a, 'x', 'p');
    world_run(&fork.world, 1 * DS_S);
    ds_buf_clean_up(&fork.world.told);
    party_leave(&fork.p);
    world_run(&fork.world, 2 * DS_S);
    assert_told(&fork.world, "p left\nb cancelled\nc cancelled\nd invite sdp\na progress 180\n");
    ds_session_answer(fork.d.session, NULL);
    world_run(&fork.world, 3 * DS_S);
    assert_told(&fork.world, "a answered 200\nd confirmed\n");
    stop_fork(&fork);
}

static void an_answer_that_crosses_the_leaving_counts(void **state)
{
    struct fork fork;
    (void)state;
    start_watched(&fork, "b", "c");
    party_call(&fork.a, 'x', 'p');
    world_run(&fork.world, 1 * DS_S);
    ds_buf_clean_up(&fork.world.told);
    ds_session_answer(fork.b.session, NULL);
    party_leave(&fork.p);
    world_run(&fork.world, 2 * DS_S);
    assert_told(&fork.world, "p left\nc invite sdp\na answered 200\nc cancelled\nb confirmed\n");
    stop_fork(&fork);
}

static void nobody_is_left_once_the_caller_has_given_up(void **state)
{
    struct fork fork;
    (void)state;
    start_watched(&fork, "b", "c");
    party_call(&fork.a, 'x', 'p');
    world_run(&fork.world, 1 * DS_S);
    ds_buf_clean_up(&fork.world.told);
    fork.b.holds = "487";
    ds_session_hang_up(fork.a.session, NULL);
    world_run(&fork.world, 1100 * DS_MS);
    party_leave(&fork.p);
    party_release(&fork.b);
    world_run(&fork.world, 2 * DS_S);
    assert_told(&fork.world, "b cancelled\np stays\np given up\na refused 487\n");
    stop_fork(&fork);
}

static void nothing_is_left_of_a_call_that_is_over(void **state)
{
    struct fork fork;
    (void)state;
    start_fork(&fork, "bc");
    fork.b.answers = true;
    fork.a.hangs_up_when_answered = true;
    party_call(&fork.a, 'x', 'p');
    world_run(&fork.world, 300 * DS_S);
    assert_int_equal(ds_sip_transaction_count(ds_ua_sip(fork.p.ua)), 0);
    assert_int_equal(ds_sip_transaction_count(ds_ua_sip(fork.a.ua)), 0);
    assert_int_equal(ds_sip_transaction_count(ds_ua_sip(fork.b.ua)), 0);
    assert_int_equal(ds_timers_count(fork.world.clock), 0);
    stop_fork(&fork);
}

int test_proxy_fork(void);

int test_proxy_fork(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_answer_wins_and_the_others_are_cancelled),
        cmocka_unit_test(two_answers_that_cross_both_go_back),
        cmocka_unit_test(a_second_answer_is_ended_once_however_often_it_comes),
        cmocka_unit_test(answers_that_cross_a_cancel_are_all_ended),
        cmocka_unit_test(a_proxy_passes_an_answer_on_after_the_cancel),
        cmocka_unit_test(a_proxy_may_cancel_what_is_answered_already),
        cmocka_unit_test(the_best_refusal_goes_back_when_all_have_refused),
        cmocka_unit_test(a_6xx_ends_the_search),
        cmocka_unit_test(a_branch_that_fails_may_be_tried_elsewhere),
        cmocka_unit_test(a_branch_nobody_answers_fails_with_408),
        cmocka_unit_test(cancelling_reaches_every_branch_and_nothing_is_tried_again),
        cmocka_unit_test(ringing_for_too_long_is_cancelled),
        cmocka_unit_test(what_all_have_refused_may_be_tried_elsewhere),
        cmocka_unit_test(what_came_of_the_last_try_goes_back),
        cmocka_unit_test(who_does_not_answer_is_left_for_another),
        cmocka_unit_test(an_answer_that_crosses_the_leaving_counts),
        cmocka_unit_test(nobody_is_left_once_the_caller_has_given_up),
        cmocka_unit_test(nothing_is_left_of_a_call_that_is_over),
    };
    return cmocka_run_group_tests_name("proxy_fork", tests, NULL, NULL);
}
