#include "tls_internal.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>

/* OpenSSL's handshakes, made in advance between two ends of one store. The chance in each comes
 * from the two names, so that whoever needs it first gets what everybody gets. */

void ds_tls_hello_free(struct ds_tls_hello *hello)
{
    for (struct ds_list *at = hello->rehearsals.next, *next; at != &hello->rehearsals; at = next) {
        struct ds_tls_rehearsal *rehearsal = DS_OWNER(at, struct ds_tls_rehearsal, node);
        next = at->next;
        EVP_CIPHER_free(rehearsal->cipher);
        ds_buf_clean_up(&rehearsal->answer);
        ds_buf_clean_up(&rehearsal->last);
        ds_buf_clean_up(&rehearsal->secrets);
        free(rehearsal->server);
        free(rehearsal);
    }
    ds_buf_clean_up(&hello->bytes);
    free(hello->client);
    free(hello->peer_name);
    free(hello);
}

/* ---- two ends on a table ---- */

/* Lets one end hear and speak; false when it gave up. */
static bool speak(struct ds_tls *end, struct ds_slice heard, struct ds_buf *said)
{
    char *at = NULL;
    if (heard.len > 0 && BIO_write(end->in, heard.at, (int)heard.len) != (int)heard.len)
        return false;
    ERR_clear_error();
    int rc = SSL_do_handshake(end->ssl);
    int error = SSL_get_error(end->ssl, rc);
    ERR_clear_error();
    long len = BIO_get_mem_data(end->out, &at);
    if (said != NULL && len > 0)
        ds_buf_add(said, (struct ds_slice){at, (size_t)len});
    (void)BIO_reset(end->out);
    end->agreed = rc == 1;
    return rc == 1 || error == SSL_ERROR_WANT_READ;
}

/* "CLIENT_TRAFFIC_SECRET_0 <random> <secret>" of the key log, as bytes. */
static size_t find_secret(struct ds_slice log, const char *label, unsigned char *out, size_t size)
{
    struct ds_slice line, word;
    while (ds_slice_cut(&log, '\n', &line)) {
        if (!ds_slice_cut(&line, ' ', &word) || !ds_slice_equal(word, ds_slice_of(label)) ||
            !ds_slice_cut(&line, ' ', &word) || line.len / 2 > size)
            continue;
        for (size_t i = 0; i < line.len / 2; i++)
            out[i] = (unsigned char)(OPENSSL_hexchar2int((unsigned char)line.at[2 * i]) << 4 |
                                     OPENSSL_hexchar2int((unsigned char)line.at[2 * i + 1]));
        return line.len / 2;
    }
    return 0;
}

static bool
take_keys(struct ds_tls_store *store, struct ds_tls_rehearsal *rehearsal, const SSL *agreed)
{
    const SSL_CIPHER *suite = SSL_get_current_cipher(agreed);
    OSSL_LIB_CTX *crypto = ds_tls_store_crypto(store);
    unsigned char of_client[EVP_MAX_MD_SIZE], of_server[EVP_MAX_MD_SIZE];
    struct ds_slice log = ds_buf_slice(&rehearsal->secrets);
    size_t len = find_secret(log, "CLIENT_TRAFFIC_SECRET_0", of_client, sizeof of_client);
    if (SSL_version(agreed) != TLS1_3_VERSION || len == 0 ||
        find_secret(log, "SERVER_TRAFFIC_SECRET_0", of_server, sizeof of_server) != len)
        return false;
    rehearsal->cipher =
        EVP_CIPHER_fetch(crypto, OBJ_nid2sn(SSL_CIPHER_get_cipher_nid(suite)), NULL);
    return rehearsal->cipher != NULL &&
           ds_tls_keys_derive(crypto, suite, (struct ds_slice){(char *)of_client, len},
                              &rehearsal->of_client) &&
           ds_tls_keys_derive(crypto, suite, (struct ds_slice){(char *)of_server, len},
                              &rehearsal->of_server);
}

static bool play(struct ds_tls *client, struct ds_tls *server, struct ds_tls_rehearsal *out)
{
    struct ds_buf first = {0};
    const struct ds_slice nothing = {NULL, 0};
    bool fine = speak(client, nothing, &first) &&
                speak(server, ds_buf_slice(&first), &out->answer) &&
                speak(client, ds_buf_slice(&out->answer), &out->last) && client->agreed &&
                speak(server, ds_buf_slice(&out->last), NULL) && server->agreed;
    ds_buf_clean_up(&first);
    return fine && !out->answer.broken && !out->last.broken && !out->secrets.broken;
}

static void end_both(struct ds_tls *client, struct ds_tls *server)
{
    SSL_free(client->ssl);
    SSL_free(server->ssl);
    ERR_clear_error();
}

/* ---- what a client says first ---- */

static struct ds_tls end_of_client(struct ds_tls_store *store, const struct ds_tls_hello *hello)
{
    struct ds_tls end = {.who = {store, hello->client, hello->version},
                         .accept_any_name = hello->accept_any_name};
    ds_slice_copy(ds_slice_of(hello->peer_name), end.peer_name, sizeof end.peer_name);
    return end;
}

