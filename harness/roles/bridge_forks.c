#include "bridge_internal.h"

#include <stdio.h>
#include <stdlib.h>

/* A user with several devices is several dialogs (RFC 3261 12.1). Where their audio is the
   Mediation Server's own, all of them hide behind one; where it goes past it, the caller meets each
   by itself (domain.md 2.5), as many as its trunk says that it can take. */

static struct ds_bridge_fork *first_of(const struct ds_bridge_forks *forks)
{
    return DS_OWNER(forks->list.next, struct ds_bridge_fork, link);
}

static struct ds_bridge_fork *find(const struct ds_bridge_forks *forks, uint64_t behind)
{
    for (struct ds_list *at = forks->list.next; at != &forks->list; at = at->next) {
        struct ds_bridge_fork *fork = DS_OWNER(at, struct ds_bridge_fork, link);
        if (fork->behind == behind)
            return fork;
    }
    return NULL;
}

static struct ds_bridge_fork *add(struct ds_bridge *bridge, uint64_t behind)
{
    struct ds_bridge_fork *fork = calloc(1, sizeof *fork);
    if (fork == NULL)
        return NULL;
    fork->behind = behind;
    fork->description.keeps_version = bridge->in.description.keeps_version;
    ds_list_append(&bridge->forks.list, &fork->link);
    bridge->forks.count++;
    return fork;
}

/* Each describes its audio for itself. */
static void show(struct ds_bridge *bridge, struct ds_bridge_fork *fork)
{
    struct ds_bridge_fork *before = bridge->forks.shown;
    if (before != NULL && before != fork) {
        before->description = bridge->in.description;
        bridge->in.description = fork->description;
        fork->description = (struct ds_description){.session_id = 0};
    }
    bridge->forks.shown = fork;
}

/* An answer is passed on in any case. */
bool ds_bridge_show_fork(struct ds_bridge *bridge,
                         const struct ds_msg *response,
                         struct ds_content *content)
{
    struct ds_bridge_forks *forks = &bridge->forks;
    size_t most = bridge->policy->most_forks == NULL ? 0 : bridge->policy->most_forks(bridge);
    uint64_t behind = ds_hash(ds_msg_to_tag(response));
    bool answers = ds_msg_status(response) >= 200;
    if (most == 0)
        return true;
    struct ds_bridge_fork *fork = find(forks, behind);
    if (fork == NULL && (forks->count < most || answers))
        fork = add(bridge, behind);
    if (fork == NULL)
        return answers;
    show(bridge, fork);
    if (fork == first_of(forks))
        return true;
    snprintf(forks->tag, sizeof forks->tag, "%016llx",
             (unsigned long long)(behind ^ ds_hash(ds_msg_call_id(bridge->invite))));
    content->fork_tag = forks->tag;
    return true;
}

void ds_bridge_forks_free(struct ds_bridge_forks *forks)
{
    struct ds_list *next;
    for (struct ds_list *at = forks->list.next; at != &forks->list; at = next) {
        struct ds_bridge_fork *fork = DS_OWNER(at, struct ds_bridge_fork, link);
        next = at->next;
        ds_description_clean_up(&fork->description);
        free(fork);
    }
    ds_list_init(&forks->list);
}
