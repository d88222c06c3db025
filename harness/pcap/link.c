#include "pcap_internal.h"

#include <stdlib.h>

struct link_name {
    int link;
    const char *name;
};

static const struct link_name known[] = {
    {DS_LINK_NULL, NULL}, {DS_LINK_ETHERNET, NULL}, {DS_LINK_RAW, NULL},  {DS_LINK_LOOP, NULL},
    {DS_LINK_SLL, NULL},  {DS_LINK_IPV4, NULL},     {DS_LINK_IPV6, NULL}, {DS_LINK_SLL2, NULL},
};

/* What a person may well have captured by mistake. */
static const struct link_name refused[] = {
    {6, "Token Ring"},
    {9, "PPP"},
    {10, "FDDI"},
    {50, "PPP in HDLC framing"},
    {51, "PPPoE"},
    {100, "ATM"},
    {104, "Cisco HDLC"},
    {105, "IEEE 802.11"},
    {107, "Frame Relay"},
    {119, "IEEE 802.11 with Prism header"},
    {127, "IEEE 802.11 with radiotap header"},
    {140, "SS7 MTP2"},
    {141, "SS7 MTP3"},
    {163, "IEEE 802.11 with AVS header"},
    {187, "Bluetooth HCI"},
    {189, "USB"},
    {192, "PPI"},
    {195, "IEEE 802.15.4"},
    {201, "Bluetooth HCI"},
    {203, "LAPD"},
    {220, "USB"},
    {227, "CAN"},
    {239, "netfilter log"},
    {249, "USB"},
    {252, "Wireshark's exported protocol data"},
    {253, "netlink"},
};

static const struct link_name *look_up(const struct link_name *table, size_t count, int link)
{
    for (size_t i = 0; i < count; i++) {
        if (table[i].link == link)
            return &table[i];
    }
    return NULL;
}

/* Raw IP was 12 on most systems and 14 on OpenBSD before it had a number for files. */
int ds_pcap_normal_link(int link)
{
    return link == 12 || link == 14 ? DS_LINK_RAW : link;
}

bool ds_pcap_link_is_read(int link)
{
    return look_up(known, DS_COUNT(known), link) != NULL;
}

static ds_rc refuse(const struct ds_pcap_reader *reader, int link, struct ds_why *why)
{
    const struct link_name *row = look_up(refused, DS_COUNT(refused), link);
    return ds_fail(
        why, DS_BAD,
        "%s was captured on link type %d (%s), which is not read here: capture Ethernet, "
        "loopback, raw IP or Linux's interface 'any'",
        reader->file.path, link, row == NULL ? "unknown" : row->name);
}

static bool make_room(struct ds_pcap_reader *reader)
{
    if (reader->interface_count < reader->interface_cap)
        return true;
    size_t cap = reader->interface_cap == 0 ? 4 : reader->interface_cap * 2;
    struct ds_pcap_interface *interfaces = realloc(reader->interfaces, cap * sizeof *interfaces);
    if (interfaces == NULL)
        return false;
    reader->interfaces = interfaces;
    reader->interface_cap = cap;
    return true;
}

ds_rc ds_pcap_add_interface(struct ds_pcap_reader *reader, uint16_t link, struct ds_why *why)
{
    if (!make_room(reader))
        return ds_fail_memory(why);
    reader->interfaces[reader->interface_count++] =
        (struct ds_pcap_interface){.link = ds_pcap_normal_link(link), .ticks_per_second = 1000000};
    return DS_OK;
}

ds_rc ds_pcap_refuse_links(const struct ds_pcap_reader *reader, struct ds_why *why)
{
    for (size_t i = 0; i < reader->interface_count; i++) {
        if (ds_pcap_link_is_read(reader->interfaces[i].link))
            return DS_OK;
    }
    return reader->interface_count == 0 ? DS_OK : refuse(reader, reader->interfaces[0].link, why);
}
