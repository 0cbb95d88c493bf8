/* SPDX-License-Identifier: GPL-3.0-or-later */
/* aliases - the grammar of alias files, and what comes of it */
#include "conf/aliases.h"

#include "base/mem.h"
#include "unit.h"

#include <time.h>

#define HOST S("web1.example.org")

/* The files that can be included. */
static const struct {
    const char *path, *text;
} files[] = {
    {"/list/team", "# the team\nann@x.example, bob\n\n  jo@x.example ,\n"},
    {"/list/crlf", "\xEF\xBB\xBF" "ann@x.example\r\nbob@x.example\r\n"},
    {"/list/a b", "blank@x.example"},
    {"/list/empty", "# nobody yet\n\n"},
    {"/list/self", "one@x.example\n:include:/list/self\n"},
    {"/list/only-self", ":include:/list/only-self\n"},
    {"/list/up", ":include:/list/down\nup@x.example\n"},
    {"/list/down", ":include:/list/up, down@x.example\n"},
    {"/list/back", "list\nother@x.example\n"},
    {"/list/bad", "good@x.example\nroot:$6$secret:19000:0:::\n|run me\n"
                  "/var/spool/x\na b\nx\001y\n\"|run, me\", ok@x.example\n"},
    {"/list/null", "/dev/null\n"},
};

static bool file_read(void *self, struct span path, struct buf *text,
                      struct err *err)
{
    unsigned *reads = self;

    ++*reads;
    for (size_t i = 0; i < COUNT(files); i++)
        if (span_eq(path, span_of(files[i].path))) {
            buf_add(text, span_of(files[i].text));
            return true;
        }
    return fail(err, ERR_IO, "there is no '%.*s'", SPAN_ARG(path));
}

/* "a@b, c" for a list; "nobody"; "itself" where it is no alias. */
static void show(const struct expansion *x, struct buf *out)
{
    if (!x->aliased)
        buf_add(out, S("itself"));
    else if (!x->first)
        buf_add(out, S("nobody"));
    for (const struct address *a = x->first; a; a = a->next)
        buf_printf(out, "%s%.*s%s%.*s", a == x->first ? "" : ", ",
                   SPAN_ARG(a->local), a->domain.n ? "@" : "",
                   SPAN_ARG(a->domain));
}

/* What WHO stands for, or the error. */
static void look_up(struct aliases *aliases, const char *who, struct buf *out)
{
    struct arena arena = {0};
    struct expansion x = {0};
    struct address *a;
    struct err err = {0};

    ck_assert(address_read(span_of(who), &arena, &a, &err) && a);
    if (aliases_expand(aliases, a, &arena, &x, &err))
        show(&x, out);
    else
        buf_add(out, span_of(err.text));
    arena_free(&arena);
}

static void check(const char *rule, struct span text, const char *who,
                  const char *want, const char *warnings)
{
    unsigned reads = 0;
    struct aliases aliases = {.host = HOST, .reader = {file_read, &reads}};
    struct buf got = {0}, told = {0};

    aliases_parse(&aliases, S("f"), text);
    look_up(&aliases, who, &got);
    aliases_warnings(&aliases, &told);
    ck_assert_msg(span_eq(buf_span(&got), span_of(want)),
                  "%s: got \"%.*s\"", rule, SPAN_ARG(buf_span(&got)));
    ck_assert_msg(span_eq(buf_span(&told), span_of(warnings)),
                  "%s: told \"%.*s\"", rule, SPAN_ARG(buf_span(&told)));
    buf_free(&got);
    buf_free(&told);
    aliases_free(&aliases);
}

