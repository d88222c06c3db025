#include "ua_internal.h"

#include <stdio.h>
#include <string.h>

/* Refer-To and Replaces: a uri may carry the header that the INVITE to it is to have (RFC 3891 4),
 * with what a uri cannot hold escaped (RFC 3261 19.1.2). */

static int value_of(char hex)
{
    static const char digits[] = "0123456789abcdef";
    char lower = hex >= 'A' && hex <= 'F' ? (char)(hex - 'A' + 'a') : hex;
    const char *at = hex == '\0' ? NULL : strchr(digits, lower);
    return at == NULL ? -1 : (int)(at - digits);
}

/* False where the result is too long, or has a control character in it. */
static bool unescape(struct ds_slice text, char *out, size_t size)
{
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        int high = i + 2 < text.len ? value_of(text.at[i + 1]) : -1;
        int low = high < 0 ? -1 : value_of(text.at[i + 2]);
        if (c == '%' && low >= 0) {
            c = (char)(16 * high + low);
            i += 2;
        }
        if (len + 1 >= size || (unsigned char)c < ' ' || c == '\x7f')
            return false;
        out[len++] = c;
    }
    out[len] = '\0';
    return true;
}

static void escape(const char *text, char *out, size_t size)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
    size_t len = 0;
    out[0] = '\0';
    for (; *text != '\0' && len + 4 < size; text++)
        len += (size_t)(strchr(plain, *text) != NULL
                            ? snprintf(out + len, size - len, "%c", *text)
                            : snprintf(out + len, size - len, "%%%02X", (unsigned char)*text));
}

static bool read_replaces(struct ds_slice headers, char *out, size_t size)
{
    struct ds_slice field, name;
    while (ds_slice_cut(&headers, '&', &field))
        if (ds_slice_cut(&field, '=', &name) && ds_slice_equal_nocase(name, DS_LITERAL("Replaces")))
            return unescape(field, out, size);
    return true;
}

bool ds_refer_target_read(const struct ds_msg *refer, struct ds_refer_target *out)
{
    struct ds_slice value, params, bare;
    struct ds_uri uri;
    *out = (struct ds_refer_target){.uri = ""};
    if (!ds_msg_header(refer, "Refer-To", 0, &value))
        return false;
    struct ds_slice whole = ds_value_uri(value, &params);
    struct ds_slice rest = whole;
    return ds_uri_parse(whole, &uri) == DS_OK && ds_slice_cut(&rest, '?', &bare) &&
           ds_slice_copy(bare, out->uri, sizeof out->uri) &&
           read_replaces(uri.headers, out->replaces, sizeof out->replaces);
}

void ds_refer_target_write(const struct ds_refer_target *target, char *out, size_t size)
{
    char escaped[3 * sizeof target->replaces];
    escape(target->replaces, escaped, sizeof escaped);
    snprintf(out, size, "<%s%s%s>", target->uri, escaped[0] == '\0' ? "" : "?Replaces=", escaped);
}

/* ---- Replaces ---- */

bool ds_session_name_dialog(const struct ds_session *session, char *out, size_t size)
{
    const struct ds_dialog *dialog = &session->dialog;
    DS_CHECK(session, DS_SESSION_MAGIC);
    int len = snprintf(out, size, "%s;to-tag=%.*s;from-tag=%s", dialog->call_id.at,
                       DS_FMT(ds_buf_slice(&dialog->remote_tag)), dialog->local_tag);
    return len > 0 && (size_t)len < size;
}

bool ds_session_remote_target(const struct ds_session *session, char *out, size_t size)
{
    DS_CHECK(session, DS_SESSION_MAGIC);
    return ds_slice_copy(ds_buf_slice(&session->dialog.target), out, size);
}

static bool names(const struct ds_session *session, struct ds_slice call_id, struct ds_slice params)
{
    const struct ds_dialog *dialog = &session->dialog;
    struct ds_slice to_tag, from_tag;
    return ds_param(params, "to-tag", &to_tag) && ds_param(params, "from-tag", &from_tag) &&
           ds_slice_equal(call_id, ds_buf_slice(&dialog->call_id)) &&
           ds_slice_equal(to_tag, ds_slice_of(dialog->local_tag)) &&
           ds_slice_equal(from_tag, ds_buf_slice(&dialog->remote_tag));
}

struct ds_session *ds_ua_replaced(struct ds_ua *ua, const struct ds_msg *invite)
{
    struct ds_slice value, params;
    DS_CHECK(ua, DS_UA_MAGIC);
    if (!ds_msg_header(invite, "Replaces", 0, &value))
        return NULL;
    struct ds_slice call_id = ds_value_uri(value, &params);
    struct ds_list *slot = ds_session_slot(ua, call_id);
    for (struct ds_list *node = slot->next; node != slot; node = node->next) {
        struct ds_session *session = DS_OWNER(node, struct ds_session, node);
        if (session->state == DS_SESSION_UP && names(session, call_id, params))
            return session;
    }
    return NULL;
}
