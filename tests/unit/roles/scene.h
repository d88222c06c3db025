#ifndef DS_TEST_SCENE_H
#define DS_TEST_SCENE_H

/*
 * A whole deployment on a simulated network, for tests that look inside its elements. What leaves
 * an element can be held back and sent on later, so that a test chooses the order in which messages
 * that cross arrive.
 */

#include "support.h"

#include "roles_internal.h"
#include "sim.h"

#define SCENE_MOST_NODES 24
#define SCENE_MOST_HELD  8

/* A message that was to leave. */
struct held {
    struct ds_node *node; /* borrowed */
    struct ds_msg *msg;   /* owned */
    struct ds_hop hop;
};

/* Which messages of an element are kept back. */
struct latch {
    struct scene *scene;
    struct ds_node *node; /* borrowed */
    const char *word;     /* the first of the message: "BYE", "200"; NULL: none */
    bool drops;           /* they never come */
};

struct scene {
    struct ds_clock *clock;
    struct ds_rng rng;
    struct ds_log *log;
    struct ds_net *net;
    struct ds_tls_authority *authority;
    struct ds_mailbox *mailbox;
    struct ds_arena *arena;
    const struct ds_topo *topo;
    struct ds_node *nodes[SCENE_MOST_NODES]; /* beside topo->nodes */
    struct latch latches[SCENE_MOST_NODES];  /* likewise */
    struct held held[SCENE_MOST_HELD];
    size_t held_count;
};

/* Every element of a file in topologies/ (or a variant of it, "file:variant"), clients signed in;
 * `defect` ("node:name") may be NULL. */
void scene_start(struct scene *scene, const char *topology, const char *defect);
void scene_start_from(struct scene *scene, const char *topology, const char *defect, uint64_t seed);
/* Demands that nothing is left of any call, once every timer of RFC 3261 has run out. */
void scene_stop(struct scene *scene);
void scene_run(struct scene *scene, ds_us for_us);
struct ds_node *scene_node(const struct scene *scene, const char *name);

/* From now on what `name` sends that begins with `word` stays with it. */
void scene_hold(struct scene *scene, const char *name, const char *word);
/* From now on it vanishes. */
void scene_drop(struct scene *scene, const char *name, const char *word);
/* Sends on what was held, in the order it would have left, and holds nothing any more. */
void scene_release(struct scene *scene);

/* Two people on the line: `from` has dialled `to`, who is reached and has not answered. */
struct talk {
    struct ds_end *caller, *callee; /* borrowed */
};

struct talk scene_dial(struct scene *scene, const char *from, const char *to);
struct talk
scene_talk(struct scene *scene, const char *from, const char *to); /* and has answered */
void hang_up(struct ds_end *end);
bool is_over(const struct ds_end *end); /* or never was: NULL */
void hang_up_if_up(struct ds_end *end);

/* Compares the sentences on what is left, with "#" for every Call-ID; "": nothing is. */
void assert_leftovers(struct scene *scene, const char *name, const char *expected);
void assert_disagree(struct scene *scene, const char *expected);

#endif
