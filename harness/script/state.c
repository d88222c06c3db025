#include "script_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_MEMORY ((size_t)64 * 1024 * 1024)
#define HOOK_EVERY  1000 /* instructions */
/* Thousands of instructions: without a wait, and in all. A loop that does not end is met by one of
 * the two in seconds. */
#define MOST_THOUSANDS        50000ul
#define MOST_THOUSANDS_IN_ALL 150000ul

struct ds_script *ds_script_of(lua_State *lua)
{
    return *(struct ds_script **)lua_getextraspace(lua);
}

static void *resize(struct ds_script *script, void *at, size_t old_size, size_t new_size)
{
    if (script->start != NULL)
        return ds_pool_resize(script->start->pool, at, old_size, new_size);
    if (new_size > 0)
        return realloc(at, new_size);
    free(at);
    return NULL;
}

static void *allocate(void *owner, void *at, size_t old_size, size_t new_size)
{
    struct ds_script *script = owner;
    size_t old = at == NULL ? 0 : old_size; /* Lua tells the kind of object there */
    if (new_size > old && script->memory + (new_size - old) > script->most_memory)
        return NULL;
    void *moved = resize(script, at, old, new_size);
    if (moved != NULL || new_size == 0)
        script->memory += new_size - old;
    return moved;
}

static void watch(lua_State *lua, lua_Debug *at)
{
    struct ds_script *script = ds_script_of(lua);
    (void)at;
    if (ds_interrupted())
        luaL_error(lua, "interrupted");
    if (++script->all_instructions > MOST_THOUSANDS_IN_ALL) {
        script->all_instructions = 0; /* what is open has to be closed yet */
        luaL_error(lua, "this computes without end: look for voices that wait for next to nothing, "
                        "or for more and more of them");
    }
    if (++script->instructions <= MOST_THOUSANDS)
        return;
    luaL_where(lua, 0); /* a hook stands on the level of the line that it interrupts */
    lua_pushstring(lua, script->purpose == DS_TO_ACT ? "this runs without ever waiting: a loop in "
                                                       "a scenario waits with ds.sleep or call:wait"
                                                     : "this has no end: a loop without a bound");
    lua_concat(lua, 2);
    lua_error(lua);
}

void ds_script_rest(struct ds_script *script)
{
    script->instructions = 0;
}

/* Lua's own, which also sees to it that finalizers get to run. */
static int set_metatable(lua_State *lua)
{
    int kind = lua_type(lua, 2);
    luaL_checktype(lua, 1, LUA_TTABLE);
    luaL_argexpected(lua, kind == LUA_TNIL || kind == LUA_TTABLE, 2, "nil or table");
    if (luaL_getmetafield(lua, 1, "__metatable") != LUA_TNIL)
        return luaL_error(lua, "cannot change a protected metatable");
    lua_settop(lua, 2);
    if (kind == LUA_TTABLE) {
        lua_pushliteral(lua, "__gc");
        if (lua_rawget(lua, 2) != LUA_TNIL)
            ds_script_of(lua)->has_finalizers = true;
        lua_pop(lua, 1);
    }
    lua_setmetatable(lua, 1);
    return 1;
}

