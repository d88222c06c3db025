#include "capture.h"

#include <stdio.h>

/* Users of a pool that does not answer: when they sign in at its backup, through an Edge or not,
   and calls in for them there. */

#define AT_BACKUP .path = "pstn gateway mediation pool_b alice", .number = CALLED_EV
#define AT_HOME   .path = "pstn gateway mediation pool alice", .number = CALLED_EV
#define NOWHERE   .path = "pstn gateway mediation", .number = CALLED_EV, .status = 503

/* A pool's answer to Alice's REGISTER; `contact` is the line that lists her, or "". */
static void sign(struct scene *scene, const char *pool, const char *contact)
{
    char text[512];
    snprintf(text, sizeof text,
             "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP x;branch=z9hG4bK%s%zu\r\n"
             "From: <sip:alice@contoso.example>;tag=a\r\n"
             "To: <sip:alice@contoso.example>;tag=b\r\nCall-ID: r\r\nCSeq: 1 REGISTER\r\n"
             "%sContent-Length: 0\r\n\r\n",
             pool, strlen(contact), contact);
    scene_datagram(scene, pool, "alice", text);
}

static void sign_in(struct scene *scene, const char *pool)
{
    sign(scene, pool, "Contact: <sip:alice@127.0.10.10>;expires=600\r\n");
}

/* What comes of a call while Alice is signed in there; `left`: and then was signed out. */
static void check(const char *pool, bool left, const struct plan *plan, enum ds_verdict verdict)
{
    struct scene scene;
    scene_open(&scene, "voip_only", "paired");
    sign_in(&scene, pool);
    if (left)
        sign(&scene, pool, "");
    scene_play(&scene, plan);
    scene_read(&scene);
    scene_judge(&scene);
    const struct ds_finding *finding = scene_finding(&scene, "REG-03");
    if (finding->verdict != verdict)
        fail_msg("%s: %s", ds_verdict_name(finding->verdict), finding->sentence);
    scene_close(&scene);
}

static void a_call_in_gets_to_the_backup(void **state)
{
    (void)state;
    check("pool_b", false, &(struct plan){AT_BACKUP}, DS_PASS);
    check("pool_b", false, &(struct plan){NOWHERE}, DS_FAIL);
    check("pool_b", false, &(struct plan){AT_HOME}, DS_NOT_SEEN); /* it answers */
    check("pool_b", true, &(struct plan){NOWHERE}, DS_NOT_SEEN);
    check("pool", false, &(struct plan){NOWHERE}, DS_NOT_SEEN);
    check("pool_b", false, &(struct plan){.path = "bob pool_b alice", .number = CALLED_EV},
          DS_NOT_SEEN);
}

/* ---- users outside ---- */

#define S INT64_C(1000000)

/* One message about Rita, who works at home, so many seconds after the last. */
struct word {
    int later_s;
    const char *from, *to, *start, *method;
};

#define MOST_WORDS 8

static void say(struct scene *scene, const struct word *word)
{
    char text[512];
    snprintf(text, sizeof text,
             "%s\r\nVia: SIP/2.0/UDP x;branch=z9hG4bK%s\r\n"
             "From: <sip:rita@contoso.example>;tag=a\r\nTo: <sip:rita@contoso.example>%s\r\n"
             "Call-ID: %s\r\nCSeq: 1 %s\r\nContact: <sip:rita@127.0.90.10>\r\n"
             "Content-Length: 0\r\n\r\n",
             word->start, word->method, strncmp(word->start, "SIP", 3) == 0 ? ";tag=b" : "",
             word->method, word->method);
    scene->now_us += word->later_s * S;
    scene_datagram(scene, word->from, word->to, text);
}

#define ASKS(later, from, to)                                                                      \
    {                                                                                              \
        later, from, to, "OPTIONS sip:pool.contoso.example SIP/2.0", "OPTIONS"                     \
    }
#define SIGNS_IN(later, from, to)                                                                  \
    {                                                                                              \
        later, from, to, "REGISTER sip:contoso.example SIP/2.0", "REGISTER"                        \
    }
#define SAYS(later, from, to, status, method)                                                      \
    {                                                                                              \
        later, from, to, "SIP/2.0 " status, method                                                 \
    }

struct story {
    const char *id;
    enum ds_verdict verdict;
    struct word words[MOST_WORDS];
    const struct plan *plan; /* a call after it, or NULL */
};

