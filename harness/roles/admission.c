#include "admission_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Who asks the bandwidth policy service ([TURNBWM] 3.2): check, commit, and update until the call
   is over. Each path is asked for from an address of its own, and asked again until it is answered
   (RFC 5389 7.2.1). What was committed before anybody rings is nobody else's when it is answered.
 */

#define FIRST_WAIT (500 * DS_MS)
#define TRIES      4
#define RENEWAL    (300 * DS_S) /* half the time that a reservation lives */

struct ds_admission {
    struct ds_list link;
    struct ds_node *node;          /* borrowed: owns us */
    struct ds_udp *udp;            /* owned */
    struct ds_admission_wish wish; /* without `done` once told, or where nobody wants to know */
    enum ds_admission_verdict verdict;
    enum ds_bandwidth_ask asking;
    bool waits, reserved, released;
    uint8_t request[DS_STUN_ID_BYTES], reservation[DS_RESERVATION_BYTES];
    unsigned tries;
    struct ds_timer timer;
    struct ds_buf text; /* owned; what is being said */
    char call_id[DS_CALL_ID_MOST];
};

static ds_timer_fn on_timer;

static struct ds_clock *clock_of(const struct ds_admission *admission)
{
    return ds_net_clock(admission->node->net);
}

static void forget(struct ds_admission *admission)
{
    ds_timer_stop(clock_of(admission), &admission->timer);
    ds_list_remove(&admission->link);
    ds_udp_close(&admission->udp);
    ds_buf_clean_up(&admission->text);
    free(admission);
}

/* ---- asking ---- */

static void put_path(struct ds_admission *admission)
{
    struct ds_buf *out = &admission->text;
    bool check = admission->asking == DS_BANDWIDTH_CHECK;
    const struct ds_admission_wish *wish = &admission->wish;
    bool relayed = wish->local_relay.port != 0 && wish->remote_relay.port != 0 &&
                   (check || admission->verdict == DS_ADMITTED_BY_INTERNET);
    ds_stun_put_address(out, DS_STUN_LOCAL_SITE, wish->local);
    ds_stun_put_address(out, DS_STUN_REMOTE_SITE, wish->remote);
    if (relayed) {
        ds_stun_put_address(out, DS_STUN_LOCAL_RELAY, wish->local_relay);
        ds_stun_put_address(out, DS_STUN_REMOTE_RELAY, wish->remote_relay);
    }
    ds_bandwidth_put_audio_inside(out);
    ds_stun_put(out, check ? DS_STUN_CALL_ID : DS_STUN_DIALOG_ID, ds_slice_of(admission->call_id));
}

static void start_timer(struct ds_admission *admission, ds_us wait_us)
{
    admission->timer.whose = ds_addr_ip4(&admission->node->place->at);
    if (ds_timer_start(clock_of(admission), &admission->timer, wait_us, on_timer) != DS_OK)
        ds_node_log(admission->node, 1, "out of memory: bandwidth is asked for once");
}

static void send_request(struct ds_admission *admission)
{
    struct ds_addr service = ds_topo_first(admission->node->topo, DS_ROLE_POOL)->at;
    struct ds_buf *out = &admission->text;
    uint32_t kbps = admission->released ? 0 : DS_G711_KBPS;
    const struct ds_bandwidth amount = {kbps, kbps, kbps, kbps};
    service.port = DS_STUN_PORT;
    out->len = 0;
    ds_stun_begin(out, DS_STUN_REQUEST, DS_STUN_ALLOCATE, admission->request);
    ds_bandwidth_put_ask(out, admission->asking);
    if (admission->asking == DS_BANDWIDTH_UPDATE)
        ds_bandwidth_put_reservation(out, admission->reservation);
    ds_bandwidth_put_amount(out, &amount);
    if (admission->asking != DS_BANDWIDTH_UPDATE)
        put_path(admission);
    else
        ds_stun_put(out, DS_STUN_DIALOG_ID, ds_slice_of(admission->call_id));
    ds_stun_finish(out);
    if (!out->broken)
        ds_udp_send(admission->udp, service, ds_buf_slice(out));
    else
        ds_buf_clean_up(out);
    start_timer(admission, FIRST_WAIT << admission->tries++);
}

static void ask(struct ds_admission *admission, enum ds_bandwidth_ask what)
{
    admission->asking = what;
    admission->waits = true;
    admission->tries = 0;
    for (size_t i = 0; i < sizeof admission->request; i++)
        admission->request[i] = (uint8_t)ds_rng_below(admission->node->rng, 256);
    send_request(admission);
}

/* ---- what comes of it ---- */

/* The owner may release it while it is told. */
static void tell(struct ds_admission *admission)
{
    ds_admission_fn *done = admission->wish.done;
    admission->wish.done = NULL;
    if (done != NULL)
        done(admission->wish.owner, admission->verdict);
}

/* Nobody answers: what cannot be asked is not enforced. */
static void give_up(struct ds_admission *admission)
{
    admission->waits = false;
    if (admission->released)
        forget(admission);
    else
        tell(admission);
}

static void on_timer(struct ds_timer *timer)
{
    struct ds_admission *admission = DS_OWNER(timer, struct ds_admission, timer);
    if (!admission->waits)
        ask(admission, DS_BANDWIDTH_UPDATE);
    else if (admission->tries < TRIES)
        send_request(admission);
    else
        give_up(admission);
}

