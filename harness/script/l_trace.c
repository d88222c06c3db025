#include "script_internal.h"

/* The capture as plain Lua tables: what lua/ds/expect.lua reads. Names are those of the topology.
 * Tables are made with room for what they get, because growing step by step costs more than
 * filling. */

#define EVENT_FIELDS 10
#define HOP_FIELDS   5
#define FLOW_FIELDS  24
#define SPELL_FIELDS 5
#define CALL_FIELDS  15

static void set_string(lua_State *lua, const char *key, struct ds_slice value)
{
    lua_pushlstring(lua, value.at == NULL ? "" : value.at, value.len);
    lua_setfield(lua, -2, key);
}

static void set_integer(lua_State *lua, const char *key, int64_t value)
{
    lua_pushinteger(lua, (lua_Integer)value);
    lua_setfield(lua, -2, key);
}

static void set_number(lua_State *lua, const char *key, double value)
{
    lua_pushnumber(lua, value);
    lua_setfield(lua, -2, key);
}

static void set_boolean(lua_State *lua, const char *key, bool value)
{
    lua_pushboolean(lua, value);
    lua_setfield(lua, -2, key);
}

/* A node's name, or the address of a stranger. */
static void
set_place(lua_State *lua, const char *key, const struct ds_topo_node *node, struct ds_addr at)
{
    if (node != NULL)
        set_string(lua, key, ds_slice_of(node->name));
    else
        set_string(lua, key, ds_slice_of(ds_addr_ip_text(at).text));
}

static void push_event(lua_State *lua, const struct ds_event *event)
{
    char label[200];
    ds_event_label(event, label, sizeof label);
    lua_createtable(lua, 0, EVENT_FIELDS);
    set_integer(lua, "frame", event->frame);
    set_integer(lua, "at", event->at);
    set_place(lua, "from", event->from_node, event->from);
    set_place(lua, "to", event->to_node, event->to);
    set_string(lua, "transport", ds_slice_of(ds_transport_name(event->transport)));
    set_string(lua, "label", ds_slice_of(label));
    set_string(lua, "method", ds_msg_method(event->msg));
    set_integer(lua, "status", ds_msg_status(event->msg));
    set_boolean(lua, "again", event->retransmission);
    set_string(lua, "text", ds_msg_bytes(event->msg));
}

static void push_hop(lua_State *lua, const struct ds_hop_seen *hop)
{
    lua_createtable(lua, 0, HOP_FIELDS);
    set_place(lua, "from", hop->from_node, hop->from);
    set_place(lua, "to", hop->to_node, hop->to);
    set_integer(lua, "status", hop->final_status);
    set_integer(lua, "frame", hop->invite->frame);
    set_string(lua, "transport", ds_slice_of(ds_transport_name(hop->transport)));
}

static void push_flow_quality(lua_State *lua, const struct ds_flow *flow)
{
    bool named = flow->codec != NULL && flow->codec[0] != '\0';
    set_string(lua, "codec", ds_slice_of(named ? flow->codec : "audio"));
    set_integer(lua, "lost", flow->stats.lost);
    set_integer(lua, "told_lost", flow->told.any && flow->told.lost > 0 ? flow->told.lost : 0);
    set_integer(lua, "duplicates", (int64_t)flow->stats.duplicates);
    set_integer(lua, "late", (int64_t)flow->stats.late);
    set_integer(lua, "comfort_noise", (int64_t)flow->comfort_noise_packets);
    set_integer(lua, "jitter", (int64_t)(1000 * ds_rtp_stats_mean_jitter_ms(&flow->stats)));
    set_integer(lua, "packet_time", flow->ptime_us);
    set_string(lua, "srtp", ds_slice_of(flow->srtp.suite));
    set_integer(lua, "sealed", (int64_t)flow->srtp.sealed_packets);
    set_integer(lua, "told_jitter", (int64_t)(1000 * flow->told.jitter_ms));
    set_number(lua, "mos", flow->mos);
}

static void push_spell(lua_State *lua, const struct ds_topo *topo, const struct ds_spell *spell)
{
    const struct ds_topo_node *talker = ds_topo_talker(topo, spell->tone_hz);
    lua_createtable(lua, 0, SPELL_FIELDS);
    set_string(lua, "voice", ds_slice_of(talker == NULL ? "" : talker->name));
    set_integer(lua, "length", (int64_t)spell->samples * 1000000 / DS_RTP_SAMPLE_RATE);
    set_integer(lua, "first_frame", spell->first_frame);
    set_integer(lua, "first_at", spell->first_at);
    set_integer(lua, "last_at", spell->last_at);
}

static void push_spells(lua_State *lua, const struct ds_topo *topo, const struct ds_flow *flow)
{
    lua_createtable(lua, (int)flow->spell_count, 0);
    for (size_t i = 0; i < flow->spell_count; i++) {
        push_spell(lua, topo, &flow->spells[i]);
        lua_rawseti(lua, -2, (lua_Integer)i + 1);
    }
    lua_setfield(lua, -2, "spells");
}

static void push_voices(lua_State *lua, const struct ds_flow *flow)
{
    lua_createtable(lua, (int)flow->voice_count, 0);
    for (size_t i = 0; i < flow->voice_count; i++) {
        lua_pushstring(lua, flow->voices[i].who->name);
        lua_rawseti(lua, -2, (lua_Integer)i + 1);
    }
    lua_setfield(lua, -2, "voices");
}

