#include "topo_internal.h"

#include <string.h>

/* Exchange Unified Messaging: domain.md 1.9. */

#define WAIT_S      10 /* by default; no document gives the time */
#define MOST_WAIT_S 60

static const struct ds_field voice_mail_fields[] = {
    {"servers", DS_TABLE}, {"access", DS_TEXT},  {"attendant", DS_TEXT},
    {"waits", DS_WHOLE},   {"notices", DS_FLAG}, {"missed_calls", DS_FLAG}};

/* ---- the servers ---- */

static bool is_listed(const struct ds_voice_mail *mail, const struct ds_topo_node *node)
{
    for (size_t i = 0; i < mail->server_count; i++)
        if (mail->servers[i] == node)
            return true;
    return false;
}

static ds_rc add_server(const struct ds_load *load, const struct ds_value *value)
{
    struct ds_voice_mail *mail = &load->topo->voice_mail;
    const struct ds_topo_node *node = ds_topo_find(load->topo, ds_slice_of(value->text));
    if (node == NULL || node->role != DS_ROLE_UM)
        return ds_refuse(load, value->line, "voice mail is at '%.40s', which is no um",
                         value->text);
    if (is_listed(mail, node))
        return ds_refuse(load, value->line, "voice mail names '%s' twice", node->name);
    if (ds_topo_port(node, DS_TLS) == 0 && ds_topo_port(node, DS_TCP) == 0)
        return ds_refuse(load, node->line, "'%s' is a um and needs a tls or a tcp port",
                         node->name);
    mail->servers[mail->server_count++] = node;
    return DS_OK;
}

static ds_rc load_servers(const struct ds_load *load, const struct ds_value *voice_mail)
{
    const struct ds_value *servers = ds_value_get(voice_mail, "servers");
    if (ds_value_count(servers) == 0)
        return ds_refuse(load, ds_value_line(voice_mail, "servers"),
                         "voice_mail needs servers: a list of um nodes");
    ds_rc rc = ds_list_check(load, servers, "servers", DS_TEXT, DS_VOICE_MAIL_MOST_SERVERS);
    for (const struct ds_value *value = servers->first; value != NULL && rc == DS_OK;
         value = value->next)
        rc = add_server(load, value);
    return rc;
}

static ds_rc check_all_are_listed(const struct ds_load *load)
{
    for (size_t i = 0; i < load->topo->node_count; i++) {
        const struct ds_topo_node *node = &load->nodes[i];
        if (node->role == DS_ROLE_UM && !is_listed(&load->topo->voice_mail, node))
            return ds_refuse(load, node->line,
                             "'%s' is a um that no voice_mail lists: nobody would call it",
                             node->name);
    }
    return DS_OK;
}

/* ---- its numbers ---- */

static ds_rc load_number(const struct ds_load *load,
                         const struct ds_value *voice_mail,
                         const char *key,
                         const char **out)
{
    const char *number = ds_value_text(voice_mail, key);
    int line = ds_value_line(voice_mail, key);
    if (number == NULL)
        return DS_OK;
    if (!ds_is_e164(number))
        return ds_refuse(load, line,
                         "the number of voice mail's %s must be + and 7 to 15 digits, "
                         "and is '%.40s'",
                         key, number);
    const struct ds_topo_node *owner = ds_topo_owner(load->topo, ds_slice_of(number));
    if (owner != NULL)
        return ds_refuse(load, line, "'%s' and voice mail have the same number %s", owner->name,
                         number);
    *out = number;
    return DS_OK;
}

static ds_rc load_numbers(const struct ds_load *load, const struct ds_value *voice_mail)
{
    struct ds_voice_mail *mail = &load->topo->voice_mail;
    ds_rc rc = load_number(load, voice_mail, "access", &mail->access);
    if (rc == DS_OK)
        rc = load_number(load, voice_mail, "attendant", &mail->attendant);
    if (rc == DS_OK && mail->access != NULL && mail->attendant != NULL &&
        strcmp(mail->access, mail->attendant) == 0)
        rc = ds_refuse(load, ds_value_line(voice_mail, "attendant"),
                       "access and attendant have the same number %s", mail->access);
    return rc;
}

static ds_rc load_wait(const struct ds_load *load, const struct ds_value *voice_mail)
{
    const struct ds_value *waits = ds_value_get(voice_mail, "waits");
    int64_t seconds = waits == NULL ? WAIT_S : waits->whole;
    if (seconds < 1 || seconds > MOST_WAIT_S)
        return ds_refuse(load, waits->line,
                         "a server of voice mail is waited for 1 to %d seconds, not %lld",
                         MOST_WAIT_S, (long long)seconds);
    load->topo->voice_mail.wait_us = seconds * DS_TOPO_SECOND_US;
    return DS_OK;
}

static bool is_on(const struct ds_value *voice_mail, const char *key)
{
    const struct ds_value *value = ds_value_get(voice_mail, key);
    return value != NULL && value->flag;
}

ds_rc ds_load_voice_mail(struct ds_load *load)
{
    const struct ds_value *voice_mail = ds_value_get(load->root, "voice_mail");
    ds_rc rc = DS_OK;
    if (voice_mail != NULL) {
        rc = ds_names_check(load, voice_mail, "voice_mail");
        if (rc == DS_OK)
            rc = ds_fields_check(load, voice_mail, "voice_mail", voice_mail_fields,
                                 DS_COUNT(voice_mail_fields));
        if (rc == DS_OK)
            rc = load_servers(load, voice_mail);
        if (rc == DS_OK)
            rc = load_numbers(load, voice_mail);
        if (rc == DS_OK)
            rc = load_wait(load, voice_mail);
        load->topo->voice_mail.notices = is_on(voice_mail, "notices");
        load->topo->voice_mail.missed_calls = is_on(voice_mail, "missed_calls");
    }
    return rc == DS_OK ? check_all_are_listed(load) : rc;
}

static bool is_number(const char *own, struct ds_slice number)
{
    return own != NULL && ds_slice_equal(ds_slice_of(own), number);
}

bool ds_topo_is_voice_mail(const struct ds_topo *topo, struct ds_slice number)
{
    return is_number(topo->voice_mail.access, number) ||
           is_number(topo->voice_mail.attendant, number);
}

const struct ds_topo_node *ds_topo_user_keyed_in(const struct ds_topo *topo, struct ds_slice digits)
{
    char number[64];
    size_t end;
    if (!ds_slice_find(digits, DS_LITERAL("#"), &end))
        return NULL;
    const struct ds_slice keyed = {digits.at, end};
    const struct ds_topo_node *user = ds_topo_owner(topo, keyed);
    if (user == NULL && ds_topo_normalize(topo, NULL, keyed, number, sizeof number))
        user = ds_topo_owner(topo, ds_slice_of(number));
    return user != NULL && user->role == DS_ROLE_CLIENT ? user : NULL;
}
