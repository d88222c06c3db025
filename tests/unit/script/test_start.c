#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "script.h"

/* States that begin where an earlier one did, and how little they know of each other. */

struct desk {
    char folder[256], lua_root[300], path[300];
    struct ds_arena *arena; /* owned */
    struct ds_code *code;   /* owned */
    struct ds_scenario scenario;
    struct ds_why why;
};

static void set_up(struct desk *desk)
{
    const char *source = getenv("DIRECTSIP_SOURCE");
    memset(desk, 0, sizeof *desk);
    ds_scratch_make(desk->folder, sizeof desk->folder);
    snprintf(desk->lua_root, sizeof desk->lua_root, "%s/lua", source == NULL ? "." : source);
    assert_int_equal(ds_arena_new(&desk->arena), DS_OK);
    assert_int_equal(ds_code_new(&desk->code), DS_OK);
}

static void tear_down(struct desk *desk)
{
    ds_code_free(&desk->code);
    ds_arena_free(&desk->arena);
    ds_scratch_remove(desk->folder);
}

static void put(struct desk *desk, const char *name, const char *text)
{
    snprintf(desk->path, sizeof desk->path, "%s/%s.lua", desk->folder, name);
    FILE *out = fopen(desk->path, "wb");
    assert_non_null(out);
    assert_true(fputs(text, out) >= 0);
    assert_int_equal(fclose(out), 0);
}

static ds_rc load(struct desk *desk, struct ds_code *code)
{
    const struct ds_scenario_file file = {
        .lua_root = desk->lua_root, .code = code, .path = desk->path, .name = "it"};
    desk->why.text[0] = '\0';
    return ds_scenario_load(&file, desk->arena, &desk->scenario, &desk->why);
}

static void load_well(struct desk *desk)
{
    ds_rc rc = load(desk, desk->code);
    assert_string_equal(desk->why.text, "");
    assert_int_equal(rc, DS_OK);
}

static const char spoils[] = "--- Spoils what it can reach.\n"
                             "local ds <const> = require \"ds\"\n"
                             "ds.every_option[1] = \"spoilt\"\n"
                             "string.rep, package.loaded[\"ds.core\"], leaked = nil, nil, true\n"
                             "setmetatable(_G, { __gc = function() error(\"late\") end })\n"
                             "return ds.scenario { topology = \"voip_only\", run = print }\n";

static const char hoards[] = "--- Needs more than the first piece of memory.\n"
                             "local ds <const> = require \"ds\"\n"
                             "kept = { (\"x\"):rep(3000000) }\n"
                             "for i = 1, 40000 do kept[#kept + 1] = { \"number \" .. i } end\n"
                             "return ds.scenario { topology = \"voip_only\", run = print }\n";

static const char looks[] = "--- Finds everything as it was.\n"
                            "local ds <const> = require \"ds\"\n"
                            "assert(not leaked and not kept and not getmetatable(_G))\n"
                            "assert(require \"ds.core\" and (\"x\"):rep(2) == \"xx\")\n"
                            "return ds.scenario { topology = ds.every_option, run = print }\n";

static void what_one_scenario_does_to_its_state_no_other_sees(void **state)
{
    static const char *const texts[] = {spoils, hoards, spoils};
    struct desk desk;
    (void)state;
    set_up(&desk);
    for (size_t i = 0; i < DS_COUNT(texts); i++) {
        char name[] = {(char)('a' + i), '\0'};
        put(&desk, name, texts[i]);
        load_well(&desk);
        put(&desk, "looks", looks);
        load_well(&desk);
        assert_string_equal(desk.scenario.topologies[0], "behind_pbx");
        assert_string_equal(desk.scenario.summary, "Finds everything as it was.");
    }
    tear_down(&desk);
}

/* Also where it is the first, from which others would begin. */
static void trouble_is_told_in_the_same_words_whether_or_not_anything_is_kept(void **state)
{
    static const char *const texts[] = {
        "local ds <const> = require \"ds\"\nlocal nothing\nreturn nothing.field\n",
        "local ds <const> = require \"ds\"\nreturn ds.scenario { topologie = 1 }\n",
        "return require \"ds.act\"\n",
        "return setmetatable({}, 1)\n",
        "return setmetatable(setmetatable({}, { __metatable = 1 }), {})\n",
        "return {\n",
        "local kept = {}\nwhile true do kept[#kept + 1] = { {}, {}, {}, {} } end\n",
    };
    struct desk desk;
    (void)state;
    set_up(&desk);
    for (size_t i = 0; i < DS_COUNT(texts); i++) {
        char name[] = {(char)('a' + i), '\0'};
        struct ds_why alone;
        put(&desk, name, texts[i]);
        assert_int_equal(load(&desk, NULL), DS_BAD);
        alone = desk.why;
        for (int again = 0; again < 2; again++) {
            assert_int_equal(load(&desk, desk.code), DS_BAD);
            assert_string_equal(desk.why.text, alone.text);
        }
    }
    tear_down(&desk);
}

/* A folder that has no ds: nothing to begin from, and the next one is asked anew. */
static void without_the_modules_each_scenario_is_refused(void **state)
{
    struct desk desk;
    (void)state;
    set_up(&desk);
    put(&desk, "looks", looks);
    snprintf(desk.lua_root, sizeof desk.lua_root, "%s", desk.folder);
    for (int again = 0; again < 2; again++) {
        assert_int_equal(load(&desk, desk.code), DS_BAD);
        assert_non_null(strstr(desk.why.text, "looks.lua:2: module 'ds' not found"));
    }
    tear_down(&desk);
}

int test_start(void);

int test_start(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_one_scenario_does_to_its_state_no_other_sees),
        cmocka_unit_test(trouble_is_told_in_the_same_words_whether_or_not_anything_is_kept),
        cmocka_unit_test(without_the_modules_each_scenario_is_refused),
    };
    return cmocka_run_group_tests_name("start", tests, NULL, NULL);
}
