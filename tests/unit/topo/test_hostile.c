#include "topo_file.h"

static void check_text(const char *text, size_t len, const char *sentence)
{
    struct topo_file file;
    const struct ds_topo *topo = NULL;
    topo_file_open(&file);
    topo_file_write(&file, text, len);
    assert_int_equal(ds_topo_load(file.path, NULL, file.arena, &topo, &file.why), DS_BAD);
    assert_string_equal(topo_file_said(&file), sentence);
    topo_file_close(&file);
}

static void check(const char *text, const char *sentence)
{
    check_text(text, strlen(text), sentence);
}

static void a_program_is_no_topology(void **state)
{
    (void)state;
    check("print(1)", "1: attempt to call a nil value (global 'print')");
    check("local a = 1\nreturn { os.time() }", "2: attempt to index a nil value (global 'os')");
    check("\nwhile true do end",
          "2: the file computes too long; a topology is data, not a program");
    check("local function f() return f() end\nreturn f()",
          "1: the file computes too long; a topology is data, not a program");
    check("return ('x'):rep(1 << 40)", "1: attempt to index a string value (constant 'x')");
    check("return nil", "1: the file must return a table");
    check("return 'text'", "1: the file must return a table");
    check("", "1: the file must return a table");
}

static void a_file_that_hoards_or_copies_is_stopped(void **state)
{
    static const char stopped[] =
        "1: the file computes too long; a topology is data, not a program";
    (void)state;
    check("local s = 'xxxxxxxxxxxxxxxx'\nwhile true do s = s .. s end", stopped);
    check("local s = 'x'\nfor i = 1, 19 do s = s .. s end\n"
          "for i = 1, 90000 do local t = s .. i end",
          stopped);
    check("local s, t = 'x', {}\nfor i = 1, 10 do s = s .. s end\n"
          "for i = 1, 3000 do t[i] = s .. i end",
          stopped);
}

static void what_is_no_lua_is_refused_with_its_line(void **state)
{
    (void)state;
    check("return {\n  nodes = {\n}\n", "4: '}' expected (to close '{' at line 1) near <eof>");
    check("return {\n  a = 'x\n}", "2: unfinished string near ''x'");
    check("\033Lua", "1: this is not text");
    check_text("return {}\0", 10, "1: this is not text");
}

static void values_a_topology_cannot_hold_are_refused(void **state)
{
    char text[1000];
    (void)state;
    check("return {\n  domain = function() end }",
          "2: 'domain' of the file must be text, and is something else");
    check("return {\n  [0] = 1 }", "1: a key must be a name or a list position");
    check("return {\n  [''] = 1 }", "1: a name must have 1 to 256 letters");
    check("local t = {} t.sites = t\nreturn t", "1: tables are nested too deep");
    check("return {\n\n sites = {{{{{{{{{}}}}}}}}} }", "3: tables are nested too deep");
    memset(text, 'x', sizeof text);
    memcpy(text, "return {\n domain = '", 20);
    memcpy(text + sizeof text - 4, "' }", 4);
    check(text, "2: a text must have at most 256 letters");
}

static void a_file_of_too_many_values_is_refused(void **state)
{
    (void)state;
    check("local t = {}\nfor i = 1, 5000 do t[i] = i end\nreturn {\n  routes = t }",
          "4: the file holds more than 4096 values");
}

static void tables_shared_many_times_do_not_multiply(void **state)
{
    (void)state;
    check("local a = {}\nfor i = 1, 30 do a[i] = 1 end\nlocal b = { a, a, a, a, a, a, a, a, a }\n"
          "local c = { b, b, b, b, b, b, b, b, b }\nreturn {\n sites = { c, c, c, c, c } }",
          "6: the file holds more than 4096 values");
}

static void lua_that_nests_forever_is_refused(void **state)
{
    char text[20000];
    struct topo_file file;
    const struct ds_topo *topo = NULL;
    (void)state;
    memset(text, '{', sizeof text);
    memcpy(text, "return ", 7);
    topo_file_open(&file);
    topo_file_write(&file, text, sizeof text);
    assert_int_equal(ds_topo_load(file.path, NULL, file.arena, &topo, &file.why), DS_BAD);
    assert_non_null(strstr(topo_file_said(&file), "overflow"));
    topo_file_close(&file);
}

