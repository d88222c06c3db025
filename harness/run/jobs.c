#include "run_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 * The parent of workers. It waits for their answers, for their ends and for a person's wish to
 * stop; signals are blocked from the first fork on, in workers too, who look at what is pending. So
 * no handler is needed, and no state that a handler would write.
 */

#define PATIENCE   (5 * DS_S) /* for workers that were asked to stop */
#define READ_BYTES 65536

struct worker {
    pid_t pid;             /* 0: free */
    int pipe;              /* its answers; owned */
    struct ds_buf heard;   /* not a whole answer yet; owned */
    ds_us stop_by;         /* once it was asked to stop */
    struct ds_taken *what; /* borrowed from the board */
};

struct yard {
    const struct ds_jobs *jobs;
    struct ds_clock *clock; /* owned */
    struct ds_board *board; /* owned, mapped */
    struct worker *workers; /* owned; jobs->at_once of them */
    struct pollfd *watched; /* owned; the signals, then each worker's pipe */
    bool *told;             /* owned; for each job */
    size_t running, done;
    bool interrupted;
};

bool ds_interrupted(void)
{
    sigset_t pending;
    return sigpending(&pending) == 0 &&
           (sigismember(&pending, SIGINT) == 1 || sigismember(&pending, SIGTERM) == 1);
}

void ds_watched_signals(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGINT);
    sigaddset(set, SIGTERM);
    sigaddset(set, SIGCHLD);
}

static void tell(struct yard *yard, const struct ds_job_end *end)
{
    if (end->index >= yard->jobs->count || yard->told[end->index])
        return;
    yard->told[end->index] = true;
    yard->done++;
    yard->jobs->done(yard->jobs->owner, end);
}

/* ---- starting ---- */

bool ds_is_more_to_do(const struct ds_jobs *jobs, const struct ds_board *board)
{
    return !atomic_load(&board->enough) && atomic_load(&board->next) < jobs->count;
}

static bool is_more_to_do(const struct yard *yard)
{
    return ds_is_more_to_do(yard->jobs, yard->board);
}

static void become_worker(struct yard *yard, const struct worker *worker, pid_t parent, int pipe)
{
    void (*run)(const struct ds_jobs *, struct ds_board *, struct ds_taken *, struct ds_clock *,
                int) = yard->jobs->per_worker == 1 ? ds_nursery_run : ds_worker_run;
    close(yard->watched[0].fd);
    prctl(PR_SET_PDEATHSIG, SIGKILL); /* a parent that is killed leaves nobody behind */
    if (getppid() == parent)
        run(yard->jobs, yard->board, worker->what, yard->clock, pipe);
    _exit(0);
}

static void start_worker(struct yard *yard, struct worker *worker)
{
    int ends[2] = {-1, -1};
    pid_t parent = getpid(), pid = -1;
    if (pipe2(ends, O_CLOEXEC) == 0 && fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0)
        pid = fork();
    if (pid == 0)
        become_worker(yard, worker, parent, ends[1]);
    if (ends[1] >= 0)
        close(ends[1]);
    if (pid > 0) {
        worker->pid = pid;
        worker->pipe = ends[0];
        worker->stop_by = DS_NEVER;
        yard->running++;
        return;
    }
    if (ends[0] >= 0)
        close(ends[0]);
    const struct ds_job_end end = {.index = atomic_fetch_add(&yard->board->next, 1), .status = -1};
    tell(yard, &end);
}

static void start_more(struct yard *yard)
{
    for (size_t i = 0; i < yard->jobs->at_once && is_more_to_do(yard); i++)
        if (yard->workers[i].pid == 0)
            start_worker(yard, &yard->workers[i]);
}

/* ---- hearing ---- */

/* Whole answers are told and taken off; what is left waits for its rest. */
static void tell_answers(struct yard *yard, struct worker *worker)
{
    struct ds_slice rest = ds_buf_slice(&worker->heard);
    struct ds_answer_head head;
    while (rest.len >= sizeof head) {
        memcpy(&head, rest.at, sizeof head);
        if (rest.len - sizeof head < head.len)
            break;
        const struct ds_job_end end = {.index = head.index,
                                       .status = head.status,
                                       .answer = {rest.at + sizeof head, head.len},
                                       .seconds = head.seconds};
        tell(yard, &end);
        rest = ds_slice_from(rest, sizeof head + head.len);
    }
    if (rest.len > 0)
        memmove(worker->heard.at, rest.at, rest.len);
    worker->heard.len = rest.len;
}

/* Where there is no room for it, it is taken all the same: else its worker would wait. */
static void hear(struct yard *yard, struct worker *worker)
{
    char spare[READ_BYTES];
    for (;;) {
        char *room = ds_buf_room(&worker->heard, READ_BYTES);
        ssize_t count = read(worker->pipe, room == NULL ? spare : room, READ_BYTES);
        if (count <= 0)
            return;
        if (room != NULL)
            ds_buf_filled(&worker->heard, room + count);
        tell_answers(yard, worker);
    }
}

static struct worker *find_worker(struct yard *yard, pid_t pid)
{
    for (size_t i = 0; i < yard->jobs->at_once; i++)
        if (yard->workers[i].pid == pid)
            return &yard->workers[i];
    return NULL;
}

/* What it had answered counts; the job that it was at has ended with it. */
static void bury(struct yard *yard, struct worker *worker, int status)
{
    hear(yard, worker);
    const struct ds_job_end end = {
        .index = atomic_exchange(&worker->what->job, DS_NO_JOB),
        .status = -1,
        .signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0,
        .seconds =
            (double)(ds_now(yard->clock) - atomic_load(&worker->what->since)) / (double)DS_S};
    tell(yard, &end);
    close(worker->pipe);
    ds_buf_clean_up(&worker->heard);
    worker->pid = 0;
    worker->pipe = -1;
    yard->running--;
}

