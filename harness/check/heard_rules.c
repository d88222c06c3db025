#include "check_internal.h"

/* CALL-02: do the two ends of a call hear each other? */

/* Digits and no word with them: of whom they are no tone says. */
static bool is_keyed(const struct ds_flow *flow)
{
    return flow->talker == NULL && flow->digits[0] != '\0';
}

/* Whoever speaks on the PSTN may be a user whom it was switched through to, or from: the one who
 * had no bandwidth (or voice mail in that one's stead), or whose number it shows. */
static bool speaks(const struct ds_subject *subject,
                   const struct ds_topo_node *voice,
                   const struct ds_topo_node *talker)
{
    if (talker == voice || talker == NULL || !ds_is_role(voice, DS_ROLE_PSTN))
        return talker == voice;
    if (voice != subject->caller)
        return subject->cut_off != NULL &&
               (talker->user == subject->cut_off || talker->role == DS_ROLE_UM);
    return ds_is_role(talker, DS_ROLE_CLIENT) &&
           ds_slice_equal(ds_slice_of(talker->user->number),
                          ds_slice_of(subject->call->from_number));
}

/* Does audio reach `ear`, and is it `voice` that speaks? Real ends say what they like, and so do
 * fax machines; voice mail says what others have said, and those who call it may only key digits.
 * Who stands for both ends of a call is to hear itself at both. */
static bool hears(const struct ds_subject *subject,
                  const struct ds_topo_node *ear,
                  const struct ds_topo_node *voice)
{
    const struct ds_call *call = subject->call;
    bool fax = ds_is_role(ear, DS_ROLE_FAX) || ds_is_role(voice, DS_ROLE_FAX);
    bool to_mail = ds_is_role(ear, DS_ROLE_UM);
    bool known = !fax && !ds_is_role(voice, DS_ROLE_UM) && voice != NULL && !voice->real &&
                 voice->tone_hz != 0;
    size_t heard = 0;
    for (size_t i = 0; i < call->flow_count; i++) {
        const struct ds_flow *flow = call->flows[i];
        heard += flow->to_node == ear && flow->packets >= DS_ENOUGH_AUDIO &&
                 (!known || speaks(subject, voice, flow->talker) || (to_mail && is_keyed(flow)));
    }
    return heard >= (ear == voice ? 2 : 1);
}

static void one_heard(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_evidence evidence = {{0}, 0};
    const struct ds_call *call = subject->call;
    const struct ds_topo_node *caller = subject->caller;
    const struct ds_topo_node *callee = subject->callee != NULL ? subject->callee : call->to_node;
    if (!ds_subject_was_up(judge, subject))
        return;
    for (size_t i = 0; i < call->flow_count; i++)
        ds_evidence_add(&evidence, call->flows[i]->first_frame);
    bool back = hears(subject, caller, callee), there = hears(subject, callee, caller);
    if (back && there)
        ds_judge_say(judge, DS_PASS, &evidence, "%s and %s hear each other", ds_node_name(caller),
                     ds_node_name(callee));
    else
        ds_judge_absent(judge, DS_FAIL, &evidence, "%s does not hear %s%s",
                        ds_node_name(back ? callee : caller), ds_node_name(back ? caller : callee),
                        back || there ? "" : ", nor the other way round");
}

void ds_check_heard(struct ds_judge *judge)
{
    ds_judge_calls(judge, "answered call with audio", one_heard);
}
