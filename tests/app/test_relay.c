/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "app/relay.h"

#include "app/upstreams.h"
#include "sys/scratch.h"

#define HELLO "S: 220 mx\nC: EHLO me.example\nS: 250 mx\n"
#define OFFERS(what) "S: 220 mx\nC: EHLO me.example\nS: 250-mx\n" what
#define MAIL "C: MAIL FROM:<a@x>\nS: 250 ok\n"
#define RCPT(name) "C: RCPT TO:<" name "@x>\nS: 250 ok\n"
#define DATA "C: DATA\nS: 354 go\n"
#define TAKEN DATA "message\nS: 250 2.0.0 taken as 1\n"
#define RSET "C: RSET\nS: 250 ok\n"
#define QUIT "C: QUIT\n"

#define SENDER "MAIL a@x\n= 250 2.1.0 sender ok\n"
#define OK(name) "RCPT " name "@x\n= 250 2.1.5 recipient ok\n"
#define SENT "SEND\n= 250 2.0.0 taken as 1\n"

/* 210 octets. */
#define LONG SEVENTY SEVENTY SEVENTY
#define SEVENTY \
    "---------1---------2---------3---------4---------5---------6---------7"

enum { CONNECTIONS_MAX = 3 };

/*
 * What the client does, and what it is told:
 *
 *     MAIL a@x    its sender; parameters may follow (see parameters[])
 *     RCPT b@x    a recipient, likewise
 *     SEND        a message, text that follows taken for its header
 *     RSET
 *     = 250 2.1.0 sender ok
 *     log: to=...           a line of the log, from there to its server; the
 *                           last one, or where it is empty none
 */
