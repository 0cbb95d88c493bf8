/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conf/cli.h"
#include "unit.h"

#include <stdlib.h>

enum { ARGUMENTS_MOST = 24 };

static struct arena arena;
static struct cli cli;
static struct err err;

static void setup(void)
{
    arena = (struct arena){0};
    err = (struct err){0};
}

static void teardown(void)
{
    arena_free(&arena);
}

/* Parse LINE, whose words have one '|' between them: "sendmail|-f||a@b". */
static bool parse(const char *line)
{
    char *argv[ARGUMENTS_MOST + 1];
    int argc = 0;

    for (;; line++) {
        size_t n = strcspn(line, "|");

        ck_assert_int_lt(argc, ARGUMENTS_MOST);
        argv[argc] = arena_take(&arena, n + 1);
        memcpy(argv[argc++], line, n);
        line += n;
        if (!*line)
            break;
    }
    argv[argc] = NULL;
    return cli_parse(argc, argv, &arena, &cli, &err);
}

/* What was read, as text: what is not set does not show. */
static void cli_text(struct buf *out)
{
    static const char *const modes[] = {
        "send",  "smtp",   "mailq", "newaliases",
        "flush", "config", "help",  "version", "resolve",
    };

    buf_printf(out, "%s", modes[cli.mode]);
    buf_printf(out, "%s%s%s%s%s%s", cli.read_header_recipients ? " t" : "",
               cli.no_aliases ? " n" : "",
               cli.ignore_dots ? " i" : "", cli.verbose ? " v" : "",
               cli.dry_run ? " dry" : "", cli.no_fixups ? " asis" : "");
    if (cli.has_sender)
        buf_printf(out, " f=%.*s", SPAN_ARG(cli.sender));
    if (cli.full_name.n)
        buf_printf(out, " F=%.*s", SPAN_ARG(cli.full_name));
    if (cli.body || cli.notify || cli.returned || cli.assume)
        buf_printf(out, " B%d N%u R%d A%u", (int)cli.body, cli.notify,
                   (int)cli.returned, cli.assume);
    if (cli.envelope_id.n)
        buf_printf(out, " V=%.*s", SPAN_ARG(cli.envelope_id));
    if (cli.config_path)
        buf_printf(out, " C=%s", cli.config_path);
    for (size_t i = 0; i < cli.setting_count; i++)
        buf_printf(out, " {%.*s}%.*s=%.*s",
                   SPAN_ARG(cli.settings[i].origin),
                   SPAN_ARG(cli.settings[i].name),
                   SPAN_ARG(cli.settings[i].value));
    if (cli.topic.n)
        buf_printf(out, " topic=%.*s", SPAN_ARG(cli.topic));
    for (size_t i = 0; i < cli.operand_count; i++)
        buf_printf(out, " <%.*s>", SPAN_ARG(cli.operands[i]));
}

