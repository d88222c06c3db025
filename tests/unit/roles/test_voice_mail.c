#include "scene.h"

#include "um_internal.h"

/* What a UM server keeps and says, and what the pool does where one does not answer. */

static void a_script_says_its_spells_and_then_nothing(void **state)
{
    struct ds_um_script script = {.voice = {.frequency_hz = 400}};
    struct ds_mailbox *mailbox = NULL;
    struct ds_why why;
    int16_t said[480], spoken[160];
    (void)state;
    for (size_t i = 0; i < DS_COUNT(spoken); i++)
        spoken[i] = 1000;
    assert_int_equal(ds_mailbox_new(&mailbox, &why), DS_OK);
    struct ds_um_message *message = ds_mailbox_begin(mailbox, NULL);
    assert_true(ds_um_message_hear(message, spoken, DS_COUNT(spoken)));
    ds_um_script_speak(&script, 20 * DS_MS);
    ds_um_script_play(&script, message, message->sound.len);
    assert_false(ds_um_script_is_over(&script));
    ds_um_script_say(&script, said, DS_COUNT(said));
    assert_true(ds_um_script_is_over(&script));
    assert_true(said[5] > 1000);
    assert_in_range(said[160], 950, 1050);
    assert_in_range(said[319], 950, 1050);
    assert_int_equal(said[320], 0);
    ds_mailbox_free(&mailbox);
}

static void a_message_has_an_end_and_so_has_a_mailbox(void **state)
{
    struct ds_mailbox *mailbox = NULL;
    struct ds_why why;
    static const int16_t second[8000];
    (void)state;
    assert_int_equal(ds_mailbox_new(&mailbox, &why), DS_OK);
    struct ds_um_message *message = ds_mailbox_begin(mailbox, NULL);
    for (int i = 0; i < 60; i++)
        assert_true(ds_um_message_hear(message, second, DS_COUNT(second)));
    assert_false(ds_um_message_hear(message, second, DS_COUNT(second)));
    assert_int_equal(message->sound.len, 60 * DS_COUNT(second));
    while (ds_mailbox_begin(mailbox, NULL) != NULL)
        continue;
    assert_int_equal(mailbox->count, 100);
    ds_mailbox_free(&mailbox);
}

static void a_server_without_an_answer_is_left_for_the_next(void **state)
{
    struct scene scene;
    struct ds_why why;
    (void)state;
    scene_start(&scene, "voice_mail", NULL);
    scene_drop(&scene, "um_a", "200");
    struct talk talk = scene_dial(&scene, "bob", "alice");
    assert_int_equal(ds_end_refuse(talk.callee, 486, &why), DS_OK);
    scene_run(&scene, 9 * DS_S);
    assert_int_equal(ds_end_state(talk.caller), DS_END_CALLING);
    scene_run(&scene, 2 * DS_S);
    assert_int_equal(ds_end_state(talk.caller), DS_END_ANSWERED);
    hang_up(talk.caller);
    scene_stop(&scene);
}

static void a_caller_may_give_up_while_a_server_is_waited_for(void **state)
{
    struct scene scene;
    struct ds_why why;
    (void)state;
    scene_start(&scene, "voice_mail", NULL);
    scene_drop(&scene, "um_a", "200");
    struct talk talk = scene_dial(&scene, "bob", "alice");
    assert_int_equal(ds_end_refuse(talk.callee, 486, &why), DS_OK);
    scene_run(&scene, 5 * DS_S);
    hang_up(talk.caller);
    scene_run(&scene, 40 * DS_S);
    assert_true(ds_end_state(talk.caller) >= DS_END_FAILED);
    scene_stop(&scene);
}

/* The first server does not listen to that either, and is left for the other. */
static void a_call_that_was_missed_on_its_way_is_noted(void **state)
{
    struct scene scene;
    struct ds_why why;
    (void)state;
    scene_start(&scene, "voice_mail:missed_calls", NULL);
    scene_hold(&scene, "pool", "INFO");
    scene_drop(&scene, "um_a", "200");
    struct talk talk = scene_dial(&scene, "bob", "alice");
    assert_int_equal(ds_end_refuse(talk.callee, 486, &why), DS_OK);
    scene_run(&scene, 5 * DS_S);
    hang_up(talk.caller);
    scene_run(&scene, 30 * DS_S); /* Timer B ends the call, and ten seconds more the first note */
    assert_int_equal(scene.held_count, 0);
    scene_run(&scene, 10 * DS_S);
    assert_int_equal(scene.held_count, 1);
    scene_release(&scene);
    scene_stop(&scene);
}

