#include "control_internal.h"
#include "trunk_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The PBX's end: it does with a telephone what the user's client asks, and tells what happens to
   calls there. A telephone makes a call when it is sent REFER (RFC 3515), as its set has no other
   word for that. */

struct control {
    struct ds_list link;
    struct ds_node *node;             /* borrowed */
    const struct ds_topo_node *phone; /* borrowed */
    struct ds_session *session;       /* owned; NULL once it is over */
    struct ds_buf body;
    bool monitored;
    char called[64]; /* by MakeCall, which is answered when the telephone calls; "" else */
};

void ds_controls_init(struct ds_controls *controls)
{
    ds_list_init(&controls->list);
}

void ds_controls_free(struct ds_controls *controls)
{
    struct ds_list *next;
    for (struct ds_list *at = controls->list.next; at != NULL && at != &controls->list; at = next) {
        struct control *control = DS_OWNER(at, struct control, link);
        next = at->next;
        ds_list_remove(&control->link);
        ds_session_free(&control->session);
        ds_buf_clean_up(&control->body);
        free(control);
    }
}

static struct control *find(const struct ds_controls *controls, const struct ds_topo_node *phone)
{
    for (struct ds_list *at = controls->list.next; at != &controls->list; at = at->next) {
        struct control *control = DS_OWNER(at, struct control, link);
        if (control->phone == phone)
            return control;
    }
    return NULL;
}

/* A call by the name that it has towards clients. */
static void name_call(const struct ds_bridge *bridge, char *out, size_t size)
{
    snprintf(out, size, "%08x", (unsigned)(ds_hash(ds_msg_call_id(bridge->invite)) & 0xffffffffu));
}

/* ---- answers and events ---- */

static void answer(struct control *control, const struct ds_csta *csta)
{
    control->body.len = 0;
    const struct ds_content content = ds_control_content(csta, &control->body);
    bool bare = csta->kind == DS_CSTA_CLEAR_CONNECTION_RESPONSE &&
                ds_node_has_defect(control->node, "answers_without_csta");
    ds_session_reply(control->session, 200, bare ? NULL : &content);
}

static void refuse(struct control *control, const char *operation)
{
    struct ds_csta error = {.kind = DS_CSTA_ERROR};
    ds_slice_copy(ds_slice_of(operation), error.operation, sizeof error.operation);
    answer(control, &error);
}

static void fill(const struct control *control,
                 const struct ds_bridge *bridge,
                 enum ds_csta_kind kind,
                 struct ds_csta *out)
{
    bool answers = kind == DS_CSTA_DELIVERED || kind == DS_CSTA_ESTABLISHED;
    *out = (struct ds_csta){.kind = kind, .monitor = "1"};
    name_call(bridge, out->call, sizeof out->call);
    ds_control_tel(bridge->caller, out->calling, sizeof out->calling);
    ds_control_tel(bridge->number, out->called, sizeof out->called);
    ds_control_tel(answers ? bridge->number : control->phone->number, out->device,
                   sizeof out->device);
}

static void tell(struct control *control, const struct ds_bridge *bridge, enum ds_csta_kind kind)
{
    struct ds_csta event;
    if (!control->monitored || control->session == NULL ||
        ds_node_has_defect(control->node, "keeps_events_to_itself"))
        return;
    fill(control, bridge, kind, &event);
    control->body.len = 0;
    const struct ds_content content = ds_control_content(&event, &control->body);
    if (ds_session_ask(control->session, "INFO", &content, NULL, NULL) != DS_OK)
        ds_node_log(control->node, 1, "%s cannot be told", ds_csta_name(kind));
}

/* The call that was asked for has begun. */
static void answer_make_call(struct control *control, const struct ds_bridge *bridge)
{
    struct ds_csta made = {.kind = DS_CSTA_MAKE_CALL_RESPONSE};
    if (control->called[0] == '\0')
        return;
    control->called[0] = '\0';
    name_call(bridge, made.call, sizeof made.call);
    ds_control_tel(control->phone->number, made.device, sizeof made.device);
    answer(control, &made);
}

