#include "script_internal.h"

#include <stdio.h>
#include <string.h>

/* A scenario's acts: its voices are resumed after each turn of the world's loop, until the first
 * has ended. */

/* The party a call kind needs: callers are the first of their population, callees the last, so that
   both the softphone and the Lync phone, the desk phone and the earlier device, take part. */
static const struct ds_topo_node *
choose(const struct ds_topo *topo, enum ds_party party, bool last, const struct ds_topo_node *other)
{
    const struct ds_topo_node *chosen = NULL;
    for (size_t i = 0; i < topo->node_count; i++) {
        enum ds_party its;
        const struct ds_topo_node *node = &topo->nodes[i];
        if (!ds_party_of(node, &its) || its != party || node == other || node->site->external)
            continue;
        if (!ds_topo_is_first_device(node))
            continue;
        if (chosen == NULL || last)
            chosen = node;
    }
    return chosen;
}

/* Pushes the caller's and the callee's name, or nil twice. */
static void push_pair(const struct ds_act *act, lua_State *lua)
{
    const struct ds_topo *topo = ds_world_topo(act->world);
    const struct ds_topo_node *caller = NULL, *callee = NULL;
    if (act->call != NULL) {
        caller = choose(topo, act->call->from, false, NULL);
        callee = choose(topo, act->call->to, true, caller);
    }
    lua_pushstring(lua, caller == NULL ? NULL : caller->name);
    lua_pushstring(lua, callee == NULL ? NULL : callee->name);
}

/* Builds `net` and starts `run(net)` as the first voice. Leaves scheduler.step on the stack. */
static bool
start(const struct ds_act *act, struct ds_script *script, struct ds_script_trouble *trouble)
{
    lua_State *lua = script->lua;
    if (ds_script_load(script, act->scenario->path, trouble) != DS_OK ||
        !ds_script_require(script, "ds.act", trouble))
        return false;
    lua_getfield(lua, -1, "start");
    lua_getfield(lua, -3, "run");
    push_pair(act, lua);
    if (lua_pcall(lua, 3, 0, 0) != LUA_OK || !ds_script_require(script, "ds.scheduler", trouble)) {
        if (lua_gettop(lua) > 0)
            ds_script_trouble(script, trouble);
        return false;
    }
    lua_getfield(lua, -1, "step");
    return true;
}

/* One round of all voices. `wake` is when the next one wants to go on; DS_GONE when all have ended.
 */
static ds_rc step(struct ds_script *script, ds_us *wake, struct ds_script_trouble *trouble)
{
    lua_State *lua = script->lua;
    ds_script_rest(script);
    lua_pushvalue(lua, -1);
    if (lua_pcall(lua, 0, 1, 0) != LUA_OK) {
        ds_script_trouble(script, trouble);
        return DS_BAD;
    }
    bool ended = lua_isnil(lua, -1);
    *wake = ended ? 0 : (ds_us)lua_tointeger(lua, -1);
    lua_pop(lua, 1);
    return ended ? DS_GONE : DS_OK;
}

/* Where nobody failed, but nothing ends: the line at which a voice waits. */
static void
find_line(const struct ds_act *act, struct ds_script *script, struct ds_script_trouble *trouble)
{
    struct ds_script_trouble ignored;
    lua_Integer line = 0;
    ds_script_rest(script);
    if (ds_script_require(script, "ds.scheduler", &ignored)) {
        lua_getfield(script->lua, -1, "line");
        lua_pushfstring(script->lua, "@%s", act->scenario->path);
        if (lua_pcall(script->lua, 1, 1, 0) == LUA_OK)
            line = lua_tointeger(script->lua, -1);
        lua_pop(script->lua, 2);
    }
    snprintf(trouble->where, sizeof trouble->where, line > 0 ? "%.150s:%lld" : "%.150s",
             act->scenario->path, (long long)line);
}

static ds_rc out_of_time(const struct ds_act *act, struct ds_script_trouble *trouble)
{
    return ds_fail(&trouble->why, DS_BAD,
                   "the scenario did not end within %g s: set `limit`, or end what waits",
                   act->scenario->limit_s);
}

static ds_rc
run_voices(const struct ds_act *act, struct ds_script *script, struct ds_script_trouble *trouble)
{
    ds_us limit = ds_world_now(act->world) + (ds_us)(act->scenario->limit_s * (double)DS_S),
          wake = 0;
    for (;;) {
        ds_rc rc = step(script, &wake, trouble);
        if (rc != DS_OK)
            return rc == DS_GONE ? DS_OK : rc;
        if (ds_world_now(act->world) >= limit)
            return out_of_time(act, trouble);
        rc = ds_world_turn(act->world, wake < limit ? wake : limit, &trouble->why);
        if (rc != DS_OK) {
            trouble->harness = rc != DS_GONE && rc != DS_LATE;
            return rc;
        }
        if (script->hook_failed) {
            *trouble = *script->hook_trouble;
            return DS_BAD;
        }
    }
}

/* Ends what still waits, so that pending <close> variables hang up. */
static void close_voices(struct ds_script *script)
{
    struct ds_script_trouble ignored;
    if (!ds_script_require(script, "ds.scheduler", &ignored))
        return;
    lua_getfield(script->lua, -1, "close");
    ds_script_rest(script);
    if (lua_pcall(script->lua, 0, 0, 0) != LUA_OK)
        lua_pop(script->lua, 1);
}

ds_rc ds_scenario_act(const struct ds_act *act, struct ds_script_trouble *trouble)
{
    struct ds_script_trouble hook_trouble = {0};
    struct ds_script script = {
        .world = act->world, .code = act->code, .call = act->call, .hook_trouble = &hook_trouble};
    *trouble = (struct ds_script_trouble){0};
    ds_rc rc = ds_script_open(DS_TO_ACT, act->lua_root, &script, &trouble->why);
    if (rc != DS_OK) {
        trouble->harness = true;
        return rc;
    }
    rc = start(act, &script, trouble) ? run_voices(act, &script, trouble) : DS_BAD;
    if (rc != DS_OK && !trouble->skipped && !trouble->harness && trouble->where[0] == '\0')
        find_line(act, &script, trouble);
    close_voices(&script);
    for (size_t i = 0; i < ds_world_topo(act->world)->node_count; i++) {
        struct ds_node *node = ds_world_node(act->world, ds_world_topo(act->world)->nodes[i].name);
        if (node != NULL)
            ds_node_on_invite(node, NULL, NULL);
    }
    if (script.traceback.len > 0)
        ds_log_write(ds_world_log(act->world), ds_world_now(act->world), 1, "scenario", "%s",
                     script.traceback.at);
    ds_script_close(&script);
    return rc;
}