static void a_caller_who_says_nothing_is_taken_for_gone(void **state)
{
    struct scene scene;
    struct ds_why why;
    (void)state;
    scene_start(&scene, "voice_mail", NULL);
    struct talk talk = scene_dial(&scene, "bob", "alice");
    assert_int_equal(ds_end_refuse(talk.callee, 486, &why), DS_OK);
    scene_run(&scene, 1 * DS_S);
    assert_int_equal(ds_end_talk(talk.caller, false, &why), DS_OK);
    scene_run(&scene, 9 * DS_S);
    assert_int_equal(ds_end_state(talk.caller), DS_END_ANSWERED);
    scene_run(&scene, 2 * DS_S);
    assert_int_equal(ds_end_state(talk.caller), DS_END_ENDED);
    scene_stop(&scene);
}

static void who_has_no_voice_mail_is_not_answered_for(void **state)
{
    struct scene scene;
    struct ds_why why;
    (void)state;
    scene_start(&scene, "voice_mail", NULL);
    struct talk talk = scene_dial(&scene, "bob", "carol");
    assert_int_equal(ds_end_refuse(talk.callee, 486, &why), DS_OK);
    scene_run(&scene, 1 * DS_S);
    assert_int_equal(ds_end_status(talk.caller), 486);
    scene_stop(&scene);
}

static void a_message_outlasts_the_server_that_recorded_it(void **state)
{
    struct scene scene;
    struct ds_why why;
    (void)state;
    scene_start(&scene, "voice_mail", NULL);
    struct talk talk = scene_dial(&scene, "bob", "alice");
    assert_int_equal(ds_end_refuse(talk.callee, 486, &why), DS_OK);
    scene_run(&scene, 1 * DS_S);
    ds_node_crash(scene_node(&scene, "um_a"));
    assert_int_equal(scene.mailbox->count, 1);
    const struct ds_um_message *message =
        DS_OWNER(scene.mailbox->messages.next, struct ds_um_message, link);
    assert_ptr_equal(message->user, ds_end_place(talk.callee));
    assert_in_range(message->sound.len, 4000, 8000);
    hang_up(talk.caller);
    scene_stop(&scene);
}

static void leave_a_message(struct scene *scene)
{
    struct ds_why why;
    struct talk talk = scene_dial(scene, "bob", "alice");
    assert_int_equal(ds_end_refuse(talk.callee, 486, &why), DS_OK);
    scene_run(scene, 1 * DS_S);
    hang_up(talk.caller);
    scene_run(scene, 1 * DS_S);
}

static void clients_are_told_what_their_own_user_has(void **state)
{
    struct scene scene;
    struct ds_why why;
    struct ds_end *listener;
    (void)state;
    scene_start(&scene, "voice_mail:message_waiting", NULL);
    const struct ds_node *alice = scene_node(&scene, "alice"), *bob = scene_node(&scene, "bob");
    assert_int_equal(ds_node_new_messages(alice), 0);
    leave_a_message(&scene);
    leave_a_message(&scene);
    assert_int_equal(ds_node_new_messages(alice), 2);
    assert_int_equal(ds_node_new_messages(bob), 0);
    assert_int_equal(ds_node_new_messages(scene_node(&scene, "carol")), -1);
    const struct ds_dial dial = {.number = "+14255550190"};
    assert_int_equal(ds_end_dial(scene_node(&scene, "alice"), &dial, &listener, &why), DS_OK);
    scene_run(&scene, 5 * DS_S);
    assert_int_equal(ds_node_new_messages(alice), 0);
    scene_stop(&scene);
}

static void what_is_not_heard_to_its_end_stays_new(void **state)
{
    struct scene scene;
    struct ds_why why;
    struct ds_end *listener;
    (void)state;
    scene_start(&scene, "voice_mail:message_waiting", NULL);
    leave_a_message(&scene);
    leave_a_message(&scene);
    const struct ds_dial dial = {.number = "+14255550190"};
    assert_int_equal(ds_end_dial(scene_node(&scene, "alice"), &dial, &listener, &why), DS_OK);
    scene_run(&scene, 1200 * DS_MS);
    hang_up(listener);
    scene_run(&scene, 1 * DS_S);
    assert_int_equal(ds_node_new_messages(scene_node(&scene, "alice")), 1);
    scene_stop(&scene);
}

