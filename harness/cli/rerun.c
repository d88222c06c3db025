#include "cli_internal.h"

#include <string.h>

/* One command line, for a shell, that does a run again and nothing else. */

/* Within quotes wherever a shell might see more in it than the word it is. */
static void print_word(struct ds_buf *out, const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "_-+./:,";
    if (word[0] != '\0' && word[strspn(word, plain)] == '\0') {
        ds_buf_text(out, word);
        return;
    }
    ds_buf_text(out, "'");
    for (; *word != '\0'; word++)
        if (*word == '\'')
            ds_buf_text(out, "'\\''");
        else
            ds_buf_add(out, (struct ds_slice){word, 1});
    ds_buf_text(out, "'");
}

static void print_option(struct ds_buf *out, const char *option, const char *value)
{
    if (value == NULL)
        return;
    ds_buf_print(out, " --%s ", option);
    print_word(out, value);
}

/* A scenario that was named by its file is named so again. */
static void
print_name(struct ds_buf *out, const struct ds_options *options, const struct ds_planned *planned)
{
    const char *path = planned->scenario->path, *name = planned->scenario->name;
    struct ds_buf word = {0};
    bool by_file = false;
    for (size_t i = 0; i < options->word_count && !by_file; i++)
        by_file = ds_slice_equal(ds_file_of(options->words[i]), ds_slice_of(path));
    if (by_file)
        ds_buf_print(&word, "%s%s", path, planned->id + strlen(name));
    else
        ds_buf_text(&word, planned->id);
    print_word(out, word.at == NULL ? "" : word.at);
    out->broken |= word.broken;
    ds_buf_clean_up(&word);
}

/* Of a run that explore drew: it draws the same again. */
static void print_exploration(struct ds_buf *out, const struct ds_options *options)
{
    if (options->orders == NULL) {
        ds_buf_text(out, " --seeds 1");
        return;
    }
    ds_buf_text(out, " --orders");
    print_option(out, "seeds", options->seeds);
}

char *ds_rerun_command(const struct ds_context *context,
                       const struct ds_planned *planned,
                       const char *world)
{
    const struct ds_options *options = &context->options;
    struct ds_buf text = {0};
    bool explores = planned->in_any_weather || planned->comes_to_rest;
    ds_buf_print(&text, "directsip %s ", explores ? "explore" : "run");
    print_name(&text, options, planned);
    ds_buf_print(&text, " --seed %llu", (unsigned long long)planned->seed);
    print_option(&text, "topology", options->topology);
    print_option(&text, "bypass", options->bypass);
    if (explores)
        print_exploration(&text, options);
    else if (strcmp(world, ds_world_kind_name(DS_WORLD_LOOPBACK)) != 0)
        print_option(&text, "world", world);
    if (options->share != NULL)
        ds_buf_text(&text, " --share-loopback");
    if (options->real_time != NULL)
        ds_buf_text(&text, " --real-time");
    for (size_t i = 0; i < options->defect_count; i++)
        print_option(&text, "defect", options->defects[i]);
    print_option(&text, "defect", planned->defect);
    for (size_t i = 0; i < options->fault_count; i++)
        print_option(&text, "fault", options->faults[i]);
    print_option(&text, "root", options->root);
    return text.broken ? NULL : text.at;
}
