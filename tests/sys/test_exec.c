/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "sys/exec.h"

#include "scratch.h"
#include "sys/clock.h"
#include "sys/signals.h"

static struct buf line;
static struct err err;

static void set_up(void)
{
    int ends[2];

    /* On our standard input waits what no command is to see. */
    ck_assert_int_eq(pipe(ends), 0);
    ck_assert_int_eq(write(ends[1], "leaks\n", 6), 6);
    ck_assert_int_eq(dup2(ends[0], 0), 0);
    close(ends[0]);
    close(ends[1]);
    /* A directory in it that is not ours to search changes an error. */
    setenv("PATH", "/usr/local/bin:/usr/bin:/bin", 1);
}

static void tear_down(void)
{
    buf_wipe(&line);
}

static bool run(bool shell, struct span command, unsigned timeout_ms)
{
    const struct exec_command how = {
        .what = "password-command",
        .line = command,
        .shell = shell,
        .timeout_ms = timeout_ms,
        .stop = signals_flag(),
    };

    return exec_line(&how, &line, &err);
}

/* Words are shown as [word]. */
static const struct {
    struct span line, words;
} splits[] = {
    {SPAN_INIT("pass"), SPAN_INIT("[pass]")},
    {SPAN_INIT("pass mail"), SPAN_INIT("[pass][mail]")},
    {SPAN_INIT(" \tpass \t\n mail\t "), SPAN_INIT("[pass][mail]")},
    {SPAN_INIT("a 'b c' d"), SPAN_INIT("[a][b c][d]")},
    {SPAN_INIT("a \"b c\" d"), SPAN_INIT("[a][b c][d]")},
    {SPAN_INIT("a'b c'\"d e\"f"), SPAN_INIT("[ab cd ef]")},
    {SPAN_INIT("a '' \"\""), SPAN_INIT("[a][][]")},
    {SPAN_INIT("'it'\\''s'"), SPAN_INIT("[it's]")},
    {SPAN_INIT("'a\"b' \"a'b\""), SPAN_INIT("[a\"b][a'b]")},
    {SPAN_INIT("a\\ b \\\"c \\'d \\\\e"), SPAN_INIT("[a b][\"c]['d][\\e]")},
    {SPAN_INIT("'a\\b\\' c"), SPAN_INIT("[a\\b\\][c]")},
    {SPAN_INIT("\"\\$a \\`b \\\\c \\\"d \\e\""),
     SPAN_INIT("[$a `b \\c \"d \\e]")},
    {SPAN_INIT("a $HOME `b` *|c;d ~ #e"),
     SPAN_INIT("[a][$HOME][`b`][*|c;d][~][#e]")},
    {SPAN_INIT("a\\"), SPAN_INIT("[a\\]")},
    {SPAN_INIT("\xC3\xA4 \xFF"), SPAN_INIT("[\xC3\xA4][\xFF]")},
};

START_TEST(splits_into_words)
{
    /* Its own memory, so that a read past the end is seen. */
    char *copy = malloc(splits[_i].line.n);
    const struct exec_command how = {
        .what = "x", .line = {copy, splits[_i].line.n}};
    char *argv[EXEC_WORDS + 1];
    struct arena arena = {0};
    struct buf words = {0};

    memcpy(copy, splits[_i].line.p, splits[_i].line.n);
    ck_assert(exec_split(&how, &arena, argv, &err));
    for (char **word = argv; *word; word++)
        buf_printf(&words, "[%s]", *word);
    ck_assert_span(buf_span(&words), splits[_i].words);
    buf_free(&words);
    arena_free(&arena);
    free(copy);
}
END_TEST

