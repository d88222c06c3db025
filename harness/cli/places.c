#include "cli_internal.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool has_lua(const char *root)
{
    char path[1200];
    snprintf(path, sizeof path, "%s/lua/ds/init.lua", root);
    return access(path, R_OK) == 0;
}

/* ../share/directsip beside the program: where an installed one keeps its files. */
static bool installed_root(char *out, size_t size)
{
    char program[900];
    ssize_t len = readlink("/proc/self/exe", program, sizeof program - 1);
    if (len <= 0)
        return false;
    program[len] = '\0';
    char *slash = strrchr(program, '/');
    if (slash == NULL)
        return false;
    *slash = '\0';
    snprintf(out, size, "%s/../share/directsip", program);
    return has_lua(out);
}

ds_rc ds_find_root(struct ds_context *context, struct ds_why *why)
{
    char installed[1024];
    const char *root =
        context->options.root != NULL ? context->options.root : getenv("DIRECTSIP_ROOT");
    if (root == NULL && has_lua("."))
        root = ".";
    if (root == NULL && installed_root(installed, sizeof installed))
        root = installed;
    if (root == NULL && has_lua(DS_SOURCE_ROOT))
        root = DS_SOURCE_ROOT;
    if (root == NULL || !has_lua(root))
        return ds_fail(
            why, DS_BAD,
            "cannot find lua/ds below '%s': name the folder with --root or DIRECTSIP_ROOT",
            root == NULL ? "." : root);
    context->root = ds_arena_copy(context->arena, ds_slice_of(root));
    snprintf(context->lua_root, sizeof context->lua_root, "%.1000s/lua", root);
    return context->root == NULL ? ds_fail_memory(why) : DS_OK;
}

const char *ds_report_folder(const struct ds_context *context)
{
    return context->options.report == NULL ? "reports/out" : context->options.report;
}

const char *ds_viewer_folder(const struct ds_context *context)
{
    return ds_arena_print(context->arena, "%s/reports/viewer", context->root);
}

ds_rc ds_find_topology(struct ds_context *context,
                       const char *name,
                       const char **path,
                       const char **variant,
                       struct ds_why *why)
{
    struct ds_slice rest = ds_slice_of(name), base;
    ds_slice_cut(&rest, ':', &base);
    *variant = rest.at == NULL ? NULL : ds_arena_copy(context->arena, rest);
    bool is_file = base.len > 4 && memcmp(base.at + base.len - 4, ".lua", 4) == 0;
    *path = is_file ? ds_arena_copy(context->arena, base)
                    : ds_arena_print(context->arena, "%s/topologies/%.*s.lua", context->root,
                                     DS_FMT(base));
    if (*path == NULL)
        return ds_fail_memory(why);
    if (access(*path, R_OK) != 0)
        return ds_fail(why, DS_BAD,
                       "there is no topology '%.*s' (%s): see directsip list topologies",
                       DS_FMT(base), *path);
    return DS_OK;
}

ds_rc ds_open_topology(struct ds_context *context,
                       const char *name,
                       const struct ds_topo **out,
                       struct ds_why *why)
{
    struct ds_topo_choice choice = {.bypass = -1};
    const char *path = NULL;
    ds_rc rc = ds_find_topology(context, name, &path, &choice.variant, why);
    if (rc == DS_OK)
        rc = ds_option_bypass(&context->options, &choice.bypass, why);
    return rc == DS_OK ? ds_kept_topology(context, path, &choice, out, why) : rc;
}

struct listing {
    struct ds_context *context;
    const char **names;
    size_t count, cap;
};

static ds_rc add_name(struct listing *listing, const char *name, struct ds_why *why)
{
    if (listing->count + 1 >= listing->cap) {
        size_t cap = listing->cap == 0 ? 64 : listing->cap * 2;
        const char **names = ds_arena_alloc(listing->context->arena, cap * sizeof(const char *));
        if (names == NULL)
            return ds_fail_memory(why);
        if (listing->count > 0)
            memcpy(names, listing->names, listing->count * sizeof(const char *));
        listing->names = names;
        listing->cap = cap;
    }
    listing->names[listing->count++] = name;
    return DS_OK;
}

/* One folder; its folders are put at the end of `folders`, so that no call is made from within
 * itself. */
static ds_rc read_folder(struct listing *files,
                         struct listing *folders,
                         const char *base,
                         const char *folder,
                         struct ds_why *why)
{
    struct ds_arena *arena = files->context->arena;
    ds_rc rc = DS_OK;
    DIR *directory = opendir(*folder == '\0' ? base : ds_arena_print(arena, "%s/%s", base, folder));
    if (directory == NULL)
        return ds_fail(why, DS_BAD, "cannot read %s/%s: %s", base, folder, strerror(errno));
    for (struct dirent *entry = readdir(directory); entry != NULL && rc == DS_OK;
         entry = readdir(directory)) {
        size_t len = strlen(entry->d_name);
        const char *slash = *folder == '\0' ? "" : "/";
        if (entry->d_name[0] == '.')
            continue;
        if (entry->d_type == DT_DIR)
            rc = add_name(folders, ds_arena_print(arena, "%s%s%s", folder, slash, entry->d_name),
                          why);
        else if (len > 4 && strcmp(entry->d_name + len - 4, ".lua") == 0)
            rc = add_name(
                files,
                ds_arena_print(arena, "%s%s%.*s", folder, slash, (int)len - 4, entry->d_name), why);
    }
    closedir(directory);
    return rc;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

ds_rc ds_list_files(struct ds_context *context,
                    const char *folder,
                    const char *const **out,
                    struct ds_why *why)
{
    struct listing files = {.context = context}, folders = {.context = context};
    const char *base = ds_arena_print(context->arena, "%s/%s", context->root, folder);
    ds_rc rc = base == NULL ? ds_fail_memory(why) : add_name(&folders, "", why);
    for (size_t i = 0; i < folders.count && rc == DS_OK; i++)
        rc = read_folder(&files, &folders, base, folders.names[i], why);
    if (rc == DS_OK)
        rc = add_name(&files, NULL, why);
    if (rc != DS_OK)
        return rc;
    ds_assert(files.names != NULL);
    qsort(files.names, files.count - 1, sizeof(const char *), by_name);
    *out = files.names;
    return DS_OK;
}

ds_rc ds_make_folders(const char *path, struct ds_why *why)
{
    char so_far[2048];
    if (!ds_slice_copy(ds_slice_of(path), so_far, sizeof so_far))
        return ds_fail(why, DS_BAD, "the path '%.100s…' is too long", path);
    for (char *at = so_far + 1;; at++) {
        char stop = *at;
        if (stop != '/' && stop != '\0')
            continue;
        *at = '\0';
        if (mkdir(so_far, 0777) != 0 && errno != EEXIST)
            return ds_fail(why, DS_IO, "cannot make the folder %s: %s", so_far, strerror(errno));
        *at = stop;
        if (stop == '\0')
            return DS_OK;
    }
}
