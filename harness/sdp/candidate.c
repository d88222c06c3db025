#include "sdp_internal.h"

#include <string.h>

static const char *const names[] = {"host", "srflx", "prflx", "relay"};

const char *ds_candidate_name(enum ds_candidate_kind kind)
{
    ds_assert((size_t)kind < DS_COUNT(names));
    return names[kind];
}

/* RFC 8445 5.1.2.2 recommends these type preferences. */
uint32_t ds_candidate_priority(enum ds_candidate_kind kind)
{
    static const uint32_t preferences[] = {126, 100, 110, 0};
    const uint32_t local = 65535, component = 1;
    return preferences[kind] << 24 | local << 8 | (256 - component);
}

static bool read_kind(struct ds_slice word, enum ds_candidate_kind *out)
{
    for (size_t i = 0; i < DS_COUNT(names); i++) {
        if (!ds_slice_equal_nocase(word, ds_slice_of(names[i])))
            continue;
        *out = (enum ds_candidate_kind)i;
        return true;
    }
    return false;
}

static bool read_whole(struct ds_slice *rest, uint64_t most, uint64_t *out)
{
    struct ds_slice word;
    return ds_sdp_word_cut(rest, &word) && ds_slice_number(word, most, out) == DS_OK;
}

static bool read_place(struct ds_slice *rest, struct ds_addr *out)
{
    struct ds_slice word;
    uint64_t port;
    if (!ds_sdp_word_cut(rest, &word) || ds_addr_parse_ip(word, out) != DS_OK ||
        !read_whole(rest, UINT16_MAX, &port))
        return false;
    out->port = (uint16_t)port;
    return true;
}

/* "raddr 10.0.0.1 rport 4000", and whatever else a peer adds. */
static void read_base(struct ds_slice rest, struct ds_addr *out)
{
    struct ds_slice name, value;
    struct ds_addr at = {.port = 0};
    uint64_t port = 0;
    bool has_address = false;
    while (ds_sdp_word_cut(&rest, &name) && ds_sdp_word_cut(&rest, &value)) {
        if (ds_slice_equal_nocase(name, DS_LITERAL("raddr")))
            has_address = ds_addr_parse_ip(value, &at) == DS_OK;
        else if (ds_slice_equal_nocase(name, DS_LITERAL("rport")) &&
                 ds_slice_number(value, UINT16_MAX, &port) != DS_OK)
            port = 0;
    }
    if (!has_address)
        return;
    *out = at;
    out->port = (uint16_t)port;
}

ds_rc ds_candidate_read(struct ds_slice value, struct ds_candidate *out, struct ds_why *why)
{
    struct ds_slice word, transport;
    uint64_t component, priority;
    *out = (struct ds_candidate){.component = 0};
    if (!ds_sdp_word_cut(&value, &word) || word.len == 0 ||
        !ds_slice_copy(word, out->foundation, sizeof out->foundation) ||
        !read_whole(&value, 256, &component) || component == 0 ||
        !ds_sdp_word_cut(&value, &transport) || !read_whole(&value, UINT32_MAX, &priority))
        return ds_fail(why, DS_BAD, "a=candidate does not begin as RFC 8839 5.1 has it");
    if (!ds_slice_equal_nocase(transport, DS_LITERAL("UDP")))
        return ds_fail(why, DS_BAD, "a candidate for %.*s is none of ours", DS_FMT(transport));
    if (!read_place(&value, &out->at) || !ds_sdp_word_cut(&value, &word) ||
        !ds_slice_equal_nocase(word, DS_LITERAL("typ")) || !ds_sdp_word_cut(&value, &word) ||
        !read_kind(word, &out->kind))
        return ds_fail(why, DS_BAD, "a candidate names no address, or no kind that is known");
    out->component = (uint32_t)component;
    out->priority = (uint32_t)priority;
    read_base(value, &out->base);
    return DS_OK;
}

/* As Lync writes them (wire-samples.md 2): the transport in capitals. */
void ds_ice_write(const struct ds_ice_spec *ice, struct ds_buf *out)
{
    ds_buf_print(out, "a=ice-ufrag:%s\r\na=ice-pwd:%s\r\n", ice->ufrag, ice->pwd);
    for (size_t i = 0; i < ice->count; i++) {
        const struct ds_candidate *candidate = &ice->candidates[i];
        ds_buf_print(out, "a=candidate:%s %u UDP %u %s %u typ %s", candidate->foundation,
                     candidate->component, candidate->priority, ds_addr_ip_text(candidate->at).text,
                     candidate->at.port, ds_candidate_name(candidate->kind));
        if (candidate->base.port != 0)
            ds_buf_print(out, " raddr %s rport %u", ds_addr_ip_text(candidate->base).text,
                         candidate->base.port);
        ds_buf_text(out, "\r\n");
    }
    ds_buf_text(out, "a=rtcp-mux\r\n");
}
