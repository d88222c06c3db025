#include "check_internal.h"

/* TOPO-18: to whom something is said over TLS. */

static bool bears(const struct ds_certificate_seen *certificate, const char *name)
{
    for (size_t i = 0; i < certificate->name_count; i++)
        if (ds_slice_equal_nocase(ds_slice_of(certificate->names[i]), ds_slice_of(name)))
            return true;
    return false;
}

/* The first that its client says over that connection. */
static const struct ds_event *first_said(const struct ds_trace *trace,
                                         const struct ds_certificate_seen *certificate)
{
    for (size_t i = 0; i < trace->event_count; i++) {
        const struct ds_event *event = &trace->events[i];
        if (event->frame >= certificate->frame && event->transport == DS_TLS &&
            ds_addr_equal(event->from, certificate->client) &&
            ds_addr_equal(event->to, certificate->server))
            return event;
    }
    return NULL;
}

static void one_certificate(const struct ds_judge *judge,
                            const struct ds_certificate_seen *certificate,
                            struct ds_tally *tally)
{
    const struct ds_topo_node *server = ds_topo_at(judge->topo, certificate->server);
    const struct ds_event *said = first_said(judge->trace, certificate);
    if (server == NULL)
        return;
    if (said == NULL || bears(certificate, server->fqdn)) {
        ds_tally_good(tally, certificate->frame);
        return;
    }
    ds_evidence_add(&tally->bad_frames, certificate->frame);
    ds_tally_bad(tally, said->frame,
                 "%s speaks to %s in frame %u, whose certificate (frame %u) is made out to %s",
                 ds_trace_name(judge->trace, certificate->client).text, server->name, said->frame,
                 certificate->frame,
                 certificate->name_count == 0 ? "nobody" : certificate->names[0]);
}

void ds_check_certificate(struct ds_judge *judge)
{
    struct ds_tally tally = {0};
    judge->sought = "certificate of a TLS server";
    for (size_t i = 0; i < judge->trace->certificate_count; i++)
        one_certificate(judge, &judge->trace->certificates[i], &tally);
    ds_judge_tally(judge, &tally, "certificates made out to the elements called, or spoken to not");
}
