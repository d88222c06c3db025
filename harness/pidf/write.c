#include "pidf.h"

#define PIDF     "urn:ietf:params:xml:ns:pidf"
#define GEOPRIV  PIDF ":geopriv10"
#define LOCATION GEOPRIV ":civicLoc"

static void write_text(const char *text, struct ds_buf *out)
{
    for (; *text != '\0'; text++) {
        if (*text == '&')
            ds_buf_text(out, "&amp;");
        else if (*text == '<')
            ds_buf_text(out, "&lt;");
        else if (*text == '>')
            ds_buf_text(out, "&gt;");
        else if (*text == '"')
            ds_buf_text(out, "&quot;");
        else if (*text == '\r' || *text == '\n' || *text == '\t')
            ds_buf_print(out, "&#%d;", *text);
        else
            ds_buf_add(out, (struct ds_slice){text, 1});
    }
}

static void write_element(const char *name, const char *text, struct ds_buf *out)
{
    if (text[0] == '\0')
        return;
    ds_buf_print(out, "<%s>", name);
    write_text(text, out);
    ds_buf_print(out, "</%s>", name);
}

void ds_pidf_write(const struct ds_pidf *pidf, struct ds_buf *out)
{
    ds_buf_text(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<presence xmlns=\"" PIDF
                     "\" xmlns:gp=\"" GEOPRIV "\" xmlns:cl=\"" LOCATION "\" entity=\"");
    write_text(pidf->entity, out);
    ds_buf_text(out, "\"><tuple id=\"here\"><status><gp:geopriv><gp:location-info>"
                     "<cl:civicAddress>");
    write_element("cl:country", pidf->country, out);
    write_element("cl:A3", pidf->city, out);
    write_element("cl:A6", pidf->street, out);
    write_element("cl:NAM", pidf->name, out);
    ds_buf_text(out, "</cl:civicAddress></gp:location-info><gp:usage-rules/></gp:geopriv>"
                     "</status>");
    write_element("contact", pidf->contact, out);
    ds_buf_text(out, "</tuple></presence>\r\n");
}