static const struct {
    const char *line, *read;
} good[] = {
    {"sendmail|a@b", "send <a@b>"},
    {"/usr/sbin/sendmail|a@b|c", "send <a@b> <c>"},
    {"sendmail|-t", "send t"},
    {"sendmail|-ti", "send t i"},
    {"sendmail|-it|a", "send t i <a>"},
    {"sendmail|-tif|x@y|a", "send t i f=x@y <a>"},
    {"sendmail|-ift|x@y", "send i f=t <x@y>"},
    {"sendmail|-fx@y|a", "send f=x@y <a>"},
    {"sendmail|-f|x@y|a", "send f=x@y <a>"},
    {"sendmail|-f||a", "send f= <a>"},
    {"sendmail|-f|<>|a", "send f=<> <a>"},
    {"sendmail|-f|X <x@y>|a", "send f=X <x@y> <a>"},
    {"sendmail|-f|-x|a", "send f=-x <a>"},
    {"sendmail|-f|--|a", "send f=-- <a>"},
    {"sendmail|-rx|-fy|a", "send f=y <a>"},
    {"sendmail|-r|x|a", "send f=x <a>"},
    {"sendmail|a|", "send <a> <>"},
    {"sendmail|--|-a", "send <-a>"},
    {"sendmail|-oi|--|-rf@h|--", "send i <-rf@h> <-->"},
    {"sendmail|-oi|--|-", "send i <->"},
    {"sendmail|-t|--", "send t"},
    {"sendmail|-oi|a", "send i <a>"},
    {"sendmail|-o|i|a", "send i <a>"},
    {"sendmail|-oiem|a", "send i <a>"},
    {"sendmail|-oitrue|a", "send i <a>"},
    {"sendmail|-oifalse|a", "send i <a>"},
    {"sendmail|-o||a", "send <a>"},
    {"sendmail|-om|-oem|-odb|-oo|-or0s|-oA/etc/aliases|a", "send <a>"},
    {"sendmail|-bm|a", "send <a>"},
    {"sendmail|-b|m|a", "send <a>"},
    {"sendmail|-bs", "smtp"},
    {"sendmail|-b|s", "smtp"},
    {"sendmail|-bs|-i", "smtp i"},
    {"sendmail|-bs|-odb|-oem|-om|-v", "smtp v"},
    {"pennypost|-bs", "smtp"},
    {"sendmail|-bs|-bm|a", "send <a>"},
    {"sendmail|-bp", "mailq"},
    {"sendmail|-b|p", "mailq"},
    {"mailq", "mailq"},
    {"/usr/bin/mailq|-Ac|-v", "mailq v"},
    {"newaliases", "newaliases"},
    {"sendmail|-bi", "newaliases"},
    {"sendmail|-bi|-oA/x", "newaliases"},
    {"sendmail|-I", "newaliases"},
    {"sendmail|-q", "flush"},
    {"sendmail|-q15m", "flush"},
    {"sendmail|-qf|-v", "flush v"},
    {"sendmail|-q!Rx", "flush"},
    {"sendmail|-q|30m", "flush <30m>"},
    {"sendmail|-vq", "flush v"},
    {"sendmail|-B8BITMIME|a", "send B2 N0 R0 A0 <a>"},
    {"sendmail|-B|8bitmime|a", "send B2 N0 R0 A0 <a>"},
    {"sendmail|-B7Bit|a", "send B1 N0 R0 A0 <a>"},
    {"sendmail|-N|never|a", "send B0 N1 R0 A0 <a>"},
    {"sendmail|-NNEVER|a", "send B0 N1 R0 A0 <a>"},
    {"sendmail|-N|failure,delay|-R|hdrs|a", "send B0 N12 R2 A0 <a>"},
    {"sendmail|-Nsuccess, delay ,failure|-Rfull|a", "send B0 N14 R1 A0 <a>"},
    {"sendmail|-V|id=1+2B|a", "send V=id=1+2B <a>"},
    {"sendmail|-v|a", "send v <a>"},
    {"sendmail|-C/etc/x|a", "send C=/etc/x <a>"},
    {"sendmail|-C|x|a", "send C=x <a>"},
    {"sendmail|-a|work|a", "send {-a}account=work <a>"},
    {"sendmail|-awork|--account=home|a",
     "send {-a}account=work {--account}account=home <a>"},
    {"sendmail|-FCronDaemon|-i|-B8BITMIME|-oem|root",
     "send i F=CronDaemon B2 N0 R0 A0 <root>"},
    {"sendmail|-F|Alice X|a", "send F=Alice X <a>"},
    {"sendmail|-F||a", "send <a>"},
    {"sendmail|-F|A\nBcc: e@x\r\n|a", "send F=A Bcc: e@x <a>"},
    {"sendmail|-F|A\tB|a", "send F=A B <a>"},
    {"sendmail|-O|IgnoreDots=true|a", "send i <a>"},
    {"sendmail|-OIgnoreDots|a", "send i <a>"},
    {"sendmail|-i|-OIgnoreDots=False|a", "send <a>"},
    {"sendmail|-oi|-ODeliveryMode=b|-OErrorMode=m|a", "send i <a>"},
    {"sendmail|-O|Timeout.queuereturn=5d|a", "send <a>"},
    {"sendmail|-O|QueueDirectory|a", "send <a>"},
    {"sendmail|-O|timeout=5|a", "send {-O timeout}timeout=5 <a>"},
    {"sendmail|-O|Tls-Trust = x|a", "send {-O tls-trust}tls-trust=x <a>"},
    {"sendmail|-Osever=x|a", "send {-O sever}sever=x <a>"},
    {"sendmail|--server=smtp://h|--tls=|a",
     "send {--server}server=smtp://h {--tls}tls= <a>"},
    {"sendmail|--dry-run|--assume=8bitmime,smtputf8|--no-fixups|a",
     "send dry asis B0 N0 R0 A6 <a>"},
    {"sendmail|--assume=7BIT|--assume=binarymime|a",
     "send B0 N0 R0 A8 <a>"},
    {"sendmail|--help", "help"},
    {"sendmail|--version", "version"},
    {"sendmail|-i|--help|a", "help i <a>"},
    {"sendmail|-ver|p|a", "send v <p> <a>"},
    {"sendmail|-verpx|a", "send v <a>"},
    {"sendmail|-dropcrx|a", "send <a>"},
    {"sendmail|-iverp|a", "send i v <a>"},
    {"sendmail|-h|3|-h4|-Ltag|-L|t|-X|l|-pESMTP:h|-p|S|-d0.1|-d|a",
     "send <a>"},
    {"sendmail|-Am|-A|c|-em|-e|q|-cGmsUx|a", "send <a>"},
    {"sendmail|-n|a", "send n <a>"},
    {"sendmail|config", "send <config>"},
    {"pennypost|config", "config"},
    {"/usr/bin/pennypost|config|-C|x|--tls=off",
     "config C=x {--tls}tls=off"},
    {"pennypost|resolve|a|b@c", "resolve <a> <b@c>"},
    {"pennypost|-nC|x|resolve|a", "resolve n C=x <a>"},
    {"sendmail|resolve|a", "send <resolve> <a>"},
    {"pennypost|help", "help"},
    {"pennypost|help|settings", "help topic=settings <settings>"},
    {"pennypost|-v|help|--|x", "help v topic=x <x>"},
    {"pennypost|--help|settings", "help <settings>"},
    {"pennypost|version", "version"},
    {"pennypost|bob", "send <bob>"},
    {"pennypost|--|check", "send <check>"},
    {"pennypost|bob|config", "send <bob> <config>"},
    {"pennypost|-C|x|config", "config C=x"},
    {"pennypost|-v|config", "config v"},
    {"pennypost|-v|config|-C|x|--", "config v C=x"},
    {"pennypost|-f|config|bob", "send f=config <bob>"},
    {"pennypost|-v|help", "help v"},
    {"pennypost|config|--help", "help"},
    {"pennypost|--help|check", "help <check>"},
    {"pennypost|-q|confg", "flush <confg>"},
    {"pennypost|-t|--|check", "send t <check>"},
    {"pennypost|--|confg", "send <confg>"},
    {"pennypost|-t|confg", "send t <confg>"},
    {"pennypost|check@h", "send <check@h>"},
    {"pennypost|confg|bob", "send <confg> <bob>"},
    {"pennypost|bob|confg", "send <bob> <confg>"},
    {"pennypost|postmaster", "send <postmaster>"},
    {"sendmail|-v|check", "send v <check>"},
    {"sendmail|confg", "send <confg>"},
    {"mailq|config", "mailq <config>"},
    {"pennypost-1.0|config", "send <config>"},
    {"check|check", "send <check>"},
    /* as programs call it */
    {"sendmail|-FCronDaemon|-i|-odi|-oem|-oi|-t|-f|root",
     "send t i f=root F=CronDaemon"},
    {"sendmail|-oem|-oi|-B8BITMIME|-f|x@y|-N|failure,delay|-R|hdrs|--|a",
     "send i f=x@y B2 N12 R2 A0 <a>"},
    {"sendmail|-t|-i|-oi|-fx@y|-t", "send t i f=x@y"},
    {"sendmail|-oi|-odi|-oem|-N|success,delay,failure|-V|e1|-f||--|a|b",
     "send i f= B0 N14 R0 A0 V=e1 <a> <b>"},
    {"sendmail|-oi|-f|| --", "send i f= < -->"},
    {"sendmail|-oee|-odq|-fs|-pNNTP:h|a,b", "send f=s <a,b>"},
};

