#include "script_internal.h"

#include <stdlib.h>
#include <string.h>

/*
 * Where states of one purpose start: with Lua's libraries and lua/ds in them, and no scenario yet.
 * The first is made, and remembered byte for byte; each later one is those bytes again. So nothing
 * that a scenario does to its state outlives it.
 */

static const char *const modules[DS_PURPOSES] = {
    [DS_TO_DESCRIBE] = "ds",
    [DS_TO_ACT] = "ds.act",
    [DS_TO_JUDGE] = "ds.expect",
};

static bool same_root(const struct ds_start *start, const char *lua_root)
{
    return start->lua_root == NULL || strcmp(start->lua_root, lua_root) == 0;
}

/* Its own pool for one that is to be remembered; without, the state is made as any. */
static void begin(struct ds_script *script, struct ds_start *start)
{
    if (ds_pool_new(&start->pool) != DS_OK)
        return;
    start->is_taken = true;
    script->start = start;
}

bool ds_start_take(struct ds_script *script)
{
    struct ds_start *start = ds_code_start(script->code, script->purpose);
    if (start == NULL || start->is_taken || !same_root(start, script->lua_root))
        return false;
    if (start->lua == NULL) {
        begin(script, start);
        return false;
    }
    start->is_taken = true;
    script->start = start;
    script->lua = start->lua;
    script->memory = start->memory;
    script->all_instructions = start->all_instructions;
    lua_setallocf(script->lua, lua_getallocf(script->lua, NULL), script);
    *(struct ds_script **)lua_getextraspace(script->lua) = script;
    return true;
}

/* What goes wrong here goes wrong again where the scenario asks for it, and is told there. */
void ds_start_keep(struct ds_script *script)
{
    struct ds_start *start = script->start;
    struct ds_script_trouble ignored;
    if (start == NULL || !ds_script_require(script, modules[script->purpose], &ignored))
        return;
    lua_pop(script->lua, 1);
    lua_gc(script->lua, LUA_GCCOLLECT);
    start->lua_root = strdup(script->lua_root);
    if (start->lua_root == NULL || !ds_pool_remember(start->pool))
        return;
    start->lua = script->lua;
    start->memory = script->memory;
    start->all_instructions = script->all_instructions;
}

bool ds_start_forgets(const struct ds_script *script)
{
    return script->start != NULL && script->start->lua != NULL && !script->has_finalizers;
}

void ds_start_give(struct ds_script *script)
{
    struct ds_start *start = script->start;
    if (start == NULL)
        return;
    if (start->lua != NULL)
        ds_pool_restore(start->pool);
    else
        ds_start_clean_up(start);
    start->is_taken = false;
    script->start = NULL;
}

void ds_start_clean_up(struct ds_start *start)
{
    ds_pool_free(&start->pool);
    free(start->lua_root);
    start->lua_root = NULL;
    start->lua = NULL;
}
