#include "pool_internal.h"

#include <stdio.h>
#include <string.h>

/* History-Info (RFC 7044, [SIPRE48]): whom a call was for, and why it went on. */

static void add_user(struct ds_buf *out, const struct ds_pool_left *left, const char *domain)
{
    ds_buf_print(out, "<sip:%s@%s", left->user->name, domain);
    if (left->status != 0)
        ds_buf_print(out, "?Reason=SIP%%3Bcause%%3D%d", left->status);
    ds_buf_text(out, ">");
}

/* Each target stands below the one it was made of: 1, 1.1, 1.1.1 (RFC 7044 10.3). */
static void add_index(struct ds_buf *out, size_t depth)
{
    ds_buf_text(out, ";index=1");
    for (size_t i = 0; i < depth; i++)
        ds_buf_text(out, ".1");
    if (depth == 0)
        return;
    ds_buf_text(out, ";mp=1");
    for (size_t i = 1; i < depth; i++)
        ds_buf_text(out, ".1");
}

void ds_pool_history(const struct ds_pool_routing *routing, struct ds_buf *out)
{
    const char *domain = routing->node->topo->domain;
    if (routing->left_count == 0 || ds_node_has_defect(routing->node, "forgets_history"))
        return;
    ds_buf_text(out, "History-Info: ");
    for (size_t i = 0; i < routing->left_count; i++) {
        add_user(out, &routing->left[i], domain);
        add_index(out, i);
        ds_buf_text(out, ", ");
    }
    ds_buf_print(out, "<sip:%s@%s;%s>", routing->number, domain,
                 routing->to_mail ? "opaque=app:voicemail" : "user=phone");
    add_index(out, routing->left_count);
    ds_buf_text(out, "\r\n");
}
