#include "backup_internal.h"
#include "control_internal.h"
#include "crypto_internal.h"
#include "emergency_internal.h"
#include "registration_internal.h"
#include "transfer_internal.h"
#include "waiting_internal.h"

#include <stdio.h>

/* A Lync 2013 client or a Lync phone: signs in, calls by E.164 or extension, and chooses, of what a
   Mediation Server shows it, the gateway's own audio where the bypass IDs are equal
   (domain.md 2.1). */

struct client {
    struct ds_registration own, backup; /* at its pool, and at the backup of that */
    struct ds_registration *at;         /* by which of the two calls go */
    bool arrives;                       /* it has not been signed in by that one yet */
    void (*gone)(struct ds_node *node); /* told once it has signed out */
    struct ds_controller *controller;   /* owned; NULL where no telephone is controlled */
    struct ds_waiting *waiting;         /* owned; NULL where it is told of no messages */
    struct ds_pool_watch watch;
};

static void client_contact(const struct ds_node *node, char *out, size_t size)
{
    const struct client *client = node->state;
    ds_registration_contact(client->at, out, size);
}

static void signed_out(void *owner, int status, const struct ds_msg *msg)
{
    struct ds_node *node = owner;
    const struct client *client = node->state;
    (void)msg;
    client->at->held = false;
    ds_node_log(node, 2, "sign-out: %d", status);
    client->gone(node);
}

static void open_control(struct ds_node *node, struct client *client)
{
    char contact[256];
    struct ds_why why;
    client_contact(node, contact, sizeof contact);
    if (ds_controller_open(node, &client->at->hop, contact, &client->controller, &why) != DS_OK)
        ds_node_log(node, 1, "no session with the PBX: %s", why.text);
}

static void open_waiting(struct ds_node *node, struct client *client)
{
    char contact[256];
    struct ds_why why;
    client_contact(node, contact, sizeof contact);
    ds_waiting_free(&client->waiting);
    if (ds_waiting_open(node, &client->at->hop, contact, &client->waiting, &why) != DS_OK)
        ds_node_log(node, 1, "it is told of no messages: %s", why.text);
}

static void left_backup(void *owner, int status, const struct ds_msg *msg)
{
    (void)msg;
    ds_node_log(owner, 2, "sign-out of the backup: %d", status);
}

/* Who has come back from outside cannot get to the backup to sign out. */
static void leave_backup(struct ds_node *node, struct client *client)
{
    struct ds_why why;
    if (client->at == &client->backup || !client->backup.wanted)
        return;
    if (node->place->home->role == DS_ROLE_EDGE)
        ds_registration_stop(&client->backup);
    else if (ds_registration_end(&client->backup, left_backup, &why) != DS_OK)
        ds_node_log(node, 1, "cannot sign out of the backup: %s", why.text);
}

/* What a client does once it is signed in; its renewals change nothing. */
static void signed_in(struct ds_node *node)
{
    struct client *client = node->state;
    if (!client->arrives || !client->at->held)
        return;
    client->arrives = false;
    if (node->place->controls != NULL || ds_node_has_defect(node, "controls_anyway"))
        open_control(node, client);
    if (node->topo->voice_mail.notices && node->place->user->handling.voice_mail)
        open_waiting(node, client);
    leave_backup(node, client);
}

ds_rc ds_client_sign_in(struct ds_node *node, struct ds_why *why)
{
    struct client *client = node->state;
    client->arrives = true;
    return ds_registration_ask(client->at, why);
}

ds_rc ds_client_sign_out(struct ds_node *node,
                         void (*gone)(struct ds_node *node),
                         struct ds_why *why)
{
    struct client *client = node->state;
    client->gone = gone;
    ds_waiting_end(client->waiting);
    return ds_registration_end(client->at, signed_out, why);
}

/* Calls go by the pool that the client is signed in at, or signs in at: the other one is lost. From
   outside the way is the same, and where it leads is the Edge's business. */
static void change_pool(struct ds_node *node, const struct ds_topo_node *pool)
{
    struct ds_why why;
    struct client *client = node->state;
    bool comes_back = pool == ds_topo_pool(node->place);
    client->at = comes_back ? &client->own : &client->backup;
    if (!comes_back)
        ds_registration_stop(&client->own);
    if (ds_client_sign_in(node, &why) != DS_OK)
        ds_node_log(node, 1, "cannot sign in at %s: %s", pool->name, why.text);
}

static struct ds_registration registration_at(struct ds_node *node, const struct ds_topo_node *pool)
{
    return (struct ds_registration){
        .node = node, .hop = ds_node_hop(pool, DS_TLS, 0), .taken = signed_in};
}

static ds_rc client_start(struct ds_node *node, void *state, struct ds_why *why)
{
    struct client *client = state;
    const struct ds_topo_node *home = node->place->home, *backup = ds_topo_backup(node->place);
    bool outside = home->role == DS_ROLE_EDGE;
    if (home->home != NULL && ds_node_has_defect(node, "skips_edge"))
        home = home->home;
    client->own = registration_at(node, home);
    if (backup != NULL)
        client->backup = registration_at(node, outside ? home : backup);
    client->at = &client->own;
    ds_rc rc = ds_client_sign_in(node, why);
    return rc == DS_OK ? ds_pool_watch_start(&client->watch, node, change_pool, why) : rc;
}

