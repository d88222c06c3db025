#include "check_internal.h"

#define REQUIREMENT(function, id, sentence, source, grade) {id, sentence, source, grade},
static const struct ds_requirement requirements[] = {
#include "requirements.def"
};
#undef REQUIREMENT

#define REQUIREMENT(function, id, sentence, source, grade) ds_check_##function,
static ds_check_fn *const checks[] = {
#include "requirements.def"
};
#undef REQUIREMENT

const struct ds_requirement *ds_requirements(size_t *count)
{
    *count = DS_COUNT(requirements);
    return requirements;
}

const struct ds_requirement *ds_requirement_find(struct ds_slice id)
{
    for (size_t i = 0; i < DS_COUNT(requirements); i++)
        if (ds_slice_equal(ds_slice_of(requirements[i].id), id))
            return &requirements[i];
    return NULL;
}

bool ds_requirement_in_any_weather(const struct ds_requirement *requirement)
{
#define INVARIANT(id) id,
    static const char *const invariants[] = {
#include "invariants.def"
    };
#undef INVARIANT
    for (size_t i = 0; i < DS_COUNT(invariants); i++)
        if (ds_slice_equal(ds_slice_of(requirement->id), ds_slice_of(invariants[i])))
            return true;
    return false;
}

ds_check_fn *ds_requirement_check(size_t index)
{
    ds_assert(index < DS_COUNT(checks));
    return checks[index];
}
