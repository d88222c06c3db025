#include "missed_internal.h"
#include "sdp.h"

#include <stdlib.h>

/* The server's end: what it is told becomes mail, which is nobody's business here. */

struct telling {
    struct ds_list link;
    struct ds_node *node;       /* borrowed */
    struct ds_session *session; /* owned */
};

static void forget(struct telling *telling)
{
    ds_session_free(&telling->session);
    ds_list_remove(&telling->link);
    free(telling);
}

void ds_missed_takes_free(struct ds_list *sessions)
{
    struct ds_list *next;
    for (struct ds_list *at = sessions->next; at != sessions; at = next) {
        next = at->next;
        forget(DS_OWNER(at, struct telling, link));
    }
}

bool ds_missed_is_told(const struct ds_msg *invite)
{
    struct ds_sdp sdp;
    return ds_sdp_parse(ds_msg_body(invite), &sdp, NULL) == DS_OK && sdp.media_count == 1 &&
           ds_slice_equal(sdp.media[0].type, DS_LITERAL("application"));
}

static void on_asked(void *owner, const struct ds_msg *msg)
{
    const struct telling *telling = owner;
    bool is_info = ds_msg_method_is(msg, "INFO");
    if (is_info)
        ds_node_log(telling->node, 2, "a missed call: %.*s", DS_FMT(ds_msg_body(msg)));
    ds_session_reply(telling->session, is_info ? 200 : 405, &(struct ds_content){0});
}

static void on_ended(void *owner, const struct ds_msg *bye)
{
    (void)bye;
    forget(owner);
}

static void on_cancelled(void *owner, const struct ds_msg *cancel)
{
    (void)cancel;
    forget(owner);
}

void ds_missed_take(struct ds_node *node, struct ds_list *sessions, struct ds_session *session)
{
    static const struct ds_session_events events = {
        .asked = on_asked, .ended = on_ended, .cancelled = on_cancelled};
    struct ds_buf sdp = {.at = NULL};
    struct telling *telling = calloc(1, sizeof *telling);
    const struct ds_content content = {.body = ds_missed_description(node, &sdp)};
    if (telling == NULL || sdp.broken) {
        ds_session_refuse(session, 503, &(struct ds_content){0});
        ds_session_free(&session);
        free(telling);
    } else {
        *telling = (struct telling){.node = node, .session = session};
        ds_list_append(sessions, &telling->link);
        ds_session_own(session, &events, telling);
        ds_session_stay(session);
        ds_session_answer(session, &content);
    }
    ds_buf_clean_up(&sdp);
}
