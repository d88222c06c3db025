#include "pidf.h"

#include <expat.h>
#include <string.h>

struct reader {
    XML_Parser parser;
    struct ds_pidf *out;
    char *field; /* of `out`, whose text is being read; NULL: nothing that is known */
    size_t room;
    size_t depth;
    bool is_presence, too_deep, no_room;
};

/* Namespaces are told before the name, behind a bar; which prefix is written for them is the
 * sender's choice. */
static const char *local_name(const XML_Char *name)
{
    const char *bar = strrchr(name, '|');
    return bar == NULL ? name : bar + 1;
}

static void stop(struct reader *reader, bool *why)
{
    if (why != NULL)
        *why = true;
    XML_StopParser(reader->parser, XML_FALSE);
}

static void take_text(struct reader *reader, const char *text, size_t len)
{
    size_t used = strlen(reader->field);
    if (used + len >= reader->room || memchr(text, '\0', len) != NULL) {
        stop(reader, &reader->no_room);
        return;
    }
    memcpy(reader->field + used, text, len);
    reader->field[used + len] = '\0';
}

/* Of several elements of one name the first counts. */
static void choose_field(struct reader *reader, const char *name)
{
    struct ds_pidf *out = reader->out;

    const struct {
        const char *name;
        char *field;
        size_t size;
    } fields[] = {{"contact", out->contact, sizeof out->contact},
                  {"country", out->country, sizeof out->country},
                  {"A3", out->city, sizeof out->city},
                  {"A6", out->street, sizeof out->street},
                  {"RD", out->street, sizeof out->street}, /* RFC 5139 */
                  {"NAM", out->name, sizeof out->name}};

    reader->field = NULL;
    for (size_t i = 0; i < DS_COUNT(fields); i++) {
        if (strcmp(fields[i].name, name) == 0 && fields[i].field[0] == '\0') {
            reader->field = fields[i].field;
            reader->room = fields[i].size;
        }
    }
}

static void start_document(struct reader *reader, const char *name, const XML_Char **attributes)
{
    reader->is_presence = strcmp(name, "presence") == 0;
    if (!reader->is_presence) {
        stop(reader, NULL);
        return;
    }
    reader->field = reader->out->entity;
    reader->room = sizeof reader->out->entity;
    for (size_t i = 0; attributes[i] != NULL; i += 2)
        if (strcmp(attributes[i], "entity") == 0)
            take_text(reader, attributes[i + 1], strlen(attributes[i + 1]));
    reader->field = NULL;
}

static void on_start(void *owner, const XML_Char *name, const XML_Char **attributes)
{
    struct reader *reader = owner;
    if (reader->depth++ == 0)
        start_document(reader, local_name(name), attributes);
    else if (reader->depth > DS_PIDF_MAX_DEPTH)
        stop(reader, &reader->too_deep);
    else
        choose_field(reader, local_name(name));
}

static void on_end(void *owner, const XML_Char *name)
{
    struct reader *reader = owner;
    (void)name;
    reader->depth--;
    reader->field = NULL;
}

/* Text comes in pieces. */
static void on_text(void *owner, const XML_Char *text, int len)
{
    struct reader *reader = owner;
    if (reader->field != NULL && len > 0)
        take_text(reader, text, (size_t)len);
}

static ds_rc refuse(const struct reader *reader, struct ds_why *why)
{
    enum XML_Error error = XML_GetErrorCode(reader->parser);
    if (reader->too_deep)
        return ds_fail(why, DS_BAD, "the location is nested more than %d deep", DS_PIDF_MAX_DEPTH);
    if (reader->no_room)
        return ds_fail(why, DS_BAD, "the location has a longer text than there is room for");
    if (error == XML_ERROR_ABORTED)
        return ds_fail(why, DS_BAD, "the location is no presence document");
    return ds_fail(why, DS_BAD, "the location is broken in line %lu: %s",
                   (unsigned long)XML_GetCurrentLineNumber(reader->parser), XML_ErrorString(error));
}

ds_rc ds_pidf_read(struct ds_slice body, struct ds_pidf *out, struct ds_why *why)
{
    *out = (struct ds_pidf){.entity = ""};
    struct reader reader = {.out = out};
    if (body.len > DS_PIDF_MAX_BYTES)
        return ds_fail(why, DS_BAD, "the location has %zu bytes, more than %d", body.len,
                       DS_PIDF_MAX_BYTES);
    reader.parser = XML_ParserCreateNS(NULL, '|');
    if (reader.parser == NULL)
        return ds_fail_memory(why);
    XML_SetUserData(reader.parser, &reader);
    XML_SetElementHandler(reader.parser, on_start, on_end);
    XML_SetCharacterDataHandler(reader.parser, on_text);
    bool is_read = XML_Parse(reader.parser, body.at, (int)body.len, XML_TRUE) == XML_STATUS_OK;
    ds_rc rc = is_read ? DS_OK : refuse(&reader, why);
    XML_ParserFree(reader.parser);
    return rc;
}
