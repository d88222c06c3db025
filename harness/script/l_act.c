#include "script_internal.h"

#include <string.h>

/* ds.core of a state that acts: time, nodes, numbers. */

static int l_now(lua_State *lua)
{
    lua_pushinteger(lua, (lua_Integer)ds_world_now(ds_script_of(lua)->world));
    return 1;
}

static int l_node_names(lua_State *lua)
{
    struct ds_world *world = ds_script_of(lua)->world;
    const struct ds_topo *topo = ds_world_topo(world);
    lua_newtable(lua);
    for (size_t i = 0; i < topo->node_count; i++) {
        lua_pushstring(lua, topo->nodes[i].name);
        lua_rawseti(lua, -2, (lua_Integer)i + 1);
    }
    return 1;
}

static int l_reason(lua_State *lua)
{
    lua_pushstring(lua, ds_status_reason((int)luaL_checkinteger(lua, 1)));
    return 1;
}

/* Is the number nobody's, while its population stays the same? */
static bool
is_unassigned(const struct ds_topo *topo, const char *number, enum ds_role_kind population)
{
    struct ds_slice text = ds_slice_of(number);
    if (ds_topo_population(topo, text) != population || ds_topo_owner(topo, text) != NULL)
        return false;
    return population != DS_ROLE_PSTN || !ds_topo_in_service(topo, text);
}

/* A number like this one that nobody has: its last four digits are varied. */
static int l_unassigned(lua_State *lua)
{
    const struct ds_topo *topo = ds_world_topo(ds_script_of(lua)->world);
    char number[64];
    bool whole = ds_slice_copy(ds_slice_of(luaL_checkstring(lua, 1)), number, sizeof number);
    size_t len = strlen(number);
    enum ds_role_kind population = ds_topo_population(topo, ds_slice_of(number));
    for (unsigned tail = 0; whole && len > 4 && tail < 10000; tail++) {
        unsigned rest = tail;
        for (size_t i = 1; i <= 4; i++, rest /= 10)
            number[len - i] = (char)('0' + rest % 10);
        if (is_unassigned(topo, number, population)) {
            lua_pushstring(lua, number);
            return 1;
        }
    }
    lua_pushnil(lua);
    return 1;
}

/* Elements of this run know different things, as their administrator wants it. */
static int l_half_told(lua_State *lua)
{
    ds_world_half_told(ds_script_of(lua)->world);
    return 0;
}

static int l_traceback(lua_State *lua)
{
    struct ds_buf *traceback = &ds_script_of(lua)->traceback;
    traceback->len = 0;
    ds_buf_text(traceback, luaL_checkstring(lua, 1));
    return 0;
}

void ds_bind_act(lua_State *lua)
{
    static const luaL_Reg functions[] = {
        {"now", l_now},
        {"node_names", l_node_names},
        {"node", ds_l_node},
        {"reason", l_reason},
        {"unassigned", l_unassigned},
        {"traceback", l_traceback},
        {"half_told", l_half_told},
        {"program", ds_l_program},
        {"fault", ds_l_fault},
        {NULL, NULL},
    };
    ds_bind_node(lua);
    ds_bind_end(lua);
    ds_bind_program(lua);
    ds_bind_fault(lua);
    luaL_newlib(lua, functions);
}
