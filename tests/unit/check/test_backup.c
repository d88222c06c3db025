#include "capture.h"

#include <stdio.h>

/* Calls in for a user who is at the backup of a pool that does not answer. */

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

int test_backup(void);

int test_backup(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_call_in_gets_to_the_backup),
    };
    return cmocka_run_group_tests_name("backup", tests, NULL, NULL);
}
