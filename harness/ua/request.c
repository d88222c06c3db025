#include "ua_internal.h"

#include <stdlib.h>

/* A request outside any session, until its final response. */
struct plain_request {
    struct ds_list node;
    struct ds_client_txn *txn; /* owned handle */
    ds_request_done_fn *done;
    void *owner; /* borrowed */
};

static void forget(struct plain_request *plain)
{
    ds_list_remove(&plain->node);
    ds_client_txn_let_go(&plain->txn);
    free(plain);
}

static void finish(struct plain_request *plain, int status, const struct ds_msg *msg)
{
    ds_request_done_fn *done = plain->done;
    void *owner = plain->owner;
    forget(plain);
    if (done != NULL)
        done(owner, status, msg);
}

static void on_response(void *owner, const struct ds_msg *msg)
{
    if (ds_msg_status(msg) >= 200)
        finish(owner, ds_msg_status(msg), msg);
}

static void on_ended(void *owner, ds_rc how, const struct ds_why *why)
{
    struct plain_request *plain = owner;
    (void)why;
    plain->txn = NULL;
    finish(plain, how == DS_LATE ? 408 : 503, NULL);
}

void ds_plain_requests_clean_up(struct ds_ua *ua)
{
    struct ds_list *head = &ua->plain_requests, *next;
    for (struct ds_list *node = head->next; node != head; node = next) {
        next = node->next;
        forget(DS_OWNER(node, struct plain_request, node));
    }
}

/* ---- writing one ---- */

static bool has_line(const char *headers, struct ds_slice start)
{
    struct ds_slice rest = ds_slice_of(headers), line;
    while (ds_slice_cut(&rest, '\n', &line)) {
        if (ds_slice_starts_nocase(line, start))
            return true;
    }
    return false;
}

static void write_identity(struct ds_ua *ua, const char *method, struct ds_draft *draft)
{
    char call_id[25];
    if (ds_slice_equal(ds_slice_of(method), DS_LITERAL("REGISTER"))) {
        ds_draft_header(draft, "Call-ID", "%s@%s", ua->register_call_id, ds_ua_host(ua));
        ds_draft_header(draft, "CSeq", "%u %s", (unsigned)++ua->register_cseq, method);
        return;
    }
    ds_rng_token(ua->options.rng, call_id, sizeof call_id);
    ds_draft_header(draft, "Call-ID", "%s@%s", call_id, ds_ua_host(ua));
    ds_draft_header(draft, "CSeq", "1 %s", method);
}

static ds_rc write_request(struct ds_ua *ua,
                           const struct ds_plain_request *request,
                           struct ds_msg **out,
                           struct ds_why *why)
{
    char via[DS_VIA_SIZE], tag[DS_TAG_SIZE];
    struct ds_draft draft = {.text = {0}};
    const char *to = request->to_uri != NULL ? request->to_uri : request->uri;
    ds_sip_via(ua->sip, request->hop, via, sizeof via);
    ds_rng_token(ua->options.rng, tag, sizeof tag);
    ds_draft_request(&draft, request->method, ds_slice_of(request->uri));
    ds_draft_header(&draft, "Via", "%s", via);
    ds_draft_header(&draft, "Max-Forwards", "%d", DS_MAX_FORWARDS);
    ds_draft_header(&draft, "From", "<%s>;tag=%s", request->from_uri, tag);
    ds_draft_header(&draft, "To", "<%s>", to);
    write_identity(ua, request->method, &draft);
    if (!has_line(request->extra_headers, DS_LITERAL("Contact:")))
        ds_ua_write_contact(ua, request->hop, ds_slice_of(request->from_uri), &draft);
    ds_ua_write_signature(ua, request->extra_headers, &draft);
    return ds_draft_finish(&draft, NULL, (struct ds_slice){NULL, 0}, out, why);
}

ds_rc ds_ua_request(struct ds_ua *ua,
                    const struct ds_plain_request *request,
                    ds_request_done_fn *done,
                    void *owner,
                    struct ds_why *why)
{
    static const struct ds_client_events events = {.response = on_response, .ended = on_ended};
    struct ds_msg *msg = NULL;
    DS_CHECK(ua, DS_UA_MAGIC);
    ds_assert(request->hop != NULL && request->uri != NULL && request->from_uri != NULL);
    struct plain_request *plain = calloc(1, sizeof *plain);
    if (plain == NULL)
        return ds_fail_memory(why);
    plain->done = done;
    plain->owner = owner;
    ds_rc rc = write_request(ua, request, &msg, why);
    if (rc != DS_OK)
        goto fail;
    rc = ds_client_txn_new(ua->sip, msg, request->hop, &events, plain, &plain->txn, why);
    if (rc != DS_OK)
        goto fail;
    ds_msg_unref(&msg);
    ds_list_append(&ua->plain_requests, &plain->node);
    return DS_OK;
fail:
    ds_msg_unref(&msg);
    free(plain);
    return rc;
}