void ds_control_tell(struct ds_controls *controls,
                     const struct ds_bridge *bridge,
                     enum ds_csta_kind kind)
{
    struct control *caller = find(controls, bridge->in.peer);
    struct control *callee = find(controls, bridge->out.peer);
    if (caller != NULL && kind == DS_CSTA_ORIGINATED)
        answer_make_call(caller, bridge);
    if (caller != NULL)
        tell(caller, bridge, kind);
    if (callee != NULL && callee != caller && kind != DS_CSTA_ORIGINATED)
        tell(callee, bridge, kind);
}

/* ---- services ---- */

static void referred(void *owner, int status, const struct ds_msg *msg)
{
    struct ds_node *node = owner;
    (void)msg;
    ds_node_log(node, status == 202 ? 3 : 1, "a telephone that is to call answers %d", status);
}

static ds_rc refer(const struct control *control, const char *number, struct ds_why *why)
{
    const struct ds_node *node = control->node;
    struct ds_addr_text here = ds_addr_ip_text(node->place->at);
    struct ds_hop hop = ds_node_hop(control->phone, DS_UDP, 0);
    char uri[96], from_uri[96], headers[256];
    snprintf(uri, sizeof uri, "sip:%s@%s", control->phone->number,
             ds_addr_ip_text(control->phone->at).text);
    snprintf(from_uri, sizeof from_uri, "sip:%s@%s", node->place->name, here.text);
    snprintf(headers, sizeof headers,
             "Refer-To: <sip:%s@%s>\r\nRefer-Sub: false\r\nSupported: norefersub\r\n", number,
             here.text);
    const struct ds_plain_request request = {
        .method = "REFER", .uri = uri, .from_uri = from_uri, .extra_headers = headers, .hop = &hop};
    return ds_ua_request(node->ua, &request, referred, control->node, why);
}

static bool is_number(const char *text)
{
    size_t len = strlen(text);
    return len > 0 && strspn(text, "+0123456789*#") == len;
}

static void make_call(struct control *control, const struct ds_csta *asked)
{
    const char *number = asked->called;
    struct ds_why why;
    if (ds_slice_starts_nocase(ds_slice_of(number), DS_LITERAL("tel:")))
        number += strlen("tel:");
    if (!is_number(number)) {
        refuse(control, "invalidCalledDeviceID");
        return;
    }
    ds_slice_copy(ds_slice_of(number), control->called, sizeof control->called);
    if (ds_node_has_defect(control->node, "promises_calls")) {
        answer(control, &(struct ds_csta){.kind = DS_CSTA_MAKE_CALL_RESPONSE, .call = "1"});
        control->called[0] = '\0';
    } else if (refer(control, control->called, &why) != DS_OK) {
        control->called[0] = '\0';
        refuse(control, "genericOperation");
    }
}

static void clear_connection(struct control *control, const struct ds_csta *asked)
{
    const struct ds_bridges *bridges = ds_node_bridges(control->node);
    char name[sizeof asked->call];
    for (struct ds_list *at = bridges->list.next; at != &bridges->list; at = at->next) {
        struct ds_bridge *bridge = DS_OWNER(at, struct ds_bridge, link);
        name_call(bridge, name, sizeof name);
        bool has_part = bridge->in.peer == control->phone || bridge->out.peer == control->phone;
        if (!has_part || strcmp(name, asked->call) != 0)
            continue;
        answer(control, &(struct ds_csta){.kind = DS_CSTA_CLEAR_CONNECTION_RESPONSE});
        ds_bridge_hang_up(bridge);
        return;
    }
    refuse(control, "invalidConnectionID");
}

static void start_monitor(struct control *control)
{
    control->monitored = true;
    answer(control, &(struct ds_csta){.kind = DS_CSTA_MONITOR_START_RESPONSE, .monitor = "1"});
}