static const struct {
    const char *rule;
    struct span text;
    const char *who, *want, *warnings;
} cases[] = {
    {"no entry", SPAN_INIT("a: b\n"), "c", "itself", ""},
    {"nothing at all", SPAN_INIT(""), "c", "itself", ""},
    {"one", SPAN_INIT("root: a@b\n"), "root", "a@b", ""},
    {"no last line end", SPAN_INIT("root: a@b"), "root", "a@b", ""},
    {"line ends of DOS", SPAN_INIT("x: y\r\nroot:\r\n\ta@b,\r\n c\r\n"),
     "root", "a@b, c", ""},
    {"a mark of UTF-8", SPAN_INIT("\xEF\xBB\xBF" "root: a@b"), "root", "a@b",
     ""},
    {"without blanks", SPAN_INIT("root:a@b,c@d"), "root", "a@b, c@d", ""},
    {"with many", SPAN_INIT("root \t:\t a@b \t,  c@d\t \n"), "root",
     "a@b, c@d", ""},
    {"empty places", SPAN_INIT("root: ,a@b,, c@d,\n"), "root", "a@b, c@d",
     ""},
    {"no case", SPAN_INIT("RooT: a@b"), "rOOt", "a@b", ""},
    {"but that of ASCII", SPAN_INIT("J\xC3\x96: a@b"), "j\xC3\xB6", "itself",
     ""},
    {"UTF-8", SPAN_INIT("J\xC3\xB6: j\xC3\xB6@b\xC3\xBC.x"), "j\xC3\xB6",
     "j\xC3\xB6@b\xC3\xBC.x", ""},
    {"what is not UTF-8", SPAN_INIT("J\xF6: a@b"),
     "j", "itself", ""},
    {"the same twice", SPAN_INIT("root: a@b, a@B, A@b"), "root", "a@b, A@b",
     ""},

    {"comments", SPAN_INIT("# x: y\n\n  \t\n#\nroot: a@b\n# z"), "root",
     "a@b", ""},
    {"comments of an address", SPAN_INIT("root: a@b (x, (y)), (z) c"), "root",
     "a@b, c", ""},
    {"a line goes on", SPAN_INIT("root: a@b,\n  c@d,\n\te@f\nx: y"), "root",
     "a@b, c@d, e@f", ""},
    {"also before the value", SPAN_INIT("root:\n a@b"), "root", "a@b", ""},
    {"and before the colon", SPAN_INIT("root\n : a@b"), "root", "a@b", ""},
    {"over what is passed over",
     SPAN_INIT("root: a@b,\n# c\n\n   # d\n  e@f\n"), "root", "a@b, e@f", ""},
    {"by a backslash", SPAN_INIT("root: a@b,\\\nc@d\\\n, e@f\nx: y"), "root",
     "a@b, c@d, e@f", ""},
    {"and whatever comes then", SPAN_INIT("root: a@b,\\\n#x@y\nx: y"), "root",
     "a@b, #x@y", ""},
    {"a backslash at the end", SPAN_INIT("root: a@b\\"), "root", "a@b", ""},
    {"a comment does not go on", SPAN_INIT("# x\\\nroot: a@b"), "root", "a@b",
     ""},
    {"a quoted string goes on", SPAN_INIT("root: \"a\n b\"@c"), "root",
     "\"a b\"@c", ""},

    {"a quoted name", SPAN_INIT("\"ro ot\": a@b"), "\"ro ot\"", "a@b", ""},
    {"quoted for nothing", SPAN_INIT("\"root\": a@b"), "root", "a@b", ""},
    {"with a colon", SPAN_INIT("\"a:b\\\"\": c@d"), "\"a:b\\\"\"", "c@d", ""},
    {"with dots", SPAN_INIT("a.b: c@d"), "a.b", "c@d", ""},
    {"that is a comment nowhere", SPAN_INIT("a#b: c@d"), "a#b", "c@d", ""},
    {"in brackets it is none", SPAN_INIT("<root>: a@b"),
     "root", "itself", ""},
    {"nor are two", SPAN_INIT("a, b: c@d"), "a", "itself",
     "f:1: skipped 'a, b: c@d': this is not one name\n"},
    {"nor is none", SPAN_INIT(" \n: c@d\n\"\": a"),
     "a", "itself", ""},
    {"nor are words", SPAN_INIT("my name: c@d"),
     "a", "itself", ""},
    {"nor is a command", SPAN_INIT("|x: c@d"),
     "a", "itself", ""},

    {"a name with a domain", SPAN_INIT("root@web1: a\nroot: b@b"),
     "root@web1", "a", ""},
    {"comes before one without", SPAN_INIT("root: b@b\nroot@web1: a"),
     "root@web1", "a", ""},
    {"and is not the name alone", SPAN_INIT("root@web1: a"), "root", "itself",
     ""},
    {"of any domain", SPAN_INIT("Bob@X.example: a@b"), "bOb@x.EXAMPLE", "a@b",
     ""},
    {"and is not the two in one", SPAN_INIT("rootweb1: a@b"), "root@web1",
     "itself", ""},
    {"in either form", SPAN_INIT("a@b\xC3\xBC" "cher.example: c@d"),
     "a@XN--bcher-kva.example", "c@d", ""},
    {"an address literal", SPAN_INIT("a@[IPv6:::1]: c@d"), "a@[IPv6:::1]",
     "c@d", ""},
    {"no domain", SPAN_INIT("a@b..c: d@e"),
     "a", "itself", ""},

    {"this host by name", SPAN_INIT("root: a@b"), "root@Web1.Example.Org",
     "a@b", ""},
    {"by its label", SPAN_INIT("root: a@b"), "root@WEB1", "a@b", ""},
    {"as localhost", SPAN_INIT("root: a@b"), "root@LocalHost", "a@b", ""},
    {"in full", SPAN_INIT("root: a@b"), "root@localhost.localdomain", "a@b",
     ""},
    {"not its domain", SPAN_INIT("root: a@b"), "root@example.org", "itself",
     ""},
    {"not another's label", SPAN_INIT("root: a@b"), "root@web", "itself", ""},

    {"nested", SPAN_INIT("a: b\nb: c, x@y\nc: d@e"), "a", "d@e, x@y", ""},
    {"in the order written", SPAN_INIT("a: b, c\nb: b1@x, b2@x\nc: c1@x"), "a",
     "b1@x, b2@x, c1@x", ""},
    {"by address", SPAN_INIT("a: b@localhost\nb: c@d"), "a", "c@d", ""},
    {"by any address", SPAN_INIT("a: b@x.example\nb@x.example: c@d"), "a",
     "c@d", ""},
    {"not behind a backslash", SPAN_INIT("a: \\a, \\b, c\nb: x@y\nc: z@y"),
     "a", "a, b, z@y", ""},
    {"however it is written", SPAN_INIT("a: \\\"b\"@web1\nb: x@y"), "a",
     "b@web1", ""},
    {"with names", SPAN_INIT("a: Ann <ann@x>, \"J, O\" <jo@x>, g: c@x, d@x;"),
     "a", "ann@x, jo@x, c@x, d@x", ""},

    {"default", SPAN_INIT("default: a@b\nc: d@e"), "x", "a@b", ""},
    {"not for what has an entry", SPAN_INIT("default: a@b\nc: d@e"), "c",
     "d@e", ""},
    {"nor for other hosts", SPAN_INIT("default: a@b"), "x@y", "itself", ""},
    {"but for this one", SPAN_INIT("default: a@b"), "x@web1", "a@b", ""},
    {"nor behind a backslash", SPAN_INIT("default: a@b\nc: \\d"), "c", "d",
     ""},
    {"for names that come up", SPAN_INIT("default: a@b\nc: x, \\y"), "c",
     "a@b, y", ""},
    {"its own loop ends", SPAN_INIT("default: admin"), "x", "admin", ""},
    {"by way of a name", SPAN_INIT("default: r\nr: s, t@u"), "x",
     "s, t@u", ""},
    {"and by its own name", SPAN_INIT("default: default"), "x", "default",
     ""},
    {"it takes what has no entry", SPAN_INIT("a: b, c\ndefault: d@e"), "a",
     "d@e", ""},

    {"a copy is kept", SPAN_INIT("bob: bob, a@b"), "bob", "bob, a@b", ""},
    {"under the address given", SPAN_INIT("bob: bob@web1, a@b"), "bob",
     "bob@web1, a@b", ""},
    {"by a list of one's own", SPAN_INIT("list: :include:/list/back"), "list",
     "list, other@x.example", ""},
    {"a loop", SPAN_INIT("x: y\na: b\nb: a"), "a", "a",
     "f:2: 'a' leads back to itself by way of 'b'\n"},
    {"a longer one", SPAN_INIT("a: b, x@y\nb: c\nc: \"A\""), "a", "A, x@y",
     "f:1: 'a' leads back to itself by way of 'c'\n"},
    {"met from without", SPAN_INIT("x: a, z@y\na: b\nb: a"), "x", "a, z@y",
     "f:2: 'a' leads back to itself by way of 'b'\n"},
    {"a name met twice is no loop", SPAN_INIT("a: b, c\nb: d\nc: d\nd: x@y"),
     "a", "x@y", ""},

    {"nobody", SPAN_INIT("a: /dev/null"), "a", "nobody", ""},
    {"in quotes", SPAN_INIT("a: \"/dev/null\""), "a", "nobody", ""},
    {"nobody and somebody", SPAN_INIT("a: /dev/null, b@c"), "a", "b@c", ""},
    {"nobody, nested", SPAN_INIT("a: b\nb: /dev/null"), "a", "nobody", ""},
    {"nobody, twice", SPAN_INIT("a: b, b\nb: /dev/null"), "a", "nobody", ""},

    {"a command", SPAN_INIT("a: b@c, |/usr/bin/x -y z, d@e"), "a", "b@c, d@e",
     "f:1: skipped '|/usr/bin/x -y z': commands are not run\n"},
    {"in quotes it may have commas", SPAN_INIT("a: \"|x, y\", b@c"), "a",
     "b@c", "f:1: skipped '\"|x, y\"': commands are not run\n"},
    {"or in part", SPAN_INIT("a: |\"x, y\" z, b@c"), "a", "b@c",
     "f:1: skipped '|\"x, y\" z': commands are not run\n"},
    {"with brackets", SPAN_INIT("a: |x (, |x <, |x [, |x :, b@c"), "a", "b@c",
     "f:1: skipped '|x (': commands are not run\n"
     "f:1: skipped '|x <': commands are not run\n"
     "f:1: skipped '|x [': commands are not run\n"
     "f:1: skipped '|x :': commands are not run\n"},
    {"in disguise", SPAN_INIT("a: <|x>, B <\"/x y\">, \\|x, g: |x;, b@c"), "a",
     "b@c",
     "f:1: skipped '<|x>': commands are not run\n"
     "f:1: skipped 'B <\"/x y\">': mail is not written to files\n"
     "f:1: skipped '|x': commands are not run\n"
     "f:1: skipped 'g: |x;': commands are not run\n"},
    {"a file", SPAN_INIT("a: /var/x, \"/var/x, y\", b@c"), "a", "b@c",
     "f:1: skipped '/var/x': mail is not written to files\n"
     "f:1: skipped '\"/var/x, y\"': mail is not written to files\n"},
    {"an address like a file", SPAN_INIT("a: /c=us/@gw.example"), "a",
     "/c=us/@gw.example", ""},
    {"an address like a command", SPAN_INIT("a: \"|x\"@b.example"), "a",
     "|x@b.example", ""},
    {"the line of a value", SPAN_INIT("# 1\na: b@c,\n# 3\n  |x,\n |y\nb: |z"),
     "a", "b@c",
     "f:4: skipped '|x': commands are not run\n"
     "f:5: skipped '|y': commands are not run\n"},
    {"nothing is left", SPAN_INIT("a: |x"), "a", "a",
     "f:1: skipped '|x': commands are not run\n"
     "f:1: nothing is left of 'a': its mail goes to the name itself\n"},
    {"of a nested one", SPAN_INIT("a: b, c@d\nb: /x"), "a", "b, c@d",
     "f:2: skipped '/x': mail is not written to files\n"
     "f:2: nothing is left of 'b': its mail goes to the name itself\n"},
    {"it has an entry all the same", SPAN_INIT("a: |x\ndefault: b@c"), "a",
     "a", "f:1: skipped '|x': commands are not run\n"
     "f:1: nothing is left of 'a': its mail goes to the name itself\n"},
    {"of the default", SPAN_INIT("default: |x"), "a@web1", "a@web1",
     "f:1: skipped '|x': commands are not run\n"
     "f:1: nothing is left of 'default': its mail goes to the name itself\n"},

    {"included", SPAN_INIT("a: x@y, :include:/list/team\nbob: b@c"), "a",
     "x@y, ann@x.example, b@c, jo@x.example", ""},
    {"in capitals, with a blank", SPAN_INIT("a: :Include: /list/crlf , x@y"),
     "a", "ann@x.example, bob@x.example, x@y", ""},
    {"in quotes", SPAN_INIT("a: \":include:/list/a b\""), "a",
     "blank@x.example", ""},
    {"with a backslash", SPAN_INIT("a: \":include:/list\\/a\\ b\""), "a",
     "blank@x.example", ""},
    {"behind a literal", SPAN_INIT("a: b@[IPv6:::1], :include:/list/a b"), "a",
     "b@[IPv6:::1], blank@x.example", ""},
    {"behind brackets", SPAN_INIT("a: <@x,@y:b@c> (:), :include:/list/a b"),
     "a", "b@c, blank@x.example", ""},
    {"in no quotes", SPAN_INIT("a: :include:/list/a b"), "a",
     "blank@x.example", ""},
    {"twice", SPAN_INIT("a: :include:/list/a b, :include:/list/a b"), "a",
     "blank@x.example", ""},
    {"in itself", SPAN_INIT("a: :include:/list/self"), "a", "one@x.example",
     "/list/self: the file includes itself\n"},
    {"and nothing else", SPAN_INIT("a: :include:/list/only-self"), "a", "a",
     "f:1: nothing is left of 'a': its mail goes to the name itself\n"
     "/list/only-self: the file includes itself\n"},
    {"in one that it includes", SPAN_INIT("a: :include:/list/up"), "a",
     "down@x.example, up@x.example",
     "/list/up: the file includes itself\n"},
    {"empty", SPAN_INIT("a: :include:/list/empty, b@c"), "a", "b@c", ""},
    {"empty, and nothing else",
     SPAN_INIT("a: :include:/list/empty, :include:/list/empty"), "a", "a",
     "f:1: nothing is left of 'a': its mail goes to the name itself\n"},
    {"nobody", SPAN_INIT("a: :include:/list/null"), "a", "nobody", ""},
    {"nobody, twice", SPAN_INIT("a: :include:/list/null, b\n"
                                "b: :include:/list/null"), "a", "nobody", ""},
    {"missing", SPAN_INIT("x: y\na: b@c,\n :include:/list/none"), "a",
     "f:3: there is no '/list/none'", ""},
    {"missing, for another", SPAN_INIT("a: :include:/list/none\nb: c@d"), "b",
     "c@d", ""},
    {"by a relative path", SPAN_INIT("a: :include:list, b@c"), "a", "b@c",
     "f:1: skipped ':include:list': the path of a file to be included begins "
     "with '/'\n"},
    {"nothing of it is shown", SPAN_INIT("a: :include:/list/bad"), "a",
     "good@x.example, ok@x.example",
     "/list/bad:2: skipped an entry: it is no list of addresses\n"
     "/list/bad:3: skipped an entry: commands are not run\n"
     "/list/bad:4: skipped an entry: mail is not written to files\n"
     "/list/bad:5: skipped an entry: it is no list of addresses\n"
     "/list/bad:6: skipped an entry: it is no list of addresses\n"
     "/list/bad:7: skipped an entry: commands are not run\n"},

    {"no colon", SPAN_INIT("root a@b\nx: y"), "root", "itself",
     "f:1: skipped 'root a@b': there is no ':' behind a name\n"},
    {"a quote that is not closed", SPAN_INIT("\"root: a@b\nx: y"),
     "x", "y", ""},
    {"no value", SPAN_INIT("root:\nx: y"), "root", "itself",
     "f:1: skipped 'root:': there is nothing behind the ':'\n"},
    {"nothing goes on", SPAN_INIT("  root: a@b\n  x: y\nz: a@b"), "root",
     "itself", "f:1: skipped 'root: a@b  x: y': there is nothing that the "
     "line continues\n"},
    {"a control", SPAN_INIT("root: a\001@b\nx: y"), "root", "itself",
     "f:1: skipped 'root: a\\x01@b': there is a control character\n"},
    {"a CR", SPAN_INIT("root: a@b\rx: y\nz: a"),
     "z", "a", ""},
    {"a NUL", SPAN_INIT("root: a@b\0\nx: y"),
     "x", "y", ""},
    {"one value is bad", SPAN_INIT("root: a@b, c d, e@, f@g..h, i@j"), "root",
     "a@b, i@j",
     "f:1: skipped 'c d': there are words side by side that make no address, "
     "at 'd'\n"
     "f:1: skipped 'e@': there is no domain behind '@'\n"
     "f:1: skipped 'f@g..h': the domain 'g..h' has an empty label\n"},
    {"a quote to the end", SPAN_INIT("root: a@b, \"c, d@e\nx: y"), "root",
     "a@b", "f:1: skipped '\"c, d@e': a quoted string is not closed, at "
     "'\"c, d@e'\n"},
    {"a comment behind", SPAN_INIT("root: a@b # me, not you"), "root",
     "root",
     "f:1: skipped 'a@b # me': a comment stands on a line of its own\n"
     "f:1: skipped 'not you': there are words side by side that make no "
     "address, at 'you'\n"
     "f:1: nothing is left of 'root': its mail goes to the name itself\n"},
    {"twice", SPAN_INIT("a: b@c\nA: d@e, |x"), "a", "b@c",
     "f:2: skipped 'A: d@e, |x': the name has an entry above, which counts\n"},
    {"two entries, no colon", SPAN_INIT("root a@b\nroot c@d\nx y"), "root",
     "itself",
     "f:1: skipped 'root a@b': there is no ':' behind a name\n"
     "f:2: skipped 'root c@d': there is no ':' behind a name\n"},
    {"but one for another", SPAN_INIT("roots a@b\nroo: |x\nb@root c"), "root",
     "itself", ""},
    {"one with an entry", SPAN_INIT("root a@b\nroot: c@d"), "root", "c@d",
     ""},
    {"one with a domain", SPAN_INIT("Root@Web1 a@b"), "root@web1", "itself",
     "f:1: skipped 'Root@Web1 a@b': there is no ':' behind a name\n"},
    {"in either form", SPAN_INIT("a@b\xC3\xBC" "cher.example c@d"),
     "a@xn--bcher-kva.example", "itself",
     "f:1: skipped 'a@b\xC3\xBC" "cher.example c@d': there is no ':' behind a "
     "name\n"},
    {"the name alone", SPAN_INIT("\"root a@b"), "root@web1", "itself",
     "f:1: skipped '\"root a@b': there is no ':' behind a name\n"},
    {"one that comes up", SPAN_INIT("a: b@web1, c@d\nb, e: f@g"), "a",
     "b@web1, c@d", "f:2: skipped 'b, e: f@g': this is not one name\n"},
    {"the default", SPAN_INIT("default root"), "a", "itself",
     "f:1: skipped 'default root': there is no ':' behind a name\n"},
    {"falls to the default", SPAN_INIT("a b\ndefault: c@d"), "a", "c@d",
     "f:1: skipped 'a b': there is no ':' behind a name\n"},
    {"no other's warnings", SPAN_INIT("x: |y\nz: :include:/list/bad\n"
                                      "X: a\na: b@c"), "a", "b@c", ""},
    {"those of one that comes up", SPAN_INIT("c: |z\na: b\nb: |y, d@e\n"),
     "a", "d@e", "f:3: skipped '|y': commands are not run\n"},
    {"in the order of lines", SPAN_INIT("b: |y, d@e\na: b, |x\n"), "a",
     "d@e", "f:1: skipped '|y': commands are not run\n"
     "f:2: skipped '|x': commands are not run\n"},
    {"long ones are cut",
     SPAN_INIT("0123456789012345678901234567890123456789012345678901234567"
               "8\xC3\xB6tt"),
     "a", "itself", ""},
};

