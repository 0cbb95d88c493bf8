/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * unit - what every unit test program shares
 *
 *     START_TEST(a_rule_by_name) { ck_assert(...); } END_TEST
 *
 *     int main(void)
 *     {
 *         TCase *t = tcase_create("qp");
 *         tcase_add_loop_test(t, a_rule_by_name, 0, COUNT(cases));
 *         return unit_run("qp", t);
 *     }
 *
 * The last line a program prints is "N passed, N failed"; contrib/quickstart
 * adds them up.
 */
#ifndef PENNYPOST_TESTS_UNIT_H
#define PENNYPOST_TESTS_UNIT_H

#include "base/buf.h"
#include "base/err.h"

#include <check.h>
#include <stdio.h>

#undef fail /* check's old name for ck_abort(); ours is in base/err.h */

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Fail unless the two spans hold the same bytes; shows both. */
#define ck_assert_span(got, want)                                            \
    do {                                                                     \
        struct span got_ = (got), want_ = (want);                            \
        ck_assert_msg(span_eq(got_, want_), "got \"%.*s\", want \"%.*s\"",   \
                      SPAN_ARG(got_), SPAN_ARG(want_));                      \
    } while (0)

/* Run the cases of TCASE; the exit status of the program. */
static inline int unit_run(const char *name, TCase *tcase)
{
    Suite *suite = suite_create(name);
    SRunner *runner = srunner_create(suite);
    int run, failed;

    tcase_set_timeout(tcase, 120);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_ENV);
    run = srunner_ntests_run(runner);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    printf("%d passed, %d failed\n", run - failed, failed);
    return failed != 0;
}

#endif
