#include "fault_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One line into one fault, a word at a time. */

#define MOST_WORDS   64
#define MOST_TIME_US (86400 * DS_S)
#define MOST_NUMBER  1000000000u

enum takes { NOTHING, DATAGRAMS, ANYTHING };

struct kind {
    const char *word;
    size_t elements;
    const char *amount;
    bool filtered;
    enum takes on_sockets;
    const char *usage;
};

#define FAULT(constant, word, elements, amount, filtered, on_sockets, usage)                       \
    [DS_FAULT_##constant] = {word, elements, amount, filtered, on_sockets, usage},
static const struct kind kinds[] = {
#include "faults.def"
};
#undef FAULT

struct reader {
    const struct ds_net_options *options;
    struct ds_fault *fault;
    struct ds_slice words[MOST_WORDS];
    size_t count, at;
    struct ds_why *why;
};

static ds_rc split(struct reader *reader)
{
    struct ds_slice rest = ds_slice_trim(ds_slice_of(reader->fault->line)), word;
    while (ds_slice_cut(&rest, ' ', &word)) {
        if (word.len == 0)
            continue;
        if (reader->count == MOST_WORDS)
            return ds_fail(reader->why, DS_BAD, "it has more than %d words", MOST_WORDS);
        reader->words[reader->count++] = word;
    }
    return DS_OK;
}

static bool is_next(const struct reader *reader, const char *word)
{
    return reader->at < reader->count &&
           ds_slice_equal(reader->words[reader->at], ds_slice_of(word));
}

static bool skip(struct reader *reader, const char *word)
{
    bool found = is_next(reader, word);
    reader->at += found;
    return found;
}

static struct ds_slice take(struct reader *reader)
{
    return reader->at < reader->count ? reader->words[reader->at++] : DS_LITERAL("");
}

/* ---- values ---- */

/* "1.5" and its unit; false where there is no number in front. */
static bool read_decimal(struct ds_slice text, double *number, struct ds_slice *unit)
{
    char copy[32], *end = NULL;
    size_t digits = 0;
    while (digits < text.len && strchr("0123456789.", text.at[digits]) != NULL)
        digits++;
    if (digits == 0 || !ds_slice_copy((struct ds_slice){text.at, digits}, copy, sizeof copy))
        return false;
    *number = strtod(copy, &end);
    *unit = ds_slice_from(text, digits);
    return *end == '\0';
}

static ds_rc read_time(struct reader *reader, const char *what, ds_us *out)
{
    static const struct {
        const char *unit;
        ds_us us;
    } units[] = {{"us", 1}, {"ms", DS_MS}, {"s", DS_S}};
    struct ds_slice text = take(reader), unit = {"", 0};
    double number = 0;
    bool fine = read_decimal(text, &number, &unit);
    for (size_t i = 0; fine && i < DS_COUNT(units); i++) {
        double us = number * (double)units[i].us;
        if (!ds_slice_equal(unit, ds_slice_of(units[i].unit)) || us > (double)MOST_TIME_US)
            continue;
        *out = (ds_us)(us + 0.5);
        return DS_OK;
    }
    return ds_fail(reader->why, DS_BAD,
                   "%s is a time of at most a day, such as 250us, 40ms or 1.5s, not '%.*s'", what,
                   DS_FMT(text));
}

static ds_rc read_number(struct reader *reader, uint64_t *out)
{
    struct ds_slice text = take(reader);
    if (ds_slice_number(text, MOST_NUMBER, out) == DS_OK && *out > 0)
        return DS_OK;
    return ds_fail(reader->why, DS_BAD, "it takes a number from 1 to %u, not '%.*s'", MOST_NUMBER,
                   DS_FMT(text));
}

/* "5%" of the packets, "#3": the third; all of them where neither is written. */
static ds_rc read_share(struct reader *reader)
{
    struct ds_fault *fault = reader->fault;
    struct ds_slice text = reader->at < reader->count ? reader->words[reader->at] : DS_LITERAL("");
    struct ds_slice unit = {"", 0};
    double percent = 0;
    if (ds_slice_starts(text, DS_LITERAL("#"))) {
        reader->words[reader->at] = ds_slice_from(text, 1);
        return read_number(reader, &fault->nth);
    }
    if (text.len == 0 || strchr("0123456789.", text.at[0]) == NULL)
        return DS_OK;
    reader->at++;
    if (!read_decimal(text, &percent, &unit) || !ds_slice_equal(unit, DS_LITERAL("%")) ||
        percent <= 0 || percent > 100)
        return ds_fail(reader->why, DS_BAD,
                       "'%.*s' is no share of the packets: write a percentage above 0 and up to "
                       "100%%, or #3 for the third",
                       DS_FMT(text));
    fault->share = percent / 100;
    return DS_OK;
}

static ds_rc read_amount(struct reader *reader, char what)
{
    struct ds_fault *fault = reader->fault;
    switch (what) {
    case 's':
        return read_share(reader);
    case 't':
        return read_time(reader, "it", &fault->time_us);
    case 'j':
        return skip(reader, "jitter") ? read_time(reader, "jitter", &fault->jitter_us) : DS_OK;
    case 'b':
        if (skip(reader, "by"))
            return read_time(reader, "'by'", &fault->time_us);
        return ds_fail(reader->why, DS_BAD, "it says by how much: by 30ms");
    default:
        return read_number(reader, &fault->number);
    }
}

/* ---- elements ---- */

static ds_rc unknown_element(const struct reader *reader, struct ds_slice name)
{
    struct ds_buf names = {0};
    for (size_t i = 0; i < reader->options->name_count; i++)
        ds_buf_print(&names, "%s%s", i == 0 ? "" : ", ", reader->options->names[i].name);
    ds_rc rc = ds_fail(reader->why, DS_BAD, "there is no element '%.*s'; there are: %s",
                       DS_FMT(name), names.at == NULL ? "none" : names.at);
    ds_buf_clean_up(&names);
    return rc;
}

/* A name, or two with a hyphen between them; names may have hyphens too. */
static ds_rc read_elements(struct reader *reader, size_t most)
{
    struct ds_fault *fault = reader->fault;
    struct ds_slice text = take(reader);
    const struct ds_pcap_name *whole = ds_fault_element(reader->options, text);
    if (whole != NULL) {
        fault->ends[fault->end_count++] = whole->at;
        return DS_OK;
    }
    for (size_t i = 1; most == 2 && i + 1 < text.len; i++) {
        const struct ds_pcap_name *a, *b;
        if (text.at[i] != '-')
            continue;
        a = ds_fault_element(reader->options, (struct ds_slice){text.at, i});
        b = ds_fault_element(reader->options, ds_slice_from(text, i + 1));
        if (a == NULL || b == NULL)
            continue;
        fault->ends[0] = a->at;
        fault->ends[1] = b->at;
        fault->end_count = 2;
        return DS_OK;
    }
    return unknown_element(reader, text);
}

/* ---- the line ---- */

static bool ends_filter(const struct reader *reader)
{
    return reader->at == reader->count || is_next(reader, "at") || is_next(reader, "for");
}

/* libpcap refuses a filter that nothing can meet. */
static bool spares_tcp(const struct ds_net_options *options, struct ds_slice text)
{
    char both[DS_FAULT_MOST_TEXT + 16];
    struct ds_filter *filter = NULL;
    snprintf(both, sizeof both, "tcp and (%.*s)", DS_FMT(text));
    bool spares = ds_fault_filter(options, ds_slice_of(both), &filter, NULL) == DS_BAD;
    ds_filter_free(&filter);
    return spares;
}

static ds_rc read_filter(struct reader *reader)
{
    struct ds_slice first = reader->at < reader->count ? reader->words[reader->at] : DS_LITERAL("");
    struct ds_slice last = {first.at, 0};
    while (!ends_filter(reader))
        last = take(reader);
    struct ds_slice text = {first.at, (size_t)(last.at + last.len - first.at)};
    if (text.len == 0)
        return ds_fail(reader->why, DS_BAD,
                       "'of' is followed by a packet filter: of udp port 5060");
    ds_rc rc = ds_fault_filter(reader->options, text, &reader->fault->filter, reader->why);
    if (rc == DS_OK)
        reader->fault->spares_tcp = spares_tcp(reader->options, text);
    return rc;
}

static ds_rc read_when(struct reader *reader)
{
    ds_rc rc = DS_OK;
    bool has_at = false, has_for = false;
    while (rc == DS_OK && reader->at < reader->count) {
        if (!has_at && (has_at = skip(reader, "at")))
            rc = read_time(reader, "'at'", &reader->fault->at);
        else if (!has_for && (has_for = skip(reader, "for")))
            rc = read_time(reader, "'for'", &reader->fault->lasts);
        else
            return ds_fail(reader->why, DS_BAD, "'%.*s' makes no sense there; it is written so: %s",
                           DS_FMT(reader->words[reader->at]), kinds[reader->fault->kind].usage);
    }
    return rc;
}

static ds_rc read_kind(struct reader *reader)
{
    struct ds_slice word = take(reader);
    struct ds_buf words = {0};
    for (size_t i = 0; i < DS_COUNT(kinds); i++) {
        reader->fault->kind = (enum ds_fault_kind)i;
        if (ds_slice_equal(word, ds_slice_of(kinds[i].word)))
            return DS_OK;
    }
    for (size_t i = 0; i < DS_COUNT(kinds); i++)
        ds_buf_print(&words, "%s%s", i == 0 ? "" : ", ", kinds[i].word);
    ds_rc rc =
        ds_fail(reader->why, DS_BAD, "it begins with one of: %s", words.at == NULL ? "" : words.at);
    ds_buf_clean_up(&words);
    return rc;
}

static ds_rc read_line(struct reader *reader)
{
    ds_rc rc = split(reader);
    if (rc == DS_OK)
        rc = read_kind(reader);
    if (rc != DS_OK)
        return rc;
    const struct kind *kind = &kinds[reader->fault->kind];
    if (kind->elements > 0)
        rc = read_elements(reader, kind->elements);
    for (const char *what = kind->amount; rc == DS_OK && *what != '\0'; what++)
        rc = read_amount(reader, *what);
    if (rc == DS_OK && kind->filtered && skip(reader, "of"))
        rc = read_filter(reader);
    return rc == DS_OK ? read_when(reader) : rc;
}

ds_rc ds_fault_read(const struct ds_net_options *options,
                    struct ds_fault *fault,
                    struct ds_why *why)
{
    struct ds_why reason = {""};
    struct reader reader = {.options = options, .fault = fault, .why = &reason};
    fault->share = 1;
    ds_rc rc = read_line(&reader);
    return rc == DS_OK ? DS_OK
                       : ds_fail(why, rc, "the fault '%.120s': %.180s", fault->line, reason.text);
}

ds_rc ds_fault_check_sockets(const struct ds_fault *fault, struct ds_why *why)
{
    switch (kinds[fault->kind].on_sockets) {
    case ANYTHING:
        return DS_OK;
    case DATAGRAMS:
        return fault->spares_tcp
                   ? DS_OK
                   : ds_fail(why, DS_BAD,
                             "the fault '%.120s' would take TCP segments too, which the kernel "
                             "brings all the same: say 'of udp', or run with --world sim",
                             fault->line);
    case NOTHING:
        break;
    }
    return ds_fail(why, DS_BAD,
                   "the fault '%.120s' needs the simulated world: run with --world sim",
                   fault->line);
}