START_TEST(expands)
{
    check(cases[_i].rule, cases[_i].text, cases[_i].who, cases[_i].want,
          cases[_i].warnings);
}
END_TEST

/* What nobody asks for is told where everything is checked. */
static const struct {
    const char *rule;
    struct span text;
    const char *warnings;
} checked[] = {
    {"what is not UTF-8", SPAN_INIT("J\xF6: a@b"),
     "f:1: skipped 'J\\xF6: a@b': an address is not in UTF-8, at 'J\\xF6'\n"},
    {"in brackets it is none", SPAN_INIT("<root>: a@b"),
     "f:1: skipped '<root>: a@b': this is not one name\n"},
    {"nor is none", SPAN_INIT(" \n: c@d\n\"\": a"),
     "f:2: skipped ': c@d': this is not one name\n"},
    {"nor are words", SPAN_INIT("my name: c@d"),
     "f:1: skipped 'my name: c@d': there are words side by side that make "
     "no address, at 'name'\n"},
    {"nor is a command", SPAN_INIT("|x: c@d"),
     "f:1: skipped '|x: c@d': commands are not run\n"},
    {"no domain", SPAN_INIT("a@b..c: d@e"),
     "f:1: skipped 'a@b..c: d@e': the domain 'b..c' has an empty label\n"},
    {"a quote that is not closed", SPAN_INIT("\"root: a@b\nx: y"),
     "f:1: skipped '\"root: a@b': there is no ':' behind a name\n"},
    {"a CR", SPAN_INIT("root: a@b\rx: y\nz: a"),
     "f:1: skipped 'root: a@b\\x0Dx: y': there is a control character\n"},
    {"a NUL", SPAN_INIT("root: a@b\0\nx: y"),
     "f:1: skipped 'root: a@b': there is a control character\n"},
    {"long ones are cut",
     SPAN_INIT("0123456789012345678901234567890123456789012345678901234567"
               "8\xC3\xB6tt"),
     "f:1: skipped '0123456789012345678901234567890123456789012345678901234567"
     "8': there is no ':' behind a name\n"},
    {"a value", SPAN_INIT("x: y\na: |z"),
     "f:2: skipped '|z': commands are not run\n"},
    {"by file and line",
     SPAN_INIT("a: :include:/list/none, |x\nbad\nb: :include:/list/bad\n"
               "c: :include:list\nbad\nA: d"),
     "f:1: skipped '|x': commands are not run\n"
     "f:1: there is no '/list/none'\n"
     "f:2: skipped 'bad': there is no ':' behind a name\n"
     "f:4: skipped ':include:list': the path of a file to be included begins "
     "with '/'\n"
     "f:5: skipped 'bad': there is no ':' behind a name\n"
     "f:6: skipped 'A: d': the name has an entry above, which counts\n"
     "/list/bad:2: skipped an entry: it is no list of addresses\n"
     "/list/bad:3: skipped an entry: commands are not run\n"
     "/list/bad:4: skipped an entry: mail is not written to files\n"
     "/list/bad:5: skipped an entry: it is no list of addresses\n"
     "/list/bad:6: skipped an entry: it is no list of addresses\n"
     "/list/bad:7: skipped an entry: commands are not run\n"},
};