static void a_file_too_large_or_absent_is_refused(void **state)
{
    static char text[70000];
    struct ds_arena *arena = NULL;
    const struct ds_topo *topo = NULL;
    struct ds_why why;
    (void)state;
    memset(text, ' ', sizeof text);
    check_text(text, sizeof text, "1: the file is larger than 64 KiB");
    assert_int_equal(ds_arena_new(&arena), DS_OK);
    assert_int_equal(ds_topo_load("/nowhere/t.lua", NULL, arena, &topo, &why), DS_IO);
    assert_string_equal(why.text, "/nowhere/t.lua: cannot be opened: No such file or directory");
    ds_arena_free(&arena);
}

static void terminal_commands_do_not_reach_the_sentence(void **state)
{
    (void)state;
    check("return {\n  option = 'a\\27[2Jb\\n' }",
          "2: 'a?[2Jb?' is no option: behind_pbx, in_front_of_pbx, direct_sip_partner, "
          "voip_only or sip_trunk");
}

static void lines_are_found_through_comments_and_long_strings(void **state)
{
    (void)state;
    check("--[==[ long\n]] comment ]==]\nlocal guid = [[\n}\n]]\nreturn { -- {\n"
          "  ['option'] = \"behind\\\npbx\", --[[ } ]]\n}",
          "7: 'behind?pbx' is no option: behind_pbx, in_front_of_pbx, direct_sip_partner, "
          "voip_only or sip_trunk");
    check("local sites = {\n  core = {} }\nreturn {\n  option = 'voip_only',\n  domain = 'a',\n"
          "  sites = sites,\n}",
          "6: site 'core' needs a net, as in \"127.0.10.0/24\"");
}

struct sweep {
    const char *path, *variant;
};

static ds_rc load_once(void *owner)
{
    const struct sweep *sweep = owner;
    static const char *const defects[] = {"client:deaf"};
    struct ds_topo_choice choice = {
        .variant = sweep->variant, .bypass = -1, .defects = defects, .defect_count = 1};
    struct ds_arena *arena = NULL;
    const struct ds_topo *topo = NULL;
    const struct ds_topo_file *file = NULL;
    const char *const *variants = NULL;
    struct ds_why why = {""};
    ds_rc rc = ds_arena_new(&arena);
    if (rc != DS_OK)
        return rc;
    rc = ds_topo_read(sweep->path, arena, &file, &why);
    if (rc == DS_OK)
        rc = ds_topo_choose(file, &choice, arena, &topo, &why);
    if (rc == DS_OK)
        rc = ds_topo_variants(file, arena, &variants, &why);
    if (rc == DS_NOMEM && strcmp(why.text, "out of memory") != 0)
        rc = DS_STATE;
    ds_arena_free(&arena);
    return rc;
}

static void exhaustion_is_reported(void **state)
{
    struct sweep sweep = {"topologies/in_front_of_pbx.lua", "inter_trunk"};
    (void)state;
    ds_exhaust(load_once, &sweep);
}

int test_hostile(void);

int test_hostile(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_program_is_no_topology),
        cmocka_unit_test(a_file_that_hoards_or_copies_is_stopped),
        cmocka_unit_test(what_is_no_lua_is_refused_with_its_line),
        cmocka_unit_test(values_a_topology_cannot_hold_are_refused),
        cmocka_unit_test(a_file_of_too_many_values_is_refused),
        cmocka_unit_test(tables_shared_many_times_do_not_multiply),
        cmocka_unit_test(lua_that_nests_forever_is_refused),
        cmocka_unit_test(a_file_too_large_or_absent_is_refused),
        cmocka_unit_test(terminal_commands_do_not_reach_the_sentence),
        cmocka_unit_test(lines_are_found_through_comments_and_long_strings),
        cmocka_unit_test(exhaustion_is_reported),
    };
    return cmocka_run_group_tests_name("hostile", tests, NULL, NULL);
}
