/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "sys/world.h"

#include "scratch.h"

#include <pwd.h>
#include <time.h>

#define L63 "a23456789012345678901234567890123456789012345678901234567890123"

static const struct {
    const char *rule;
    struct span name, hosts, want;
} hosts[] = {
    {"a full name needs no hosts", SPAN_INIT("pc.example.org"),
     SPAN_INIT("10.0.0.1 pc.example.org.example.net pc.example.org\n"),
     SPAN_INIT("pc.example.org")},
    {"a dot at the end goes", SPAN_INIT("pc.example.org."), SPAN_INIT(""),
     SPAN_INIT("pc.example.org")},
    {"a bare name is completed", SPAN_INIT("pc"),
     SPAN_INIT("127.0.0.1 localhost\n127.0.1.1\tpc.example.org\tpc\n"),
     SPAN_INIT("pc.example.org")},
    {"the order in the line does not matter", SPAN_INIT("pc"),
     SPAN_INIT("127.0.1.1 pc other pc.example.org pc.example.net"),
     SPAN_INIT("pc.example.org")},
    {"case does not matter", SPAN_INIT("Pc"),
     SPAN_INIT("::1 PC.Example.org pC\r\n"), SPAN_INIT("PC.Example.org")},
    {"the first line wins", SPAN_INIT("pc"),
     SPAN_INIT("::1 pc pc.a.org\n::2 pc pc.b.org\n"), SPAN_INIT("pc.a.org")},
    {"a line without the bare name is another's", SPAN_INIT("www"),
     SPAN_INIT("192.0.2.7 www.example.com\n"), SPAN_INIT("www")},
    {"localhost's other names are not ours", SPAN_INIT("pc"),
     SPAN_INIT("127.0.0.1 localhost.localdomain localhost pc\n"),
     SPAN_INIT("pc")},
    {"a longer first label is another name", SPAN_INIT("pc"),
     SPAN_INIT("127.0.0.1 pc2.example.org pc pcx.example.org\n"),
     SPAN_INIT("pc")},
    {"a comment does not count", SPAN_INIT("pc"),
     SPAN_INIT("#::1 pc pc.a.org\n::1 x # pc pc.b.org\n"), SPAN_INIT("pc")},
    {"the address is no name", SPAN_INIT("pc"), SPAN_INIT("pc pc.a.org\n"),
     SPAN_INIT("pc")},
    {"what is no host name does not complete", SPAN_INIT("pc"),
     SPAN_INIT("::1 pc pc.a_b.org pc..org pc.\n"), SPAN_INIT("pc")},
    {"a bare name remains", SPAN_INIT("pc"), SPAN_INIT(""), SPAN_INIT("pc")},
    {"no name", SPAN_INIT(""), SPAN_INIT("::1 x\n"), SPAN_INIT("localhost")},
    {"a blank", SPAN_INIT("a b"), SPAN_INIT(""), SPAN_INIT("localhost")},
    {"a line end", SPAN_INIT("a\r\nRSET"), SPAN_INIT(""),
     SPAN_INIT("localhost")},
    {"an underscore", SPAN_INIT("a_b.org"), SPAN_INIT(""),
     SPAN_INIT("localhost")},
    {"UTF-8", SPAN_INIT("b\xC3\xBC.org"), SPAN_INIT(""),
     SPAN_INIT("localhost")},
    {"an empty label", SPAN_INIT("a..org"), SPAN_INIT(""),
     SPAN_INIT("localhost")},
    {"a hyphen at the start", SPAN_INIT("a.-b.org"), SPAN_INIT(""),
     SPAN_INIT("localhost")},
    {"a hyphen at the end", SPAN_INIT("a-.org"), SPAN_INIT(""),
     SPAN_INIT("localhost")},
    {"hyphens and digits inside", SPAN_INIT("0a--b9.org"), SPAN_INIT(""),
     SPAN_INIT("0a--b9.org")},
    {"a label of 63", SPAN_INIT(L63 ".org"), SPAN_INIT(""),
     SPAN_INIT(L63 ".org")},
    {"a label of 64", SPAN_INIT(L63 "4.org"), SPAN_INIT(""),
     SPAN_INIT("localhost")},
    {"a name that is too long", SPAN_INIT(L63 "." L63 "." L63 "." L63 ".de"),
     SPAN_INIT(""), SPAN_INIT("localhost")},
    {"dots only", SPAN_INIT("."), SPAN_INIT(""), SPAN_INIT("localhost")},
};

START_TEST(host)
{
    struct arena arena = {0};
    struct span got =
        world_host(hosts[_i].name, hosts[_i].hosts, &arena);

    ck_assert_msg(span_eq(got, hosts[_i].want), "%s: got \"%.*s\"",
                  hosts[_i].rule, SPAN_ARG(got));
    arena_free(&arena);
}
END_TEST

