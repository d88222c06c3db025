#include "sound_internal.h"

#include <stdlib.h>

#include <openssl/evp.h>

/* The sound of a run as the page keeps it: payloads in base64 behind a letter that says what they
 * are, and for each stream what follows what. */

#define BASE64_BYTES(len) (((len) + 2) / 3 * 4 + 1)
#define LONGEST_FRAME     2048

/* In a stream's list of pairs: a payload's number and how often it is said, or one of these and its
 * samples. */
enum { LOST = -1, QUIET = -2 };

static void print_frame(struct ds_json *json, struct ds_slice frame)
{
    unsigned char text[1 + BASE64_BYTES(LONGEST_FRAME)];
    ds_assert(frame.len > 0 && frame.len - 1 <= LONGEST_FRAME);
    text[0] = (unsigned char)frame.at[0];
    int len = EVP_EncodeBlock(text + 1, (const unsigned char *)frame.at + 1, (int)frame.len - 1);
    ds_json_slice(json, NULL, (struct ds_slice){(const char *)text, (size_t)len + 1});
}

static bool is_same(const struct ds_sound_piece *a, const struct ds_sound_piece *b)
{
    return a->kind == b->kind && a->frame == b->frame;
}

static void print_line(struct ds_json *json, const struct ds_sound *sound)
{
    const struct ds_sound_piece *pieces = (const void *)sound->pieces.at;
    size_t count = sound->pieces.len / sizeof *pieces;
    ds_json_begin(json, NULL, '[');
    for (size_t i = 0; i < count;) {
        uint64_t sum = 0;
        const struct ds_sound_piece *first = &pieces[i];
        for (; i < count && is_same(first, &pieces[i]); i++)
            sum += first->kind == DS_SOUND_SAID ? 1 : pieces[i].samples;
        ds_json_number(json, NULL,
                       first->kind == DS_SOUND_SAID   ? (int64_t)first->frame
                       : first->kind == DS_SOUND_LOST ? LOST
                                                      : QUIET);
        ds_json_whole(json, NULL, sum);
    }
    ds_json_end(json, ']');
}

static bool is_heard(const struct ds_sound *sound)
{
    return sound->unheard == NULL && !sound->without_frames;
}

void ds_page_sound(const struct ds_sounds *sounds, struct ds_buf *out)
{
    struct ds_json json = {.in_page = true};
    bool any = false;
    for (size_t i = 0; i < sounds->choice.count; i++)
        any |= is_heard(&sounds->list[i]);
    if (!any)
        return;
    ds_json_begin(&json, NULL, '{');
    ds_json_begin(&json, "frames", '[');
    for (size_t i = 0; i < sounds->frames.count; i++)
        print_frame(&json, sounds->frames.list[i]);
    ds_json_end(&json, ']');
    ds_json_begin(&json, "streams", '[');
    for (size_t i = 0; i < sounds->choice.count; i++)
        if (is_heard(&sounds->list[i]))
            print_line(&json, &sounds->list[i]);
        else
            ds_json_raw(&json, NULL, DS_LITERAL("[]"));
    ds_json_end(&json, ']');
    ds_json_end(&json, '}');
    ds_move(out, &json.out);
}
