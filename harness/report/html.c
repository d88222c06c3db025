#include "certificate_internal.h"

#include <string.h>

/* ---- text in HTML ---- */

static uint32_t code_point(struct ds_slice character)
{
    static const uint8_t masks[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    uint32_t code = (uint8_t)character.at[0] & masks[character.len];
    for (size_t i = 1; i < character.len; i++)
        code = code << 6 | ((uint8_t)character.at[i] & 0x3f);
    return code;
}

/* Zero widths, changes of direction, separators that no line shows; controls are told before. */
static bool is_unseen(uint32_t code)
{
    static const uint32_t ranges[][2] = {{0xad, 0xad},     {0x61c, 0x61c},   {0x200b, 0x200f},
                                         {0x2028, 0x202e}, {0x2060, 0x2069}, {0xfeff, 0xfeff}};
    for (size_t i = 0; i < DS_COUNT(ranges); i++)
        if (code >= ranges[i][0] && code <= ranges[i][1])
            return true;
    return false;
}

static void print_character(struct ds_buf *out, struct ds_slice character)
{
    static const char special[] = "&<>\"'";
    static const char *const entities[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"};
    const char *found = character.len == 1 ? strchr(special, character.at[0]) : NULL;
    uint32_t code = code_point(character);
    if (found != NULL && *found != '\0')
        ds_buf_text(out, entities[found - special]);
    else if (is_unseen(code))
        ds_buf_print(out, "\xe2\x9f\xa8U+%04X\xe2\x9f\xa9", (unsigned)code);
    else
        ds_buf_add(out, character);
}

void ds_html_text(struct ds_buf *out, const char *text)
{
    struct ds_buf safe = {0};
    ds_print_safe(&safe, ds_slice_of(ds_text(text)));
    struct ds_slice rest = ds_buf_slice(&safe);
    for (size_t len = ds_utf8_len(rest); len > 0; len = ds_utf8_len(rest)) {
        print_character(out, (struct ds_slice){rest.at, len});
        rest = ds_slice_from(rest, len);
    }
    out->broken |= safe.broken;
    ds_buf_clean_up(&safe);
}

void ds_html_element(struct ds_buf *out, const char *tag, const char *text)
{
    ds_buf_print(out, "<%s>", tag);
    ds_html_text(out, text);
    ds_buf_print(out, "</%.*s>", (int)strcspn(tag, " "), tag);
}
