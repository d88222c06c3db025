#ifndef DS_BASE_H
#define DS_BASE_H

/*
 * The words every other library is written in: how a call fails, how bytes are named, who frees
 * what. A mistake in our own code stops the program (ds_assert). An operating error is a ds_rc for
 * the program and one sentence in ds_why for the person. A verdict is neither: it is a value, and
 * the run goes on.
 */

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "network_order.h"

/* What is done for each message or packet of a capture: so little at a time that the calls in it
 * would take longer than what they do. */
#define DS_EXPANDED            __attribute__((flatten))
#define DS_PRINTF(text, first) __attribute__((format(printf, text, first)))
#define DS_MUST_USE            __attribute__((warn_unused_result))
#define DS_NORETURN            __attribute__((noreturn))
#define DS_COUNT(array)        (sizeof(array) / sizeof((array)[0]))
/* The struct that embeds `member`, from a pointer to that member. */
#define DS_OWNER(pointer, type, member) ((type *)(void *)((char *)(pointer)-offsetof(type, member)))

/* ---- trouble ---- */

typedef enum ds_rc { DS_OK, DS_NOMEM, DS_BAD, DS_IO, DS_LATE, DS_GONE, DS_STATE } ds_rc;

/* One sentence for a person. Lives on the caller's stack; nothing to free. */
struct ds_why {
    char text[400];
};

/* Writes the sentence (why may be NULL) and returns rc, so that failing is one statement. */
DS_PRINTF(3, 4) ds_rc ds_fail(struct ds_why *why, ds_rc rc, const char *fmt, ...);
/* Says what could not be had, for want of memory. */
ds_rc ds_fail_memory(struct ds_why *why);

