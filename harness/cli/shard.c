#include "cli_internal.h"

#include <stdlib.h>

/* What CI systems tell a job of its place among its like; some count from 1, some from 0. */
struct matrix {
    const char *part, *parts;
    uint64_t first;
};

static const struct matrix matrices[] = {
    {"CI_NODE_INDEX", "CI_NODE_TOTAL", 1}, /* GitLab `parallel` */
    {"SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_COUNT",
     0}, /* Slurm job arrays; see SLURM_ARRAY_TASK_MIN */
    {"JOB_COMPLETION_INDEX", "DIRECTSIP_COMPLETIONS",
     0}, /* Kubernetes indexed jobs, which tell no total */
};

static uint64_t first_index(const struct matrix *matrix)
{
    uint64_t first = matrix->first;
    const char *least = getenv("SLURM_ARRAY_TASK_MIN");
    if (matrix->first == 0 && getenv(matrices[1].part) != NULL && matrix == &matrices[1] &&
        least != NULL && ds_slice_number(ds_slice_of(least), 1000000, &first) != DS_OK)
        first = 0;
    return first;
}

static ds_rc read_environment(uint64_t *part, uint64_t *parts, struct ds_why *why)
{
    for (size_t i = 0; i < DS_COUNT(matrices); i++) {
        const char *index = getenv(matrices[i].part), *count = getenv(matrices[i].parts);
        if (index == NULL || count == NULL)
            continue;
        uint64_t first = first_index(&matrices[i]);
        ds_rc rc = ds_option_number(index, matrices[i].part, 1000000, part, why);
        if (rc == DS_OK)
            rc = ds_option_number(count, matrices[i].parts, 1000000, parts, why);
        if (rc == DS_OK && (*parts == 0 || *part < first || *part - first >= *parts))
            rc = ds_fail(why, DS_BAD, "%s is %s, and %s is %s: there is no such part",
                         matrices[i].part, index, matrices[i].parts, count);
        *part = *part - first + 1;
        return rc;
    }
    return DS_OK;
}

ds_rc ds_shard_read(const char *text, uint64_t *part, uint64_t *parts, struct ds_why *why)
{
    struct ds_slice rest = ds_slice_of(text), first;
    *part = *parts = 1;
    if (text == NULL)
        return read_environment(part, parts, why);
    ds_slice_cut(&rest, '/', &first);
    if (ds_slice_number(first, 1000000, part) != DS_OK ||
        ds_slice_number(rest, 1000000, parts) != DS_OK || *part == 0 || *part > *parts)
        return ds_fail(why, DS_BAD, "--shard is K/N with K from 1 to N, not '%s'", text);
    return DS_OK;
}

/* By the run's own name, so that a new scenario moves no other to another part. */
bool ds_shard_has(const char *id, uint64_t part, uint64_t parts)
{
    return ds_hash(ds_slice_of(id)) % parts == part - 1;
}
