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

enum ds_purpose { DS_TO_DESCRIBE, DS_TO_ACT, DS_TO_JUDGE, DS_PURPOSES };

/* Memory for one state, which can be remembered (pool.c). */
struct ds_pool;

/* How a state of one purpose begins (start.c); zeroed: it is not known yet. */
struct ds_start {
    struct ds_pool *pool; /* owned */
    lua_State *lua;       /* in the pool; NULL: none is remembered */
    char *lua_root;       /* owned */
    size_t memory;
    unsigned long all_instructions;
    bool is_taken; /* by a script that is open */
};

/* Reached from every binding through the state's extra space. */
struct ds_script {
    enum ds_purpose purpose;
    lua_State *lua;         /* owned, or that of `start` */
    struct ds_start *start; /* borrowed from `code`; NULL: a state of its own */
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
    bool has_finalizers; /* something of the scenario's, or a program, waits for its end */
};

DS_MUST_USE ds_rc ds_script_open(enum ds_purpose purpose,
                                 const char *lua_root,
                                 struct ds_script *script,
                                 struct ds_why *why);
/* Forgets the state where nothing waits for its end, which is cheaper than ending it. */
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
/* NULL: nothing is kept. */
struct ds_start *ds_code_start(struct ds_code *code, enum ds_purpose purpose);
/* True: the script has a state that is prepared. */
bool ds_start_take(struct ds_script *script);
/* A state that was prepared just now is what later ones begin with. */
void ds_start_keep(struct ds_script *script);
bool ds_start_forgets(const struct ds_script *script);
void ds_start_give(struct ds_script *script);
void ds_start_clean_up(struct ds_start *start);
DS_MUST_USE ds_rc ds_pool_new(struct ds_pool **out);
void ds_pool_free(struct ds_pool **pool);
/* As realloc(), with lua_Alloc's arguments. */
void *ds_pool_resize(struct ds_pool *pool, void *at, size_t old_size, size_t new_size);
/* False: there is too much in it, or no memory. */
bool ds_pool_remember(struct ds_pool *pool);
/* Back to what was remembered, at the same addresses. */
void ds_pool_restore(struct ds_pool *pool);
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
