#include "capture.h"

#include <stdio.h>
#include <stdlib.h>

/*
 * What takes time, written by hand. A story is a list of "MS FROM TO WHAT", semicolons between:
 * WHAT is a request's method, or a status and the method it answers. "#2" after a method makes it
 * another transaction, and another Call-ID; what follows a bar is one more header field.
 */

struct word {
    char from[16], to[16], first[16], method[16], mark[8];
    long at_ms;
};

static bool is_initial(const struct word *word)
{
    return strcmp(word->first, "INVITE") == 0 || strcmp(word->first, "OPTIONS") == 0 ||
           strcmp(word->first, "CANCEL") == 0;
}

static void read_word(const char *text, struct word *word)
{
    char *mark;
    *word = (struct word){.at_ms = 0};
    int count = sscanf(text, " %ld %15s %15s %15[^ |;] %15[^ |;]", &word->at_ms, word->from,
                       word->to, word->first, word->method);
    assert_true(count >= 4);
    if (count == 4)
        memcpy(word->method, word->first, sizeof word->method);
    mark = strchr(word->method, '#');
    if (mark != NULL) {
        snprintf(word->mark, sizeof word->mark, "%s", mark + 1);
        *mark = '\0';
        if (count == 4)
            memcpy(word->first, word->method, sizeof word->first);
    }
}

static void say(struct scene *scene, const struct word *word, const char *header)
{
    char first_line[80], text[1024];
    bool cancels = strcmp(word->first, "CANCEL") == 0;
    bool answers = word->first[0] >= '1' && word->first[0] <= '6';
    snprintf(first_line, sizeof first_line, answers ? "SIP/2.0 %s Reason" : "%s sip:%s SIP/2.0",
             word->first, CALLED_PSTN "@contoso.example");
    snprintf(text, sizeof text,
             "%s\r\n"
             "Via: SIP/2.0/UDP x;branch=z9hG4bK%s%s\r\n"
             "From: <sip:+14255550101@contoso.example>;tag=f%s\r\n"
             "To: <sip:" CALLED_PSTN "@contoso.example>%s%s\r\n"
             "Call-ID: call%s\r\nCSeq: 1 %s\r\nMax-Forwards: 70\r\n"
             "Contact: <sip:x@127.0.0.1>\r\n%s%sContent-Length: 0\r\n\r\n",
             first_line, cancels ? "INVITE" : word->method, word->mark, word->mark,
             is_initial(word) ? "" : ";tag=t", is_initial(word) ? "" : word->mark, word->mark,
             word->method, header, header[0] == '\0' ? "" : "\r\n");
    scene->now_us = word->at_ms * 1000;
    scene_datagram(scene, word->from, word->to, text);
}

static void tell(struct scene *scene, const char *story)
{
    char one[160], *header;
    struct ds_slice rest = ds_slice_of(story), part;
    struct word word;
    while (ds_slice_cut(&rest, ';', &part) && part.len > 0) {
        assert_true(ds_slice_copy(part, one, sizeof one));
        read_word(one, &word);
        header = strchr(one, '|');
        if (header != NULL)
            for (char *c = header; *c != '\0'; c++)
                *c = *c == '!' ? ';' : *c; /* a semicolon of the header's own */
        say(scene, &word, header == NULL ? "" : header + 1);
    }
}

struct story {
    const char *id;
    enum ds_verdict verdict;
    const char *topology, *variant, *text;
};

static void judge(const struct story *stories, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct scene scene;
        scene_open(&scene, stories[i].topology, stories[i].variant);
        tell(&scene, stories[i].text);
        scene_read(&scene);
        scene_judge(&scene);
        const struct ds_finding *finding = scene_finding(&scene, stories[i].id);
        if (finding->verdict != stories[i].verdict)
            fail_msg("story %zu: %s is %s: %s", i, stories[i].id, ds_verdict_name(finding->verdict),
                     finding->sentence);
        scene_close(&scene);
    }
}

#define SENT(at)   #at " gateway pstn INVITE;"
#define SEVEN      SENT(0) SENT(500) SENT(1500) SENT(3500) SENT(7500) SENT(15500) SENT(31500)
#define ALIVE(at)  #at " gateway pstn OPTIONS#9;"
#define POLLED(at) #at " gateway pstn OPTIONS;"