static bool client_ready(const struct ds_node *node, const void *state)
{
    const struct client *client = state;
    return client->at->held && ds_waiting_is_ready(client->waiting) &&
           (node->place->controls == NULL || ds_controller_is_ready(client->controller));
}

static void client_stop(struct ds_node *node, void *state)
{
    struct client *client = state;
    (void)node;
    ds_pool_watch_stop(&client->watch);
    ds_registration_stop(&client->own);
    ds_registration_stop(&client->backup);
    ds_controller_free(&client->controller);
    ds_waiting_free(&client->waiting);
}

const struct ds_waiting *ds_client_waiting(const struct ds_node *node)
{
    bool is_there = node->place->role == DS_ROLE_CLIENT && node->ua != NULL;
    return is_there ? ((const struct client *)node->state)->waiting : NULL;
}

struct ds_controller *ds_client_controller(const struct ds_node *node)
{
    bool is_there = node->place->controls != NULL && node->ua != NULL;
    return is_there ? ((const struct client *)node->state)->controller : NULL;
}

extern const struct ds_line ds_client_line;

static void client_invite(struct ds_node *node,
                          void *state,
                          struct ds_session *session,
                          const struct ds_msg *msg)
{
    struct ds_slice value;
    bool replaces = ds_msg_header(msg, "Replaces", 0, &value);
    struct ds_end *old = replaces ? ds_end_replaced(node, msg) : NULL;
    (void)state;
    if (replaces && old == NULL) { /* RFC 3891 3 */
        ds_session_refuse(session, 481, &(struct ds_content){0});
        ds_session_free(&session);
        return;
    }
    struct ds_end *end = ds_end_incoming(node, &ds_client_line, session, msg);
    if (old != NULL && end != NULL)
        ds_end_replace(old, end);
}

const struct ds_role ds_role_client = {
    .kind = DS_ROLE_CLIENT,
    .state_size = sizeof(struct client),
    .start = client_start,
    .invite = client_invite,
    .ready = client_ready,
    .stop = client_stop,
};

/* ---- calling ---- */

/* What a client can do: one older than Lync 2010 does not say that it knows bypass. */
static const char *client_supports(const struct ds_node *node)
{
    return node->place->communicator ? "ms-sender, ms-early-media, histinfo"
                                     : "ms-sender, ms-early-media, ms-safe-transfer, replaces, "
                                       "ms-bypass, histinfo";
}

/* Digits as typed are marked as such, and the pool normalizes them by the user's dial plan:
 * domain.md 3.1. */
static void write_callee(struct ds_end *end, const struct ds_dial *dial)
{
    const char *number = ds_emergency_dial(end, dial->number);
    const char *context = number[0] == '+' ? "" : ";phone-context=user-default";
    snprintf(end->to_uri, sizeof end->to_uri, "sip:%s%s@%s;user=phone", number, context,
             end->node->topo->domain);
}

static ds_rc client_place_call(struct ds_end *end,
                               const struct ds_dial *dial,
                               struct ds_invite *invite,
                               struct ds_why *why)
{
    const struct ds_node *node = end->node;
    const struct client *client = node->state;
    const char *domain = node->topo->domain;
    if (node->place->controls != NULL)
        return ds_fail(why, DS_STATE,
                       "%s has no line of its own: it controls %s, and has that call",
                       node->place->name, node->place->controls->name);
    if (dial->from != NULL)
        return ds_fail(why, DS_BAD, "%s calls from its own number: only the pstn has others",
                       node->place->name);
    if (dial->uri == NULL)
        write_callee(end, dial);
    else if (ds_line_write_uri(end, dial->uri, why) != DS_OK)
        return DS_BAD;
    snprintf(end->from_uri, sizeof end->from_uri, "sip:%s@%s", node->place->user->name, domain);
    snprintf(end->from_params, sizeof end->from_params, ";epid=%010llx",
             (unsigned long long)(ds_hash(ds_slice_of(node->place->fqdn)) & 0xffffffffffu));
    client_contact(node, end->contact, sizeof end->contact);
    snprintf(end->headers, sizeof end->headers,
             "Supported: %s\r\n"
             "ms-keep-alive: UAC;hop-hop=yes\r\n"
             "Ms-Conversation-ID: %016llx\r\n",
             client_supports(node), (unsigned long long)ds_rng_next(node->rng));
    ds_line_write_referral(end, dial);
    ds_emergency_mark(end);
    end->hop = client->at->hop;
    invite->to_uri = end->to_uri;
    invite->from_uri = end->from_uri;
    invite->from_params = end->from_params;
    invite->contact = end->contact;
    invite->extra_headers = end->headers;
    invite->hop = &end->hop;
    return DS_OK;
}

const struct ds_line ds_client_line = {
    .style = DS_SDP_CLIENT,
    .codecs = DS_CODECS_CLIENT,
    .place_call = client_place_call,
    .choose_offer = ds_end_choose_bypass,
    .contact = client_contact,
};
