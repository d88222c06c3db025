#ifndef DS_TRACE_TRANSFERS_INTERNAL_H
#define DS_TRACE_TRANSFERS_INTERNAL_H

/* Calls that go on with another: those that a transfer makes, and those that take the place of a
 * leg (transfers.c). Part of trace_internal.h. */

struct ds_trace_refer {
    const struct ds_event *event;
    bool used; /* a call came of it */
};

struct ds_trace_refers {
    struct ds_trace_array list; /* of struct ds_trace_refer, in order of frames */
};

/* The user whom a REFER asks to be called. */
struct ds_slice ds_trace_refer_target(const struct ds_event *refer);
void ds_trace_refers(struct ds_reading *reading, struct ds_trace_refers *out);
/* The REFER that asked for the leg that begins with this hop, which uses it up; NULL: none. */
const struct ds_event *ds_trace_refer_for(const struct ds_trace_refers *refers,
                                          const struct ds_hop_seen *hop);
/* Makes sure of `replaces`, and fills in `continued_by`, and who goes on in a call that takes the
 * place of a leg. */
void ds_trace_hand_over(struct ds_trace *trace);
/* What has become of the call that announced this flow, when the flow began. */
struct ds_call *
ds_trace_call_of(struct ds_trace *trace, const struct ds_flow *flow, const struct ds_call *call);
/* The call after this one that a flow goes on in; NULL: none. */
struct ds_call *
ds_trace_lasts_into(struct ds_trace *trace, const struct ds_flow *flow, const struct ds_call *call);

#endif
