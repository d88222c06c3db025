#include "script_internal.h"

#include <stdio.h>
#include <string.h>

/* What a scenario says of itself, read in a state that can neither act nor judge. */

#define DEFAULT_LIMIT_S 30.0
#define MOST_LIMIT_S    (366.0 * 86400)
#define MOST_REPEATED   1000000 /* seeds that may follow one another */

struct reading {
    lua_State *lua;
    struct ds_arena *arena;
    const char *path;
    struct ds_why *why;
};

/* The list of strings under `key`; one string counts as a list of one; NULL where there is none. */
static ds_rc read_list(const struct reading *reading, const char *key, const char *const **out)
{
    lua_State *lua = reading->lua;
    *out = NULL;
    int type = lua_getfield(lua, -1, key);
    size_t count = type == LUA_TTABLE ? (size_t)lua_rawlen(lua, -1) : 1;
    if (type == LUA_TNIL) {
        lua_pop(lua, 1);
        return DS_OK;
    }
    const char **list = ds_arena_alloc(reading->arena, (count + 1) * sizeof(const char *));
    for (size_t i = 0; list != NULL && i < count; i++) {
        if (type == LUA_TTABLE)
            lua_rawgeti(lua, -1, (lua_Integer)i + 1);
        else
            lua_pushvalue(lua, -1);
        const char *text = lua_type(lua, -1) == LUA_TSTRING ? lua_tostring(lua, -1) : NULL;
        if (text == NULL)
            return ds_fail(reading->why, DS_BAD,
                           "%s: '%s' is a list of names, and its entry %zu is a %s", reading->path,
                           key, i + 1, luaL_typename(lua, -1));
        list[i] = ds_arena_copy(reading->arena, ds_slice_of(text));
        lua_pop(lua, 1);
    }
    lua_pop(lua, 1);
    *out = list;
    return list == NULL ? ds_fail_memory(reading->why) : DS_OK;
}

/* Numbers with spaces between them. */
static ds_rc read_arrivals(const struct reading *reading, struct ds_scenario *out)
{
    lua_State *lua = reading->lua;
    ds_rc rc = DS_OK;
    if (lua_getfield(lua, -1, "arrivals") != LUA_TNIL) {
        const char *text = lua_tostring(lua, -1);
        if (text == NULL || text[strspn(text, "0123456789 ")] != '\0')
            rc = ds_fail(reading->why, DS_BAD,
                         "%s: 'arrivals' is numbers with spaces between them, as explore writes it",
                         reading->path);
        else
            out->arrivals = ds_arena_copy(reading->arena, ds_slice_of(text));
    }
    lua_pop(lua, 1);
    return rc;
}

static ds_rc read_limit(const struct reading *reading, struct ds_scenario *out)
{
    lua_State *lua = reading->lua;
    lua_getfield(lua, -1, "limit");
    out->limit_s = lua_isnumber(lua, -1) ? lua_tonumber(lua, -1) / 1e6 : DEFAULT_LIMIT_S;
    lua_pop(lua, 1);
    if (out->limit_s > 0 && out->limit_s <= MOST_LIMIT_S)
        return DS_OK;
    return ds_fail(reading->why, DS_BAD, "%s: 'limit' is a time above 0 and of at most a year",
                   reading->path);
}

static ds_rc read_seed(const struct reading *reading, struct ds_scenario *out)
{
    lua_State *lua = reading->lua;
    bool fine = lua_getfield(lua, -1, "seed") == LUA_TNIL;
    out->has_seed = !fine;
    out->seed = (uint64_t)lua_tointeger(lua, -1);
    fine |= lua_isinteger(lua, -1) && lua_tointeger(lua, -1) >= 0 &&
            lua_tointeger(lua, -1) <= INT64_MAX - MOST_REPEATED;
    lua_pop(lua, 1);
    if (fine)
        return DS_OK;
    return ds_fail(reading->why, DS_BAD, "%s: 'seed' is a whole number from 0 to %lld",
                   reading->path, (long long)(INT64_MAX - MOST_REPEATED));
}

static ds_rc read_fields(const struct reading *reading, struct ds_scenario *out)
{
    lua_State *lua = reading->lua;
    ds_rc rc = read_list(reading, "topology", &out->topologies);
    if (rc == DS_OK)
        rc = read_list(reading, "variants", &out->variants);
    if (rc == DS_OK)
        rc = read_list(reading, "calls", &out->calls);
    if (rc == DS_OK)
        rc = read_list(reading, "proves", &out->proves);
    if (rc == DS_OK)
        rc = read_list(reading, "defects", &out->defects);
    if (rc == DS_OK)
        rc = read_list(reading, "faults", &out->faults);
    if (rc != DS_OK)
        return rc;
    lua_getfield(lua, -1, "answered");
    out->answered = lua_toboolean(lua, -1);
    lua_getfield(lua, -2, "stops_short");
    out->stops_short = lua_toboolean(lua, -1);
    lua_getfield(lua, -3, "in_any_weather");
    out->in_any_weather = lua_toboolean(lua, -1);
    lua_getfield(lua, -4, "race");
    out->race = lua_toboolean(lua, -1);
    lua_pop(lua, 4);
    if (out->topologies == NULL || out->topologies[0] == NULL)
        return ds_fail(reading->why, DS_BAD, "%s: the scenario names no topology", reading->path);
    rc = read_limit(reading, out);
    return rc == DS_OK ? read_seed(reading, out) : rc;
}

