#include "conference_internal.h"
#include "transfer_internal.h"

#include <stdio.h>
#include <string.h>

/* The A/V conferencing server of a front end pool (RFC 4579). Who calls its factory has made a
   conference; who is in one may have others called into it, and a call moved to it (Replaces). Who
   leaves, leaves alone; with the last the conference is over. */

static ds_rc conferencing_start(struct ds_node *node, void *state, struct ds_why *why)
{
    (void)node;
    (void)why;
    ds_list_init(&((struct ds_conferences *)state)->list);
    return DS_OK;
}

/* ---- whom it calls ---- */

static void write_contact(const struct ds_node *node, const char *id, char *out, size_t size)
{
    const struct ds_topo_node *place = node->place;
    const char *mark = ds_node_has_defect(node, "hides_focus") ? "" : ";isfocus";
    bool tls = ds_topo_port(place, DS_TLS) != 0;
    snprintf(out, size, "<sip:%s@%s:%u;transport=%s>%s", id, place->fqdn,
             ds_topo_port(place, tls ? DS_TLS : DS_TCP), tls ? "tls" : "tcp", mark);
}

/* It calls in the name of whoever asked: so the pool looks at that user's policy, and trunks show
 * that user's number. */
static void write_headers(struct ds_end *end, const struct ds_dial *dial)
{
    char name[64];
    const struct ds_topo *topo = end->node->topo;
    ds_node_number(ds_slice_of(dial->referred_by), name, sizeof name);
    const struct ds_topo_node *user = ds_topo_find(topo, ds_slice_of(name));
    end->headers[0] = '\0';
    if (user != NULL && user->number != NULL)
        snprintf(end->headers, sizeof end->headers, "P-Asserted-Identity: <sip:%s@%s>,<tel:%s>\r\n",
                 user->name, topo->domain, user->number);
    ds_line_write_referral(end, dial);
}

static ds_rc place_call(struct ds_end *end,
                        const struct ds_dial *dial,
                        struct ds_invite *invite,
                        struct ds_why *why)
{
    const struct ds_node *node = end->node;
    const struct ds_topo_node *pool = ds_topo_first(node->topo, DS_ROLE_POOL);
    if (ds_line_write_uri(end, dial->uri, why) != DS_OK)
        return DS_BAD;
    snprintf(end->from_uri, sizeof end->from_uri, "sip:%s@%s", dial->from, node->place->fqdn);
    write_contact(node, dial->from, end->contact, sizeof end->contact);
    write_headers(end, dial);
    end->hop = ds_node_hop(pool, DS_TLS, 0);
    invite->to_uri = end->to_uri;
    invite->from_uri = end->from_uri;
    invite->contact = end->contact;
    invite->extra_headers = end->headers;
    invite->hop = &end->hop;
    return DS_OK;
}

static const struct ds_line conference_line;

/* RFC 4579 5.5. */
static void call_target(struct ds_member *asker,
                        const struct ds_refer_target *target,
                        const char *who,
                        uint32_t refer_cseq)
{
    struct ds_why why;
    struct ds_end *fresh = NULL;
    struct ds_conference *conference = asker->conference;
    const struct ds_dial dial = {.number = target->uri,
                                 .uri = target->uri,
                                 .from = conference->id,
                                 .replaces = target->replaces,
                                 .referred_by = who};
    struct ds_member *member = ds_conference_add(conference, asker->end);
    if (member == NULL) {
        ds_session_reply(asker->end->session, 503, NULL);
        return;
    }
    member->refer_cseq = refer_cseq;
    ds_session_reply(asker->end->session, 202, NULL);
    ds_member_report(member, 100);
    ds_rc rc = ds_end_outgoing(conference->node, &conference_line, &dial, &fresh, &why);
    if (rc == DS_OK) {
        ds_member_hold(member, fresh);
        return;
    }
    ds_node_log(conference->node, 1, "cannot call %s: %s", target->uri, why.text);
    ds_member_report(member, 503);
    ds_member_free(member);
}

static void on_refer(struct ds_end *end, const struct ds_msg *refer)
{
    char who[256] = "";
    struct ds_refer_target target;
    struct ds_slice value;
    if (end->part == NULL || !ds_refer_target_read(refer, &target)) {
        ds_session_reply(end->session, 400, NULL);
        return;
    }
    if (ds_msg_header(refer, "Referred-By", 0, &value))
        ds_slice_copy(value, who, sizeof who);
    call_target(end->part, &target, who, ds_msg_cseq(refer));
}

static const struct ds_line conference_line = {
    .style = DS_SDP_CLIENT,
    .codecs = DS_CODECS_G711,
    .place_call = place_call,
    .refer = on_refer,
    .became = ds_member_became,
};

/* ---- who calls it ---- */

static void refuse(struct ds_session *session, int status)
{
    ds_session_refuse(session, status, &(struct ds_content){0});
    ds_session_free(&session);
}

static void
join(struct ds_conference *conference, struct ds_session *session, const struct ds_msg *msg)
{
    struct ds_why why;
    struct ds_node *node = conference->node;
    struct ds_member *member = ds_conference_add(conference, NULL);
    struct ds_end *end =
        member == NULL ? NULL : ds_end_incoming(node, &conference_line, session, msg);
    if (member == NULL)
        refuse(session, 503);
    if (end == NULL) {
        if (member != NULL)
            ds_member_free(member);
        ds_conference_settle(conference);
        return;
    }
    ds_member_hold(member, end);
    write_contact(node, conference->id, end->contact, sizeof end->contact);
    if (ds_end_answer(end, &why) != DS_OK)
        ds_node_log(node, 1, "%s", why.text);
}

static void conferencing_invite(struct ds_node *node,
                                void *state,
                                struct ds_session *session,
                                const struct ds_msg *msg)
{
    char user[64];
    (void)state;
    ds_node_number(ds_msg_request_uri(msg), user, sizeof user);
    bool is_factory = strcmp(user, DS_CONFERENCE_FACTORY) == 0;
    struct ds_conference *conference =
        is_factory ? ds_conference_new(node) : ds_conference_find(node, user);
    if (conference == NULL)
        refuse(session, is_factory ? 503 : 404);
    else
        join(conference, session, msg);
}

static void conferencing_stop(struct ds_node *node, void *state)
{
    struct ds_list *head = &((struct ds_conferences *)state)->list;
    (void)node;
    while (head->next != NULL && !ds_list_empty(head))
        ds_conference_free(DS_OWNER(head->next, struct ds_conference, link));
}

const struct ds_role ds_role_conferencing = {
    .kind = DS_ROLE_CONFERENCING,
    .state_size = sizeof(struct ds_conferences),
    .start = conferencing_start,
    .invite = conferencing_invite,
    .stop = conferencing_stop,
};
