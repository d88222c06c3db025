#include "fax_internal.h"

#include <spandsp.h>

#define MOST_CODE (1u << 20) /* bytes of one burst */

#define FCF_AT     2
#define FCF_MCF    0x8c
#define FCF_FCD    0x06 /* T.4 annex A: a piece of page under error correction */
#define DCS_2D_AT  4
#define DCS_2D_BIT 0x80

static int on_row(void *owner, const uint8_t *row, size_t len)
{
    struct ds_fax_page *page = owner;
    if (len == DS_FAX_ROW_BYTES && ds_fax_page_rows(page) < DS_FAX_MOST_ROWS)
        ds_buf_add(&page->rows, (struct ds_slice){(const char *)row, len});
    return 0;
}

static void decode_into(t4_rx_state_t *t4, struct ds_slice code, struct ds_fax_page *page)
{
    t4_rx_set_rx_encoding(t4, T4_COMPRESSION_ITU_T4_1D);
    t4_rx_set_image_width(t4, DS_FAX_ROW_BYTES * 8);
    t4_rx_set_row_write_handler(t4, on_row, page);
    t4_rx_start_page(t4);
    t4_rx_put_chunk(t4, (const uint8_t *)code.at, (int)code.len);
    t4_rx_end_page(t4);
}

/* libspandsp insists on a file to receive into, and removes it where no page came: so it gets one
 * that is in memory and has no name. The rows come to us. */
static void decode(struct ds_slice code, struct ds_fax_page *page)
{
    struct ds_fax_file file;
    if (ds_fax_file_open(&file) != DS_OK)
        return;
    t4_rx_state_t *t4 = t4_rx_init(NULL, file.path, T4_COMPRESSION_ITU_T4_1D);
    if (t4 != NULL) {
        decode_into(t4, code, page);
        t4_rx_free(t4);
    }
    ds_fax_file_close(&file);
}

/* A check of training is zeros (T.30 5.3.6.1.8), as far as it was heard right. */
static bool is_training(struct ds_slice code)
{
    size_t other = 0;
    for (size_t i = 0; i < code.len; i++)
        other += code.at[i] != 0;
    return other * 8 <= code.len;
}

void ds_fax_notes_end_burst(struct ds_fax_notes *notes)
{
    struct ds_fax_said *said = &notes->said;
    if (!is_training(ds_buf_slice(&notes->code)) && said->page_count < DS_FAX_MOST_PAGES)
        decode(ds_buf_slice(&notes->code), &said->pages[said->page_count++]);
    notes->code.len = 0;
}

void ds_fax_notes_add_code(struct ds_fax_notes *notes, struct ds_slice bytes)
{
    if (notes->code.len < MOST_CODE)
        ds_buf_add(&notes->code, bytes);
}

uint8_t ds_fax_field(struct ds_slice frame)
{
    return frame.len <= FCF_AT ? 0 : (uint8_t)frame.at[FCF_AT] & 0xfe;
}

void ds_fax_notes_frame(struct ds_fax_notes *notes, struct ds_slice frame)
{
    if (frame.len <= FCF_AT)
        return;
    notes->said.frame_count++;
    uint8_t field = ds_fax_field(frame);
    notes->said.confirmed += field == FCF_MCF;
    notes->said.misses |= field == FCF_FCD;
    if (field == DS_FAX_DCS && frame.len > DCS_2D_AT)
        notes->said.misses |= ((uint8_t)frame.at[DCS_2D_AT] & DCS_2D_BIT) != 0;
}

void ds_fax_notes_clean_up(struct ds_fax_notes *notes)
{
    for (size_t i = 0; i < DS_FAX_MOST_PAGES; i++)
        ds_fax_page_clean_up(&notes->said.pages[i]);
    ds_buf_clean_up(&notes->code);
}