static const struct row {
    const char *rule;
    const char *scripts[CONNECTIONS_MAX + 1];
    const char *client;
} cases[] = {
    {"the server's answer is passed on", {HELLO MAIL RCPT("b") TAKEN QUIT},
     SENDER OK("b") SENT
     "log: to=<b@x> status=sent dsn=2.0.0\n"},
    {"a reply without a status", {HELLO MAIL RCPT("b") DATA
      "message\nS: 250 Ok\n" QUIT},
     SENDER OK("b") "SEND\n= 250  Ok\n"},
    {"and so is each no", {HELLO MAIL
      "C: RCPT TO:<b@x>\nS: 550 5.1.1 who\n"
      "C: RCPT TO:<c@x>\nS: 451 4.7.1 later\n"
      "C: RCPT TO:<d@x>\nS: 452 4.2.2 full\n"
      "C: RCPT TO:<e@x>\nS: 251 forwarded\n"
      "C: RCPT TO:<f@x>\nS: 501 what\n"
      "C: RCPT TO:<g@x>\nS: 432 what\n" TAKEN QUIT},
     SENDER
     "RCPT b@x\n= 550 5.1.1 the server refused the recipient: 550 5.1.1 who\n"
     "RCPT c@x\n= 451 4.7.1 the server refused the recipient: 451 4.7.1 later\n"
     "RCPT d@x\n= 452 4.2.2 the server refused the recipient: 452 4.2.2 full\n"
     OK("e")
     "RCPT f@x\n= 550  the server refused the recipient: 501 what\n"
     "RCPT g@x\n= 451  the server refused the recipient: 432 what\n" SENT},
    {"MAIL is refused", {HELLO "C: MAIL FROM:<a@x>\nS: 550 5.7.1 not you\n"
      MAIL RCPT("b") QUIT},
     SENDER
     "RCPT b@x\n= 550 5.7.1 the server refused the sender: 550 5.7.1 not you\n"
     "RCPT c@x\n= 550 5.7.1 the server refused the sender: 550 5.7.1 not you\n"
     "RSET\n"
     "log: to=<b@x>,<c@x> status=refused dsn=5.7.1 reason=\"the server refused "
     "the sender: 550 5.7.1 not you\"\n"
     SENDER OK("b") "RSET\n"},
    {"MAIL is refused for want of a login",
     {HELLO "C: MAIL FROM:<a@x>\nS: 530 5.7.0 who are you\n" QUIT},
     SENDER "RCPT b@x\n= 554 5.7.0 the server refused the sender: 530 5.7.0 "
     "who are you\n"},
    {"DATA is refused", {HELLO MAIL RCPT("b")
      "C: DATA\nS: 554 5.7.1 no\n" RSET MAIL RCPT("b")
      "C: DATA\nS: 451 4.3.0 not now\n" RSET MAIL RCPT("b") TAKEN QUIT},
     SENDER OK("b") "SEND\n= 554 5.7.1 the server refused to take the message: "
     "554 5.7.1 no\n"
     SENDER OK("b") "SEND\n= 451 4.3.0 the server refused to take the message: "
     "451 4.3.0 not now\n" SENDER OK("b") SENT},
    {"the message is refused", {HELLO MAIL RCPT("b") RCPT("c") DATA
      "message\nS: 554 5.7.1 spam\n" MAIL RCPT("b") DATA
      "message\nS: 452 4.3.1 full\n" QUIT},
     SENDER OK("b") OK("c")
     "SEND\n= 554 5.7.1 the server refused the message: 554 5.7.1 spam\n"
     "log: to=<b@x>,<c@x> status=refused dsn=5.7.1 reason=\"the server refused "
     "the message: 554 5.7.1 spam\"\n"
     SENDER OK("b")
     "SEND\n= 452 4.3.1 the server refused the message: 452 4.3.1 full\n"},
    {"421 to RCPT", {HELLO MAIL RCPT("b")
      "C: RCPT TO:<c@x>\nS: 421 4.3.2 bye\n", HELLO MAIL RCPT("b") TAKEN QUIT},
     SENDER OK("b")
     "RCPT c@x\n= 451 4.3.2 the server refused the recipient: 421 4.3.2 bye\n"
     "RCPT d@x\n= 451 4.4.0 the server closed the session: 421 4.3.2 bye\n"
     SENT
     "log: to=<b@x> status=sent dsn=2.0.0 to=<c@x> status=deferred dsn=4.3.2 "
     "reason=\"the server refused the recipient: 421 4.3.2 bye\" to=<d@x> "
     "status=deferred reason=\"the server closed the session: 421 4.3.2 "
     "bye\"\n"},
    {"lost at RCPT", {HELLO MAIL RCPT("b") "C: RCPT TO:<c@x>\nclose\n",
      HELLO MAIL RCPT("b") TAKEN QUIT},
     SENDER OK("b") "RCPT c@x\n= 451 4.4.0 the server closed the connection, "
     "while naming a recipient\n"
     "RCPT c@x\n= 451 4.4.0 the server closed the connection, while naming a "
     "recipient\n" SENT},
    {"lost at MAIL", {HELLO "C: MAIL FROM:<a@x>\nclose\n", HELLO MAIL RCPT("b")
      QUIT},
     SENDER "RCPT b@x\n= 451 4.4.0 the server closed the connection, while "
     "naming the sender\n" "RSET\n" SENDER OK("b")},
    {"and the next time, too", {HELLO "C: MAIL FROM:<a@x>\nclose\n",
      HELLO "C: MAIL FROM:<a@x>\nclose\n"},
     SENDER "RCPT b@x\n= 451 4.4.0 *\n" "RSET\n"
     SENDER "RCPT b@x\n= 451 4.4.0 *\n"},
    {"no greeting but 554", {"S: 554 5.7.1 go away\n" QUIT},
     SENDER "RCPT b@x\n= 451 5.0.0 @: the server refused the connection: 554 "
     "5.7.1 go away\n"
     "RCPT c@x\n= 451 5.0.0 @: the server refused the connection: 554 5.7.1 go "
     "away\n"},
    {"lost behind the dot it is in doubt, and not sent again",
     {HELLO MAIL RCPT("b") DATA "message\nclose\n"},
     SENDER OK("b") "SEND\n= 451 4.4.0 the server closed the connection, while "
     "waiting for the reply to the whole message; it may have accepted the "
     "message\n"},
    {"nor where it is lost before, as far as one can see",
     {HELLO MAIL RCPT("b") DATA "close\n"},
     SENDER OK("b") "SEND\n= 451 4.4.0 *\n"},
    {"lost while the client was writing", {HELLO MAIL RCPT("b")
      "C: DATA\nclose\n", HELLO MAIL RCPT("b") TAKEN QUIT},
     SENDER OK("b") SENT "log: to=<b@x> status=sent dsn=2.0.0\n"},
    {"the same, told with 421", {HELLO MAIL RCPT("b")
      "C: DATA\nS: 421 4.4.2 idle\n", HELLO MAIL RCPT("b") TAKEN MAIL RCPT("c")
      QUIT},
     SENDER OK("b") SENT SENDER OK("c")},
    {"in the second transaction", {HELLO MAIL RCPT("b") TAKEN MAIL RCPT("c")
      "C: DATA\nclose\n", HELLO MAIL RCPT("c") TAKEN QUIT},
     SENDER OK("b") SENT SENDER OK("c") SENT},
    {"and again", {HELLO MAIL RCPT("b") "C: DATA\nclose\n",
      HELLO MAIL RCPT("b") "C: DATA\nclose\n"},
     SENDER OK("b") "SEND\n= 451 4.4.0 the server closed the connection, while "
     "asking to send the message\n"},
    {"who was accepted is refused then", {HELLO MAIL RCPT("b") RCPT("c")
      "C: DATA\nclose\n", HELLO MAIL "C: RCPT TO:<b@x>\nS: 550 5.1.1 who\n"
      RCPT("c") TAKEN QUIT},
     SENDER OK("b") OK("c") "SEND\n= 550 5.1.1 the server refused the recipient"
     ": 550 5.1.1 who; but it was sent to c@x\n"},
    {"who was accepted is deferred then", {HELLO MAIL RCPT("b") RCPT("c")
      "C: DATA\nclose\n", HELLO MAIL "C: RCPT TO:<b@x>\nS: 450 4.2.0 busy\n"
      RCPT("c") QUIT},
     SENDER OK("b") OK("c") "SEND\n= 450 4.2.0 the server refused the recipient"
     ": 450 4.2.0 busy\n"},
    {"who was refused is not named again", {HELLO MAIL
      "C: RCPT TO:<b@x>\nS: 550 who\n" RCPT("c") "C: DATA\nclose\n",
      HELLO MAIL RCPT("c") TAKEN QUIT},
     SENDER "RCPT b@x\n= 550  the server refused the recipient: 550 who\n"
     OK("c") SENT},
    {"the next on the same connection", {HELLO MAIL RCPT("b") TAKEN
      MAIL RCPT("c") TAKEN QUIT},
     SENDER OK("b") SENT SENDER OK("c") SENT},
    {"which was closed since", {HELLO MAIL RCPT("b") TAKEN
      "C: MAIL FROM:<a@x>\nclose\n", HELLO MAIL RCPT("c") TAKEN QUIT},
     SENDER OK("b") SENT SENDER OK("c") SENT},
    {"or says so", {HELLO MAIL RCPT("b") TAKEN
      "C: MAIL FROM:<a@x>\nS: 421 4.4.2 idle\n",
      HELLO MAIL RCPT("c") TAKEN QUIT},
     SENDER OK("b") SENT SENDER OK("c") SENT},
    {"and is closed again", {HELLO MAIL RCPT("b") TAKEN
      "C: MAIL FROM:<a@x>\nclose\n", HELLO "C: MAIL FROM:<a@x>\nclose\n"},
     SENDER OK("b") SENT SENDER "RCPT c@x\n= 451 4.4.0 the server closed the "
     "connection, while naming the sender\n"},
    {"a dry run first", {HELLO MAIL RCPT("b") RCPT("c") RSET
      MAIL RCPT("b") RCPT("c") TAKEN QUIT},
     SENDER OK("b") OK("c") "RSET\nlog: \n" SENDER OK("b") OK("c") SENT
     "log: to=<b@x>,<c@x> status=sent dsn=2.0.0\n"},
    {"what was refused in it is logged", {HELLO MAIL RCPT("b")
      "C: RCPT TO:<c@x>\nS: 550 who\n" QUIT},
     SENDER OK("b")
     "RCPT c@x\n= 550  the server refused the recipient: 550 who\n" "RSET\n"
     "log: to=<c@x> status=refused reason=\"the server refused the recipient: "
     "550 who\"\n"},
    {"nobody to connect for", {NULL}, SENDER "RSET\n" SENDER "RSET\n"},
    {"named twice", {HELLO MAIL RCPT("b")
      "C: RCPT TO:<c@x>\nS: 450 4.2.0 busy\n" TAKEN QUIT},
     SENDER OK("b") OK("b") "RCPT b@X\n= 250 2.1.5 recipient ok\n"
     "RCPT c@x\n= 450 4.2.0 the server refused the recipient: 450 4.2.0 busy\n"
     "RCPT c@x\n= 450 4.2.0 the server refused the recipient: 450 4.2.0 busy\n"
     SENT},
    {"at two domains", {HELLO MAIL RCPT("b")
      "C: RCPT TO:<b@y>\nS: 250 ok\n" QUIT},
     SENDER OK("b") "RCPT b@y\n= 250 2.1.5 recipient ok\n"},
    {"no address", {NULL},
     SENDER "RCPT b@@x\n= 553 5.1.3 recipient 'b@@x': *\n"},
    {"no address", {NULL}, "MAIL b@@x\n= 553 5.1.7 sender 'b@@x': *\n"},
    {"no domain", {HELLO "C: MAIL FROM:<root@dom.example>\nS: 250 ok\n"
      "C: RCPT TO:<op@dom.example>\nS: 250 ok\n" QUIT},
     "MAIL root\n= 250 2.1.0 sender ok\nRCPT op\n= 250 2.1.5 recipient ok\n"},
    {"the null sender", {HELLO "C: MAIL FROM:<>\nS: 250 ok\n" RCPT("b") QUIT},
     "MAIL\n= 250 2.1.0 sender ok\n" OK("b")},
    {"more than it says it takes", {OFFERS("S: 250 LIMITS RCPTMAX=2\n")
      MAIL RCPT("b") RCPT("c") TAKEN QUIT},
     SENDER OK("b") OK("c")
     "RCPT d@x\n= 452 4.5.3 the server takes no more recipients at once\n"
     SENT},
    {"more than it takes", {HELLO MAIL RCPT("b")
      "C: RCPT TO:<c@x>\nS: 452 4.5.3 too many\n"
      "C: RCPT TO:<d@x>\nS: 552 too many\n" TAKEN QUIT},
     SENDER OK("b")
     "RCPT c@x\n= 452 4.5.3 the server refused the recipient: 452 4.5.3 too "
     "many\n"
     "RCPT d@x\n= 452 4.5.3 the server refused the recipient: 552 too many\n"
     SENT},
    {"a local part in UTF-8", {OFFERS("S: 250 SMTPUTF8\n")
      "C: MAIL FROM:<a@x> SMTPUTF8\nS: 250 ok\n" RCPT("b\xC3\xA9") TAKEN QUIT},
     SENDER OK("b\xC3\xA9") SENT},
    {"after one in ASCII", {OFFERS("S: 250 SMTPUTF8\n") MAIL RCPT("b") QUIT},
     SENDER OK("b") "RCPT b\xC3\xA9@x\n= 452 4.5.3 the address holds UTF-8, "
     "which MAIL did not announce: it is for a message of its own\n"},
    {"at a server that does not take it", {HELLO MAIL RCPT("b") QUIT},
     SENDER "RCPT b\xC3\xA9@x\n= 553 5.6.7 the address holds UTF-8, and the "
     "server does not take that\n" OK("b")},
    {"SMTPUTF8 is said on", {OFFERS("S: 250 SMTPUTF8\n")
      "C: MAIL FROM:<a@x> SMTPUTF8\nS: 250 ok\n" RCPT("b")
      RCPT("b\xC3\xA9") QUIT},
     "MAIL a@x SMTPUTF8\n= 250 2.1.0 sender ok\n" OK("b") OK("b\xC3\xA9")},
    {"a sender in UTF-8", {OFFERS("S: 250 SMTPUTF8\n")
      "C: MAIL FROM:<\xC3\xA9@x> SMTPUTF8\nS: 250 ok\n" RCPT("b") QUIT},
     "MAIL \xC3\xA9@x\n= 250 2.1.0 sender ok\n" OK("b")},
    {"who cannot be named", {HELLO QUIT},
     "MAIL \xC3\xA9@x\n= 250 2.1.0 sender ok\n"
     "RCPT b@x\n= 554 5.6.7 the sender's address holds UTF-8, and the server "
     "does not take that\n"
     "RCPT c@x\n= 554 5.6.7 the sender's address holds UTF-8, and the server "
     "does not take that\n"},
    {"what MAIL says", {OFFERS("S: 250-SIZE\nS: 250 8BITMIME\n")
      "C: MAIL FROM:<a@x> SIZE=77 BODY=8BITMIME\nS: 250 ok\n" RCPT("b") QUIT},
     "MAIL a@x SIZE\n= 250 2.1.0 sender ok\n" OK("b")},
    {"as large as may be", {NULL}, "MAIL a@x MOST\n= 250 2.1.0 sender ok\n"},
    {"too large at once", {NULL},
     "MAIL a@x HUGE\n= 552 5.3.4 the message is too large\n"},
    {"too large for the server", {OFFERS("S: 250 SIZE 20\n") MAIL RCPT("b")
      QUIT},
     SENDER OK("b") "SEND\n= 552 5.3.4 the message has 57 octets, and the "
     "server takes 20 at most\n"
     "log: to=<b@x> status=refused reason=\"5.3.4 the message has 57 octets, "
     "and the server takes 20 at most\"\n"},
    {"too large for the settings", {HELLO MAIL RCPT("b") QUIT},
     SENDER OK("b") "SEND " LONG
     "\n= 552 5.3.4 the message is larger than 200 octets\n"
     "log: to=<b@x> status=refused reason=\"the message is larger than 200 "
     "octets\"\n"},
    {"reports of delivery", {OFFERS("S: 250 DSN\n")
      "C: MAIL FROM:<a@x> RET=HDRS ENVID=e1\nS: 250 ok\n"
      "C: RCPT TO:<b@x> NOTIFY=NEVER ORCPT=rfc822;o@x\nS: 250 ok\n"
      "C: DATA\nclose\n", OFFERS("S: 250 DSN\n")
      "C: MAIL FROM:<a@x> RET=HDRS ENVID=e1\nS: 250 ok\n"
      "C: RCPT TO:<b@x> NOTIFY=NEVER ORCPT=rfc822;o@x\nS: 250 ok\n" TAKEN
      QUIT},
     "MAIL a@x DSN\n= 250 2.1.0 sender ok\n"
     "RCPT b@x DSN\n= 250 2.1.5 recipient ok\n" SENT},
    {"which it does not know of", {HELLO MAIL RCPT("b") RCPT("c") TAKEN QUIT},
     "MAIL a@x DSN\n= 250 2.1.0 sender ok\n"
     "RCPT b@x DSN\n= 250 2.1.5 recipient ok\n"
     "RCPT c@x DSN\n= 250 2.1.5 recipient ok\n" SENT},

    /* team: b@x, c@x; crowd: b@x, c@x, d@x; nobody: /dev/null */
    {"an alias", {OFFERS("S: 250 DSN\n") MAIL
      RCPT("b") RCPT("c") RCPT("d")
      RCPT("e") TAKEN QUIT},
     SENDER "RCPT team\n= 250 2.1.5 recipient ok\n"
     "RCPT crowd\n= 250 2.1.5 recipient ok\n" OK("e") SENT
     "log: to=<b@x>,<c@x>,<d@x>,<e@x> status=sent dsn=2.0.0\n"},
    {"the rest of whom waits, and is named alone", {HELLO MAIL RCPT("b")
      "C: RCPT TO:<c@x>\nS: 452 4.5.3 too many\n" QUIT},
     SENDER "RCPT team\n= 250 2.1.5 recipient ok\n" OK("c")},
    {"and is held back with the others", {HELLO MAIL RCPT("b")
      "C: RCPT TO:<c@x>\nS: 452 4.5.3 too many\n"
      "C: DATA\nS: 354 go\nmessage\nS: 451 later\n" QUIT},
     SENDER "RCPT team\n= 250 2.1.5 recipient ok\n"
     "SEND\n= 451  the server refused the message: 451 later\n"
     "log: to=<b@x> status=deferred reason=\"the server refused the message: "
     "451 later\" to=<c@x> status=deferred reason=\"held back, since the server "
     "deferred another recipient\"\n"},
    {"a server that took UTF-8, and does no more",
     {OFFERS("S: 250 SMTPUTF8\n") "C: MAIL FROM:<a@x> SMTPUTF8\nS: 250 ok\n"
      RCPT("b\xC3\xA9") "C: DATA\nclose\n", HELLO QUIT},
     "MAIL a@x SMTPUTF8\n= 250 2.1.0 sender ok\n" OK("b\xC3\xA9")
     "SEND\n= 553 5.6.7 the address holds UTF-8, and the server does not take "
     "that\n"
     "log: to=\"<b\xC3\xA9@x>\" status=refused dsn=5.6.7 reason=\"the address holds "
     "UTF-8, and the server does not take that\"\n"},
    {"one of whom is refused", {HELLO MAIL
      "C: RCPT TO:<b@x>\nS: 550 5.1.1 who\n" RCPT("c") TAKEN QUIT},
     SENDER "RCPT team\n= 250 2.1.5 recipient ok; but not b@x: the server "
     "refused the recipient: 550 5.1.1 who\n"
     "SEND\n= 250 2.0.0 taken as 1; but not to b@x: the server refused the "
     "recipient: 550 5.1.1 who\n"
     "log: to=<b@x> status=refused dsn=5.1.1 reason=\"the server refused the "
     "recipient: 550 5.1.1 who\" to=<c@x> status=sent dsn=2.0.0\n"},
    {"all of whom are", {HELLO MAIL
      "C: RCPT TO:<b@x>\nS: 550 5.1.1 who\n"
      "C: RCPT TO:<c@x>\nS: 550 5.1.1 whoever\n" QUIT},
     SENDER "RCPT team\n= 550 5.1.1 the server refused the recipient: 550 "
     "5.1.1 whoever\n"},
    {"one of whom is deferred", {HELLO MAIL RCPT("b")
      "C: RCPT TO:<c@x>\nS: 451 4.7.1 later\n" RCPT("d") QUIT},
     SENDER "RCPT team\n= 451 4.7.1 the server refused the recipient: 451 "
     "4.7.1 later\n" OK("d") "RSET\n"
     "log: to=<b@x> status=deferred reason=\"held back, since the server "
     "deferred another recipient\" to=<c@x> status=deferred dsn=4.7.1 "
     "reason=\"the server refused the recipient: 451 4.7.1 later\"\n"},
    {"the others get it", {HELLO MAIL RCPT("b")
      "C: RCPT TO:<c@x>\nS: 451 4.7.1 later\n" RCPT("d") QUIT,
      HELLO MAIL RCPT("d") TAKEN MAIL RCPT("b") TAKEN QUIT},
     SENDER "RCPT team\n= 451 4.7.1 the server refused the recipient: 451 "
     "4.7.1 later\n" OK("d") SENT
     "log: to=<b@x> status=deferred reason=\"held back, since the server "
     "deferred another recipient\" to=<c@x> status=deferred dsn=4.7.1 "
     "reason=\"the server refused the recipient: 451 4.7.1 later\" to=<d@x> "
     "status=sent dsn=2.0.0\n" SENDER OK("b") SENT},
    {"who was accepted before keeps it", {HELLO MAIL RCPT("b")
      "C: RCPT TO:<c@x>\nS: 451 4.7.1 later\n" TAKEN QUIT},
     SENDER OK("b") "RCPT team\n= 451 4.7.1 the server refused the recipient: "
     "451 4.7.1 later\n" SENT},
    {"lost among them", {HELLO MAIL RCPT("d") RCPT("b")
      "C: RCPT TO:<c@x>\nclose\n", HELLO MAIL RCPT("d") TAKEN QUIT},
     SENDER OK("d") "RCPT team\n= 451 4.4.0 *\n" SENT},
    {"nobody", {NULL},
     SENDER "RCPT nobody\n= 250 2.1.5 an alias drops it\n"
     "SEND\n= 250 2.0.0 an alias drops it\n"},
    {"nobody, and one that is refused", {HELLO MAIL
      "C: RCPT TO:<b@x>\nS: 550 who\n" QUIT},
     SENDER "RCPT nobody\n= 250 2.1.5 an alias drops it\n"
     "RCPT b@x\n= 550  the server refused the recipient: 550 who\n"
     "SEND\n= 250 2.0.0 an alias drops it\n"
     "log: to=<b@x> status=refused reason=\"the server refused the recipient: "
     "550 who\"\n"},
    {"an alias of more than it takes", {HELLO MAIL RCPT("b") RCPT("c")
      "C: RCPT TO:<d@x>\nS: 452 4.5.3 too many\n" TAKEN
      MAIL RCPT("d") TAKEN QUIT},
     SENDER "RCPT crowd\n= 250 2.1.5 recipient ok\n" SENT
     "log: to=<b@x>,<c@x>,<d@x> status=sent dsn=2.0.0\n"},
    {"the rest of whom is deferred", {HELLO MAIL RCPT("b") RCPT("c")
      "C: RCPT TO:<d@x>\nS: 452 4.5.3 too many\n" TAKEN
      MAIL "C: RCPT TO:<d@x>\nS: 451 later\n" QUIT},
     SENDER "RCPT crowd\n= 250 2.1.5 recipient ok\n"
     "SEND\n= 451  the server refused the recipient: 451 later; but it was "
     "sent to b@x, c@x\n"},
    {"who get no message", {HELLO MAIL RCPT("b") RCPT("c")
      "C: RCPT TO:<d@x>\nS: 452 4.5.3 too many\n" QUIT},
     SENDER "RCPT crowd\n= 250 2.1.5 recipient ok\n" "SEND " LONG
     "\n= 552 5.3.4 the message is larger than 200 octets\n"
     "log: to=<b@x>,<c@x>,<d@x> status=refused reason=\"the message is larger "
     "than 200 octets\"\n"},
    {"not as the second", {HELLO MAIL RCPT("e") RCPT("b")
      "C: RCPT TO:<c@x>\nS: 452 too many\n"
      "C: RCPT TO:<d@x>\nS: 452 too many\n" QUIT,
      HELLO MAIL RCPT("e") TAKEN QUIT},
     SENDER OK("e")
     "RCPT crowd\n= 452 4.5.3 the server refused the recipient: 452 too many\n"
     SENT},
};

