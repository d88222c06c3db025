#include "base.h"

#include <stdio.h>
#include <stdlib.h>

/* Gives a fuzzer what earlier runs of it learnt (keep.lua), one input after the other, without
 * libFuzzer: every build can do that. A fuzzer that finds something breaks. */

#define MOST_BYTES 65536

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool read_length(FILE *file, size_t *size)
{
    uint8_t bytes[4] = {0};
    size_t len = fread(bytes, 1, sizeof bytes, file);
    if (len > 0 && len < sizeof bytes)
        clearerr(file); /* it ends where it should not */
    if (len < sizeof bytes)
        return false;
    *size = (size_t)bytes[0] | (size_t)bytes[1] << 8 | (size_t)bytes[2] << 16;
    return bytes[3] == 0 && *size > 0 && *size <= MOST_BYTES;
}

/* The memory has just that size, so that a sanitizer sees one byte too many. */
static bool replay(FILE *file, size_t size)
{
    uint8_t *input = malloc(size);
    bool good = input != NULL && fread(input, 1, size, file) == size;
    if (good)
        (void)LLVMFuzzerTestOneInput(input, size);
    else
        clearerr(file);
    free(input);
    return good;
}

int main(int count, char **arguments)
{
    size_t replayed = 0, size;
    FILE *file = count == 2 ? fopen(arguments[1], "rbe") : NULL;
    if (file == NULL) {
        fprintf(stderr, "usage: %s FILE\n", arguments[0]);
        return EXIT_FAILURE;
    }
    while (read_length(file, &size) && replay(file, size))
        replayed++;
    bool whole = feof(file) != 0 && ferror(file) == 0;
    fclose(file);
    printf("%zu inputs replayed%s\n", replayed, whole ? "" : ", and then the file makes no sense");
    return whole && replayed > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
