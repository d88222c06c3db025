#include "media_internal.h"

#include <stdlib.h>
#include <string.h>

#include "fax.h"

#define PATH_MAGIC    0x46505448u
#define MOST_DATAGRAM 1400
#define MOST_IFP      320 /* longer ones have no copies */

/* The packets sent last, the latest first. */
struct sent {
    uint8_t bytes[MOST_IFP];
    size_t len;
};

struct ds_fax_path {
    uint32_t magic;
    struct ds_media_place *place; /* borrowed: outlives us */
    struct ds_udp *udp;           /* owned */
    struct ds_fax_relay *relay;   /* owned; NULL until it is open */
    struct ds_media *line;        /* borrowed; NULL until it is open */
    struct ds_addr to;
    size_t copies; /* with each packet */
    bool smudges;
    uint16_t sequence; /* of the next packet */
    struct sent sent[DS_FAX_MOST_COPIES];
    size_t sent_count;
    bool heard;
    uint16_t last; /* that came in */
};

static void remember(struct ds_fax_path *path, struct ds_slice ifp)
{
    memmove(path->sent + 1, path->sent, (DS_FAX_MOST_COPIES - 1) * sizeof *path->sent);
    path->sent[0].len = ifp.len <= MOST_IFP ? ifp.len : 0;
    memcpy(path->sent[0].bytes, ifp.at, path->sent[0].len);
    if (path->sent_count < path->copies)
        path->sent_count++;
}

static void send_packet(void *owner, struct ds_slice ifp)
{
    struct ds_fax_path *path = owner;
    uint8_t bytes[MOST_DATAGRAM];
    struct ds_udptl packet = {.sequence = path->sequence++, .ifp = ifp};
    while (packet.copy_count < path->sent_count && path->sent[packet.copy_count].len > 0) {
        const struct sent *sent = &path->sent[packet.copy_count];
        packet.copies[packet.copy_count++] =
            (struct ds_slice){(const char *)sent->bytes, sent->len};
    }
    size_t len = ds_udptl_write(&packet, bytes, sizeof bytes);
    remember(path, ifp);
    if (len > 0)
        ds_udp_send(path->udp, path->to, (struct ds_slice){(const char *)bytes, len});
}

/* What was lost is in the copies, as far as they reach. */
static void take_packet(void *owner, struct ds_addr from, struct ds_slice bytes)
{
    struct ds_fax_path *path = owner;
    struct ds_udptl packet;
    (void)from;
    if (path->relay == NULL || ds_udptl_parse(bytes, &packet) != DS_OK)
        return;
    size_t news = path->heard ? ds_udptl_news(&packet, path->last) : 1;
    if (news == 0)
        return;
    path->heard = true;
    path->last = packet.sequence;
    while (news-- > 0)
        ds_fax_relay_take(path->relay, ds_udptl_ifp(&packet, news),
                          (uint16_t)(packet.sequence - news));
}

static ds_rc open_port(void *owner, struct ds_addr at, struct ds_why *why)
{
    struct ds_fax_path *path = owner;
    return ds_udp_open(path->place->net, at, take_packet, path, &path->udp, why);
}

ds_rc ds_fax_path_new(struct ds_media_place *place, struct ds_fax_path **out, struct ds_why *why)
{
    struct ds_fax_path *path = calloc(1, sizeof *path);
    if (path == NULL)
        return ds_fail_memory(why);
    path->magic = PATH_MAGIC;
    path->place = place;
    ds_rc rc = ds_media_find_port(place, open_port, path, why);
    if (rc != DS_OK) {
        free(path);
        return rc;
    }
    place->pairs_open++;
    *out = path;
    return DS_OK;
}

void ds_fax_path_free(struct ds_fax_path **path)
{
    if (*path == NULL)
        return;
    DS_CHECK(*path, PATH_MAGIC);
    if ((*path)->line != NULL)
        ds_media_set_sound((*path)->line, NULL);
    ds_fax_relay_free(&(*path)->relay);
    ds_udp_close(&(*path)->udp);
    (*path)->place->pairs_open--;
    (*path)->magic = 0;
    free(*path);
    *path = NULL;
}

struct ds_addr ds_fax_path_at(const struct ds_fax_path *path)
{
    DS_CHECK(path, PATH_MAGIC);
    return ds_udp_at(path->udp);
}

static void say(void *owner, int16_t *samples, size_t count)
{
    struct ds_fax_path *path = owner;
    ds_fax_relay_say(path->relay, samples, count);
}

static void hear(void *owner, const int16_t *samples, size_t count)
{
    struct ds_fax_path *path = owner;
    ds_fax_relay_hear(path->relay, samples, count);
}

ds_rc ds_fax_path_open(struct ds_fax_path *path,
                       struct ds_media *line,
                       struct ds_addr to,
                       size_t copies)
{
    const struct ds_media_sound sound = {.say = say, .hear = hear, .owner = path};
    DS_CHECK(path, PATH_MAGIC);
    ds_assert(path->relay == NULL && copies <= DS_FAX_MOST_COPIES);
    ds_rc rc = ds_fax_relay_new(send_packet, path, &path->relay);
    if (rc != DS_OK)
        return rc;
    if (path->smudges)
        ds_fax_relay_smudge(path->relay);
    path->line = line;
    path->to = to;
    path->copies = copies;
    ds_media_part(line);
    ds_media_set_sound(line, &sound);
    return DS_OK;
}

void ds_fax_path_smudge(struct ds_fax_path *path)
{
    DS_CHECK(path, PATH_MAGIC);
    path->smudges = true;
}
