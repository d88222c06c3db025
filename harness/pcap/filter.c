#include "pcap_internal.h"

#include <stdlib.h>

#include <pcap/pcap.h>

#define DS_FILTER_MAGIC 0xf117e401u
#define MOST_FRAME      65535

struct ds_filter {
    uint32_t magic;
    struct bpf_program program; /* owned */
};

/* The dead handle lends its link type and takes the compiler's complaint. */
static ds_rc compile(struct ds_filter *filter, const char *text, struct ds_why *why)
{
    pcap_t *dead = pcap_open_dead(DLT_EN10MB, MOST_FRAME);
    if (dead == NULL)
        return ds_fail_memory(why);
    ds_rc rc = DS_OK;
    if (pcap_compile(dead, &filter->program, text, 1, PCAP_NETMASK_UNKNOWN) != 0)
        rc = ds_fail(why, DS_BAD, "'%.120s' is no packet filter: %.120s", text, pcap_geterr(dead));
    pcap_close(dead);
    return rc;
}

ds_rc ds_filter_new(const char *text, struct ds_filter **out, struct ds_why *why)
{
    struct ds_filter *filter = calloc(1, sizeof *filter);
    if (filter == NULL)
        return ds_fail_memory(why);
    ds_rc rc = compile(filter, text, why);
    if (rc != DS_OK)
        goto fail;
    filter->magic = DS_FILTER_MAGIC;
    *out = filter;
    return DS_OK;
fail:
    free(filter);
    return rc;
}

bool ds_filter_matches(const struct ds_filter *filter, struct ds_slice ethernet)
{
    DS_CHECK(filter, DS_FILTER_MAGIC);
    const struct pcap_pkthdr header = {.caplen = (bpf_u_int32)ethernet.len,
                                       .len = (bpf_u_int32)ethernet.len};
    return pcap_offline_filter(&filter->program, &header, (const u_char *)ethernet.at) != 0;
}

void ds_filter_free(struct ds_filter **filter)
{
    if (*filter == NULL)
        return;
    DS_CHECK(*filter, DS_FILTER_MAGIC);
    pcap_freecode(&(*filter)->program);
    (*filter)->magic = 0;
    free(*filter);
    *filter = NULL;
}