static bool say(struct ds_tls_store *store, struct ds_tls_hello *hello)
{
    struct ds_tls end = end_of_client(store, hello);
    struct ds_rng aside = ds_tls_store_set_aside(store, hello->seed);
    bool said = ds_tls_open(&end, ds_tls_store_unix_s(store), NULL) == DS_OK &&
                speak(&end, (struct ds_slice){NULL, 0}, &hello->bytes) && !hello->bytes.broken;
    ds_tls_store_put_back(store, &aside);
    SSL_free(end.ssl);
    return said;
}

static uint64_t seed_of(const struct ds_tls *client)
{
    uint64_t name = ds_hash(ds_slice_of(client->who.name)),
             peer = ds_hash(ds_slice_of(client->peer_name));
    return name ^ peer << 1 ^ (uint64_t)client->who.version << 8 ^ client->accept_any_name;
}

static struct ds_tls_hello *new_hello(const struct ds_tls *client)
{
    struct ds_tls_hello *hello = calloc(1, sizeof *hello);
    if (hello == NULL)
        return NULL;
    ds_list_init(&hello->rehearsals);
    hello->client = strdup(client->who.name);
    hello->peer_name = strdup(client->peer_name);
    hello->version = client->who.version;
    hello->accept_any_name = client->accept_any_name;
    hello->seed = seed_of(client);
    if (hello->client != NULL && hello->peer_name != NULL && say(client->who.store, hello))
        return hello;
    ds_tls_hello_free(hello);
    return NULL;
}

static bool is_of(const struct ds_tls_hello *hello, const struct ds_tls *client)
{
    return hello->version == client->who.version &&
           hello->accept_any_name == client->accept_any_name &&
           strcmp(hello->client, client->who.name) == 0 &&
           strcmp(hello->peer_name, client->peer_name) == 0;
}

struct ds_tls_hello *ds_tls_hello_of(const struct ds_tls *client)
{
    struct ds_list *hellos = ds_tls_store_hellos(client->who.store);
    for (struct ds_list *at = hellos->next; at != hellos; at = at->next) {
        struct ds_tls_hello *hello = DS_OWNER(at, struct ds_tls_hello, node);
        if (is_of(hello, client))
            return hello;
    }
    bool ready = ds_tls_store_authority(client->who.store, NULL) != NULL;
    struct ds_tls_hello *added = ready ? new_hello(client) : NULL;
    if (added != NULL)
        ds_list_append(hellos, &added->node);
    return added;
}

struct ds_tls_hello *
ds_tls_hello_heard(struct ds_tls_store *store, struct ds_slice heard, bool *more)
{
    struct ds_list *hellos = ds_tls_store_hellos(store);
    *more = false;
    for (struct ds_list *at = hellos->next; at != hellos; at = at->next) {
        struct ds_tls_hello *hello = DS_OWNER(at, struct ds_tls_hello, node);
        if (ds_slice_starts(heard, ds_buf_slice(&hello->bytes)))
            return hello;
        *more |= ds_slice_starts(ds_buf_slice(&hello->bytes), heard);
    }
    return NULL;
}

/* ---- what follows ---- */

static void
rehearse(struct ds_tls_hello *hello, const struct ds_tls_who *who, struct ds_tls_rehearsal *out)
{
    struct ds_tls_store *store = who->store;
    struct ds_tls client = end_of_client(store, hello),
                  server = {.who = *who, .is_server = true, .secrets = &out->secrets};
    struct ds_rng aside = ds_tls_store_set_aside(store, hello->seed);
    int64_t unix_s = ds_tls_store_unix_s(store);
    out->agreed = ds_tls_open(&client, unix_s, NULL) == DS_OK &&
                  ds_tls_open(&server, unix_s, NULL) == DS_OK && play(&client, &server, out) &&
                  take_keys(store, out, server.ssl);
    ds_tls_store_put_back(store, &aside);
    end_both(&client, &server);
}

struct ds_tls_rehearsal *ds_tls_rehearse(struct ds_tls_hello *hello,
                                         const struct ds_tls_who *server)
{
    for (struct ds_list *at = hello->rehearsals.next; at != &hello->rehearsals; at = at->next) {
        struct ds_tls_rehearsal *known = DS_OWNER(at, struct ds_tls_rehearsal, node);
        if (known->version == server->version && strcmp(known->server, server->name) == 0)
            return known;
    }
    struct ds_tls_rehearsal *rehearsal = calloc(1, sizeof *rehearsal);
    char *name = strdup(server->name);
    if (rehearsal == NULL || name == NULL) {
        free(rehearsal);
        free(name);
        return NULL;
    }
    rehearsal->server = name;
    rehearsal->version = server->version;
    rehearse(hello, server, rehearsal);
    ds_list_append(&hello->rehearsals, &rehearsal->node);
    return rehearsal;
}