START_TEST(checks)
{
    unsigned reads = 0;
    struct aliases aliases = {.host = HOST, .reader = {file_read, &reads}};
    struct buf told = {0};

    aliases_parse(&aliases, S("f"), checked[_i].text);
    aliases_warnings(&aliases, &told);
    ck_assert_uint_eq(told.len, 0);
    aliases_check(&aliases);
    aliases_warnings(&aliases, &told);
    ck_assert_msg(span_eq(buf_span(&told), span_of(checked[_i].warnings)),
                  "%s: told \"%.*s\"", checked[_i].rule,
                  SPAN_ARG(buf_span(&told)));
    buf_clear(&told);
    aliases_warnings(&aliases, &told);
    ck_assert_uint_eq(told.len, 0);
    buf_free(&told);
    aliases_free(&aliases);
}
END_TEST

/* Whatever a file is cut at, or has more of, is read and looked up. */
START_TEST(takes_any_beginning)
{
    struct span text = cases[_i].text;

    for (size_t n = 0; n < text.n; n++) {
        unsigned reads = 0;
        struct aliases aliases = {.host = HOST, .reader = {file_read, &reads}};
        char *part = mem_resize(NULL, n + 1, 1);
        struct buf got = {0};

        memcpy(part, text.p, n);
        aliases_parse(&aliases, S("f"), (struct span){part, n});
        mem_free(part); /* nothing points into it */
        look_up(&aliases, cases[_i].who, &got);
        aliases_check(&aliases);
        aliases_warnings(&aliases, &got);
        ck_assert_uint_gt(got.len, 0);
        buf_free(&got);
        aliases_free(&aliases);
    }
}
END_TEST

