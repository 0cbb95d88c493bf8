/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "sys/drain.h"

#include "unit.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

START_TEST(a_writer_gets_rid_of_more_than_a_pipe_holds)
{
    static const char piece[65536];
    int ends[2];

    ck_assert_int_eq(pipe(ends), 0);
    if (_i)
        fcntl(ends[0], F_SETFL, O_NONBLOCK);
    drain_start(ends[0]);
    for (int i = 0; i < 32; i++)
        ck_assert_int_eq(write(ends[1], piece, sizeof piece), sizeof piece);
    close(ends[1]);
}
END_TEST

START_TEST(the_thread_takes_no_signals)
{
    sigset_t mask;

    drain_start(-1);
    pthread_sigmask(SIG_SETMASK, NULL, &mask);
    ck_assert(!sigismember(&mask, SIGTERM));
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("drain");

    tcase_add_loop_test(t, a_writer_gets_rid_of_more_than_a_pipe_holds, 0, 2);
    tcase_add_test(t, the_thread_takes_no_signals);
    return unit_run("drain", t);
}
