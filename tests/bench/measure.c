/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * measure - run a command once; print how long it took and the most memory it
 * had: microseconds, KiB and its exit status on one line
 *
 *     measure COMMAND ARGUMENT...
 */
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int64_t microseconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

int main(int argc, char **argv)
{
    int64_t begin = microseconds();
    struct rusage used;
    int status = 0;
    pid_t pid;

    if (argc < 2)
        return 64;
    pid = fork();
    if (pid == 0) {
        dup2(STDERR_FILENO, STDOUT_FILENO);
        execvp(argv[1], argv + 1);
        _exit(127);
    }
    if (pid < 0 || wait4(pid, &status, 0, &used) != pid)
        return 71;
    printf("%lld %ld %d\n", (long long)(microseconds() - begin),
           used.ru_maxrss, WIFEXITED(status) ? WEXITSTATUS(status) : 255);
    return 0;
}
