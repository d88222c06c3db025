/* The least that reading a capture can cost: loss and jitter of each RTP stream (RFC 3550 A.3, A.8)
 * over libpcap, in sixty lines. It takes every UDP payload that begins as RTP does for RTP, knows
 * no SIP, no link but Ethernet, no IP but version 4, and 131,072 streams. Run as
 * `bench_floor CAPTURE`. */

#include <pcap/pcap.h>
#include <stdint.h>
#include <stdio.h>

#define SLOTS 262144u

struct stream {
    uint32_t ssrc, first, highest, received, last_timestamp;
    int64_t last_us;
    double jitter;
};

static uint32_t be16(const uint8_t *at)
{
    return (uint32_t)at[0] << 8 | at[1];
}

static uint32_t be32(const uint8_t *at)
{
    return be16(at) << 16 | be16(at + 2);
}

/* One in which nothing was received yet, for a new SSRC. */
static struct stream *find(struct stream *streams, uint32_t ssrc)
{
    uint32_t at = ssrc * 2654435761u % SLOTS;
    while (streams[at].received > 0 && streams[at].ssrc != ssrc)
        at = (at + 1) % SLOTS;
    return &streams[at];
}

static void count(struct stream *stream, const uint8_t *rtp, int64_t at_us)
{
    uint32_t sequence = be16(rtp + 2), timestamp = be32(rtp + 4);
    if (stream->received++ == 0) {
        stream->ssrc = be32(rtp + 8);
        stream->first = stream->highest = sequence;
    } else {
        int16_t ahead = (int16_t)(sequence - stream->highest);
        double late = (double)(at_us - stream->last_us) * 0.008 -
                      (double)(int32_t)(timestamp - stream->last_timestamp);
        stream->highest += ahead > 0 ? (uint32_t)ahead : 0;
        stream->jitter += ((late < 0 ? -late : late) - stream->jitter) / 16;
    }
    stream->last_us = at_us;
    stream->last_timestamp = timestamp;
}

int main(int argc, char **argv)
{
    char why[PCAP_ERRBUF_SIZE];
    pcap_t *pcap = argc == 2 ? pcap_open_offline(argv[1], why) : NULL;
    static struct stream streams[SLOTS]; /* large */
    struct pcap_pkthdr *header;
    const uint8_t *frame;
    uint64_t packets = 0, received = 0, sent = 0;
    double jitter = 0;
    size_t known = 0;
    if (pcap == NULL)
        return 2;
    while (pcap_next_ex(pcap, &header, &frame) == 1) {
        const uint8_t *udp = frame + 14 + (header->caplen > 14 ? (frame[14] & 15) * 4 : 0);
        packets++;
        if (header->caplen < 54 || be16(frame + 12) != 0x0800 || frame[23] != 17 ||
            udp + 20 > frame + header->caplen || udp[8] >> 6 != 2)
            continue;
        struct stream *stream = find(streams, be32(udp + 16));
        known += stream->received == 0;
        if (known > SLOTS / 2)
            return 2;
        count(stream, udp + 8, (int64_t)header->ts.tv_sec * 1000000 + header->ts.tv_usec);
    }
    for (size_t i = 0; i < SLOTS; i++) {
        received += streams[i].received;
        sent += streams[i].received == 0 ? 0 : streams[i].highest - streams[i].first + 1;
        jitter += streams[i].jitter;
    }
    printf("%llu packets, %zu streams, %llu of RTP, %lld lost, mean jitter %.3f ms\n",
           (unsigned long long)packets, known, (unsigned long long)received,
           (long long)(sent - received), known == 0 ? 0 : jitter / (double)known / 8);
    pcap_close(pcap);
    return 0;
}
