#include "planning.h"
#include "script_internal.h"

/* What the plan says of one call: planned(caller, number, element or nil, turn or nil) gives the
 * names along its signalling and its audio, and how many turns there are, or nil where no call gets
 * through; an unknown name is an error. */

static void push_way(lua_State *lua, const struct ds_way *way)
{
    lua_newtable(lua);
    for (size_t i = 0; i < way->count; i++) {
        lua_pushstring(lua, way->nodes[i]->name);
        lua_rawseti(lua, -2, (lua_Integer)i + 1);
    }
}

static const struct ds_topo_node *find(lua_State *lua, const struct ds_topo *topo, int argument)
{
    const char *name = luaL_checkstring(lua, argument);
    const struct ds_topo_node *node = ds_topo_find(topo, ds_slice_of(name));
    if (node == NULL)
        luaL_error(lua, "there is no node '%s'", name);
    return node;
}

int ds_l_planned(lua_State *lua)
{
    const struct ds_topo *topo = ds_script_of(lua)->topo;
    const struct ds_topo_node *caller = find(lua, topo, 1), *without = NULL;
    const struct ds_slice number = ds_slice_of(luaL_checkstring(lua, 2));
    const struct ds_topo_node *callee = ds_topo_owner(topo, number);
    struct ds_course course;
    size_t turn = (size_t)luaL_optinteger(lua, 4, 0);
    if (callee == NULL && ds_topo_is_voice_mail(topo, number))
        callee = topo->voice_mail.servers[0];
    if (callee == NULL && ds_topo_is_orbit(topo, number))
        callee = topo->call_park.service;
    if (callee == NULL)
        callee = ds_topo_first(topo, DS_ROLE_PSTN);
    if (!lua_isnoneornil(lua, 3))
        without = find(lua, topo, 3);
    ds_course_find(topo, caller, callee, without, turn, &course);
    if (!course.possible)
        return 0;
    push_way(lua, &course.signalling);
    push_way(lua, &course.audio);
    lua_pushinteger(lua, (lua_Integer)course.turns);
    return 3;
}
