#include "base.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

static const uint8_t mapped_prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

const char *ds_transport_name(enum ds_transport transport)
{
    switch (transport) {
    case DS_UDP:
        return "UDP";
    case DS_TCP:
        return "TCP";
    case DS_TLS:
        return "TLS";
    }
    return "?";
}

struct ds_addr ds_addr_v4(uint32_t ip, uint16_t port)
{
    struct ds_addr addr = {.port = port};
    memcpy(addr.ip, mapped_prefix, sizeof mapped_prefix);
    ds_put32(addr.ip + sizeof mapped_prefix, ip);
    return addr;
}

bool ds_addr_is_v4(const struct ds_addr *addr)
{
    return memcmp(addr->ip, mapped_prefix, sizeof mapped_prefix) == 0;
}

uint32_t ds_addr_ip4(const struct ds_addr *addr)
{
    const uint8_t *ip = addr->ip + 12;
    return (uint32_t)ip[0] << 24 | (uint32_t)ip[1] << 16 | (uint32_t)ip[2] << 8 | ip[3];
}

bool ds_addr_equal(struct ds_addr a, struct ds_addr b)
{
    return a.port == b.port && ds_addr_same_ip(a, b);
}

bool ds_addr_same_ip(struct ds_addr a, struct ds_addr b)
{
    return memcmp(a.ip, b.ip, sizeof a.ip) == 0;
}

ds_rc ds_addr_parse_ip(struct ds_slice text, struct ds_addr *out)
{
    char copy[INET6_ADDRSTRLEN];
    uint8_t v4[4];
    if (text.len >= 2 && text.at[0] == '[' && text.at[text.len - 1] == ']')
        text = (struct ds_slice){text.at + 1, text.len - 2};
    if (memchr(text.at == NULL ? "" : text.at, '\0', text.len) != NULL ||
        !ds_slice_copy(text, copy, sizeof copy))
        return DS_BAD;
    *out = (struct ds_addr){.port = 0};
    if (inet_pton(AF_INET, copy, v4) == 1) {
        memcpy(out->ip, mapped_prefix, sizeof mapped_prefix);
        memcpy(out->ip + 12, v4, sizeof v4);
        return DS_OK;
    }
    return inet_pton(AF_INET6, copy, out->ip) == 1 ? DS_OK : DS_BAD;
}

static char *put_decimal(char *at, uint8_t number)
{
    if (number >= 100)
        *at++ = (char)('0' + number / 100);
    if (number >= 10)
        *at++ = (char)('0' + number / 10 % 10);
    *at++ = (char)('0' + number % 10);
    return at;
}

/* As inet_ntop() writes it, which takes ten times as long: each line of a listing has some. */
static void put_v4(const uint8_t ip[4], char *at)
{
    for (int i = 0; i < 4; i++) {
        at = put_decimal(at, ip[i]);
        *at++ = i < 3 ? '.' : '\0';
    }
}

struct ds_addr_text ds_addr_ip_text(struct ds_addr addr)
{
    struct ds_addr_text out;
    if (ds_addr_is_v4(&addr))
        put_v4(addr.ip + 12, out.text);
    else
        inet_ntop(AF_INET6, addr.ip, out.text, sizeof out.text);
    return out;
}

struct ds_addr_text ds_addr_text(struct ds_addr addr)
{
    struct ds_addr_text ip = ds_addr_ip_text(addr), out;
    bool v4 = ds_addr_is_v4(&addr);
    snprintf(out.text, sizeof out.text, "%s%.45s%s:%u", v4 ? "" : "[", ip.text, v4 ? "" : "]",
             addr.port);
    return out;
}
