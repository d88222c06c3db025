#include "rtp.h"

#include <math.h>

/*
 * ITU-T G.107 with every parameter that no packet tells at its default. What is left of the sum is
 * R = R0 - Idd - Ie,eff: the listener's delay and the codec under loss.
 */

#define RATING_AT_BEST 93.2 /* R0 - Is at the defaults */
#define BURST_RATIO    1.0  /* losses fall independently of each other */

/*
 * ITU-T G.113 (11/2007) appendix I, the codecs that have both figures. Where a name stands for more
 * than one line there, what its media type says without parameters is taken (RFC 4856): G.729 with
 * its annexes A and B, G.723.1 with VAD at 6.3 kbit/s. G.711 conceals losses as its own appendix I
 * says; without that its robustness is 4.3.
 */
static const struct {
    const char *encoding;
    double impairment, robustness; /* Ie, Bpl */
} equipment[] = {
    {"PCMU", 0, 25.1},  {"PCMA", 0, 25.1},    {"G729", 11, 19.0},
    {"G723", 15, 16.1}, {"GSM-EFR", 5, 10.0},
};

/* G.107 (7-27): nothing is felt below a tenth of a second. */
static double delay_impairment(double delay_ms)
{
    if (delay_ms <= 100)
        return 0;
    double x = log2(delay_ms / 100);
    return 25 * (pow(1 + pow(x, 6), 1.0 / 6) - 3 * pow(1 + pow(x / 3, 6), 1.0 / 6) + 2);
}

/* G.107 (7-29). A codec that nothing is left of costs 95. */
static double loss_impairment(double impairment, double robustness, double loss)
{
    double percent = 100 * loss;
    return impairment + (95 - impairment) * percent / (percent / BURST_RATIO + robustness);
}

ds_rc ds_emodel_rating(const struct ds_emodel *model, double *out)
{
    ds_assert(model->loss >= 0 && model->loss <= 1);
    for (size_t i = 0; i < DS_COUNT(equipment); i++) {
        if (!ds_slice_equal_nocase(ds_slice_of(model->encoding),
                                   ds_slice_of(equipment[i].encoding)))
            continue;
        *out = RATING_AT_BEST - delay_impairment(model->delay_ms) -
               loss_impairment(equipment[i].impairment, equipment[i].robustness, model->loss);
        return DS_OK;
    }
    return DS_BAD;
}

/* The polynomial dips below 1 where hardly anything is understood. */
double ds_emodel_mos(double rating)
{
    if (rating <= 0)
        return 1;
    if (rating >= 100)
        return 4.5;
    return fmax(1, 1 + 0.035 * rating + rating * (rating - 60) * (100 - rating) * 7e-6);
}
