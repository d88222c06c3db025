#include "roles_internal.h"

#include <stdio.h>
#include <string.h>

/* Misbehaviours that need no decision of a role: a message is written otherwise as it leaves. */

#define LONGEST_VALUE 512

/* One thing that may be wrong with a message, and which messages it is done to. */
struct spoil {
    const char *defect;
    bool (*concerns)(const struct ds_msg *msg);
    ds_rc (*rewrite)(const struct ds_msg *msg, struct ds_msg **out);
};

/* ---- which messages ---- */

static bool is_request(const struct ds_msg *msg)
{
    return ds_msg_is_request(msg);
}

static bool requests(const struct ds_msg *msg, const char *method)
{
    return ds_msg_is_request(msg) && ds_msg_method_is(msg, method);
}

static bool is_ack(const struct ds_msg *msg)
{
    return requests(msg, "ACK");
}

static bool is_prack(const struct ds_msg *msg)
{
    return requests(msg, "PRACK");
}

static bool is_bye(const struct ds_msg *msg)
{
    return requests(msg, "BYE");
}

static bool is_cancel(const struct ds_msg *msg)
{
    return requests(msg, "CANCEL");
}

static bool is_new_invite(const struct ds_msg *msg)
{
    return requests(msg, "INVITE") && ds_msg_to_tag(msg).len == 0;
}

static bool is_invite_again(const struct ds_msg *msg)
{
    return requests(msg, "INVITE") && ds_msg_to_tag(msg).len > 0;
}

static bool answers_invite(const struct ds_msg *msg, int low, int high)
{
    int status = ds_msg_status(msg);
    return ds_msg_method_is(msg, "INVITE") && status >= low && status <= high;
}

static bool is_provisional(const struct ds_msg *msg)
{
    return answers_invite(msg, 101, 199);
}

static bool is_answer(const struct ds_msg *msg)
{
    return answers_invite(msg, 200, 299);
}

/* ---- what becomes of them ---- */

static ds_rc without_max_forwards(const struct ds_msg *msg, struct ds_msg **out)
{
    return ds_msg_set(msg, "Max-Forwards", NULL, out);
}

static ds_rc without_contact(const struct ds_msg *msg, struct ds_msg **out)
{
    return ds_msg_set(msg, "Contact", NULL, out);
}

static ds_rc with_max_forwards_kept(const struct ds_msg *msg, struct ds_msg **out)
{
    struct ds_slice value = {NULL, 0};
    uint64_t number = 0;
    char raised[24];
    ds_msg_header(msg, "Max-Forwards", 0, &value);
    if (ds_slice_number(value, 254, &number) != DS_OK)
        return DS_BAD;
    snprintf(raised, sizeof raised, "%u", (unsigned)number + 1);
    return ds_msg_set(msg, "Max-Forwards", raised, out);
}

/* The value of a header up to a parameter, then `instead`. */
static ds_rc without_identity(const struct ds_msg *msg, struct ds_msg **out)
{
    return ds_msg_set(msg, "P-Asserted-Identity", NULL, out);
}

static ds_rc with_tail(const struct ds_msg *msg,
                       const char *name,
                       const char *param,
                       const char *instead,
                       struct ds_msg **out)
{
    char text[LONGEST_VALUE];
    struct ds_slice value = {NULL, 0};
    size_t at;
    if (!ds_msg_header(msg, name, 0, &value) || !ds_slice_find(value, ds_slice_of(param), &at))
        return DS_BAD;
    snprintf(text, sizeof text, "%.*s%s", (int)at, value.at, instead);
    return ds_msg_set(msg, name, text, out);
}

static ds_rc with_another_from_tag(const struct ds_msg *msg, struct ds_msg **out)
{
    return with_tail(msg, "From", ";tag=", ";tag=0bad0bad", out);
}

static ds_rc with_another_to_tag(const struct ds_msg *msg, struct ds_msg **out)
{
    return with_tail(msg, "To", ";tag=", ";tag=0bad0bad", out);
}

static ds_rc without_to_tag(const struct ds_msg *msg, struct ds_msg **out)
{
    return with_tail(msg, "To", ";tag=", "", out);
}

/* Of what has one Via: a request of our own. */
static ds_rc with_branch(const struct ds_msg *msg, const char *branch, struct ds_msg **out)
{
    char text[LONGEST_VALUE];
    struct ds_slice via = {NULL, 0};
    size_t at;
    if (!ds_msg_value(msg, "Via", 0, &via) || !ds_slice_find(via, DS_LITERAL(";branch="), &at))
        return DS_BAD;
    snprintf(text, sizeof text, "%.*s;branch=%s", (int)at, via.at, branch);
    return ds_msg_set(msg, "Via", text, out);
}

static ds_rc with_a_new_branch(const struct ds_msg *msg, struct ds_msg **out)
{
    return with_branch(msg, "z9hG4bK0bad0bad", out);
}

static ds_rc with_an_old_branch(const struct ds_msg *msg, struct ds_msg **out)
{
    char branch[LONGEST_VALUE];
    struct ds_slice own = ds_msg_branch(msg);
    if (!ds_slice_starts(own, DS_LITERAL("z9hG4bK")))
        return DS_BAD;
    snprintf(branch, sizeof branch, "%.*s", DS_FMT(ds_slice_from(own, 7)));
    return with_branch(msg, branch, out);
}

