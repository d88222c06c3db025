#include "world.h"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* Each question is asked in a child: a process cannot go back to the network that it left. */
enum answer { YES, NO, REFUSED };

static int ask(int (*question)(void))
{
    int status = 0;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        _exit(question());
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void ignore(void *owner, struct ds_addr from, struct ds_slice bytes)
{
    (void)from, (void)bytes;
    ++*(size_t *)owner;
}

/* Sends a datagram to itself at `at`, over a network of its own making. */
static bool hears_itself(struct ds_addr at)
{
    struct ds_clock *clock = NULL;
    struct ds_net *net = NULL;
    struct ds_udp *udp = NULL;
    struct ds_rng rng;
    struct ds_why why;
    size_t count = 0;
    ds_rng_seed(&rng, 1);
    if (ds_clock_new_real(&clock) != DS_OK)
        return false;
    const struct ds_net_options options = {.clock = clock, .rng = &rng};
    if (ds_net_new_loopback(&options, &net, &why) == DS_OK &&
        ds_udp_open(net, at, ignore, &count, &udp, &why) == DS_OK) {
        ds_udp_send(udp, ds_udp_at(udp), DS_LITERAL("echo"));
        for (int i = 0; i < 100 && count == 0; i++)
            if (ds_net_turn(net, ds_now(clock) + DS_MS, &why) != DS_OK)
                break;
    }
    ds_udp_close(&udp);
    ds_net_free(&net);
    ds_clock_free(&clock);
    return count == 1;
}

static int every_loopback_address_works_inside(void)
{
    struct ds_why why;
    if (ds_net_isolate(&why) != DS_OK)
        return REFUSED;
    return hears_itself(place(50, 5060)) && hears_itself(ds_addr_v4(0x7f7b2d06u, 0)) ? YES : NO;
}

static int networks_are_apart(void)
{
    struct ds_why why;
    if (ds_net_isolate(&why) != DS_OK)
        return REFUSED;
    return hears_itself(place(51, 5060)) ? YES : NO;
}

/* What the first run has open is nobody's hindrance in the second, also for one who is no root. */
static int one_run_after_another_has_its_own(void)
{
    struct ds_clock *clock = NULL;
    struct ds_net *net = NULL;
    struct ds_udp *udp = NULL;
    struct ds_rng rng;
    struct ds_why why;
    size_t count = 0;
    ds_rng_seed(&rng, 1);
    if (!ds_net_can_isolate() || ds_net_isolate(&why) != DS_OK)
        return REFUSED;
    if (ds_clock_new_held(&clock) != DS_OK)
        return NO;
    const struct ds_net_options options = {.clock = clock, .rng = &rng};
    if (ds_net_new_loopback(&options, &net, &why) != DS_OK ||
        ds_udp_open(net, place(50, 5060), ignore, &count, &udp, &why) != DS_OK)
        return NO;
    bool was_taken = !hears_itself(place(50, 5060));
    bool is_free =
        ds_net_isolate_again(&why) == DS_OK && hears_itself(place(50, 5060)) && geteuid() == 0;
    ds_udp_close(&udp);
    ds_net_free(&net);
    ds_clock_free(&clock);
    return was_taken && is_free ? YES : NO;
}

static int another_for_an_ordinary_user(void)
{
    if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
        return REFUSED;
    prctl(PR_SET_DUMPABLE, 1);
    return one_run_after_another_has_its_own();
}

/* A limit of no processes forbids the rehearsal; root is not bound by it. */
static int a_refusal_leaves_the_process_as_it_was(void)
{
    const struct rlimit none = {0, 0};
    struct ds_why why = {""};
    char before[64] = "", after[64] = "";
    if (geteuid() == 0 && setuid(65534) != 0)
        return REFUSED;
    if (readlink("/proc/self/ns/net", before, sizeof before - 1) < 0 ||
        setrlimit(RLIMIT_NPROC, &none) != 0)
        return REFUSED;
    ds_rc rc = ds_net_isolate(&why);
    if (readlink("/proc/self/ns/net", after, sizeof after - 1) < 0)
        return NO;
    return rc == DS_IO && strcmp(before, after) == 0 && strstr(why.text, "cannot leave") != NULL &&
                   hears_itself(place(52, 0))
               ? YES
               : NO;
}

/* The kernel gives /proc/self of a process that was root to root, unless it may be dumped. */
static int an_ordinary_user_may_too(void)
{
    struct ds_why why;
    if (geteuid() == 0 &&
        (setgid(65534) != 0 || setuid(65534) != 0 || prctl(PR_SET_DUMPABLE, 1) != 0))
        return REFUSED;
    if (ds_net_isolate(&why) != DS_OK)
        return REFUSED;
    return geteuid() == 0 && hears_itself(place(53, 80)) ? YES : NO;
}

static void expect_yes(int (*question)(void))
{
    int answer = ask(question);
    if (answer == REFUSED) {
        print_message("skipped: this machine gives no private network\n");
        skip();
    }
    assert_int_equal(answer, YES);
}

static void every_loopback_address_can_be_had(void **state)
{
    (void)state;
    expect_yes(every_loopback_address_works_inside);
}

static void two_runs_take_the_same_port(void **state)
{
    (void)state;
    expect_yes(networks_are_apart);
    expect_yes(networks_are_apart);
}

static void an_ordinary_user_gets_one(void **state)
{
    (void)state;
    expect_yes(an_ordinary_user_may_too);
}

static void a_process_gets_one_after_another(void **state)
{
    (void)state;
    expect_yes(one_run_after_another_has_its_own);
    expect_yes(another_for_an_ordinary_user);
}

static void a_refusal_changes_nothing(void **state)
{
    (void)state;
    expect_yes(a_refusal_leaves_the_process_as_it_was);
}

int test_isolate(void);

int test_isolate(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_loopback_address_can_be_had),
        cmocka_unit_test(two_runs_take_the_same_port),
        cmocka_unit_test(an_ordinary_user_gets_one),
        cmocka_unit_test(a_process_gets_one_after_another),
        cmocka_unit_test(a_refusal_changes_nothing),
    };
    return cmocka_run_group_tests_name("isolate", tests, NULL, NULL);
}
