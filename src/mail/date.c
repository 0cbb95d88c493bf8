/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/date.h"

#include <stdlib.h>

enum { MINUTE = 60, HOUR = 60 * MINUTE, DAY = 24 * HOUR };

/* Days in 400 years, after which the calendar repeats. */
enum { ERA = 146097 };

static const char days[][4] = {"Thu", "Fri", "Sat", "Sun",
                               "Mon", "Tue", "Wed"}; /* 1970 began on one */
static const char months[][4] = {"Mar", "Apr", "May", "Jun", "Jul", "Aug",
                                 "Sep", "Oct", "Nov", "Dec", "Jan", "Feb"};

struct civil {
    int64_t year;
    unsigned month, day; /* the month counts from March, from 0 */
};

/*
 * The date N days after 1 March of the year 0.  A year that begins in March
 * has its leap day at its end, so leap years need no case of their own: each
 * year is 365 days and what the fourths, hundredths and four hundredths add,
 * and its months take turns in lengths that (5 m + 2) / 153 tells.
 */
static struct civil civil_of(int64_t n)
{
    int64_t era = n / ERA, in_era = n % ERA;
    int64_t year = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096)
                   / 365;
    int64_t in_year = in_era - (365 * year + year / 4 - year / 100);
    int64_t month = (5 * in_year + 2) / 153;

    return (struct civil){
        .year = era * 400 + year + (month >= 10),
        .month = (unsigned)month,
        .day = (unsigned)(in_year - (153 * month + 2) / 5 + 1),
    };
}

void date_print(int64_t unix_seconds, int utc_offset, struct buf *out)
{
    const int64_t before_1970 = 719468; /* days since 1 March of year 0 */
    int64_t local = unix_seconds + before_1970 * DAY + utc_offset * MINUTE;
    int64_t day = local / DAY;
    unsigned second = (unsigned)(local % DAY);
    unsigned offset = (unsigned)abs(utc_offset);
    struct civil date = civil_of(day);

    buf_printf(out, "%s, %u %s %04d %02u:%02u:%02u %c%02u%02u",
               days[(day - before_1970 % 7 + 7) % 7], date.day,
               months[date.month], (int)date.year, second / HOUR,
               second % HOUR / MINUTE, second % MINUTE,
               utc_offset < 0 ? '-' : '+', offset / 60, offset % 60);
}
