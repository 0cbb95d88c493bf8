/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/part_type.h"
#include "unit.h"

static const struct {
    struct span type, boundary;
} boundaries[] = {
    {SPAN_INIT("a/b"), SPAN_INIT("")},
    {SPAN_INIT("a/b; boundary=x"), SPAN_INIT("x")},
    {SPAN_INIT("a/b; boundary=\" x y \t\""), SPAN_INIT(" x y")},
    {SPAN_INIT("a/b; boundary=\"\""), SPAN_INIT("")},
    {SPAN_INIT("a/b; boundary*=''x%0Ay"), SPAN_INIT("")},
};

START_TEST(boundary)
{
    struct buf out = {0};

    part_boundary(boundaries[_i].type, &out);
    ck_assert_span(buf_span(&out), boundaries[_i].boundary);
    buf_free(&out);
}
END_TEST

START_TEST(a_boundary_has_a_limit)
{
    struct buf type = {0}, out = {0};

    buf_add(&type, S("a/b; boundary="));
    for (int i = 0; i < 32768 + _i; i++)
        buf_addc(&type, 'x');
    part_boundary(buf_span(&type), &out);
    ck_assert_uint_eq(out.len, _i ? 0 : 32768);
    buf_free(&type);
    buf_free(&out);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("part_type");

    tcase_add_loop_test(t, boundary, 0, COUNT(boundaries));
    tcase_add_loop_test(t, a_boundary_has_a_limit, 0, 2);
    return unit_run("part_type", t);
}
