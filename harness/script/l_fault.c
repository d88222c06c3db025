#include "script_internal.h"

#include <string.h>

#define FAULT "ds.core.Fault"

/* Something that goes wrong until it is stopped; the network ends it with the run at the latest. */
struct l_fault {
    struct ds_fault *fault; /* borrowed from the network; NULL once stopped */
};

int ds_l_fault(lua_State *lua)
{
    struct ds_why why;
    size_t len;
    const char *line = luaL_checklstring(lua, 1, &len);
    if (strlen(line) != len)
        return luaL_error(lua, "a fault is one line of text, and this has a zero byte in it");
    struct l_fault *fault = lua_newuserdatauv(lua, sizeof *fault, 0);
    *fault = (struct l_fault){NULL};
    luaL_setmetatable(lua, FAULT);
    if (ds_world_fault(ds_script_of(lua)->world, line, &fault->fault, &why) != DS_OK)
        return ds_l_refuse(lua, &why);
    return 1;
}

static int l_stop(lua_State *lua)
{
    struct l_fault *fault = luaL_checkudata(lua, 1, FAULT);
    ds_fault_stop(&fault->fault);
    return 0;
}

void ds_bind_fault(lua_State *lua)
{
    static const luaL_Reg methods[] = {{"stop", l_stop}, {NULL, NULL}};
    luaL_newmetatable(lua, FAULT);
    luaL_setfuncs(lua, methods, 0);
    lua_pushvalue(lua, -1);
    lua_setfield(lua, -2, "__index");
    lua_pop(lua, 1);
}
