#include "topo_internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <lauxlib.h>
#include <lua.h>

/*
 * The chunk is data: it runs with nothing to call, and with bounds on its steps, on what it holds
 * and on what it asks for over its life (copying counts, or a short loop over a long text would
 * keep the machine busy for minutes).
 */

#define MAX_STEPS     100000
#define MAX_HELD      ((size_t)2 * 1024 * 1024)
#define MAX_ASKED     ((size_t)32 * 1024 * 1024)
#define MAX_TEXT      256 /* of one value */
#define CHUNK         "topology"
#define TOO_MUCH_WORK "the file computes too long; a topology is data, not a program"

struct reader {
    struct ds_load *load;
    struct ds_slice text;
    struct ds_place *place; /* of the returned table, or NULL */
    size_t held, asked, count;
    bool greedy; /* it was a bound of ours that refused memory, not the machine */
    ds_rc rc;
};

static void *allocate(void *owner, void *at, size_t old_size, size_t size)
{
    struct reader *reader = owner;
    if (at == NULL)
        old_size = 0; /* Lua tells the kind of object there */
    if (size == 0) {
        free(at);
        reader->held -= old_size;
        return NULL;
    }
    if (size > old_size &&
        (reader->held + (size - old_size) > MAX_HELD || reader->asked + size > MAX_ASKED)) {
        reader->greedy = true;
        return NULL;
    }
    void *moved = realloc(at, size);
    if (moved == NULL)
        return size <= old_size ? at : NULL; /* Lua counts on shrinking */
    reader->held += size - old_size;
    reader->asked += size;
    return moved;
}

static void stop_running(lua_State *lua, lua_Debug *where)
{
    lua_getinfo(lua, "l", where);
    lua_pushfstring(lua, CHUNK ":%d: " TOO_MUCH_WORK, where->currentline);
    lua_error(lua);
}

/* Lists first and by index, then names as they stand in the file. */
static bool comes_before(const struct ds_value *a, const struct ds_value *b)
{
    if ((a->name == NULL) != (b->name == NULL))
        return a->name == NULL;
    if (a->name == NULL)
        return a->index < b->index;
    return a->order != b->order ? a->order < b->order : strcmp(a->name, b->name) < 0;
}

static void insert_sorted(struct ds_value *table, struct ds_value *value)
{
    struct ds_value **at = &table->first;
    while (*at != NULL && comes_before(*at, value))
        at = &(*at)->next;
    value->next = *at;
    *at = value;
}

static struct ds_place *
find_place(const struct ds_place *parent, struct ds_slice name, int64_t index)
{
    struct ds_place *place = parent == NULL ? NULL : parent->first;
    while (place != NULL && (!ds_slice_equal(place->name, name) || place->index != index))
        place = place->next;
    return place;
}

/* The key at stack position `at` into the value's name or index. */
static ds_rc take_key(struct reader *reader, lua_State *lua, int at, struct ds_value *value)
{
    if (lua_isinteger(lua, at) && lua_tointeger(lua, at) > 0) {
        value->index = lua_tointeger(lua, at);
        return DS_OK;
    }
    if (lua_type(lua, at) != LUA_TSTRING)
        return ds_refuse(reader->load, value->line, "a key must be a name or a list position");
    struct ds_slice name;
    name.at = lua_tolstring(lua, at, &name.len);
    if (name.len == 0 || name.len > MAX_TEXT || memchr(name.at, '\0', name.len) != NULL)
        return ds_refuse(reader->load, value->line, "a name must have 1 to %d letters", MAX_TEXT);
    value->name = ds_arena_copy(reader->load->arena, name);
    return value->name == NULL ? DS_NOMEM : DS_OK;
}

static ds_rc take_text(struct reader *reader, lua_State *lua, struct ds_value *value)
{
    struct ds_slice text;
    text.at = lua_tolstring(lua, -1, &text.len);
    if (text.len > MAX_TEXT || memchr(text.at, '\0', text.len) != NULL)
        return ds_refuse(reader->load, value->line, "a text must have at most %d letters",
                         MAX_TEXT);
    value->kind = DS_TEXT;
    value->text = ds_arena_copy(reader->load->arena, text);
    return value->text == NULL ? DS_NOMEM : DS_OK;
}

/* What is no number, or not a finite one, is of no kind that anybody asks for. */
static void take_number(lua_State *lua, struct ds_value *value)
{
    bool number = lua_type(lua, -1) == LUA_TNUMBER && isfinite(lua_tonumber(lua, -1));
    value->kind = lua_isinteger(lua, -1) ? DS_WHOLE : number ? DS_REAL : DS_OTHER;
    value->whole = lua_tointeger(lua, -1);
    value->real = lua_tonumber(lua, -1);
}

/* What lies on top of Lua's stack, tables without their fields. */
static ds_rc take_value(struct reader *reader, lua_State *lua, struct ds_value *value)
{
    switch (lua_type(lua, -1)) {
    case LUA_TSTRING:
        return take_text(reader, lua, value);
    case LUA_TBOOLEAN:
        value->kind = DS_FLAG;
        value->flag = lua_toboolean(lua, -1) != 0;
        return DS_OK;
    case LUA_TTABLE:
        value->kind = DS_TABLE;
        return DS_OK;
    default:
        take_number(lua, value);
        return DS_OK;
    }
}

