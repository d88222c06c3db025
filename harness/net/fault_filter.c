#include "fault_internal.h"

#include <ctype.h>
#include <string.h>

/*
 * Names of elements become addresses, and libpcap gets to see no word that it does not know: it
 * would take it for a host, and ask the machine's resolver. Words are cut where its own scanner
 * cuts them, so a hyphen is part of one.
 */

static const char *const keywords[] = {
    "and",     "or",       "not",       "host",      "net",      "mask",    "port",    "portrange",
    "src",     "dst",      "ip",        "ip6",       "tcp",      "udp",     "icmp",    "proto",
    "ether",   "arp",      "len",       "less",      "greater",  "tcp-syn", "tcp-ack", "tcp-fin",
    "tcp-rst", "tcp-push", "broadcast", "multicast", "tcpflags",
};

static const char punctuation[] = " ()[]<>=!&|+-*/:";

static bool is_keyword(struct ds_slice word)
{
    for (size_t i = 0; i < DS_COUNT(keywords); i++)
        if (ds_slice_equal(word, ds_slice_of(keywords[i])))
            return true;
    return false;
}

/* Decimal digits; with "0x" before them hexadecimal ones. */
static bool is_number(struct ds_slice word)
{
    bool hex = ds_slice_starts(word, DS_LITERAL("0x"));
    struct ds_slice digits = ds_slice_from(word, hex ? 2 : 0);
    for (size_t i = 0; i < digits.len; i++)
        if (hex ? !isxdigit((unsigned char)digits.at[i]) : !isdigit((unsigned char)digits.at[i]))
            return false;
    return digits.len > 0;
}

/* "5060", "5060-5070", "127.0.10.0": numbers, at most so many, with that character between. */
static bool are_numbers(struct ds_slice word, char between, size_t most)
{
    struct ds_slice rest = word, part;
    size_t count = 0;
    while (ds_slice_cut(&rest, between, &part))
        if (!is_number(part) || ++count > most)
            return false;
    return count > 0;
}

const struct ds_pcap_name *ds_fault_element(const struct ds_net_options *options,
                                            struct ds_slice name)
{
    for (size_t i = 0; i < options->name_count; i++)
        if (ds_slice_equal(name, ds_slice_of(options->names[i].name)))
            return &options->names[i];
    return NULL;
}

static bool begins_word(char character)
{
    return isalnum((unsigned char)character) != 0 || character == '_' || character == '.';
}

static struct ds_slice cut_word(struct ds_slice *rest)
{
    size_t len = 0;
    while (len < rest->len && (begins_word(rest->at[len]) || rest->at[len] == '-'))
        len++;
    struct ds_slice word = {rest->at, len};
    *rest = ds_slice_from(*rest, len);
    return word;
}

/* What libpcap knows means what it means there, even where an element has that name. */
static ds_rc add_word(const struct ds_net_options *options,
                      struct ds_slice word,
                      struct ds_buf *out,
                      struct ds_why *why)
{
    const struct ds_pcap_name *element = ds_fault_element(options, word);
    if (is_keyword(word) || are_numbers(word, '.', 4) || are_numbers(word, '-', 2))
        ds_buf_add(out, word);
    else if (element != NULL)
        ds_buf_text(out, ds_addr_ip_text(element->at).text);
    else
        return ds_fail(why, DS_BAD,
                       "'%.*s' in its filter is neither an element of this topology nor a word of "
                       "libpcap's filters",
                       DS_FMT(word));
    return DS_OK;
}

static ds_rc translate(const struct ds_net_options *options,
                       struct ds_slice text,
                       struct ds_buf *out,
                       struct ds_why *why)
{
    ds_rc rc = DS_OK;
    for (struct ds_slice rest = text; rest.len > 0 && rc == DS_OK;) {
        if (begins_word(rest.at[0])) {
            rc = add_word(options, cut_word(&rest), out, why);
        } else if (strchr(punctuation, rest.at[0]) != NULL) {
            ds_buf_add(out, (struct ds_slice){rest.at, 1});
            rest = ds_slice_from(rest, 1);
        } else {
            rc = ds_fail(why, DS_BAD, "'%c' has no place in a filter", rest.at[0]);
        }
    }
    return rc == DS_OK && out->broken ? ds_fail_memory(why) : rc;
}

ds_rc ds_fault_filter(const struct ds_net_options *options,
                      struct ds_slice text,
                      struct ds_filter **out,
                      struct ds_why *why)
{
    struct ds_buf translated = {0};
    ds_rc rc = translate(options, text, &translated, why);
    if (rc == DS_OK)
        rc = ds_filter_new(translated.at, out, why);
    ds_buf_clean_up(&translated);
    return rc;
}