/* No io and no os: a scenario acts through ds. Of debug only what reports need. */
static void open_libraries(lua_State *lua)
{
    static const luaL_Reg libraries[] = {
        {"_G", luaopen_base},
        {LUA_LOADLIBNAME, luaopen_package},
        {LUA_COLIBNAME, luaopen_coroutine},
        {LUA_TABLIBNAME, luaopen_table},
        {LUA_STRLIBNAME, luaopen_string},
        {LUA_MATHLIBNAME, luaopen_math},
        {LUA_UTF8LIBNAME, luaopen_utf8},
        {LUA_DBLIBNAME, luaopen_debug},
    };
    static const char *const unwanted[] = {"dofile", "loadfile", "load", "collectgarbage"};
    static const char *const of_debug[] = {"sethook",     "setlocal",     "setmetatable",
                                           "setupvalue",  "setuservalue", "upvaluejoin",
                                           "getregistry", "debug",        "setcstacklimit"};
    for (size_t i = 0; i < DS_COUNT(libraries); i++) {
        luaL_requiref(lua, libraries[i].name, libraries[i].func, 1);
        lua_pop(lua, 1);
    }
    for (size_t i = 0; i < DS_COUNT(unwanted); i++) {
        lua_pushnil(lua);
        lua_setglobal(lua, unwanted[i]);
    }
    lua_pushcfunction(lua, set_metatable);
    lua_setglobal(lua, "setmetatable");
    lua_getglobal(lua, LUA_DBLIBNAME);
    for (size_t i = 0; i < DS_COUNT(of_debug); i++) {
        lua_pushnil(lua);
        lua_setfield(lua, -2, of_debug[i]);
    }
    lua_pop(lua, 1);
}

/* As Lua's own searcher for files (reference manual 6.3, package.searchers), over kept code. */
static int search_module(lua_State *lua)
{
    int package = lua_upvalueindex(1);
    struct ds_code *code = ds_script_of(lua)->code;
    const char *kept = ds_code_module(code, luaL_checkstring(lua, 1));
    if (kept != NULL && ds_code_load(code, lua, kept) == LUA_OK) {
        lua_pushstring(lua, kept);
        return 2;
    }
    lua_getfield(lua, package, "searchpath");
    lua_pushvalue(lua, 1);
    lua_getfield(lua, package, "path");
    lua_call(lua, 2, 2);
    const char *path = lua_tostring(lua, -2);
    if (path == NULL)
        return 1;
    if (ds_code_load(code, lua, path) != LUA_OK)
        return luaL_error(lua, "error loading module '%s' from file '%s':\n\t%s",
                          lua_tostring(lua, 1), path, lua_tostring(lua, -1));
    ds_code_name(code, path, lua_tostring(lua, 1));
    lua_pushstring(lua, path);
    return 2;
}

/* Modules come from the installed Lua and nowhere else. */
static void set_path(lua_State *lua, const char *lua_root)
{
    lua_getglobal(lua, "package");
    lua_pushfstring(lua, "%s/?.lua;%s/?/init.lua", lua_root, lua_root);
    lua_setfield(lua, -2, "path");
    lua_getfield(lua, -1, "searchers");
    lua_pushvalue(lua, -2);
    lua_pushcclosure(lua, search_module, 1);
    lua_rawseti(lua, -2, 2);
    lua_pop(lua, 1);
    lua_pushliteral(lua, "");
    lua_setfield(lua, -2, "cpath");
    lua_pushnil(lua);
    lua_setfield(lua, -2, "loadlib");
    lua_pop(lua, 1);
}

static int now_is_zero(lua_State *lua)
{
    lua_pushinteger(lua, 0);
    return 1;
}

