#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# SMTP on standard input and output, against the test server.
. "$(dirname "$0")/lib.sh"

bs() { # OPTION... : all that the client says stands on standard input
    cat >"$work/client"
    run -bs "$@" <"$work/client"
}

# The client by turns.  "> TEXT" is what it says; "< TEXT" is how the next reply
# begins, its last line counts; "! COMMAND" is run in between.
talk() { # OPTION... : by the script on standard input
    cat >"$work/talk"
    rm -f "$work/to" "$work/from"
    mkfifo "$work/to" "$work/from"
    (
        set_environment
        # shellcheck disable=SC2086 # a command and its option, or nothing
        exec $limit "$PENNYPOST" -bs "$@" <"$work/to" >"$work/from" \
            2>"$work/err"
    ) &
    program=$!
    exec 3>"$work/to" 4<"$work/from"
    : >"$work/out"
    while read -r what text; do
        case $what in
        '>') (trap '' PIPE && printf '%s\r\n' "$text" >&3) 2>/dev/null ;;
        '<') hear "$text" ;;
        '!') eval "$text" ;;
        esac
    done <"$work/talk"
    exec 3>&- 4<&-
    ended
}

hear() { # TEXT : the next reply
    while read -r reply <&4; do
        printf '%s\n' "$reply" >>"$work/out"
        case $reply in ???-*) ;; *) break ;; esac
    done
    case $reply in
    "$1"*) ;;
    *) wrongly "the reply is: $reply, not: $1" ;;
    esac
}

terminate() {
    pid=$program
    # With timeout(1) before it the program is its child.
    [ -z "$limit" ] || pid=$(ps -o pid= --ppid "$program" 2>/dev/null)
    # shellcheck disable=SC2086 # a number with blanks around
    kill -TERM ${pid:-$program}
}

begin 'a conversation'
plain serve
talk <<'END'
< 220
> EHLO client.example
< 250 CHUNKING
> NOOP
< 250 2.0.0
> VRFY bob
< 252
> MAIL FROM:<alice@example.org> SIZE=100
< 250 2.1.0
> RCPT TO:<bob@example.net>
< 250 2.1.5
> DATA
< 354
> Subject: x
>
> ..dot
> .
< 250 2.0.0
> QUIT
< 221
END
status 0
out_has '250-PIPELINING'
out_has '250-8BITMIME'
out_has '250-SMTPUTF8'
out_has '250-DSN'
out_has '250-ENHANCEDSTATUSCODES'
out_has '250-SIZE '
delivered 1
text_has '.dot'
text_lacks '..dot'
text_has 'Message-ID: <'
said 'SIZE=100'
[ ! -s "$work/err" ] || wrongly 'something on standard error'

begin 'all at once, LF only, without HELO, twice'
plain serve
bs <<'END'
MAIL FROM:<alice@example.org>
RCPT TO:<bob@example.net>
DATA
Subject: one

.
MAIL FROM:<alice@example.org>
RCPT TO:<carol@example.net>
DATA
Subject: two

.
QUIT
END
status 0
delivered 2
text_has 'Subject: one'
[ "$(connections connected)" = 1 ] || wrongly 'not over one connection'
not_said 'RSET'

begin 'a dry run first, as nmh does'
plain serve
bs -odb -oem -om -oi -i <<'END'
EHLO client
MAIL FROM:<alice@example.org>
RCPT TO:<bob@example.net>
RSET
MAIL FROM:<alice@example.org>
RCPT TO:<bob@example.net>
DATA
Subject: x

.
QUIT
END
status 0
delivered 1
[ "$(connections connected)" = 1 ] || wrongly 'not over one connection'

begin 'HELO, and the message in a chunk'
plain serve
printf 'HELO [127.0.0.1]\r\nMAIL FROM:<>\r\nRCPT TO:<bob@example.net>\r
BDAT 14 LAST\r\nSubject: x\r\n\r\nQUIT\r\n' | bs
status 0
delivered 1
said 'MAIL FROM:<> '

