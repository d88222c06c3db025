#include "cli_internal.h"

#include <stdio.h>
#include <string.h>

struct verb_help {
    const char *word, *arguments, *sentence;
};

#define VERB(word, function, arguments, sentence) {word, arguments, sentence},
static const struct verb_help verbs[] = {
#include "verbs.def"
};
#undef VERB

struct option_help {
    const char *name;
    char letter;
    const char *argument, *verbs, *sentence;
};

#define OPTION(field, name, letter, argument, verbs, sentence)                                     \
    {name, letter, argument, verbs, sentence},
static const struct option_help options[] = {
#include "options.def"
};
#undef OPTION

struct status_help {
    int number;
    const char *meaning;
};

#define EXIT_STATUS(name, number, meaning) {number, meaning},
static const struct status_help statuses[] = {
#include "exit_status.def"
};
#undef EXIT_STATUS

static void print_statuses(void)
{
    printf("\nExit status\n");
    for (size_t i = 0; i < DS_COUNT(statuses); i++)
        printf("  %3d  %s\n", statuses[i].number, statuses[i].meaning);
}

static void print_options(const char *verb)
{
    printf("\nOptions\n");
    for (size_t i = 0; i < DS_COUNT(options); i++) {
        char spelled[64], letter[8] = "";
        if (!ds_option_is_for(options[i].verbs, verb))
            continue;
        if (options[i].letter != '\0')
            snprintf(letter, sizeof letter, "-%c, ", options[i].letter);
        snprintf(spelled, sizeof spelled, "%s--%s%s%s", letter, options[i].name,
                 options[i].argument == NULL ? "" : " ",
                 options[i].argument == NULL ? "" : options[i].argument);
        printf("  %-28s %s\n", spelled, options[i].sentence);
    }
}

static void print_overview(void)
{
    printf("directsip: a test and conformance harness for Direct SIP voice deployments\n\n");
    printf("Usage: directsip VERB [options] [words]\n\nVerbs\n");
    for (size_t i = 0; i < DS_COUNT(verbs); i++)
        printf("  %-8s %s\n", verbs[i].word, verbs[i].sentence);
    printf("\n`directsip help VERB` explains one of them. A first try: directsip run calls/busy\n");
    print_statuses();
}

void ds_print_help(const struct ds_context *context, const char *verb)
{
    (void)context;
    for (size_t i = 0; i < DS_COUNT(verbs); i++) {
        if (strcmp(verbs[i].word, verb) != 0)
            continue;
        printf("directsip %s %s\n\n%s.\n", verb, verbs[i].arguments, verbs[i].sentence);
        print_options(verb);
        print_statuses();
    }
}

int ds_cmd_help(struct ds_context *context)
{
    const char *verb = context->options.word_count > 0 ? context->options.words[0] : NULL;
    if (verb == NULL) {
        print_overview();
        return DS_EXIT_PASS;
    }
    for (size_t i = 0; i < DS_COUNT(verbs); i++) {
        if (strcmp(verbs[i].word, verb) == 0) {
            ds_print_help(context, verb);
            return DS_EXIT_PASS;
        }
    }
    return ds_say(DS_EXIT_USAGE, "there is no verb '%s': see directsip help", verb);
}
