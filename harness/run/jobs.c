#include "run.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 * Runs are processes. The parent waits on one descriptor for ended children and for a person's wish
 * to stop; signals are blocked from the first fork on, in children too, who look at what is
 * pending. So no handler is needed, and no state that a handler would write.
 */

#define PATIENCE (5 * DS_S) /* for children that were asked to stop */

struct child {
    pid_t pid; /* 0: free */
    size_t index;
    ds_us since, deadline;
};

struct yard {
    const struct ds_jobs *jobs;
    struct ds_clock *clock; /* owned */
    struct child *children; /* owned; jobs->at_once of them */
    int signals;            /* owned descriptor */
    size_t next, running, done;
    bool stopping, interrupted;
};

bool ds_interrupted(void)
{
    sigset_t pending;
    return sigpending(&pending) == 0 &&
           (sigismember(&pending, SIGINT) == 1 || sigismember(&pending, SIGTERM) == 1);
}

static void watched_signals(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGINT);
    sigaddset(set, SIGTERM);
    sigaddset(set, SIGCHLD);
}

static void start_child(struct yard *yard, struct child *child)
{
    pid_t parent = getpid();
    child->index = yard->next++;
    child->since = ds_now(yard->clock);
    child->deadline = child->since + (ds_us)(yard->jobs->timeout_s * (double)DS_S);
    pid_t pid = fork();
    if (pid == 0) {
        close(yard->signals);
        prctl(PR_SET_PDEATHSIG, SIGKILL); /* a parent that is killed leaves nobody behind */
        if (getppid() != parent)
            _exit(1);
        _exit(yard->jobs->job(yard->jobs->owner, child->index));
    }
    if (pid < 0) {
        yard->done++;
        yard->stopping |= !yard->jobs->done(yard->jobs->owner, child->index, -1, 0.0);
        return;
    }
    child->pid = pid;
    yard->running++;
}

static void start_more(struct yard *yard)
{
    ds_assert(yard->children != NULL);
    for (size_t i = 0; i < yard->jobs->at_once && !yard->stopping && yard->next < yard->jobs->count;
         i++)
        if (yard->children[i].pid == 0)
            start_child(yard, &yard->children[i]);
}

static struct child *find_child(struct yard *yard, pid_t pid)
{
    for (size_t i = 0; i < yard->jobs->at_once; i++)
        if (yard->children[i].pid == pid)
            return &yard->children[i];
    return NULL;
}

static void reap(struct yard *yard)
{
    int status;
    for (pid_t pid = waitpid(-1, &status, WNOHANG); pid > 0; pid = waitpid(-1, &status, WNOHANG)) {
        struct child *child = find_child(yard, pid);
        if (child == NULL)
            continue;
        double seconds = (double)(ds_now(yard->clock) - child->since) / (double)DS_S;
        child->pid = 0;
        yard->running--;
        yard->done++;
        yard->stopping |= !yard->jobs->done(yard->jobs->owner, child->index, status, seconds);
    }
}

static void ask_to_stop(struct yard *yard)
{
    yard->stopping = yard->interrupted = true;
    for (size_t i = 0; i < yard->jobs->at_once; i++) {
        struct child *child = &yard->children[i];
        if (child->pid == 0)
            continue;
        kill(child->pid, SIGINT);
        child->deadline = ds_now(yard->clock) + PATIENCE;
    }
}

static void end_the_late(struct yard *yard)
{
    for (size_t i = 0; i < yard->jobs->at_once; i++)
        if (yard->children[i].pid != 0 && ds_now(yard->clock) >= yard->children[i].deadline)
            kill(yard->children[i].pid, SIGKILL);
}

static void wait_for_news(struct yard *yard)
{
    struct pollfd waiting = {.fd = yard->signals, .events = POLLIN};
    struct signalfd_siginfo news;
    poll(&waiting, 1, 100);
    while (read(yard->signals, &news, sizeof news) == (ssize_t)sizeof news)
        if (news.ssi_signo != SIGCHLD)
            ask_to_stop(yard);
}

static ds_rc open_yard(struct yard *yard, const struct ds_jobs *jobs, struct ds_why *why)
{
    sigset_t set;
    *yard = (struct yard){.jobs = jobs, .signals = -1};
    watched_signals(&set);
    if (sigprocmask(SIG_BLOCK, &set, NULL) != 0)
        return ds_fail(why, DS_IO, "cannot block signals: %s", strerror(errno));
    yard->signals = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    if (yard->signals < 0)
        return ds_fail(why, DS_IO, "cannot watch signals: %s", strerror(errno));
    yard->children = calloc(jobs->at_once, sizeof *yard->children);
    if (yard->children == NULL || ds_clock_new_real(&yard->clock) != DS_OK)
        return ds_fail_memory(why);
    return DS_OK;
}

static void close_yard(struct yard *yard)
{
    if (yard->signals >= 0)
        close(yard->signals);
    free(yard->children);
    ds_clock_free(&yard->clock);
}

ds_rc ds_jobs_run(const struct ds_jobs *jobs, struct ds_why *why)
{
    struct yard yard;
    ds_assert(jobs->at_once > 0);
    ds_rc rc = open_yard(&yard, jobs, why);
    while (rc == DS_OK && (yard.running > 0 || (!yard.stopping && yard.next < jobs->count))) {
        ds_clock_turn(yard.clock);
        start_more(&yard);
        if (jobs->progress != NULL)
            jobs->progress(jobs->owner, yard.done, yard.running);
        wait_for_news(&yard);
        ds_clock_turn(yard.clock);
        reap(&yard);
        end_the_late(&yard);
    }
    bool interrupted = yard.interrupted;
    close_yard(&yard);
    return rc == DS_OK && interrupted ? ds_fail(why, DS_GONE, "interrupted") : rc;
}
