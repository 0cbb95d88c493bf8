#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What servers do that they should not: each case is a script for the server
# (tests/server/script.h), the exit status it must lead to, and how many
# messages the server then has.  Servers that stall are in stalls.sh.
. "$(dirname "$0")/lib.sh"

hostile() { # NAME STATUS DELIVERED OPTION... : by the script on standard input
    begin "$1"
    want=$2 arrived=$3
    shift 3
    serve "$@"
    send bob@example.net
    status "$want"
    if [ "$want" -eq 0 ] 2>/dev/null; then
        quiet
    else
        [ -s "$work/err" ] || wrongly 'nothing was said about it'
        err_lines 3
    fi
    delivered "$arrived"
}

big_message() { # LINES : of 40 octets each
    {
        cat "$work/message"
        awk "BEGIN { for (i = 0; i < $1; i++)
            print \"a line of a message that goes on and on\" }"
    } >"$work/big"
    mv "$work/big" "$work/message"
}

# The greeting

hostile 'greeting 554' 69 0 <<'END'
GREETING: 554 5.7.1 go away
END
err_has 'go away'

hostile 'greeting 421' 75 0 <<'END'
GREETING: 421 4.3.2 too busy
END
err_has 'too busy'

hostile 'greeting of several lines' 0 1 <<'END'
GREETING: 220-one\r\n220-two\r\n220 three
END

hostile 'greeting that ends in a bare LF' 0 1 <<'END'
GREETING: raw "220 hello\n"
END

hostile 'greeting with an empty text' 0 1 <<'END'
GREETING: raw "220\r\n"
END

hostile 'closed before the greeting' 75 0 <<'END'
GREETING: close
END

hostile 'reset before the greeting' 75 0 <<'END'
GREETING: reset
END

