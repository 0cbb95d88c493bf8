/* SPDX-License-Identifier: GPL-3.0-or-later */
/* date - known moments, and the calendar against counting its days */
#include "mail/date.h"

#include "unit.h"

static const struct {
    const char *rule;
    int64_t seconds;
    int offset;
    const char *date;
} cases[] = {
    {"the beginning", 0, 0, "Thu, 1 Jan 1970 00:00:00 +0000"},
    {"east of UTC", 1795294724, 60, "Sat, 21 Nov 2026 21:58:44 +0100"},
    {"west of UTC", 1795294724, -300, "Sat, 21 Nov 2026 15:58:44 -0500"},
    {"half an hour off", 1795294724, -210, "Sat, 21 Nov 2026 17:28:44 -0330"},
    {"less than an hour west", 1795294724, -30,
     "Sat, 21 Nov 2026 20:28:44 -0030"},
    {"a quarter off", 1795294724, 765, "Sun, 22 Nov 2026 09:43:44 +1245"},
    {"over the year's end", 1798761599, 1, "Fri, 1 Jan 2027 00:00:59 +0001"},
    {"back into 1969", 0, -1, "Wed, 31 Dec 1969 23:59:00 -0001"},
    {"a leap day", 951782400, 0, "Tue, 29 Feb 2000 00:00:00 +0000"},
    {"the day after", 951868800, 0, "Wed, 1 Mar 2000 00:00:00 +0000"},
    {"2100 has none", 4107542399, 0, "Sun, 28 Feb 2100 23:59:59 +0000"},
    {"but March", 4107542400, 0, "Mon, 1 Mar 2100 00:00:00 +0000"},
    {"past 2038", 2147483648, 0, "Tue, 19 Jan 2038 03:14:08 +0000"},
    {"the end", 253402300799, 0, "Fri, 31 Dec 9999 23:59:59 +0000"},
};

START_TEST(prints)
{
    struct buf out = {0};

    date_print(cases[_i].seconds, cases[_i].offset, &out);
    ck_assert_msg(span_eq(buf_span(&out), span_of(cases[_i].date)),
                  "%s: got %.*s", cases[_i].rule, SPAN_ARG(buf_span(&out)));
    buf_free(&out);
}
END_TEST

static int month_length(int year, int month)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30,
                                  31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

    return lengths[month] + (month == 1 && leap);
}

/* The first and the last day of each month, over 830 years. */
START_TEST(counts_like_a_calendar)
{
    static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    static const char days[] = "ThuFriSatSunMonTueWed";
    int64_t day = 0;
    char want[64];

    for (int month = 0; month < 830 * 12; month++) {
        int year = 1970 + month / 12, m = month % 12;
        int length = month_length(year, m);

        for (int d = 1; d <= length; d += length - 1) {
            struct buf out = {0};
            int64_t n = day + d - 1;

            snprintf(want, sizeof want, "%.3s, %d %.3s %d 12:34:56 +0000",
                     days + n % 7 * 3, d, names + m * 3, year);
            date_print(n * 86400 + 45296, 0, &out);
            ck_assert_span(buf_span(&out), span_of(want));
            buf_free(&out);
        }
        day += length;
    }
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("date");

    tcase_add_loop_test(t, prints, 0, COUNT(cases));
    tcase_add_test(t, counts_like_a_calendar);
    return unit_run("date", t);
}
