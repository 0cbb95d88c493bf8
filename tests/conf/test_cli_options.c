/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conf/cli_options.h"
#include "conf/cli.h"
#include "unit.h"

START_TEST(every_row_is_whole)
{
    const struct cli_option *row = &cli_options[_i];
    struct span name = span_of(row->name);

    ck_assert_ptr_eq(cli_option_find(name), row);
    ck_assert_uint_le(strlen(row->help), 46);
    ck_assert(row->help[strlen(row->help) - 1] != '.');
    ck_assert(!row->manual || row->manual[strlen(row->manual) - 1] == '.');
    ck_assert(row->placeholder || row->argument != CLI_REQUIRED);
    ck_assert_int_eq(row->section == CLI_REFUSED,
                     row->action == CLI_REFUSE || row->action == CLI_VERIFY);
    ck_assert_int_eq(row->section == CLI_IGNORED,
                     row->action == CLI_IGNORE);
    ck_assert(name.n > 0);
    if (name.n > 2 && name.p[0] != '-')
        ck_assert_int_eq(row->argument, CLI_NONE);
}
END_TEST

/* "-bp" is found through "-b", so that must take an argument. */
START_TEST(a_longer_name_has_a_shorter)
{
    const struct cli_option *row = &cli_options[_i];
    const struct cli_option *shorter =
        cli_option_find(span_upto(span_of(row->name), 1));

    if (strlen(row->name) == 2) {
        ck_assert_ptr_nonnull(shorter);
        ck_assert(shorter->argument != CLI_NONE);
    }
}
END_TEST

START_TEST(no_option_is_called_as_a_setting)
{
    const char *name = cli_options[_i].name;

    if (name[0] == '-')
        ck_assert_uint_eq(setting_find(span_of(name + 2)), SETTING_COUNT);
}
END_TEST

START_TEST(every_section_has_a_title_and_a_topic)
{
    ck_assert_ptr_nonnull(cli_sections[_i]);
    ck_assert_ptr_nonnull(cli_topics[_i]);
}
END_TEST

/* Every letter is known or not: none is read for another. */
START_TEST(finds_only_whole_names)
{
    ck_assert_ptr_null(cli_option_find(S("")));
    ck_assert_ptr_null(cli_option_find(S("-")));
    ck_assert_ptr_null(cli_option_find(S("ti")));
    ck_assert_ptr_null(cli_option_find(S("--hel")));
    ck_assert_ptr_null(cli_option_find(S("T\0")));
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("cli_options");
    int rows = (int)cli_option_count;

    tcase_add_loop_test(t, every_row_is_whole, 0, rows);
    tcase_add_loop_test(t, a_longer_name_has_a_shorter, 0, rows);
    tcase_add_loop_test(t, no_option_is_called_as_a_setting, 0, rows);
    tcase_add_loop_test(t, every_section_has_a_title_and_a_topic, 0,
                        CLI_SECTION_COUNT);
    tcase_add_test(t, finds_only_whole_names);
    return unit_run("cli_options", t);
}
