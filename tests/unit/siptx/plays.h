#ifndef DS_TEST_PLAYS_H
#define DS_TEST_PLAYS_H

/* The scenes that libosip2's transaction machines and ours both play. */

#include "base.h"

/* One thing that happens: a request or ACK of the peer's, a response of the peer's, or one said
 * here. */
struct step {
    int at_ms;
    const char *heard;
    int status;
};

#define MAX_STEPS 5

struct play {
    const char *name, *method;
    enum ds_transport transport;
    bool serves;
    bool is_accepted; /* RFC 6026: ours ends 64*T1 later */
    struct step steps[MAX_STEPS];
};

static const struct play plays[] = {
    {"an INVITE without answer", "INVITE", DS_UDP, false, false, {{0}}},
    {"the same over TCP", "INVITE", DS_TCP, false, false, {{0}}},
    {"an INVITE that rings for long and is refused",
     "INVITE",
     DS_UDP,
     false,
     false,
     {{600, NULL, 100}, {2000, NULL, 180}, {50000, NULL, 486}, {50700, NULL, 486}}},
    {"an INVITE refused at once", "INVITE", DS_UDP, false, false, {{10, NULL, 404}}},
    {"an INVITE refused over TCP",
     "INVITE",
     DS_TCP,
     false,
     false,
     {{100, NULL, 180}, {900, NULL, 486}}},
    {"an INVITE accepted", "INVITE", DS_UDP, false, true, {{1700, NULL, 180}, {5000, NULL, 200}}},
    {"an INVITE accepted over TCP", "INVITE", DS_TCP, false, true, {{5000, NULL, 200}}},
    {"an OPTIONS without answer", "OPTIONS", DS_UDP, false, false, {{0}}},
    {"the same over TCP", "OPTIONS", DS_TCP, false, false, {{0}}},
    {"an OPTIONS answered late", "OPTIONS", DS_UDP, false, false, {{9000, NULL, 200}}},
    {"an OPTIONS answered twice",
     "OPTIONS",
     DS_UDP,
     false,
     false,
     {{700, NULL, 404}, {1200, NULL, 404}}},
    {"an OPTIONS answered over TCP", "OPTIONS", DS_TCP, false, false, {{700, NULL, 200}}},
    {"a refusal without ACK", "INVITE", DS_UDP, true, false, {{0, "INVITE", 0}, {100, NULL, 486}}},
    {"the same over TCP", "INVITE", DS_TCP, true, false, {{0, "INVITE", 0}, {100, NULL, 486}}},
    {"a refusal with ACK",
     "INVITE",
     DS_UDP,
     true,
     false,
     {{0, "INVITE", 0}, {50, NULL, 180}, {700, "INVITE", 0}, {3000, NULL, 486}, {5000, "ACK", 0}}},
    {"a refusal with ACK over TCP",
     "INVITE",
     DS_TCP,
     true,
     false,
     {{0, "INVITE", 0}, {50, NULL, 180}, {3000, NULL, 486}, {3100, "ACK", 0}}},
    {"a refused INVITE that comes again",
     "INVITE",
     DS_UDP,
     true,
     false,
     {{0, "INVITE", 0}, {50, NULL, 503}, {700, "INVITE", 0}, {2000, "INVITE", 0}}},
    {"an INVITE accepted here",
     "INVITE",
     DS_UDP,
     true,
     true,
     {{0, "INVITE", 0}, {50, NULL, 180}, {4000, NULL, 200}}},
    {"an OPTIONS answered here",
     "OPTIONS",
     DS_UDP,
     true,
     false,
     {{0, "OPTIONS", 0}, {300, NULL, 200}, {900, "OPTIONS", 0}, {30000, "OPTIONS", 0}}},
    {"an OPTIONS with a provisional",
     "OPTIONS",
     DS_UDP,
     true,
     false,
     {{0, "OPTIONS", 0}, {300, NULL, 182}, {900, "OPTIONS", 0}, {2000, NULL, 480}}},
    {"an OPTIONS answered here over TCP",
     "OPTIONS",
     DS_TCP,
     true,
     false,
     {{0, "OPTIONS", 0}, {300, NULL, 200}}},
};

#endif