static void serve(struct control *control, const struct ds_csta *asked)
{
    char own[sizeof asked->device];
    ds_control_tel(control->phone->number, own, sizeof own);
    bool is_own = strcmp(asked->device, own) == 0;
    if (asked->kind == DS_CSTA_CLEAR_CONNECTION)
        clear_connection(control, asked);
    else if (asked->kind != DS_CSTA_MAKE_CALL && asked->kind != DS_CSTA_MONITOR_START)
        refuse(control, "genericOperation");
    else if (!is_own)
        refuse(control, "invalidDeviceID");
    else if (asked->kind == DS_CSTA_MAKE_CALL)
        make_call(control, asked);
    else
        start_monitor(control);
}

static void on_asked(void *owner, const struct ds_msg *msg)
{
    struct control *control = owner;
    struct ds_csta asked;
    struct ds_why why = {""};
    if (!ds_control_is_csta(msg)) {
        ds_session_reply(control->session, 415, NULL);
    } else if (ds_csta_read(ds_msg_body(msg), &asked, &why) != DS_OK) {
        ds_node_log(control->node, 1, "%s", why.text);
        ds_session_reply(control->session, 400, NULL);
    } else {
        serve(control, &asked);
    }
}

/* ---- the session ---- */

static void on_ended(void *owner, const struct ds_msg *bye)
{
    struct control *control = owner;
    (void)bye;
    control->monitored = false;
    control->called[0] = '\0';
    ds_session_free(&control->session);
}

static const struct ds_session_events control_events = {.cancelled = on_ended,
                                                        .asked = on_asked,
                                                        .ended = on_ended};

static struct control *
find_or_make(struct ds_controls *controls, struct ds_node *node, const struct ds_topo_node *phone)
{
    struct control *control = find(controls, phone);
    if (control != NULL)
        return control;
    control = calloc(1, sizeof *control);
    if (control == NULL)
        return NULL;
    control->node = node;
    control->phone = phone;
    ds_list_append(&controls->list, &control->link);
    return control;
}

/* Whose telephone it is about; NULL: nobody's here. */
static const struct ds_topo_node *phone_of(const struct ds_node *node, const struct ds_msg *msg)
{
    char number[64];
    ds_node_number(ds_msg_request_uri(msg), number, sizeof number);
    const struct ds_topo_node *phone = ds_topo_owner(node->topo, ds_slice_of(number));
    return ds_is_own_station(node, phone) ? phone : NULL;
}

static int
status_for(const struct ds_node *node, const struct ds_msg *msg, const struct ds_topo_node *phone)
{
    struct ds_csta asked;
    if (!node->place->csta)
        return 415;
    if (phone == NULL)
        return 404;
    return ds_csta_read(ds_msg_body(msg), &asked, NULL) == DS_OK &&
                   asked.kind == DS_CSTA_REQUEST_SYSTEM_STATUS
               ? 200
               : 400;
}

void ds_control_take(struct ds_controls *controls,
                     struct ds_node *node,
                     struct ds_session *session,
                     const struct ds_msg *msg)
{
    const struct ds_csta normal = {.kind = DS_CSTA_REQUEST_SYSTEM_STATUS_RESPONSE};
    const struct ds_topo_node *phone = phone_of(node, msg);
    int status = status_for(node, msg, phone);
    struct control *control = status == 200 ? find_or_make(controls, node, phone) : NULL;
    if (status == 200 && control == NULL)
        status = 503;
    else if (control != NULL && control->session != NULL)
        status = 486;
    if (status != 200) {
        ds_session_refuse(session, status, &(struct ds_content){0});
        ds_session_free(&session);
        return;
    }
    control->session = session;
    ds_session_own(session, &control_events, control);
    ds_session_stay(session);
    control->body.len = 0;
    const struct ds_content content = ds_control_content(&normal, &control->body);
    ds_session_answer(session, &content);
}
