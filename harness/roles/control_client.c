#include "control_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The client's end: it opens the session when it has signed in, has the telephone monitored, and
   knows the telephone's call by what it is told. */

enum line { LINE_IDLE, LINE_ASKED, LINE_ORIGINATED, LINE_DELIVERED, LINE_ESTABLISHED, LINE_FAILED };

struct ds_controller {
    struct ds_node *node;       /* borrowed: owns us */
    struct ds_session *session; /* owned; NULL once it is over */
    struct ds_buf body;
    bool monitored;
    enum line line;
    char device[64], call[32];
    char trouble[400]; /* why the line has failed */
};

static void fail(struct ds_controller *controller, const char *what, const char *why)
{
    controller->line = LINE_FAILED;
    snprintf(controller->trouble, sizeof controller->trouble, "%.60s: %.300s", what, why);
    ds_node_log(controller->node, 1, "%s", controller->trouble);
}

/* ---- services ---- */

static bool take_response(struct ds_controller *controller,
                          const struct ds_csta *said,
                          enum ds_csta_kind expected)
{
    if (said->kind == expected)
        return true;
    fail(controller, ds_csta_name(said->kind),
         said->kind == DS_CSTA_ERROR ? said->operation : "another response was expected");
    return false;
}

/* The CSTA of a 200; false where it is another answer. */
static bool read_response(struct ds_controller *controller,
                          int status,
                          const struct ds_msg *msg,
                          struct ds_csta *out)
{
    char text[16];
    struct ds_why why;
    if (status != 200 || msg == NULL) {
        snprintf(text, sizeof text, "%d", status);
        fail(controller, "the PBX refuses", text);
        return false;
    }
    if (ds_csta_read(ds_msg_body(msg), out, &why) != DS_OK) {
        fail(controller, "the PBX answers", why.text);
        return false;
    }
    return true;
}

static void call_made(void *owner, int status, const struct ds_msg *msg)
{
    struct ds_controller *controller = owner;
    struct ds_csta said;
    if (read_response(controller, status, msg, &said) &&
        take_response(controller, &said, DS_CSTA_MAKE_CALL_RESPONSE))
        ds_slice_copy(ds_slice_of(said.call), controller->call, sizeof controller->call);
}

static void monitor_started(void *owner, int status, const struct ds_msg *msg)
{
    struct ds_controller *controller = owner;
    struct ds_csta said;
    if (read_response(controller, status, msg, &said))
        controller->monitored = take_response(controller, &said, DS_CSTA_MONITOR_START_RESPONSE);
}

static ds_rc
ask(struct ds_controller *controller, const struct ds_csta *service, ds_session_done_fn *done)
{
    controller->body.len = 0;
    const struct ds_content content = ds_control_content(service, &controller->body);
    if (controller->session == NULL)
        return DS_STATE;
    return ds_session_ask(controller->session, "INFO", &content, done, controller);
}

/* ---- events ---- */

static void happened(struct ds_controller *controller, const struct ds_csta *event)
{
    static const enum line lines[DS_CSTA_KIND_COUNT] = {
        [DS_CSTA_ORIGINATED] = LINE_ORIGINATED,
        [DS_CSTA_DELIVERED] = LINE_DELIVERED,
        [DS_CSTA_ESTABLISHED] = LINE_ESTABLISHED,
    };

    bool is_event = lines[event->kind] != LINE_IDLE || event->kind == DS_CSTA_CONNECTION_CLEARED;
    if (!is_event)
        return;
    controller->line = lines[event->kind];
    ds_slice_copy(ds_slice_of(event->call), controller->call, sizeof controller->call);
    ds_node_log(controller->node, 2, "%s: %s", controller->node->place->controls->name,
                ds_csta_name(event->kind));
}

static void on_asked(void *owner, const struct ds_msg *msg)
{
    struct ds_controller *controller = owner;
    struct ds_csta event;
    struct ds_why why;
    bool read = ds_control_is_csta(msg) && ds_csta_read(ds_msg_body(msg), &event, &why) == DS_OK;
    ds_session_reply(controller->session, read ? 200 : 415, NULL);
    if (read)
        happened(controller, &event);
}

/* ---- the session ---- */

static void on_answered(void *owner, const struct ds_msg *msg)
{
    struct ds_controller *controller = owner;
    struct ds_csta said;
    struct ds_csta monitor = {.kind = DS_CSTA_MONITOR_START};
    if (!read_response(controller, ds_msg_status(msg), msg, &said) ||
        !take_response(controller, &said, DS_CSTA_REQUEST_SYSTEM_STATUS_RESPONSE))
        return;
    ds_slice_copy(ds_slice_of(controller->device), monitor.device, sizeof monitor.device);
    if (ask(controller, &monitor, monitor_started) != DS_OK)
        fail(controller, "MonitorStart", "it could not be sent");
}

static void on_refused(void *owner, int status, const struct ds_msg *msg)
{
    struct ds_controller *controller = owner;
    struct ds_csta none;
    (void)read_response(controller, status, msg, &none);
    ds_session_free(&controller->session);
}

static void on_ended(void *owner, const struct ds_msg *bye)
{
    struct ds_controller *controller = owner;
    (void)bye;
    controller->monitored = false;
    ds_session_free(&controller->session);
}

