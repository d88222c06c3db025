#include "line.h"

#include <string.h>

static void a_page_goes_over_a_line(void **state)
{
    struct line line;
    (void)state;
    line_open(&line, 60);
    line_run(&line);
    assert_int_equal(ds_fax_machine_state(line.caller), DS_FAX_DONE);
    assert_int_equal(ds_fax_machine_state(line.called), DS_FAX_DONE);
    assert_string_equal(ds_fax_machine_outcome(line.called), "OK");
    line_close(&line);
}

static void a_machine_that_hears_nothing_gives_up(void **state)
{
    struct line line;
    int16_t silence[LINE_FRAME] = {0}, said[LINE_FRAME];
    (void)state;
    line_open(&line, 10);
    for (size_t i = 0; i < 4500 && ds_fax_machine_state(line.caller) == DS_FAX_BUSY; i++) {
        ds_fax_machine_say(line.caller, said, LINE_FRAME);
        ds_fax_machine_hear(line.caller, silence, LINE_FRAME);
    }
    assert_int_equal(ds_fax_machine_state(line.caller), DS_FAX_FAILED);
    assert_non_null(strstr(ds_fax_machine_outcome(line.caller), "imed out"));
    line_close(&line);
}

static void the_called_machine_is_known_by_its_tone_and_the_calling_one_is_not(void **state)
{
    struct line line;
    struct ds_fax_tones *tones = NULL;
    int16_t said[LINE_FRAME];
    bool heard = false;
    (void)state;
    line_open(&line, 10);
    assert_int_equal(ds_fax_tones_new(&tones), DS_OK);
    for (size_t i = 0; i < 100; i++) {
        ds_fax_machine_say(line.caller, said, LINE_FRAME);
        assert_false(ds_fax_tones_hear(tones, said, LINE_FRAME));
    }
    for (size_t i = 0; i < 100 && !heard; i++) {
        ds_fax_machine_say(line.called, said, LINE_FRAME);
        heard = ds_fax_tones_hear(tones, said, LINE_FRAME);
    }
    assert_true(heard);
    ds_fax_tones_free(&tones);
    line_close(&line);
}

int test_machine(void);

int test_machine(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_goes_over_a_line),
        cmocka_unit_test(a_machine_that_hears_nothing_gives_up),
        cmocka_unit_test(the_called_machine_is_known_by_its_tone_and_the_calling_one_is_not),
    };
    return cmocka_run_group_tests_name("machine", tests, NULL, NULL);
}
