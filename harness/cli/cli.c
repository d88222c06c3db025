#include "cli_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

int ds_say(int status, const char *fmt, ...)
{
    char text[2048];
    struct ds_buf safe = {0};
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    ds_print_safe(&safe, ds_slice_of(text));
    fprintf(stderr, "directsip: %s\n", safe.at == NULL ? "" : safe.at);
    ds_buf_clean_up(&safe);
    return status;
}

const char *ds_version(void)
{
    return DS_VERSION;
}

/* no-color.org, and the older CLICOLOR pair. */
static bool wants_colour(const char *choice, int fd)
{
    const char *forced = getenv("CLICOLOR_FORCE"), *plain = getenv("CLICOLOR"),
               *none = getenv("NO_COLOR"), *term = getenv("TERM");
    if (choice != NULL && strcmp(choice, "auto") != 0)
        return strcmp(choice, "always") == 0;
    if (none != NULL && none[0] != '\0')
        return false;
    if (forced != NULL && strcmp(forced, "0") != 0)
        return true;
    bool dumb =
        term == NULL || strcmp(term, "dumb") == 0 || (plain != NULL && strcmp(plain, "0") == 0);
    return isatty(fd) && !dumb;
}

/* A pipe has no width: nothing is cut there. */
static size_t width_of(int fd)
{
    struct winsize size;
    if (!isatty(fd))
        return 0;
    if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    return 80;
}

static ds_rc prepare(struct ds_context *context, struct ds_why *why)
{
    const char *color = context->options.color;
    if (color != NULL && strcmp(color, "auto") != 0 && strcmp(color, "always") != 0 &&
        strcmp(color, "never") != 0)
        return ds_fail(why, DS_BAD, "--color is auto, always or never, not '%s'", color);
    int verbosity = context->options.quiet != NULL ? -1 : context->options.verbose != NULL ? 1 : 0;
    context->out = (struct ds_terminal){.colour = wants_colour(color, STDOUT_FILENO),
                                        .width = width_of(STDOUT_FILENO),
                                        .verbosity = verbosity};
    context->err = (struct ds_terminal){.colour = wants_colour(color, STDERR_FILENO),
                                        .width = width_of(STDERR_FILENO),
                                        .verbosity = verbosity};
    context->err_is_terminal = context->err.width > 0;
    if (ds_arena_new(&context->arena) != DS_OK)
        return ds_fail_memory(why);
    return ds_find_root(context, why);
}

struct verb {
    const char *word;
    ds_cmd_fn *run;
};

#define VERB(word, function, arguments, sentence) {word, function},
static const struct verb verbs[] = {
#include "verbs.def"
};
#undef VERB

static const struct verb *find_verb(const char *word)
{
    for (size_t i = 0; i < DS_COUNT(verbs); i++)
        if (strcmp(verbs[i].word, word) == 0)
            return &verbs[i];
    return NULL;
}

static int run_verb(const struct verb *verb, int argc, char **argv)
{
    struct ds_context context = {.verb = verb->word};
    struct ds_why why;
    if (ds_options_read(verb->word, argc, argv, &context.options, &why) != DS_OK)
        return ds_say(DS_EXIT_USAGE, "%s; see directsip help %s", why.text, verb->word);
    if (context.options.help) {
        ds_print_help(&context, verb->word);
        return DS_EXIT_PASS;
    }
    if (prepare(&context, &why) != DS_OK) {
        ds_arena_free(&context.arena);
        return ds_say(DS_EXIT_USAGE, "%s", why.text);
    }
    int status = verb->run(&context);
    ds_arena_free(&context.arena);
    if (fflush(stdout) != 0 && status == DS_EXIT_PASS)
        status = ds_say(DS_EXIT_HARNESS, "what was printed could not be written whole");
    return status;
}

int ds_cli_main(int argc, char **argv)
{
    const char *word = argc > 1 ? argv[1] : "help";
    if (strcmp(word, "-h") == 0 || strcmp(word, "--help") == 0)
        word = "help";
    if (strcmp(word, "-V") == 0 || strcmp(word, "--version") == 0 || strcmp(word, "version") == 0) {
        printf("directsip %s\n", ds_version());
        return DS_EXIT_PASS;
    }
    const struct verb *verb = find_verb(word);
    if (verb == NULL)
        return ds_say(DS_EXIT_USAGE, "there is no verb '%s': see directsip help", word);
    ds_memory_prepare();
    return run_verb(verb, argc > 1 ? argc - 2 : 0, argv + (argc > 1 ? 2 : 1));
}
