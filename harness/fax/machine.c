#include "fax_internal.h"

#include <stdlib.h>
#include <string.h>

#include <spandsp.h>

#define MACHINE_MAGIC 0x46415831u

struct ds_fax_machine {
    uint32_t magic;
    fax_state_t *fax;        /* owned */
    struct ds_fax_file file; /* owned */
    enum ds_fax_state state;
    int outcome; /* a T30_ERR_ */
};

static void on_end(t30_state_t *t30, void *owner, int outcome)
{
    struct ds_fax_machine *machine = owner;
    (void)t30;
    machine->outcome = outcome;
    machine->state = outcome == T30_ERR_OK ? DS_FAX_DONE : DS_FAX_FAILED;
}

static ds_rc
open_file(struct ds_fax_machine *machine, const struct ds_fax_page *page, struct ds_why *why)
{
    struct ds_buf tiff = {0};
    ds_rc rc = ds_fax_file_open(&machine->file);
    if (rc == DS_OK && page != NULL) {
        ds_fax_tiff(page, &tiff);
        rc = tiff.broken ? DS_NOMEM : ds_fax_file_write(&machine->file, ds_buf_slice(&tiff));
    }
    ds_buf_clean_up(&tiff);
    return rc == DS_OK ? DS_OK : ds_fail(why, rc, "there is no memory for a page of fax");
}

/* Plain Group 3: one-dimensional code without error correction, so that who reads along can make
 * the page of any part of it. */
static void set_up(struct ds_fax_machine *machine, bool sends)
{
    t30_state_t *t30 = fax_get_t30_state(machine->fax);
    if (sends)
        t30_set_tx_file(t30, machine->file.path, -1, -1);
    else
        t30_set_rx_file(t30, machine->file.path, -1);
    t30_set_supported_modems(t30, DS_FAX_MODEMS);
    t30_set_supported_compressions(t30, T30_SUPPORT_T4_1D_COMPRESSION);
    t30_set_ecm_capability(t30, 0);
    t30_set_minimum_scan_line_time(t30, 0);
    t30_set_phase_e_handler(t30, on_end, machine);
    fax_set_transmit_on_idle(machine->fax, 1);
}

ds_rc ds_fax_machine_new(const struct ds_fax_page *page,
                         struct ds_fax_machine **out,
                         struct ds_why *why)
{
    struct ds_fax_machine *machine = calloc(1, sizeof *machine);
    if (machine == NULL)
        return ds_fail_memory(why);
    machine->magic = MACHINE_MAGIC;
    machine->file.descriptor = -1;
    ds_rc rc = open_file(machine, page, why);
    if (rc == DS_OK && (machine->fax = fax_init(NULL, page != NULL)) == NULL)
        rc = ds_fail_memory(why);
    if (rc != DS_OK)
        goto fail;
    set_up(machine, page != NULL);
    *out = machine;
    return DS_OK;
fail:
    ds_fax_machine_free(&machine);
    return rc;
}

void ds_fax_machine_free(struct ds_fax_machine **machine)
{
    if (*machine == NULL)
        return;
    DS_CHECK(*machine, MACHINE_MAGIC);
    if ((*machine)->fax != NULL)
        fax_free((*machine)->fax);
    ds_fax_file_close(&(*machine)->file);
    (*machine)->magic = 0;
    free(*machine);
    *machine = NULL;
}

void ds_fax_machine_hear(struct ds_fax_machine *machine, const int16_t *samples, size_t count)
{
    int16_t room[160]; /* libspandsp does not promise to leave them alone */
    DS_CHECK(machine, MACHINE_MAGIC);
    while (count > 0) {
        size_t part = count < DS_COUNT(room) ? count : DS_COUNT(room);
        memcpy(room, samples, part * sizeof *room);
        fax_rx(machine->fax, room, (int)part);
        samples += part;
        count -= part;
    }
}

void ds_fax_machine_say(struct ds_fax_machine *machine, int16_t *samples, size_t count)
{
    DS_CHECK(machine, MACHINE_MAGIC);
    int made = fax_tx(machine->fax, samples, (int)count);
    size_t len = made < 0 ? 0 : (size_t)made;
    memset(samples + len, 0, (count - len) * sizeof *samples);
}

enum ds_fax_state ds_fax_machine_state(const struct ds_fax_machine *machine)
{
    DS_CHECK(machine, MACHINE_MAGIC);
    return machine->state;
}

const char *ds_fax_machine_outcome(const struct ds_fax_machine *machine)
{
    DS_CHECK(machine, MACHINE_MAGIC);
    return t30_completion_code_to_str(machine->outcome);
}
