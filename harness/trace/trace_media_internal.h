#ifndef DS_TRACE_MEDIA_INTERNAL_H
#define DS_TRACE_MEDIA_INTERNAL_H

/* Media that take more than RTP: fax, what is sealed, and what comes over a relay. Part of
 * trace_internal.h. */

/* ---- STUN ---- */

/* Takes a relay's frame off: then `way` and `bytes` are what was in it. True: it was STUN, and
 * nothing is left to hear. */
bool ds_trace_stun(struct ds_reading *reading, struct ds_trace_way *way, struct ds_slice *bytes);
/* What a message says of bandwidth; `out` is zeroed (stun_admission.c). */
void ds_trace_admission(struct ds_reading *reading,
                        const struct ds_stun *msg,
                        struct ds_admission_seen *out);
void ds_trace_stun_publish(struct ds_reading *reading);
void ds_trace_stun_sweep(struct ds_reading *reading);
void ds_trace_stun_clean_up(struct ds_trace_stun *stun);

/* ---- fax ---- */

struct ds_fax_piece;

/* One way of a fax, or of a line that might carry one. */
struct ds_trace_fax {
    struct ds_trace_way way;
    struct ds_fax_seen seen;
    uint32_t in_sequence;
    bool is_line, misses;
    struct ds_fax_piece *first, *last; /* owned: what went by */
};

/* The one of this way, made when it is first asked for; NULL where there are too many. */
struct ds_trace_fax *ds_trace_fax_of(struct ds_reading *reading, const struct ds_trace_way *way);
/* fax_pages.c */
void ds_trace_fax_keep(struct ds_reading *reading,
                       struct ds_trace_fax *fax,
                       const struct ds_udptl *packet);
void ds_trace_fax_line(struct ds_reading *reading,
                       const struct ds_trace_way *way,
                       const struct ds_rtp *packet);
void ds_trace_fax_read(struct ds_reading *reading, struct ds_trace_fax *fax);
void ds_trace_fax_forget(struct ds_reading *reading, struct ds_trace_fax *fax);

/* UDPTL is announced at either end: what looks like RTP there is none. */
bool ds_trace_fax_expected(const struct ds_reading *reading, const struct ds_trace_way *way);
void ds_trace_fax_announce(struct ds_reading *reading, const struct ds_sdp *sdp);
void ds_trace_fax(struct ds_reading *reading,
                  const struct ds_trace_way *way,
                  const struct ds_udptl *packet);
void ds_trace_faxes(struct ds_reading *reading);
void ds_trace_faxes_end(struct ds_reading *reading);

/* RTP, RTCP, UDPTL or none of these. */
void ds_trace_hear(struct ds_reading *reading,
                   struct ds_trace_recent *recent,
                   struct ds_slice bytes);

/* ---- who is heard (voices.c) ---- */

/* `ear` NULL: nobody listened for tones. */
void ds_trace_voices(struct ds_reading *reading, const struct ds_ear *ear, struct ds_flow *flow);

/* ---- voice mail (spells.c) ---- */

bool ds_trace_spells_wanted(const struct ds_reading *reading, const struct ds_trace_way *way);
void ds_trace_spells_hear(struct ds_reading *reading,
                          struct ds_trace_candidate *candidate,
                          const struct ds_rtp *packet);
void ds_trace_spells_tell(struct ds_reading *reading,
                          const struct ds_trace_candidate *candidate,
                          struct ds_flow *flow);

/* ---- SRTP ---- */

/* Comes this from where no description is, to where SRTP is expected? */
bool ds_trace_srtp_awaits(const struct ds_reading *reading, const struct ds_trace_way *way);
/* True: it is kept until its sender's description comes, or it is clear that none does. */
bool ds_trace_early_hold(struct ds_reading *reading,
                         const struct ds_trace_way *way,
                         struct ds_slice bytes);
void ds_trace_early_release(struct ds_reading *reading, struct ds_addr from);
void ds_trace_early_end(struct ds_reading *reading); /* of the part: all are heard as they are */

/* Gives back the packet opened, good until the next; or as it was, and whether it is sealed. */
struct ds_slice ds_trace_srtp_open(struct ds_reading *reading,
                                   const struct ds_trace_way *way,
                                   struct ds_slice bytes,
                                   bool *sealed);
/* NULL where no key was ever told for it. It is kept as long as it is asked for. */
const struct ds_srtp_seen *
ds_trace_srtp_seen(const struct ds_reading *reading, const struct ds_trace_way *way, uint32_t ssrc);
void ds_trace_srtp_announce(struct ds_reading *reading, const struct ds_sdp *sdp);
void ds_trace_srtp_sweep(struct ds_reading *reading);
void ds_trace_srtp_end(struct ds_reading *reading);

#endif
