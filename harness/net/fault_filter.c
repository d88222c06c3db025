#include "sim_internal.h"

#include <ctype.h>
#include <string.h>

/* The words libpcap knows. Any other word in a filter is the name of an element, or a mistake:
 * libpcap would take it for a host and ask the machine's resolver. */
static const char *const keywords[] = {
    "and", "or",   "not",     "host",      "net",       "mask",     "port",  "portrange", "src",
    "dst", "ip",   "ip6",     "tcp",       "udp",       "icmp",     "proto", "ether",     "arp",
    "len", "less", "greater", "broadcast", "multicast", "tcpflags", "syn",   "ack",       "fin",
};

static bool is_keyword(struct ds_slice word)
{
    /* "tcp-syn", "tcp-ack" and their like are two words to us. */
    for (size_t i = 0; i < DS_COUNT(keywords); i++)
        if (ds_slice_equal(word, ds_slice_of(keywords[i])))
            return true;
    return ds_slice_equal(word, DS_LITERAL("rst")) || ds_slice_equal(word, DS_LITERAL("push"));
}

static bool is_number(struct ds_slice word)
{
    return word.len > 0 && isdigit((unsigned char)word.at[0]) != 0;
}

const struct ds_pcap_name *ds_fault_element(const struct ds_net_options *options,
                                            struct ds_slice name)
{
    for (size_t i = 0; i < options->name_count; i++)
        if (ds_slice_equal(name, ds_slice_of(options->names[i].name)))
            return &options->names[i];
    return NULL;
}

static bool is_of_word(char character)
{
    return isalnum((unsigned char)character) != 0 || character == '_' || character == '.';
}

static struct ds_slice cut_word(struct ds_slice *rest)
{
    size_t len = 0;
    while (len < rest->len && is_of_word(rest->at[len]))
        len++;
    struct ds_slice word = {rest->at, len};
    *rest = ds_slice_from(*rest, len);
    return word;
}

static ds_rc add_word(const struct ds_net_options *options,
                      struct ds_slice word,
                      struct ds_buf *out,
                      struct ds_why *why)
{
    const struct ds_pcap_name *element = ds_fault_element(options, word);
    if (element != NULL)
        ds_buf_text(out, ds_addr_ip_text(element->at).text);
    else if (is_keyword(word) || is_number(word))
        ds_buf_add(out, word);
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
        if (is_of_word(rest.at[0])) {
            rc = add_word(options, cut_word(&rest), out, why);
        } else {
            ds_buf_add(out, (struct ds_slice){rest.at, 1});
            rest = ds_slice_from(rest, 1);
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
