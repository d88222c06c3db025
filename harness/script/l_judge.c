#include "script_internal.h"

#include <string.h>

/* ds.core of a state that judges: the capture as tables, and a place for findings. */

static int l_finding(lua_State *lua)
{
    struct ds_script *script = ds_script_of(lua);
    const char *word = luaL_checkstring(lua, 1), *sentence = luaL_checkstring(lua, 2),
               *where = luaL_checkstring(lua, 3);
    enum ds_verdict verdict = DS_FAIL;
    if (script->findings == NULL)
        return luaL_error(lua, "expectations are stated in expect");
    for (int each = DS_PASS; each <= DS_NOT_SEEN; each++)
        if (strcmp(word, ds_verdict_name((enum ds_verdict)each)) == 0)
            verdict = (enum ds_verdict)each;
    struct ds_finding *finding =
        ds_findings_add(script->findings, NULL, verdict, NULL, "%s", sentence);
    if (finding == NULL)
        return luaL_error(lua, "out of memory");
    finding->where = ds_arena_copy(script->findings->arena, ds_slice_of(where));
    if (!lua_istable(lua, 4))
        return 0;
    size_t count = (size_t)lua_rawlen(lua, 4);
    for (size_t i = 0; i < count && i < DS_FINDING_MAX_FRAMES; i++) {
        lua_rawgeti(lua, 4, (lua_Integer)i + 1);
        finding->frames[finding->frame_count++] = (uint32_t)lua_tointeger(lua, -1);
        lua_pop(lua, 1);
    }
    return 0;
}

ds_rc ds_l_draw_page(lua_State *lua, int argument, struct ds_fax_page *page)
{
    lua_Integer rows = luaL_checkinteger(lua, argument);
    luaL_argcheck(lua, rows >= 1 && rows <= DS_FAX_MOST_ROWS, argument,
                  "a page has 1 to 2400 rows");
    return ds_fax_page_draw(page, (size_t)rows, (uint64_t)luaL_checkinteger(lua, argument + 1));
}

/* (rows, page): the rows of the page of that number, as it is drawn for sending. */
static int l_fax_page(lua_State *lua)
{
    struct ds_fax_page page = {0};
    ds_rc rc = ds_l_draw_page(lua, 1, &page);
    if (rc == DS_OK)
        lua_pushlstring(lua, page.rows.at, page.rows.len);
    ds_fax_page_clean_up(&page);
    return rc == DS_OK ? 1 : luaL_error(lua, "out of memory");
}

void ds_bind_judge(lua_State *lua)
{
    static const luaL_Reg functions[] = {{"finding", l_finding},
                                         {"trace", ds_l_trace},
                                         {"planned", ds_l_planned},
                                         {"fax_page", l_fax_page},
                                         {NULL, NULL}};
    luaL_newlib(lua, functions);
}
