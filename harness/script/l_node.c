#include "script_internal.h"

#include <string.h>

#define NODE    "ds.core.Node"
#define REQUEST "ds.core.Request"

/* One element. A real one has a place and no node: it can be called, and not told what to do. */
struct l_node {
    const struct ds_topo_node *place;
    struct ds_node *node; /* borrowed: the world outlives the state; NULL for a real element */
};

struct l_request {
    struct ds_session *session; /* NULL once the handler has returned */
    int status;                 /* 0: not replied */
};

static struct l_node *check_node(lua_State *lua)
{
    return luaL_checkudata(lua, 1, NODE);
}

int ds_l_node(lua_State *lua)
{
    struct ds_world *world = ds_script_of(lua)->world;
    const char *name = luaL_checkstring(lua, 1);
    const struct ds_topo_node *place = ds_topo_find(ds_world_topo(world), ds_slice_of(name));
    if (place == NULL)
        return luaL_error(lua, "there is no node '%s'", name);
    struct l_node *node = lua_newuserdatauv(lua, sizeof *node, 1);
    *node = (struct l_node){.place = place, .node = ds_world_node(world, name)};
    luaL_setmetatable(lua, NODE);
    return 1;
}

static int l_number(lua_State *lua)
{
    lua_pushstring(lua, check_node(lua)->place->number);
    return 1;
}

static int l_extension(lua_State *lua)
{
    lua_pushstring(lua, check_node(lua)->place->extension);
    return 1;
}

static int l_role(lua_State *lua)
{
    lua_pushstring(lua, ds_role_name(check_node(lua)->place->role));
    return 1;
}

static int l_team(lua_State *lua)
{
    lua_pushstring(lua, check_node(lua)->place->team);
    return 1;
}

static int l_site(lua_State *lua)
{
    lua_pushstring(lua, check_node(lua)->place->site->name);
    return 1;
}

/* The name of the client that takes over from a phone; nil: its user stays. */
static int l_successor(lua_State *lua)
{
    const struct ds_topo *topo = ds_world_topo(ds_script_of(lua)->world);
    const struct ds_topo_node *client = ds_topo_successor(topo, check_node(lua)->place);
    lua_pushstring(lua, client == NULL ? NULL : client->name);
    return 1;
}

static int l_address(lua_State *lua)
{
    lua_pushstring(lua, ds_addr_ip_text(check_node(lua)->place->at).text);
    return 1;
}

/* Of an A/V Edge, as it is reached from outside; nil: there is none. */
static int l_av_address(lua_State *lua)
{
    const struct ds_topo_node *place = check_node(lua)->place;
    if (place->av.port == 0)
        lua_pushnil(lua);
    else
        lua_pushstring(lua, ds_addr_ip_text(place->av).text);
    return 1;
}

static int refuse_real(lua_State *lua, const struct l_node *node)
{
    struct ds_why why;
    ds_fail(&why, DS_STATE, "%s is a real element: it does what it does, and can only be called",
            node->place->name);
    return ds_l_refuse(lua, &why);
}

static int l_dial(lua_State *lua)
{
    const struct l_node *node = check_node(lua);
    const struct ds_dial dial = {.number = luaL_checkstring(lua, 2),
                                 .from = luaL_optstring(lua, 3, NULL),
                                 .codec = luaL_optstring(lua, 4, NULL),
                                 .hops = (int)luaL_optinteger(lua, 5, 0)};
    struct ds_end *end = NULL;
    struct ds_why why;
    if (node->node == NULL)
        return refuse_real(lua, node);
    if (dial.codec != NULL && strcmp(dial.codec, "PCMU") != 0 && strcmp(dial.codec, "PCMA") != 0)
        return luaL_error(lua, "'%s' is no codec of ours: PCMU or PCMA", dial.codec);
    if (!lua_isnoneornil(lua, 5) && (dial.hops < 1 || dial.hops > DS_MAX_FORWARDS))
        return luaL_error(lua, "a call has 1 to %d hops, not %d", DS_MAX_FORWARDS, dial.hops);
    if (ds_end_dial(node->node, &dial, &end, &why) != DS_OK)
        return ds_l_refuse(lua, &why);
    /* The number and the codec live as long as the node's handle, and so does what points at them.
     */
    lua_newtable(lua);
    lua_pushvalue(lua, 2);
    lua_rawseti(lua, -2, 1);
    lua_pushvalue(lua, 4);
    lua_rawseti(lua, -2, 2);
    luaL_ref(lua, LUA_REGISTRYINDEX);
    ds_l_push_end(lua, end);
    return 1;
}