static void check_story(const struct story *story)
{
    struct scene scene;
    scene_open(&scene, "remote_worker", "paired");
    for (size_t i = 0; i < MOST_WORDS && story->words[i].from != NULL; i++)
        say(&scene, &story->words[i]);
    if (story->plan != NULL)
        scene_play(&scene, story->plan);
    scene_read(&scene);
    scene_judge(&scene);
    const struct ds_finding *finding = scene_finding(&scene, story->id);
    if (finding->verdict != story->verdict)
        fail_msg("%s %s: %s", story->id, ds_verdict_name(finding->verdict), finding->sentence);
    scene_close(&scene);
}

/* She is signed in, and her pool is asked once more, in vain. */
#define LOST                                                                                       \
    SIGNS_IN(0, "edge", "pool"), SAYS(0, "pool", "edge", "200 OK", "REGISTER"),                    \
        ASKS(60, "edge", "pool")

static void users_outside_move_once_the_edge_leads_there(void **state)
{
    static const struct story stories[] = {
        {"REG-01",
         DS_PASS,
         {LOST, ASKS(300, "edge", "pool_b"), SIGNS_IN(1, "edge", "pool_b")},
         NULL},
        {"REG-01", DS_FAIL, {LOST, SIGNS_IN(100, "edge", "pool_b")}, NULL},
        {"REG-01", DS_FAIL, {LOST, ASKS(300, "edge", "pool_b"), ASKS(100, "edge", "pool_b")}, NULL},
        {"REG-01", DS_NOT_SEEN, {LOST, ASKS(600, "edge", "pool")}, NULL},
        {"REG-02",
         DS_PASS,
         {LOST, SIGNS_IN(300, "edge", "pool_b"), ASKS(60, "edge", "pool"),
          SAYS(0, "pool", "edge", "200 OK", "OPTIONS"), SIGNS_IN(1, "edge", "pool")},
         NULL},
        {"REG-02",
         DS_FAIL,
         {LOST, SIGNS_IN(300, "edge", "pool_b"), ASKS(60, "edge", "pool"),
          SAYS(0, "pool", "edge", "200 OK", "OPTIONS"), ASKS(60, "edge", "pool")},
         NULL},
    };
    (void)state;
    for (size_t i = 0; i < DS_COUNT(stories); i++)
        check_story(&stories[i]);
}

static void a_call_in_gets_to_who_is_outside(void **state)
{
    static const struct plan there = {.path = "pstn gateway mediation pool_b edge rita",
                                      .number = "+14255550103"},
                             nowhere = {.path = "pstn gateway mediation",
                                        .number = "+14255550103",
                                        .status = 503};
    static const struct story stories[] = {
        {"REG-03", DS_PASS, {SAYS(0, "pool_b", "edge", "200 OK", "REGISTER")}, &there},
        {"REG-03", DS_FAIL, {SAYS(0, "pool_b", "edge", "200 OK", "REGISTER")}, &nowhere},
        {"REG-03", DS_NOT_SEEN, {SAYS(0, "pool", "edge", "200 OK", "REGISTER")}, &nowhere},
    };
    (void)state;
    for (size_t i = 0; i < DS_COUNT(stories); i++)
        check_story(&stories[i]);
}

static void an_edge_asks_one_pool(void **state)
{
    static const struct story stories[] = {
        {"REG-04",
         DS_PASS,
         {SIGNS_IN(0, "rita", "edge"), SAYS(0, "edge", "rita", "503 No Way", "REGISTER")},
         NULL},
        {"REG-04",
         DS_PASS,
         {SIGNS_IN(0, "rita", "edge"), SIGNS_IN(0, "edge", "pool"),
          SAYS(32, "edge", "rita", "408 Silent", "REGISTER")},
         NULL},
        {"REG-04",
         DS_FAIL,
         {SIGNS_IN(0, "rita", "edge"), SIGNS_IN(0, "edge", "pool"), SIGNS_IN(32, "edge", "pool_b")},
         NULL},
        {"REG-04",
         DS_NOT_SEEN,
         {SIGNS_IN(0, "rita", "edge"), SIGNS_IN(0, "edge", "pool_b"),
          SAYS(0, "edge", "rita", "200 OK", "REGISTER")},
         NULL},
    };
    (void)state;
    for (size_t i = 0; i < DS_COUNT(stories); i++)
        check_story(&stories[i]);
}

int test_backup(void);

int test_backup(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_call_in_gets_to_the_backup),
        cmocka_unit_test(users_outside_move_once_the_edge_leads_there),
        cmocka_unit_test(a_call_in_gets_to_who_is_outside),
        cmocka_unit_test(an_edge_asks_one_pool),
    };
    return cmocka_run_group_tests_name("backup", tests, NULL, NULL);
}