struct scene {
    struct scratch here;
    struct app app;
    struct relay relay;
    struct upstreams up;
    struct buf client;   /* the row's, the server put in for "@:" */
    size_t logged;       /* octets of the log that were looked at */
    const char *rule;
};

static void set(struct scene *s, struct span name, const char *value)
{
    struct err err = {0};

    ck_assert_msg(conf_set(&s->app.conf, name, span_of(value), S("test"),
                           CONF_USER, &err), "%s", err.text);
}

static void scene_set(struct scene *s, const struct row *row)
{
    static const struct span aliases =
        SPAN_INIT("team: b@x, c@x\ncrowd: b@x, c@x, d@x\nnobody: /dev/null\n");
    static const char *const nothing[] = {NULL};

    *s = (struct scene){.rule = row->rule};
    scratch_make(&s->here);
    upstreams_start(&s->up, row->scripts);
    s->app.environ = nothing;
    s->app.world = (struct world){.host = S("me.example"), .login = S("me")};
    s->relay.app = &s->app;
    conf_init(&s->app.conf, S(""));
    set(s, S("server"), s->up.url);
    set(s, S("tls"), "off");
    set(s, S("timeout"), "5");
    set(s, S("size-limit"), "200");
    set(s, S("domain"), "dom.example");
    scratch_write(scratch_path(&s->here, "aliases"), aliases, 0600);
    set(s, S("aliases"), scratch_path(&s->here, "aliases"));
    set(s, S("log"), scratch_path(&s->here, "log"));
}

