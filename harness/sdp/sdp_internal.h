#ifndef DS_SDP_INTERNAL_H
#define DS_SDP_INTERNAL_H

#include "sdp.h"

/* Cuts the next line, without its line end. */
bool ds_sdp_line_cut(struct ds_slice *rest, struct ds_slice *line);
/* Cuts the next word of a line that has no blanks at its end; those before it are passed over. */
bool ds_sdp_word_cut(struct ds_slice *rest, struct ds_slice *word);

/* "IN IP4 192.0.2.1/127": false when it names no address. Leaves the port alone. */
bool ds_sdp_read_address(struct ds_slice text, struct ds_addr *out);

/* attribute.c: a=rtpmap and its like, of one stream. */
void ds_sdp_read_rtpmap(struct ds_slice value, struct ds_sdp_media *media);
void ds_sdp_read_fmtp(struct ds_slice value, struct ds_sdp_media *media);
bool ds_sdp_read_direction(struct ds_slice name, enum ds_direction *out);

#endif
