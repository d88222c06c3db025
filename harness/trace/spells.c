#include "trace_internal.h"

#include <string.h>

/* What is said to a voice mail server, and what it says: one voice after the other, as a message is
   to be told from the greeting before it. To a conferencing server, too: when somebody spoke, the
   others are to have heard it. Of other streams the loudest voice is enough. */

#define MOST_SPELLS 1024

static bool is_server(const struct ds_topo *topo, struct ds_addr at)
{
    const struct ds_topo_node *node = ds_topo_at(topo, at);
    return node != NULL && (node->role == DS_ROLE_UM || node->role == DS_ROLE_CONFERENCING);
}

bool ds_trace_spells_wanted(const struct ds_reading *reading, const struct ds_trace_way *way)
{
    const struct ds_topo *topo = reading->trace->topo;
    return topo != NULL &&
           (topo->voice_mail.server_count > 0 ||
            ds_topo_first(topo, DS_ROLE_CONFERENCING) != NULL) &&
           (is_server(topo, way->from) || is_server(topo, way->to));
}

/* Voices are told apart within one packet: they are orthogonal over its 20 ms. */
static uint32_t voice_of(const struct ds_reading *reading, const struct ds_rtp *packet)
{
    struct ds_ear ear = reading->unheard;
    ds_ear_hear(&ear, packet->payload_type, packet->payload);
    return ds_ear_tone(&ear);
}

static struct ds_spell *
spell_of(struct ds_reading *reading, struct ds_trace_candidate *candidate, uint32_t tone_hz)
{
    struct ds_trace_array *spells = &candidate->spells;
    struct ds_spell *last =
        spells->count == 0 ? NULL : (struct ds_spell *)spells->at + spells->count - 1;
    if (last != NULL && (last->tone_hz == tone_hz || spells->count == MOST_SPELLS))
        return last;
    struct ds_spell *spell = ds_trace_array_add(spells, sizeof *spell);
    if (spell == NULL) {
        reading->out_of_memory = true;
        return NULL;
    }
    *spell = (struct ds_spell){
        .tone_hz = tone_hz, .first_frame = reading->now.frame, .first_at = reading->now.at};
    return spell;
}

void ds_trace_spells_hear(struct ds_reading *reading,
                          struct ds_trace_candidate *candidate,
                          const struct ds_rtp *packet)
{
    struct ds_spell *spell = spell_of(reading, candidate, voice_of(reading, packet));
    if (spell == NULL)
        return;
    spell->last_at = reading->now.at;
    spell->samples += packet->payload.len;
}

void ds_trace_spells_tell(struct ds_reading *reading,
                          const struct ds_trace_candidate *candidate,
                          struct ds_flow *flow)
{
    const struct ds_trace_array *spells = &candidate->spells;
    struct ds_spell *told =
        spells->count == 0 ? NULL : ds_reading_alloc(reading, spells->count * sizeof *told);
    if (told == NULL)
        return;
    memcpy(told, spells->at, spells->count * sizeof *told);
    flow->spells = told;
    flow->spell_count = spells->count;
}