static void reap(struct yard *yard)
{
    int status;
    for (pid_t pid = waitpid(-1, &status, WNOHANG); pid > 0; pid = waitpid(-1, &status, WNOHANG)) {
        struct worker *worker = find_worker(yard, pid);
        if (worker != NULL)
            bury(yard, worker, status);
    }
}

/* ---- stopping ---- */

static void ask_to_stop(struct yard *yard)
{
    yard->interrupted = true;
    atomic_store(&yard->board->enough, true);
    for (size_t i = 0; i < yard->jobs->at_once; i++) {
        struct worker *worker = &yard->workers[i];
        if (worker->pid == 0)
            continue;
        kill(worker->pid, SIGINT);
        worker->stop_by = ds_now(yard->clock) + PATIENCE;
    }
}

static bool is_late(const struct yard *yard, const struct worker *worker)
{
    ds_us now = ds_now(yard->clock), since = atomic_load(&worker->what->since);
    bool at_work = atomic_load(&worker->what->job) != DS_NO_JOB;
    return now >= worker->stop_by ||
           (at_work && now >= since + (ds_us)(yard->jobs->timeout_s * (double)DS_S));
}

static void end_the_late(struct yard *yard)
{
    for (size_t i = 0; i < yard->jobs->at_once; i++)
        if (yard->workers[i].pid != 0 && is_late(yard, &yard->workers[i]))
            kill(yard->workers[i].pid, SIGKILL);
}

static void wait_for_news(struct yard *yard)
{
    struct signalfd_siginfo news;
    for (size_t i = 0; i < yard->jobs->at_once; i++)
        yard->watched[i + 1] = (struct pollfd){.fd = yard->workers[i].pipe, .events = POLLIN};
    poll(yard->watched, yard->jobs->at_once + 1, 100);
    for (size_t i = 0; i < yard->jobs->at_once; i++)
        if (yard->watched[i + 1].revents & POLLIN)
            hear(yard, &yard->workers[i]);
    while (read(yard->watched[0].fd, &news, sizeof news) == (ssize_t)sizeof news)
        if (news.ssi_signo != SIGCHLD)
            ask_to_stop(yard);
}

/* ---- the whole ---- */

static size_t board_size(const struct ds_jobs *jobs)
{
    return sizeof(struct ds_board) + jobs->at_once * sizeof(struct ds_taken);
}

static bool make_room(struct yard *yard, const struct ds_jobs *jobs)
{
    struct ds_board *board =
        mmap(NULL, board_size(jobs), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    yard->board = board == MAP_FAILED ? NULL : board;
    yard->workers = calloc(jobs->at_once, sizeof *yard->workers);
    yard->told = calloc(jobs->count + 1, sizeof *yard->told);
    yard->watched = calloc(jobs->at_once + 1, sizeof *yard->watched);
    if (yard->watched != NULL)
        yard->watched[0] = (struct pollfd){.fd = -1, .events = POLLIN};
    if (yard->board == NULL || yard->workers == NULL || yard->told == NULL ||
        yard->watched == NULL || ds_clock_new_real(&yard->clock) != DS_OK)
        return false;
    for (size_t i = 0; i < jobs->at_once; i++) {
        yard->workers[i] = (struct worker){.pipe = -1, .what = &board->taken[i]};
        atomic_store(&board->taken[i].job, DS_NO_JOB);
    }
    return true;
}

static ds_rc open_yard(struct yard *yard, const struct ds_jobs *jobs, struct ds_why *why)
{
    sigset_t set;
    *yard = (struct yard){.jobs = jobs};
    if (!make_room(yard, jobs))
        return ds_fail_memory(why);
    ds_watched_signals(&set);
    if (sigprocmask(SIG_BLOCK, &set, NULL) != 0)
        return ds_fail(why, DS_IO, "cannot block signals: %s", strerror(errno));
    yard->watched[0].fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    if (yard->watched[0].fd < 0)
        return ds_fail(why, DS_IO, "cannot watch signals: %s", strerror(errno));
    return DS_OK;
}

static void close_yard(struct yard *yard)
{
    if (yard->watched != NULL && yard->watched[0].fd >= 0)
        close(yard->watched[0].fd);
    if (yard->board != NULL)
        munmap(yard->board, board_size(yard->jobs));
    free(yard->watched);
    free(yard->workers);
    free(yard->told);
    ds_clock_free(&yard->clock);
}

/* A worker that was killed between taking a job and writing that down. */
static void tell_the_lost(struct yard *yard)
{
    for (size_t i = 0; i < yard->jobs->count && !atomic_load(&yard->board->enough); i++) {
        const struct ds_job_end end = {.index = i, .status = -1};
        tell(yard, &end);
    }
}

ds_rc ds_jobs_run(const struct ds_jobs *jobs, struct ds_why *why)
{
    struct yard yard;
    ds_assert(jobs->at_once > 0 && jobs->per_worker > 0);
    ds_rc rc = open_yard(&yard, jobs, why);
    while (rc == DS_OK && (yard.running > 0 || is_more_to_do(&yard))) {
        ds_clock_turn(yard.clock);
        start_more(&yard);
        if (jobs->progress != NULL)
            jobs->progress(jobs->owner, yard.done, yard.running);
        wait_for_news(&yard);
        ds_clock_turn(yard.clock);
        reap(&yard);
        end_the_late(&yard);
    }
    if (rc == DS_OK)
        tell_the_lost(&yard);
    bool interrupted = yard.interrupted;
    close_yard(&yard);
    return rc == DS_OK && interrupted ? ds_fail(why, DS_GONE, "interrupted") : rc;
}