static void scene_end(struct scene *s)
{
    relay_free(&s->relay);
    upstreams_end(&s->up, s->rule);
    app_free(&s->app);
    scratch_remove(&s->here);
}

/* What may be said behind an address. */
static void add_parameters(struct span word, struct serve_mail *mail,
                           struct serve_rcpt *rcpt)
{
    struct mail_parameters *p = &mail->parameters;

    p->smtputf8 = span_eq(word, S("SMTPUTF8"));
    p->size = span_eq(word, S("HUGE"))   ? 201
              : span_eq(word, S("MOST")) ? 200
              : span_eq(word, S("SIZE")) ? 77
                                         : 0;
    p->state_size = p->size > 0;
    if (!span_eq(word, S("DSN")))
        return;
    p->returned = DSN_RETURN_HDRS;
    p->envelope_id = S("e1");
    rcpt->parameters = (struct rcpt_parameters){
        .notify = DSN_NOTIFY_NEVER, .original = S("rfc822;o@x")};
}

static void send_text(struct relay *r, struct span text, struct answer *a)
{
    struct buf message = {0};
    bool ok = true;

    buf_printf(&message, "%.*s%sDate: x\nFrom: a@x\nMessage-ID: <1@x>\n\n",
               SPAN_ARG(text), text.n ? "\n" : "");
    if (!text.n)
        buf_add(&message, S("\nhello, hello\n"));
    /* In pieces, and with nothing behind the one that is refused. */
    for (size_t i = 0; ok && i < message.len; i += 16)
        ok = relay_content(r, span_upto(span_from(buf_span(&message), i), 16),
                           a);
    if (ok)
        relay_message(r, a);
    else
        relay_reset(r);
    buf_free(&message);
}

