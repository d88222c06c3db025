#include "ua_internal.h"

#include <stdio.h>

/* REFER inside a session, and the NOTIFYs that report on it (RFC 3515 2.4.4). */

/* With room for every octet of a Replaces value escaped. */
#define TARGET_SIZE (sizeof(struct ds_refer_target) * 3)

ds_rc ds_session_refer(struct ds_session *session,
                       const struct ds_refer_target *target,
                       const char *referred_by,
                       ds_session_done_fn *done,
                       void *owner)
{
    char refer_to[TARGET_SIZE], headers[TARGET_SIZE + 512];
    bool says_who = referred_by != NULL;
    ds_refer_target_write(target, refer_to, sizeof refer_to);
    snprintf(headers, sizeof headers, "Refer-To: %s\r\n%s%.400s%s", refer_to,
             says_who ? "Referred-By: " : "", says_who ? referred_by : "", says_who ? "\r\n" : "");
    const struct ds_content content = {.extra_headers = headers};
    return ds_session_ask(session, "REFER", &content, done, owner);
}

void ds_session_report(struct ds_session *session, int status)
{
    ds_session_report_on(session, 0, status);
}

void ds_session_report_on(struct ds_session *session, uint32_t refer_cseq, int status)
{
    char fragment[64], headers[120], id[24] = "";
    ds_assert(status >= 100 && status < 700);
    int len =
        snprintf(fragment, sizeof fragment, "SIP/2.0 %d %s\r\n", status, ds_status_reason(status));
    if (refer_cseq != 0)
        snprintf(id, sizeof id, ";id=%u", refer_cseq);
    snprintf(headers, sizeof headers, "Event: refer%s\r\nSubscription-State: %s\r\n", id,
             status < 200 ? "active;expires=180" : "terminated;reason=noresource");
    const struct ds_content content = {.content_type = "message/sipfrag;version=2.0",
                                       .body = {fragment, (size_t)len},
                                       .extra_headers = headers};
    if (ds_session_ask(session, "NOTIFY", &content, NULL, NULL) != DS_OK)
        ds_ua_note(session->ua, "a report of %d could not be sent", status);
}

int ds_report_status(const struct ds_msg *notify)
{
    uint64_t status = 0;
    struct ds_slice event, params, protocol, word, fragment = ds_msg_body(notify);
    bool is_report = ds_msg_method_is(notify, "NOTIFY") &&
                     ds_msg_header(notify, "Event", 0, &event) &&
                     ds_slice_equal_nocase(ds_value_uri(event, &params), DS_LITERAL("refer"));
    bool is_line = is_report && ds_slice_cut(&fragment, ' ', &protocol) &&
                   ds_slice_equal(protocol, DS_LITERAL("SIP/2.0")) &&
                   ds_slice_cut(&fragment, ' ', &word);
    return is_line && ds_slice_number(word, 699, &status) == DS_OK ? (int)status : 0;
}
