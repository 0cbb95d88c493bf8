/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "app/trace.h"

#include "unit.h"

#include <stdlib.h>
#include <unistd.h>

static void act_conversation(void)
{
    trace_line(NULL, SESSION_SERVER, S("220 mx"));
    trace_line(NULL, SESSION_CLIENT, S("EHLO me"));
    trace_line(NULL, SESSION_EVENT, S("TLS"));
    trace_line(NULL, SESSION_CLIENT, S(""));
}

static void act_escape(void)
{
    trace_line(NULL, SESSION_SERVER,
               S("250 \033[2J\r\t\0\x7F \xC2\x9B \xFF \xC3\xA4"));
    trace_line(NULL, SESSION_SERVER, S("250 a\nC: QUIT"));
    trace_event("at \033[m");
}

static void act_event(void)
{
    trace_event("connected to %s, port %u, 100%%", "mx", 25u);
    trace_event("%s", "%s%n");
}

static void act_events(void)
{
    trace_events(S("one\ntwo \a\n\nlast"));
    trace_events(S(""));
}

static const struct {
    const char *rule;
    void (*act)(void);
    struct span want;
} cases[] = {
    {"a line for each, and who said it", act_conversation,
     SPAN_INIT("S: 220 mx\nC: EHLO me\n* TLS\nC: \n")},
    {"what steers a terminal is shown", act_escape,
     SPAN_INIT("S: 250 \\x1B[2J\\x0D\\x09\\x00\\x7F \\xC2\\x9B \\xFF "
               "\xC3\xA4\nS: 250 a C: QUIT\n* at \\x1B[m\n")},
    {"an event is formatted", act_event,
     SPAN_INIT("* connected to mx, port 25, 100%\n* %s%n\n")},
    {"several", act_events, SPAN_INIT("* one\n* two \\x07\n* \n* last\n")},
};

START_TEST(lines_on_standard_error)
{
    char path[] = "/tmp/pennypost-trace-XXXXXX";
    int file = mkstemp(path), saved = dup(STDERR_FILENO);
    struct buf got = {0};

    unlink(path);
    dup2(file, STDERR_FILENO);
    cases[_i].act();
    dup2(saved, STDERR_FILENO);
    lseek(file, 0, SEEK_SET);
    buf_filled(&got, (size_t)read(file, buf_room(&got, 4096), 4096));
    ck_assert_msg(span_eq(buf_span(&got), cases[_i].want), "%s: \"%.*s\"",
                  cases[_i].rule, SPAN_ARG(buf_span(&got)));
    close(file);
    close(saved);
    buf_free(&got);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("trace");

    tcase_add_loop_test(t, lines_on_standard_error, 0, COUNT(cases));
    return unit_run("trace", t);
}
