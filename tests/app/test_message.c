/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "app/message.h"

#include "app/letter.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>

static const struct world world = {
    .now = 1700000000, .pid = 7, .host = SPAN_INIT("host.example"),
    .login = SPAN_INIT("joe")};

static const struct message_wanted plain = {
    .world = &world, .fixups = true,
    .from = SPAN_INIT("joe"), .domain = SPAN_INIT("example.org")};

/* A pipe that TEXT comes out of, PIECE octets at a time. */
static int pipe_of(struct span text, size_t piece, pid_t *writer)
{
    int ends[2];

    ck_assert_int_eq(pipe(ends), 0);
    *writer = fork();
    if (*writer == 0) {
        signal(SIGPIPE, SIG_DFL);
        alarm(10);
        close(ends[0]);
        for (; text.n; text = span_from(text, piece))
            if (write(ends[1], text.p, span_upto(text, piece).n) < 0)
                _exit(1);
        _exit(0);
    }
    close(ends[1]);
    return ends[0];
}

static const struct {
    const char *rule;
    bool keep_dots;
    struct span in, raw;
} inputs[] = {
    {"LF as it is", false, SPAN_INIT("A: b\n\nc\n"), SPAN_INIT("A: b\n\nc\n")},
    {"CRLF as it is", false, SPAN_INIT("A: b\r\n\r\nc\r\n"),
     SPAN_INIT("A: b\r\n\r\nc\r\n")},
    {"octets as they are", false, SPAN_INIT("\n\0\xFF\r\r.\n..\n. \n"),
     SPAN_INIT("\n\0\xFF\r\r.\n..\n. \n")},
    {"no line end at the end", false, SPAN_INIT("A: b\n\nc"),
     SPAN_INIT("A: b\n\nc")},
    {"a lone dot ends it", false, SPAN_INIT("A: b\n\nc\n.\nd\n"),
     SPAN_INIT("A: b\n\nc\n")},
    {"and with CRLF", false, SPAN_INIT("A: b\r\n\r\nc\r\n.\r\nd\r\n"),
     SPAN_INIT("A: b\r\n\r\nc\r\n")},
    {"at the very end", false, SPAN_INIT("A: b\n\nc\n."),
     SPAN_INIT("A: b\n\nc\n")},
    {"half of one does not", false, SPAN_INIT("A: b\n\nc\n.\r"),
     SPAN_INIT("A: b\n\nc\n.\r")},
    {"it may be first", false, SPAN_INIT(".\nA: b\n"), SPAN_INIT("")},
    {"-i keeps it", true, SPAN_INIT("A: b\n\nc\n.\nd\n"),
     SPAN_INIT("A: b\n\nc\n.\nd\n")},
    {"-i keeps the last", true, SPAN_INIT("A: b\n\n.\r\n."),
     SPAN_INIT("A: b\n\n.\r\n.")},
    {"nothing", false, SPAN_INIT(""), SPAN_INIT("")},
};

START_TEST(read_in_pieces)
{
    const struct message_source source = {.keep_dots = inputs[_i].keep_dots};

    for (size_t piece = 1; piece <= inputs[_i].in.n + 1; piece += 3) {
        struct message m = {0};
        struct err err = {0};
        pid_t writer;
        int fd = pipe_of(inputs[_i].in, piece, &writer);

        ck_assert_msg(message_read(&m, fd, &source, &err), "%s: %s",
                      inputs[_i].rule, err.text);
        ck_assert_span(m.raw, inputs[_i].raw);
        waitpid(writer, NULL, 0);
        message_free(&m);
    }
}
END_TEST

/* Who writes on behind the dot is not killed for it. */
START_TEST(rest_is_drained)
{
    static char much[1 << 20];
    const struct message_source source = {0};
    struct message m = {0};
    struct err err = {0};
    int status = -1;
    pid_t writer;
    int fd;

    memset(much, 'x', sizeof much);
    memcpy(much, "A: b\n\nc\n.\n", 10);
    fd = pipe_of((struct span){much, sizeof much}, 5000, &writer);
    ck_assert(message_read(&m, fd, &source, &err));
    ck_assert_span(m.raw, S("A: b\n\nc\n"));
    waitpid(writer, &status, 0);
    ck_assert_int_eq(status, 0);
    message_free(&m);
}
END_TEST

static int closed(void)
{
    int fd = dup(STDIN_FILENO);

    close(fd);
    return fd;
}

static int directory(void)
{
    return open("/", O_RDONLY);
}

static int eleven(void)
{
    return letter_open(S("A: b\n\n6789\n"));
}

