#include "sdp_internal.h"

struct assignment {
    uint32_t payload_type, clock_rate;
    const char *encoding;
};

/* RFC 3551, tables 4 and 5. */
static const struct assignment assignments[] = {
    {0, 8000, "PCMU"},   {3, 8000, "GSM"},    {4, 8000, "G723"},   {5, 8000, "DVI4"},
    {6, 16000, "DVI4"},  {7, 8000, "LPC"},    {8, 8000, "PCMA"},   {9, 8000, "G722"},
    {10, 44100, "L16"},  {11, 44100, "L16"},  {12, 8000, "QCELP"}, {13, 8000, "CN"},
    {14, 90000, "MPA"},  {15, 8000, "G728"},  {16, 11025, "DVI4"}, {17, 22050, "DVI4"},
    {18, 8000, "G729"},  {25, 90000, "CelB"}, {26, 90000, "JPEG"}, {28, 90000, "nv"},
    {31, 90000, "H261"}, {32, 90000, "MPV"},  {33, 90000, "MP2T"}, {34, 90000, "H263"},
};

void ds_sdp_describe_static(struct ds_sdp_format *format)
{
    for (size_t i = 0; i < DS_COUNT(assignments); i++) {
        if (assignments[i].payload_type != format->payload_type)
            continue;
        format->encoding = ds_slice_of(assignments[i].encoding);
        format->clock_rate = assignments[i].clock_rate;
        return;
    }
}
