#ifndef DS_SCRIPT_INTERNAL_H
#define DS_SCRIPT_INTERNAL_H

/*
 * One Lua state for one purpose: to read what a scenario says of itself, to act it, or to judge it.
 * Bounded in memory and in instructions, between two waits and in all; knows no files, programs or
 * time but what is bound here.
 */

#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>

#include "script.h"

enum ds_purpose { DS_TO_DESCRIBE, DS_TO_ACT, DS_TO_JUDGE };

/* Reached from every binding through the state's extra space. */
struct ds_script {
    enum ds_purpose purpose;
    lua_State *lua; /* owned */
    size_t memory, most_memory;
    unsigned long instructions;             /* in thousands, since the last wait */
    unsigned long all_instructions;         /* in thousands */
    struct ds_world *world;                 /* borrowed; acting only */
    const struct ds_trace *trace;           /* borrowed; judging only */
    const struct ds_topo *topo;             /* borrowed; judging only */
    struct ds_findings *findings;           /* borrowed; judging only */
    const struct ds_expected_call *call;    /* borrowed, or NULL */
    const char *lua_root;                   /* borrowed */
    struct ds_code *code;                   /* borrowed, or NULL */
    const char *path;                       /* of the scenario */
    struct ds_buf traceback;                /* owned; of the voice that failed */
    struct ds_script_trouble *hook_trouble; /* what a handler of the scenario's ran into, or NULL */
    bool hook_failed;
};

DS_MUST_USE ds_rc ds_script_open(enum ds_purpose purpose,
                                 const char *lua_root,
                                 struct ds_script *script,
                                 struct ds_why *why);
void ds_script_close(struct ds_script *script);
struct ds_script *ds_script_of(lua_State *lua);
/* Leaves the scenario's table on the stack. `where` may be NULL. */
DS_MUST_USE ds_rc ds_script_load(struct ds_script *script,
                                 const char *path,
                                 struct ds_script_trouble *trouble);
/* Turns the error on top of the stack into a sentence and the scenario's line, and pops it. */
void ds_script_trouble(struct ds_script *script, struct ds_script_trouble *trouble);
/* luaL_loadfilex for text, but a file that `code` (or NULL) knows is not read again. */
int ds_code_load(struct ds_code *code, lua_State *lua, const char *path);
/* Which file a module was found in before; NULL: not known. */
const char *ds_code_module(const struct ds_code *code, const char *module);
void ds_code_name(struct ds_code *code, const char *path, const char *module);
/* Another wait: the count of instructions starts again. */
void ds_script_rest(struct ds_script *script);
/* require(name) onto the stack. */
bool ds_script_require(struct ds_script *script,
                       const char *name,
                       struct ds_script_trouble *trouble);

/* What `ds.core` holds, by purpose; each leaves the table on the stack. */
void ds_bind_act(lua_State *lua);
void ds_bind_judge(lua_State *lua);
void ds_bind_node(lua_State *lua); /* the metatables */
void ds_bind_end(lua_State *lua);
void ds_bind_program(lua_State *lua);
void ds_bind_fault(lua_State *lua);
int ds_l_fault(lua_State *lua);   /* core.fault */
int ds_l_program(lua_State *lua); /* core.program */
int ds_l_trace(lua_State *lua);   /* core.trace: the whole capture as plain tables */
int ds_l_planned(lua_State *lua); /* core.planned: what the plan says of a call */
/* Draws the page of fax that two arguments tell, how many rows and which; raises where they are
 * none. */
DS_MUST_USE ds_rc ds_l_draw_page(lua_State *lua, int argument, struct ds_fax_page *page);
void ds_l_push_end(lua_State *lua, struct ds_end *end);
int ds_l_node(lua_State *lua); /* core.node */
/* nil and a sentence: how a binding says that a wish cannot be met. */
int ds_l_refuse(lua_State *lua, const struct ds_why *why);

#endif
