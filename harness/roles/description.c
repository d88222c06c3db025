#include "roles_internal.h"

#include <string.h>

/* G.711 first, as the trunk side of the Mediation Server speaks it and nothing else: MED-01. */
static const struct ds_sdp_codec pcmu = {DS_PT_PCMU, "PCMU", 8000, NULL};
static const struct ds_sdp_codec pcma = {DS_PT_PCMA, "PCMA", 8000, NULL};
static const struct ds_sdp_codec comfort_noise = {DS_PT_COMFORT_NOISE, "CN", 8000, NULL};
static const struct ds_sdp_codec events = {DS_PT_EVENT, "telephone-event", 8000, "0-16"};
/* What a Lync 2013 client lists besides (wire-samples.md 2); our ends choose G.711 of it. */
static const struct ds_sdp_codec rtaudio_wide = {114, "x-msrta", 16000, "bitrate=29000"};
static const struct ds_sdp_codec g722 = {DS_PT_G722, "G722", 8000, NULL};
static const struct ds_sdp_codec redundancy = {97, "RED", 8000, NULL};
/* What a peer may offer that has nothing else; nobody here speaks it. */
static const struct ds_sdp_codec g729 = {18, "G729", 8000, NULL};

#define MOST_CODECS 8

struct codec_list {
    struct ds_sdp_codec list[MOST_CODECS];
    size_t count;
};

/* Puts a codec on the list; of an answer only what the offer has, under the offer's own number. */
static void
put(struct codec_list *codecs, const struct ds_describe *how, const struct ds_sdp_codec *codec)
{
    struct ds_sdp_codec listed = *codec;
    if (how->answers != NULL) {
        const struct ds_sdp_format *format = ds_sdp_find_format(how->answers, codec->encoding);
        if (format == NULL || format->clock_rate != codec->clock_rate)
            return;
        listed.payload_type = format->payload_type;
    }
    ds_assert(codecs->count < MOST_CODECS);
    codecs->list[codecs->count++] = listed;
}

/* Does the answer do well to put A-law first? RFC 3264 6.1 asks an answerer to follow the offer's
 * order. */
static bool a_law_first(const struct ds_describe *how)
{
    if (how->answers == NULL)
        return how->a_law_first;
    for (size_t i = 0; i < how->answers->format_count; i++) {
        if (how->answers->formats[i].payload_type == DS_PT_PCMU)
            return false;
        if (how->answers->formats[i].payload_type == DS_PT_PCMA)
            return true;
    }
    return how->a_law_first;
}

static void list_codecs(struct codec_list *codecs, const struct ds_describe *how)
{
    bool wide = how->answers == NULL && how->codecs == DS_CODECS_CLIENT;
    *codecs = (struct codec_list){.count = 0};
    if (wide)
        put(codecs, how, &rtaudio_wide);
    if (wide || how->wide)
        codecs->list[codecs->count++] = g722;
    if (how->codecs == DS_CODECS_G729) {
        put(codecs, how, &g729);
    } else if (how->codecs == DS_CODECS_ONE) {
        put(codecs, how, how->a_law_first ? &pcma : &pcmu);
    } else {
        put(codecs, how, a_law_first(how) ? &pcma : &pcmu);
        put(codecs, how, a_law_first(how) ? &pcmu : &pcma);
    }
    if (wide)
        put(codecs, how, &redundancy);
    if (how->codecs == DS_CODECS_G711 || how->codecs == DS_CODECS_CLIENT)
        put(codecs, how, &comfort_noise);
    if (!how->no_events)
        put(codecs, how, &events);
}

static bool has_audio(const struct codec_list *codecs)
{
    static const char *const audio[] = {"PCMU", "PCMA", "G729"};
    for (size_t i = 0; i < codecs->count; i++)
        for (size_t k = 0; k < DS_COUNT(audio); k++)
            if (strcmp(codecs->list[i].encoding, audio[k]) == 0)
                return true;
    return false;
}

bool ds_describe_can_answer(const struct ds_describe *how)
{
    struct codec_list codecs;
    list_codecs(&codecs, how);
    return has_audio(&codecs);
}

/* Everything but the o= line: what decides whether the version grows. */
static struct ds_slice after_origin(struct ds_slice text)
{
    size_t at;
    return ds_slice_find(text, DS_LITERAL("\r\ns="), &at) ? ds_slice_from(text, at) : text;
}

static void write_with(const struct ds_description *description,
                       const struct ds_describe *how,
                       const struct codec_list *codecs,
                       struct ds_buf *out)
{
    struct ds_addr at = how->at;
    if (how->refused)
        at.port = 0;
    const struct ds_sdp_spec spec = {
        .style = how->style,
        .session_id = description->session_id,
        .version = description->version,
        .at = at,
        .codecs = codecs->list,
        .codec_count = codecs->count,
        .direction = how->direction,
        .bypass_id = how->bypass_id,
        .ice = how->ice,
        .image = how->image,
        .secure = how->secure,
    };
    ds_sdp_write(&spec, out);
    if (how->more_media)
        ds_buf_text(out, "m=video 0 RTP/AVP 34\r\n");
}

void ds_description_clean_up(struct ds_description *description)
{
    ds_buf_clean_up(&description->text);
    *description = (struct ds_description){0};
}

struct ds_slice ds_description_say(struct ds_description *description,
                                   struct ds_rng *rng,
                                   const struct ds_describe *how)
{
    struct codec_list codecs;
    struct ds_buf text = {0};
    list_codecs(&codecs, how);
    if (how->image.len == 0 && !has_audio(&codecs))
        return (struct ds_slice){NULL, 0};
    if (how->foreign)
        codecs = (struct codec_list){.list = {g729}, .count = 1};
    if (description->session_id == 0) {
        description->session_id = 1 + ds_rng_below(rng, 0x7fffffff);
        description->version = 1;
    }
    write_with(description, how, &codecs, &text);
    struct ds_slice said = ds_buf_slice(&description->text);
    if (said.len > 0 && !ds_slice_equal(after_origin(said), after_origin(ds_buf_slice(&text))) &&
        !description->keeps_version) {
        description->version++;
        text.len = 0;
        write_with(description, how, &codecs, &text);
    }
    if (text.broken) {
        ds_buf_clean_up(&text);
        return (struct ds_slice){NULL, 0};
    }
    ds_buf_clean_up(&description->text);
    description->text = text;
    return ds_buf_slice(&description->text);
}

static bool find_sdp(const struct ds_msg *msg, struct ds_sdp *sdp)
{
    struct ds_part parts[DS_MSG_MAX_PARTS];
    size_t count = msg == NULL ? 0 : ds_msg_parts(msg, parts);
    for (size_t i = 0; i < count; i++)
        if (ds_slice_starts_nocase(parts[i].content_type, DS_LITERAL("application/sdp")) &&
            ds_sdp_parse(parts[i].body, sdp, NULL) == DS_OK)
            return true;
    return false;
}

const struct ds_sdp_media *ds_message_audio(const struct ds_msg *msg, struct ds_sdp *sdp)
{
    return find_sdp(msg, sdp) ? ds_sdp_audio(sdp) : NULL;
}

const struct ds_sdp_media *ds_message_fax(const struct ds_msg *msg, struct ds_sdp *sdp)
{
    return find_sdp(msg, sdp) ? ds_sdp_fax(sdp) : NULL;
}

enum ds_direction ds_direction_mirror(enum ds_direction direction)
{
    if (direction == DS_SENDONLY)
        return DS_RECVONLY;
    return direction == DS_RECVONLY ? DS_SENDONLY : direction;
}