START_TEST(many_words)
{
    struct buf words = {0};
    struct arena arena = {0};
    struct exec_command how = {.what = "x"};
    char *argv[EXEC_WORDS + 1];

    for (int i = 0; i < EXEC_WORDS; i++)
        buf_add(&words, S("a "));
    how.line = buf_span(&words);
    ck_assert(exec_split(&how, &arena, argv, &err));
    ck_assert_ptr_null(argv[EXEC_WORDS]);
    ck_assert_str_eq(argv[EXEC_WORDS - 1], "a");
    buf_addc(&words, 'a');
    how.line = buf_span(&words);
    ck_assert(!exec_split(&how, &arena, argv, &err));
    ck_assert(strstr(err.text, "a a' has more than 64 words"));
    buf_free(&words);
    arena_free(&arena);
}
END_TEST

START_TEST(as_it_is_written)
{
    struct exec_command plain = exec_written("x", S("echo ! a")),
                        shell = exec_written("x", S("!echo 'a")),
                        broken = exec_written("x", S("echo 'a")),
                        empty = exec_written("x", S("!"));

    ck_assert(!plain.shell && shell.shell && !broken.shell && empty.shell);
    ck_assert_span(plain.line, S("echo ! a"));
    ck_assert_span(shell.line, S("echo 'a"));
    ck_assert(exec_check(&plain, &err) && exec_check(&shell, &err));
    ck_assert(!exec_check(&broken, &err));
    ck_assert_str_eq(err.text, "the x 'echo 'a' has a quote that does not end");
    ck_assert(!exec_check(&empty, &err));
    ck_assert_str_eq(err.text, "the x is empty");
}
END_TEST

START_TEST(words_input_and_variable)
{
    static const char *const words[] = {
        "sh", "-c", "cat; echo $EXTRA $HOME \"$0\" \"$1\"", "a  b", "'", NULL};
    const struct exec_command how = {
        .what = "command", .line = S("it"), .words = words,
        .input = S("one\ntwo\n"), .variable = "EXTRA=more"};

    setenv("HOME", "/home/bob", 1);
    unsetenv("EXTRA");
    ck_assert_msg(exec_text(&how, &line, &err), "%s", err.text);
    ck_assert_span(buf_span(&line),
                   S("one\ntwo\nmore /home/bob a  b '\n"));
    ck_assert_ptr_null(getenv("EXTRA"));
}
END_TEST

START_TEST(input_that_nobody_reads)
{
    char much[EXEC_INPUT];
    const struct exec_command how = {
        .what = "command", .line = S("true"), .input = {much, sizeof much}};

    memset(much, 'x', sizeof much);
    ck_assert_msg(exec_text(&how, &line, &err), "%s", err.text);
    ck_assert_uint_eq(line.len, 0); /* all of nothing, which is no failure */
}
END_TEST

enum { ARGV, SHELL };

static const struct {
    const char *rule;
    int shell;
    struct span command, want;
} prints[] = {
    {"a line", ARGV, SPAN_INIT("echo pass word"), SPAN_INIT("pass word")},
    {"words as they are", ARGV, SPAN_INIT("echo '$HOME  *' ';' \"|\""),
     SPAN_INIT("$HOME  * ; |")},
    {"no line end", ARGV, SPAN_INIT("printf 'a b'"), SPAN_INIT("a b")},
    {"a CR in front of it", ARGV, SPAN_INIT("printf 'a\\r\\nb'"),
     SPAN_INIT("a")},
    {"only one CR", ARGV, SPAN_INIT("printf 'a\\r\\r\\n'"),
     SPAN_INIT("a\r")},
    {"blanks stay", ARGV, SPAN_INIT("printf ' a\\t \\n'"),
     SPAN_INIT(" a\t ")},
    {"any octet", ARGV, SPAN_INIT("printf '\\001\\377\\n'"),
     SPAN_INIT("\x01\xFF")},
    {"the first line", ARGV, SPAN_INIT("printf 'a\\nb\\nc\\n'"),
     SPAN_INIT("a")},
    {"a NUL later", ARGV, SPAN_INIT("printf 'a\\nb\\000'"), SPAN_INIT("a")},
    {"in pieces", SHELL, SPAN_INIT("printf a; sleep 0.1; echo b; echo c"),
     SPAN_INIT("ab")},
    {"a shell, if asked", SHELL, SPAN_INIT("echo $((6 * 7)) | tr 2 3"),
     SPAN_INIT("43")},
    {"an empty standard input", SHELL, SPAN_INIT("cat; echo end"),
     SPAN_INIT("end")},
    {"of the environment what helps", SHELL,
     SPAN_INIT("echo $HOME $GPG_TTY ${HOMEX-no} ${LEAK-no} "
               "${SSLKEYLOGFILE-no}"),
     SPAN_INIT("/home/bob tty no no no")},
    {"no other descriptor", SHELL,
     SPAN_INIT("(: >&7) 2>/dev/null && echo open || echo closed"),
     SPAN_INIT("closed")},
    {"... nor a high one", SHELL,
     SPAN_INIT("test -e /proc/self/fd/200 && echo open || echo closed"),
     SPAN_INIT("closed")},
    {"an output that is closed early", SHELL,
     SPAN_INIT("echo a; exec >&-; sleep 0.1"), SPAN_INIT("a")},
    {"a child in the background", SHELL, SPAN_INIT("sleep 3 2>&- & echo a"),
     SPAN_INIT("a")},
    {"as much as may be", SHELL,
     SPAN_INIT("echo a; head -c 65534 /dev/zero"), SPAN_INIT("a")},
};

