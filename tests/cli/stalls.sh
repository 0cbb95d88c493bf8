#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Servers that stall, or never come to an end: a second is as long as is
# waited for each step, so none of it may take much longer.
. "$(dirname "$0")/lib.sh"

# NAME STATUS DELIVERED OPTION... : by the script on standard input
stalling() {
    begin "$1"
    want=$2 arrived=$3
    shift 3
    serve "$@"
    timeout=1
    before=$(date +%s)
    send bob@example.net
    status "$want"
    [ $(($(date +%s) - before)) -le 8 ] || wrongly 'it took too long'
    err_lines 3
    delivered "$arrived"
}

stalling 'no greeting' 75 0 <<'END'
GREETING: hang
END
faults_allowed # it may try whether TLS is spoken there

stalling 'greeting an octet at a time' 75 0 <<'END'
GREETING: pace 1 300
GREETING: ok
END

stalling 'greeting without an end' 76 0 <<'END'
GREETING: endless "220-hello, hello, hello\r\n"
END

stalling 'a line without an end' 76 0 <<'END'
GREETING: endless "220 hello hello hello hello "
END

stalling 'EHLO without an end' 76 0 <<'END'
EHLO: endless "250-X-MORE\r\n"
END

stalling 'no answer to STARTTLS' 75 0 <<'END'
STARTTLS: hang
END

stalling '220, and then nothing' 75 0 <<'END'
STARTTLS: 220 go
TLS: hang
END

stalling 'no answer to AUTH' 75 0 <<'END'
AUTH: hang
END

stalling 'a challenge without end' 76 0 <<'END'
AUTH: raw "334 "
AUTH: endless "YWJjZGVmZ2hpamts"
END

stalling 'no final reply' 75 0 <<'END'
DOT: hang
END

stalling 'final reply an octet at a time' 75 1 <<'END'
DOT: pace 1 300
DOT: 250 2.0.0 queued as 12345
END

stalling 'final reply without an end' 76 0 <<'END'
DOT: endless "250-queued\r\n"
END

begin 'the server stops reading'
serve <<'END'
BODY 10000: deaf
END
{
    cat "$work/message"
    awk 'BEGIN { for (i = 0; i < 300000; i++)
        print "a line of a message that goes on and on" }'
} >"$work/big"
mv "$work/big" "$work/message"
timeout=1
send bob@example.net
server_kill
status 75
delivered 0

finish