static bool is_open(const struct ds_stun *msg, uint16_t local_type, uint16_t remote_type)
{
    struct ds_bandwidth_path local, remote;
    return ds_bandwidth_path(msg, local_type, &local) &&
           ds_bandwidth_path(msg, remote_type, &remote) && local.valid && remote.valid;
}

static enum ds_admission_verdict verdict_of(const struct ds_stun *msg)
{
    struct ds_bandwidth_path remote;
    bool told = ds_bandwidth_path(msg, DS_STUN_REMOTE_SITE_RESPONSE, &remote);
    if (!told || is_open(msg, DS_STUN_LOCAL_SITE_RESPONSE, DS_STUN_REMOTE_SITE_RESPONSE))
        return DS_ADMITTED;
    if (is_open(msg, DS_STUN_LOCAL_RELAY_RESPONSE, DS_STUN_REMOTE_RELAY_RESPONSE))
        return DS_ADMITTED_BY_INTERNET;
    return remote.pstn_failover ? DS_NOT_ADMITTED_BUT_PSTN : DS_NOT_ADMITTED;
}

static void checked(struct ds_admission *admission, const struct ds_stun *msg)
{
    admission->verdict = verdict_of(msg);
    if (admission->verdict <= DS_ADMITTED_BY_INTERNET)
        ask(admission, DS_BANDWIDTH_COMMIT);
    else
        tell(admission);
}

static void committed(struct ds_admission *admission, const struct ds_stun *msg)
{
    admission->reserved = ds_bandwidth_reservation(msg, admission->reservation);
    if (admission->released) {
        ask(admission, DS_BANDWIDTH_UPDATE);
        return;
    }
    if (admission->reserved)
        start_timer(admission, RENEWAL);
    tell(admission);
}

static void answered(struct ds_admission *admission, const struct ds_stun *msg)
{
    if (msg->kind != DS_STUN_SUCCESS)
        give_up(admission);
    else if (admission->asking == DS_BANDWIDTH_COMMIT)
        committed(admission, msg);
    else if (admission->released)
        forget(admission);
    else if (admission->asking == DS_BANDWIDTH_CHECK)
        checked(admission, msg);
    else
        start_timer(admission, RENEWAL);
}

static void take(void *owner, struct ds_addr from, struct ds_slice bytes)
{
    struct ds_admission *admission = owner;
    struct ds_stun msg;
    (void)from;
    bool ours = ds_stun_parse(bytes, &msg, NULL) == DS_OK && msg.kind >= DS_STUN_SUCCESS &&
                admission->waits && memcmp(msg.id, admission->request, sizeof msg.id) == 0;
    if (!ours)
        return;
    ds_timer_stop(clock_of(admission), &admission->timer);
    admission->waits = false;
    answered(admission, &msg);
}

/* ---- birth and death ---- */

struct ds_admission *ds_admission_ask(struct ds_node *node, const struct ds_admission_wish *wish)
{
    struct ds_addr at = node->place->at;
    struct ds_why why;
    struct ds_admission *admission = node->topo->admission ? calloc(1, sizeof *admission) : NULL;
    if (admission == NULL)
        return NULL;
    *admission = (struct ds_admission){.node = node, .wish = *wish};
    ds_slice_copy(wish->call_id, admission->call_id, sizeof admission->call_id);
    at.port = 0;
    if (ds_udp_open(node->net, at, take, admission, &admission->udp, &why) != DS_OK) {
        ds_node_log(node, 1, "no bandwidth is asked for: %s", why.text);
        free(admission);
        return NULL;
    }
    ds_list_append(&node->admissions, &admission->link);
    ask(admission, wish->checked ? DS_BANDWIDTH_CHECK : DS_BANDWIDTH_COMMIT);
    return admission;
}

void ds_admission_release(struct ds_admission **admission)
{
    struct ds_admission *gone = *admission;
    *admission = NULL;
    if (gone == NULL)
        return;
    gone->wish.done = NULL;
    gone->released = true;
    bool commits = gone->waits && gone->asking == DS_BANDWIDTH_COMMIT;
    if (commits) /* its answer tells what is to be given back */
        return;
    if (gone->reserved && !ds_node_has_defect(gone->node, "keeps_bandwidth"))
        ask(gone, DS_BANDWIDTH_UPDATE);
    else
        forget(gone); /* what a check holds lapses by itself */
}

void ds_admissions_free(struct ds_node *node)
{
    struct ds_list *next;
    for (struct ds_list *at = node->admissions.next; at != &node->admissions; at = next) {
        next = at->next;
        forget(DS_OWNER(at, struct ds_admission, link));
    }
}

size_t ds_admissions_held(const struct ds_node *node)
{
    size_t count = 0;
    for (struct ds_list *at = node->admissions.next; at != &node->admissions; at = at->next)
        count += !DS_OWNER(at, struct ds_admission, link)->released;
    return count;
}

void ds_admission_diagnose(const struct ds_node *node, bool over_pstn, char *out, size_t size)
{
    ds_node_diagnose(node, over_pstn ? 5 : 4,
                     over_pstn
                         ? "Insufficient bandwidth to establish session. Attempt PSTN re-route"
                         : "Insufficient bandwidth to establish session. Do not attempt re-route",
                     out, size);
}