begin 'the answers are those of the server'
serve <<'END'
RCPT 1: 550 5.1.1 no such user
RCPT 2: 451 4.7.1 greylisted
DOT 1: 554 5.7.1 spam
END
bs <<'END'
MAIL FROM:<alice@example.org>
RCPT TO:<bob@example.net>
RCPT TO:<carol@example.net>
RCPT TO:<dave@example.net>
DATA
Subject: x

.
QUIT
END
status 0
out_has '550 5.1.1 the server refused the recipient: 550 5.1.1 no such user'
out_has '451 4.7.1 the server refused the recipient: 451 4.7.1 greylisted'
out_has '250 2.1.5 recipient ok'
out_has '554 5.7.1 the server refused the message: 554 5.7.1 spam'
delivered 0

# A server that cannot be used is no reason to lose mail: 4yz, in words.
begin 'a certificate that is not trusted'
plain serve
trust=system
talk <<'END'
< 220
> MAIL FROM:<alice@example.org>
< 250
> RCPT TO:<bob@example.net>
< 451 4.7.0
> RCPT TO:<carol@example.net>
< 451 4.7.0
> RSET
< 250
> QUIT
< 221
END
status 0
out_has 'certificate'
[ "$(connections connected)" = 1 ] || wrongly 'asked twice'

begin 'a login that is refused'
plain serve
url="submission://$user:wrong@localhost:%"
talk <<'END'
< 220
> MAIL FROM:<alice@example.org>
< 250
> RCPT TO:<bob@example.net>
< 451 4.7.0
> QUIT
< 221
END
status 0
delivered 0

begin 'nobody listens'
port=1
bs <<'END'
MAIL FROM:<alice@example.org>
RCPT TO:<bob@example.net>
QUIT
END
status 0
out_has '451 4.4.0 cannot connect to '

begin 'no server is set'
url=
bs </dev/null
status 78
out_has '421-4.3.5 no server is set'
err_has 'no server is set'

refused() { # NAME TEXT OPTION... : the client is told, too
    begin "$1"
    text=$2
    shift 2
    plain serve
    bs "$@" </dev/null
    status 64
    out_has '554 5.5.4'
    out_has "$text"
    err_has "$text"
}
refused 'recipients on the command line' 'are named in SMTP' bob@example.net
refused 'recipients in the header' 'are named in SMTP' -t
refused 'a dry run' '--dry-run is for one message' --dry-run
refused 'an option that there is not' 'there is no option' --bogus

begin 'both conversations are shown'
plain serve
bs -v <<'END'
EHLO client
AUTH PLAIN Zm9vYmFy
MAIL FROM:<alice@example.org>
RCPT TO:<bob@example.net>
RSET
QUIT
END
status 0
err_has 'c: MAIL FROM:<alice@example.org>'
err_has 's: 250 2.1.5 recipient ok'
err_has 'C: RCPT TO:<bob@example.net>'
err_has 'S: 250'
err_lacks 'Zm9vYmFy'

begin 'the input ends within the message'
plain serve
bs <<'END'
MAIL FROM:<alice@example.org>
RCPT TO:<bob@example.net>
DATA
Subject: x
END
status 75
delivered 0
not_said 'DATA'

begin 'the input is empty'
plain serve
bs </dev/null
status 0
out_has '220 '

begin 'SIGTERM between two messages'
plain serve
talk <<'END'
< 220
! terminate
< 421 4.3.2
END
status 75

begin 'SIGTERM while the server thinks'
serve <<'END'
RCPT: hang
END
talk <<'END'
< 220
> MAIL FROM:<alice@example.org>
< 250
> RCPT TO:<bob@example.net>
! sleep 0.5; terminate
< 451 4.4.0 stopped by signal 15
< 421 4.3.2
END
status 75

begin 'a message that is too large'
plain serve
bs --size-limit=100 <<'END'
EHLO client
MAIL FROM:<alice@example.org> SIZE=101
MAIL FROM:<alice@example.org>
RCPT TO:<bob@example.net>
DATA
Subject: x

0123456789012345678901234567890123456789012345678901234567890123456789
0123456789012345678901234567890123456789012345678901234567890123456789
.
MAIL FROM:<alice@example.org>
RCPT TO:<carol@example.net>
DATA
Subject: y

