#include "pcap_internal.h"

#include <pcap/pcap.h>
#include <stdlib.h>

#define BUFFER_BYTES                                                                               \
    (4 * 1024 * 1024) /* sixteen blocks: with fewer the kernel freezes the ring between polls */
/* A block that is not full is handed over when it is so old: the ring lasts for that times its
 * blocks, however little comes, if nobody reads it. */
#define TIMEOUT_MS 50

struct ds_capture {
    uint32_t magic;
    pcap_t *pcap; /* owned */
    int fd;       /* borrowed: libpcap's */
    int link;
    int nanoseconds;
    bool is_broken; /* the interface went away, for one */
    ds_capture_fn *deliver;
    void *owner; /* borrowed: outlives us */
};

/* Without immediate mode the kernel packs frames tightly: with it, each would take a slot as large
 * as the longest, and a burst would find no room. */
static ds_rc activate(struct ds_capture *capture, const char *interface_name, struct ds_why *why)
{
    pcap_t *pcap = capture->pcap;
    bool set = pcap_set_snaplen(pcap, (int)DS_PCAP_SNAPLEN) == 0 &&
               pcap_set_buffer_size(pcap, BUFFER_BYTES) == 0 &&
               pcap_set_timeout(pcap, TIMEOUT_MS) == 0;
    ds_assert(set);
    /* Refused where the kernel stamps microseconds only; what came of it is asked below. */
    (void)pcap_set_tstamp_precision(pcap, PCAP_TSTAMP_PRECISION_NANO);
    int status = pcap_activate(pcap);
    if (status < 0)
        return ds_fail(why, DS_IO, "cannot capture on %s: %s (%s)", interface_name,
                       pcap_statustostr(status), pcap_geterr(pcap));
    capture->link = ds_pcap_normal_link(pcap_datalink(pcap));
    if (!ds_pcap_link_is_read(capture->link))
        return ds_fail(why, DS_IO, "cannot capture on %s: its frames are %s, which are not read",
                       interface_name,
                       pcap_datalink_val_to_description_or_dlt(pcap_datalink(pcap)));
    capture->nanoseconds = pcap_get_tstamp_precision(pcap) == PCAP_TSTAMP_PRECISION_NANO;
    return DS_OK;
}

static ds_rc set_filter(struct ds_capture *capture, const char *filter, struct ds_why *why)
{
    struct bpf_program program;
    if (filter == NULL || filter[0] == '\0')
        return DS_OK;
    if (pcap_compile(capture->pcap, &program, filter, 1, PCAP_NETMASK_UNKNOWN) != 0)
        return ds_fail(why, DS_BAD, "'%s' is no capture filter: %s", filter,
                       pcap_geterr(capture->pcap));
    int status = pcap_setfilter(capture->pcap, &program);
    pcap_freecode(&program);
    if (status != 0)
        return ds_fail(why, DS_IO, "cannot set the capture filter '%s': %s", filter,
                       pcap_geterr(capture->pcap));
    return DS_OK;
}

/* A blocking read of libpcap may never return on a silent interface. */
static ds_rc join_loop(struct ds_capture *capture, const char *interface_name, struct ds_why *why)
{
    char text[PCAP_ERRBUF_SIZE] = "it has no descriptor to wait for";
    capture->fd = pcap_get_selectable_fd(capture->pcap);
    if (capture->fd < 0 || pcap_setnonblock(capture->pcap, 1, text) != 0)
        return ds_fail(why, DS_IO, "cannot capture on %s: %s", interface_name, text);
    return DS_OK;
}

ds_rc ds_capture_open(const char *interface_name,
                      const char *filter,
                      ds_capture_fn *deliver,
                      void *owner,
                      struct ds_capture **out,
                      struct ds_why *why)
{
    char text[PCAP_ERRBUF_SIZE] = "";
    struct ds_capture *capture = calloc(1, sizeof *capture);
    if (capture == NULL)
        return ds_fail_memory(why);
    capture->magic = DS_CAPTURE_MAGIC;
    capture->deliver = deliver;
    capture->owner = owner;
    capture->pcap = pcap_create(interface_name, text);
    ds_rc rc = capture->pcap != NULL
                   ? activate(capture, interface_name, why)
                   : ds_fail(why, DS_IO, "cannot capture on %s: %s", interface_name, text);
    if (rc == DS_OK)
        rc = set_filter(capture, filter, why);
    if (rc == DS_OK)
        rc = join_loop(capture, interface_name, why);
    if (rc != DS_OK)
        goto fail;
    *out = capture;
    return DS_OK;

fail:
    ds_capture_free(&capture);
    return rc;
}

int ds_capture_fd(const struct ds_capture *capture)
{
    DS_CHECK(capture, DS_CAPTURE_MAGIC);
    return capture->fd;
}

int ds_capture_link(const struct ds_capture *capture)
{
    DS_CHECK(capture, DS_CAPTURE_MAGIC);
    return capture->link;
}

static void pass_on(u_char *user, const struct pcap_pkthdr *header, const u_char *bytes)
{
    const struct ds_capture *capture = (const struct ds_capture *)(void *)user;
    int64_t part = header->ts.tv_usec;
    int64_t unix_us =
        (int64_t)header->ts.tv_sec * 1000000 + (capture->nanoseconds ? part / 1000 : part);
    capture->deliver(capture->owner, unix_us,
                     (struct ds_slice){(const char *)bytes, header->caplen});
}

void ds_capture_poll(struct ds_capture *capture)
{
    DS_CHECK(capture, DS_CAPTURE_MAGIC);
    int count;
    do {
        count = pcap_dispatch(capture->pcap, -1, pass_on, (u_char *)capture);
    } while (count > 0);
    if (count < 0)
        capture->is_broken = true;
}

/* A capture that broke has missed something, though no one can say how much. */
uint64_t ds_capture_dropped(const struct ds_capture *capture)
{
    struct pcap_stat stat = {0};
    DS_CHECK(capture, DS_CAPTURE_MAGIC);
    bool is_known = pcap_stats(capture->pcap, &stat) == 0;
    return stat.ps_drop > 0 || (is_known && !capture->is_broken) ? stat.ps_drop : 1;
}

void ds_capture_free(struct ds_capture **capture)
{
    if (*capture == NULL)
        return;
    DS_CHECK(*capture, DS_CAPTURE_MAGIC);
    if ((*capture)->pcap != NULL)
        pcap_close((*capture)->pcap);
    (*capture)->magic = 0;
    free(*capture);
    *capture = NULL;
}
