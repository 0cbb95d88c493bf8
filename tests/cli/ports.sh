#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The wrong port, and what to do about it: said at once.
. "$(dirname "$0")/lib.sh"

promptly() { # STATUS TEXT...
    [ $(($(date +%s) - before)) -le 3 ] || wrongly 'it took too long'
    status "$1"
    shift
    for text; do
        err_has "$text"
    done
    err_lines 3
    delivered 0
}

meet() { # NAME OPTION... : the server for it, by the script
    begin "$1"
    shift
    serve "$@"
    before=$(date +%s)
}

meet 'a TLS server, met with STARTTLS' --tls implicit </dev/null
send bob@example.net
promptly 76 submissions://

meet 'a STARTTLS server, met with TLS' </dev/null
faults_allowed
url=submissions://$user:$password@localhost:%
send bob@example.net
promptly 76 submission://
not_said 'C: AUTH'

meet 'a TLS record instead of a greeting' --tls none <<'END'
GREETING: raw "\x15\x03\x01\x00\x02\x02\x0a"
GREETING: hang
END
send bob@example.net
promptly 76 submissions://

meet 'HTTP' --tls none <<'END'
GREETING: raw "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"
GREETING: close
END
send bob@example.net
promptly 76 HTTP

meet 'IMAP' --tls none <<'END'
GREETING: raw "* OK [CAPABILITY IMAP4rev1] ready\r\n"
GREETING: hang
END
send bob@example.net
promptly 76 IMAP

meet 'POP3' --tls none <<'END'
GREETING: raw "+OK ready\r\n"
GREETING: hang
END
send bob@example.net
promptly 76 POP

meet 'SSH' --tls none <<'END'
GREETING: raw "SSH-2.0-server\r\n"
GREETING: hang
END
send bob@example.net
promptly 76

meet 'IMAP under TLS' --tls implicit <<'END'
GREETING: raw "* OK [CAPABILITY IMAP4rev1] ready\r\n"
GREETING: hang
END
url=submissions://$user:$password@localhost:%
send bob@example.net
promptly 76 IMAP

begin 'nobody listens'
plain serve
server_stop
before=$(date +%s)
send bob@example.net
promptly 75 localhost "$port"

begin 'a name that does not exist'
plain serve
url=submission://$user:$password@nowhere.invalid:587
before=$(date +%s)
send bob@example.net
status '68|75' # without a name server nobody knows
err_has nowhere.invalid
err_lines 3

finish
