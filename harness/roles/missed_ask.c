#include "missed_internal.h"
#include "pool_internal.h"

#include <stdio.h>
#include <stdlib.h>

/* The pool's end: a session with a server, in which one INFO says who has called whom. Published is
   that it is an INFO, and what it says; not its form. Here that is what there was of the call (RFC
   3420). */

struct note {
    struct ds_list link;
    struct ds_node *node;            /* borrowed */
    const struct ds_topo_node *user; /* borrowed */
    struct ds_session *session;      /* owned */
    size_t next;                     /* of the servers */
    struct ds_timer silence;
    struct ds_buf body;
};

static void forget(struct note *note)
{
    ds_timer_stop(ds_net_clock(note->node->net), &note->silence);
    ds_session_free(&note->session);
    ds_buf_clean_up(&note->body);
    ds_list_remove(&note->link);
    free(note);
}

void ds_missed_asks_free(struct ds_list *notes)
{
    struct ds_list *next;
    for (struct ds_list *at = notes->next; at != notes; at = next) {
        next = at->next;
        forget(DS_OWNER(at, struct note, link));
    }
}

struct ds_slice ds_missed_description(const struct ds_node *node, struct ds_buf *out)
{
    const char *at = ds_addr_ip_text(node->place->at).text;
    ds_buf_print(out,
                 "v=0\r\no=- 0 0 IN IP4 %s\r\ns=session\r\nc=IN IP4 %s\r\nt=0 0\r\n"
                 "m=application 9 SIP *\r\n",
                 at, at);
    return ds_buf_slice(out);
}

/* ---- in the session ---- */

static void told(void *owner, int status, const struct ds_msg *msg)
{
    struct note *note = owner;
    (void)msg;
    ds_node_log(note->node, 2, "a missed call of %s is noted: %d", note->user->name, status);
    ds_session_hang_up(note->session, NULL);
}

static void on_answered(void *owner, const struct ds_msg *msg)
{
    struct note *note = owner;
    const struct ds_content content = {.content_type = "message/sipfrag;version=2.0",
                                       .body = ds_buf_slice(&note->body)};
    (void)msg;
    ds_timer_stop(ds_net_clock(note->node->net), &note->silence);
    if (ds_session_ask(note->session, "INFO", &content, told, note) != DS_OK)
        ds_session_hang_up(note->session, NULL);
}

static void try_next(struct note *note);

static void on_refused(void *owner, int status, const struct ds_msg *msg)
{
    struct note *note = owner;
    (void)status;
    (void)msg;
    ds_session_free(&note->session);
    try_next(note);
}

static void on_ended(void *owner, const struct ds_msg *bye)
{
    (void)bye;
    forget(owner);
}

/* ---- one server after the other ---- */

static ds_rc call_server(struct note *note, const struct ds_topo_node *server, struct ds_why *why)
{
    static const struct ds_session_events events = {
        .answered = on_answered, .refused = on_refused, .ended = on_ended};
    const struct ds_node *node = note->node;
    const struct ds_hop hop = ds_pool_hop_to_mail(server);
    char to_uri[192], from_uri[192];
    struct ds_buf sdp = {.at = NULL};
    snprintf(to_uri, sizeof to_uri, "sip:%s@%s", note->user->name, node->topo->domain);
    snprintf(from_uri, sizeof from_uri, "sip:%s@%s", node->place->name, node->topo->domain);
    const struct ds_invite invite = {.to_uri = to_uri,
                                     .from_uri = from_uri,
                                     .hop = &hop,
                                     .body = ds_missed_description(node, &sdp)};
    ds_rc rc = sdp.broken
                   ? ds_fail_memory(why)
                   : ds_session_invite(node->ua, &invite, &events, note, &note->session, why);
    ds_buf_clean_up(&sdp);
    if (rc == DS_OK)
        ds_session_stay(note->session);
    return rc;
}

/* It is waited for as long as with a call. */
static void server_is_silent(struct ds_timer *timer)
{
    struct note *note = DS_OWNER(timer, struct note, silence);
    ds_session_free(&note->session);
    try_next(note);
}

static void try_next(struct note *note)
{
    struct ds_why why;
    struct ds_node *node = note->node;
    const struct ds_voice_mail *mail = &node->topo->voice_mail;
    struct ds_clock *clock = ds_net_clock(node->net);
    note->silence.whose = ds_addr_ip4(&node->place->at);
    ds_timer_stop(clock, &note->silence);
    while (note->next < mail->server_count)
        if (call_server(note, mail->servers[note->next++], &why) == DS_OK &&
            ds_timer_start(clock, &note->silence, mail->wait_us, server_is_silent) == DS_OK)
            return;
    ds_node_log(node, 1, "nobody notes a missed call of %s", note->user->name);
    forget(note);
}

/* ---- the note ---- */

static void copy(const struct ds_msg *msg, const char *header, struct ds_buf *out)
{
    struct ds_slice value;
    if (ds_msg_header(msg, header, 0, &value))
        ds_buf_print(out, "%s: %.*s\r\n", header, DS_FMT(value));
}

void ds_missed_ask(struct ds_node *node,
                   struct ds_list *notes,
                   const struct ds_msg *invite,
                   const struct ds_topo_node *user)
{
    struct ds_slice uri = ds_msg_request_uri(invite);
    struct note *note = calloc(1, sizeof *note);
    if (note == NULL)
        return;
    note->node = node;
    note->user = user;
    ds_list_append(notes, &note->link);
    ds_buf_print(&note->body, "INVITE %.*s SIP/2.0\r\n", DS_FMT(uri));
    copy(invite, "From", &note->body);
    copy(invite, "To", &note->body);
    copy(invite, "P-Asserted-Identity", &note->body);
    if (note->body.broken)
        forget(note);
    else
        try_next(note);
}
