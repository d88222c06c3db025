#include "messages.h"

#include <stdio.h>
#include <string.h>

/* The messages of RFC 4475, against what it expects. Where we differ, the reason stands here. */
struct exception {
    const char *file;
    bool accepted;
    const char *reason;
};

static const struct exception exceptions[] = {
    {"intmeth.dat", false, "it quotes a NUL, and libosip2 takes a NUL for the end of the text"},
    {"baddate.dat", true, "the RFC lets an element ignore a bad Date"},
    {"regbadct.dat", true, "the RFC lets an element infer the missing angle brackets"},
    {"insuf.dat", false, "a message without From, To and Call-ID belongs to nothing"},
    {"multi01.dat", false, "the RFC asks for a 400"},
    {"mcl01.dat", false, "the RFC asks for a 400"},
    {"novelsc.dat", false, "libosip2 takes a dot in a scheme for the end of it"},
};

static bool is_accepted(const char *file, char class)
{
    for (size_t i = 0; i < DS_COUNT(exceptions); i++) {
        if (strcmp(exceptions[i].file, file) == 0)
            return exceptions[i].accepted;
    }
    return class != 'I';
}

static struct ds_slice load(const char *file, char *room, size_t size)
{
    char name[128], path[512];
    snprintf(name, sizeof name, "rfc4475/%s", file);
    assert_non_null(ds_corpus_path(name, path, sizeof path));
    FILE *stream = fopen(path, "rb");
    assert_non_null(stream);
    size_t len = fread(room, 1, size, stream);
    fclose(stream);
    return (struct ds_slice){room, len};
}

static void check(const char *file, char class)
{
    static char room[DS_MSG_MAX_BYTES];
    struct ds_why why = {""};
    struct ds_slice bytes = load(file, room, sizeof room);
    struct ds_msg *strict = NULL, *lenient = NULL;
    ds_rc rc = ds_msg_parse(bytes, &strict, &why);
    ds_rc read_rc = ds_msg_read(bytes, &lenient, NULL);
    if (class == 'X') {
        assert_int_equal(rc, DS_BAD);
        return;
    }
    if ((rc == DS_OK) != is_accepted(file, class))
        fail_msg("%s: %s", file, rc == DS_OK ? "accepted" : why.text);
    assert_int_equal(read_rc, DS_OK);
    if (rc == DS_OK)
        assert_null(ds_msg_defect(lenient));
    else
        assert_string_equal(ds_msg_defect(lenient), why.text);
    ds_msg_unref(&strict);
    ds_msg_unref(&lenient);
}

static void the_torture_messages_are_judged_as_the_rfc_expects(void **state)
{
    char path[512], line[512], file[64], section[32], class;
    size_t count = 0;
    (void)state;
    if (ds_corpus_path("rfc4475/EXPECT.tsv", path, sizeof path) == NULL)
        skip();
    FILE *expectations = fopen(path, "r");
    assert_non_null(expectations);
    while (fgets(line, sizeof line, expectations) != NULL) {
        if (sscanf(line, "%63[^#\t]\t%31[^\t]\t%c", file, section, &class) != 3)
            continue;
        check(file, class);
        count++;
    }
    fclose(expectations);
    assert_int_equal(count, 50);
}

/* The details that each message is about, for those that we accept. */
static void the_torture_messages_are_read_right(void **state)
{
    static char room[DS_MSG_MAX_BYTES];
    char path[512];
    struct ds_slice value;
    struct ds_part parts[DS_MSG_MAX_PARTS];
    (void)state;
    if (ds_corpus_path("rfc4475/EXPECT.tsv", path, sizeof path) == NULL)
        skip();
    struct ds_msg *msg = NULL;
    assert_int_equal(ds_msg_read(load("esc02.dat", room, sizeof room), &msg, NULL), DS_OK);
    assert_slice(ds_msg_method(msg), "RE%47IST%45R");
    assert_true(ds_msg_value(msg, "Contact", 1, &value));
    assert_false(ds_msg_value(msg, "Contact", 2, &value));
    ds_msg_unref(&msg);
    assert_int_equal(ds_msg_read(load("mpart01.dat", room, sizeof room), &msg, NULL), DS_OK);
    assert_int_equal(ds_msg_parts(msg, parts), 2);
    assert_slice(parts[0].content_type, "text/plain");
    assert_slice(parts[0].body, "Hello");
    ds_msg_unref(&msg);
    assert_int_equal(ds_msg_read(load("wsinv.dat", room, sizeof room), &msg, NULL), DS_OK);
    assert_int_equal(ds_msg_cseq(msg), 9);
    assert_slice(ds_msg_to_tag(msg), "1918181833n");
    assert_slice(ds_msg_from_tag(msg), "98asjd8");
    ds_msg_unref(&msg);
}

int test_torture(void);

int test_torture(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_torture_messages_are_judged_as_the_rfc_expects),
        cmocka_unit_test(the_torture_messages_are_read_right),
    };
    return cmocka_run_group_tests_name("sipmsg: torture", tests, NULL, NULL);
}
