#include "trace_tls_internal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* Secrets of the NSS key log format, as captures carry them. */

#define MAX_SECRETS  200000
#define LONGEST_LINE 512

struct ds_trace_tls_secret {
    struct {
        uint8_t label;
        uint8_t client_random[DS_TLS_RANDOM_BYTES];
    } key;

    uint8_t bytes[DS_TLS_MAX_SECRET];
};

static const struct {
    const char *name;
    enum ds_trace_tls_label label;
} labels[] = {
    {"CLIENT_RANDOM", DS_TLS_MASTER},
    {"CLIENT_HANDSHAKE_TRAFFIC_SECRET", DS_TLS_CLIENT_HANDSHAKE},
    {"SERVER_HANDSHAKE_TRAFFIC_SECRET", DS_TLS_SERVER_HANDSHAKE},
    {"CLIENT_TRAFFIC_SECRET_0", DS_TLS_CLIENT_TRAFFIC},
    {"SERVER_TRAFFIC_SECRET_0", DS_TLS_SERVER_TRAFFIC},
};

static int nibble(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

static bool from_hex(struct ds_slice text, uint8_t *out, size_t least, size_t most)
{
    if (text.len % 2 != 0 || text.len / 2 < least || text.len / 2 > most)
        return false;
    for (size_t i = 0; i < text.len / 2; i++) {
        int high = nibble(text.at[2 * i]), low = nibble(text.at[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        out[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

static bool find_label(struct ds_slice name, uint8_t *out)
{
    for (size_t i = 0; i < DS_COUNT(labels); i++) {
        if (!ds_slice_equal(name, ds_slice_of(labels[i].name)))
            continue;
        *out = (uint8_t)labels[i].label;
        return true;
    }
    return false;
}

/* False when the line tells no secret that we can use. */
static bool read_line(struct ds_reading *reading, struct ds_slice line)
{
    struct ds_trace_tls_secret secret = {0};
    struct ds_slice name, random;
    line = ds_slice_trim(line);
    if (!ds_slice_cut(&line, ' ', &name) || !find_label(name, &secret.key.label) ||
        !ds_slice_cut(&line, ' ', &random) ||
        !from_hex(random, secret.key.client_random, DS_TLS_RANDOM_BYTES, DS_TLS_RANDOM_BYTES) ||
        !from_hex(ds_slice_trim(line), secret.bytes, 32, DS_TLS_MAX_SECRET))
        return false;
    if (reading->keys.secrets.items.count >= MAX_SECRETS)
        return true;
    struct ds_trace_store *secrets = &reading->keys.secrets;
    struct ds_trace_tls_secret *kept = ds_trace_store_get(secrets, DS_KEY(secret.key));
    if (kept == NULL)
        kept = ds_trace_store_add(reading, secrets, DS_KEY(secret.key), sizeof *kept);
    if (kept != NULL)
        *kept = secret;
    return true;
}

static void read_keylog(struct ds_reading *reading, struct ds_slice text)
{
    struct ds_slice line;
    while (ds_slice_cut(&text, '\n', &line))
        (void)read_line(reading, line);
}

ds_rc ds_trace_tls_keys_read(struct ds_reading *reading, const char *path, struct ds_why *why)
{
    char line[LONGEST_LINE];
    size_t secrets = 0, lines = 0;
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return ds_fail(why, DS_IO, "cannot open the key log %s: %s", path, strerror(errno));
    for (; fgets(line, sizeof line, file) != NULL; lines++)
        secrets += read_line(reading, ds_slice_of(line)) ? 1 : 0;
    int trouble = ferror(file) ? errno : 0;
    fclose(file);
    if (trouble != 0)
        return ds_fail(why, DS_IO, "cannot read the key log %s: %s", path, strerror(trouble));
    if (reading->out_of_memory)
        return DS_NOMEM;
    if (secrets == 0 && lines > 0)
        return ds_fail(why, DS_BAD,
                       "%s is no key log: lines such as 'CLIENT_RANDOM 52ab… 91cd…' are wanted",
                       path);
    return DS_OK;
}

/* Those that stood in the capture so far. */
static void catch_up(struct ds_reading *reading)
{
    struct ds_slice text = {NULL, 0};
    if (reading->file != NULL)
        text = ds_pcap_secrets(reading->file);
    read_keylog(reading, ds_slice_from(text, reading->keys.read_bytes));
    reading->keys.read_bytes = text.len;
}

/* What comes through a pipe can be read once only. */
static bool is_file(const char *path)
{
    struct stat kind;
    return stat(path, &kind) == 0 && S_ISREG(kind.st_mode);
}

/* A capture may carry its secrets behind the frames they open, so the whole of it is read. */
static void load(struct ds_reading *reading)
{
    struct ds_pcap_reader *reader = NULL;
    struct ds_frame frame;
    reading->keys.loaded = true;
    if (!is_file(reading->trace->path))
        return;
    ds_rc rc = ds_pcap_open(reading->trace->path, &reader, NULL);
    if (rc == DS_OK) {
        while (ds_pcap_next(reader, &frame, NULL) == DS_OK)
            ;
        read_keylog(reading, ds_pcap_secrets(reader));
        ds_pcap_reader_free(&reader);
    } else if (rc == DS_NOMEM) {
        reading->out_of_memory = true;
    }
}

bool ds_trace_tls_keys_find(struct ds_reading *reading,
                            enum ds_trace_tls_label label,
                            const uint8_t client_random[DS_TLS_RANDOM_BYTES],
                            uint8_t secret[DS_TLS_MAX_SECRET])
{
    struct ds_trace_tls_secret wanted = {.key.label = (uint8_t)label};
    memcpy(wanted.key.client_random, client_random, DS_TLS_RANDOM_BYTES);
    catch_up(reading);
    const struct ds_trace_tls_secret *found =
        ds_trace_store_get(&reading->keys.secrets, DS_KEY(wanted.key));
    if (found == NULL && !reading->keys.loaded) {
        load(reading);
        found = ds_trace_store_get(&reading->keys.secrets, DS_KEY(wanted.key));
    }
    if (found == NULL)
        return false;
    memcpy(secret, found->bytes, DS_TLS_MAX_SECRET);
    return true;
}

void ds_trace_tls_keys_clean_up(struct ds_trace_tls_keys *keys)
{
    ds_trace_store_clean_up(&keys->secrets);
}
