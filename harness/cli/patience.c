#include "cli_internal.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

/* Waiting for more of a capture. Whoever interrupts ends the waiting, and what was captured until
 * then is told all the same. */

#define SECOND_MS 1000
#define PASS_MS   100 /* nothing tells when a file grows: it is looked at as often */

ds_rc ds_patience_begin(struct ds_patience *patience, struct ds_why *why)
{
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    *patience = (struct ds_patience){.signals = -1};
    if (sigprocmask(SIG_BLOCK, &ends, NULL) == 0)
        patience->signals = signalfd(-1, &ends, SFD_NONBLOCK | SFD_CLOEXEC);
    return patience->signals >= 0
               ? DS_OK
               : ds_fail(why, DS_IO, "cannot watch signals: %s", strerror(errno));
}

void ds_patience_end(struct ds_patience *patience)
{
    if (patience->signals >= 0)
        close(patience->signals);
    patience->signals = -1;
}

static bool is_file(int fd)
{
    struct stat kind;
    return fstat(fd, &kind) == 0 && S_ISREG(kind.st_mode);
}

enum ds_wait ds_patience_wait(void *owner, int fd)
{
    struct ds_patience *patience = owner;
    bool grows = is_file(fd);
    struct pollfd watched[] = {{.fd = patience->signals, .events = POLLIN},
                               {.fd = grows ? -1 : fd, .events = POLLIN}};
    int ready = poll(watched, DS_COUNT(watched), grows ? PASS_MS : SECOND_MS);
    if (watched[0].revents != 0)
        return DS_WAIT_STOP;
    if (ready > 0)
        return DS_WAIT_READY;
    if (grows && ++patience->passes < SECOND_MS / PASS_MS)
        return DS_WAIT_READY;
    patience->passes = 0;
    return DS_WAIT_SECOND;
}