/* STEP is done; the answer, if it has any. */
static void client_step(struct scene *s, struct span step, struct answer *a)
{
    struct serve_mail mail = {.sender = S("")};
    struct serve_rcpt rcpt = {.recipient = S("")};
    struct span rest = step, verb, address = S(""), word = S("");

    span_word(&rest, ' ', &verb);
    if (span_eq(verb, S("SEND"))) {
        send_text(&s->relay, rest, a);
        return;
    }
    span_word(&rest, ' ', &address);
    span_word(&rest, ' ', &word);
    add_parameters(word, &mail, &rcpt);
    mail.sender = rcpt.recipient = address;
    if (span_eq(verb, S("MAIL")))
        relay_sender(&s->relay, &mail, a);
    else if (span_eq(verb, S("RCPT")))
        relay_recipient(&s->relay, &rcpt, a);
    else if (span_eq(verb, S("RSET")))
        relay_reset(&s->relay);
    else
        ck_abort_msg("%s: no such step", s->rule);
}

static void check_answer(const struct scene *s, struct span want,
                         const struct answer *a)
{
    struct buf got = {0};

    buf_printf(&got, "%d %s ", a->code, a->status);
    buf_add(&got, buf_span(&a->text));
    if (span_ends(want, S("*")) &&
        span_starts(buf_span(&got), span_upto(want, want.n - 1)))
        buf_free(&got);
    else
        ck_assert_msg(span_eq(buf_span(&got), want), "%s: \"%s\"", s->rule,
                      buf_cstring(&got));
    buf_free(&got);
}

