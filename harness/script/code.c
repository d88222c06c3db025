#include "script_internal.h"

#include <stdlib.h>
#include <string.h>

/* Compiled Lua files, each read once however many states run it, and how states begin. A state gets
 * bytes that nothing can write to, so what one scenario does to its functions no other sees. */

#define DS_CODE_MAGIC 0x5c0de001u

struct chunk {
    struct ds_list node;
    uint64_t hash;       /* of the path: most are told apart by it */
    char *path;          /* owned */
    char *module;        /* owned; NULL: it was never required by a name */
    struct ds_buf bytes; /* owned */
};

struct ds_code {
    uint32_t magic;
    struct ds_list chunks; /* owned */
    struct ds_start starts[DS_PURPOSES];
};

ds_rc ds_code_new(struct ds_code **out)
{
    struct ds_code *code = calloc(1, sizeof *code);
    if (code == NULL)
        return DS_NOMEM;
    code->magic = DS_CODE_MAGIC;
    ds_list_init(&code->chunks);
    *out = code;
    return DS_OK;
}

static void free_chunk(struct chunk *chunk)
{
    ds_buf_clean_up(&chunk->bytes);
    free(chunk->path);
    free(chunk->module);
    free(chunk);
}

void ds_code_free(struct ds_code **code)
{
    if (*code == NULL)
        return;
    DS_CHECK(*code, DS_CODE_MAGIC);
    for (struct ds_list *at = (*code)->chunks.next, *next; at != &(*code)->chunks; at = next) {
        next = at->next;
        free_chunk(DS_OWNER(at, struct chunk, node));
    }
    for (size_t i = 0; i < DS_PURPOSES; i++)
        ds_start_clean_up(&(*code)->starts[i]);
    free(*code);
    *code = NULL;
}

static int keep_bytes(lua_State *lua, const void *bytes, size_t len, void *owner)
{
    struct ds_buf *out = owner;
    (void)lua;
    ds_buf_add(out, (struct ds_slice){bytes, len});
    return out->broken;
}

/* Of the function on top of the stack. Without memory nothing is kept, and nothing lost. */
static void keep(struct ds_code *code, lua_State *lua, const char *path)
{
    struct chunk *chunk = calloc(1, sizeof *chunk);
    if (chunk == NULL)
        return;
    chunk->hash = ds_hash(ds_slice_of(path));
    chunk->path = strdup(path);
    if (chunk->path == NULL || lua_dump(lua, keep_bytes, &chunk->bytes, 0) != 0) {
        free_chunk(chunk);
        return;
    }
    ds_list_append(&code->chunks, &chunk->node);
}

static struct chunk *find(const struct ds_code *code, const char *path)
{
    uint64_t hash = ds_hash(ds_slice_of(path));
    for (struct ds_list *at = code->chunks.next; at != &code->chunks; at = at->next) {
        struct chunk *chunk = DS_OWNER(at, struct chunk, node);
        if (chunk->hash == hash && strcmp(chunk->path, path) == 0)
            return chunk;
    }
    return NULL;
}

int ds_code_load(struct ds_code *code, lua_State *lua, const char *path)
{
    if (code == NULL)
        return luaL_loadfilex(lua, path, "t");
    DS_CHECK(code, DS_CODE_MAGIC);
    const struct chunk *chunk = find(code, path);
    if (chunk != NULL)
        return luaL_loadbufferx(lua, chunk->bytes.at, chunk->bytes.len, path, "b");
    int status = luaL_loadfilex(lua, path, "t");
    if (status == LUA_OK)
        keep(code, lua, path);
    return status;
}

const char *ds_code_module(const struct ds_code *code, const char *module)
{
    if (code == NULL)
        return NULL;
    for (struct ds_list *at = code->chunks.next; at != &code->chunks; at = at->next) {
        const struct chunk *chunk = DS_OWNER(at, struct chunk, node);
        if (chunk->module != NULL && strcmp(chunk->module, module) == 0)
            return chunk->path;
    }
    return NULL;
}

void ds_code_name(struct ds_code *code, const char *path, const char *module)
{
    struct chunk *chunk = code == NULL ? NULL : find(code, path);
    if (chunk != NULL && chunk->module == NULL)
        chunk->module = strdup(module);
}

struct ds_start *ds_code_start(struct ds_code *code, enum ds_purpose purpose)
{
    return code == NULL ? NULL : &code->starts[purpose];
}
