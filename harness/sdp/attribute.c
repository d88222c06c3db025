#include "sdp_internal.h"

static const struct ds_slice direction_names[] = {{"sendrecv", 8},
                                                  {"sendonly", 8},
                                                  {"recvonly", 8},
                                                  {"inactive", 8}};

const char *ds_direction_name(enum ds_direction direction)
{
    ds_assert((size_t)direction < DS_COUNT(direction_names));
    return direction_names[direction].at;
}

bool ds_sdp_read_direction(struct ds_slice name, enum ds_direction *out)
{
    for (size_t i = 0; i < DS_COUNT(direction_names); i++) {
        if (!ds_slice_equal_nocase(name, direction_names[i]))
            continue;
        *out = (enum ds_direction)i;
        return true;
    }
    return false;
}

bool ds_sdp_line_cut(struct ds_slice *rest, struct ds_slice *line)
{
    if (rest->len == 0 || !ds_slice_cut(rest, '\n', line))
        return false;
    *line = ds_slice_trim(*line);
    return true;
}

bool ds_sdp_word_cut(struct ds_slice *rest, struct ds_slice *word)
{
    size_t blanks = 0;
    while (blanks < rest->len && ds_is_blank(rest->at[blanks]))
        blanks++;
    *rest = ds_slice_from(*rest, blanks);
    return rest->len > 0 && ds_slice_cut(rest, ' ', word);
}

/* The format that a value like "101 0-16" speaks of, with the rest of the value; NULL when the m=
 * line does not have it. */
static struct ds_sdp_format *
cut_format(struct ds_slice value, struct ds_sdp_media *media, struct ds_slice *rest)
{
    struct ds_slice word;
    uint64_t number;
    if (!ds_sdp_word_cut(&value, &word) || ds_slice_number(word, INT8_MAX, &number) != DS_OK)
        return NULL;
    *rest = ds_slice_trim(value);
    for (size_t i = 0; i < media->format_count; i++) {
        if (media->formats[i].payload_type == number)
            return &media->formats[i];
    }
    return NULL;
}

void ds_sdp_read_rtpmap(struct ds_slice value, struct ds_sdp_media *media)
{
    struct ds_slice rest, encoding, rate;
    uint64_t number;
    struct ds_sdp_format *format = cut_format(value, media, &rest);
    if (format == NULL || !ds_slice_cut(&rest, '/', &encoding))
        return;
    format->encoding = encoding;
    format->clock_rate = 0;
    if (ds_slice_cut(&rest, '/', &rate) && ds_slice_number(rate, UINT32_MAX, &number) == DS_OK)
        format->clock_rate = (uint32_t)number;
}

void ds_sdp_read_fmtp(struct ds_slice value, struct ds_sdp_media *media)
{
    struct ds_slice rest;
    struct ds_sdp_format *format = cut_format(value, media, &rest);
    if (format != NULL)
        format->fmtp = rest;
}

bool ds_sdp_attribute(const struct ds_sdp_media *media,
                      const char *name,
                      size_t nth,
                      struct ds_slice *value)
{
    struct ds_slice rest = media->text, line, word;
    while (ds_sdp_line_cut(&rest, &line)) {
        if (!ds_slice_starts(line, DS_LITERAL("a=")))
            continue;
        line = ds_slice_from(line, 2);
        if (!ds_slice_cut(&line, ':', &word) || !ds_slice_equal_nocase(word, ds_slice_of(name)) ||
            nth-- > 0)
            continue;
        *value = ds_slice_trim(line);
        return true;
    }
    *value = (struct ds_slice){NULL, 0};
    return false;
}

bool ds_sdp_is_secure(const struct ds_sdp_media *media)
{
    size_t at;
    return ds_slice_find(media->protocol, DS_LITERAL("/SAVP"), &at);
}

bool ds_sdp_candidate(const struct ds_sdp_media *media, size_t nth, struct ds_candidate *out)
{
    struct ds_slice value;
    for (size_t i = 0; ds_sdp_attribute(media, "candidate", i, &value); i++)
        if (ds_candidate_read(value, out, NULL) == DS_OK && out->component == 1 && nth-- == 0)
            return true;
    return false;
}

const struct ds_sdp_media *ds_sdp_audio(const struct ds_sdp *sdp)
{
    for (size_t i = 0; i < sdp->media_count; i++) {
        if (ds_slice_equal_nocase(sdp->media[i].type, DS_LITERAL("audio")))
            return &sdp->media[i];
    }
    return NULL;
}

const struct ds_sdp_format *ds_sdp_find_format(const struct ds_sdp_media *media,
                                               const char *encoding)
{
    for (size_t i = 0; i < media->format_count; i++) {
        if (ds_slice_equal_nocase(media->formats[i].encoding, ds_slice_of(encoding)))
            return &media->formats[i];
    }
    return NULL;
}