/* What stands in front of "to=" and from "server=" on is the same each time. */
static void check_log(struct scene *s, struct span want)
{
    struct buf log = {0};
    struct span rest, line = S("");
    int fd = open(scratch_path(&s->here, "log"), O_RDONLY);
    size_t n = 0;

    if (fd < 0 && !want.n)
        return; /* it has not begun */
    ck_assert_msg(fd >= 0, "%s: no log", s->rule);
    buf_filled(&log, (size_t)read(fd, buf_room(&log, 8192), 8192));
    close(fd);
    rest = span_from(buf_span(&log), s->logged);
    s->logged = log.len;
    while (span_line(&rest, &line) && line.n > 0 && rest.n > 0)
        continue;
    while (n < line.n && !span_starts(span_from(line, n), S("to=")))
        n++;
    line = span_from(line, n);
    if (!want.n)
        ck_assert_msg(!line.n, "%s: logged \"%.*s\"", s->rule, SPAN_ARG(line));
    for (n = 0; n < line.n && !span_starts(span_from(line, n), S(" server=")) &&
                !span_starts(span_from(line, n), S(" uid="));)
        n++;
    ck_assert_msg(span_eq(span_upto(line, n), want), "%s: logged \"%.*s\"",
                  s->rule, SPAN_ARG(line));
    buf_free(&log);
}