DS_NORETURN void ds_assert_failed(const char *expression, const char *file, int line);
#define ds_assert(expression)                                                                      \
    ((expression) ? (void)0 : ds_assert_failed(#expression, __FILE__, __LINE__))
/* First line of every public function on an opaque struct, whose first member is `uint32_t magic`.
 */
#define DS_CHECK(object, expected) ds_assert((object) != NULL && (object)->magic == (expected))

/* ---- bytes ---- */

/* Bytes that somebody else owns; not ended by a zero. */
struct ds_slice {
    const char *at;
    size_t len;
};

#define DS_FMT(slice)   (int)(slice).len, (slice).at /* for "%.*s" */
#define DS_LITERAL(str) ((struct ds_slice){(str), sizeof(str) - 1})

struct ds_slice ds_slice_of(const char *text); /* NULL gives the empty slice */
bool ds_slice_equal(struct ds_slice a, struct ds_slice b);
bool ds_slice_equal_nocase(struct ds_slice a, struct ds_slice b); /* ASCII only */
bool ds_slice_starts(struct ds_slice text, struct ds_slice prefix);
bool ds_slice_starts_nocase(struct ds_slice text, struct ds_slice prefix);
bool ds_slice_find(struct ds_slice text, struct ds_slice part, size_t *at);

/* A space, a tab, CR or LF. */
static inline bool ds_is_blank(char c)
{
    return c <= ' ' && (c == ' ' || c == '\t' || c == '\r' || c == '\n');
}

struct ds_slice ds_slice_trim(struct ds_slice text); /* blanks at both ends */
struct ds_slice ds_slice_from(struct ds_slice text, size_t at);
/* Cuts the part before the first `stop` off `*rest`; false when nothing is left to cut. */
bool ds_slice_cut(struct ds_slice *rest, char stop, struct ds_slice *part);
/* Decimal digits only, all of them; DS_BAD on anything else or above `most`. */
DS_MUST_USE ds_rc ds_slice_number(struct ds_slice text, uint64_t most, uint64_t *out);
/* Copies with a final zero; false, and a cut text, when `size` is too small. */
bool ds_slice_copy(struct ds_slice text, char *out, size_t size);

/* A growing text. A failed allocation sets `broken` and makes later writes do nothing: check once,
 * at the end. */
struct ds_buf {
    char *at; /* owned; always ended by a zero once written to */
    size_t len, cap;
    bool broken;
};

void ds_buf_clean_up(struct ds_buf *buf);
void ds_buf_add(struct ds_buf *buf, struct ds_slice bytes);
void ds_buf_text(struct ds_buf *buf, const char *text);
DS_PRINTF(2, 3) void ds_buf_print(struct ds_buf *buf, const char *fmt, ...);
void ds_buf_whole(struct ds_buf *buf, uint64_t number); /* its decimal digits */
struct ds_slice ds_buf_slice(const struct ds_buf *buf);
/* Room for `more` bytes behind what is there: whoever fills it tells ds_buf_filled() where it ends.
 * NULL: there is none, and the buffer is broken. */
char *ds_buf_room(struct ds_buf *buf, size_t more);
void ds_buf_filled(struct ds_buf *buf, char *end);

/* ---- ownership ---- */

/* Memory that lives as long as one run or one trace, and is freed at once. */
struct ds_arena;
DS_MUST_USE ds_rc ds_arena_new(struct ds_arena **out);
void ds_arena_free(struct ds_arena **arena);
/* Calls `end` before the memory goes, the last one first: for what is not only memory. False when
 * out of memory. */
bool ds_arena_at_end(struct ds_arena *arena, void (*end)(void *owner), void *owner);
void *ds_arena_alloc(struct ds_arena *arena,
                     size_t size); /* zeroed, aligned; NULL when out of memory */
char *ds_arena_copy(struct ds_arena *arena,
                    struct ds_slice text); /* with a final zero; NULL when out of memory */
DS_PRINTF(2, 3) char *ds_arena_print(struct ds_arena *arena, const char *fmt, ...);

/* A ring of embedded nodes; the head is a node of its own. */
struct ds_list {
    struct ds_list *next, *prev;
};

void ds_list_init(struct ds_list *head);
bool ds_list_empty(const struct ds_list *head);
void ds_list_append(struct ds_list *head, struct ds_list *node);
void ds_list_remove(struct ds_list *node); /* harmless twice */

/* ---- chance: every random thing of a run comes from its seed ---- */

struct ds_rng {
    uint64_t state[4];
};

void ds_rng_seed(struct ds_rng *rng, uint64_t seed);
uint64_t ds_rng_next(struct ds_rng *rng);
uint64_t ds_rng_below(struct ds_rng *rng, uint64_t bound);     /* 0 … bound-1; bound > 0 */
void ds_rng_token(struct ds_rng *rng, char *out, size_t size); /* size-1 of [a-z0-9], then a zero */
uint64_t ds_hash(struct ds_slice bytes);                       /* stable over machines and runs */

/* ---- addresses ---- */

enum ds_transport { DS_UDP, DS_TCP, DS_TLS };

const char *ds_transport_name(enum ds_transport transport); /* "UDP", as in a Via */

/* IPv6, or IPv4 mapped into it (RFC 4291 2.5.5.2). */
struct ds_addr {
    uint8_t ip[16];
    uint16_t port;
};

struct ds_addr ds_addr_v4(uint32_t ip, uint16_t port); /* 127.0.0.1 is 0x7f000001 */
bool ds_addr_is_v4(const struct ds_addr *addr);
uint32_t ds_addr_ip4(const struct ds_addr *addr);
bool ds_addr_equal(struct ds_addr a, struct ds_addr b);
bool ds_addr_same_ip(struct ds_addr a, struct ds_addr b);
DS_MUST_USE ds_rc ds_addr_parse_ip(struct ds_slice text,
                                   struct ds_addr *out); /* leaves the port 0 */

struct ds_addr_text {
    char text[56];
};

struct ds_addr_text ds_addr_ip_text(struct ds_addr addr); /* "127.0.10.50" */
struct ds_addr_text ds_addr_text(struct ds_addr addr);    /* "127.0.10.50:5060", "[::1]:5060" */

/* ---- the story of a run: kept, and printed on failure or on demand ---- */

struct ds_log;
DS_MUST_USE ds_rc ds_log_new(struct ds_log **out, size_t bytes); /* keeps the last `bytes` */
void ds_log_free(struct ds_log **log);
/* level 1 (act) … 4 (bytes); `at_us` is run time. `**  mediation t+0.004  -> INVITE +15550142` */
DS_PRINTF(5, 6)
void ds_log_write(struct ds_log *log,
                  int64_t at_us,
                  int level,
                  const char *actor,
                  const char *fmt,
                  ...);
struct ds_slice ds_log_text(const struct ds_log *log);

#endif