START_TEST(reads_an_included_file_once_and_when_needed)
{
    unsigned reads = 0;
    struct aliases aliases = {.host = HOST, .reader = {file_read, &reads}};
    struct buf got = {0};

    aliases_parse(&aliases, S("f"), S("a: b@c\nb: :include:/list/team\n"));
    look_up(&aliases, "a", &got);
    ck_assert_uint_eq(reads, 0);
    look_up(&aliases, "b", &got);
    look_up(&aliases, "b", &got);
    ck_assert_uint_eq(reads, 1);
    buf_free(&got);
    aliases_free(&aliases);
}
END_TEST

/* A failure leaves nothing behind that the next expansion would trip over. */
START_TEST(goes_on_after_a_failure)
{
    unsigned reads = 0;
    struct aliases aliases = {.host = HOST, .reader = {file_read, &reads}};
    struct buf got = {0};

    aliases_parse(&aliases, S("f"), S("a: b, c@d\nb: :include:/list/none\n"));
    look_up(&aliases, "a", &got);
    buf_addc(&got, ' ');
    look_up(&aliases, "a", &got);
    ck_assert_span(buf_span(&got),
                   S("f:2: there is no '/list/none' "
                     "f:2: there is no '/list/none'"));
    buf_clear(&got);
    aliases_warnings(&aliases, &got);
    ck_assert_uint_eq(got.len, 0);
    buf_free(&got);
    aliases_free(&aliases);
}
END_TEST