START_TEST(reads_a_command_line)
{
    struct buf text = {0};

    ck_assert_msg(parse(good[_i].line), "%s: %s", good[_i].line, err.text);
    cli_text(&text);
    ck_assert_msg(span_eq(buf_span(&text), span_of(good[_i].read)),
                  "%s: got %s, want %s", good[_i].line, buf_cstring(&text),
                  good[_i].read);
    buf_free(&text);
}
END_TEST

static const struct {
    const char *line, *text, *hint;
} bad[] = {
    {"sendmail", "there is no recipient; name some, or use -t for those in "
                 "the message", "'pennypost --help' shows the options"},
    {"sendmail|-i", "there is no recipient", ""},
    {"sendmail|--", "there is no recipient", ""},
    {"pennypost", "there is no recipient", "'pennypost --help'"},
    {"sendmail|-Z|a", "there is no option '-Z'", "'pennypost --help'"},
    {"sendmail|-tZ", "there is no option '-Z'", ""},
    {"sendmail|-t-", "there is no option '--'", ""},
    {"sendmail|-4|a", "there is no option '-4'", ""},
    {"sendmail|-f", "-f wants an argument", ""},
    {"sendmail|-ti|-o", "-o wants an argument", ""},
    {"sendmail|-b", "-b wants an argument", ""},
    {"sendmail|a|-oi", "'-oi' stands where a recipient should",
     "options come before the recipients"},
    {"sendmail|a|--|-b", "'--' stands where", ""},
    {"sendmail|-", "'-' stands where a recipient should", "after '--'"},
    {"sendmail|-i|-", "'-' stands where a recipient should", ""},
    {"sendmail|--foo|a", "there is no option '--foo'", ""},
    {"sendmail|--sever=x|a", "there is no option '--sever'",
     "did you mean '--server'?"},
    {"sendmail|--dryrun|a", "there is no option '--dryrun'",
     "did you mean '--dry-run'?"},
    {"sendmail|--timeot=5|a", "there is no option '--timeot'",
     "did you mean '--timeout'?"},
    {"sendmail|--server|a", "--server wants a value",
     "write --server=value"},
    {"sendmail|--assume|a", "--assume wants a value", "write --assume="},
    {"sendmail|--dry-run=yes|a", "--dry-run takes no value", ""},
    {"sendmail|--assume=9bit|a", "--assume cannot be '9bit'", ""},
    {"sendmail|--assume=|a", "--assume cannot be ''", ""},
    {"sendmail|-B|bogus|a", "-B cannot be 'bogus': it is 7BIT or 8BITMIME",
     ""},
    {"sendmail|-B||a", "-B cannot be ''", ""},
    {"sendmail|-N|bogus|a", "-N cannot be 'bogus': it is never, or a list",
     ""},
    {"sendmail|-N|never,delay|a", "-N cannot be 'never,delay'", ""},
    {"sendmail|-N|delay,x|a", "-N cannot be", ""},
    {"sendmail|-N||a", "-N cannot be ''", ""},
    {"sendmail|-R|bogus|a", "-R cannot be 'bogus': it is full or hdrs", ""},
    {"sendmail|-V|bad id|a", "-V cannot be 'bad id'", ""},
    {"sendmail|-V||a", "-V cannot be ''", ""},
    {"sendmail|-V|\xC3\xA4|a", "-V cannot be", ""},
    {"sendmail|-V|12345678901234567890123456789012345678901234567890"
     "123456789012345678901234567890123456789012345678901|a",
     "1 to 100 printable", ""},
    {"sendmail|-C||a", "-C cannot be ''", ""},
    {"sendmail|-a||a", "-a cannot be '': it is the name of an account", ""},
    {"sendmail|-O||a", "-O cannot be ''", ""},
    {"sendmail|-O|=x|a", "-O cannot be '=x': it is name=value", ""},
    {"sendmail|-O|timeout|a", "-O cannot be 'timeout'", ""},
    {"sendmail|-bs|a", "with -bs the recipients are named in SMTP", ""},
    {"sendmail|-bs|-ti", "with -bs the recipients are named in SMTP", ""},
    {"sendmail|-bs|--foo", "there is no option '--foo'", ""},
    {"sendmail|-verp|a", "-verp: an option of Courier; use -f", ""},
    {"sendmail|-dropcr|a", "-dropcr: an option of Exim", ""},
    {"sendmail|-i|-verp|--|a", "-verp: an option", ""},
    {"sendmail|-bv", "-bv: ", "pennypost resolve ADDRESS shows who gets it"},
    {"pennypost|-bv", "-bv wants an address", ""},
    {"sendmail|-q|-t", "a message is not sent together with -bp, ", ""},
    {"sendmail|-bp|a@b", "a message is not sent together with -bp, ", ""},
    {"sendmail|-I|-t", "a message is not sent together with -bp, ", ""},
    {"mailq|a@b", "a message is not sent together with -bp, ", ""},
    {"sendmail|-bd", "-bd: there is no daemon", ""},
    {"sendmail|-bt", "-b t: there is no such mode", ""},
    {"sendmail|-bx|a", "-b x: there is no such mode", ""},
    {"sendmail|-bsi|a", "-b si: there is no such mode", ""},
    {"sendmail|-b||a", "-b: there is no such mode", ""},
    {"sendmail|-M|a", "-M: there are no macros", ""},
    {"sendmail|-T5d|a", "-T 5d: there is no queue", ""},
    {"sendmail|-Qx|a", "-Q x: there is no quarantine", ""},
    {"sendmail|-E|a", "-E: there is no such option here", ""},
    {"sendmail|-D/x|a", "-D /x: there is no debugging output", ""},
    {"pennypost|check", "'pennypost check' is not in this version",
     "pennypost -- check"},
    {"pennypost|queue|list", "'pennypost queue' is not in this version", ""},
    {"pennypost|-t|check", "'pennypost check' is not in this version", ""},
    {"/bin/pennypost|-v|-C|x|queue", "'pennypost queue' is not in", ""},
    {"pennypost|config|x", "'pennypost config' takes options only",
     "to send to someone of that name: pennypost -- config"},
    {"pennypost|-v|config|-v|x", "'pennypost config' takes options only", ""},
    {"pennypost|config|--|x", "'pennypost config' takes options only", ""},
    {"pennypost|resolve", "'pennypost resolve' wants an operand",
     "pennypost resolve address ..."},
    {"pennypost|resolve|-t|a", "'pennypost resolve' sends nothing", ""},
    {"pennypost|resolv", "there is no verb 'resolv'", "'pennypost resolve'?"},
    {"pennypost|help|a|b", "there is help on one topic at a time", ""},
    {"pennypost|help|-t", "'pennypost help' sends nothing", ""},
    {"pennypost|version|x|y", "'pennypost version' takes options only", ""},
    {"pennypost|-t|config", "'pennypost config' sends nothing, so -t has no "
                            "place there", "pennypost -- config"},
    {"pennypost|config|-ti", "'pennypost config' sends nothing", ""},
    {"pennypost|config|--foo", "there is no option '--foo'", ""},
    {"pennypost|confg", "there is no verb 'confg'",
     "did you mean 'pennypost config'? To send to someone of that name: "
     "pennypost -- confg"},
    {"pennypost|-v|chekc", "there is no verb 'chekc'",
     "did you mean 'pennypost check'?"},
    {"pennypost|Config", "there is no verb 'Config'", "'pennypost config'?"},
    /* control characters */
    {"sendmail|a\nb", "the recipient 'a\nb' holds a control character", ""},
    {"sendmail|a|b\x1B", "holds a control character", ""},
    {"sendmail|--|a\x7F", "holds a control character", ""},
    {"sendmail|-f|x@y\nRCPT TO:<e@x>|a",
     "the argument of -f holds a control character", ""},
    {"sendmail|-rx\r|a", "the argument of -r holds a control", ""},
    {"sendmail|-F|x\x1B[|a", "the argument of -F holds a control", ""},
    {"sendmail|-N|never\n|a", "the argument of -N holds a control", ""},
    {"sendmail|-L|x\n|a", "the argument of -L holds a control", ""},
    {"sendmail|-h\n|a", "the argument of -h holds a control", ""},
    {"sendmail|-d\t|a", "the argument of -d holds a control", ""},
    {"sendmail|-oe\n|a", "the argument of -o holds a control", ""},
    {"sendmail|-Cx\n|a", "the argument of -C holds a control", ""},
    {"sendmail|-O|user=a\n|a", "the argument of -O holds a control", ""},
    {"sendmail|--user=a\n|a", "the argument of --user holds a control", ""},
    {"sendmail|--assume=7bit\n|a", "the argument of --assume holds", ""},
};

