#include "support.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "run.h"

#define MOST 32

/* What the parent was told. */
struct told {
    int status[MOST], signal[MOST];
    size_t ended, answered, most_running;
    pid_t who; /* is told */
};

static void note_end(void *owner, const struct ds_job_end *end)
{
    struct told *told = owner;
    assert_true(end->index < MOST && end->seconds >= 0.0);
    told->status[end->index] = end->status;
    told->signal[end->index] = end->signal;
    told->answered += ds_slice_equal(end->answer, DS_LITERAL("an answer"));
    told->ended++;
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
    told->who = getpid();
    return (struct ds_jobs){.count = count,
                            .at_once = at_once,
                            .per_worker = 1,
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

static int end_in_many_ways(void *owner, size_t index, struct ds_buf *answer)
{
    (void)owner, (void)answer;
    if (index == 1)
        return 3;
    if (index == 2)
        raise(SIGKILL);
    return 0;
}

static int never_end(void *owner, size_t index, struct ds_buf *answer)
{
    (void)owner, (void)answer;
    if (index == 1)
        return 0;
    for (;;)
        pause();
}

static int end_when_told(void *owner, size_t index, struct ds_buf *answer)
{
    const struct told *told = owner;
    (void)answer;
    if (index == 1)
        kill(told->who, SIGINT);
    return wait_for_interrupt() == SIGINT ? 42 : 1;
}

static int see_the_wish(void *owner, size_t index, struct ds_buf *answer)
{
    (void)owner, (void)answer;
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
    assert_int_equal(told.status[0], 0);
    assert_int_equal(told.status[1], 3);
    assert_int_equal(told.signal[2], SIGKILL);
    assert_int_equal(told.status[3], 0);
}

static void a_child_that_takes_too_long_is_ended(void **state)
{
    struct told told;
    (void)state;
    struct ds_jobs jobs = jobs_of(&told, never_end, 2, 2);
    jobs.timeout_s = 0.2;
    assert_int_equal(ds_jobs_run(&jobs, NULL), DS_OK);
    assert_int_equal(told.ended, 2);
    assert_int_equal(told.signal[0], SIGKILL);
    assert_int_equal(told.status[1], 0);
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
        assert_int_equal(told.status[i], 42);
}

/* Where each job has a process of its own, another process is its parent. */
static int end_the_parent(void *owner, size_t index, struct ds_buf *answer)
{
    (void)owner, (void)index, (void)answer;
    kill(getppid(), SIGKILL);
    return pause(); /* until that ends us too */
}

static void a_job_does_not_outlive_the_worker_it_is_of(void **state)
{
    struct told told;
    int ends[2];
    char byte;
    (void)state;
    const struct ds_jobs jobs = jobs_of(&told, end_the_parent, 1, 1);
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(ds_jobs_run(&jobs, NULL), DS_OK);
    assert_int_equal(told.signal[0], SIGKILL);
    close(ends[1]);
    assert_int_equal(read(ends[0], &byte, 1), 0); /* nobody holds it open any more */
    close(ends[0]);
}

static void a_child_sees_the_wish_to_stop(void **state)
{
    struct told told;
    (void)state;
    const struct ds_jobs jobs = jobs_of(&told, see_the_wish, 1, 1);
    assert_int_equal(ds_jobs_run(&jobs, NULL), DS_OK);
    assert_int_equal(told.status[0], 0);
}

static void no_jobs_are_done_at_once(void **state)
{
    struct told told;
    (void)state;
    const struct ds_jobs jobs = jobs_of(&told, end_in_many_ways, 0, 4);
    assert_int_equal(ds_jobs_run(&jobs, NULL), DS_OK);
    assert_int_equal(told.ended, 0);
}

/* ---- many jobs in one worker ---- */

/* Answers, and remembers in its own copy of the owner how many it has done. */
static int count_own(void *owner, size_t index, struct ds_buf *answer)
{
    struct told *told = owner;
    if (index == 5)
        raise(SIGKILL);
    ds_buf_text(answer, "an answer");
    return (int)told->ended++;
}

static void a_worker_does_many_and_its_end_costs_one(void **state)
{
    struct told told;
    (void)state;
    struct ds_jobs jobs = jobs_of(&told, count_own, 10, 1);
    jobs.per_worker = MOST;
    assert_int_equal(ds_jobs_run(&jobs, NULL), DS_OK);
    assert_int_equal(told.ended, 10);
    assert_int_equal(told.answered, 9);
    for (int i = 0; i < 5; i++)
        assert_int_equal(told.status[i], i);
    assert_int_equal(told.status[5], -1);
    assert_int_equal(told.signal[5], SIGKILL);
    assert_true(told.status[6] < told.status[9]);
    assert_int_equal(told.status[9] - told.status[6], 3);
}

static void a_worker_is_replaced_after_its_share(void **state)
{
    struct told told;
    (void)state;
    struct ds_jobs jobs = jobs_of(&told, count_own, 5, 1);
    jobs.per_worker = 2;
    assert_int_equal(ds_jobs_run(&jobs, NULL), DS_OK);
    assert_int_equal(told.answered, 5);
    assert_int_equal(told.status[1], told.status[0] + 1);
    assert_int_equal(told.status[3], told.status[2] + 1);
}

/* More than a pipe holds, from several at once. */
static int answer_at_length(void *owner, size_t index, struct ds_buf *answer)
{
    (void)owner;
    for (int i = 0; i < 40000; i++)
        ds_buf_print(answer, "%zu ", index);
    return 0;
}

static void note_length(void *owner, const struct ds_job_end *end)
{
    struct told *told = owner;
    struct ds_buf expected = {0};
    answer_at_length(NULL, end->index, &expected);
    told->answered += ds_slice_equal(end->answer, ds_buf_slice(&expected));
    ds_buf_clean_up(&expected);
}

static void long_answers_arrive_whole(void **state)
{
    struct told told;
    (void)state;
    struct ds_jobs jobs = jobs_of(&told, answer_at_length, 20, 3);
    jobs.per_worker = MOST;
    jobs.done = note_length;
    assert_int_equal(ds_jobs_run(&jobs, NULL), DS_OK);
    assert_int_equal(told.answered, 20);
}

static int hang_once(void *owner, size_t index, struct ds_buf *answer)
{
    (void)owner, (void)answer;
    while (index == 2)
        pause();
    return 0;
}

static void one_that_hangs_costs_itself_only(void **state)
{
    struct told told;
    (void)state;
    struct ds_jobs jobs = jobs_of(&told, hang_once, 8, 2);
    jobs.per_worker = MOST;
    jobs.timeout_s = 0.3;
    assert_int_equal(ds_jobs_run(&jobs, NULL), DS_OK);
    assert_int_equal(told.ended, 8);
    for (size_t i = 0; i < 8; i++)
        assert_int_equal(told.signal[i], i == 2 ? SIGKILL : 0);
}

int test_jobs(void);

int test_jobs(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_end_is_told_with_its_status),
        cmocka_unit_test(a_child_that_takes_too_long_is_ended),
        cmocka_unit_test(no_more_run_at_once_than_are_allowed),
        cmocka_unit_test(an_interrupt_asks_the_children_and_waits_for_them),
        cmocka_unit_test(a_job_does_not_outlive_the_worker_it_is_of),
        cmocka_unit_test(a_child_sees_the_wish_to_stop),
        cmocka_unit_test(no_jobs_are_done_at_once),
        cmocka_unit_test(a_worker_does_many_and_its_end_costs_one),
        cmocka_unit_test(a_worker_is_replaced_after_its_share),
        cmocka_unit_test(long_answers_arrive_whole),
        cmocka_unit_test(one_that_hangs_costs_itself_only),
    };
    return cmocka_run_group_tests_name("jobs", tests, NULL, NULL);
}
