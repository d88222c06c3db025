#include "capture.h"

#include <stdio.h>

/* For how long clients are registered: whether they renew that, and who is called when they do not.
 */

#define S INT64_C(1000000)

/* One message about Alice, so many seconds after the last; `number` is that of its transaction. */
struct word {
    int later_s;
    const char *from, *to, *start, *method, *contact, *expires;
    int number;
};

#define MOST_WORDS 8
#define ALICE      "<sip:alice@127.0.10.10:5061;transport=tls>"
#define DESK       "<sip:desk@127.0.10.99:5061;transport=tls>"
#define HER        "sip:alice@127.0.10.10:5061;transport=tls"

#define REGISTERS(later, number, contact, expires)                                                 \
    {                                                                                              \
        later, "alice", "pool", "REGISTER sip:contoso.example SIP/2.0", "REGISTER", contact,       \
            expires, number                                                                        \
    }
#define TAKES(number, contact, expires)                                                            \
    {                                                                                              \
        0, "pool", "alice", "SIP/2.0 200 OK", "REGISTER", contact, expires, number                 \
    }
#define REFUSES(number)                                                                            \
    {                                                                                              \
        0, "pool", "alice", "SIP/2.0 503 No", "REGISTER", NULL, NULL, number                       \
    }
#define SIGNS_IN(later, number)                                                                    \
    REGISTERS(later, number, ALICE, "600"), TAKES(number, ALICE ";expires=600", NULL)
#define SPEAKS(later)                                                                              \
    {                                                                                              \
        later, "alice", "pool", "OPTIONS sip:pool.contoso.example SIP/2.0", "OPTIONS", ALICE,      \
            NULL, 90                                                                               \
    }
#define CALLS(later)                                                                               \
    {                                                                                              \
        later, "pool", "alice", "INVITE " HER " SIP/2.0", "INVITE", ALICE, NULL, 91                \
    }

struct story {
    const char *id;
    enum ds_verdict verdict;
    struct word words[MOST_WORDS];
};

static void say(struct scene *scene, const struct word *word)
{
    char text[640], contact[120] = "", expires[40] = "";
    if (word->contact != NULL)
        snprintf(contact, sizeof contact, "Contact: %s\r\n", word->contact);
    if (word->expires != NULL)
        snprintf(expires, sizeof expires, "Expires: %s\r\n", word->expires);
    snprintf(text, sizeof text,
             "%s\r\nVia: SIP/2.0/UDP x;branch=z9hG4bK%d\r\n"
             "From: <sip:alice@contoso.example>;tag=a\r\nTo: <sip:alice@contoso.example>%s\r\n"
             "Call-ID: %s\r\nCSeq: %d %s\r\n%s%sContent-Length: 0\r\n\r\n",
             word->start, word->number, strncmp(word->start, "SIP", 3) == 0 ? ";tag=b" : "",
             word->method, word->number, word->method, contact, expires);
    scene->now_us += word->later_s * S;
    scene_datagram(scene, word->from, word->to, text);
}

static void check_stories(const struct story *stories, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct story *story = &stories[i];
        struct scene scene;
        scene_open(&scene, "voip_only", NULL);
        for (size_t k = 0; k < MOST_WORDS && story->words[k].from != NULL; k++)
            say(&scene, &story->words[k]);
        scene_read(&scene);
        scene_judge(&scene);
        const struct ds_finding *finding = scene_finding(&scene, story->id);
        if (finding->verdict != story->verdict)
            fail_msg("story %zu: %s: %s", i, ds_verdict_name(finding->verdict), finding->sentence);
        scene_close(&scene);
    }
}

static void a_client_that_is_there_renews_in_time(void **state)
{
    static const struct story stories[] = {
        {"REG-05", DS_PASS, {SIGNS_IN(0, 1), SIGNS_IN(450, 2), SPEAKS(300)}},
        {"REG-05", DS_PASS, {SIGNS_IN(0, 1), SIGNS_IN(599, 2)}},
        {"REG-05", DS_FAIL, {SIGNS_IN(0, 1), SPEAKS(550), SPEAKS(60)}},
        {"REG-05", DS_FAIL, {SIGNS_IN(0, 1), SPEAKS(550), SIGNS_IN(60, 2)}},
        {"REG-05", DS_FAIL, {SIGNS_IN(0, 1), SIGNS_IN(450, 2), SPEAKS(550), SPEAKS(60)}},
        /* it stands still, or is gone: until nobody knows when */
        {"REG-05", DS_NOT_SEEN, {SIGNS_IN(0, 1), SPEAKS(400), SIGNS_IN(600, 2)}},
        {"REG-05", DS_NOT_SEEN, {SIGNS_IN(0, 1), SPEAKS(500)}},
        /* nobody takes the renewal */
        {"REG-05",
         DS_PASS,
         {SIGNS_IN(0, 1), REGISTERS(450, 2, ALICE, "600"), REFUSES(2), SPEAKS(140), SPEAKS(60)}},
        {"REG-05",
         DS_NOT_SEEN,
         {SIGNS_IN(0, 1), REGISTERS(60, 2, ALICE, "0"), TAKES(2, NULL, NULL), SPEAKS(500),
          SPEAKS(60)}},
    };
    (void)state;
    check_stories(stories, DS_COUNT(stories));
}

