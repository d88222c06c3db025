#include "cli_internal.h"

#include <fnmatch.h>
#include <string.h>

bool ds_pattern_matches(const char *pattern, const char *id)
{
    if (strpbrk(pattern, "*?[") != NULL)
        return fnmatch(pattern, id, 0) == 0;
    return strstr(id, pattern) != NULL;
}