START_TEST(refuses_a_command_line)
{
    ck_assert_msg(!parse(bad[_i].line), "accepted %s", bad[_i].line);
    ck_assert_int_eq(err.kind, ERR_USAGE);
    ck_assert_msg(strstr(err.text, bad[_i].text), "%s: %s", bad[_i].line,
                  err.text);
    ck_assert_msg(strstr(err.hint, bad[_i].hint), "%s: %s", bad[_i].line,
                  err.hint);
    ck_assert_msg((cli.mode == CLI_SMTP) == !!strstr(bad[_i].line, "|-bs|"),
                  "%s", bad[_i].line);
}
END_TEST

/* The error names the last argument, its option, or what is missing. */
static bool names(const char *text, const char *line)
{
    const char *last = strrchr(line, '|');
    struct span word = last ? span_of(last + 1) : span_of(line);
    char option[] = "-?";

    if (strstr(text, "there is no recipient"))
        return true;
    for (size_t i = 0; i < word.n; i++) {
        option[1] = word.p[i];
        if (word.p[0] == '-' && strstr(text, option))
            return true;
    }
    return strstr(text, last ? last + 1 : line) != NULL;
}

START_TEST(every_cut_is_read_or_refused_by_name)
{
    size_t n = strlen(good[_i].line);

    for (size_t cut = 0; cut <= n; cut++) {
        char *line = malloc(cut + 1);

        memcpy(line, good[_i].line, cut);
        line[cut] = '\0';
        err = (struct err){0};
        if (parse(line)) {
            ck_assert_int_eq(err.kind, ERR_NONE);
        } else {
            ck_assert_int_eq(err.kind, ERR_USAGE);
            ck_assert_msg(names(err.text, line), "%s: %s", line, err.text);
        }
        free(line);
    }
}
END_TEST