START_TEST(checks_all_that_is_included)
{
    unsigned reads = 0;
    struct aliases aliases = {.host = HOST, .reader = {file_read, &reads}};
    struct buf got = {0};

    aliases_parse(&aliases, S("f"),
                  S("a: :include:/list/up\nb: :include:/list/none\n"
                    "c: :include:/list/null, :include:/list/bad\n"));
    aliases_check(&aliases);
    ck_assert_uint_eq(reads, 5);
    aliases_warnings(&aliases, &got);
    ck_assert(span_starts(buf_span(&got), S("f:2: there is no '/list/none'\n"
                                            "/list/bad:2: skipped")));
    buf_clear(&got);
    aliases_warnings(&aliases, &got);
    ck_assert_uint_eq(got.len, 0);
    buf_free(&got);
    aliases_free(&aliases);
}
END_TEST

/* Each warning comes once, however often the entry is looked up. */
START_TEST(warns_once)
{
    struct aliases aliases = {.host = HOST};
    struct buf got = {0}, told = {0};

    aliases_parse(&aliases, S("f"), S("a: b\nb: a\nc: |x\n"));
    for (int i = 0; i < 3; i++) {
        look_up(&aliases, "a", &got);
        look_up(&aliases, "c", &got);
    }
    ck_assert_span(buf_span(&got), S("acacac"));
    aliases_warnings(&aliases, &told);
    ck_assert_span(buf_span(&told),
                   S("f:1: 'a' leads back to itself by way of 'b'\n"
                     "f:3: skipped '|x': commands are not run\n"
                     "f:3: nothing is left of 'c': its mail goes to the name "
                     "itself\n"));
    buf_free(&got);
    buf_free(&told);
    aliases_free(&aliases);
}
END_TEST

