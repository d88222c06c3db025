#ifndef DS_CONFERENCE_INTERNAL_H
#define DS_CONFERENCE_INTERNAL_H

/* The A/V conferencing server (conferencing.c): its conferences (conference.c), and what is mixed
 * in each (mixer.c). And what a client does to move a call there (end_conference.c). */

#include "roles_internal.h"

/* Who makes a conference calls this user at the server (RFC 4579 3.2). */
#define DS_CONFERENCE_FACTORY "conference-factory"

/* ---- mixing (mixer.c) ---- */

/* What has come of one voice and was not mixed yet: as much as rides out a late packet. */
#define DS_MIXER_MOST_FRAMES 8

struct ds_mixer_voice {
    struct ds_list link;
    int16_t waiting[DS_MIXER_MOST_FRAMES * DS_RTP_FRAME_SAMPLES];
    size_t count; /* of those */
    bool flows;   /* enough had come in advance, and there is some of it left */
    bool unheard; /* a defect: nobody gets it */
    int16_t said[DS_RTP_FRAME_SAMPLES], hears[DS_RTP_FRAME_SAMPLES];
};

/* Every 20 ms each voice is given what all the others have said. */
struct ds_mixer {
    struct ds_list voices; /* borrowed */
    bool echoes;           /* a defect: and its own */
};

void ds_mixer_init(struct ds_mixer *mixer);
void ds_mixer_add(struct ds_mixer *mixer, struct ds_mixer_voice *voice);
void ds_mixer_take(struct ds_mixer_voice *voice, const int16_t *samples, size_t count);
void ds_mixer_mix(struct ds_mixer *mixer);
/* What it hears now, once: silence when it asks again before the next is mixed. */
void ds_mixer_give(struct ds_mixer_voice *voice, int16_t *samples, size_t count);

/* ---- conferences (conference.c) ---- */

struct ds_conferences {
    struct ds_list list; /* owned */
};

struct ds_conference {
    struct ds_list link;
    struct ds_node *node; /* borrowed */
    char id[24];
    struct ds_list members; /* owned */
    size_t count;           /* of those */
    struct ds_mixer mixer;
    struct ds_timer tick; /* while somebody is in it */
    bool closing;         /* everybody is being sent away */
    ds_us ticked_at;
};

struct ds_member {
    struct ds_list link;
    struct ds_conference *conference; /* borrowed */
    struct ds_end *end;               /* borrowed: the node's; NULL: there is none yet */
    struct ds_end *asked_by;          /* borrowed; who had it called; NULL: it called by itself */
    uint32_t refer_cseq;              /* of the REFER by which that was asked */
    struct ds_mixer_voice voice;
    bool is_in;     /* its call has been answered */
    ds_us alive_at; /* when anything was heard of it last */
};

struct ds_conference *ds_conference_new(struct ds_node *node); /* NULL: memory is out */
struct ds_conference *ds_conference_find(const struct ds_node *node, const char *id);
void ds_conference_free(struct ds_conference *conference);
void ds_conference_settle(struct ds_conference *conference); /* frees it where nobody is in it */
/* NULL: memory is out, or it is full. */
struct ds_member *ds_conference_add(struct ds_conference *conference, struct ds_end *asked_by);
void ds_member_free(struct ds_member *member);
void ds_member_hold(struct ds_member *member, struct ds_end *end); /* by which it is in */
/* Tells who had it called what came of that, where somebody had. */
void ds_member_report(const struct ds_member *member, int status);
void ds_member_became(struct ds_end *end); /* of ds_line */

/* ---- a client's call that is moved to a conference (end_conference.c) ---- */

/* False: a report on something else. */
bool ds_end_take_conference_report(struct ds_end *end, int status);
/* Its call to the focus is answered. */
void ds_end_reached_focus(struct ds_end *fresh);
/* The other end clears the call, as its dialog has been replaced: this end goes on in the
 * conference. Gives the end that has the cleared dialog now; NULL: it was cleared for good. */
struct ds_end *ds_end_goes_on_there(struct ds_end *end);
/* Nothing is moved any more. A call to a focus that it was to be moved to is cleared. */
void ds_end_forget_focus(struct ds_end *end);

#endif
