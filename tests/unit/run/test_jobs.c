#include "support.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "run.h"

#define MOST 32

/* What the parent was told. */
struct told {
    int status[MOST];
    size_t ended, most_running;
    bool enough; /* after the first */
};

static bool note_end(void *owner, size_t index, int status, double seconds)
{
    struct told *told = owner;
    assert_true(index < MOST && seconds >= 0.0);
    told->status[index] = status;
    told->ended++;
    return !told->enough;
}

static void note_progress(void *owner, size_t done, size_t running)
{
    struct told *told = owner;
    (void)done;
    if (running > told->most_running)
        told->most_running = running;
}

static struct ds_jobs jobs_of(struct told *told, ds_job_fn *job, size_t count, size_t at_once)
{
    memset(told, 0, sizeof *told);
    memset(told->status, 0xff, sizeof told->status);
    return (struct ds_jobs){.count = count,
                            .at_once = at_once,
                            .timeout_s = 20.0,
                            .job = job,
                            .done = note_end,
                            .progress = note_progress,
                            .owner = told};
}

static int wait_for_interrupt(void)
{
    sigset_t set;
    int number = 0;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigwait(&set, &number);
    return number;
}

static int end_in_many_ways(void *owner, size_t index)
{
    (void)owner;
    if (index == 1)
        return 3;
    if (index == 2)
        raise(SIGKILL);
    return 0;
}

static int never_end(void *owner, size_t index)
{
    (void)owner;
    if (index == 1)
        return 0;
    for (;;)
        pause();
}

static int end_when_told(void *owner, size_t index)
{
    (void)owner;
    if (index == 1)
        kill(getppid(), SIGINT);
    return wait_for_interrupt() == SIGINT ? 42 : 1;
}

static int see_the_wish(void *owner, size_t index)
{
    (void)owner;
    (void)index;
    if (ds_interrupted())
        return 1;
    raise(SIGTERM); /* blocked: it stays pending */
    return ds_interrupted() ? 0 : 2;
}

static void every_end_is_told_with_its_status(void **state)
{
    struct told told;
    (void)state;
    const struct ds_jobs jobs = jobs_of(&told, end_in_many_ways, 4, 2);
    assert_int_equal(ds_jobs_run(&jobs, NULL), DS_OK);
    assert_int_equal(told.ended, 4);
    assert_true(WIFEXITED(told.status[0]) && WEXITSTATUS(told.status[0]) == 0);
    assert_true(WIFEXITED(told.status[1]) && WEXITSTATUS(told.status[1]) == 3);
    assert_true(WIFSIGNALED(told.status[2]) && WTERMSIG(told.status[2]) == SIGKILL);
    assert_true(WIFEXITED(told.status[3]) && WEXITSTATUS(told.status[3]) == 0);
}

static void a_child_that_takes_too_long_is_ended(void **state)
{
    struct told told;
    (void)state;
    struct ds_jobs jobs = jobs_of(&told, never_end, 2, 2);
    jobs.timeout_s = 0.2;
    assert_int_equal(ds_jobs_run(&jobs, NULL), DS_OK);
    assert_int_equal(told.ended, 2);
    assert_true(WIFSIGNALED(told.status[0]) && WTERMSIG(told.status[0]) == SIGKILL);
    assert_true(WIFEXITED(told.status[1]));
}

static void no_more_run_at_once_than_are_allowed(void **state)
{
    struct told told;
    (void)state;
    const struct ds_jobs jobs = jobs_of(&told, end_in_many_ways, MOST, 3);
    assert_int_equal(ds_jobs_run(&jobs, NULL), DS_OK);
    assert_int_equal(told.ended, MOST);
    assert_true(told.most_running >= 1 && told.most_running <= 3);
}

static void nothing_more_starts_once_it_is_enough(void **state)
{
    struct told told;
    (void)state;
    const struct ds_jobs jobs = jobs_of(&told, end_in_many_ways, 8, 1);
    told.enough = true;
    assert_int_equal(ds_jobs_run(&jobs, NULL), DS_OK);
    assert_int_equal(told.ended, 1);
}

static void an_interrupt_asks_the_children_and_waits_for_them(void **state)
{
    struct told told;
    struct ds_why why = {""};
    (void)state;
    const struct ds_jobs jobs = jobs_of(&told, end_when_told, 8, 2);
    assert_int_equal(ds_jobs_run(&jobs, &why), DS_GONE);
    assert_string_equal(why.text, "interrupted");
    assert_int_equal(told.ended, 2);
    for (size_t i = 0; i < 2; i++)
        assert_true(WIFEXITED(told.status[i]) && WEXITSTATUS(told.status[i]) == 42);
}

static void a_child_sees_the_wish_to_stop(void **state)
{
    struct told told;
    (void)state;
    const struct ds_jobs jobs = jobs_of(&told, see_the_wish, 1, 1);
    assert_int_equal(ds_jobs_run(&jobs, NULL), DS_OK);
    assert_true(WIFEXITED(told.status[0]) && WEXITSTATUS(told.status[0]) == 0);
}

static void no_jobs_are_done_at_once(void **state)
{
    struct told told;
    (void)state;
    const struct ds_jobs jobs = jobs_of(&told, end_in_many_ways, 0, 4);
    assert_int_equal(ds_jobs_run(&jobs, NULL), DS_OK);
    assert_int_equal(told.ended, 0);
}

int test_jobs(void);

int test_jobs(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_end_is_told_with_its_status),
        cmocka_unit_test(a_child_that_takes_too_long_is_ended),
        cmocka_unit_test(no_more_run_at_once_than_are_allowed),
        cmocka_unit_test(nothing_more_starts_once_it_is_enough),
        cmocka_unit_test(an_interrupt_asks_the_children_and_waits_for_them),
        cmocka_unit_test(a_child_sees_the_wish_to_stop),
        cmocka_unit_test(no_jobs_are_done_at_once),
    };
    return cmocka_run_group_tests_name("jobs", tests, NULL, NULL);
}