static void requests_are_sent_again_in_time_and_given_up(void **state)
{
    static const struct story stories[] = {
        {"TIME-01", DS_PASS, "voip_only", NULL, SEVEN ALIVE(33000)},
        {"TIME-01", DS_FAIL, "voip_only", NULL, SENT(0) SENT(900)},
        {"TIME-01", DS_FAIL, "voip_only", NULL, SENT(0) SENT(200)},
        {"TIME-01", DS_FAIL, "voip_only", NULL, SENT(0) SENT(500) ALIVE(9000)},
        {"TIME-01", DS_NOT_SEEN, "voip_only", NULL, SENT(0) "5 pstn gateway 180 INVITE;"},
        {"TIME-01", DS_NOT_SEEN, "voip_only", NULL, SENT(0) "9000 pstn gateway OPTIONS#9;"},
        {"TIME-01", DS_PASS, "voip_only", NULL,
         POLLED(0) POLLED(500) POLLED(1500) POLLED(3500) POLLED(7500) POLLED(11500)},
        {"TIME-01", DS_FAIL, "voip_only", NULL,
         POLLED(0) POLLED(500) POLLED(1500) POLLED(3500) POLLED(7500) POLLED(15500)},
        {"TIME-02", DS_PASS, "voip_only", NULL, SEVEN ALIVE(65000)},
        {"TIME-02", DS_FAIL, "voip_only", NULL, SEVEN SENT(63500)},
        {"TIME-02", DS_NOT_SEEN, "voip_only", NULL, SEVEN},
        {"TIME-02", DS_NOT_SEEN, "voip_only", NULL,
         SENT(0) "5 pstn gateway 180 INVITE;" ALIVE(90000)},
    };
    (void)state;
    judge(stories, DS_COUNT(stories));
}

#define ASKED       "0 gateway pstn INVITE;1 pstn gateway 180 INVITE;"
#define SAID(at)    #at " pstn gateway 200 INVITE;"
#define REFUSED(at) #at " pstn gateway 486 INVITE;"
#define ELEVEN(what)                                                                               \
    what(1000) what(1500) what(2500) what(4500) what(8500) what(12500) what(16500) what(20500)     \
        what(24500) what(28500) what(32500)

static void final_responses_are_repeated_until_they_are_acknowledged(void **state)
{
    static const struct story stories[] = {
        {"TIME-03", DS_PASS, "voip_only", NULL, ASKED ELEVEN(SAID) "33000 pstn gateway BYE;"},
        {"TIME-03", DS_FAIL, "voip_only", NULL, ASKED ELEVEN(SAID) "40000 pstn gateway BYE;"},
        {"TIME-03", DS_FAIL, "voip_only", NULL, ASKED SAID(1000) SAID(3000)},
        {"TIME-03", DS_FAIL, "voip_only", NULL, ASKED SAID(1000) "9000 pstn gateway OPTIONS#9;"},
        {"TIME-03", DS_NOT_SEEN, "voip_only", NULL,
         ASKED SAID(1000) "1001 gateway pstn ACK;9000 pstn gateway OPTIONS#9;"},
        {"TIME-04", DS_PASS, "voip_only", NULL, ASKED ELEVEN(REFUSED)},
        {"TIME-04", DS_FAIL, "voip_only", NULL,
         ASKED REFUSED(1000) REFUSED(1500) REFUSED(2500) REFUSED(4500) REFUSED(8500)
             REFUSED(16500)},
        {"TIME-04", DS_NOT_SEEN, "voip_only", NULL, ASKED REFUSED(1000) "1001 gateway pstn ACK;"},
        {"TIME-04", DS_NOT_SEEN, "voip_only", NULL,
         ASKED REFUSED(1000) "1200 gateway pstn INVITE;" REFUSED(1201)},
    };
    (void)state;
    judge(stories, DS_COUNT(stories));
}

