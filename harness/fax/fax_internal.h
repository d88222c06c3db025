#ifndef DS_FAX_INTERNAL_H
#define DS_FAX_INTERNAL_H

#include "fax.h"

/* Every modem that Group 3 machines below V.34 have: V.27ter, V.29, V.17. */
#define DS_FAX_MODEMS (T30_SUPPORT_V27TER | T30_SUPPORT_V29 | T30_SUPPORT_V17)

/* A file in memory, for what libspandsp does with files alone. Its path leads to this process's own
 * descriptor, which nobody can remove. */
struct ds_fax_file {
    int descriptor; /* -1: none */
    char path[32];
};

DS_MUST_USE ds_rc ds_fax_file_open(struct ds_fax_file *file);
DS_MUST_USE ds_rc ds_fax_file_write(const struct ds_fax_file *file, struct ds_slice bytes);
void ds_fax_file_close(struct ds_fax_file *file);

/* The page as the file that libspandsp sends from (TIFF 6.0, one strip, not compressed). */
void ds_fax_tiff(const struct ds_fax_page *page, struct ds_buf *out);

/* ---- what a machine says: frames of control, and bursts of page (said.c) ---- */

struct ds_fax_notes {
    struct ds_fax_said said;
    struct ds_buf code; /* owned; of the burst under way, the first bit lowest */
};

/* T.30 5.3: address, control, and the facsimile control field, whose lowest bit tells which end
 * speaks. 0 where the frame is too short. */
uint8_t ds_fax_field(struct ds_slice frame);
#define DS_FAX_DCS 0x82

/* The end of what came fast: a page, or a check of training, which is forgotten. */
void ds_fax_notes_end_burst(struct ds_fax_notes *notes);
void ds_fax_notes_add_code(struct ds_fax_notes *notes, struct ds_slice bytes);
/* A frame with a good check sequence, as it is sent: the lowest bit of each byte first. */
void ds_fax_notes_frame(struct ds_fax_notes *notes, struct ds_slice frame);
void ds_fax_notes_clean_up(struct ds_fax_notes *notes);

#endif