static void push_flow(lua_State *lua, const struct ds_topo *topo, const struct ds_flow *flow)
{
    lua_createtable(lua, 0, FLOW_FIELDS);
    set_place(lua, "from", flow->from_node, flow->from);
    set_place(lua, "to", flow->to_node, flow->to);
    set_integer(lua, "packets", (int64_t)flow->packets);
    set_integer(lua, "first_at", flow->first_at);
    set_integer(lua, "last_at", flow->last_at);
    set_integer(lua, "first_frame", flow->first_frame);
    set_integer(lua, "last_frame", flow->last_frame);
    push_flow_quality(lua, flow);
    set_string(lua, "digits", ds_slice_of(flow->digits));
    set_string(lua, "talker", ds_slice_of(flow->talker == NULL ? "" : flow->talker->name));
    push_voices(lua, flow);
    push_spells(lua, topo, flow);
    lua_newtable(lua);
    for (int type = 0; type < 128; type++) {
        if (flow->payload_packets[type] == 0)
            continue;
        lua_pushinteger(lua, (lua_Integer)flow->payload_packets[type]);
        lua_rawseti(lua, -2, type);
    }
    lua_setfield(lua, -2, "payload_types");
}

static void push_fax(lua_State *lua, const struct ds_fax_seen *fax, const char *by)
{
    lua_newtable(lua);
    set_place(lua, "from", fax->from_node, fax->from);
    set_place(lua, "to", fax->to_node, fax->to);
    set_string(lua, "by", ds_slice_of(by));
    set_integer(lua, "packets", (int64_t)fax->packets);
    set_integer(lua, "first_frame", fax->first_frame);
    lua_newtable(lua);
    for (size_t i = 0; fax->said != NULL && i < fax->said->page_count; i++) {
        const struct ds_fax_page *page = &fax->said->pages[i];
        lua_pushlstring(lua, page->rows.at, page->rows.len);
        lua_rawseti(lua, -2, (lua_Integer)i + 1);
    }
    lua_setfield(lua, -2, "pages");
}

static void push_faxes(lua_State *lua, const struct ds_trace *trace, const struct ds_call *call)
{
    lua_Integer count = 0;
    lua_newtable(lua);
    for (size_t i = 0; i < trace->fax_count; i++) {
        if (trace->faxes[i].call != call)
            continue;
        push_fax(lua, &trace->faxes[i], "t38");
        lua_rawseti(lua, -2, ++count);
    }
    for (size_t i = 0; i < trace->fax_line_count; i++) {
        if (trace->fax_lines[i].call != call)
            continue;
        push_fax(lua, &trace->fax_lines[i], "audio");
        lua_rawseti(lua, -2, ++count);
    }
    lua_setfield(lua, -2, "faxes");
}

static void push_lists(lua_State *lua, const struct ds_trace *trace, const struct ds_call *call)
{
    lua_createtable(lua, (int)call->event_count, 0);
    for (size_t i = 0; i < call->event_count; i++) {
        push_event(lua, call->events[i]);
        lua_rawseti(lua, -2, (lua_Integer)i + 1);
    }
    lua_setfield(lua, -2, "events");
    lua_createtable(lua, (int)call->hop_count, 0);
    for (size_t i = 0; i < call->hop_count; i++) {
        push_hop(lua, &call->hops[i]);
        lua_rawseti(lua, -2, (lua_Integer)i + 1);
    }
    lua_setfield(lua, -2, "hops");
    lua_createtable(lua, (int)call->flow_count, 0);
    for (size_t i = 0; i < call->flow_count; i++) {
        push_flow(lua, trace->topo, call->flows[i]);
        lua_rawseti(lua, -2, (lua_Integer)i + 1);
    }
    lua_setfield(lua, -2, "flows");
}

static void push_call(lua_State *lua, const struct ds_trace *trace, const struct ds_call *call)
{
    lua_createtable(lua, 0, CALL_FIELDS);
    set_string(lua, "from_number", ds_slice_of(call->from_number));
    set_string(lua, "to_number", ds_slice_of(call->to_number));
    set_string(lua, "outcome", ds_slice_of(ds_outcome_name(call->outcome)));
    set_integer(lua, "status", call->final_status);
    set_integer(lua, "began_at", call->began_at);
    set_integer(lua, "answered_at", call->answered_at);
    set_integer(lua, "ended_at", call->ended_at);
    if (call->from_node != NULL)
        set_string(lua, "caller", ds_slice_of(call->from_node->name));
    if (call->to_node != NULL)
        set_string(lua, "callee", ds_slice_of(call->to_node->name));
    if (call->bye != NULL) {
        set_place(lua, "bye_from", call->bye->from_node, call->bye->from);
        set_integer(lua, "bye_frame", call->bye->frame);
    }
    push_lists(lua, trace, call);
    push_faxes(lua, trace, call);
}

/* Messages of no call: OPTIONS, REGISTER. */
static void push_outside(lua_State *lua, const struct ds_trace *trace)
{
    lua_Integer count = 0;
    lua_newtable(lua);
    for (size_t i = 0; i < trace->event_count; i++) {
        if (trace->events[i].leg->call != NULL)
            continue;
        push_event(lua, &trace->events[i]);
        lua_rawseti(lua, -2, ++count);
    }
}

int ds_l_trace(lua_State *lua)
{
    const struct ds_script *script = ds_script_of(lua);
    if (script->trace == NULL)
        return luaL_error(lua, "there is no capture here");
    lua_newtable(lua);
    for (size_t i = 0; i < script->trace->call_count; i++) {
        push_call(lua, script->trace, &script->trace->calls[i]);
        lua_rawseti(lua, -2, (lua_Integer)i + 1);
    }
    lua_newtable(lua);
    for (size_t i = 0; i < script->topo->node_count; i++) {
        lua_pushstring(lua, ds_role_name(script->topo->nodes[i].role));
        lua_setfield(lua, -2, script->topo->nodes[i].name);
    }
    push_outside(lua, script->trace);
    return 3;
}