/* 63 + 1 + 63 + 1 + 63 + 1 + 61 is 253. */
START_TEST(host_of_253)
{
    struct span name = S(L63 "." L63 "." L63 "." L63);
    struct arena arena = {0};

    ck_assert_span(world_host(span_upto(name, 253), S(""), &arena),
                   span_upto(name, 253));
    ck_assert_span(world_host(span_upto(name, 254), S(""), &arena),
                   S("localhost"));
    arena_free(&arena);
}
END_TEST

static const struct {
    struct span gecos, want;
} names[] = {
    {SPAN_INIT("Bob Example"), SPAN_INIT("Bob Example")},
    {SPAN_INIT("Bob Example,Room 1,,"), SPAN_INIT("Bob Example")},
    {SPAN_INIT(" Bob ,,,"), SPAN_INIT("Bob")},
    {SPAN_INIT("& Example"), SPAN_INIT("Bob Example")},
    {SPAN_INIT("Mr & & x"), SPAN_INIT("Mr Bob Bob x")},
    {SPAN_INIT(",&"), SPAN_INIT("")},
    {SPAN_INIT(""), SPAN_INIT("")},
};

START_TEST(full_name)
{
    struct arena arena = {0};

    ck_assert_span(world_name(names[_i].gecos, S("bob"), &arena),
                   names[_i].want);
    ck_assert_span(world_name(S("&"), S(""), &arena), S(""));
    ck_assert_span(world_name(S("&"), S("_x"), &arena), S("_x"));
    arena_free(&arena);
}
END_TEST

static const struct {
    struct span text, want;
} firsts[] = {
    {SPAN_INIT("example.org\n"), SPAN_INIT("example.org")},
    {SPAN_INIT(" example.org \r\nexample.net\n"), SPAN_INIT("example.org")},
    {SPAN_INIT("example"), SPAN_INIT("example")},
    {SPAN_INIT("\nexample.org\n"), SPAN_INIT("")},
    {SPAN_INIT("example.org and more\n"), SPAN_INIT("")},
    {SPAN_INIT("a_b.org\n"), SPAN_INIT("")},
    {SPAN_INIT("<>\n"), SPAN_INIT("")},
    {SPAN_INIT(""), SPAN_INIT("")},
};

START_TEST(mailname)
{
    struct arena arena = {0};
    struct span name = world_mailname(&arena);

    ck_assert_span(world_first_name(firsts[_i].text), firsts[_i].want);
    ck_assert_span(world_first_name(name), name);
    arena_free(&arena);
}
END_TEST

START_TEST(reads)
{
    struct arena arena = {0};
    struct world world, again;
    struct err err = {0};
    int64_t before = time(NULL);

    setenv("HOME", "/somewhere", 1);
    setenv("USER", "somebody", 1);
    setenv("LOGNAME", "somebody", 1);
    setenv("TZ", "XXX-5:45", 1);
    ck_assert(world_read(&world, &arena, &err));
    ck_assert(world.now >= before && world.now <= before + 60);
    ck_assert_int_eq(world.utc_offset, 5 * 60 + 45);
    ck_assert_uint_eq(world.uid, getuid());
    ck_assert_uint_eq(world.pid, (unsigned)getpid());
    ck_assert_span(world_host(world.host, S(""), &arena), world.host);
    ck_assert(!span_empty(world.login));
    ck_assert(!span_eq(world.login, S("somebody")));
    ck_assert_span(world.home, S("/somewhere"));

    setenv("TZ", "XXX3", 1);
    ck_assert(world_read(&again, &arena, &err));
    ck_assert_int_eq(again.utc_offset, -180);
    ck_assert(memcmp(world.random, again.random, sizeof world.random) != 0);
    arena_free(&arena);
}
END_TEST

START_TEST(home_of_the_user)
{
    const struct passwd *user = getpwuid(getuid());
    struct arena arena = {0};
    struct err err = {0};
    struct world world;

    setenv("HOME", "relative", 1);
    ck_assert(world_read(&world, &arena, &err));
    ck_assert_span(world.home, span_of(user ? user->pw_dir : ""));
    unsetenv("HOME");
    ck_assert(world_read(&world, &arena, &err));
    ck_assert_span(world.home, span_of(user ? user->pw_dir : ""));
    arena_free(&arena);
}
END_TEST

static int read_as_nobody_known(void)
{
    struct arena arena = {0};
    struct err err = {0};
    struct world world;

    child_assert(setuid(4242424) == 0);
    unsetenv("HOME");
    child_assert(world_read(&world, &arena, &err));
    child_assert(span_eq(world.login, S("uid4242424")));
    child_assert(span_empty(world.name) && span_empty(world.home));
    return 0;
}

START_TEST(unknown_user)
{
    if (geteuid() == 0)
        ck_assert_child(read_as_nobody_known);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("world");

    tcase_add_loop_test(t, host, 0, COUNT(hosts));
    tcase_add_test(t, host_of_253);
    tcase_add_loop_test(t, full_name, 0, COUNT(names));
    tcase_add_loop_test(t, mailname, 0, COUNT(firsts));
    tcase_add_test(t, reads);
    tcase_add_test(t, home_of_the_user);
    tcase_add_test(t, unknown_user);
    return unit_run("world", t);
}
