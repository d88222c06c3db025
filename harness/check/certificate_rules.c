#include "check_internal.h"

/* TOPO-18: to whom something is said over TLS. */

static bool bears(const struct ds_certificate_seen *certificate, const char *name)
{
    for (size_t i = 0; i < certificate->name_count; i++)
        if (ds_slice_equal_nocase(ds_slice_of(certificate->names[i]), ds_slice_of(name)))
            return true;
    return false;
}

/* The first that is said over that connection to whoever showed it. */
static const struct ds_event *first_said(const struct ds_trace *trace,
                                         const struct ds_certificate_seen *certificate)
{
    for (size_t i = 0; i < trace->event_count; i++) {
        const struct ds_event *event = &trace->events[i];
        if (event->frame >= certificate->frame && event->transport == DS_TLS &&
            ds_addr_equal(event->from, certificate->to) &&
            ds_addr_equal(event->to, certificate->by))
            return event;
    }
    return NULL;
}

/* Whose it should be; NULL where nobody has to know. Of those who call, it is the ends of trunks
   that are known by name. */
static const struct ds_topo_node *should_be(const struct ds_topo *topo,
                                            const struct ds_certificate_seen *certificate)
{
    const struct ds_topo_node *by = ds_topo_at(topo, certificate->by),
                              *to = ds_topo_at(topo, certificate->to);
    bool known = by != NULL &&
                 (!certificate->by_client || (to != NULL && ds_topo_trunk(topo, by, to) != NULL));
    return known ? by : NULL;
}

static void one_certificate(const struct ds_judge *judge,
                            const struct ds_certificate_seen *certificate,
                            struct ds_tally *tally)
{
    const struct ds_topo_node *by = should_be(judge->topo, certificate);
    const struct ds_event *said = first_said(judge->trace, certificate);
    if (by == NULL)
        return;
    if (said == NULL || bears(certificate, by->fqdn)) {
        ds_tally_good(tally, certificate->frame);
        return;
    }
    ds_evidence_add(&tally->bad_frames, certificate->frame);
    ds_tally_bad(tally, said->frame,
                 "%s speaks to %s in frame %u, whose certificate (frame %u) is made out to %s",
                 ds_trace_name(judge->trace, certificate->to).text, by->name, said->frame,
                 certificate->frame,
                 certificate->name_count == 0 ? "nobody" : certificate->names[0]);
}

bool ds_hop_is_shut_out(const struct ds_judge *judge, const struct ds_hop_seen *hop)
{
    const struct ds_trace *trace = judge->trace;
    for (size_t i = 0; i < trace->certificate_count; i++) {
        const struct ds_certificate_seen *certificate = &trace->certificates[i];
        const struct ds_topo_node *by = should_be(judge->topo, certificate);
        if (by != NULL && certificate->by_client && !bears(certificate, by->fqdn) &&
            ds_addr_equal(certificate->by, hop->from) && ds_addr_equal(certificate->to, hop->to))
            return true;
    }
    return false;
}

void ds_check_certificate(struct ds_judge *judge)
{
    struct ds_tally tally = {0};
    judge->sought = "certificate of an end of a TLS connection";
    for (size_t i = 0; i < judge->trace->certificate_count; i++)
        one_certificate(judge, &judge->trace->certificates[i], &tally);
    ds_judge_tally(judge, &tally,
                   "certificates made out to the elements that show them, or spoken to not");
}
