#include "mail_internal.h"

#include <string.h>

/* MAIL-01: what a UM server plays to a user is what was said before, to it and to the others of its
   list, message by message: the same voices, for as long. What they keep in between is not seen;
   what they heard and what it says is. */

#define MOST_VOICES 32
#define MOST_PLAYED 16
/* A busy machine may take as long to read what has arrived: it counts at either end of a message.
 */
#define PRECISION_US INT64_C(100000)
/* And where a caller speaks while the server still greets, what it records begins as early. */
#define EARLY_US INT64_C(200000)

struct voice {
    uint32_t tone_hz;
    int64_t length_us;
};

/* One after the other, without the pauses between; what is beyond the room is not compared. */
struct speech {
    struct voice voices[MOST_VOICES];
    size_t count;
    bool early; /* the first spoke before the server had greeted */
    uint32_t frame;
};

static int64_t length_us(const struct ds_spell *spell)
{
    return (int64_t)spell->samples * 1000000 / DS_RTP_SAMPLE_RATE;
}

static void add(struct speech *speech, const struct ds_spell *spell, int64_t us)
{
    struct voice *last = speech->count == 0 ? NULL : &speech->voices[speech->count - 1];
    if (spell->tone_hz == 0 || us <= 0)
        return;
    if (speech->frame == 0)
        speech->frame = spell->first_frame;
    if (last != NULL && last->tone_hz == spell->tone_hz)
        last->length_us += us;
    else if (speech->count < MOST_VOICES)
        speech->voices[speech->count++] = (struct voice){spell->tone_hz, us};
}

/* ---- what was said to the server ---- */

/* When it has greeted: what comes later is for the message. */
static int64_t greeted_at(const struct ds_call *call, const struct ds_topo_node *server)
{
    for (size_t i = 0; i < call->flow_count; i++) {
        const struct ds_flow *flow = call->flows[i];
        for (size_t k = 0; flow->from_node == server && k < flow->spell_count; k++)
            if (flow->spells[k].tone_hz == server->tone_hz)
                return flow->spells[k].last_at;
    }
    return INT64_MAX;
}

/* Of a voice that speaks already, what comes after. */
static int64_t length_after(const struct ds_spell *spell, int64_t at)
{
    if (spell->first_at > at)
        return length_us(spell);
    return spell->last_at > at ? spell->last_at - at : 0;
}

static void
hear_message(const struct ds_call *call, const struct ds_topo_node *server, struct speech *out)
{
    int64_t from = greeted_at(call, server);
    *out = (struct speech){.count = 0};
    for (size_t i = 0; i < call->flow_count; i++) {
        const struct ds_flow *flow = call->flows[i];
        for (size_t k = 0; flow->to_node == server && k < flow->spell_count; k++) {
            const struct ds_spell *spell = &flow->spells[k];
            out->early |= out->count == 0 && spell->first_at <= from && spell->last_at > from;
            add(out, spell, length_after(spell, from));
        }
    }
}

/* Whether anybody has spoken to it at all, while it greeted too. */
static bool speaks_to(const struct ds_call *call, const struct ds_topo_node *server)
{
    for (size_t i = 0; i < call->flow_count; i++)
        for (size_t k = 0; call->flows[i]->to_node == server && k < call->flows[i]->spell_count;
             k++)
            if (call->flows[i]->spells[k].tone_hz != 0)
                return true;
    return false;
}

/* ---- what it says of it ---- */

struct played {
    struct speech messages[MOST_PLAYED];
    size_t count;  /* of those that were begun */
    bool complete; /* the last one was not cut off by the end of the call */
};

/* Its own voice stands before each message, and after the last. */
static void
hear_played(const struct ds_call *call, const struct ds_topo_node *server, struct played *out)
{
    struct speech *current = NULL;
    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < call->flow_count; i++) {
        const struct ds_flow *flow = call->flows[i];
        for (size_t k = 0; flow->from_node == server && k < flow->spell_count; k++) {
            const struct ds_spell *spell = &flow->spells[k];
            bool own = spell->tone_hz == server->tone_hz;
            if (!own && spell->tone_hz != 0 && current == NULL && out->count < MOST_PLAYED)
                current = &out->messages[out->count++];
            if (!own && current != NULL)
                add(current, spell, length_us(spell));
            if (own)
                current = NULL;
        }
    }
    out->complete = current == NULL;
}

/* ---- one against the other ---- */

static const char *name_of(const struct ds_judge *judge, uint32_t tone_hz)
{
    const struct ds_topo_node *talker = ds_topo_talker(judge->topo, tone_hz);
    return tone_hz == 0 ? "nobody" : talker == NULL ? "a stranger" : talker->name;
}

static double seconds(int64_t us)
{
    return (double)us / 1e6;
}

static struct voice voice_at(const struct speech *speech, size_t index)
{
    return index < speech->count ? speech->voices[index] : (struct voice){.tone_hz = 0};
}