START_TEST(prints_a_line)
{
    int64_t start = clock_ms();

    setenv("HOME", "/home/bob", 1);
    setenv("GPG_TTY", "tty", 1);
    setenv("HOMEX", "leaks", 1);
    setenv("LEAK", "leaks", 1);
    setenv("SSLKEYLOGFILE", "leaks", 1);
    ck_assert_int_eq(dup2(2, 7), 7);
    ck_assert_int_eq(dup2(2, 200), 200);
    ck_assert_msg(run(prints[_i].shell, prints[_i].command, 0), "%s: %s",
                  prints[_i].rule, err.text);
    ck_assert_msg(span_eq(buf_span(&line), prints[_i].want),
                  "%s: got \"%.*s\"", prints[_i].rule,
                  SPAN_ARG(buf_span(&line)));
    ck_assert_int_lt(clock_ms() - start, 2500);
}
END_TEST

#define NAMED "the password-command '"

static const struct {
    int shell;
    struct span command;
    enum err_kind kind;
    const char *text;
} failures[] = {
    {ARGV, SPAN_INIT(""), ERR_CONFIG, "the password-command is empty"},
    {ARGV, SPAN_INIT(" \t"), ERR_CONFIG, "the password-command is empty"},
    {SHELL, SPAN_INIT(" "), ERR_CONFIG, "the password-command is empty"},
    {ARGV, SPAN_INIT("a\0b"), ERR_CONFIG, "the password-command holds a NUL"},
    {SHELL, SPAN_INIT("a\0b"), ERR_CONFIG, "the password-command holds a NUL"},
    {ARGV, SPAN_INIT("echo 'a"), ERR_CONFIG,
     NAMED "echo 'a' has a quote that does not end"},
    {ARGV, SPAN_INIT("echo \"a\\\""), ERR_CONFIG,
     NAMED "echo \"a\\\"' has a quote that does not end"},
    {ARGV, SPAN_INIT("no-such-program mail"), ERR_CONFIG,
     NAMED "no-such-program mail' cannot be run: 'no-such-program': "
           "No such file or directory"},
    {ARGV, SPAN_INIT("/ mail"), ERR_CONFIG,
     NAMED "/ mail' cannot be run: '/': Permission denied"},
    {ARGV, SPAN_INIT("''"), ERR_CONFIG,
     NAMED "''' cannot be run: '': No such file or directory"},
    {ARGV, SPAN_INIT("false"), ERR_TEMPORARY,
     NAMED "false' exited with status 1"},
    {SHELL, SPAN_INIT("echo a; exit 3"), ERR_TEMPORARY,
     NAMED "echo a; exit 3' exited with status 3"},
    {SHELL, SPAN_INIT("exec >&-; sleep 0.1; exit 3"), ERR_TEMPORARY,
     NAMED "exec >&-; sleep 0.1; exit 3' exited with status 3"},
    {SHELL, SPAN_INIT("echo a; kill -TERM $$"), ERR_TEMPORARY,
     NAMED "echo a; kill -TERM $$' died of signal 15 (Terminated)"},
    {SHELL, SPAN_INIT("kill -STOP $$"), ERR_TEMPORARY,
     NAMED "kill -STOP $$' was stopped (Stopped (signal))"},
    {ARGV, SPAN_INIT("true"), ERR_CONFIG, NAMED "true' printed nothing"},
    {ARGV, SPAN_INIT("printf '\\na'"), ERR_CONFIG,
     NAMED "printf '\\na'' printed an empty line"},
    {ARGV, SPAN_INIT("printf '\\r\\n'"), ERR_CONFIG,
     NAMED "printf '\\r\\n'' printed an empty line"},
    {ARGV, SPAN_INIT("printf 'a\\000b'"), ERR_CONFIG,
     NAMED "printf 'a\\000b'' printed a NUL"},
    {ARGV, SPAN_INIT("yes"), ERR_CONFIG,
     NAMED "yes' printed more than 65536 octets"},
    {SHELL, SPAN_INIT("head -c 65537 /dev/zero"), ERR_CONFIG,
     NAMED "head -c 65537 /dev/zero' printed more than 65536 octets"},
    {ARGV, SPAN_INIT("sleep 9"), ERR_TEMPORARY,
     NAMED "sleep 9' took more than 0.2 s"},
    {SHELL, SPAN_INIT("echo a; exec >&-; sleep 9"), ERR_TEMPORARY,
     NAMED "echo a; exec >&-; sleep 9' took more than 0.2 s"},
    {SHELL, SPAN_INIT("while echo a; do sleep 0.02; done"), ERR_TEMPORARY,
     NAMED "while echo a; do sleep 0.02; done' took more than 0.2 s"},
    {SHELL, SPAN_INIT("trap '' TERM HUP INT; sleep 9; sleep 9"),
     ERR_TEMPORARY,
     NAMED "trap '' TERM HUP INT; sleep 9; sleep 9' took more than 0.2 s"},
};

