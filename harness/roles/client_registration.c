#include "registration_internal.h"

#include <stdio.h>

/* A client keeps itself registered: it renews what it was granted while a quarter of that is left,
   so that one renewal may be lost, and does not let off where it is refused or nobody answers. */

/* So long after that it asks again; nothing is said of it anywhere. */
#define PATIENCE (60 * DS_S)

void ds_registration_contact(const struct ds_registration *registration, char *out, size_t size)
{
    const struct ds_topo_node *place = registration->node->place;
    snprintf(out, size, "<sip:%s@%s;transport=tls;ms-opaque=%08x>", place->name,
             ds_addr_text(registration->local).text,
             (unsigned)(ds_hash(ds_slice_of(place->name)) & 0xffffffff));
}

static ds_rc send(struct ds_registration *registration,
                  unsigned expires_s,
                  ds_request_done_fn *done,
                  void *owner,
                  struct ds_why *why)
{
    char uri[160], who[192], contact[256], headers[400];
    struct ds_node *node = registration->node;
    snprintf(uri, sizeof uri, "sip:%s", node->topo->domain);
    snprintf(who, sizeof who, "sip:%s@%s", node->place->user->name, node->topo->domain);
    ds_registration_contact(registration, contact, sizeof contact);
    snprintf(
        headers, sizeof headers,
        "Contact: %s\r\nExpires: %u\r\nSupported: gruu-10, ms-forking, msrtc-event-categories\r\n",
        contact, expires_s);
    const struct ds_plain_request request = {.method = "REGISTER",
                                             .uri = uri,
                                             .from_uri = who,
                                             .to_uri = who,
                                             .extra_headers = headers,
                                             .hop = &registration->hop};
    return ds_ua_request(node->ua, &request, done, owner, why);
}

/* A registrar lists all devices of the user, and what it grants each. */
static uint32_t granted_s(const struct ds_registration *registration, const struct ds_msg *msg)
{
    char own[256];
    struct ds_slice value, params = {NULL, 0}, unused;
    ds_registration_contact(registration, own, sizeof own);
    const struct ds_slice uri = ds_value_uri(ds_slice_of(own), &unused);
    for (size_t i = 0; ds_msg_value(msg, "Contact", i, &value); i++)
        if (ds_registration_is_same(ds_value_uri(value, &params), uri))
            return ds_registration_expires(msg, params, DS_REGISTRATION_S);
    return ds_registration_expires(msg, (struct ds_slice){NULL, 0}, DS_REGISTRATION_S);
}

static void ask_again(struct ds_timer *timer);

static void wait(struct ds_registration *registration, ds_us delay)
{
    struct ds_node *node = registration->node;
    registration->again.whose = ds_addr_ip4(&node->place->at);
    if (ds_timer_start(ds_net_clock(node->net), &registration->again, delay, ask_again) != DS_OK)
        ds_node_log(node, 1, "out of memory: the registration is not renewed");
}

/* The connection that it was asked for on may have been a dead one: then it was asked for again on
 * another, in the same words, and they name a port that is none any more. */
static bool has_moved(const struct ds_registration *registration)
{
    struct ds_addr now;
    struct ds_why why;
    return ds_sip_local(ds_ua_sip(registration->node->ua), &registration->hop, &now, &why) ==
               DS_OK &&
           !ds_addr_equal(now, registration->local);
}

/* Silence takes nothing away that was granted before; a refusal does. */
static void answered(void *owner, int status, const struct ds_msg *msg)
{
    struct ds_registration *registration = owner;
    const struct ds_node *node = registration->node;
    uint32_t lasts_s = status == 200 ? granted_s(registration, msg) : 0;
    if (!registration->wanted)
        return;
    ds_node_log(node, lasts_s > 0 ? 2 : 1, "sign-in: %d", status);
    if (lasts_s == 0) {
        registration->held &= msg == NULL;
        wait(registration, PATIENCE);
        return;
    }
    registration->held = true;
    if (has_moved(registration)) {
        struct ds_why why;
        if (ds_registration_ask(registration, &why) != DS_OK)
            ds_node_log(node, 1, "cannot sign in: %s", why.text);
        return;
    }
    if (!ds_node_has_defect(node, "lets_registrations_lapse"))
        wait(registration, lasts_s * DS_S / 4 * 3);
    registration->taken(registration->node);
}

ds_rc ds_registration_ask(struct ds_registration *registration, struct ds_why *why)
{
    struct ds_node *node = registration->node;
    ds_timer_stop(ds_net_clock(node->net), &registration->again);
    registration->wanted = true;
    ds_rc rc = ds_sip_local(ds_ua_sip(node->ua), &registration->hop, &registration->local, why);
    if (rc == DS_OK)
        rc = send(registration, DS_REGISTRATION_S, answered, registration, why);
    if (rc != DS_OK)
        wait(registration, PATIENCE);
    return rc;
}

static void ask_again(struct ds_timer *timer)
{
    struct ds_registration *registration = DS_OWNER(timer, struct ds_registration, again);
    struct ds_why why;
    if (ds_registration_ask(registration, &why) != DS_OK)
        ds_node_log(registration->node, 1, "cannot sign in: %s", why.text);
}

ds_rc ds_registration_end(struct ds_registration *registration,
                          ds_request_done_fn *done,
                          struct ds_why *why)
{
    ds_timer_stop(ds_net_clock(registration->node->net), &registration->again);
    registration->wanted = false;
    return send(registration, 0, done, registration->node, why);
}

void ds_registration_stop(struct ds_registration *registration)
{
    if (registration->node == NULL)
        return;
    ds_timer_stop(ds_net_clock(registration->node->net), &registration->again);
    registration->wanted = registration->held = false;
}
