#include "fax_internal.h"

#include <string.h>

size_t ds_fax_page_rows(const struct ds_fax_page *page)
{
    return page->rows.len / DS_FAX_ROW_BYTES;
}

/* A black bar of `width` pels. */
static void bar(uint8_t *row, size_t from, size_t width)
{
    for (size_t i = from; i < from + width && i < (size_t)DS_FAX_ROW_BYTES * 8; i++)
        row[i / 8] |= (uint8_t)(0x80u >> (i % 8));
}

/* Lines of bars, as words are from afar, and a slanted rule, so that no row is like the next. */
ds_rc ds_fax_page_draw(struct ds_fax_page *page, size_t rows, uint64_t seed)
{
    struct ds_rng rng;
    ds_assert(rows > 0 && rows <= DS_FAX_MOST_ROWS);
    ds_rng_seed(&rng, seed);
    ds_fax_page_clean_up(page);
    for (size_t at = 0; at < rows; at++) {
        uint8_t row[DS_FAX_ROW_BYTES] = {0};
        bar(row, 100 + at * 7 % 1500, 12);
        for (size_t words = at % 4 == 3 ? 0 : 4; words > 0; words--) {
            size_t from = (size_t)ds_rng_below(&rng, 1600);
            bar(row, from, 8 + (size_t)ds_rng_below(&rng, 60));
        }
        ds_buf_add(&page->rows, (struct ds_slice){(const char *)row, sizeof row});
    }
    return page->rows.broken ? DS_NOMEM : DS_OK;
}

size_t ds_fax_page_differs(const struct ds_fax_page *a, const struct ds_fax_page *b)
{
    size_t rows_a = ds_fax_page_rows(a), rows_b = ds_fax_page_rows(b);
    size_t rows = rows_a < rows_b ? rows_a : rows_b;
    for (size_t at = 0; at < rows; at++)
        if (memcmp(a->rows.at + at * DS_FAX_ROW_BYTES, b->rows.at + at * DS_FAX_ROW_BYTES,
                   DS_FAX_ROW_BYTES) != 0)
            return at + 1;
    return rows_a == rows_b ? 0 : rows + 1;
}

void ds_fax_page_clean_up(struct ds_fax_page *page)
{
    ds_buf_clean_up(&page->rows);
}