START_TEST(fails)
{
    int64_t start = clock_ms();

    bool late = strstr(failures[_i].text, "took more") != NULL;

    ck_assert(!run(failures[_i].shell, failures[_i].command, late ? 200 : 0));
    ck_assert_str_eq(err.text, failures[_i].text);
    ck_assert_int_eq(err.kind, failures[_i].kind);
    ck_assert_uint_eq(line.cap, 0);
    ck_assert_int_lt(clock_ms() - start, 2500);
    /* Nothing of it is left to be waited for. */
    ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
}
END_TEST

START_TEST(hints)
{
    ck_assert(!run(ARGV, S("no-such-program | tr a b"), 0));
    ck_assert(strstr(err.hint, "no shell reads the command"));
    ck_assert(!run(ARGV, S("no-such-program"), 0));
    ck_assert_str_eq(err.hint, "");
    ck_assert(!run(SHELL, S("kill -STOP $$"), 0));
    ck_assert_str_eq(err.hint, "it cannot ask at this terminal");
}
END_TEST

static void print_line_of(unsigned octets)
{
    struct buf command = {0};

    buf_printf(&command, "head -c %u /dev/zero | tr '\\0' x", octets);
    if (!run(SHELL, buf_span(&command), 0))
        ck_assert_uint_eq(line.len, 0);
    buf_free(&command);
}

START_TEST(a_long_line)
{
    print_line_of(EXEC_LINE);
    ck_assert_uint_eq(line.len, EXEC_LINE);
    ck_assert_uint_eq(span_find(buf_span(&line), '\0'), EXEC_LINE);
    print_line_of(EXEC_LINE + 1);
    ck_assert_int_eq(err.kind, ERR_CONFIG);
    ck_assert(strstr(err.text, "' printed a line of more than 12288 octets"));
}
END_TEST