/* `cut`: the call ended while it was played. */
static bool is_same(struct voice said, struct voice played, bool early, bool cut)
{
    int64_t more_us = PRECISION_US + (early ? EARLY_US : 0);
    return said.tone_hz == played.tone_hz && played.length_us <= said.length_us + more_us &&
           (cut || played.length_us >= said.length_us - PRECISION_US);
}

/* `whole`: it was played to its end. */
static void compare(const struct ds_judge *judge,
                    const struct speech *said,
                    const struct speech *played,
                    bool whole,
                    struct ds_tally *tally)
{
    size_t count = whole && said->count > played->count ? said->count : played->count;
    for (size_t i = 0; i < count; i++) {
        struct voice wanted = voice_at(said, i), heard = voice_at(played, i);
        if (is_same(wanted, heard, said->early && i == 0, !whole && i + 1 == count))
            continue;
        ds_tally_bad(tally, played->frame, "%s spoke for %.2f s, and %s is heard for %.2f s",
                     name_of(judge, wanted.tone_hz), seconds(wanted.length_us),
                     name_of(judge, heard.tone_hz), seconds(heard.length_us));
        return;
    }
    ds_tally_good(tally, played->frame);
}

/* ---- whose messages ---- */

bool ds_mail_was_spoken(const struct ds_subject *subject, int64_t *length_us_out)
{
    struct speech said;
    int64_t total_us = 0;
    hear_message(subject->call, subject->callee, &said);
    for (size_t i = 0; i < said.count; i++)
        total_us += said.voices[i].length_us;
    *length_us_out = total_us;
    return said.count > 0 ? total_us >= PRECISION_US : !speaks_to(subject->call, subject->callee);
}

bool ds_mail_played(const struct ds_subject *subject, size_t *count)
{
    struct played played;
    hear_played(subject->call, subject->callee, &played);
    *count = played.count - (played.complete ? 0 : 1);
    return played.count < MOST_PLAYED;
}

static bool is_answered_by(const struct ds_call *call, const struct ds_topo_node *server)
{
    return call->outcome == DS_ANSWERED && call->to_node == server;
}

/* Its caller; who has no name there keys the extension in. */
const struct ds_topo_node *ds_mail_listener(const struct ds_judge *judge,
                                            const struct ds_subject *subject)
{
    const struct ds_topo_node *user = NULL;
    const struct ds_call *call = subject->call;
    if (ds_is_role(subject->caller, DS_ROLE_CLIENT))
        return subject->caller->user;
    for (size_t i = 0; i < call->flow_count && user == NULL; i++)
        if (call->flows[i]->to_node == subject->callee)
            user = ds_topo_user_keyed_in(judge->topo, ds_slice_of(call->flows[i]->digits));
    return user;
}

/* The next call before that one that left this user something, at any server, from `*at` on. */
static bool next_message(const struct ds_judge *judge,
                         const struct ds_subject *playing,
                         const struct ds_topo_node *user,
                         size_t *at,
                         struct speech *out)
{
    for (; *at < judge->trace->call_count; ++*at) {
        const struct ds_subject *left = &judge->subjects[*at];
        if (ds_mail_user(left) != user || left->call->answered_at > playing->call->answered_at ||
            !is_answered_by(left->call, left->callee))
            continue;
        hear_message(left->call, left->callee, out);
        if (out->count == 0)
            continue;
        ++*at;
        return true;
    }
    return false;
}

bool ds_mail_is_playing(const struct ds_judge *judge, const struct ds_subject *subject)
{
    const char *access = judge->topo->voice_mail.access;
    return access != NULL && strcmp(subject->number, access) == 0 &&
           is_answered_by(subject->call, subject->callee);
}

/* What was not said cannot be played, and what was said is not to be left out. */
static void one_playing(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct speech said;
    struct played played;
    struct ds_tally tally = {0};
    size_t at = 0;
    if (!ds_mail_is_playing(judge, subject))
        return;
    const struct ds_topo_node *user = ds_mail_listener(judge, subject);
    hear_played(subject->call, subject->callee, &played);
    for (size_t i = 0; i < played.count; i++) {
        if (user == NULL || !next_message(judge, subject, user, &at, &said))
            said = (struct speech){.count = 0};
        compare(judge, &said, &played.messages[i], played.complete || i + 1 < played.count, &tally);
    }
    bool all = played.complete && played.count < MOST_PLAYED;
    if (user != NULL && all && next_message(judge, subject, user, &at, &said))
        ds_tally_bad(&tally, said.frame,
                     "%s spoke for %.2f s in frame %u, and that message is not played to %s",
                     name_of(judge, said.voices[0].tone_hz), seconds(said.voices[0].length_us),
                     said.frame, user->name);
    ds_judge_tally(judge, &tally, "messages, each played as it was spoken");
}

void ds_check_message_kept(struct ds_judge *judge)
{
    ds_judge_calls(judge, "message that a UM server plays to its user", one_playing);
}
