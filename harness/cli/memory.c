#include "cli_internal.h"

#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* How memory is asked of the system: for most verbs that costs more than what they do with it. */

#define LARGE_PAGE ((size_t)2 << 20)
#define ROOM       (256 << 20) /* that may be used; a page of it is given when it is */

/* Half of the time of reading a capture, and a tenth of a suite's, would go into being given memory
 * in pages of 4 KB: the heap is made at once, and is given in pages 512 times as large where the
 * system has them. */
static void take_large_pages(void)
{
    mallopt(M_TOP_PAD, ROOM);
    char *first = malloc(LARGE_PAGE);
    uintptr_t from = ((uintptr_t)first + LARGE_PAGE - 1) / LARGE_PAGE * LARGE_PAGE;
    uintptr_t to = (uintptr_t)sbrk(0);
    /* Other allocators are elsewhere. */
    if (first != NULL && from < to && to - from <= 2 * (size_t)ROOM)
        madvise(first + (from - (uintptr_t)first), to - from, MADV_HUGEPAGE);
    free(first);
}

/* Runs, and the parts of a capture, take and give back the same memory again and again: the system
 * need not have it between. The second is the most that can be said. */
void ds_memory_prepare(void)
{
    mallopt(M_TRIM_THRESHOLD, 2 * ROOM);
    mallopt(M_MMAP_THRESHOLD, 32 << 20);
    take_large_pages();
    mallopt(M_TOP_PAD, 1 << 20);
}