START_TEST(a_long_command_is_cut_in_errors)
{
    struct buf command = {0};

    buf_add(&command, S("false "));
    for (int i = 0; i < 1000; i++)
        buf_addc(&command, 'x');
    ck_assert(!run(ARGV, buf_span(&command), 0));
    ck_assert(strstr(err.text, "xxx' exited with status 1"));
    ck_assert_uint_lt(strlen(err.text), 260);
    buf_free(&command);
}
END_TEST

START_TEST(the_rest_is_wiped)
{
    ck_assert(run(ARGV, S("printf 'first\\r\\nsecond\\n'"), 0));
    ck_assert_span(buf_span(&line), S("first"));
    for (size_t i = 0; i < sizeof "\r\nsecond\n" - 1; i++)
        ck_assert_int_eq(line.data[line.len + i], '\0');
}
END_TEST

START_TEST(the_background_dies_with_it)
{
    struct scratch here;
    struct buf command = {0};

    scratch_make(&here);
    buf_printf(&command, "(sleep 0.4; echo >%s) & sleep 9",
               scratch_path(&here, "alive"));
    ck_assert(!run(SHELL, buf_span(&command), 200));
    usleep(350 * 1000);
    ck_assert_int_eq(scratch_count(&here), 0);
    scratch_remove(&here);
    buf_free(&command);
}
END_TEST

START_TEST(no_descriptor_is_lost)
{
    int before = dup(2), after;

    close(before);
    ck_assert(run(ARGV, S("echo a"), 0));
    ck_assert(!run(ARGV, S("no-such-program"), 0));
    ck_assert(!run(ARGV, S("sleep 9"), 100));
    ck_assert(!run(ARGV, S("yes"), 0));
    after = dup(2);
    close(after);
    ck_assert_int_eq(after, before);
}
END_TEST

/* The parent of the command is told to stop while it waits. */
static int told_to_stop(void)
{
    signals_catch();
    child_assert(!run(SHELL, S("kill -TERM $PPID; sleep 9"), 5000));
    child_assert(err.kind == ERR_TEMPORARY);
    child_assert(span_eq(span_of(err.text),
                         S("stopped by a signal while waiting for " NAMED
                           "kill -TERM $PPID; sleep 9'")));
    return 0;
}

/* What we ignore and block is not ignored and blocked by the command. */
static int signals_are_as_usual(void)
{
    sigset_t all;

    signals_catch();
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, NULL);
    child_assert(!run(SHELL, S("kill -PIPE $$; echo alive"), 0));
    child_assert(strstr(err.text, "died of signal 13"));
    child_assert(!run(SHELL, S("kill -XFSZ $$; echo alive"), 0));
    child_assert(strstr(err.text, "died of signal"));
    child_assert(!run(SHELL, S("kill -TERM $$; echo alive"), 0));
    child_assert(strstr(err.text, "died of signal 15"));
    return 0;
}

START_TEST(with_signals)
{
    int64_t start = clock_ms();

    ck_assert_child(told_to_stop);
    ck_assert_child(signals_are_as_usual);
    ck_assert_int_lt(clock_ms() - start, 2500);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("exec");

    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_add_loop_test(t, splits_into_words, 0, COUNT(splits));
    tcase_add_test(t, many_words);
    tcase_add_test(t, as_it_is_written);
    tcase_add_test(t, words_input_and_variable);
    tcase_add_test(t, input_that_nobody_reads);
    tcase_add_loop_test(t, prints_a_line, 0, COUNT(prints));
    tcase_add_loop_test(t, fails, 0, COUNT(failures));
    tcase_add_test(t, hints);
    tcase_add_test(t, a_long_line);
    tcase_add_test(t, a_long_command_is_cut_in_errors);
    tcase_add_test(t, the_rest_is_wiped);
    tcase_add_test(t, the_background_dies_with_it);
    tcase_add_test(t, no_descriptor_is_lost);
    tcase_add_test(t, with_signals);
    return unit_run("exec", t);
}
