#include "pcap_internal.h"

#define HEADER_BYTES 24u
#define RECORD_BYTES 16u

/* The format of tcpdump: a header, then records of one interface. */

ds_rc ds_pcap_classic_open(struct ds_pcap_reader *reader, uint32_t ticks, struct ds_why *why)
{
    struct ds_pcap_file *file = &reader->file;
    ds_rc rc = ds_pcap_file_take(file, reader->have, HEADER_BYTES - reader->have, why);
    if (rc != DS_OK)
        return rc;
    if (ds_pcap_get16(file->bytes + 4, file->big_endian) != 2)
        return ds_pcap_file_damaged(file, why, "its header names a version of pcap other than 2");
    /* The upper half of the last word speaks of frame check sequences. */
    uint32_t link = ds_pcap_get32(file->bytes + 20, file->big_endian);
    rc = ds_pcap_add_interface(reader, (uint16_t)(link & 0xffff), why);
    if (rc == DS_OK)
        reader->interfaces[0].ticks_per_second = ticks;
    return rc;
}

ds_rc ds_pcap_classic_next(struct ds_pcap_reader *reader, struct ds_frame *out, struct ds_why *why)
{
    struct ds_pcap_file *file = &reader->file;
    const struct ds_pcap_interface *interface = &reader->interfaces[0];
    ds_rc rc = ds_pcap_file_take(file, 0, RECORD_BYTES, why);
    if (rc != DS_OK)
        return rc;
    uint64_t second = ds_pcap_get32(file->bytes, file->big_endian);
    uint64_t ticks = ds_pcap_get32(file->bytes + 4, file->big_endian);
    uint32_t len = ds_pcap_get32(file->bytes + 8, file->big_endian);
    uint32_t original_len = ds_pcap_get32(file->bytes + 12, file->big_endian);
    if (len > DS_PCAP_MOST_BYTES)
        return ds_pcap_file_damaged(file, why, "no frame is as long as the next says it is");
    rc = ds_pcap_file_take(file, RECORD_BYTES, len, why);
    if (rc != DS_OK)
        return rc;
    *out = (struct ds_frame){
        .number = ++file->frames,
        .unix_us = ds_pcap_stamp_us(interface, second * interface->ticks_per_second + ticks),
        .link = interface->link,
        .original_len = original_len,
        .bytes = {(const char *)file->bytes + RECORD_BYTES, len}};
    return DS_OK;
}
