#include "cli_internal.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

struct option {
    const char *name;
    char letter;
    const char *argument, *verbs;
    size_t field;
};

#define OPTION(field, name, letter, argument, verbs, sentence)                                     \
    {name, letter, argument, verbs, offsetof(struct ds_options, field)},
static const struct option options[] = {
#include "options.def"
};
#undef OPTION

bool ds_option_is_for(const char *verbs, const char *verb)
{
    struct ds_slice rest = ds_slice_of(verbs), word;
    while (ds_slice_cut(&rest, ' ', &word))
        if (ds_slice_equal(word, DS_LITERAL("*")) || ds_slice_starts(ds_slice_of(verb), word))
            return true;
    return false;
}

static const struct option *find_long(struct ds_slice name)
{
    for (size_t i = 0; i < DS_COUNT(options); i++)
        if (ds_slice_equal(ds_slice_of(options[i].name), name))
            return &options[i];
    return NULL;
}

/* A letter may stand for one thing in one verb, and for another in another. */
static const struct option *find_letter(char letter, const char *verb)
{
    for (size_t i = 0; i < DS_COUNT(options); i++)
        if (options[i].letter == letter && letter != '\0' &&
            ds_option_is_for(options[i].verbs, verb))
            return &options[i];
    return NULL;
}

static ds_rc
set(struct ds_options *out, const struct option *option, const char *value, struct ds_why *why)
{
    *(const char **)(void *)((char *)out + option->field) = value;
    if (option->field == offsetof(struct ds_options, defect)) {
        if (out->defect_count == DS_COUNT(out->defects))
            return ds_fail(why, DS_BAD, "%zu defects at once are enough", DS_COUNT(out->defects));
        out->defects[out->defect_count++] = value;
    } else if (option->field == offsetof(struct ds_options, fault)) {
        if (out->fault_count == MOST_FAULTS)
            return ds_fail(why, DS_BAD, "%zu faults at once are enough", MOST_FAULTS);
        out->faults[out->fault_count++] = value;
    }
    return DS_OK;
}

struct reader {
    const char *verb;
    int argc, at;
    char **argv;
    struct ds_options *out;
};

/* `inlined` is the text after "=" or the letter; NULL where there is none. */
static ds_rc take(struct reader *reader,
                  const struct option *option,
                  const char *word,
                  const char *inlined,
                  struct ds_why *why)
{
    if (option == NULL || !ds_option_is_for(option->verbs, reader->verb))
        return ds_fail(why, DS_BAD, "directsip %s has no option '%s'", reader->verb, word);
    if (option->argument == NULL) {
        if (inlined != NULL)
            return ds_fail(why, DS_BAD, "--%s takes no argument", option->name);
        return set(reader->out, option, "yes", why);
    }
    if (inlined == NULL && reader->at + 1 >= reader->argc)
        return ds_fail(why, DS_BAD, "--%s wants %s after it", option->name, option->argument);
    return set(reader->out, option, inlined != NULL ? inlined : reader->argv[++reader->at], why);
}

static ds_rc take_long(struct reader *reader, const char *word, struct ds_why *why)
{
    struct ds_slice rest = ds_slice_of(word + 2), name;
    bool has_value = strchr(word, '=') != NULL;
    ds_slice_cut(&rest, '=', &name);
    return take(reader, find_long(name), word, has_value ? strchr(word, '=') + 1 : NULL, why);
}

static ds_rc take_word(struct reader *reader, const char *word, struct ds_why *why)
{
    if (reader->out->word_count == MOST_WORDS)
        return ds_fail(why, DS_BAD, "%d words are too many", MOST_WORDS);
    reader->out->words[reader->out->word_count++] = word;
    return DS_OK;
}

ds_rc ds_options_read(const char *verb,
                      int argc,
                      char **argv,
                      struct ds_options *out,
                      struct ds_why *why)
{
    struct reader reader = {.verb = verb, .argc = argc, .argv = argv, .out = out};
    bool ended = false;
    ds_rc rc = DS_OK;
    for (; reader.at < argc && rc == DS_OK; reader.at++) {
        const char *word = argv[reader.at];
        if (ended || word[0] != '-' || word[1] == '\0')
            rc = take_word(&reader, word, why);
        else if (strcmp(word, "--") == 0)
            ended = true;
        else if (strcmp(word, "-h") == 0 || strcmp(word, "--help") == 0)
            out->help = true;
        else if (word[1] == '-')
            rc = take_long(&reader, word, why);
        else
            rc = take(&reader, find_letter(word[1], verb), word, word[2] == '\0' ? NULL : word + 2,
                      why);
    }
    return rc;
}

ds_rc ds_option_number(const char *text,
                       const char *what,
                       uint64_t most,
                       uint64_t *out,
                       struct ds_why *why)
{
    if (ds_slice_number(ds_slice_of(text), most, out) != DS_OK)
        return ds_fail(why, DS_BAD, "%s is a number up to %llu, not '%s'", what,
                       (unsigned long long)most, text);
    return DS_OK;
}

ds_rc ds_option_jobs(const struct ds_options *read, uint64_t *out, struct ds_why *why)
{
    *out = 0;
    if (read->jobs == NULL)
        return DS_OK;
    ds_rc rc = ds_option_number(read->jobs, "-j", 256, out, why);
    if (rc == DS_OK && *out == 0)
        rc = ds_fail(why, DS_BAD, "-j is at least 1");
    return rc;
}

ds_rc ds_option_bypass(const struct ds_options *read, int *out, struct ds_why *why)
{
    *out = read->bypass == NULL ? -1 : strcmp(read->bypass, "on") == 0;
    if (*out == 0 && strcmp(read->bypass, "off") != 0)
        return ds_fail(why, DS_BAD, "--bypass is on or off, not '%s'", read->bypass);
    return DS_OK;
}

/* "defect" becomes "role:defect"; anything that is no misbehaviour of ours is refused. */
ds_rc ds_option_defects(struct ds_context *context, struct ds_why *why)
{
    size_t count;
    const struct ds_defect *known = ds_defects(&count);
    for (size_t i = 0; i < context->options.defect_count; i++) {
        const char *given = context->options.defects[i], *colon = strchr(given, ':');
        const char *name = colon == NULL ? given : colon + 1;
        const struct ds_defect *found = NULL;
        for (size_t k = 0; k < count && found == NULL; k++)
            if (strcmp(known[k].name, name) == 0)
                found = &known[k];
        if (found == NULL)
            return ds_fail(why, DS_BAD, "there is no defect '%s': see directsip list defects",
                           name);
        if (colon == NULL)
            context->options.defects[i] =
                ds_arena_print(context->arena, "%s:%s", ds_role_name(found->role), found->name);
    }
    return DS_OK;
}
