#include "cli_internal.h"

#include <stdlib.h>

/* The order of arrival that a scenario keeps: found by explore --orders, and repeated from its
 * file. */

/* The n-th of those that may arrive; the first where there are not so many. */
static size_t nth_free(const struct ds_net_flight *flights, size_t count, unsigned long nth)
{
    size_t first = count;
    for (size_t i = 0; i < count; i++) {
        if (flights[i].waits)
            continue;
        first = first == count ? i : first;
        if (nth-- == 0)
            return i;
    }
    return first;
}

size_t ds_arrivals_choose(void *owner, const struct ds_net_flight *flights, size_t count)
{
    struct ds_arrivals *arrivals = owner;
    char *end = NULL;
    unsigned long nth = strtoul(arrivals->list, &end, 10);
    arrivals->list = end;
    return nth_free(flights, count, nth);
}

ds_rc ds_arrivals_print(const uint8_t *numbers,
                        size_t count,
                        struct ds_arena *arena,
                        const char **out)
{
    struct ds_buf text = {0};
    while (count > 0 && numbers[count - 1] == 0)
        count--;
    for (size_t i = 0; i < count; i++)
        ds_buf_print(&text, i == 0 ? "%u" : " %u", numbers[i]);
    *out = text.broken ? NULL : ds_arena_copy(arena, ds_buf_slice(&text));
    ds_buf_clean_up(&text);
    return *out == NULL ? DS_NOMEM : DS_OK;
}