/* Those of the first lines are shown, whichever was met first. */
START_TEST(shows_the_first_warnings)
{
    struct aliases aliases = {.host = HOST};
    struct buf text = {0}, got = {0}, told = {0};

    buf_add(&text, S("a: b, |a\n"));
    for (int i = 0; i < ALIASES_WARNINGS - 1; i++)
        buf_printf(&text, "b%d: |x, c@d\n", i);
    buf_add(&text, S("b: |b"));
    for (int i = 0; i < ALIASES_WARNINGS - 1; i++)
        buf_printf(&text, ",\n b%d", i);
    aliases_parse(&aliases, S("f"), buf_span(&text));
    look_up(&aliases, "a", &got);
    aliases_warnings(&aliases, &told);
    ck_assert_span(buf_span(&got), S("c@d"));
    ck_assert(span_starts(buf_span(&told),
                          S("f:1: skipped '|a': commands are not run\n"
                            "f:2: skipped '|x': commands are not run\n")));
    ck_assert(span_ends(buf_span(&told),
                        S("f:100: skipped '|x': commands are not run\n"
                          "and 1 more warnings about aliases\n")));
    buf_free(&text);
    buf_free(&got);
    buf_free(&told);
    aliases_free(&aliases);
}
END_TEST

START_TEST(shows_so_many_warnings)
{
    struct aliases aliases = {.host = HOST};
    struct buf text = {0}, told = {0};
    struct span rest, line;
    size_t lines = 0;

    for (int i = 0; i < ALIASES_WARNINGS; i++)
        buf_add(&text, S("wrong\n"));
    aliases_parse(&aliases, S("f"), buf_span(&text));
    aliases_check(&aliases);
    aliases_warnings(&aliases, &told);
    ck_assert(span_ends(buf_span(&told), S("a name\n")));
    buf_clear(&told);
    for (int i = 0; i < 7; i++)
        buf_add(&text, _i ? S("bad\n") : S("wrong\n"));
    aliases_parse(&aliases, S("f"), buf_span(&text));
    aliases_check(&aliases);
    aliases_warnings(&aliases, &told);
    for (rest = buf_span(&told); span_line(&rest, &line);)
        lines++;
    ck_assert_uint_eq(lines, ALIASES_WARNINGS + 1);
    ck_assert_span(line, S("and 7 more warnings about aliases"));
    buf_free(&text);
    buf_free(&told);
    aliases_free(&aliases);
}
END_TEST

/* "FROM@x," and so on. */
static void add_numbered(struct buf *out, int from, int count)
{
    for (int i = from; i < from + count; i++)
        buf_printf(out, "%d@x,", i);
}

