#ifndef DS_CSTA_H
#define DS_CSTA_H

/*
 * CSTA in XML (ECMA-323, third edition) as values: what remote call control says about a telephone
 * inside a SIP session (ECMA TR/87). A client asks by a service, the PBX answers each with its
 * response, and tells by events what happens at a telephone that is monitored.
 */

#include "base.h"

#define DS_CSTA_TYPE      "application/csta+xml"
#define DS_CSTA_MAX_BYTES 16384
#define DS_CSTA_MAX_DEPTH 8

enum ds_csta_kind {
    DS_CSTA_REQUEST_SYSTEM_STATUS, /* opens the session */
    DS_CSTA_REQUEST_SYSTEM_STATUS_RESPONSE,
    DS_CSTA_MONITOR_START,          /* device */
    DS_CSTA_MONITOR_START_RESPONSE, /* monitor */
    DS_CSTA_MAKE_CALL,              /* device, called */
    DS_CSTA_MAKE_CALL_RESPONSE,     /* call, device */
    DS_CSTA_CLEAR_CONNECTION,       /* call, device */
    DS_CSTA_CLEAR_CONNECTION_RESPONSE,
    DS_CSTA_ORIGINATED,         /* monitor, call, device, calling, called */
    DS_CSTA_DELIVERED,          /* the same; device: where it rings */
    DS_CSTA_ESTABLISHED,        /* the same; device: who answered */
    DS_CSTA_CONNECTION_CLEARED, /* monitor, call, device */
    DS_CSTA_ERROR,              /* operation */
    DS_CSTA_KIND_COUNT
};

/* Texts are "" where the message has none. Devices are tel uris: "tel:+14255550201". */
struct ds_csta {
    enum ds_csta_kind kind;
    char device[64], calling[64], called[64];
    char call[32], monitor[32];
    char operation[48]; /* why a service is refused: "invalidCalledDeviceID" */
};

const char *ds_csta_name(enum ds_csta_kind kind); /* "MakeCall": its root element */
/* DS_BAD with a sentence: no XML, too long, too deep, or nothing that is known here. What it says
 * beyond the fields above is passed over; what has no room is refused. */
DS_MUST_USE ds_rc ds_csta_read(struct ds_slice body, struct ds_csta *out, struct ds_why *why);
void ds_csta_write(const struct ds_csta *csta, struct ds_buf *out);

#endif