/* `world = "sim"` for what only the simulated network can do, "loopback" for what needs real
 * sockets.
 */
static ds_rc read_world(const struct reading *reading, struct ds_scenario *out)
{
    lua_State *lua = reading->lua;
    bool either = lua_getfield(lua, -1, "world") == LUA_TNIL, known = either;
    for (int kind = 0; kind < DS_WORLD_KINDS; kind++) {
        const char *name = ds_world_kind_name((enum ds_world_kind)kind);
        out->runs_in[kind] = either || strcmp(lua_tostring(lua, -1), name) == 0;
        known |= out->runs_in[kind];
    }
    if (out->in_any_weather || out->arrivals != NULL)
        out->runs_in[DS_WORLD_LOOPBACK] = false; /* nobody tells a kernel what arrives when */
    ds_rc rc = DS_OK;
    if (!known)
        rc = ds_fail(reading->why, DS_BAD, "%s: 'world' is \"sim\" or \"loopback\", not '%.40s'",
                     reading->path, lua_tostring(lua, -1));
    else if (!out->runs_in[DS_WORLD_LOOPBACK] && !out->runs_in[DS_WORLD_SIM])
        rc = ds_fail(reading->why, DS_BAD,
                     "%s: 'in_any_weather' and 'arrivals' need the simulated world, and 'world' is "
                     "\"loopback\"",
                     reading->path);
    lua_pop(lua, 1);
    return rc;
}

static ds_rc check_proofs(const struct reading *reading, const char *const *proves)
{
    for (; proves != NULL && *proves != NULL; proves++)
        if (ds_requirement_find(ds_slice_of(*proves)) == NULL)
            return ds_fail(reading->why, DS_BAD,
                           "%s: 'proves' names '%.40s', which is no requirement: see directsip "
                           "list requirements",
                           reading->path, *proves);
    return DS_OK;
}

/* "--- Calls are answered. More." gives "Calls are answered." */
static ds_rc read_summary(const struct reading *reading, struct ds_scenario *out)
{
    char line[400] = "";
    FILE *file = fopen(reading->path, "r");
    if (file == NULL || fgets(line, sizeof line, file) == NULL)
        line[0] = '\0';
    if (file != NULL)
        fclose(file);
    struct ds_slice text = ds_slice_trim(ds_slice_of(line));
    while (text.len > 0 && text.at[0] == '-')
        text = ds_slice_from(text, 1);
    out->summary = ds_arena_copy(reading->arena, ds_slice_trim(text));
    return out->summary == NULL ? ds_fail_memory(reading->why) : DS_OK;
}

ds_rc ds_scenario_load(const struct ds_scenario_file *file,
                       struct ds_arena *arena,
                       struct ds_scenario *out,
                       struct ds_why *why)
{
    const char *path = file->path;
    struct ds_script script = {.code = file->code};
    struct ds_script_trouble trouble = {0};
    ds_rc rc = ds_script_open(DS_TO_DESCRIBE, file->lua_root, &script, why);
    if (rc != DS_OK)
        return rc;
    rc = ds_script_load(&script, path, &trouble);
    if (rc != DS_OK)
        rc = ds_fail(why, rc, "%s: %s", trouble.where[0] != '\0' ? trouble.where : path,
                     trouble.why.text);
    const struct reading reading = {script.lua, arena, path, why};
    *out = (struct ds_scenario){0};
    if (rc == DS_OK)
        rc = read_fields(&reading, out);
    if (rc == DS_OK)
        rc = read_arrivals(&reading, out);
    if (rc == DS_OK)
        rc = read_world(&reading, out);
    if (rc == DS_OK)
        rc = check_proofs(&reading, out->proves);
    if (rc == DS_OK)
        rc = read_summary(&reading, out);
    if (rc == DS_OK) {
        out->name = ds_arena_copy(arena, ds_slice_of(file->name));
        out->path = ds_arena_copy(arena, ds_slice_of(path));
        rc = out->name == NULL || out->path == NULL ? ds_fail_memory(why) : DS_OK;
    }
    ds_script_close(&script);
    return rc;
}