static void nothing_rings_for_ever(void **state)
{
    static const struct story stories[] = {
        {"TIME-05", DS_PASS, "voip_only", NULL, ASKED "181000 pstn gateway 480 INVITE;"},
        {"TIME-05", DS_FAIL, "voip_only", NULL, ASKED "195000 pstn gateway 480 INVITE;"},
        {"TIME-05", DS_FAIL, "voip_only", NULL, ASKED ALIVE(195000)},
        {"TIME-05", DS_NOT_SEEN, "voip_only", NULL, ASKED "90000 pstn gateway 480 INVITE;"},
        {"TIME-05", DS_NOT_SEEN, "voip_only", NULL, ASKED SAID(185000)},
    };
    (void)state;
    judge(stories, DS_COUNT(stories));
}

#define LEASE      "|Session-Expires: 90!refresher=uac"
#define UP         "0 mediation gateway_a INVITE" LEASE ";1 gateway_a mediation 200 INVITE" LEASE ";"
#define UPDATE(at) #at " mediation gateway_a UPDATE" LEASE ";"
#define LATER(at)  #at " alice pool OPTIONS#9;"

static void sessions_are_refreshed_or_cleared(void **state)
{
    static const struct story stories[] = {
        {"TIME-06", DS_PASS, "two_gateways", NULL, UP UPDATE(45000) LATER(50000)},
        {"TIME-06", DS_FAIL, "two_gateways", NULL, UP LATER(62000)},
        {"TIME-06", DS_FAIL, "two_gateways", NULL, UP UPDATE(70000)},
        {"TIME-06", DS_NOT_SEEN, "two_gateways", NULL, UP LATER(30000)},
        {"TIME-06", DS_NOT_SEEN, "two_gateways", NULL,
         UP "30000 mediation gateway_a BYE;" LATER(99000)},
        {"TIME-06", DS_FAIL, "two_gateways", NULL,
         UP UPDATE(45000) "45001 gateway_a mediation 200 UPDATE" LEASE ";" LATER(120000)},
        {"TIME-07", DS_PASS, "two_gateways", NULL,
         UP UPDATE(45000) "77000 mediation gateway_a BYE;"},
        {"TIME-07", DS_PASS, "two_gateways", NULL, UP "60000 gateway_a mediation BYE;"},
        {"TIME-07", DS_FAIL, "two_gateways", NULL,
         UP UPDATE(45000) "85000 mediation gateway_a BYE;"},
        {"TIME-07", DS_FAIL, "two_gateways", NULL, UP UPDATE(45000) LATER(92000)},
        {"TIME-07", DS_NOT_SEEN, "two_gateways", NULL, UP UPDATE(45000) LATER(50000)},
        {"TIME-07", DS_NOT_SEEN, "two_gateways", NULL,
         "0 mediation gateway_a INVITE;1 gateway_a mediation 200 INVITE;" LATER(99000)},
        {"TIME-08", DS_PASS, "two_gateways", "session_timer", UP},
        {"TIME-08", DS_FAIL, "two_gateways", "session_timer", "0 mediation gateway_a INVITE;"},
        {"TIME-08", DS_NOT_SEEN, "two_gateways", NULL, UP},
    };
    (void)state;
    judge(stories, DS_COUNT(stories));
}

#define FROM_POOL "0 pool mediation INVITE;1 mediation gateway_a INVITE#1;"
#define TRYING    "2 gateway_a mediation 100 INVITE#1;"
#define TRY_B(at) #at " mediation gateway_b INVITE#2;"

