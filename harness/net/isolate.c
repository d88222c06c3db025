#include "net_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* A process that has entered a user namespace cannot go back, so every step is tried in a child
 * first. */

enum step { TO_UNSHARE = 1, TO_MAP_IDS, TO_RAISE_LOOPBACK };

static const char *const step_names[] = {"", "leave the network of this machine",
                                         "become root inside a user namespace",
                                         "raise the loopback of the new network"};

/* What went wrong, small enough for the exit status of a child. */
struct outcome {
    enum step step; /* 0: nothing */
    int error;
};

static bool write_file(const char *path, const char *text)
{
    size_t len = strlen(text);
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    ssize_t written = write(fd, text, len);
    int error = errno;
    close(fd);
    errno = error;
    return written == (ssize_t)len;
}

static bool map_ids(uid_t user, gid_t group)
{
    char users[32], groups[32];
    snprintf(users, sizeof users, "0 %u 1", user);
    snprintf(groups, sizeof groups, "0 %u 1", group);
    return write_file("/proc/self/setgroups", "deny") && write_file("/proc/self/uid_map", users) &&
           write_file("/proc/self/gid_map", groups);
}

static bool raise_loopback(void)
{
    struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP};
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return false;
    bool raised = ioctl(fd, SIOCSIFFLAGS, &request) == 0;
    int error = errno;
    close(fd);
    errno = error;
    return raised;
}

/* Root needs no user namespace, and keeps its own name on the files of the run without one. */
static struct outcome enter(void)
{
    uid_t user = geteuid();
    gid_t group = getegid();
    if (user != 0 || unshare(CLONE_NEWNET) != 0) {
        if (unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0)
            return (struct outcome){TO_UNSHARE, errno};
        if (!map_ids(user, group))
            return (struct outcome){TO_MAP_IDS, errno};
    }
    if (!raise_loopback())
        return (struct outcome){TO_RAISE_LOOPBACK, errno};
    return (struct outcome){0, 0};
}

/* The outcome of the same steps in a child, which is gone when this returns. */
static struct outcome rehearse(void)
{
    struct outcome outcome = {TO_UNSHARE, EIO};
    int ends[2], status = 0;
    if (pipe2(ends, O_CLOEXEC) != 0)
        return (struct outcome){TO_UNSHARE, errno};
    pid_t child = fork();
    if (child == 0) {
        outcome = enter();
        ssize_t written = write(ends[1], &outcome, sizeof outcome);
        _exit(written == (ssize_t)sizeof outcome ? 0 : 1);
    }
    outcome.error = child < 0 ? errno : EIO;
    close(ends[1]);
    struct outcome heard;
    if (child > 0 && read(ends[0], &heard, sizeof heard) == (ssize_t)sizeof heard)
        outcome = heard;
    close(ends[0]);
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
        continue;
    return outcome;
}

bool ds_net_can_isolate(void)
{
    return rehearse().step == 0;
}

static ds_rc tell(const struct outcome *outcome, struct ds_why *why)
{
    if (outcome->step == 0)
        return DS_OK;
    return ds_fail(why, DS_IO,
                   "cannot %s: %s; allow user namespaces (sysctl kernel.unprivileged_userns_clone, "
                   "user.max_user_namespaces), or run on the shared network",
                   step_names[outcome->step], strerror(outcome->error));
}

ds_rc ds_net_isolate(struct ds_why *why)
{
    struct outcome outcome = rehearse();
    if (outcome.step == 0)
        outcome = enter();
    return tell(&outcome, why);
}

ds_rc ds_net_isolate_again(struct ds_why *why)
{
    const struct outcome outcome = enter();
    return tell(&outcome, why);
}
