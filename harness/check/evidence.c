#include "check_internal.h"

#include <stdio.h>
#include <string.h>

/* From what a rule met to what it says. */

void ds_evidence_add(struct ds_evidence *evidence, uint32_t frame)
{
    for (size_t i = 0; i < evidence->count; i++)
        if (evidence->frames[i] == frame)
            return;
    if (frame != 0 && evidence->count < DS_FINDING_MAX_FRAMES)
        evidence->frames[evidence->count++] = frame;
}

void ds_tally_good(struct ds_tally *tally, uint32_t frame)
{
    tally->good++;
    ds_evidence_add(&tally->good_frames, frame);
}

void ds_tally_bad(struct ds_tally *tally, uint32_t frame, const char *fmt, ...)
{
    va_list args;
    ds_evidence_add(&tally->bad_frames, frame);
    if (tally->bad++ > 0)
        return;
    va_start(args, fmt);
    vsnprintf(tally->first_bad, sizeof tally->first_bad, fmt, args);
    va_end(args);
}

static void put(struct ds_judge *judge,
                enum ds_verdict verdict,
                const struct ds_evidence *evidence,
                const char *sentence)
{
    struct ds_finding *finding =
        ds_findings_put(judge->findings, judge->requirement, verdict, judge->call, sentence);
    if (finding == NULL) {
        judge->out_of_memory = true;
        return;
    }
    judge->said++;
    if (evidence == NULL)
        return;
    memcpy(finding->frames, evidence->frames, sizeof finding->frames);
    finding->frame_count = evidence->count;
}

void ds_judge_say(struct ds_judge *judge,
                  enum ds_verdict verdict,
                  const struct ds_evidence *evidence,
                  const char *fmt,
                  ...)
{
    char sentence[512];
    va_list args;
    va_start(args, fmt);
    vsnprintf(sentence, sizeof sentence, fmt, args);
    va_end(args);
    put(judge, verdict, evidence, sentence);
}

void ds_judge_absent(struct ds_judge *judge,
                     enum ds_verdict verdict,
                     const struct ds_evidence *evidence,
                     const char *fmt,
                     ...)
{
    char sentence[900];
    va_list args;
    const struct ds_trace *trace = judge->trace;
    va_start(args, fmt);
    int len = vsnprintf(sentence, 500, fmt, args);
    va_end(args);
    size_t end = len < 0 ? 0 : len < 500 ? (size_t)len : 499;
    bool unsure = trace->gap_count > 0 && verdict != DS_NOT_SEEN;
    if (unsure)
        snprintf(sentence + end, sizeof sentence - end, "; but the capture has a gap: %s",
                 trace->gaps[0].sentence);
    put(judge, unsure ? DS_UNCLEAR : verdict, evidence, sentence);
}

void ds_judge_tally_seen(struct ds_judge *judge, const struct ds_tally *tally, const char *good)
{
    if (tally->bad > 0 && judge->trace->gap_count > 0)
        ds_judge_absent(judge, DS_FAIL, &tally->bad_frames, "%s", tally->first_bad);
    else
        ds_judge_tally(judge, tally, good);
}

void ds_judge_tally(struct ds_judge *judge, const struct ds_tally *tally, const char *good)
{
    if (tally->bad > 1)
        ds_judge_say(judge, DS_FAIL, &tally->bad_frames, "%s; %zu more like this", tally->first_bad,
                     tally->bad - 1);
    else if (tally->bad == 1)
        ds_judge_say(judge, DS_FAIL, &tally->bad_frames, "%s", tally->first_bad);
    else if (tally->good > 0)
        ds_judge_say(judge, DS_PASS, &tally->good_frames, "%zu %s", tally->good, good);
}
