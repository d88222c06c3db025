#include "admission_internal.h"
#include "missed_internal.h"
#include "um_internal.h"

#include <stdlib.h>
#include <string.h>

/* An Exchange UM server (domain.md 1.9). It answers at once, greets, and then records what is said
   for the user whose call this was; or plays users their messages; or, as the auto attendant, asks
   for an extension. The pool alone calls it. */

#define GREETING (200 * DS_MS)
#define CUE      (100 * DS_MS) /* before each message, and after the last */
/* After this without any audio the caller is taken for gone. */
#define MOST_SILENCE (10 * DS_S)

enum service { DEPOSIT, ACCESS, ATTENDANT };

struct um {
    struct ds_mailbox *own; /* owned; NULL: the deployment's is used */
    struct ds_um_notices notices;
    struct ds_list calls;  /* owned; kept as long as their ends are */
    struct ds_list missed; /* owned; sessions in which it is told of missed calls */
};

struct um_call {
    struct ds_list link;
    struct ds_node *node; /* borrowed */
    struct ds_end *end;   /* borrowed: the node's */
    enum service service;
    /* borrowed: whose messages; of the attendant, to whom the caller goes; NULL: not known yet */
    const struct ds_topo_node *user;
    struct ds_um_message *recording; /* borrowed: the mailbox's; NULL: none yet */
    struct ds_um_script script;
    ds_us silence; /* since its caller was heard last */
    struct ds_timer farewell;
};

static struct ds_mailbox *mailbox_of(const struct ds_node *node)
{
    const struct um *um = node->state;
    return um->own != NULL ? um->own : node->mailbox;
}

static ds_rc um_start(struct ds_node *node, void *state, struct ds_why *why)
{
    struct um *um = state;
    bool alone = node->mailbox == NULL || ds_node_has_defect(node, "keeps_messages_to_itself");
    ds_list_init(&um->calls);
    ds_list_init(&um->missed);
    ds_rc rc = alone ? ds_mailbox_new(&um->own, why) : DS_OK;
    if (rc == DS_OK)
        ds_um_notices_start(&um->notices, node, mailbox_of(node));
    return rc;
}

static void um_stop(struct ds_node *node, void *state)
{
    struct um *um = state;
    struct ds_list *next;
    if (um->calls.next == NULL)
        return;
    for (struct ds_list *at = um->calls.next; at != &um->calls; at = next) {
        struct um_call *call = DS_OWNER(at, struct um_call, link);
        next = at->next;
        ds_timer_stop(ds_net_clock(node->net), &call->farewell);
        free(call);
    }
    ds_list_init(&um->calls);
    ds_missed_takes_free(&um->missed);
    if (um->notices.node != NULL)
        ds_um_notices_stop(&um->notices);
    ds_mailbox_free(&um->own);
}

/* ---- whose messages ---- */

static const struct ds_topo_node *user_keyed_in(const struct um_call *call)
{
    return ds_topo_user_keyed_in(call->node->topo, ds_slice_of(ds_end_digits(call->end)));
}

/* ---- what it says ---- */

static void play_messages(struct um_call *call)
{
    struct ds_list *messages = &mailbox_of(call->node)->messages;
    bool cuts = ds_node_has_defect(call->node, "cuts_messages");
    for (struct ds_list *at = messages->next; at != messages; at = at->next) {
        struct ds_um_message *message = DS_OWNER(at, struct ds_um_message, link);
        if (message->user != call->user || message->sound.len == 0)
            continue;
        ds_um_script_speak(&call->script, CUE);
        ds_um_script_play(&call->script, message, message->sound.len / (cuts ? 2 : 1));
    }
    ds_um_script_speak(&call->script, CUE);
}

static void record(struct um_call *call)
{
    call->recording = ds_mailbox_begin(mailbox_of(call->node), call->user);
    if (call->recording == NULL)
        ds_node_log(call->node, 1, "no more messages are kept: this one is lost");
}

static void say_farewell(struct ds_timer *timer)
{
    struct um_call *call = DS_OWNER(timer, struct um_call, farewell);
    struct ds_why why;
    if (ds_end_state(call->end) == DS_END_ANSWERED && ds_end_hang_up(call->end, &why) != DS_OK)
        ds_node_log(call->node, 1, "%s", why.text);
}

/* The media must not go while they speak: a turn later they may. */
static void hang_up(struct um_call *call)
{
    if (ds_timer_running(&call->farewell))
        return;
    call->farewell.whose = ds_addr_ip4(&call->node->place->at);
    if (ds_timer_start(ds_net_clock(call->node->net), &call->farewell, 0, say_farewell) != DS_OK)
        ds_node_log(call->node, 1, "out of memory: the caller has to hang up");
}

/* To whom the caller has keyed in; where that comes to nothing, it is over. */
static void hand_over(struct um_call *call)
{
    struct ds_why why;
    if (call->user != NULL && ds_end_transfer_status(call->end) >= 300)
        hang_up(call);
    if (call->user != NULL)
        return;
    call->user = user_keyed_in(call);
    if (call->user != NULL && ds_end_transfer(call->end, call->user->name, &why) != DS_OK) {
        ds_node_log(call->node, 1, "%s", why.text);
        hang_up(call);
    }
}

/* What follows when all has been said. */
static void go_on(struct um_call *call)
{
    if (call->service == DEPOSIT && call->recording == NULL) {
        record(call);
    } else if (call->service == ACCESS && call->user != NULL) {
        hang_up(call);
    } else if (call->service == ACCESS) {
        call->user = user_keyed_in(call);
        if (call->user != NULL)
            play_messages(call);
    } else if (call->service == ATTENDANT) {
        hand_over(call);
    }
}

