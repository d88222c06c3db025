#include "capture_of.h"

/* Frames of any link type: link headers, IP of both versions, fragments, tunnels. */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The first byte chooses the link type; frames follow, each after its length in one byte, the last
 * takes the rest. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const int links[] = {DS_LINK_ETHERNET, DS_LINK_RAW,  DS_LINK_SLL, DS_LINK_SLL2,
                                DS_LINK_NULL,     DS_LINK_LOOP, DS_LINK_IPV4};
    struct ds_slice rest = {(const char *)data, size};
    struct capture_of capture;
    if (size < 2)
        return 0;
    capture_begin(&capture, links[data[0] % DS_COUNT(links)]);
    rest = ds_slice_from(rest, 1);
    while (rest.len > 0) {
        size_t wanted = (uint8_t)rest.at[0];
        struct ds_slice frame = ds_slice_from(rest, 1);
        if (wanted > 0 && wanted < frame.len)
            frame.len = wanted;
        capture_add(&capture, frame, (struct ds_slice){"", 0});
        rest = ds_slice_from(rest, 1 + frame.len);
    }
    capture_judge(&capture, NULL);
    return 0;
}
