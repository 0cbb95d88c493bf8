/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "sys/tls_priority.h"

#include "unit.h"

#define OURS "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:%PROFILE_MEDIUM"
#define NO_1_1 ":-VERS-TLS1.0:-VERS-TLS1.1"

static const struct {
    struct span priority;
    enum tls_minimum minimum;
    struct span text;
    const char *fault; /* NULL: good */
} cases[] = {
    {{0}, TLS_MINIMUM_UNSET, SPAN_INIT(OURS), NULL},
    {{0}, TLS_MINIMUM_1_2, SPAN_INIT(OURS NO_1_1), NULL},
    {{0}, TLS_MINIMUM_1_3, SPAN_INIT(OURS NO_1_1 ":-VERS-TLS1.2"), NULL},
    {SPAN_INIT("SECURE256"), TLS_MINIMUM_UNSET, SPAN_INIT("SECURE256"), NULL},
    {SPAN_INIT("NORMAL"), TLS_MINIMUM_1_2, SPAN_INIT("NORMAL" NO_1_1), NULL},
    {SPAN_INIT("NORMAL:+NOTHING:+VERS-TLS1.2"), TLS_MINIMUM_UNSET,
     SPAN_INIT("NORMAL:+NOTHING:+VERS-TLS1.2"),
     "tls-priority cannot be 'NORMAL:+NOTHING:+VERS-TLS1.2': GnuTLS stops at"
     " '+NOTHING:+VERS-TLS1.2'"},
    {SPAN_INIT("NORMAL:-VERS-ALL:+VERS-TLS1.2"), TLS_MINIMUM_1_3,
     SPAN_INIT("NORMAL:-VERS-ALL:+VERS-TLS1.2" NO_1_1 ":-VERS-TLS1.2"),
     "leave no version of TLS"},
};

START_TEST(priority)
{
    struct tls_settings settings = {.priority = cases[_i].priority,
                                    .minimum = cases[_i].minimum};
    struct buf text = {0};
    struct err err = {0};
    bool good = tls_priority_check(&settings, &err);

    tls_priority_text(&settings, &text);
    ck_assert_span(buf_span(&text), cases[_i].text);
    ck_assert_msg(good == !cases[_i].fault, "%d: %s", _i, err.text);
    if (!good) {
        ck_assert_int_eq(err.kind, ERR_CONFIG);
        ck_assert_msg(strstr(err.text, cases[_i].fault), "%s", err.text);
    }
    buf_free(&text);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("tls_priority");

    tcase_add_loop_test(t, priority, 0, COUNT(cases));
    return unit_run("tls_priority", t);
}