static void say(void *owner, int16_t *samples, size_t count)
{
    struct um_call *call = owner;
    ds_um_script_say(&call->script, samples, count);
    call->silence += (ds_us)count * DS_S / DS_RTP_SAMPLE_RATE;
    if (call->silence > MOST_SILENCE)
        hang_up(call);
    else if (ds_um_script_is_over(&call->script))
        go_on(call);
}

static void hear(void *owner, const int16_t *samples, size_t count)
{
    struct um_call *call = owner;
    call->silence = 0;
    if (call->recording != NULL && !ds_um_message_hear(call->recording, samples, count))
        hang_up(call);
}

/* ---- how it answers ---- */

/* It has no part in media bypass: of two bodies it takes the Mediation Server's own (BYP-09). */
static const struct ds_sdp_media *
um_choose_offer(struct ds_end *end, const struct ds_msg *msg, struct ds_sdp *sdp)
{
    return ds_node_has_defect(end->node, "takes_bypass") ? ds_end_choose_bypass(end, msg, sdp)
                                                         : ds_message_audio(msg, sdp);
}

/* When a call is over its message counts, or those that were played have been heard. */
static void became(struct ds_end *end)
{
    const struct um_call *call = end->part;
    if (call == NULL || end->state != DS_END_ENDED)
        return;
    if (call->recording != NULL)
        ds_mailbox_keep(mailbox_of(end->node), call->recording);
    if (call->service == ACCESS)
        ds_mailbox_mark_heard(mailbox_of(end->node), call->user, &call->script);
}

static const struct ds_line um_line = {
    .style = DS_SDP_CLIENT,
    .codecs = DS_CODECS_G711,
    .choose_offer = um_choose_offer,
    .became = became,
};

/* ---- a call ---- */

/* The service that an INVITE asks for; false: none that is here. */
static bool find_service(struct um_call *call, const struct ds_msg *msg)
{
    char number[64];
    const struct ds_voice_mail *mail = &call->node->topo->voice_mail;
    ds_node_number(ds_msg_request_uri(msg), number, sizeof number);
    if (mail->access != NULL && strcmp(mail->access, number) == 0)
        call->service = ACCESS;
    else if (mail->attendant != NULL && strcmp(mail->attendant, number) == 0)
        call->service = ATTENDANT;
    else
        call->service = DEPOSIT;
    if (call->service == DEPOSIT)
        call->user = ds_node_user_named(call->node, msg, "Diversion"); /* [EUMR] 3.1.5 */
    else if (call->service == ACCESS)
        call->user = ds_node_user_named(call->node, msg, "From");
    return call->service != DEPOSIT || call->user != NULL;
}

static void begin_speaking(struct um_call *call)
{
    const struct ds_media_sound sound = {.say = say, .hear = hear, .owner = call};
    call->script.voice.frequency_hz = call->node->place->tone_hz;
    if (call->service == ACCESS && call->user != NULL)
        play_messages(call);
    else
        ds_um_script_speak(&call->script, GREETING);
    ds_media_set_sound(call->end->media, &sound);
}

static void answer(struct um_call *call)
{
    struct ds_why why;
    begin_speaking(call);
    if (ds_end_answer(call->end, &why) != DS_OK)
        ds_node_log(call->node, 1, "%s", why.text);
}

static void refuse(struct ds_session *session, int status)
{
    ds_session_refuse(session, status, &(struct ds_content){0});
    ds_session_free(&session);
}

/* A defect: voice mail is never short of bandwidth (CAC-04). */
static void refuse_without_bandwidth(const struct ds_node *node, struct ds_session *session)
{
    char headers[256];
    ds_admission_diagnose(node, false, headers, sizeof headers);
    ds_session_refuse(session, DS_NO_BANDWIDTH_STATUS,
                      &(struct ds_content){.extra_headers = headers});
    ds_session_free(&session);
}

static void
um_invite(struct ds_node *node, void *state, struct ds_session *session, const struct ds_msg *msg)
{
    struct um *um = state;
    if (ds_missed_is_told(msg)) {
        ds_missed_take(node, &um->missed, session);
        return;
    }
    struct um_call *call = calloc(1, sizeof *call);
    if (call == NULL) {
        refuse(session, 503);
        return;
    }
    call->node = node;
    if (!find_service(call, msg)) {
        free(call);
        refuse(session, 404);
        return;
    }
    if (node->topo->admission && ds_node_has_defect(node, "refuses_without_bandwidth")) {
        free(call);
        refuse_without_bandwidth(node, session);
        return;
    }
    call->end = ds_end_incoming(node, &um_line, session, msg);
    if (call->end == NULL) {
        free(call);
        return;
    }
    call->end->taken = true;
    call->end->part = call;
    ds_list_append(&um->calls, &call->link);
    answer(call);
}

static bool um_request(struct ds_node *node,
                       void *state,
                       struct ds_server_txn *txn,
                       const struct ds_msg *msg,
                       const struct ds_hop *from)
{
    struct um *um = state;
    (void)node;
    return txn != NULL && ds_um_notices_take(&um->notices, txn, msg, from);
}

const struct ds_role ds_role_um = {
    .kind = DS_ROLE_UM,
    .state_size = sizeof(struct um),
    .start = um_start,
    .invite = um_invite,
    .request = um_request,
    .stop = um_stop,
};