START_TEST(no_arguments_at_all)
{
    char *empty[] = {NULL};

    ck_assert(!cli_parse(0, empty, &arena, &cli, &err));
    ck_assert(!cli_parse(0, NULL, &arena, &cli, &err));
    ck_assert_int_eq(err.kind, ERR_USAGE);
}
END_TEST

START_TEST(many_arguments)
{
    enum { MANY = 100000 };
    static char *argv[MANY + 1];
    static char name[] = "sendmail", user[] = "--user=a", rest[] = "--",
                operand[] = "a@b";

    argv[0] = name;
    for (int i = 1; i < MANY; i++)
        argv[i] = i < MANY / 2 ? user : i == MANY / 2 ? rest : operand;
    ck_assert(cli_parse(MANY, argv, &arena, &cli, &err));
    ck_assert_uint_eq(cli.setting_count, MANY / 2 - 1);
    ck_assert_uint_eq(cli.operand_count, MANY / 2 - 1);
}
END_TEST

START_TEST(settings_are_applied_in_order)
{
    struct conf conf;

    conf_init(&conf, S(""));
    ck_assert(parse("sendmail|--timeout=5|-O|timeout=6|a"));
    ck_assert(cli_apply(&cli, &conf, &err));
    ck_assert_uint_eq(conf.timeout.number, 6);
    ck_assert_span(conf.timeout.origin, S("-O timeout"));
    ck_assert(parse("sendmail|-Osever=x|a"));
    ck_assert(!cli_apply(&cli, &conf, &err));
    ck_assert_int_eq(err.kind, ERR_USAGE);
    ck_assert_str_eq(err.text, "-O sever: there is no setting 'sever'");
    ck_assert_str_eq(err.hint, "did you mean 'server'?");
    ck_assert(parse("sendmail|--password=x|a"));
    ck_assert(!cli_apply(&cli, &conf, &err));
    ck_assert_int_eq(err.kind, ERR_USAGE);
    ck_assert_ptr_eq(strstr(err.text, "--password: a password has no place"),
                     err.text);
    conf_free(&conf);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("cli");

    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_loop_test(t, reads_a_command_line, 0, COUNT(good));
    tcase_add_loop_test(t, refuses_a_command_line, 0, COUNT(bad));
    tcase_add_loop_test(t, every_cut_is_read_or_refused_by_name, 0,
                        COUNT(good));
    tcase_add_test(t, no_arguments_at_all);
    tcase_add_test(t, many_arguments);
    tcase_add_test(t, settings_are_applied_in_order);
    return unit_run("cli", t);
}