static void what_counts_is_what_was_granted_to_this_device(void **state)
{
    static const struct story stories[] = {
        {"REG-05",
         DS_FAIL,
         {REGISTERS(0, 1, ALICE, "600"), TAKES(1, ALICE, "60"), SPEAKS(50), SPEAKS(60)}},
        {"REG-05",
         DS_NOT_SEEN,
         {REGISTERS(0, 1, ALICE, "600"), TAKES(1, ALICE, NULL), SPEAKS(550), SPEAKS(60)}},
        {"REG-05",
         DS_FAIL,
         {REGISTERS(0, 1, ALICE, "600"), TAKES(1, DESK ";expires=9, " ALICE ";expires=60", "9"),
          SPEAKS(50), SPEAKS(60)}},
        {"REG-05",
         DS_NOT_SEEN,
         {REGISTERS(0, 1, ALICE, "600"), TAKES(1, DESK ";expires=9", "9"), SPEAKS(8), SPEAKS(60)}},
        {"REG-05", DS_NOT_SEEN, {TAKES(1, ALICE ";expires=60", NULL), SPEAKS(50), SPEAKS(60)}},
    };
    (void)state;
    check_stories(stories, DS_COUNT(stories));
}

static void a_device_is_called_while_it_is_registered(void **state)
{
    static const struct story stories[] = {
        {"REG-06", DS_PASS, {SIGNS_IN(0, 1), CALLS(599)}},
        {"REG-06", DS_FAIL, {SIGNS_IN(0, 1), CALLS(602)}},
        {"REG-06", DS_PASS, {SIGNS_IN(0, 1), SIGNS_IN(450, 2), CALLS(599)}},
        {"REG-06",
         DS_FAIL,
         {SIGNS_IN(0, 1), REGISTERS(450, 2, ALICE, "600"), REFUSES(2), CALLS(152)}},
        {"REG-06",
         DS_FAIL,
         {SIGNS_IN(0, 1), REGISTERS(60, 2, ALICE, "0"), TAKES(2, NULL, NULL), CALLS(0)}},
        {"REG-06",
         DS_FAIL,
         {SIGNS_IN(0, 1), REGISTERS(60, 2, ALICE ";expires=0", "600"), TAKES(2, NULL, NULL),
          CALLS(1)}},
        {"REG-06",
         DS_PASS,
         {SIGNS_IN(0, 1), REGISTERS(60, 2, DESK, "0"), TAKES(2, ALICE ";expires=540", NULL),
          CALLS(1)}},
        {"REG-06", DS_NOT_SEEN, {CALLS(0)}},
    };
    (void)state;
    check_stories(stories, DS_COUNT(stories));
}

/* A pool that refuses a call so long after Alice has signed in. */
static void assert_road(int later_s, enum ds_verdict verdict)
{
    static const struct word words[] = {SIGNS_IN(0, 1)};
    struct scene scene;
    scene_open(&scene, "voip_only", NULL);
    for (size_t i = 0; i < DS_COUNT(words); i++)
        say(&scene, &words[i]);
    scene.now_us += later_s * S;
    scene_play(&scene, &(struct plan){.path = "bob pool", .number = CALLED_EV, .status = 480});
    scene_read(&scene);
    scene_judge(&scene);
    assert_int_equal(scene_verdict(&scene, "OPT-01"), verdict);
    scene_close(&scene);
}

static void who_is_not_signed_in_any_more_is_not_called(void **state)
{
    (void)state;
    assert_road(590, DS_FAIL);
    assert_road(610, DS_NOT_SEEN);
}

int test_registration(void);

int test_registration(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_client_that_is_there_renews_in_time),
        cmocka_unit_test(what_counts_is_what_was_granted_to_this_device),
        cmocka_unit_test(a_device_is_called_while_it_is_registered),
        cmocka_unit_test(who_is_not_signed_in_any_more_is_not_called),
    };
    return cmocka_run_group_tests_name("registration", tests, NULL, NULL);
}