static const struct {
    const char *rule;
    int (*open)(void);
    uint64_t limit;
    enum err_kind kind; /* ERR_NONE: it is read */
    const char *text, *hint;
} limits[] = {
    {"as large as can be", eleven, 11, ERR_NONE, "", ""},
    {"larger", eleven, 10, ERR_DATA, "the message is larger than 10 octets",
     "the setting 'size-limit' sets this limit"},
    {"closed", closed, 0, ERR_NO_INPUT, "standard input is closed", ""},
    {"a directory", directory, 0, ERR_IO,
     "cannot read standard input: Is a directory", ""},
};

START_TEST(input_that_cannot_be_had)
{
    for (int keep_dots = 0; keep_dots < 2; keep_dots++) {
        const struct message_source source = {
            .size_limit = limits[_i].limit, .keep_dots = keep_dots};
        struct message m = {0};
        struct err err = {0};
        int fd = limits[_i].open();

        ck_assert_msg(message_read(&m, fd, &source, &err) ==
                          (limits[_i].kind == ERR_NONE), "%s",
                      limits[_i].rule);
        ck_assert_int_eq(err.kind, limits[_i].kind);
        ck_assert_str_eq(err.text, limits[_i].text);
        ck_assert_str_eq(err.hint, limits[_i].hint);
        message_free(&m);
        close(fd);
    }
}
END_TEST

#define DATED "Date: x\nMessage-ID: <1@x>\n"

enum { OPERANDS_MAX = 3 };

static const struct {
    const char *rule;
    const char *sender; /* NULL: none was given */
    const char *from;
    bool header_recipients, no_fixups;
    const char *operands[OPERANDS_MAX];
    struct span text;
    const char *envelope; /* the sender, and the recipients */
    struct span header, body;
} composed[] = {
    {"who nobody named is who sends", NULL, "joe", false, false, {"ann@x"},
     SPAN_INIT(DATED "\nhi\n"), "joe@example.org ann@x",
     SPAN_INIT("From: Joe D <joe@example.org>\n" DATED), SPAN_INIT("hi\n")},
    {"the sender is the author", "Eve <eve@x>", "joe", false, false,
     {"<ann@x>"}, SPAN_INIT(DATED "\n"), "eve@x ann@x",
     SPAN_INIT("From: Joe D <eve@x>\n" DATED), SPAN_INIT("")},
    {"a local part alone", "eve", "joe", false, false, {"ann"},
     SPAN_INIT(DATED "From: a@x\nTo: bob\n\n"),
     "eve@example.org ann@example.org",
     SPAN_INIT(DATED "From: a@x\nTo: bob@example.org\n"), SPAN_INIT("")},
    {"the null sender's author is who sends", "<>", "j@y", false, false,
     {"ann@x"}, SPAN_INIT(DATED "\n"), " ann@x",
     SPAN_INIT("From: Joe D <j@y>\n" DATED), SPAN_INIT("")},
    {"and an empty one's", "", "joe", false, false, {"ann@x"},
     SPAN_INIT(DATED "\n"), " ann@x",
     SPAN_INIT("From: Joe D <joe@example.org>\n" DATED), SPAN_INIT("")},
    {"the header names nobody without -t", NULL, "j@y", false, false,
     {"ann@x"}, SPAN_INIT(DATED "From: a@x\nTo: bob@x\nBcc: eve@x\n\nhi"),
     "j@y ann@x", SPAN_INIT(DATED "From: a@x\nTo: bob@x\n"),
     SPAN_INIT("hi")},
    {"with it both do", NULL, "j@y", true, false, {"ann@x, bob@x", "cy@x"},
     SPAN_INIT(DATED "From: a@x\nTo: bob@x\nCc: dan@x\nBcc: eve@x\n\nhi"),
     "j@y ann@x bob@x cy@x dan@x eve@x",
     SPAN_INIT(DATED "From: a@x\nTo: bob@x\nCc: dan@x\n"), SPAN_INIT("hi")},
    {"nothing is mended", NULL, "j@y", true, true, {NULL},
     SPAN_INIT("Message-ID: <1@x>\nTo: bob\nBcc: eve@x\n\nhi"),
     "j@y bob@example.org eve@x", SPAN_INIT("Message-ID: <1@x>\nTo: bob\n"),
     SPAN_INIT("hi")},
    {"CRLF, and a body as it is", NULL, "j@y", false, false, {"ann@x"},
     SPAN_INIT("Date: x\r\nFrom: a@x\r\nMessage-ID:\r\n <1@x>\r\n\r\n\0\r\n"),
     "j@y ann@x", SPAN_INIT("Date: x\nFrom: a@x\nMessage-ID:\n <1@x>\n"),
     SPAN_INIT("\0\r\n")},
    {"no header at all", NULL, "j@y", false, true, {"ann@x"},
     SPAN_INIT("just text\nMessage-ID: <2@x>\n"), "j@y ann@x", SPAN_INIT(""),
     SPAN_INIT("just text\nMessage-ID: <2@x>\n")},
};