static int l_take_call(lua_State *lua)
{
    const struct l_node *node = check_node(lua);
    if (node->node == NULL)
        return refuse_real(lua, node);
    struct ds_end *end = ds_end_take(node->node);
    if (end == NULL)
        lua_pushnil(lua);
    else
        ds_l_push_end(lua, end);
    return 1;
}

static int l_fail(lua_State *lua)
{
    const struct l_node *node = check_node(lua);
    if (node->node == NULL)
        return refuse_real(lua, node);
    ds_world_fail(ds_script_of(lua)->world, node->place->name);
    lua_pushboolean(lua, 1);
    return 1;
}

static int l_make_call(lua_State *lua)
{
    const struct l_node *node = check_node(lua);
    const char *number = luaL_checkstring(lua, 2);
    struct ds_why why;
    if (node->node == NULL)
        return refuse_real(lua, node);
    if (ds_node_make_call(node->node, number, &why) != DS_OK)
        return ds_l_refuse(lua, &why);
    lua_pushboolean(lua, 1);
    return 1;
}

static int l_clear_call(lua_State *lua)
{
    const struct l_node *node = check_node(lua);
    struct ds_why why;
    if (node->node == NULL)
        return refuse_real(lua, node);
    if (ds_node_clear_call(node->node, &why) != DS_OK)
        return ds_l_refuse(lua, &why);
    lua_pushboolean(lua, 1);
    return 1;
}

/* What the client believes of the telephone that it controls, and what went wrong; nil: none. */
static int l_line(lua_State *lua)
{
    const struct l_node *node = check_node(lua);
    const char *trouble = "";
    lua_pushstring(lua, node->node == NULL ? NULL : ds_node_line(node->node, &trouble));
    lua_pushstring(lua, trouble);
    return 2;
}

/* How many messages its user has not heard, as it was told; nil: it was told nothing. */
static int l_new_messages(lua_State *lua)
{
    const struct l_node *node = check_node(lua);
    int count = node->node == NULL ? -1 : ds_node_new_messages(node->node);
    if (count < 0)
        lua_pushnil(lua);
    else
        lua_pushinteger(lua, count);
    return 1;
}

/* The name of that telephone; nil: none. */
static int l_controls(lua_State *lua)
{
    const struct ds_topo_node *phone = check_node(lua)->place->controls;
    lua_pushstring(lua, phone == NULL ? NULL : phone->name);
    return 1;
}

/* The user goes to another device; l_is_there() tells when that is done. */
static int l_move_to(lua_State *lua)
{
    const struct l_node *node = check_node(lua);
    const struct l_node *there = luaL_checkudata(lua, 2, NODE);
    struct ds_why why;
    if (node->node == NULL || there->node == NULL)
        return refuse_real(lua, node->node == NULL ? node : there);
    if (ds_node_move(node->node, there->node, &why) != DS_OK)
        return ds_l_refuse(lua, &why);
    lua_pushboolean(lua, 1);
    return 1;
}

/* A phone's user moves to a client, or back; l_is_there() tells of the client. */
static int l_migrate(lua_State *lua)
{
    const struct l_node *node = check_node(lua);
    const struct l_node *there = luaL_checkudata(lua, 2, NODE);
    struct ds_why why;
    if (node->node == NULL || there->node == NULL)
        return refuse_real(lua, node->node == NULL ? node : there);
    if (ds_node_migrate(node->node, there->node, &why) != DS_OK)
        return ds_l_refuse(lua, &why);
    lua_pushboolean(lua, 1);
    return 1;
}

