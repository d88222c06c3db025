#include "capture.h"

#include <stdio.h>

/* Who moves from the PBX to Enterprise Voice is told by who is signed in. */

#define AT_THE_PBX   .path = "pstn pbx carol", .number = CALLED_PBX
#define IN_LYNC      .path = "pstn pbx gateway mediation pool carol_lync", .number = CALLED_PBX
#define TO_COLLEAGUE .path = "carol_lync pool mediation gateway pbx dave", .number = "+14255550202"

/* The pool's answer to a REGISTER; `contact` is the line that lists the client, or "". */
static void sign(struct scene *scene, const char *contact)
{
    char text[512];
    snprintf(text, sizeof text,
             "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP x;branch=z9hG4bK%u\r\n"
             "From: <sip:carol_lync@contoso.example>;tag=a\r\n"
             "To: <sip:carol_lync@contoso.example>;tag=b\r\nCall-ID: r\r\nCSeq: %u REGISTER\r\n"
             "%sContent-Length: 0\r\n\r\n",
             (unsigned)scene->now_us, (unsigned)scene->now_us, contact);
    scene_datagram(scene, "pool", "carol_lync", text);
}

static void sign_in(struct scene *scene)
{
    sign(scene, "Contact: <sip:carol_lync@127.0.10.13>;expires=600\r\n");
}

static void judge(struct scene *scene)
{
    scene_read(scene);
    scene_judge(scene);
}

static void assert_said(const struct scene *scene, const char *id, const char *part)
{
    const char *sentence = scene_finding(scene, id)->sentence;
    if (strstr(sentence, part) == NULL)
        fail_msg("'%s' does not say '%s'", sentence, part);
}

static void who_is_called_is_where_the_last_answer_says(void **state)
{
    struct scene scene;
    (void)state;
    scene_open(&scene, "migration", NULL);
    scene_play(&scene, &(struct plan){AT_THE_PBX});
    sign_in(&scene);
    scene_play(&scene, &(struct plan){IN_LYNC});
    sign(&scene, "");
    scene_play(&scene, &(struct plan){AT_THE_PBX});
    judge(&scene);
    assert_int_equal(scene_verdict(&scene, "MIG-01"), DS_PASS);
    assert_int_equal(scene_verdict(&scene, "OPT-01"), DS_PASS);
    scene_close(&scene);
}

static void a_telephone_that_rings_for_who_has_moved_is_found(void **state)
{
    struct scene scene;
    (void)state;
    scene_open(&scene, "migration", NULL);
    sign_in(&scene);
    scene_play(&scene, &(struct plan){AT_THE_PBX});
    judge(&scene);
    assert_int_equal(scene_verdict(&scene, "MIG-01"), DS_FAIL);
    assert_int_equal(scene_verdict(&scene, "OPT-01"), DS_FAIL);
    assert_said(&scene, "MIG-01",
                "the user of carol_lync has Enterprise Voice, and the call reaches carol in frame");
    scene_close(&scene);
}

static void a_client_that_rings_for_who_has_not_is_found(void **state)
{
    struct scene scene;
    (void)state;
    scene_open(&scene, "migration", NULL);
    scene_play(&scene, &(struct plan){IN_LYNC});
    judge(&scene);
    assert_int_equal(scene_verdict(&scene, "MIG-01"), DS_FAIL);
    assert_said(&scene, "MIG-01",
                "the user of carol is at the PBX, and the call reaches carol_lync");
    scene_close(&scene);
}

static void a_call_that_is_lost_on_the_way_is_found(void **state)
{
    const struct plan lost = {.path = "dave pbx", .number = CALLED_PBX, .status = 404},
                      full = {.path = "dave pbx", .number = CALLED_PBX, .status = 503},
                      other = {.path = "alice pool mediation gateway pbx pstn",
                               .number = CALLED_PSTN};
    (void)state;
    assert_true(comes_to("migration", NULL, &lost, "MIG-01", DS_FAIL));
    assert_true(comes_to("migration", NULL, &full, "MIG-01", DS_NOT_SEEN));
    assert_true(comes_to("migration", NULL, &other, "MIG-01", DS_NOT_SEEN));
    assert_true(comes_to("migration", NULL, &other, "MIG-02", DS_NOT_SEEN));
}

static void another_number_than_before_is_found(void **state)
{
    const struct plan kept = {TO_COLLEAGUE},
                      new = {TO_COLLEAGUE,
                             .changes = {{"pbx", "dave", "INVITE", "From: <sip:" CALLED_PBX,
                                          "From: <sip:+14255550299"}}},
                      named = {TO_COLLEAGUE,
                               .changes = {{"pbx", "dave", "INVITE", "From: <sip:" CALLED_PBX,
                                            "From: <sip:carol_lync"}}};
    (void)state;
    assert_true(comes_to("migration", NULL, &kept, "MIG-02", DS_PASS));
    assert_true(comes_to("migration", NULL, &new, "MIG-02", DS_FAIL));
    assert_true(comes_to("migration", NULL, &named, "MIG-02", DS_NOT_SEEN));
}

int test_migration(void);

int test_migration(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_is_called_is_where_the_last_answer_says),
        cmocka_unit_test(a_telephone_that_rings_for_who_has_moved_is_found),
        cmocka_unit_test(a_client_that_rings_for_who_has_not_is_found),
        cmocka_unit_test(a_call_that_is_lost_on_the_way_is_found),
        cmocka_unit_test(another_number_than_before_is_found),
    };
    return cmocka_run_group_tests_name("migration", tests, NULL, NULL);
}
