#include "script_internal.h"

#include <string.h>

#define END "ds.core.End"

/* One end of a call. The node keeps it until the world closes, and the state is closed before that.
 */
struct l_end {
    struct ds_end *end;
};

static struct ds_end *check_end(lua_State *lua)
{
    return ((struct l_end *)luaL_checkudata(lua, 1, END))->end;
}

void ds_l_push_end(lua_State *lua, struct ds_end *end)
{
    struct l_end *handle = lua_newuserdatauv(lua, sizeof *handle, 0);
    handle->end = end;
    luaL_setmetatable(lua, END);
}

/* True, or nil and the sentence that says why not. */
static int done(lua_State *lua, ds_rc rc, const struct ds_why *why)
{
    if (rc != DS_OK)
        return ds_l_refuse(lua, why);
    lua_pushboolean(lua, 1);
    return 1;
}

static int l_ring(lua_State *lua)
{
    struct ds_why why;
    return done(lua, ds_end_ring(check_end(lua), &why), &why);
}

static int l_early_media(lua_State *lua)
{
    struct ds_why why;
    return done(lua, ds_end_early_media(check_end(lua), &why), &why);
}

static int l_answer(lua_State *lua)
{
    struct ds_why why;
    return done(lua, ds_end_answer(check_end(lua), &why), &why);
}

static int l_refuse(lua_State *lua)
{
    struct ds_why why;
    return done(lua, ds_end_refuse(check_end(lua), (int)luaL_checkinteger(lua, 2), &why), &why);
}

static int l_hang_up(lua_State *lua)
{
    struct ds_why why;
    return done(lua, ds_end_hang_up(check_end(lua), &why), &why);
}

static int l_resume_without_offer(lua_State *lua)
{
    struct ds_why why;
    return done(lua, ds_end_resume_without_offer(check_end(lua), &why), &why);
}

static int l_hold(lua_State *lua)
{
    struct ds_why why;
    return done(lua, ds_end_hold(check_end(lua), lua_toboolean(lua, 2), &why), &why);
}

static int l_flash_hook(lua_State *lua)
{
    struct ds_why why;
    return done(lua, ds_end_flash_hook(check_end(lua), &why), &why);
}

static int l_park(lua_State *lua)
{
    struct ds_why why;
    return done(lua, ds_end_park(check_end(lua), &why), &why);
}

/* The status, 0 for none yet, and the orbit. */
static int l_parked(lua_State *lua)
{
    const struct ds_end *end = check_end(lua);
    lua_pushinteger(lua, ds_end_park_status(end));
    lua_pushstring(lua, ds_end_orbit(end));
    return 2;
}

static int l_transfer(lua_State *lua)
{
    struct ds_why why;
    return done(lua, ds_end_transfer(check_end(lua), luaL_checkstring(lua, 2), &why), &why);
}

static int l_transfer_to(lua_State *lua)
{
    struct ds_why why;
    const struct l_end *consulted = luaL_checkudata(lua, 2, END);
    return done(lua, ds_end_transfer_to(check_end(lua), consulted->end, &why), &why);
}

static int l_transfer_status(lua_State *lua)
{
    lua_pushinteger(lua, ds_end_transfer_status(check_end(lua)));
    return 1;
}

static int l_add(lua_State *lua)
{
    struct ds_why why;
    return done(lua, ds_end_add(check_end(lua), luaL_checkstring(lua, 2), &why), &why);
}

static int l_added_status(lua_State *lua)
{
    lua_pushinteger(lua, ds_end_added_status(check_end(lua)));
    return 1;
}

static int l_talk(lua_State *lua)
{
    struct ds_why why;
    return done(lua, ds_end_talk(check_end(lua), lua_toboolean(lua, 2), &why), &why);
}

static int l_send_digits(lua_State *lua)
{
    struct ds_why why;
    return done(lua, ds_end_digits_send(check_end(lua), luaL_checkstring(lua, 2), &why), &why);
}