static void play(struct scene *s, struct span rest)
{
    struct answer a = {0};
    struct span line;

    while (span_line(&rest, &line)) {
        if (span_starts(line, S("= "))) {
            check_answer(s, span_from(line, 2), &a);
        } else if (span_starts(line, S("log: "))) {
            check_log(s, span_from(line, 5));
        } else {
            buf_clear(&a.text);
            client_step(s, line, &a);
        }
    }
    buf_free(&a.text);
}

/* TEXT with the server for "@:", which no address has. */
static void expand(const struct scene *s, const char *text, struct buf *out)
{
    for (; *text; text++)
        if (text[0] == '@' && text[1] == ':')
            buf_printf(out, "127.0.0.1:%u", (unsigned)s->up.port);
        else
            buf_addc(out, *text);
}

START_TEST(what_the_client_is_told)
{
    struct buf client = {0};
    struct scene s;

    scene_set(&s, &cases[_i]);
    expand(&s, cases[_i].client, &client);
    play(&s, buf_span(&client));
    scene_end(&s);
    buf_free(&client);
}
END_TEST

/* It can be sent in no form; the session goes on. */
START_TEST(a_message_that_is_none)
{
    static const struct row row = {
        "a field that is too long",
        {HELLO MAIL RCPT("b") RSET MAIL RCPT("b") TAKEN QUIT}, ""};
    struct buf text = {0};
    struct scene s;

    scene_set(&s, &row);
    set(&s, S("size-limit"), "2097152");
    buf_add(&text, S(SENDER OK("b") "SEND Subject: "));
    for (int i = 0; i < 1 << 20; i += 64)
        buf_add(&text, S("0123456789012345678901234567890123456789"
                         "012345678901234567890123"));
    buf_add(&text, S("\n= 554 5.6.0 the header field 'Subject' is longer than "
                     "1048576 octets\n"
                     "log: to=<b@x> status=refused reason=\"the header field "
                     "'Subject' is longer than 1048576 octets\"\n"
                     SENDER OK("b") SENT
                     SENDER "RCPT nobody\n= 250 2.1.5 an alias drops it\n"
                     "SEND Subject: "));
    for (int i = 0; i < 1 << 20; i += 64)
        buf_add(&text, S("0123456789012345678901234567890123456789"
                         "012345678901234567890123"));
    buf_add(&text, S("\n= 554 5.6.0 *\n"));
    play(&s, buf_span(&text));
    scene_end(&s);
    buf_free(&text);
}
END_TEST

