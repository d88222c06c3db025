#include "pcap_internal.h"

#define LONGEST_OPTION 65532u /* the largest length in sixteen bits that needs no padding */

void ds_pcap_put16(struct ds_buf *buf, uint16_t value)
{
    const char bytes[] = {(char)(value & 0xff), (char)(value >> 8)};
    ds_buf_add(buf, (struct ds_slice){bytes, sizeof bytes});
}

void ds_pcap_put32(struct ds_buf *buf, uint32_t value)
{
    ds_pcap_put16(buf, (uint16_t)(value & 0xffff));
    ds_pcap_put16(buf, (uint16_t)(value >> 16));
}

void ds_pcap_put_padded(struct ds_buf *buf, struct ds_slice bytes)
{
    ds_buf_add(buf, bytes);
    ds_buf_add(buf, (struct ds_slice){"\0\0\0", ds_pcap_padded(bytes.len) - bytes.len});
}

/* Never in the middle of a UTF-8 character. */
static struct ds_slice cut_text(struct ds_slice text, size_t most)
{
    if (text.len <= most)
        return text;
    text.len = most;
    while (text.len > 0 && (text.at[text.len] & 0xc0) == 0x80)
        text.len--;
    return text;
}

void ds_pcap_put_option(struct ds_buf *buf, uint16_t code, struct ds_slice value)
{
    value = cut_text(value, LONGEST_OPTION);
    ds_pcap_put16(buf, code);
    ds_pcap_put16(buf, (uint16_t)value.len);
    ds_pcap_put_padded(buf, value);
}

size_t ds_pcap_block_begin(struct ds_buf *buf, uint32_t type)
{
    size_t start = buf->len;
    ds_pcap_put32(buf, type);
    ds_pcap_put32(buf, 0);
    return start;
}

void ds_pcap_block_end(struct ds_buf *buf, size_t start)
{
    uint32_t len = (uint32_t)(buf->len - start + 4);
    ds_pcap_put32(buf, len);
    if (buf->broken)
        return;
    ds_assert(len % 4 == 0 && len <= DS_PCAP_MOST_BYTES);
    for (int i = 0; i < 4; i++)
        buf->at[start + 4 + (size_t)i] = (char)(len >> (8 * i) & 0xff);
}