static int l_digits_sent(lua_State *lua)
{
    lua_pushboolean(lua, ds_end_digits_sent(check_end(lua)));
    return 1;
}

/* (rows, page): draws the page of that number and sends it; without them receives one. */
static int l_fax(lua_State *lua)
{
    struct ds_why why;
    struct ds_fax_page page = {0};
    struct ds_end *end = check_end(lua);
    bool sends = !lua_isnoneornil(lua, 2);
    ds_rc rc = sends ? ds_l_draw_page(lua, 2, &page) : DS_OK;
    rc = rc == DS_OK ? ds_end_fax(end, sends ? &page : NULL, &why) : ds_fail_memory(&why);
    ds_fax_page_clean_up(&page);
    return done(lua, rc, &why);
}

/* "busy", "done" or "failed", and how it ended in the words of T.30. */
static int l_fax_state(lua_State *lua)
{
    static const char *const names[] = {
        [DS_FAX_BUSY] = "busy", [DS_FAX_DONE] = "done", [DS_FAX_FAILED] = "failed"};
    const struct ds_end *end = check_end(lua);
    lua_pushstring(lua, names[ds_end_fax_state(end)]);
    lua_pushstring(lua, ds_end_fax_outcome(end));
    return 2;
}

static int l_state(lua_State *lua)
{
    lua_pushstring(lua, ds_end_state_name(ds_end_state(check_end(lua))));
    return 1;
}

static int l_is(lua_State *lua)
{
    const struct ds_end *end = check_end(lua);
    const char *name = luaL_checkstring(lua, 2);
    for (int state = DS_END_CALLING; state <= DS_END_ENDED; state++) {
        if (strcmp(name, ds_end_state_name((enum ds_end_state)state)) == 0) {
            lua_pushboolean(lua, ds_end_is(end, (enum ds_end_state)state));
            return 1;
        }
    }
    return luaL_error(lua, "there is no state '%s'", name);
}

static int l_status(lua_State *lua)
{
    lua_pushinteger(lua, ds_end_status(check_end(lua)));
    return 1;
}

static int l_digits(lua_State *lua)
{
    lua_pushstring(lua, ds_end_digits(check_end(lua)));
    return 1;
}

static int l_peer_number(lua_State *lua)
{
    lua_pushstring(lua, ds_end_peer_number(check_end(lua)));
    return 1;
}

static int l_place(lua_State *lua)
{
    lua_pushstring(lua, ds_end_place(check_end(lua))->name);
    return 1;
}

static int l_hears(lua_State *lua)
{
    lua_pushboolean(lua, ds_end_hears(check_end(lua)));
    return 1;
}

void ds_bind_end(lua_State *lua)
{
    static const luaL_Reg methods[] = {
        {"ring", l_ring},
        {"early_media", l_early_media},
        {"answer", l_answer},
        {"refuse", l_refuse},
        {"hang_up", l_hang_up},
        {"hold", l_hold},
        {"resume_without_offer", l_resume_without_offer},
        {"flash_hook", l_flash_hook},
        {"park", l_park},
        {"parked", l_parked},
        {"transfer", l_transfer},
        {"transfer_to", l_transfer_to},
        {"transfer_status", l_transfer_status},
        {"add", l_add},
        {"added_status", l_added_status},
        {"talk", l_talk},
        {"send_digits", l_send_digits},
        {"digits_sent", l_digits_sent},
        {"state", l_state},
        {"is", l_is},
        {"fax", l_fax},
        {"fax_state", l_fax_state},
        {"status", l_status},
        {"digits", l_digits},
        {"peer_number", l_peer_number},
        {"place", l_place},
        {"hears", l_hears},
        {NULL, NULL},
    };
    luaL_newmetatable(lua, END);
    luaL_setfuncs(lua, methods, 0);
    lua_pushvalue(lua, -1);
    lua_setfield(lua, -2, "__index");
    lua_pop(lua, 1);
}
