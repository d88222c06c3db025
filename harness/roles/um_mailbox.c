#include "um_internal.h"

#include <stdlib.h>

#define MOST_MESSAGES 100
#define LONGEST_BYTES ((size_t)60 * DS_RTP_SAMPLE_RATE) /* a minute */
#define PIECE         256

ds_rc ds_mailbox_new(struct ds_mailbox **out, struct ds_why *why)
{
    struct ds_mailbox *mailbox = calloc(1, sizeof *mailbox);
    if (mailbox == NULL)
        return ds_fail_memory(why);
    ds_list_init(&mailbox->messages);
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
    while (left > 0) {
        size_t piece = left < PIECE ? left : PIECE;
        add(message, samples, piece);
        samples += piece;
        left -= piece;
    }
    return count <= room;
}
