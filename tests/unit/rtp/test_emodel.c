#include "support.h"

#include "rtp.h"

static double score(const char *encoding, double loss, double delay_ms)
{
    double rating = 0;
    const struct ds_emodel model = {encoding, loss, delay_ms};
    assert_int_equal(ds_emodel_rating(&model, &rating), DS_OK);
    return ds_emodel_mos(rating);
}

#define assert_near(value, expected, off)                                                          \
    assert_true((value) > (expected) - (off) && (value) < (expected) + (off))

/* G.107: at its defaults the rating is 93.2, which stands for 4.41. */
static void nothing_wrong_is_the_best_there_is(void **state)
{
    (void)state;
    assert_near(score("PCMA", 0, 0), 4.41, 0.005);
    assert_near(score("pcmu", 0, 100), 4.41, 0.005);
}

/* R = 93.2 - 95 * 2 / (2 + 25.1) = 86.19; R = 93.2 - (11 + 84 * 2 / (2 + 19)) = 74.2. */
static void loss_costs_what_the_codec_cannot_conceal(void **state)
{
    (void)state;
    assert_near(score("PCMA", 0.02, 0), 4.23, 0.01);
    assert_near(score("G729", 0.02, 0), 3.79, 0.01);
    assert_true(score("PCMA", 0.10, 0) < score("PCMA", 0.05, 0));
    assert_near(score("PCMA", 1, 0), 1.18, 0.2);
}

static void delay_costs_from_a_tenth_of_a_second_on(void **state)
{
    (void)state;
    assert_true(score("PCMA", 0, 150) > 4.3);
    assert_true(score("PCMA", 0, 400) < 3.7);
    assert_true(score("PCMA", 0, 2000) >= 1);
}

static double rating_of(const char *encoding, double loss, double delay_ms)
{
    double rating = 0;
    const struct ds_emodel model = {encoding, loss, delay_ms};
    assert_int_equal(ds_emodel_rating(&model, &rating), DS_OK);
    return rating;
}

/* G.107 (7-27) and (7-28), worked by hand: X is 1, 2 and 3 at these. */
static void delay_costs_what_the_formula_says(void **state)
{
    (void)state;
    assert_near(rating_of("PCMA", 0, 100), 93.2, 1e-9);
    assert_near(rating_of("PCMA", 0, 200), 93.2 - 3.044, 0.001);
    assert_near(rating_of("PCMA", 0, 400), 93.2 - 24.07, 0.01);
    assert_near(rating_of("PCMA", 0, 800), 93.2 - 40.83, 0.01);
}

/* G.113 (11/2007) tables I.1 and I.4, as R at no loss and at 2 %: Ie + (95 - Ie) * 2 / (2 + Bpl).
 */
static void every_codec_has_the_figures_of_the_standard(void **state)
{
    static const struct {
        const char *encoding;
        double at_best, with_loss;
    } codecs[] = {
        {"PCMU", 93.2, 86.19}, {"PCMA", 93.2, 86.19},   {"G729", 82.2, 74.2},
        {"G723", 78.2, 69.36}, {"GSM-EFR", 88.2, 73.2},
    };

    (void)state;
    for (size_t i = 0; i < DS_COUNT(codecs); i++) {
        assert_near(rating_of(codecs[i].encoding, 0, 0), codecs[i].at_best, 0.001);
        assert_near(rating_of(codecs[i].encoding, 0.02, 0), codecs[i].with_loss, 0.01);
    }
}

/* G.107 table B.1: what users make of a rating. It is rounded there, now up and now down. */
static void scores_are_those_of_the_standards_table(void **state)
{
    (void)state;
    assert_near(ds_emodel_mos(90), 4.34, 0.01);
    assert_near(ds_emodel_mos(80), 4.03, 0.01);
    assert_near(ds_emodel_mos(70), 3.60, 0.01);
    assert_near(ds_emodel_mos(60), 3.10, 0.01);
    assert_near(ds_emodel_mos(50), 2.58, 0.01);
}

static void ratings_outside_the_scale_are_its_ends(void **state)
{
    (void)state;
    assert_true(ds_emodel_mos(-20) == 1 && ds_emodel_mos(0.5) == 1);
    assert_true(ds_emodel_mos(120) == 4.5);
    assert_near(ds_emodel_mos(60), 3.1, 0.001);
}

static void a_codec_without_figures_has_no_score(void **state)
{
    double rating;
    const struct ds_emodel model = {.encoding = "opus"};
    (void)state;
    assert_int_equal(ds_emodel_rating(&model, &rating), DS_BAD);
}

/* Its scale is another: G.107.1. */
static void wideband_has_no_score_on_the_narrow_scale(void **state)
{
    double rating;
    const struct ds_emodel model = {.encoding = "G722"};
    (void)state;
    assert_int_equal(ds_emodel_rating(&model, &rating), DS_BAD);
}

int test_emodel(void);

int test_emodel(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_wrong_is_the_best_there_is),
        cmocka_unit_test(loss_costs_what_the_codec_cannot_conceal),
        cmocka_unit_test(delay_costs_from_a_tenth_of_a_second_on),
        cmocka_unit_test(delay_costs_what_the_formula_says),
        cmocka_unit_test(every_codec_has_the_figures_of_the_standard),
        cmocka_unit_test(scores_are_those_of_the_standards_table),
        cmocka_unit_test(ratings_outside_the_scale_are_its_ends),
        cmocka_unit_test(a_codec_without_figures_has_no_score),
        cmocka_unit_test(wideband_has_no_score_on_the_narrow_scale),
    };
    return cmocka_run_group_tests_name("emodel", tests, NULL, NULL);
}
