#include "net.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define LAST_SLOT 127

/* An abstract name is given back by the kernel when its holder ends, however it ends; no file is
 * left. */
static bool hold_name(int fd, unsigned slot)
{
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    int len = snprintf(name.sun_path + 1, sizeof name.sun_path - 1, "directsip-slot-%u", slot);
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)len);
    return bind(fd, (const struct sockaddr *)&name, size) == 0;
}

ds_rc ds_net_claim_slot(uint8_t *slot, struct ds_why *why)
{
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return ds_fail(why, DS_IO, "cannot claim addresses on the shared loopback: %s",
                       strerror(errno));
    for (unsigned number = 1; number <= LAST_SLOT; number++) {
        if (hold_name(fd, number)) {
            *slot = (uint8_t)number;
            return DS_OK; /* the descriptor stays open: it is the claim */
        }
    }
    close(fd);
    return ds_fail(why, DS_IO,
                   "%d other runs hold all addresses of the shared loopback: wait for one to end",
                   LAST_SLOT);
}
