/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * bench/convert - how fast a message is surveyed and converted
 *
 * Prints MB/s of input, and the ratio to memcpy() of the same input measured
 * beside it, for: the survey and the whole path of 100 MB of clean mail with a
 * base64 attachment, of a 25 MB text with umlauts and of a 25 MB binary part.
 * What a message takes beyond its own octets is measured, too.
 */
#include "mail/convert.h"

#include <malloc.h>
#include <stdio.h>
#include <time.h>

enum { MB = 1000000, ROUNDS = 3 };

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void repeat(struct buf *to, struct span what, size_t size)
{
    while (to->len < size)
        buf_add(to, what);
}

static void make_clean(struct buf *to)
{
    buf_add(to, S("From: a@example.org\nMIME-Version: 1.0\n"
                  "Content-Type: multipart/mixed; boundary=b\n\n"
                  "--b\n\nSee the attachment.\n--b\n"
                  "Content-Type: application/pdf\n"
                  "Content-Transfer-Encoding: base64\n\n"));
    repeat(to, S("JVBERi0xLjYKJcOkw7zDtsOfCjIgMCBvYmoKPDwvTGVuZ3RoIDMgMCBSL0Zp"
                 "bHRlci9GbGF0\n"),
           100 * MB);
    buf_add(to, S("--b--\n"));
}

static void make_text(struct buf *to)
{
    buf_add(to, S("From: a@example.org\nMIME-Version: 1.0\n"
                  "Content-Type: text/plain; charset=utf-8\n"
                  "Content-Transfer-Encoding: 8bit\n\n"));
    repeat(to, S("Die Gr\303\266\303\237e der Wasserf\303\244lle ist in den "
                 "Alpen weniger bekannt.\nAber wer einmal dort gewesen ist, "
                 "vergisst ihren Anblick nicht mehr.\n"),
           25 * MB);
}

static void make_binary(struct buf *to)
{
    uint32_t state = 1;

    buf_add(to, S("From: a@example.org\nMIME-Version: 1.0\n"
                  "Content-Type: image/png\n"
                  "Content-Transfer-Encoding: binary\n\n"));
    while (to->len < 25 * MB) {
        state = state * 1664525 + 1013904223;
        buf_addc(to, (char)(state >> 24));
    }
}

static double time_copy(struct span raw)
{
    struct buf to = {0};
    double best = 1e9;

    buf_add(&to, raw); /* and touch the pages */
    for (int i = 0; i < ROUNDS; i++) {
        double start = now();

        memcpy(to.data, raw.p, raw.n);
        if (now() - start < best)
            best = now() - start;
    }
    buf_free(&to);
    return best;
}

static double time_survey(struct span raw)
{
    double best = 1e9;

    for (int i = 0; i < ROUNDS; i++) {
        struct survey survey = {0};
        double start = now();

        convert_survey(&survey, raw, 65536);
        if (now() - start < best)
            best = now() - start;
        survey_free(&survey);
    }
    return best;
}

struct times {
    double recode, size, content;
    size_t memory;
};

/* Everything behind the survey; the content is thrown away. */
static struct times time_rest(struct span raw, const struct survey *survey)
{
    const struct recode_rules rules = {0};
    struct recoding recoding = {0};
    struct buf header = {0}, out = {0};
    struct content content;
    struct times times = {0};
    struct err err;
    size_t body_at, before = mallinfo2().uordblks + mallinfo2().hblkhd;
    double start;

    header_read(raw, &header, &body_at, &err);
    start = now();
    recode(survey, raw, buf_span(&header), &rules, &recoding, &err);
    times.recode = now() - start;
    content = content_of(buf_span(&recoding.header), survey_body(survey, raw),
                         &recoding.edits);
    start = now();
    content_size(&content);
    times.size = now() - start;
    start = now();
    while (content_next(&content, 65536, &out))
        buf_clear(&out);
    times.content = now() - start;
    times.memory = mallinfo2().uordblks + mallinfo2().hblkhd - before;
    recoding_free(&recoding);
    buf_free(&header);
    buf_free(&out);
    return times;
}

static void print_step(const char *step, double seconds, double copy, size_t n)
{
    printf("    %-10s %8.0f MB/s   %5.2f of memcpy\n", step,
           (double)n / MB / seconds, copy / seconds);
}

static void run(const char *name, void (*make)(struct buf *))
{
    struct buf raw = {0};
    struct survey survey = {0};
    struct times rest;
    double copy;

    make(&raw);
    convert_survey(&survey, buf_span(&raw), 65536);
    copy = time_copy(buf_span(&raw));
    rest = time_rest(buf_span(&raw), &survey);
    printf("%s, %zu MB; beside it %zu kB of memory\n", name, raw.len / MB,
           rest.memory / 1000);
    print_step("memcpy", copy, copy, raw.len);
    print_step("survey", time_survey(buf_span(&raw)), copy, raw.len);
    print_step("recode", rest.recode, copy, raw.len);
    print_step("size", rest.size, copy, raw.len);
    print_step("content", rest.content, copy, raw.len);
    survey_free(&survey);
    buf_free(&raw);
}

int main(void)
{
    run("clean, with an attachment in base64", make_clean);
    run("text with umlauts, to quoted-printable", make_text);
    run("binary part, to base64", make_binary);
    return 0;
}
