#include "um_internal.h"

#include <stdlib.h>

#define MOST_MESSAGES 100
#define LONGEST_BYTES ((size_t)60 * DS_RTP_SAMPLE_RATE) /* a minute */
#define MOST_SILENCE  256                               /* of 32767: -42 dB */
#define PIECE         256

ds_rc ds_mailbox_new(struct ds_mailbox **out, struct ds_why *why)
{
    struct ds_mailbox *mailbox = calloc(1, sizeof *mailbox);
    if (mailbox == NULL)
        return ds_fail_memory(why);
    ds_list_init(&mailbox->messages);
    ds_list_init(&mailbox->watches);
    *out = mailbox;
    return DS_OK;
}

void ds_mailbox_free(struct ds_mailbox **mailbox)
{
    struct ds_list *next;
    if (*mailbox == NULL)
        return;
    struct ds_list *messages = &(*mailbox)->messages;
    for (struct ds_list *at = messages->next; at != messages; at = next) {
        struct ds_um_message *message = DS_OWNER(at, struct ds_um_message, link);
        next = at->next;
        ds_buf_clean_up(&message->sound);
        free(message);
    }
    free(*mailbox);
    *mailbox = NULL;
}

struct ds_um_message *ds_mailbox_begin(struct ds_mailbox *mailbox, const struct ds_topo_node *user)
{
    struct ds_um_message *message =
        mailbox->count == MOST_MESSAGES ? NULL : calloc(1, sizeof *message);
    if (message == NULL)
        return NULL;
    message->user = user;
    ds_list_append(&mailbox->messages, &message->link);
    mailbox->count++;
    return message;
}

static void tell(struct ds_mailbox *mailbox, const struct ds_topo_node *user)
{
    struct ds_list *head = &mailbox->watches;
    for (struct ds_list *at = head->next; at != head; at = at->next) {
        struct ds_mailbox_watch *watch = DS_OWNER(at, struct ds_mailbox_watch, link);
        watch->changed(watch, user);
    }
}

void ds_mailbox_keep(struct ds_mailbox *mailbox, struct ds_um_message *message)
{
    if (message->kept || !message->spoken)
        return;
    message->kept = true;
    tell(mailbox, message->user);
}

size_t
ds_mailbox_count(const struct ds_mailbox *mailbox, const struct ds_topo_node *user, bool heard)
{
    size_t count = 0;
    for (struct ds_list *at = mailbox->messages.next; at != &mailbox->messages; at = at->next) {
        const struct ds_um_message *message = DS_OWNER(at, struct ds_um_message, link);
        count += message->user == user && message->kept && message->heard == heard;
    }
    return count;
}

void ds_mailbox_mark_heard(struct ds_mailbox *mailbox,
                           const struct ds_topo_node *user,
                           const struct ds_um_script *script)
{
    bool changed = false;
    for (size_t i = 0; i < script->at; i++) {
        struct ds_um_message *message = script->spells[i].message;
        if (message == NULL || message->heard || !message->kept)
            continue;
        message->heard = true;
        changed = true;
    }
    if (changed)
        tell(mailbox, user);
}

static void add(struct ds_um_message *message, const int16_t *samples, size_t count)
{
    char codes[PIECE];
    for (size_t i = 0; i < count; i++)
        codes[i] = (char)ds_g711_encode(DS_PT_PCMU, samples[i]);
    ds_buf_add(&message->sound, (struct ds_slice){codes, count});
}

bool ds_um_message_hear(struct ds_um_message *message, const int16_t *samples, size_t count)
{
    size_t room = LONGEST_BYTES - message->sound.len;
    size_t left = count < room ? count : room;
    for (size_t i = 0; i < left && !message->spoken; i++)
        message->spoken = abs(samples[i]) > MOST_SILENCE;
    while (left > 0) {
        size_t piece = left < PIECE ? left : PIECE;
        add(message, samples, piece);
        samples += piece;
        left -= piece;
    }
    return count <= room;
}
