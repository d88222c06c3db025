#include "fax_internal.h"

/* TIFF 6.0 section 3, the baseline of bilevel images, in the numbers of RFC 2306: what libspandsp
   reads a page from. Little-endian: header, the page's rows, two resolutions, the directory. */

enum { SHORT = 3, LONG = 4, RATIONAL = 5 };

#define HEADER_BYTES   8
#define RATIONAL_BYTES 8
#define WIDTH_PELS     (DS_FAX_ROW_BYTES * 8)
#define PELS_AN_INCH   204
#define ROWS_AN_INCH   98 /* standard resolution: T.4 2.1 */

static void put16(struct ds_buf *out, uint32_t value)
{
    const char bytes[] = {(char)value, (char)(value >> 8)};
    ds_buf_add(out, (struct ds_slice){bytes, sizeof bytes});
}

static void put32(struct ds_buf *out, uint32_t value)
{
    put16(out, value);
    put16(out, value >> 16);
}

static void put_rational(struct ds_buf *out, uint32_t value)
{
    put32(out, value);
    put32(out, 1);
}

static void put_entry(struct ds_buf *out, uint32_t tag, uint32_t type, uint32_t value)
{
    put16(out, tag);
    put16(out, type);
    put32(out, 1);
    put32(out, value);
}

static void put_directory(struct ds_buf *out, uint32_t rows, uint32_t resolutions_at)
{
    put16(out, 13);
    put_entry(out, 256, LONG, WIDTH_PELS);              /* ImageWidth */
    put_entry(out, 257, LONG, rows);                    /* ImageLength */
    put_entry(out, 258, SHORT, 1);                      /* BitsPerSample */
    put_entry(out, 259, SHORT, 1);                      /* Compression: none */
    put_entry(out, 262, SHORT, 0);                      /* Photometric: white is zero */
    put_entry(out, 266, SHORT, 1);                      /* FillOrder: highest bit first */
    put_entry(out, 273, LONG, HEADER_BYTES);            /* StripOffsets */
    put_entry(out, 277, SHORT, 1);                      /* SamplesPerPixel */
    put_entry(out, 278, LONG, rows);                    /* RowsPerStrip */
    put_entry(out, 279, LONG, rows * DS_FAX_ROW_BYTES); /* StripByteCounts */
    put_entry(out, 282, RATIONAL, resolutions_at);      /* XResolution */
    put_entry(out, 283, RATIONAL, resolutions_at + RATIONAL_BYTES); /* YResolution */
    put_entry(out, 296, SHORT, 2);                                  /* ResolutionUnit: inch */
    put32(out, 0);
}

void ds_fax_tiff(const struct ds_fax_page *page, struct ds_buf *out)
{
    uint32_t rows = (uint32_t)ds_fax_page_rows(page);
    uint32_t resolutions_at = HEADER_BYTES + rows * DS_FAX_ROW_BYTES;
    ds_buf_add(out, DS_LITERAL("II*\0"));
    put32(out, resolutions_at + 2 * RATIONAL_BYTES);
    ds_buf_add(out, ds_buf_slice(&page->rows));
    put_rational(out, PELS_AN_INCH);
    put_rational(out, ROWS_AN_INCH);
    put_directory(out, rows, resolutions_at);
}