START_TEST(bounds_the_addresses)
{
    struct aliases aliases = {.host = HOST};
    struct buf text = {0}, got = {0};

    buf_add(&text, S("few: a, b\nmany: a, b, one@x\na:"));
    add_numbered(&text, 0, ALIASES_ADDRESSES / 2);
    buf_add(&text, S("\nb:"));
    add_numbered(&text, ALIASES_ADDRESSES / 2, ALIASES_ADDRESSES / 2);
    aliases_parse(&aliases, S("f"), buf_span(&text));
    look_up(&aliases, "few", &got);
    ck_assert(span_starts(buf_span(&got), S("0@x, 1@x, 2@x, ")));
    ck_assert(span_ends(buf_span(&got), S(", 9999@x")));
    buf_clear(&got);
    look_up(&aliases, "many", &got);
    ck_assert_span(buf_span(&got), S("the alias 'many' stands for more than "
                                     "10000 addresses"));
    buf_free(&text);
    buf_free(&got);
    aliases_free(&aliases);
}
END_TEST

/* Each entry names the next one twice: 2 to the power of 20000 ways. */
START_TEST(laughs_but_once)
{
    struct aliases aliases = {.host = HOST};
    struct buf text = {0}, got = {0};

    for (int i = 0; i < 20000; i++)
        buf_printf(&text, "a%d: a%d, a%d, x@y\n", i, i + 1, i + 1);
    aliases_parse(&aliases, S("f"), buf_span(&text));
    look_up(&aliases, "a0", &got);
    ck_assert_span(buf_span(&got), S("a20000, x@y"));
    buf_free(&text);
    buf_free(&got);
    aliases_free(&aliases);
}
END_TEST

/* What takes long is what is looked at again and again. */
static const struct {
    const char *rule, *head, *unit;
} large[] = {
    {"lines that go on", "a:", "\n b,"},
    {"values", "a:", "b,"},
    {"empty places", "a:", ","},
    {"blanks", "a: b,", " "},
    {"open comments", "a: ", "("},
    {"quotes", "a: ", "\""},
    {"open quotes in lists", "a: ", "\",\\"},
    {"colons", "a:", ":"},
    {"groups", "a:", "g:;,"},
    {"entries", "", "a:b\n"},
    {"backslashes", "a: b,", "\\\n"},
    {"commands", "a:", "|,"},
};

START_TEST(takes_a_large_file)
{
    struct aliases aliases = {.host = HOST};
    struct buf text = {0}, got = {0};
    clock_t before = clock();

    buf_add(&text, span_of(large[_i].head));
    while (text.len < 300000)
        buf_add(&text, span_of(large[_i].unit));
    aliases_parse(&aliases, S("f"), buf_span(&text));
    look_up(&aliases, "a", &got);
    ck_assert_msg(clock() - before < 5 * CLOCKS_PER_SEC, "%s",
                  large[_i].rule);
    buf_free(&text);
    buf_free(&got);
    aliases_free(&aliases);
}
END_TEST

static bool endless_read(void *self, struct span path, struct buf *text,
                         struct err *err)
{
    unsigned *reads = self;

    (void)path;
    (void)err;
    buf_printf(text, ":include:/%u\n", ++*reads);
    while (text->len < 1 << 20)
        buf_add(text, S("########################################"
                        "#######################################\n"));
    return true;
}

START_TEST(bounds_the_files)
{
    unsigned reads = 0;
    struct aliases aliases = {.host = HOST,
                              .reader = {endless_read, &reads}};
    struct buf got = {0};

    aliases_parse(&aliases, S("f"), S("a: :include:/0\n"));
    look_up(&aliases, "a", &got);
    ck_assert_span(buf_span(&got), S("/6:1: the files of aliases are larger "
                                     "than 8388608 octets"));
    ck_assert_uint_eq(reads, 8);
    buf_clear(&got);
    aliases_check(&aliases);
    aliases_warnings(&aliases, &got);
    ck_assert_uint_le(reads, 10);
    buf_free(&got);
    aliases_free(&aliases);
}
END_TEST

START_TEST(knows_this_host)
{
    struct aliases none = {0};

    ck_assert(aliases_local(&none, S("")));
    ck_assert(aliases_local(&none, S("LOCALHOST")));
    ck_assert(!aliases_local(&none, S("web1")));
    none.host = S("web1");
    ck_assert(aliases_local(&none, S("Web1")));
    ck_assert(!aliases_local(&none, S("web1.example.org")));
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("aliases");

    tcase_add_loop_test(t, expands, 0, COUNT(cases));
    tcase_add_loop_test(t, checks, 0, COUNT(checked));
    tcase_add_loop_test(t, takes_any_beginning, 0, COUNT(cases));
    tcase_add_test(t, reads_an_included_file_once_and_when_needed);
    tcase_add_test(t, goes_on_after_a_failure);
    tcase_add_test(t, checks_all_that_is_included);
    tcase_add_test(t, warns_once);
    tcase_add_test(t, shows_the_first_warnings);
    tcase_add_loop_test(t, shows_so_many_warnings, 0, 2);
    tcase_add_test(t, bounds_the_addresses);
    tcase_add_test(t, laughs_but_once);
    tcase_add_loop_test(t, takes_a_large_file, 0, COUNT(large));
    tcase_add_test(t, bounds_the_files);
    tcase_add_test(t, knows_this_host);
    return unit_run("aliases", t);
}