static void set_core(lua_State *lua, enum ds_purpose purpose)
{
    luaL_getsubtable(lua, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
    if (purpose == DS_TO_ACT) {
        ds_bind_act(lua);
    } else {
        ds_bind_judge(lua);
        lua_pushcfunction(lua, now_is_zero);
        lua_setfield(lua, -2, "now");
    }
    lua_setfield(lua, -2, "ds.core");
    lua_pop(lua, 1);
}

static int prepare(lua_State *lua)
{
    open_libraries(lua);
    set_path(lua, ds_script_of(lua)->lua_root);
    set_core(lua, ds_script_of(lua)->purpose);
    return 0;
}

ds_rc ds_script_open(enum ds_purpose purpose,
                     const char *lua_root,
                     struct ds_script *script,
                     struct ds_why *why)
{
    script->purpose = purpose;
    script->lua_root = lua_root;
    script->most_memory = MOST_MEMORY;
    if (ds_start_take(script))
        return DS_OK;
    script->lua = lua_newstate(allocate, script);
    if (script->lua == NULL) {
        ds_script_close(script);
        return ds_fail_memory(why);
    }
    *(struct ds_script **)lua_getextraspace(script->lua) = script;
    lua_sethook(script->lua, watch, LUA_MASKCOUNT, HOOK_EVERY);
    lua_pushcfunction(script->lua, prepare);
    if (lua_pcall(script->lua, 0, 0, 0) != LUA_OK) {
        ds_rc rc = ds_fail(why, DS_NOMEM, "Lua could not start: %s", lua_tostring(script->lua, -1));
        ds_script_close(script);
        return rc;
    }
    ds_start_keep(script);
    return DS_OK;
}

void ds_script_close(struct ds_script *script)
{
    if (script->lua != NULL && !ds_start_forgets(script))
        lua_close(script->lua);
    script->lua = NULL;
    ds_start_give(script);
    ds_buf_clean_up(&script->traceback);
}

/* The text behind a "file:line: " that begins with `place`; the whole text where it does not. */
static const char *without_place(const char *text, const char *place)
{
    size_t len = place == NULL ? 0 : strlen(place);
    const char *colon =
        text != NULL && len > 0 && strncmp(text, place, len) == 0 ? strstr(text + len, ": ") : NULL;
    return colon == NULL ? text : colon + 2;
}

/* "scenarios/x.lua:28: text" into its two halves; the line is looked for in the traceback where the
 * error rose elsewhere. */
static void split(struct ds_script *script, const char *text, struct ds_script_trouble *trouble)
{
    const char *places[] = {text, script->traceback.at};
    size_t len = script->path == NULL ? 0 : strlen(script->path);
    ds_assert(text != NULL);
    snprintf(trouble->why.text, sizeof trouble->why.text, "%.300s", text);
    trouble->where[0] = '\0';
    for (size_t i = 0; i < DS_COUNT(places) && len > 0 && trouble->where[0] == '\0'; i++) {
        const char *at = places[i] == NULL ? NULL : strstr(places[i], script->path);
        if (at == NULL || at[len] != ':')
            continue;
        size_t digits = strspn(at + len + 1, "0123456789");
        if (digits > 0)
            snprintf(trouble->where, sizeof trouble->where, "%.*s", (int)(len + 1 + digits), at);
    }
    snprintf(trouble->why.text, sizeof trouble->why.text, "%.300s",
             without_place(without_place(text, trouble->where), script->lua_root));
}

void ds_script_trouble(struct ds_script *script, struct ds_script_trouble *trouble)
{
    lua_State *lua = script->lua;
    *trouble = (struct ds_script_trouble){0};
    if (lua_istable(lua, -1)) {
        lua_getfield(lua, -1, "skip");
        trouble->skipped = lua_isstring(lua, -1);
        lua_pop(lua, 1);
    }
    split(script, luaL_tolstring(lua, -1, NULL), trouble);
    lua_pop(lua, 2);
}

bool ds_script_require(struct ds_script *script,
                       const char *name,
                       struct ds_script_trouble *trouble)
{
    lua_getglobal(script->lua, "require");
    lua_pushstring(script->lua, name);
    if (lua_pcall(script->lua, 1, 1, 0) == LUA_OK)
        return true;
    ds_script_trouble(script, trouble);
    return false;
}

ds_rc ds_script_load(struct ds_script *script, const char *path, struct ds_script_trouble *trouble)
{
    script->path = path;
    ds_script_rest(script);
    if (ds_code_load(script->code, script->lua, path) != LUA_OK ||
        lua_pcall(script->lua, 0, 1, 0) != LUA_OK) {
        ds_script_trouble(script, trouble);
        return DS_BAD;
    }
    if (lua_istable(script->lua, -1))
        return DS_OK;
    lua_pop(script->lua, 1);
    snprintf(trouble->where, sizeof trouble->where, "%.150s", path);
    return ds_fail(&trouble->why, DS_BAD,
                   "a scenario file returns ds.scenario { … }, and this returns something else");
}

int ds_l_refuse(lua_State *lua, const struct ds_why *why)
{
    lua_pushnil(lua);
    lua_pushstring(lua, why->text);
    return 2;
}