/* All but the topmost are those of elements before us: without them nobody there is found again. */
static ds_rc with_one_via(const struct ds_msg *msg, struct ds_msg **out)
{
    char text[LONGEST_VALUE];
    struct ds_slice via = {NULL, 0};
    if (!ds_msg_value(msg, "Via", 0, &via))
        return DS_BAD;
    snprintf(text, sizeof text, "%.*s", DS_FMT(via));
    return ds_msg_set(msg, "Via", text, out);
}

static ds_rc with_cseq(const struct ds_msg *msg, uint32_t number, struct ds_msg **out)
{
    char text[64];
    snprintf(text, sizeof text, "%u %.*s", number, DS_FMT(ds_msg_method(msg)));
    return ds_msg_set(msg, "CSeq", text, out);
}

static ds_rc with_the_first_cseq(const struct ds_msg *msg, struct ds_msg **out)
{
    return with_cseq(msg, 1, out);
}

static ds_rc with_the_last_cseq(const struct ds_msg *msg, struct ds_msg **out)
{
    return with_cseq(msg, ds_msg_cseq(msg) - 1, out);
}

static ds_rc with_the_next_cseq(const struct ds_msg *msg, struct ds_msg **out)
{
    return with_cseq(msg, ds_msg_cseq(msg) + 1, out);
}

static ds_rc with_another_rack(const struct ds_msg *msg, struct ds_msg **out)
{
    char text[64];
    struct ds_rack rack;
    if (!ds_msg_rack(msg, &rack))
        return DS_BAD;
    snprintf(text, sizeof text, "%u %u %.*s", rack.rseq + 1, rack.cseq, DS_FMT(rack.method));
    return ds_msg_set(msg, "RAck", text, out);
}

/* Counted up on the way there, and down again on the way back. */
static ds_rc with_another_number(const struct ds_msg *msg, struct ds_msg **out)
{
    uint32_t number = ds_msg_cseq(msg);
    return with_cseq(msg, ds_msg_is_request(msg) ? number + 100 : number - 100, out);
}

/* Marked on the way there, and unmarked on the way back, so that the caller knows it again. */
static ds_rc with_another_call_id(const struct ds_msg *msg, struct ds_msg **out)
{
    char text[LONGEST_VALUE];
    struct ds_slice call_id = ds_msg_call_id(msg);
    if (ds_msg_is_request(msg))
        snprintf(text, sizeof text, "0bad%.*s", DS_FMT(call_id));
    else if (ds_slice_starts(call_id, DS_LITERAL("0bad")))
        snprintf(text, sizeof text, "%.*s", DS_FMT(ds_slice_from(call_id, 4)));
    else
        return DS_BAD;
    return ds_msg_set(msg, "Call-ID", text, out);
}

static bool is_of_a_call(const struct ds_msg *msg)
{
    return !ds_msg_method_is(msg, "REGISTER") && !ds_msg_method_is(msg, "OPTIONS");
}

static const struct spoil spoils[] = {
    {"no_max_forwards", is_request, without_max_forwards},
    {"invites_without_contact", is_new_invite, without_contact},
    {"old_branch", is_new_invite, with_an_old_branch},
    {"changes_from_tag", is_provisional, with_another_from_tag},
    {"drops_vias", is_provisional, with_one_via},
    {"rings_without_tag", is_provisional, without_to_tag},
    {"answers_without_tag", is_answer, without_to_tag},
    {"acks_another_branch", is_ack, with_a_new_branch},
    {"acks_another_number", is_ack, with_the_next_cseq},
    {"pracks_another_response", is_prack, with_another_rack},
    {"cancels_another_branch", is_cancel, with_a_new_branch},
    {"repeats_number", is_invite_again, with_the_last_cseq},
    {"stale_bye", is_bye, with_the_first_cseq},
    {"answers_without_contact", is_answer, without_contact},
    {"byes_another_tag", is_bye, with_another_to_tag},
    {"changes_call_id", is_of_a_call, with_another_call_id},
    {"changes_number", is_of_a_call, with_another_number},
    {"strips_identity", is_new_invite, without_identity},
    {"keeps_max_forwards", is_request, with_max_forwards_kept},
};

static struct ds_msg *spoil_message(void *owner, const struct ds_msg *msg, const struct ds_hop *hop)
{
    const struct ds_node *node = owner;
    struct ds_msg *spoiled = NULL;
    (void)hop;
    for (size_t i = 0; i < DS_COUNT(spoils); i++)
        if (ds_node_has_defect(node, spoils[i].defect) && spoils[i].concerns(msg) &&
            spoils[i].rewrite(msg, &spoiled) == DS_OK)
            return spoiled;
    return ds_msg_ref(msg);
}

void ds_node_spoil(struct ds_node *node)
{
    for (size_t i = 0; i < DS_COUNT(spoils); i++)
        if (ds_node_has_defect(node, spoils[i].defect))
            ds_sip_spoil(ds_ua_sip(node->ua), spoil_message, node);
}
