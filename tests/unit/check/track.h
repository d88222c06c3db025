#ifndef DS_TEST_CHECK_TRACK_H
#define DS_TEST_CHECK_TRACK_H

/* A call while it is being written: shared by what writes its messages and what writes its audio.
 */

#include "capture.h"

#define MOST_PATH 16

struct track {
    struct scene *scene;
    const struct plan *plan;
    const struct ds_topo_node *path[MOST_PATH], *media[MOST_PATH];
    size_t path_count, media_count;
    int call;
    enum ds_direction direction;
    unsigned cseq, version;
};

/* One message, before it is on the wire. */
struct message {
    const char *first; /* "INVITE", or "200" */
    const char *method;
    size_t hop;
    bool back;
    bool sdp;
    const char *suffix; /* of Call-ID, branch and tags: of an INVITE beside the others */
};

size_t
scene_nodes(const struct scene *scene, const char *text, const struct ds_topo_node *out[MOST_PATH]);
struct ds_addr scene_address(const struct scene *scene, const char *name);
void scene_put(struct scene *scene,
               struct ds_addr from,
               struct ds_addr to,
               struct ds_slice payload);
/* Which leg a hop belongs to: back-to-back elements begin a new one. */
int track_leg(const struct track *track, size_t hop);
void track_describe(const struct track *track, const struct message *message, struct ds_buf *out);
/* Each end's voice along the whole path, `count` packets of it; `first` is the first sequence
 * number. */
void track_talk(struct track *track, int count, unsigned first);
void track_dial(struct track *track);
void track_report(struct track *track); /* RTCP, as long as the plan says */

#endif
