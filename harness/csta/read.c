#include "csta_internal.h"

#include <expat.h>
#include <stdio.h>
#include <string.h>

#define PATH_SIZE 128

struct reader {
    XML_Parser parser;
    struct ds_csta *out;
    const struct ds_csta_shape *shape; /* NULL: nothing that is known */
    char path[PATH_SIZE];              /* below the root: "callingDevice/deviceID" */
    size_t depth;
    bool too_deep, no_room;
};

/* Namespaces are told before the name, behind a bar; which prefix is written for them is the
 * sender's choice. */
static const char *local_name(const XML_Char *name)
{
    const char *bar = strrchr(name, '|');
    return bar == NULL ? name : bar + 1;
}

static const struct ds_csta_shape *find_shape(const char *root, enum ds_csta_kind *kind)
{
    for (enum ds_csta_kind i = 0; i < DS_CSTA_KIND_COUNT; i++) {
        *kind = i;
        if (strcmp(ds_csta_name(i), root) == 0)
            return ds_csta_shape(i);
    }
    return NULL;
}

static void enter(struct reader *reader, const char *name)
{
    size_t used = strlen(reader->path), room = sizeof reader->path - used;
    int len = snprintf(reader->path + used, room, "%s%s", used == 0 ? "" : "/", name);
    if (reader->depth > DS_CSTA_MAX_DEPTH || len < 0 || (size_t)len >= room) {
        reader->too_deep = true;
        XML_StopParser(reader->parser, XML_FALSE);
    }
}

static void on_start(void *owner, const XML_Char *name, const XML_Char **attributes)
{
    struct reader *reader = owner;
    (void)attributes;
    if (reader->depth++ == 0)
        reader->shape = find_shape(local_name(name), &reader->out->kind);
    else
        enter(reader, local_name(name));
    if (reader->shape == NULL)
        XML_StopParser(reader->parser, XML_FALSE);
}

static void on_end(void *owner, const XML_Char *name)
{
    struct reader *reader = owner;
    (void)name;
    reader->depth--;
    char *last = strrchr(reader->path, '/');
    *(last == NULL ? reader->path : last) = '\0';
}

static const struct ds_csta_part *part_at(const struct reader *reader)
{
    const struct ds_csta_part *parts = reader->shape->parts;
    for (size_t i = 0; i < DS_CSTA_MOST_PARTS && parts[i].path != NULL; i++)
        if (parts[i].constant == NULL && strcmp(parts[i].path, reader->path) == 0)
            return &parts[i];
    return NULL;
}

/* Text comes in pieces. */
static void on_text(void *owner, const XML_Char *text, int len)
{
    struct reader *reader = owner;
    const struct ds_csta_part *part = part_at(reader);
    if (part == NULL || len <= 0)
        return;
    char *field = (char *)reader->out + part->at;
    size_t used = strlen(field), more = (size_t)len;
    if (used + more >= part->size || memchr(text, '\0', more) != NULL) {
        reader->no_room = true;
        XML_StopParser(reader->parser, XML_FALSE);
        return;
    }
    memcpy(field + used, text, more);
    field[used + more] = '\0';
}

static ds_rc refuse(const struct reader *reader, bool is_xml, struct ds_why *why)
{
    if (reader->too_deep)
        return ds_fail(why, DS_BAD, "the CSTA body is nested more than %d deep", DS_CSTA_MAX_DEPTH);
    if (reader->no_room)
        return ds_fail(why, DS_BAD, "%s has a longer %s than there is room for",
                       ds_csta_name(reader->out->kind), reader->path);
    enum XML_Error error = XML_GetErrorCode(reader->parser);
    unsigned long line = (unsigned long)XML_GetCurrentLineNumber(reader->parser);
    if (is_xml || error == XML_ERROR_ABORTED)
        return ds_fail(why, DS_BAD, "the CSTA body is no service or event that is known here");
    if (reader->depth == 0)
        return ds_fail(why, DS_BAD, "the CSTA body is no XML: %s in line %lu",
                       XML_ErrorString(error), line);
    return ds_fail(why, DS_BAD, "the CSTA body is broken in line %lu: %s", line,
                   XML_ErrorString(error));
}

ds_rc ds_csta_read(struct ds_slice body, struct ds_csta *out, struct ds_why *why)
{
    *out = (struct ds_csta){.kind = DS_CSTA_ERROR};
    struct reader reader = {.out = out};
    if (body.len > DS_CSTA_MAX_BYTES)
        return ds_fail(why, DS_BAD, "the CSTA body has %zu bytes, more than %d", body.len,
                       DS_CSTA_MAX_BYTES);
    reader.parser = XML_ParserCreateNS(NULL, '|');
    if (reader.parser == NULL)
        return ds_fail_memory(why);
    XML_SetUserData(reader.parser, &reader);
    XML_SetElementHandler(reader.parser, on_start, on_end);
    XML_SetCharacterDataHandler(reader.parser, on_text);
    bool is_xml = XML_Parse(reader.parser, body.at, (int)body.len, XML_TRUE) == XML_STATUS_OK;
    ds_rc rc = is_xml && reader.shape != NULL ? DS_OK : refuse(&reader, is_xml, why);
    XML_ParserFree(reader.parser);
    return rc;
}