static void silent_peers_are_left_where_that_is_wanted(void **state)
{
    static const struct story stories[] = {
        {"RTE-09", DS_PASS, "two_gateways", NULL, FROM_POOL TRY_B(10001)},
        {"RTE-09", DS_FAIL, "two_gateways", NULL, FROM_POOL TRY_B(3000)},
        {"RTE-09", DS_FAIL, "two_gateways", NULL, FROM_POOL TRY_B(13000)},
        {"RTE-09", DS_FAIL, "two_gateways", NULL, FROM_POOL LATER(13000)},
        {"RTE-09", DS_PASS, "two_gateways", NULL,
         FROM_POOL "10001 mediation pool 504 INVITE;" LATER(13000)},
        {"RTE-09", DS_FAIL, "two_gateways", NULL, FROM_POOL TRYING TRY_B(10001)},
        {"RTE-09", DS_PASS, "two_gateways", NULL,
         FROM_POOL TRYING "10001 mediation gateway_a CANCEL#1;" TRY_B(10001)},
        {"RTE-09", DS_NOT_SEEN, "two_gateways", NULL,
         FROM_POOL "2 gateway_a mediation 183 INVITE#1;" LATER(13000)},
        {"RTE-09", DS_NOT_SEEN, "two_gateways", NULL,
         FROM_POOL "2 gateway_a mediation 503 INVITE#1;" TRY_B(3)},
        {"RTE-09", DS_NOT_SEEN, "two_gateways", "patient", FROM_POOL TRY_B(10001)},
        {"RTE-10", DS_FAIL, "two_gateways", "patient", FROM_POOL TRY_B(10001)},
        {"RTE-10", DS_PASS, "two_gateways", "patient", FROM_POOL LATER(13000)},
        {"RTE-10", DS_NOT_SEEN, "two_gateways", NULL, FROM_POOL LATER(13000)},
    };
    (void)state;
    judge(stories, DS_COUNT(stories));
}

#define FULL "2 gateway_a mediation 503 INVITE#1;"

static void full_peers_are_passed_over(void **state)
{
    static const struct story stories[] = {
        {"RTE-06", DS_PASS, "two_gateways", NULL, FROM_POOL FULL TRY_B(3)},
        {"RTE-06", DS_FAIL, "two_gateways", NULL, FROM_POOL FULL LATER(13000)},
        {"RTE-06", DS_FAIL, "two_gateways", NULL,
         FROM_POOL FULL "3 mediation pool 503 INVITE;" LATER(13000)},
        /* the second is full too, and there is no third */
        {"RTE-06", DS_PASS, "two_gateways", NULL,
         FROM_POOL FULL TRY_B(3) "4 gateway_b mediation 503 INVITE#2;5 mediation pool 503 INVITE;"},
        /* the second may be down */
        {"RTE-06", DS_NOT_SEEN, "two_gateways", NULL,
         "0 mediation gateway_b OPTIONS#9;" FROM_POOL FULL LATER(13000)},
        {"RTE-06", DS_NOT_SEEN, "two_gateways", NULL,
         FROM_POOL "2 gateway_a mediation 486 INVITE#1;" LATER(13000)},
    };
    (void)state;
    judge(stories, DS_COUNT(stories));
}

#define CALL(n, from, into, at, to)                                                                \
#at " " from " " into " INVITE#" #n ";" #at " " into " " to " INVITE#" #n ";"
#define OUT(n, at, to) CALL(n, "alice", "pool", at, to)
#define GIVEN_UP       "32000 pool alice 408 INVITE#1;"

static void members_of_a_pool_share_its_calls(void **state)
{
    static const struct story stories[] = {
        {"RTE-29", DS_PASS, "mediation_pool", NULL,
         OUT(1, 0, "mediation_a") OUT(2, 1000, "mediation_b") OUT(3, 2000, "mediation_a")},
        {"RTE-29", DS_FAIL, "mediation_pool", NULL,
         OUT(1, 0, "mediation_a") OUT(2, 1000, "mediation_a")},
        /* the other has said something once, and nothing since: it may be gone */
        {"RTE-29", DS_NOT_SEEN, "mediation_pool", NULL,
         "0 mediation_b gateway OPTIONS#9;" OUT(1, 1, "mediation_a") OUT(2, 1000, "mediation_a")},
        {"RTE-29", DS_FAIL, "mediation_pool", NULL,
         OUT(1, 1, "mediation_a")
             OUT(2, 1000, "mediation_a") "2000 mediation_b gateway OPTIONS#9;"},
        {"RTE-29", DS_NOT_SEEN, "mediation_pool", NULL, OUT(1, 0, "mediation_a")},
        {"RTE-29", DS_NOT_SEEN, "two_gateways", NULL,
         OUT(1, 0, "mediation") OUT(2, 1000, "mediation")},
        {"RTE-30", DS_PASS, "mediation_pool", NULL,
         OUT(1, 0, "mediation_a") "32000 pool mediation_b INVITE#1;"},
        {"RTE-30", DS_FAIL, "mediation_pool", NULL, OUT(1, 0, "mediation_a") GIVEN_UP},
        /* both are silent */
        {"RTE-30", DS_PASS, "mediation_pool", NULL,
         OUT(1, 0, "mediation_a") "20000 pool mediation_b INVITE#1;" GIVEN_UP},
        /* what a member says is final */
        {"RTE-30", DS_NOT_SEEN, "mediation_pool", NULL,
         OUT(1, 0, "mediation_a") "1 mediation_a pool 503 INVITE#1;" GIVEN_UP},
        {"RTE-30", DS_NOT_SEEN, "two_gateways", NULL, OUT(1, 0, "mediation") GIVEN_UP},
    };
    (void)state;
    judge(stories, DS_COUNT(stories));
}

