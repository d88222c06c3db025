#include "ua_internal.h"

static void on_later(struct ds_timer *later)
{
    struct ds_session *session = DS_OWNER(later, struct ds_session, later);
    int status = session->offer_status_told;
    bool ended = session->end_is_told;
    session->offer_status_told = 0;
    session->end_is_told = false;
    ds_session_hold(session);
    if (status != 0 && session->events.offer_done != NULL)
        session->events.offer_done(session->owner, status, NULL);
    if (ended && !session->freed && session->events.ended != NULL)
        session->events.ended(session->owner, NULL);
    ds_session_release(session);
}

static void start(struct ds_session *session)
{
    ds_ua_start_timer(session->ua, &session->later, 0, on_later);
}

void ds_later_ended(struct ds_session *session)
{
    session->end_is_told = true;
    start(session);
}

void ds_later_offer_done(struct ds_session *session, int status)
{
    session->offer_status_told = status;
    start(session);
}