static struct message_wanted wanted_of(int i, struct span *operands)
{
    struct message_wanted w = plain;

    w.has_sender = composed[i].sender;
    w.sender = span_of(composed[i].sender);
    w.from = span_of(composed[i].from);
    w.full_name = S("Joe D");
    w.header_recipients = composed[i].header_recipients;
    w.fixups = !composed[i].no_fixups;
    w.operands = operands;
    while (w.noperands < OPERANDS_MAX && composed[i].operands[w.noperands]) {
        operands[w.noperands] = span_of(composed[i].operands[w.noperands]);
        w.noperands++;
    }
    return w;
}

START_TEST(header_and_envelope)
{
    struct span operands[OPERANDS_MAX];
    struct message_wanted w = wanted_of(_i, operands);
    struct message m = {0};
    struct buf envelope = {0};

    letter_write(&m, composed[_i].text, &w);
    buf_add(&envelope, m.envelope.sender);
    for (size_t i = 0; i < m.envelope.nrcpts; i++)
        buf_printf(&envelope, " %.*s",
                   SPAN_ARG(m.envelope.rcpts[i].address));
    ck_assert_msg(span_eq(buf_span(&envelope), span_of(composed[_i].envelope)),
                  "%s: %s", composed[_i].rule, buf_cstring(&envelope));
    ck_assert_span(buf_span(&m.header), composed[_i].header);
    ck_assert_span(m.body, composed[_i].body);
    buf_free(&envelope);
    message_free(&m);
}
END_TEST

/* The one in the header, or the one that is put there. */
START_TEST(message_id_is_picked_up)
{
    static const struct span operand = SPAN_INIT("ann@x");
    struct message_wanted w = plain;
    struct message m = {0};

    w.operands = &operand;
    w.noperands = 1;
    letter_write(&m, S("message-id:  <1@x> \n\n"), &w);
    ck_assert_span(m.id, S("<1@x>"));
    message_free(&m);
    letter_write(&m, S("A: b\n\n"), &w);
    ck_assert(span_starts(m.id, S("<")) &&
              span_ends(m.id, S("@example.org>")));
    message_free(&m);
    w.fixups = false;
    letter_write(&m, S("A: b\n\nMessage-ID: <1@x>\n"), &w);
    ck_assert_span(m.id, S(""));
    message_free(&m);
}
END_TEST

static const struct {
    const char *rule;
    const char *sender, *operand;
    bool header_recipients;
    const char *text;
    enum err_kind kind;
    const char *begins, *hint;
} refused[] = {
    {"no recipient", NULL, "", false, "To: ann@x\n\n", ERR_USAGE,
     "the message has no recipient",
     "name them on the command line, or give -t to take them from To, Cc and "
     "Bcc"},
    {"nor in the header", NULL, "", true, "From: ann@x\n\n", ERR_USAGE,
     "the message has no recipient",
     "with -t they are taken from To, Cc and Bcc, which name none"},
    {"the sender is no address", "a b@", "ann@x", false, "\n", ERR_USAGE, "",
     NULL},
    {"nor the operand", NULL, "a b@", false, "\n", ERR_USAGE, "", NULL},
    {"nor what is in the header", NULL, "ann@x", true, "To: a b@\n\n",
     ERR_DATA, "", NULL},
};

START_TEST(refused_with_what_to_do)
{
    const struct message_source source = {0};
    struct span operand = span_of(refused[_i].operand);
    struct message_wanted w = plain;
    struct message m = {0};
    struct err err = {0};
    int fd = letter_open(span_of(refused[_i].text));

    w.has_sender = refused[_i].sender;
    w.sender = span_of(refused[_i].sender);
    w.header_recipients = refused[_i].header_recipients;
    w.operands = &operand;
    w.noperands = 1;
    ck_assert(message_read(&m, fd, &source, &err));
    ck_assert_msg(!message_parse(&m, &err) || !message_address(&m, &w, &err),
                  "%s", refused[_i].rule);
    ck_assert_int_eq(err.kind, refused[_i].kind);
    ck_assert_msg(span_starts(span_of(err.text), span_of(refused[_i].begins)),
                  "%s", err.text);
    if (refused[_i].hint)
        ck_assert_str_eq(err.hint, refused[_i].hint);
    message_free(&m);
    close(fd);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("message");

    tcase_add_loop_test(t, read_in_pieces, 0, COUNT(inputs));
    tcase_add_test(t, rest_is_drained);
    tcase_add_loop_test(t, input_that_cannot_be_had, 0, COUNT(limits));
    tcase_add_loop_test(t, header_and_envelope, 0, COUNT(composed));
    tcase_add_test(t, message_id_is_picked_up);
    tcase_add_loop_test(t, refused_with_what_to_do, 0, COUNT(refused));
    return unit_run("message", t);
}
