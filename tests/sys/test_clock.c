/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "sys/clock.h"

#include "unit.h"

#include <sys/time.h>
#include <unistd.h>

static volatile sig_atomic_t stop;

static void note(int number)
{
    stop = number;
}

static void catch(int number)
{
    sigaction(number, &(struct sigaction){.sa_handler = note}, NULL);
}

/* Send ourselves a signal that arrives while we wait. */
static void signal_soon(int number)
{
    if (fork() == 0) {
        usleep(50 * 1000);
        kill(getppid(), number);
        _exit(0);
    }
}

START_TEST(goes_forward)
{
    int64_t before = clock_ms();

    usleep(3000);
    ck_assert_int_ge(clock_ms(), before + 3);
    ck_assert_int_lt(clock_ms(), before + 2000);
    ck_assert(clock_past(before));
    ck_assert(clock_past(clock_ms()));
    ck_assert(!clock_past(clock_ms() + 1000));
}
END_TEST

START_TEST(waits_until_the_deadline)
{
    int64_t before = clock_ms();

    ck_assert_int_eq(clock_wait(NULL, 0, before + 60, NULL), CLOCK_LATE);
    ck_assert_int_ge(clock_ms(), before + 60);
    ck_assert_int_eq(clock_wait(NULL, 0, before, NULL), CLOCK_LATE);
    ck_assert_int_eq(clock_wait(NULL, 0, before + 60, &stop), CLOCK_LATE);
    ck_assert_int_lt(clock_ms(), before + 1000);
}
END_TEST

START_TEST(sees_what_is_ready)
{
    int ends[2];
    struct pollfd fd = {.events = POLLIN};

    ck_assert_int_eq(pipe(ends), 0);
    fd.fd = ends[0];
    ck_assert_int_eq(write(ends[1], "x", 1), 1);
    ck_assert_int_eq(clock_wait(&fd, 1, INT64_MAX, NULL), CLOCK_READY);
    ck_assert_int_eq(fd.revents, POLLIN);
    ck_assert_int_eq(clock_wait(&fd, 1, INT64_MAX, &stop), CLOCK_READY);
    ck_assert_int_eq(clock_wait(&fd, 1, 0, NULL), CLOCK_READY);
}
END_TEST

START_TEST(the_flag_ends_it_at_once)
{
    stop = SIGTERM;
    ck_assert_int_eq(clock_wait(NULL, 0, INT64_MAX, &stop), CLOCK_STOPPED);
}
END_TEST

START_TEST(a_signal_ends_it)
{
    const int numbers[] = {SIGHUP, SIGINT, SIGTERM};

    catch(numbers[_i]);
    signal_soon(numbers[_i]);
    ck_assert_int_eq(clock_wait(NULL, 0, clock_ms() + 2000, &stop),
                     CLOCK_STOPPED);
    ck_assert_int_eq(stop, numbers[_i]);
}
END_TEST

START_TEST(another_signal_does_not_end_it)
{
    int64_t before = clock_ms();
    sigset_t now;

    catch(SIGALRM);
    setitimer(ITIMER_REAL, &(struct itimerval){{0, 9000}, {0, 9000}}, NULL);
    ck_assert_int_eq(clock_wait(NULL, 0, before + 80, NULL), CLOCK_LATE);
    ck_assert_int_ge(clock_ms(), before + 80);
    ck_assert_int_eq(stop, SIGALRM);
    sigprocmask(SIG_BLOCK, NULL, &now);
    ck_assert(!sigismember(&now, SIGTERM));
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("clock");

    tcase_add_test(t, goes_forward);
    tcase_add_test(t, waits_until_the_deadline);
    tcase_add_test(t, sees_what_is_ready);
    tcase_add_test(t, the_flag_ends_it_at_once);
    tcase_add_loop_test(t, a_signal_ends_it, 0, 3);
    tcase_add_test(t, another_signal_does_not_end_it);
    return unit_run("clock", t);
}