struct open_table {
    struct ds_value *value;
    const struct ds_place *place;
};

/* Reads the key and value on top of Lua's stack into a child of `parent`; its place into `out`. */
static ds_rc take_field(struct reader *reader,
                        lua_State *lua,
                        const struct open_table *parent,
                        struct open_table *out)
{
    struct ds_load *load = reader->load;
    if (++reader->count > DS_VALUE_MAX_COUNT)
        return ds_refuse(load, parent->value->line, "the file holds more than %d values",
                         DS_VALUE_MAX_COUNT);
    struct ds_value *value = ds_arena_alloc(load->arena, sizeof *value);
    if (value == NULL)
        return DS_NOMEM;
    value->line = parent->value->line;
    ds_rc rc = take_key(reader, lua, -2, value);
    if (rc != DS_OK)
        return rc;
    out->value = value;
    out->place = find_place(parent->place, ds_slice_of(value->name), value->index);
    if (out->place != NULL) {
        value->line = out->place->line;
        value->order = out->place->order;
    }
    insert_sorted(parent->value, value);
    return take_value(reader, lua, value);
}

/* Walks the table on top of Lua's stack, and the tables in it, without recursion. */
static ds_rc take_tree(struct reader *reader, lua_State *lua)
{
    struct open_table open[DS_VALUE_MAX_DEPTH] = {{reader->load->root, reader->place}};
    size_t depth = 1;
    lua_pushnil(lua);
    while (depth > 0) {
        struct open_table found = {NULL, NULL};
        if (lua_next(lua, -2) == 0) {
            lua_pop(lua, 1);
            depth--;
            continue;
        }
        ds_rc rc = take_field(reader, lua, &open[depth - 1], &found);
        if (rc != DS_OK)
            return rc;
        ds_assert(found.value != NULL);
        if (found.value->kind != DS_TABLE) {
            lua_pop(lua, 1);
            continue;
        }
        if (depth == DS_COUNT(open))
            return ds_refuse(reader->load, found.value->line, "tables are nested too deep");
        open[depth++] = found;
        lua_pushnil(lua);
    }
    return DS_OK;
}

/* Everything that may raise a Lua error happens in here. */
static int run(lua_State *lua)
{
    struct reader *reader = lua_touserdata(lua, 1);
    luaL_checkstack(lua, 4 * DS_VALUE_MAX_DEPTH, NULL);
    if (luaL_loadbufferx(lua, reader->text.at, reader->text.len, "=" CHUNK, "t") != LUA_OK)
        return lua_error(lua);
    lua_newtable(lua);
    lua_setupvalue(lua, -2, 1);
    lua_sethook(lua, stop_running, LUA_MASKCOUNT, MAX_STEPS);
    lua_call(lua, 0, 1);
    lua_sethook(lua, NULL, 0, 0);
    if (!lua_istable(lua, -1)) {
        reader->rc = ds_refuse(reader->load, 1, "the file must return a table");
        return 0;
    }
    reader->rc = take_tree(reader, lua);
    return 0;
}

/* Lua's own sentence, "topology:12: …", under the file's name. */
static ds_rc refuse_lua(const struct reader *reader, const char *said)
{
    struct ds_slice sentence = ds_slice_of(said), number;
    uint64_t line = 1;
    if (ds_slice_starts(sentence, DS_LITERAL(CHUNK ":"))) {
        sentence = ds_slice_from(sentence, strlen(CHUNK ":"));
        if (!ds_slice_cut(&sentence, ':', &number) ||
            ds_slice_number(number, INT32_MAX, &line) != DS_OK)
            line = 1;
    }
    sentence = ds_slice_trim(sentence);
    return ds_refuse(reader->load, (int)line, "%.*s", DS_FMT(sentence));
}

static ds_rc outcome(const struct reader *reader, lua_State *lua, int status)
{
    if (status == LUA_OK)
        return reader->rc == DS_NOMEM ? ds_fail_memory(reader->load->why) : reader->rc;
    if (status == LUA_ERRMEM && reader->greedy)
        return ds_refuse(reader->load, 1, TOO_MUCH_WORK);
    if (status == LUA_ERRMEM)
        return ds_fail_memory(reader->load->why);
    const char *said = lua_type(lua, -1) == LUA_TSTRING ? lua_tostring(lua, -1) : "error";
    return refuse_lua(reader, said);
}

ds_rc ds_read_tree(struct ds_load *load, struct ds_slice text)
{
    struct reader reader = {.load = load, .text = text};
    bool broken = false;
    load->root = ds_arena_alloc(load->arena, sizeof *load->root);
    reader.place = ds_locate(text, load->scratch, &broken);
    if (load->root == NULL || broken)
        return ds_fail_memory(load->why);
    load->root->kind = DS_TABLE;
    load->root->line = reader.place == NULL ? 1 : reader.place->line;
    lua_State *lua = lua_newstate(allocate, &reader);
    if (lua == NULL)
        return ds_fail_memory(load->why);
    lua_pushcfunction(lua, run);
    lua_pushlightuserdata(lua, &reader);
    ds_rc rc = outcome(&reader, lua, lua_pcall(lua, 1, 0, 0));
    lua_close(lua);
    return rc;
}