#define POLL(n, at) #at " mediation gateway_a OPTIONS#p" #n ";"
#define FOUR        POLL(1, 0) POLL(2, 60000) POLL(3, 120000) POLL(4, 180000)
#define FIVE        FOUR POLL(5, 240000)
#define CALL_A(at)  #at " mediation gateway_a INVITE;"
#define CALL_B(at)  #at " mediation gateway_b INVITE;"
#define BACK        POLL(6, 300000) "300001 gateway_a mediation 200 OPTIONS#p6;"

static void peers_that_answer_no_options_are_down(void **state)
{
    static const struct story stories[] = {
        {"RTE-11", DS_PASS, "two_gateways", NULL, FIVE CALL_B(280000)},
        {"RTE-11", DS_FAIL, "two_gateways", NULL, FIVE CALL_A(280000)},
        {"RTE-11", DS_NOT_SEEN, "two_gateways", NULL, FIVE BACK CALL_A(310000)},
        {"RTE-11", DS_NOT_SEEN, "two_gateways", NULL, FIVE CALL_A(250000)},
        {"RTE-12", DS_PASS, "two_gateways", NULL, FIVE CALL_A(250000)},
        {"RTE-12", DS_FAIL, "two_gateways", NULL, FOUR CALL_B(230000)},
        {"RTE-12", DS_NOT_SEEN, "two_gateways", NULL, FIVE CALL_B(280000)},
        /* what was due later was held back by TCP, or had no connection */
        {"RTE-12", DS_UNCLEAR, "two_gateways", NULL, POLL(1, 0) CALL_B(400000)},
        {"RTE-12", DS_NOT_SEEN, "two_gateways", NULL,
         FOUR "180001 gateway_a mediation 200 OPTIONS#p4;" CALL_A(230000)},
        {"RTE-12", DS_PASS, "two_gateways", NULL,
         FOUR
         "230000 pool mediation INVITE#7;" CALL_A(230001) "240001 mediation gateway_b INVITE#2;"},
        {"RTE-13", DS_PASS, "two_gateways", NULL, FIVE POLL(6, 300000)},
        {"RTE-13", DS_FAIL, "two_gateways", NULL, FIVE POLL(6, 540000)},
        {"RTE-13", DS_FAIL, "two_gateways", NULL, FIVE "310000 mediation gateway_b OPTIONS#9;"},
        {"RTE-13", DS_NOT_SEEN, "two_gateways", NULL, FOUR LATER(300000)},
    };
    (void)state;
    judge(stories, DS_COUNT(stories));
}

#define ASK(n, at)    #at " gateway_a mediation OPTIONS#p" #n ";"
#define FIVE_ASKED    ASK(1, 0) ASK(2, 60000) ASK(3, 120000) ASK(4, 180000) ASK(5, 240000)
#define FROM_PSTN(at) #at " pstn gateway_a INVITE#7;"
#define TO_SERVER(at) #at " gateway_a mediation INVITE;"