static void a_server_that_takes_no_subscription_is_left_for_the_next(void **state)
{
    struct scene scene;
    struct ds_why why;
    (void)state;
    scene_start(&scene, "voice_mail:message_waiting", NULL);
    ds_node_crash(scene_node(&scene, "um_a"));
    ds_node_crash(scene_node(&scene, "alice"));
    scene_run(&scene, 1 * DS_S);
    assert_int_equal(ds_node_boot(scene_node(&scene, "alice"), &why), DS_OK);
    scene_run(&scene, 5 * DS_S);
    assert_int_equal(ds_node_new_messages(scene_node(&scene, "alice")), 0);
    leave_a_message(&scene);
    assert_int_equal(ds_node_new_messages(scene_node(&scene, "alice")), 1);
    scene_stop(&scene);
}

static void signed_out(struct ds_node *node)
{
    ds_node_log(node, 2, "has signed out");
}

static void who_signs_out_is_told_nothing_more(void **state)
{
    struct scene scene;
    struct ds_why why;
    (void)state;
    scene_start(&scene, "voice_mail:message_waiting", NULL);
    struct talk talk = scene_dial(&scene, "bob", "alice");
    assert_int_equal(ds_end_refuse(talk.callee, 486, &why), DS_OK);
    scene_run(&scene, 1 * DS_S);
    assert_int_equal(ds_client_sign_out(scene_node(&scene, "alice"), signed_out, &why), DS_OK);
    scene_run(&scene, 1 * DS_S);
    hang_up(talk.caller);
    scene_run(&scene, 1 * DS_S);
    assert_int_equal(ds_node_new_messages(scene_node(&scene, "alice")), 0);
    scene_stop(&scene);
}

/* Nothing is told until the client comes to renew its subscription; then the server says that it
   has none, and what there is with the next. */
static void a_server_that_starts_again_is_asked_anew(void **state)
{
    struct scene scene;
    struct ds_why why;
    (void)state;
    scene_start(&scene, "voice_mail:message_waiting", NULL);
    ds_node_crash(scene_node(&scene, "um_a"));
    assert_int_equal(ds_node_boot(scene_node(&scene, "um_a"), &why), DS_OK);
    scene_run(&scene, 1 * DS_S);
    leave_a_message(&scene);
    assert_int_equal(ds_node_new_messages(scene_node(&scene, "alice")), 0);
    scene_run(&scene, 2700 * DS_S);
    assert_int_equal(ds_node_new_messages(scene_node(&scene, "alice")), 1);
    leave_a_message(&scene);
    assert_int_equal(ds_node_new_messages(scene_node(&scene, "alice")), 2);
    scene_stop(&scene);
}

static void who_gets_no_subscription_asks_again_after_a_minute(void **state)
{
    struct scene scene;
    struct ds_why why;
    (void)state;
    scene_start(&scene, "voice_mail:message_waiting", NULL);
    ds_node_crash(scene_node(&scene, "um_a"));
    ds_node_crash(scene_node(&scene, "um_b"));
    scene_run(&scene, 2760 * DS_S);
    assert_int_equal(ds_node_boot(scene_node(&scene, "um_b"), &why), DS_OK);
    scene_run(&scene, 61 * DS_S);
    leave_a_message(&scene);
    assert_int_equal(ds_node_new_messages(scene_node(&scene, "alice")), 1);
    scene_stop(&scene);
}

int test_voice_mail(void);

int test_voice_mail(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_script_says_its_spells_and_then_nothing),
        cmocka_unit_test(a_message_has_an_end_and_so_has_a_mailbox),
        cmocka_unit_test(a_server_without_an_answer_is_left_for_the_next),
        cmocka_unit_test(a_caller_may_give_up_while_a_server_is_waited_for),
        cmocka_unit_test(a_call_that_was_missed_on_its_way_is_noted),
        cmocka_unit_test(a_caller_who_says_nothing_is_taken_for_gone),
        cmocka_unit_test(a_message_outlasts_the_server_that_recorded_it),
        cmocka_unit_test(clients_are_told_what_their_own_user_has),
        cmocka_unit_test(a_server_that_starts_again_is_asked_anew),
        cmocka_unit_test(who_gets_no_subscription_asks_again_after_a_minute),
        cmocka_unit_test(what_is_not_heard_to_its_end_stays_new),
        cmocka_unit_test(a_server_that_takes_no_subscription_is_left_for_the_next),
        cmocka_unit_test(who_signs_out_is_told_nothing_more),
        cmocka_unit_test(who_has_no_voice_mail_is_not_answered_for),
    };
    return cmocka_run_group_tests_name("voice_mail", tests, NULL, NULL);
}