hostile 'escape sequences are made visible' 69 0 <<'END'
GREETING: 554 \x1b[31mred\x07\x9b\x0dbell
END
if tr -d '\012\040-\176' <"$work/err" | grep -q .; then
    wrongly 'a control character was printed'
fi

hostile 'greeting 250' 76 0 <<'END'
GREETING: 250 hello
END

hostile 'greeting with a negative code' 76 0 <<'END'
GREETING: raw "-20 x\r\n"
END

hostile 'greeting with a NUL' 76 0 <<'END'
GREETING: raw "220 he\0llo\r\n"
END

# EHLO

hostile 'EHLO 421' 75 0 <<'END'
EHLO: 421 4.3.2 shutting down
EHLO: close
END
err_has 'shutting down'

hostile 'EHLO whose code changes' 76 0 <<'END'
EHLO: 250-localhost\r\n550-STARTTLS\r\n250 SIZE
END

hostile 'keywords in lower case' 0 1 <<'END'
EHLO 1: 250-localhost\r\n250 starttls
END

hostile 'EHLO 530' 69 0 <<'END'
EHLO: 530 5.7.0 not for you
END

hostile 'EHLO 500: no HELO where TLS is wanted' '69|76' 0 <<'END'
EHLO: 500 5.5.1 what?
END
not_said 'C: HELO'

hostile 'STARTTLS in the first line is a host name' '69|75|76' 0 <<'END'
EHLO: 250-STARTTLS\r\n250 SIZE
END
not_said 'C: STARTTLS'
not_said 'C: AUTH'

# STARTTLS

hostile 'STARTTLS is not offered' '69|75|76' 0 <<'END'
EHLO: 250-localhost\r\n250 AUTH PLAIN LOGIN
END
not_said 'C: AUTH'
not_said 'C: MAIL'

for code in 354 454 500 501 530 550; do
    hostile "STARTTLS $code: nothing goes in the clear" 75 0 <<END
STARTTLS: $code 5.7.0 no TLS today
END
    not_said 'C: AUTH'
    not_said 'C: MAIL'
    err_has 'no TLS today'
done

hostile 'closed at STARTTLS' 75 0 <<'END'
STARTTLS: close
END

hostile '220, and then no TLS' 76 0 <<'END'
STARTTLS: 220 go
TLS: raw "250 hello\r\n"
TLS: hang
END
faults_allowed

hostile '220, and then an alert' '75|76' 0 <<'END'
STARTTLS: 220 go
TLS: raw "\x15\x03\x03\x00\x02\x02\x28"
TLS: drop
END

hostile '220, and then closed' 75 0 <<'END'
STARTTLS: 220 go
TLS: close
END

hostile 'a reply injected behind the 220' 76 0 <<'END'
STARTTLS: 220 go\r\n250 injected
END
not_said 'C: AUTH'

hostile 'a reply injected in a packet of its own' 76 0 <<'END'
STARTTLS: 220 go
STARTTLS: wait 100
STARTTLS: raw "250 injected\r\n"
END
not_said 'C: AUTH'

hostile 'AUTH was offered in the clear only' '75|77' 0 <<'END'
EHLO 1: 250-localhost\r\n250-STARTTLS\r\n250 AUTH PLAIN LOGIN
EHLO 2: 250 localhost
END
not_said 'C: AUTH'
not_said 'C: MAIL'

hostile 'EHLO under TLS is refused' '69|75|76' 0 <<'END'
EHLO 2: 500 5.5.1 what?
END
not_said 'C: MAIL'

hostile 'an alert under TLS' 75 0 <<'END'
EHLO 2: alert
END

hostile 'only TLS 1.1' 76 0 --priority NORMAL:-VERS-ALL:+VERS-TLS1.1:%COMPAT \
    </dev/null

# AUTH

for code in 421 454; do
    hostile "AUTH $code" 75 0 <<END
AUTH: $code 4.7.0 later
END
    err_has later
done

for code in 500 501 504 530 534 535 538; do
    hostile "AUTH $code" 77 0 <<END
AUTH: $code 5.7.8 not you
END
    err_has 'not you'
    not_said 'C: MAIL'
done

begin 'a server that shows the password to everyone'
serve <<END
AUTH: 535 5.7.8 it cannot be $(tail -n 1 "$work/secrets") or $password
END
send -v bob@example.net
status 77
err_has 535

hostile 'closed at AUTH' 75 0 <<'END'
AUTH: close
END

hostile 'challenges without end' '76|77' 0 <<'END'
AUTH: 334 b25l
RESPONSE: 334 bW9yZQ==
END

hostile '235 before the password' 76 0 --mechanisms LOGIN <<'END'
AUTH: 235 2.7.0 come in
END

hostile '250 instead of 235' 76 0 <<'END'
AUTH: 250 2.7.0 come in
END

hostile 'only mechanisms that nobody knows' 77 0 \
    --mechanisms 'GSSAPI X-OWN' </dev/null
err_has GSSAPI
not_said 'C: AUTH'

# The envelope

hostile 'MAIL 550' 69 0 <<'END'
MAIL: 550 5.7.1 sender not allowed
END
err_has 'sender not allowed'

hostile 'MAIL 451' 75 0 <<'END'
MAIL: 451 4.3.0 later
END
err_has 'later'

hostile 'RCPT 550' 67 0 <<'END'
RCPT: 550 5.1.1 no such user
END
err_has 'no such user'
err_has 'bob@example.net'

hostile 'RCPT 450' 75 0 <<'END'
RCPT: 450 4.2.1 mailbox is busy
END
err_has 'mailbox is busy'

hostile 'RCPT 354' 76 0 <<'END'
RCPT: 354 go ahead
END

hostile 'a reply too many' 76 0 <<'END'
RCPT: 250 ok\r\n250 and again
END

hostile 'closed in the envelope' 75 0 <<'END'
RCPT: close
END

hostile '421 in the envelope' 75 0 <<'END'
RCPT: 421 4.3.2 shutting down
RCPT: close
END
err_has 'shutting down'

hostile 'no recipient, and DATA is taken all the same' 67 0 <<'END'
RCPT: 550 5.1.1 no such user
DATA: 354 go
DOT: 554 5.5.1 no recipients
END
not_said 'a message of 1'

# The message

hostile 'DATA 554' 69 0 <<'END'
DATA: 554 5.6.0 no thanks
END
err_has 'no thanks'

hostile 'DATA 451' 75 0 <<'END'
DATA: 451 4.3.0 later
END

hostile 'DATA 250' 76 0 <<'END'
DATA: 250 ok
END

hostile 'closed after 354' 75 0 <<'END'
DATA: 354 go
DATA: close
END

hostile 'final reply 451' 75 0 <<'END'
DOT: 451 4.3.0 disk full
END
err_has 'disk full'

hostile 'final reply 550' 69 0 <<'END'
DOT: 550 5.7.1 looks like spam
END
err_has 'looks like spam'

hostile 'final reply 354' 76 0 <<'END'
DOT: 354 go on
END

hostile 'closed instead of the final reply' 75 0 <<'END'
DOT: close
END

hostile 'a final reply that is cut off is no success' 75 0 <<'END'
DOT: raw "250 queued"
DOT: close
END

hostile 'final reply in four pieces' 0 1 <<'END'
DOT: pace 5 20
DOT: 250 2.0.0 queued
END

hostile 'a reply behind the final one is not ours' 0 1 <<'END'
DOT: 250 2.0.0 queued\r\n550 5.0.0 or not
END

# So much that it cannot all be on its way already.
begin 'success before the final dot is none'
serve <<'END'
BODY 1: 250 2.0.0 queued already
BODY 1: wait 500
END
big_message 300000
send bob@example.net
status 76
delivered 0

begin 'refused in the middle of the message'
serve <<'END'
BODY 100000: 552 5.3.4 too big
BODY 100000: close
END
big_message 40000
send bob@example.net
status '69|75'
err_has 'too big'
delivered 0

begin 'reset in the middle of the message'
serve <<'END'
BODY 10000: reset
END
big_message 40000
send bob@example.net
status 75
delivered 0

begin 'replies an octet at a time, but in time'
serve <<'END'
GREETING: pace 1 1
GREETING: ok
END
send bob@example.net
status 0
quiet
delivered 1

# QUIT

hostile 'closed at QUIT' 0 1 <<'END'
QUIT: close
END

hostile 'QUIT 421' 0 1 <<'END'
QUIT: 421 4.0.0 hm
END

hostile 'closed without a word at QUIT' 0 1 <<'END'
QUIT: drop
END

hostile 'an endless answer to QUIT' 0 1 <<'END'
QUIT: endless "221-bye\r\n"
END

hostile 'no answer to QUIT' 0 1 <<'END'
QUIT: hang
END

hostile 'an alert after the final reply' 0 1 <<'END'
DOT: ok
DOT: alert
END

finish
