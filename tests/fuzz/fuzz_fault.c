#include "sim.h"

#include <stdlib.h>
#include <string.h>

/* Any line as a fault: it is read, or refused in a sentence, twice alike; libpcap compiles the
 * filter in it. */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct ds_pcap_name machines[] = {
    {{.ip = {[10] = 0xff, 0xff, 127, 0, 10, 50}}, "gateway"},
    {{.ip = {[10] = 0xff, 0xff, 127, 0, 10, 1}}, "mediation"},
    {{.ip = {[10] = 0xff, 0xff, 127, 0, 10, 2}}, "pool-a"},
    {{.ip = {[10] = 0xff, 0xff, 127, 0, 10, 3}}, "a"},
};

static void check(const char *line)
{
    struct ds_why why = {""}, again = {""};
    ds_rc rc = ds_fault_check(machines, DS_COUNT(machines), line, false, &why);
    ds_assert(rc == DS_OK || rc == DS_BAD);
    ds_assert((rc == DS_OK) == (why.text[0] == '\0'));
    ds_assert(ds_fault_check(machines, DS_COUNT(machines), line, false, &again) == rc);
    ds_assert(strcmp(why.text, again.text) == 0);
    ds_assert(ds_fault_check(machines, DS_COUNT(machines), line, false, NULL) == rc);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *line = malloc(size + 1);
    if (line == NULL)
        return 0;
    if (size > 0)
        memcpy(line, data, size);
    line[size] = '\0';
    check(line);
    free(line);
    return 0;
}