static void servers_that_answer_no_options_are_down(void **state)
{
    static const struct story stories[] = {
        {"PEER-01", DS_PASS, "two_gateways", NULL,
         ASK(1, 0) "1 mediation gateway_a 200 OPTIONS#p1;"},
        {"PEER-01", DS_FAIL, "two_gateways", NULL,
         ASK(1, 0) "1 mediation gateway_a 403 OPTIONS#p1;"},
        {"PEER-01", DS_NOT_SEEN, "two_gateways", NULL, ASK(1, 0) LATER(40000)},
        {"PEER-01", DS_NOT_SEEN, "two_gateways", NULL,
         POLL(1, 0) "1 gateway_a mediation 200 OPTIONS#p1;"},
        {"PEER-02", DS_PASS, "two_gateways", NULL,
         FIVE_ASKED FROM_PSTN(280000) "280001 gateway_a pstn 503 INVITE#7;"},
        {"PEER-02", DS_FAIL, "two_gateways", NULL, FIVE_ASKED FROM_PSTN(280000) TO_SERVER(280001)},
        {"PEER-02", DS_NOT_SEEN, "two_gateways", NULL,
         FIVE_ASKED FROM_PSTN(250000) TO_SERVER(250001)},
        {"PEER-02", DS_NOT_SEEN, "two_gateways", NULL,
         FIVE_ASKED ASK(6, 300000) "300001 mediation gateway_a 200 OPTIONS#p6;" FROM_PSTN(310000)
             TO_SERVER(310001)},
    };
    (void)state;
    judge(stories, DS_COUNT(stories));
}

#define POOL_HEARD                                                                                 \
    "0 pool alice 200 REGISTER#1;60000 alice pool OPTIONS#2;60001 pool alice 200 OPTIONS#2;"
#define SIGNS_IN(at, pool) #at " alice " pool " REGISTER#" #at "|Expires: 600;"
#define ENDS(at)           #at " mediation gateway OPTIONS#9;"
#define AWAY               POOL_HEARD SIGNS_IN(360000, "pool_b")
#define POOL_BACK          "420000 alice pool OPTIONS#4;420001 pool alice 200 OPTIONS#4;"

static void a_lost_pool_is_left_for_its_backup(void **state)
{
    static const struct story stories[] = {
        {"REG-01", DS_PASS, "voip_only", "paired", AWAY},
        {"REG-01", DS_FAIL, "voip_only", "paired", POOL_HEARD SIGNS_IN(180000, "pool_b")},
        {"REG-01", DS_FAIL, "voip_only", "paired", POOL_HEARD ENDS(480000)},
        {"REG-01", DS_NOT_SEEN, "voip_only", "paired", POOL_HEARD ENDS(400000)},
        {"REG-01", DS_NOT_SEEN, "voip_only", "paired",
         POOL_HEARD "400000 pool bob 200 REGISTER#8;" ENDS(480000)},
        {"REG-01", DS_NOT_SEEN, "voip_only", "paired", "0 pool alice 200 REGISTER#1;" ENDS(480000)},
        {"REG-01", DS_NOT_SEEN, "voip_only", NULL, POOL_HEARD ENDS(480000)},
        {"REG-02", DS_PASS, "voip_only", "paired", AWAY POOL_BACK SIGNS_IN(420002, "pool")},
        {"REG-02", DS_FAIL, "voip_only", "paired", AWAY POOL_BACK ENDS(440000)},
        {"REG-02", DS_NOT_SEEN, "voip_only", "paired", AWAY POOL_BACK},
        {"REG-02", DS_NOT_SEEN, "voip_only", "paired", AWAY ENDS(440000)},
    };
    (void)state;
    judge(stories, DS_COUNT(stories));
}

int test_timers(void);

int test_timers(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests_are_sent_again_in_time_and_given_up),
        cmocka_unit_test(final_responses_are_repeated_until_they_are_acknowledged),
        cmocka_unit_test(nothing_rings_for_ever),
        cmocka_unit_test(sessions_are_refreshed_or_cleared),
        cmocka_unit_test(full_peers_are_passed_over),
        cmocka_unit_test(silent_peers_are_left_where_that_is_wanted),
        cmocka_unit_test(members_of_a_pool_share_its_calls),
        cmocka_unit_test(peers_that_answer_no_options_are_down),
        cmocka_unit_test(servers_that_answer_no_options_are_down),
        cmocka_unit_test(a_lost_pool_is_left_for_its_backup),
    };
    return cmocka_run_group_tests_name("timers", tests, NULL, NULL);
}
