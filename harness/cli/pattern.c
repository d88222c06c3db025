#include "cli_internal.h"

#include <fnmatch.h>
#include <string.h>

/* Which runs a word of the command line means. */

bool ds_pattern_matches(const char *pattern, const char *id)
{
    if (strpbrk(pattern, "*?[") != NULL)
        return fnmatch(pattern, id, 0) == 0;
    return strstr(id, pattern) != NULL;
}

/* Behind a file's name may stand where and between whom: "x.lua@voip_only/ev_to_ev". */
static bool
is_of_file(const char *word, size_t path_len, const struct ds_scenario *scenario, const char *id)
{
    return strncmp(word, scenario->path, path_len) == 0 && scenario->path[path_len] == '\0' &&
           (word[path_len] == '\0' || strcmp(word + path_len, id + strlen(scenario->name)) == 0);
}

bool ds_is_chosen(const struct ds_options *options,
                  const struct ds_words *words,
                  const struct ds_scenario *scenario,
                  const char *id)
{
    bool chosen = options->word_count == 0;
    for (size_t i = 0; i < options->word_count && !chosen; i++) {
        const char *word = options->words[i];
        size_t path_len = ds_file_of(word).len;
        if (path_len > 0)
            chosen = is_of_file(word, path_len, scenario, id);
        else if (words->is_whole_id[i])
            chosen = strcmp(word, id) == 0;
        else
            chosen = ds_pattern_matches(word, id);
    }
    return chosen;
}

bool ds_find_whole_ids(const struct ds_options *options,
                       const struct ds_plan *plan,
                       struct ds_words *words)
{
    bool found = false;
    for (size_t i = 0; i < options->word_count; i++) {
        for (size_t k = 0; k < plan->count && !words->is_whole_id[i]; k++)
            words->is_whole_id[i] = strcmp(options->words[i], plan->runs[k].id) == 0;
        found |= words->is_whole_id[i];
    }
    return found;
}