.
QUIT
END
status 0
out_has '250-SIZE 100'
[ "$(grep -c '^552 5.3.4 ' "$work/out")" = 2 ] || wrongly 'not refused twice'
delivered 1
text_has 'Subject: y'

begin 'too large for the server'
plain serve --max-size 50
bs <<'END'
MAIL FROM:<alice@example.org>
RCPT TO:<bob@example.net>
DATA
Subject: x

0123456789012345678901234567890123456789012345678901234567890123456789
.
QUIT
END
status 0
out_has '552 5.3.4 the message has '
delivered 0
not_said 'DATA'

# 2 MiB go to a file, and files may not be as large.
begin 'no room for the message'
plain serve
{
    printf '%s\n' 'MAIL FROM:<alice@example.org>' \
        'RCPT TO:<bob@example.net>' DATA 'Subject: x' ''
    awk 'BEGIN { for (i = 0; i < 60000; i++)
        print "a line of a message that goes on and on" }'
    printf '%s\n' . 'MAIL FROM:<alice@example.org>' \
        'RCPT TO:<carol@example.net>' DATA 'Subject: y' '' . QUIT
} >"$work/big"
(ulimit -f 1000 && run -bs <"$work/big" && echo "$status" >"$work/status")
status=$(cat "$work/status")
status 0
out_has '452 4.3.1 cannot keep the message in a file'
delivered 1
text_has 'Subject: y'

begin '8-bit text to a server that takes none'
plain serve --no-8bitmime --no-smtputf8
bs -v <<'END'
MAIL FROM:<alice@example.org> BODY=8BITMIME SMTPUTF8
RCPT TO:<bob@example.net>
DATA
Subject: grüße

grün
.
QUIT
END
status 0
delivered 1
text_has 'gr=C3=BCn'
text_has 'Subject: =?utf-8?'
not_said 'BODY='
err_has 'quoted-printable'

begin 'UTF-8 in an address that was not announced'
plain serve
bs <<'END'
MAIL FROM:<alice@example.org>
RCPT TO:<bob@example.net>
DATA
From: Ä <ä@example.org>

.
QUIT
END
status 0
delivered 1
text_lacks 'ä'
not_said 'SMTPUTF8 '

begin 'and to one that does'
plain serve
bs <<'END'
MAIL FROM:<alice@example.org>
RCPT TO:<bob@example.net>
DATA
Subject: x

grün
.
QUIT
END
status 0
text_has 'grün'
said 'BODY=8BITMIME'

begin 'reports of delivery'
plain serve
bs <<'END'
MAIL FROM:<alice@example.org> RET=HDRS ENVID=e1
RCPT TO:<bob@example.net> NOTIFY=NEVER ORCPT=rfc822;o@example.net
QUIT
END
status 0
said 'RET=HDRS ENVID=e1'
said 'RCPT TO:<bob@example.net> NOTIFY=NEVER ORCPT=rfc822;o@example.net'

begin 'a server that closes between two messages'
serve <<'END'
MAIL 2: close
END
bs <<'END'
MAIL FROM:<alice@example.org>
RCPT TO:<bob@example.net>
DATA
Subject: one

.
MAIL FROM:<alice@example.org>
RCPT TO:<carol@example.net>
DATA
Subject: two

.
QUIT
END
status 0
delivered 2
[ "$(connections connected)" = 2 ] || wrongly 'not over two connections'

begin 'and before the second message is asked for'
serve <<'END'
DATA 2: close
END
bs <<'END'
MAIL FROM:<alice@example.org>
RCPT TO:<bob@example.net>
DATA
Subject: one

.
MAIL FROM:<alice@example.org>
RCPT TO:<carol@example.net>
DATA
Subject: two

.
QUIT
END
status 0
delivered 2
[ "$(grep -c '^250 2.0.0 ' "$work/out")" = 2 ] || wrongly 'not told so'

begin 'behind the dot it is not sent again'
serve <<'END'
DOT: close
END
bs <<'END'
MAIL FROM:<alice@example.org>
RCPT TO:<bob@example.net>
DATA
Subject: x