/* Another account is another session, and the one before is closed first. */
START_TEST(accounts)
{
    static const struct row row = {
        "accounts",
        {HELLO MAIL RCPT("b") TAKEN MAIL RCPT("b") TAKEN QUIT,
         HELLO "C: MAIL FROM:<a@y>\nS: 250 ok\n"
         "C: RCPT TO:<op@y.example>\nS: 250 ok\n" QUIT,
         HELLO MAIL RCPT("b") TAKEN QUIT}, ""};
    char text[1024];
    struct scene s;
    struct err err = {0};

    scene_set(&s, &row);
    snprintf(text, sizeof text,
             "server = %s\ntls = off\ndomain = x.example\naliases = %s\n"
             "[account one]\nmatch = *@x\n[account two]\nmatch = *@y\n"
             "domain = y.example\naliases = none\n", s.up.url,
             scratch_path(&s.here, "aliases"));
    scratch_write(scratch_path(&s.here, "config"), span_of(text), 0600);
    conf_free(&s.app.conf);
    s.app.cli.mode = CLI_SMTP;
    s.app.cli.config_path = scratch_path(&s.here, "config");
    ck_assert_msg(app_settings(&s.app, &err), "%s", err.text);
    play(&s, S(SENDER OK("b") SENT SENDER OK("b") SENT
               "MAIL a@y\n= 250 2.1.0 sender ok\n"
               "RCPT op\n= 250 2.1.5 recipient ok\n" "RSET\n"
               "MAIL a@@\n= 553 5.1.7 sender 'a@@': *\n"
               SENDER OK("b") "RCPT nobody\n= 250 2.1.5 an alias drops it\n"
               SENT));
    scene_end(&s);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("relay");

    tcase_add_loop_test(t, what_the_client_is_told, 0, COUNT(cases));
    tcase_add_test(t, a_message_that_is_none);
    tcase_add_test(t, accounts);
    return unit_run("relay", t);
}
