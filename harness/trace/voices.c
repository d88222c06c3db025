#include "trace_internal.h"

/* Who is heard in a stream. The loudest voice is one talker's; in the streams of a conference
   several are mixed, and each is told by its tone. */

#define ENOUGH (UINT64_C(3) * DS_RTP_FRAME_SAMPLES) /* what is less may be chance */

static bool is_in_conference(const struct ds_call *call)
{
    for (size_t i = 0; call != NULL && i < call->leg_count; i++)
        if (call->legs[i]->focus != NULL)
            return true;
    return false;
}

/* The ear has every second packet. */
static uint64_t samples_of(const struct ds_ear *ear, const struct ds_topo_node *node)
{
    return node->tone_hz == 0 ? 0 : 2 * ds_ear_samples(ear, node->tone_hz);
}

void ds_trace_voices(struct ds_reading *reading, const struct ds_ear *ear, struct ds_flow *flow)
{
    const struct ds_topo *topo = reading->trace->topo;
    bool mixed = ear != NULL && is_in_conference(flow->call);
    size_t most = mixed ? topo->node_count : 1;
    if (!mixed && flow->talker == NULL)
        return;
    struct ds_voice *voices = ds_reading_alloc(reading, most * sizeof *voices);
    for (size_t i = 0; voices != NULL && i < topo->node_count; i++) {
        const struct ds_topo_node *node = &topo->nodes[i];
        uint64_t samples = mixed ? samples_of(ear, node) : 0;
        if ((node == flow->talker || samples >= ENOUGH) && flow->voice_count < most)
            voices[flow->voice_count++] = (struct ds_voice){node, samples};
    }
    flow->voices = voices;
}
