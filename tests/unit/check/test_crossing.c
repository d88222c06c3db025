#include "capture.h"

#include <stdio.h>

/* CALL-07 and SIG-22: messages of one leg that cross, told by hand. */

/* Between the Mediation Server, which calls, and the pool: "500 < 200 INVITE 1" is the pool's
 * response, half a second after the beginning. A request has no status. */
static void send_line(struct scene *scene, const char *line)
{
    char text[1000], way, status[8], method[16];
    unsigned at_ms, cseq;
    assert_int_equal(sscanf(line, "%u %c %7s %15s %u", &at_ms, &way, status, method, &cseq), 5);
    bool back = way == '<', request = status[0] == '-';
    char first[64];
    if (request)
        snprintf(first, sizeof first, "%s sip:x SIP/2.0", method);
    else
        snprintf(first, sizeof first, "SIP/2.0 %s Reason", status);
    /* Who answers says From as the other said it. */
    bool by_caller = back != request;
    bool inside = cseq > 1 || strcmp(method, "ACK") == 0 || !request;
    snprintf(text, sizeof text,
             "%s\r\nVia: SIP/2.0/UDP x;branch=z9hG4bK%s%u%c\r\n"
             "From: <sip:a@b>;tag=%s\r\nTo: <sip:c@d>%s%s\r\nCall-ID: one\r\nCSeq: %u %s\r\n"
             "Contact: <sip:a@b>\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n",
             first, strcmp(method, "CANCEL") == 0 ? "INVITE" : method, cseq, by_caller ? 'a' : 'b',
             by_caller ? "f" : "t", inside ? ";tag=" : "",
             !inside     ? ""
             : by_caller ? "t"
                         : "f",
             cseq, method);
    scene->now_us = (int64_t)at_ms * 1000;
    scene_datagram(scene, back ? "pool" : "mediation", back ? "mediation" : "pool", text);
}

static bool story_comes_to(const char *id, enum ds_verdict verdict, const char *story)
{
    struct scene scene;
    struct ds_slice rest = ds_slice_of(story), line;
    char text[64];
    scene_open(&scene, "voip_only", NULL);
    while (ds_slice_cut(&rest, '\n', &line) && line.len > 0) {
        assert_true(ds_slice_copy(line, text, sizeof text));
        send_line(&scene, text);
    }
    scene_read(&scene);
    scene_judge(&scene);
    const struct ds_finding *finding = scene_finding(&scene, id);
    bool good = finding->verdict == verdict;
    if (!good)
        print_error("%s is %s: %s\n", id, ds_verdict_name(finding->verdict), finding->sentence);
    scene_close(&scene);
    return good;
}

/* ---- CALL-07 ---- */

#define CROSSED                                                                                    \
    "0 > - INVITE 1\n10 < 180 INVITE 1\n500 > - CANCEL 1\n500 < 200 INVITE 1\n"                    \
    "501 < 200 CANCEL 1\n"

static void an_answer_that_crossed_a_cancel_is_cleared_at_once(void **state)
{
    (void)state;
    assert_true(story_comes_to("CALL-07", DS_PASS,
                               CROSSED "502 > - ACK 1\n502 > - BYE 2\n503 < 200 BYE 2\n"));
    assert_true(story_comes_to("CALL-03", DS_NOT_SEEN,
                               CROSSED "502 > - ACK 1\n502 > - BYE 2\n503 < 200 BYE 2\n"));
}

static void one_that_stays_up_is_found(void **state)
{
    (void)state;
    assert_true(story_comes_to("CALL-07", DS_FAIL, CROSSED "502 > - ACK 1\n9000 > - INFO 2\n"));
    assert_true(story_comes_to("CALL-07", DS_FAIL, CROSSED "502 > - ACK 1\n2000 > - BYE 2\n"));
    assert_true(story_comes_to("CALL-07", DS_FAIL, CROSSED "502 > - BYE 2\n503 < 200 BYE 2\n"));
}

static void a_capture_that_ends_early_says_nothing_of_it(void **state)
{
    (void)state;
    assert_true(story_comes_to("CALL-07", DS_NOT_SEEN, CROSSED "502 > - ACK 1\n"));
    assert_true(story_comes_to("CALL-07", DS_NOT_SEEN,
                               "0 > - INVITE 1\n10 < 180 INVITE 1\n500 > - CANCEL 1\n"
                               "501 < 200 CANCEL 1\n501 < 487 INVITE 1\n502 > - ACK 1\n"));
}

/* ---- SIG-22 ---- */

#define MET                                                                                        \
    "0 > - INVITE 1\n10 < 200 INVITE 1\n11 > - ACK 1\n1000 > - INVITE 2\n1000 < - INVITE 7\n"      \
    "1001 > 491 INVITE 7\n1001 < 491 INVITE 2\n1002 > - ACK 2\n1002 < - ACK 7\n"
#define CALLEE_AGAIN "1501 < - INVITE 8\n1502 > 200 INVITE 8\n1503 < - ACK 8\n"
#define CALLER_AGAIN "3201 > - INVITE 3\n3202 < 200 INVITE 3\n3203 > - ACK 3\n"

static void offers_that_met_are_made_again_in_time(void **state)
{
    (void)state;
    assert_true(story_comes_to("SIG-22", DS_PASS, MET CALLEE_AGAIN CALLER_AGAIN));
    assert_true(story_comes_to("SIG-22", DS_PASS, MET CALLEE_AGAIN "2000 > - BYE 3\n"));
}

static void offers_made_again_too_early_or_never_are_found(void **state)
{
    (void)state;
    assert_true(story_comes_to("SIG-22", DS_FAIL,
                               MET CALLEE_AGAIN "2000 > - INVITE 3\n2002 < 200 INVITE 3\n"));
    assert_true(story_comes_to("SIG-22", DS_FAIL, MET CALLEE_AGAIN "9000 > - BYE 3\n"));
    assert_true(story_comes_to("SIG-22", DS_FAIL, MET CALLER_AGAIN "9000 > - BYE 4\n"));
}

static void of_two_that_met_one_is_refused(void **state)
{
    (void)state;
    assert_true(
        story_comes_to("SIG-22", DS_FAIL,
                       "0 > - INVITE 1\n10 < 200 INVITE 1\n11 > - ACK 1\n1000 > - INVITE 2\n"
                       "1000 < - INVITE 7\n1001 > 200 INVITE 7\n1001 < 200 INVITE 2\n"));
    assert_true(story_comes_to("SIG-22", DS_NOT_SEEN,
                               "0 > - INVITE 1\n10 < 200 INVITE 1\n11 > - ACK 1\n"
                               "1000 > - INVITE 2\n1001 < 200 INVITE 2\n1002 > - ACK 2\n"
                               "1003 < - INVITE 7\n1004 > 200 INVITE 7\n"));
}

int test_crossing(void);

int test_crossing(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_that_crossed_a_cancel_is_cleared_at_once),
        cmocka_unit_test(one_that_stays_up_is_found),
        cmocka_unit_test(a_capture_that_ends_early_says_nothing_of_it),
        cmocka_unit_test(offers_that_met_are_made_again_in_time),
        cmocka_unit_test(offers_made_again_too_early_or_never_are_found),
        cmocka_unit_test(of_two_that_met_one_is_refused),
    };
    return cmocka_run_group_tests_name("crossing", tests, NULL, NULL);
}