.
QUIT
END
status 0
out_has '451 4.4.0 '
out_has 'it may have accepted the message'
[ "$(connections connected)" = 1 ] || wrongly 'not over one connection'

begin 'an account for each sender'
plain serve
cat >"$work/config" <<END
aliases = none
tls-trust = $trust
domain = example.org
password = $password
size-limit = 1K
[account one]
match = *@example.org
server = submission://$user@localhost:$port
[account two]
match = *@example.com
server = submission://$user@127.0.0.1:$port
domain = example.com
END
chmod 600 "$work/config"
config=$work/config url='' trust=''
bs <<'END'
MAIL FROM:<alice@example.org>
RCPT TO:<one>
DATA

.
MAIL FROM:<alice@example.com>
RCPT TO:<two>
DATA

.
MAIL FROM:<bob>
RCPT TO:<three>
DATA

.
MAIL FROM:<carol@example.org>
RCPT TO:<four>
DATA

.
MAIL FROM:<dave@nowhere.example>
QUIT
END
config=''
status 0
delivered 4
said 'RCPT TO:<one@example.org>'
said 'RCPT TO:<two@example.com>'
said 'MAIL FROM:<bob@example.org>'
said 'RCPT TO:<three@example.org>'
[ "$(connections connected)" = 3 ] || wrongly 'not over three connections'
out_has "451 4.3.5 no account is for mail from 'dave@nowhere.example'"

begin 'the one address that may send'
plain serve
bs -v --from=app@example.org --allow-from='*@news.example' \
    --rewrite-from=always <<'END'
MAIL FROM:<root>
RCPT TO:<bob@example.net>
DATA
From: Root <root@host>

.
MAIL FROM:<a@news.example>
RCPT TO:<bob@example.net>
QUIT
END
status 0
said 'MAIL FROM:<app@example.org> '
text_has 'From: Root <app@example.org>'
said 'MAIL FROM:<a@news.example>'
err_has "* the sender 'root"

begin 'an alias'
plain serve
printf 'root: bob@example.net, carol@example.net\nnobody: /dev/null\n' \
    >"$work/aliases"
bs --aliases="$work/aliases" --domain=example.org <<'END'
MAIL FROM:<alice@example.org>
RCPT TO:<root> NOTIFY=FAILURE
RCPT TO:<nobody>
DATA

.
QUIT
END
status 0
delivered 1
said 'RCPT TO:<bob@example.net> NOTIFY=FAILURE ORCPT=rfc822;root@example.org'
said 'RCPT TO:<carol@example.net> NOTIFY=FAILURE ORCPT='
[ "$(grep -c '^250 2.1.5' "$work/out")" = 2 ] || wrongly 'not accepted'

begin 'a line in the log for each message'
serve <<'END'
RCPT 2: 550 5.1.1 no such user
END
bs --log="$work/log" <<'END'
MAIL FROM:<alice@example.org>
RCPT TO:<bob@example.net>
RCPT TO:<carol@example.net>
RSET
MAIL FROM:<alice@example.org>
RCPT TO:<bob@example.net>
DATA
Message-ID: <1@example.org>

.
QUIT
END
status 0
[ "$(wc -l <"$work/log")" -eq 2 ] || wrongly 'not two lines'
sed -n 1p "$work/log" | grep -q 'to=<carol@example.net> status=refused' ||
    wrongly "the first is: $(sed -n 1p "$work/log")"
sed -n 2p "$work/log" | grep 'message-id=<1@example.org>' |
    grep -q 'to=<bob@example.net> status=sent' ||
    wrongly "the second is: $(sed -n 2p "$work/log")"

begin 'a thousand recipients and one'
plain serve
{
    echo 'MAIL FROM:<alice@example.org>'
    recipients 1001 | sed 's/.*/RCPT TO:<&>/'
    printf '%s\n' DATA '' . QUIT
} >"$work/many"
run -bs <"$work/many"
status 0
[ "$(grep -c '^250 2.1.5' "$work/out")" = 1000 ] || wrongly 'not a thousand'
out_has '452 4.5.3'
delivered 1

finish
