#include "run_internal.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 * Where jobs have a process each, a small one forks them, which was there before the first answer:
 * the parent grows with all that it hears, and the system copies and gives back what it has mapped
 * each time that it forks. To the parent the two are one worker: what it asks the nursery it asks
 * the job's process, and a job that ends its process ends the nursery the same way.
 */

static void be_born(const struct ds_jobs *jobs,
                    struct ds_board *board,
                    struct ds_taken *taken,
                    struct ds_clock *clock,
                    int pipe)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    ds_worker_run(jobs, board, taken, clock, pipe);
    _exit(0);
}

/* Until it ends; its wait status. */
static int watch_over(pid_t child)
{
    sigset_t set;
    int signal, status = 0;
    ds_watched_signals(&set);
    while (waitpid(child, &status, WNOHANG) != child)
        if (sigwait(&set, &signal) == 0 && signal != SIGCHLD)
            kill(child, signal);
    return status;
}

/* The parent is told what became of the job by what becomes of the nursery. */
static void end_like(int status)
{
    const struct rlimit none = {0, 0};
    sigset_t set;
    if (!WIFSIGNALED(status))
        _exit(WEXITSTATUS(status));
    setrlimit(RLIMIT_CORE, &none);
    sigemptyset(&set);
    sigaddset(&set, WTERMSIG(status));
    sigprocmask(SIG_UNBLOCK, &set, NULL);
    signal(WTERMSIG(status), SIG_DFL);
    raise(WTERMSIG(status));
}

void ds_nursery_run(const struct ds_jobs *jobs,
                    struct ds_board *board,
                    struct ds_taken *taken,
                    struct ds_clock *clock,
                    int pipe)
{
    int status = 0;
    while (status == 0 && ds_is_more_to_do(jobs, board) && !ds_interrupted()) {
        pid_t child = fork();
        if (child == 0)
            be_born(jobs, board, taken, clock, pipe);
        if (child < 0)
            return;
        status = watch_over(child);
    }
    if (status != 0)
        end_like(status);
}