static const struct ds_session_events controller_events = {.answered = on_answered,
                                                           .refused = on_refused,
                                                           .asked = on_asked,
                                                           .ended = on_ended};

/* Where the telephone is controlled; a defect asks for one where there is none. */
static void aim(struct ds_controller *controller, char *to_uri, size_t size)
{
    const struct ds_topo_node *phone = controller->node->place->controls;
    if (phone == NULL) {
        snprintf(to_uri, size, "sip:csta@pbx.%s", controller->node->topo->domain);
        return;
    }
    ds_control_tel(phone->number, controller->device, sizeof controller->device);
    snprintf(to_uri, size, "sip:%s@%s", phone->number, phone->home->fqdn);
}

static ds_rc invite(struct ds_controller *controller,
                    const struct ds_hop *hop,
                    const char *contact,
                    struct ds_why *why)
{
    const struct ds_node *node = controller->node;
    const struct ds_csta status = {.kind = DS_CSTA_REQUEST_SYSTEM_STATUS};
    char to_uri[192], from_uri[192];
    aim(controller, to_uri, sizeof to_uri);
    snprintf(from_uri, sizeof from_uri, "sip:%s@%s", node->place->user->name, node->topo->domain);
    const struct ds_content content = ds_control_content(&status, &controller->body);
    const struct ds_invite invite = {.to_uri = to_uri,
                                     .from_uri = from_uri,
                                     .contact = contact,
                                     .hop = hop,
                                     .content_type = content.content_type,
                                     .body = content.body,
                                     .extra_headers = content.extra_headers};
    ds_rc rc = ds_session_invite(node->ua, &invite, &controller_events, controller,
                                 &controller->session, why);
    if (rc == DS_OK)
        ds_session_stay(controller->session);
    return rc;
}

ds_rc ds_controller_open(struct ds_node *node,
                         const struct ds_hop *hop,
                         const char *contact,
                         struct ds_controller **out,
                         struct ds_why *why)
{
    const struct ds_topo_node *phone = node->place->controls;
    bool direct = phone != NULL && ds_node_has_defect(node, "controls_past_the_pool");
    const struct ds_hop to_pbx = direct ? ds_node_hop(phone->home, DS_TCP, 0) : *hop;
    struct ds_controller *controller = calloc(1, sizeof *controller);
    if (controller == NULL)
        return ds_fail_memory(why);
    controller->node = node;
    ds_rc rc = invite(controller, &to_pbx, contact, why);
    if (rc != DS_OK)
        ds_controller_free(&controller);
    *out = controller;
    return rc;
}

void ds_controller_free(struct ds_controller **controller)
{
    if (*controller == NULL)
        return;
    ds_session_free(&(*controller)->session);
    ds_buf_clean_up(&(*controller)->body);
    free(*controller);
    *controller = NULL;
}

bool ds_controller_is_ready(const struct ds_controller *controller)
{
    return controller != NULL && controller->monitored;
}

/* ---- what the user does ---- */

static ds_rc no_line(const struct ds_node *node, struct ds_why *why)
{
    return ds_fail(why, DS_STATE, "%s controls no telephone: only a client with 'controls' does",
                   node->place->name);
}

ds_rc ds_node_make_call(struct ds_node *node, const char *number, struct ds_why *why)
{
    struct ds_controller *controller = ds_client_controller(node);
    struct ds_csta make = {.kind = DS_CSTA_MAKE_CALL};
    if (controller == NULL)
        return no_line(node, why);
    if (strlen(number) + sizeof "tel:" > sizeof make.called)
        return ds_fail(why, DS_BAD, "'%.40s' is too long for a number", number);
    ds_slice_copy(ds_slice_of(controller->device), make.device, sizeof make.device);
    ds_control_tel(number, make.called, sizeof make.called);
    controller->line = LINE_ASKED;
    if (ask(controller, &make, call_made) != DS_OK)
        return ds_fail(why, DS_STATE, "%s has no session with the PBX", node->place->name);
    return DS_OK;
}

ds_rc ds_node_clear_call(struct ds_node *node, struct ds_why *why)
{
    struct ds_controller *controller = ds_client_controller(node);
    struct ds_csta clear = {.kind = DS_CSTA_CLEAR_CONNECTION};
    if (controller == NULL)
        return no_line(node, why);
    if (controller->call[0] == '\0' || controller->line == LINE_IDLE)
        return ds_fail(why, DS_STATE, "%s knows of no call at %s", node->place->name,
                       node->place->controls->name);
    ds_slice_copy(ds_slice_of(controller->device), clear.device, sizeof clear.device);
    ds_slice_copy(ds_slice_of(controller->call), clear.call, sizeof clear.call);
    if (ask(controller, &clear, NULL) != DS_OK) /* the event tells */
        return ds_fail(why, DS_STATE, "%s has no session with the PBX", node->place->name);
    return DS_OK;
}

const char *ds_node_line(const struct ds_node *node, const char **trouble)
{
    static const char *const names[] = {"idle",      "asked",       "originated",
                                        "delivered", "established", "failed"};
    const struct ds_controller *controller = ds_client_controller(node);
    *trouble = controller == NULL ? "" : controller->trouble;
    return controller == NULL ? NULL : names[controller->line];
}
