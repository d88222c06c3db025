#include "pidf.h"

#include <string.h>

/* What is read says the same once it is written and read again. */

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct ds_pidf read, again;
    struct ds_buf out = {0}, twice = {0};
    if (ds_pidf_read((struct ds_slice){(const char *)bytes, len}, &read, NULL) != DS_OK)
        return 0;
    ds_pidf_write(&read, &out);
    ds_rc rc = ds_pidf_read(ds_buf_slice(&out), &again, NULL);
    ds_assert(rc == DS_OK);
    ds_pidf_write(&again, &twice);
    ds_assert(strcmp(out.at, twice.at) == 0);
    ds_buf_clean_up(&out);
    ds_buf_clean_up(&twice);
    return 0;
}
