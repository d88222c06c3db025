#include "loopback_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ACCEPTED_A_TURN = 64 };

/* With no descriptor left the connection would stay in the queue and wake us for ever: it is taken
 * with the spare one and closed, which its caller can see. */
static void turn_away(struct ds_loopback *world, int listening)
{
    if (world->spare >= 0)
        close(world->spare);
    int fd = accept4(listening, NULL, NULL, SOCK_CLOEXEC);
    if (fd >= 0)
        close(fd);
    world->spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
}

static void take_in(struct ds_listener *listener, int fd, struct ds_addr peer)
{
    struct ds_stream *stream = ds_stream_new_incoming(listener, listener->place.at, peer);
    if (stream == NULL) {
        close(fd);
        return;
    }
    ds_loopback_recognise(stream);
    if (ds_loopback_adopt(stream, fd) == DS_OK)
        ds_listener_incoming(listener, stream);
    else
        ds_stream_abandon(stream);
}

static void listener_ready(struct ds_source *source, uint32_t events)
{
    struct ds_listener *listener = DS_OWNER(source, struct ds_listener, source);
    (void)events;
    for (int i = 0; i < ACCEPTED_A_TURN && listener->source.fd >= 0; i++) {
        struct sockaddr_in name = {0};
        socklen_t size = sizeof name;
        int fd = accept4(listener->source.fd, (struct sockaddr *)&name, &size,
                         SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd >= 0)
            ds_loopback_came(listener->net, source, 1);
        if (fd >= 0)
            take_in(listener, fd, ds_loopback_addr(&name));
        else if (errno == EMFILE || errno == ENFILE)
            turn_away(listener->net->world, listener->source.fd);
        else if (errno != ECONNABORTED && errno != EINTR)
            return;
    }
}

ds_rc ds_loopback_listen(struct ds_listener *listener, struct ds_why *why)
{
    listener->source.brings_calls = true;
    ds_rc rc =
        ds_loopback_open(&listener->source, SOCK_STREAM, "listen on tcp", &listener->place.at, why);
    if (rc != DS_OK)
        return rc;
    listener->source.ready = listener_ready;
    if (listen(listener->source.fd, SOMAXCONN) != 0)
        rc = ds_fail(why, DS_IO, "cannot listen on tcp %s: %s; choose another port",
                     ds_addr_text(listener->place.at).text, strerror(errno));
    if (rc == DS_OK)
        rc = ds_loopback_watch(listener->net, &listener->source, EPOLLIN, why);
    if (rc != DS_OK)
        ds_loopback_close(listener->net, &listener->source);
    return rc;
}

static void free_listener(struct ds_grave *grave)
{
    free(DS_OWNER(grave, struct ds_listener, grave));
}

void ds_loopback_unlisten(struct ds_listener *listener)
{
    ds_loopback_close(listener->net, &listener->source);
    ds_net_bury(listener->net, &listener->grave, free_listener, 0);
}
