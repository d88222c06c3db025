#include "csta_internal.h"

#include <string.h>

#define NAMESPACE "http://www.ecma-international.org/standards/ecma-323/csta/ed3"

static void write_text(const char *text, struct ds_buf *out)
{
    for (; *text != '\0'; text++) {
        if (*text == '&')
            ds_buf_text(out, "&amp;");
        else if (*text == '<')
            ds_buf_text(out, "&lt;");
        else if (*text == '>')
            ds_buf_text(out, "&gt;");
        else
            ds_buf_add(out, (struct ds_slice){text, 1});
    }
}

/* How much of two paths is the same parent: "callingDevice/" of both its children. */
static size_t shared(const char *one, const char *other)
{
    const char *slash = strchr(one, '/');
    size_t len = slash == NULL ? 0 : (size_t)(slash + 1 - one);
    return len > 0 && other != NULL && strncmp(one, other, len) == 0 ? len : 0;
}

/* Parts are at most two deep: an element, or one in its parent, which neighbours share. */
static void write_part(const struct ds_csta_part *part,
                       const char *text,
                       const char *before,
                       const char *after,
                       struct ds_buf *out)
{
    const char *slash = strchr(part->path, '/');
    const char *leaf = slash == NULL ? part->path : slash + 1;
    int parent = slash == NULL ? 0 : (int)(slash - part->path);
    if (parent > 0 && shared(part->path, before) == 0)
        ds_buf_print(out, "<%.*s>", parent, part->path);
    ds_buf_print(out, "<%s>", leaf);
    write_text(text, out);
    ds_buf_print(out, "</%s>", leaf);
    if (parent > 0 && shared(part->path, after) == 0)
        ds_buf_print(out, "</%.*s>", parent, part->path);
}

void ds_csta_write(const struct ds_csta *csta, struct ds_buf *out)
{
    const struct ds_csta_shape *shape = ds_csta_shape(csta->kind);
    const struct ds_csta_part *parts = shape->parts;
    ds_buf_print(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<%s xmlns=\"%s\">",
                 shape->root, NAMESPACE);
    for (size_t i = 0; i < DS_CSTA_MOST_PARTS && parts[i].path != NULL; i++) {
        const char *field = (const char *)csta + parts[i].at;
        write_part(&parts[i], parts[i].constant != NULL ? parts[i].constant : field,
                   i == 0 ? NULL : parts[i - 1].path,
                   i + 1 == DS_CSTA_MOST_PARTS ? NULL : parts[i + 1].path, out);
    }
    ds_buf_print(out, "</%s>\r\n", shape->root);
}
