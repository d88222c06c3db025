#include "script_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define PROGRAM    "ds.core.Program"
#define MOST_WORDS 64

extern char **environ;

/* A program that a scenario started, in the run's own network. Ended at the latest with the
 * scenario. */
struct l_program {
    pid_t pid; /* 0 once it has ended */
    int status;
};

static struct l_program *check_program(lua_State *lua)
{
    return luaL_checkudata(lua, 1, PROGRAM);
}

/* The words of argv, borrowed from the table at index 1; ended by NULL. */
static void read_words(lua_State *lua, const char *words[MOST_WORDS + 1])
{
    luaL_checktype(lua, 1, LUA_TTABLE);
    lua_Unsigned count = lua_rawlen(lua, 1);
    luaL_argcheck(lua, count > 0 && count <= MOST_WORDS, 1,
                  "a program and its arguments, 64 words at most");
    for (lua_Unsigned i = 0; i < count; i++) {
        lua_rawgeti(lua, 1, (lua_Integer)i + 1);
        const char *word = lua_tostring(lua, -1);
        luaL_argcheck(lua, word != NULL, 1, "words are strings");
        words[i] = word;
    }
    words[count] = NULL;
}

/* The child's signals are its own again, and it neither reads our terminal nor writes to it. */
static int spawn(struct l_program *program, const char *const words[])
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    sigset_t none;
    sigemptyset(&none);
    posix_spawn_file_actions_init(&files);
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);

    /* Its prototype is older than const; it writes to no word (POSIX, rationale of exec). */
    union {
        const char *const *ours;
        char *const *theirs;
    } argv = {.ours = words};

    int trouble = posix_spawnp(&program->pid, words[0], &files, &attributes, argv.theirs, environ);
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
    return trouble;
}

int ds_l_program(lua_State *lua)
{
    const char *words[MOST_WORDS + 1] = {NULL};
    struct ds_why why;
    read_words(lua, words);
    if (ds_world_kind(ds_script_of(lua)->world) == DS_WORLD_SIM) {
        ds_fail(&why, DS_STATE,
                "this run needs %s, a program that lives on real sockets: run it with --world "
                "loopback",
                words[0]);
        return ds_l_refuse(lua, &why);
    }
    ds_world_has_guests(ds_script_of(lua)->world);
    struct l_program *program = lua_newuserdatauv(lua, sizeof *program, 0);
    *program = (struct l_program){0};
    luaL_setmetatable(lua, PROGRAM);
    ds_script_of(lua)->has_finalizers = true;
    int trouble = words[0] == NULL ? EINVAL : spawn(program, words);
    if (trouble == 0)
        return 1;
    program->pid = 0;
    ds_fail(&why, DS_IO, "this run needs %s: %s", words[0], strerror(trouble));
    return ds_l_refuse(lua, &why);
}

/* The exit status once it has ended; nil while it runs. A signal counts as 128 and its number, as
 * in a shell. */
static int l_exited(lua_State *lua)
{
    struct l_program *program = check_program(lua);
    int status;
    if (program->pid != 0 && waitpid(program->pid, &status, WNOHANG) == program->pid) {
        program->pid = 0;
        program->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
    if (program->pid != 0)
        lua_pushnil(lua);
    else
        lua_pushinteger(lua, program->status);
    return 1;
}

static int l_stop(lua_State *lua)
{
    struct l_program *program = check_program(lua);
    if (program->pid == 0)
        return 0;
    kill(program->pid, SIGKILL);
    while (waitpid(program->pid, NULL, 0) < 0 && errno == EINTR)
        continue;
    program->pid = 0;
    program->status = 128 + SIGKILL;
    return 0;
}

void ds_bind_program(lua_State *lua)
{
    static const luaL_Reg methods[] = {
        {"exited", l_exited}, {"stop", l_stop}, {"__gc", l_stop}, {"__close", l_stop}, {NULL, NULL},
    };
    luaL_newmetatable(lua, PROGRAM);
    luaL_setfuncs(lua, methods, 0);
    lua_pushvalue(lua, -1);
    lua_setfield(lua, -2, "__index");
    lua_pop(lua, 1);
}
