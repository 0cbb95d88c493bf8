/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * driver - the main() of a fuzz target where there is no libFuzzer
 *
 *     fuzz_header -runs=20000 -seed=1 -max_len=4096 -timeout=10 SEEDS...
 *
 * plays the files of each directory SEEDS, then mutations of them, RUNS
 * inputs in all; with the same seed and files always the same ones.  A file
 * named instead of a directory is played and not mutated, which repeats a
 * failure.  Options are libFuzzer's; those it does not know are passed over.
 *
 * There is no coverage to guide it.  An input that ends the program, or takes
 * longer than the timeout, is left in the file ARTIFACT_PREFIX "crash".
 */
#include "base/buf.h"
#include "base/mem.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct options {
    uint64_t runs, seed, max_len, timeout;
    const char *artifact_prefix;
};

struct seeds {
    struct buf *list;
    size_t count, cap;
};

/* What is being played, for the signal handler. */
static struct {
    const uint8_t *data;
    size_t size;
    const char *path;
} playing;

static void keep_and_die(int number)
{
    int fd = open(playing.path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

    if (fd >= 0 && write(fd, playing.data, playing.size) >= 0)
        close(fd);
    signal(number, SIG_DFL);
    raise(number);
}

/* In memory of just its size, so that a sanitizer sees a step too far. */
static void play(struct span input, const struct options *o)
{
    uint8_t *data = mem_zero(input.n, 1);

    if (input.n)
        memcpy(data, input.p, input.n);
    playing.data = data;
    playing.size = input.n;
    alarm((unsigned)o->timeout);
    LLVMFuzzerTestOneInput(data, input.n);
    alarm(0);
    mem_free(data);
}

/* xorshift64*: small, and the same everywhere. */
static uint64_t random_next(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * UINT64_C(2685821657736338717) >> 16;
}

static size_t random_below(uint64_t *state, size_t bound)
{
    return bound ? (size_t)(random_next(state) % bound) : 0;
}

/* A byte that means something in mail, or any other. */
static char random_byte(uint64_t *state)
{
    static const struct span telling = SPAN_INIT(
        "\0\t\n\r \"#%'()+,-./0159:;<=>?@AZ[\\]_az\x7F\x80\xBF\xC2\xE2\xFF");
    size_t i = random_below(state, 2 * telling.n);

    return i < telling.n ? telling.p[i] : (char)random_next(state);
}

static void replace(struct buf *b, size_t at, size_t length, struct span with)
{
    struct buf out = {0};

    buf_add(&out, span_upto(buf_span(b), at));
    buf_add(&out, with);
    buf_add(&out, span_from(buf_span(b), at + length));
    buf_free(b);
    *b = out;
}

static void mutate(struct buf *b, struct span other, uint64_t *state)
{
    size_t at = random_below(state, b->len + 1);
    size_t length = random_below(state, random_below(state, 64) + 1);
    size_t from = random_below(state, other.n + 1);
    char byte = random_byte(state);
    struct buf piece = {0};

    switch (random_below(state, 6)) {
    case 0: replace(b, at, 1, (struct span){&byte, 1}); break;
    case 1: replace(b, at, 0, (struct span){&byte, 1}); break;
    case 2: replace(b, at, length, S("")); break;
    case 3: buf_cut(b, at); break;
    case 4: replace(b, at, 0, span_upto(span_from(other, from), length)); break;
    default:
        buf_add(&piece, span_upto(span_from(buf_span(b), at), length));
        for (size_t n = random_below(state, 16); n > 0; n--)
            replace(b, at, 0, buf_span(&piece));
        buf_free(&piece);
    }
}

static void fuzz(const struct seeds *seeds, const struct options *o)
{
    uint64_t state = o->seed ? o->seed : 1;
    uint64_t played = 0;

    for (; played < seeds->count && played < o->runs; played++)
        play(buf_span(&seeds->list[played]), o);
    for (; played < o->runs; played++) {
        size_t one = random_below(&state, seeds->count);
        size_t other = random_below(&state, seeds->count);
        struct buf input = {0};

        buf_add(&input, buf_span(&seeds->list[one]));
        for (size_t n = random_below(&state, 8) + 1; n > 0; n--)
            mutate(&input, buf_span(&seeds->list[other]), &state);
        buf_cut(&input, o->max_len);
        play(buf_span(&input), o);
        buf_free(&input);
    }
    printf("%llu inputs\n", (unsigned long long)played);
}

static void file_read(const char *path, struct buf *out, uint64_t max_len)
{
    FILE *file = fopen(path, "rb");
    size_t got;

    if (!file) {
        perror(path);
        exit(1);
    }
    do {
        got = fread(buf_room(out, 4096), 1, 4096, file);
        buf_filled(out, got);
    } while (got > 0 && out->len < max_len);
    buf_cut(out, max_len);
    fclose(file);
}

static void seed_add(struct seeds *seeds, const char *path, uint64_t max_len)
{
    if (seeds->count == seeds->cap) {
        seeds->cap = seeds->cap ? 2 * seeds->cap : 64;
        seeds->list = mem_resize(seeds->list, seeds->cap, sizeof *seeds->list);
    }
    seeds->list[seeds->count] = (struct buf){0};
    if (path)
        file_read(path, &seeds->list[seeds->count], max_len);
    seeds->count++;
}

static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* In alphabetical order: a run is to be the same wherever it is repeated. */
static void seeds_read(struct seeds *seeds, const char *path, uint64_t max_len)
{
    struct dirent **entries;
    int count = scandir(path, &entries, is_visible, alphasort);

    for (int i = 0; i < count; i++) {
        struct buf name = {0};

        buf_printf(&name, "%s/%s", path, entries[i]->d_name);
        seed_add(seeds, buf_cstring(&name), max_len);
        buf_free(&name);
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
}

static void option_read(struct span arg, struct options *o)
{
    struct {
        struct span name;
        uint64_t *value;
    } known[] = {
        {S("-runs="), &o->runs},
        {S("-seed="), &o->seed},
        {S("-max_len="), &o->max_len},
        {S("-timeout="), &o->timeout},
    };

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (span_starts(arg, known[i].name))
            span_number(span_from(arg, known[i].name.n), UINT32_MAX,
                        known[i].value);
    if (span_starts(arg, S("-artifact_prefix=")))
        o->artifact_prefix = arg.p + strlen("-artifact_prefix=");
}

/* Directories become seeds, files are played; true where there was a file. */
static bool args_play(char **args, struct seeds *seeds, const struct options *o)
{
    struct stat what;
    bool played = false;

    for (; *args; args++)
        if ((*args)[0] == '-') {
            continue;
        } else if (stat(*args, &what) == 0 && S_ISDIR(what.st_mode)) {
            seeds_read(seeds, *args, o->max_len);
        } else {
            struct buf input = {0};

            file_read(*args, &input, SIZE_MAX);
            play(buf_span(&input), o);
            buf_free(&input);
            played = true;
        }
    return played;
}

int main(int argc, char **argv)
{
    struct options o = {.runs = 20000, .seed = 1, .max_len = 4096,
                        .timeout = 10, .artifact_prefix = "./"};
    struct seeds seeds = {0};
    struct buf path = {0};

    for (int i = 1; i < argc; i++)
        option_read(span_of(argv[i]), &o);
    buf_printf(&path, "%scrash", o.artifact_prefix);
    playing.path = buf_cstring(&path);
    signal(SIGABRT, keep_and_die);
    signal(SIGSEGV, keep_and_die);
    signal(SIGALRM, keep_and_die);

    seed_add(&seeds, NULL, 0); /* the empty input */
    if (!args_play(argv + 1, &seeds, &o))
        fuzz(&seeds, &o);
    for (size_t i = 0; i < seeds.count; i++)
        buf_free(&seeds.list[i]);
    mem_free(seeds.list);
    buf_free(&path);
    return 0;
}