static int l_set_next_hop(lua_State *lua)
{
    const struct l_node *node = check_node(lua);
    const struct l_node *pool = luaL_checkudata(lua, 2, NODE);
    struct ds_why why;
    if (node->node == NULL)
        return refuse_real(lua, node);
    if (ds_node_set_next_hop(node->node, pool->place, &why) != DS_OK)
        return ds_l_refuse(lua, &why);
    lua_pushboolean(lua, 1);
    return 1;
}

/* What a real element knows is its own administrator's business. */
static int l_enter(lua_State *lua)
{
    const struct l_node *node = check_node(lua);
    const struct l_node *phone = luaL_checkudata(lua, 2, NODE);
    if (node->node != NULL)
        ds_node_enter(node->node, phone->place, lua_toboolean(lua, 3));
    return 0;
}

static int l_is_there(lua_State *lua)
{
    const struct l_node *node = check_node(lua);
    lua_pushboolean(lua, node->node != NULL && !ds_node_is_down(node->node) &&
                             ds_node_ready(node->node));
    return 1;
}

/* ---- the scenario's own word instead of the element's ---- */

static bool
hook(void *owner, struct ds_node *node, struct ds_session *session, const struct ds_msg *msg)
{
    struct ds_script *script = owner;
    lua_State *lua = script->lua;
    (void)msg;
    ds_script_rest(script);
    lua_rawgetp(lua, LUA_REGISTRYINDEX, node);
    struct l_request *request = lua_newuserdatauv(lua, sizeof *request, 0);
    *request = (struct l_request){.session = session};
    luaL_setmetatable(lua, REQUEST);
    if (lua_pcall(lua, 1, 1, 0) != LUA_OK) {
        ds_script_trouble(script, script->hook_trouble);
        script->hook_failed = true;
        return false;
    }
    bool dealt_with = lua_toboolean(lua, -1);
    lua_pop(lua, 1);
    return dealt_with;
}

static int l_on_invite(lua_State *lua)
{
    const struct l_node *node = check_node(lua);
    luaL_checktype(lua, 2, LUA_TFUNCTION);
    if (node->node == NULL)
        return refuse_real(lua, node);
    lua_settop(lua, 2);
    lua_rawsetp(lua, LUA_REGISTRYINDEX, node->node);
    ds_node_on_invite(node->node, hook, ds_script_of(lua));
    lua_pushboolean(lua, 1);
    return 1;
}

static int l_reply(lua_State *lua)
{
    struct l_request *request = luaL_checkudata(lua, 1, REQUEST);
    lua_Integer status = luaL_checkinteger(lua, 2);
    if (request->session == NULL)
        return luaL_error(lua, "this request has been answered");
    if (status < 300 || status > 699)
        return luaL_error(lua,
                          "%d cannot be replied here: a handler refuses with 300 to 699, or leaves "
                          "the call alone",
                          (int)status);
    ds_session_refuse(request->session, (int)status, &(struct ds_content){0});
    ds_session_free(&request->session);
    return 0;
}

static void publish(lua_State *lua, const char *name, const luaL_Reg *methods)
{
    luaL_newmetatable(lua, name);
    luaL_setfuncs(lua, methods, 0);
    lua_pushvalue(lua, -1);
    lua_setfield(lua, -2, "__index");
    lua_pop(lua, 1);
}

void ds_bind_node(lua_State *lua)
{
    static const luaL_Reg node_methods[] = {
        {"number", l_number},
        {"extension", l_extension},
        {"role", l_role},
        {"address", l_address},
        {"dial", l_dial},
        {"take_call", l_take_call},
        {"on_invite", l_on_invite},
        {"fail", l_fail},
        {"set_next_hop", l_set_next_hop},
        {"av_address", l_av_address},
        {"make_call", l_make_call},
        {"clear_call", l_clear_call},
        {"line", l_line},
        {"new_messages", l_new_messages},
        {"controls", l_controls},
        {"move_to", l_move_to},
        {"is_there", l_is_there},
        {"team", l_team},
        {"site", l_site},
        {"successor", l_successor},
        {"migrate", l_migrate},
        {"enter", l_enter},
        {NULL, NULL},
    };
    static const luaL_Reg request_methods[] = {{"reply", l_reply}, {NULL, NULL}};
    publish(lua, NODE, node_methods);
    publish(lua, REQUEST, request_methods);
}
