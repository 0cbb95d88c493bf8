#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Where the message ends, where its header does, what a line is, and what
# standard input may be.  message.sh has what then becomes of the message.
. "$(dirname "$0")/lib.sh"

begin_reading() { # NAME TEXT ARGUMENT... : send TEXT, with \n and \0NNN
    begin "$1"
    printf %b "$2" | message
    shift 2
    plain serve
    send "$@" bob@example.net
    status 0
    quiet
    delivered 1
}

header_is() { # TEXT : the header that arrived, but for what we add
    printf %b "$1" >"$work/want"
    tr -d '\r' <"$record/1.eml" | sed '/^$/,$d' |
        grep -Ev '^(Date|From|Message-ID): ' >"$work/got"
    cmp -s "$work/want" "$work/got" ||
        wrongly "the header is: $(head -n 5 "$work/got")"
}

# Header and body

begin_reading 'a header and a body' 'Subject: x\nX-A: y\n\nbody\n'
header_is 'Subject: x\nX-A: y\n'
body_is 'body\n'

begin_reading 'folds are kept' 'Subject: x\n y\n\tz\n\nbody\n'
header_is 'Subject: x\n y\n\tz\n'

begin_reading 'what is no field begins the body' \
    'Subject: x\nno field\nCc: y\n\nbody\n'
header_is 'Subject: x\n'
body_is 'no field\nCc: y\n\nbody\n'

begin_reading 'a colon alone is no field' 'Subject: x\n: y\n'
header_is 'Subject: x\n'
body_is ': y\n'

begin_reading 'a name with a blank in it is none' 'Subject: x\nSome text: y\n'
body_is 'Some text: y\n'

begin_reading 'a name with a blank behind it is one' 'Subject : x\n\nbody\n'
header_is 'Subject : x\n'

begin_reading 'a blank line in front: all of it is body' '\nSubject: x\n\ny\n'
header_is ''
body_is 'Subject: x\n\ny\n'

begin_reading 'a continuation in front: all of it is body' \
    ' y\nSubject: x\n\nz\n'
header_is ''
body_is ' y\nSubject: x\n\nz\n'

begin_reading 'a line of blanks in front' ' \nSubject: x\n\nz\n'
header_is ''
body_is ' \nSubject: x\n\nz\n'

begin_reading 'no header at all' 'just text\n'
header_is ''
body_is 'just text\n'

begin_reading 'only a header' 'Subject: x\n'
header_is 'Subject: x\n'
body_is ''

begin_reading 'only a header, without a line end' 'Subject: x'
header_is 'Subject: x\n'
body_is ''

begin_reading 'a header that is broken off in a fold' 'Subject: x\n y'
header_is 'Subject: x\n y\n'

begin_reading 'only a blank line' '\n'
header_is ''
body_is ''

begin_reading 'nothing' ''
header_is ''
body_is ''

begin_reading 'a header and no body' 'Subject: x\n\n'
header_is 'Subject: x\n'
body_is ''

begin_reading 'blank lines at the end are kept' 'Subject: x\n\ny\n\n\n'
body_is 'y\n\n\n'

# A mailbox's lines

begin_reading "a mailbox's line is dropped" \
    'From eve@example.com Sun Nov 22 10:00:00 2026\nSubject: x\n\ny\n'
header_is 'Subject: x\n'
body_is 'y\n'
not_said 'eve@example.com'

begin_reading 'so are several, quoted or not' \
    'From eve\n>From eve\n>>From eve\r\nSubject: x\n\ny\n'
header_is 'Subject: x\n'

begin_reading 'elsewhere they are text' \
    'Subject: x\nFrom eve\n\nFrom eve\n>From eve\n'
header_is 'Subject: x\n'
body_is 'From eve\n\nFrom eve\n>From eve\n'

begin_reading 'From and a colon is a field, even behind a blank' \
    'From : carol@example.org\nSubject: x\n\ny\n'
text_has 'From : carol@example.org'
[ "$(grep -c '^From' "$record/1.eml")" -eq 1 ] || wrongly 'not one From'

begin_reading 'and so is one that is called so' 'Froma: x\n\ny\n'
header_is 'Froma: x\n'

# Line ends

begin_reading 'CRLF in the header, LF in the body' \
    'Subject: x\r\n y\r\nX-A: z\r\n\r\none\ntwo\n'
header_is 'Subject: x\n y\nX-A: z\n'
body_is 'one\ntwo\n'

begin_reading 'LF in the header, CRLF in the body' \
    'Subject: x\nX-A: z\n\none\r\n\r\ntwo\r\n'
header_is 'Subject: x\nX-A: z\n'
body_is 'one\n\ntwo\n'

begin_reading 'each line as it likes' \
    'Subject: x\r\nX-A: a\nX-B: b\r\r\nX-C: c\r\r\r\n\r\r\none\r\r\ntwo\n'
header_is 'Subject: x\nX-A: a\nX-B: b\nX-C: c\n'
body_is 'one\ntwo\n'

begin_reading 'no line end behind a CR' 'Subject: x\n\none\r'
delivered 1

begin_reading 'a bare CR in the header is a blank' 'Subject: x\ry\n\nz\n'
text_has 'Subject: x y'

begin_reading 'a bare CR in the body is data' 'Subject: x\n\none\rtwo\n'
text_has 'Content-Transfer-Encoding: '
text_lacks 'one two'

begin_reading 'a line of 5000 octets' "Subject: x\n\n$(
    awk 'BEGIN { for (i = 0; i < 1000; i++) printf "word " }')end\n"
text_has 'Content-Transfer-Encoding: quoted-printable'
tr -d '\r' <"$record/1.eml" | sed '1,/^$/d' |
    awk '{ sub(/=$/, "") || sub(/$/, "\n"); printf "%s", $0 }' |
    sed 's/=20/ /g' >"$work/got"
sed '1,/^$/d' "$work/message" | cmp -s - "$work/got" ||
    wrongly 'it is another line'

begin_reading 'a hundred and twenty Received fields' "$(
    awk 'BEGIN { for (i = 1; i <= 120; i++)
        print "Received: from a by b with SMTP id " i ";\\n Sun" }'
    )\nSubject: x\n\ny\n"
[ "$(grep -c '^Received: ' "$record/1.eml")" -eq 120 ] ||
    wrongly 'not all of them'

# The lone dot

begin_reading 'a lone dot ends it' 'Subject: x\n\none\n.\ntwo\n'
body_is 'one\n'

begin_reading 'with a CR, too' 'Subject: x\r\n\r\none\r\n.\r\ntwo\r\n'
body_is 'one\n'

begin_reading 'in the header as well' 'Subject: x\n.\nX-A: y\n\none\n'
header_is 'Subject: x\n'
body_is ''

begin_reading 'and as the very first line' '.\nSubject: x\n\none\n'
header_is ''
body_is ''

begin_reading 'at the end, without a line end' 'Subject: x\n\none\n.'
body_is 'one\n'

begin_reading 'dots that are not alone are kept, all of them' \
    'Subject: x\n\n..\n...\n. \n .\n.x\n..x\nx.\n'
body_is '..\n...\n. \n .\n.x\n..x\nx.\n'

begin_reading 'with -i all of it is text' 'Subject: x\n\n.\none\n.\r\n.' -i
body_is '.\none\n.\n.\n'

begin_reading 'with -i in the header, too' 'Subject: x\n.\nX-A: y\n' -oi
header_is 'Subject: x\n'
body_is '.\nX-A: y\n'

run_behind() { # ARGUMENT... : run it behind a pipe, which is a shell apart
    run "$@"
    echo "$status" >"$work/status"
}

ran() {
    status=$(cat "$work/status")
    rm "$work/status"
}

begin 'a dot and its line end that come one by one'
plain serve
{
    printf 'Subject: x\n\none\n..'
    sleep 0.2
    printf '\n'
    sleep 0.2
    printf .
    sleep 0.2
    printf '\r'
    sleep 0.2
    printf '\ntwo\n'
} | run_behind bob@example.net
ran
status 0
body_is 'one\n..\n'

# What runs in the background and keeps the pipe open as long as it lives.
slow_writer() { # TEXT SECONDS : to standard input of the next "started"
    input=$work/fifo.$number
    mkfifo "$input"
    {
        printf %b "$1"
        exec sleep "$2"
    } >"$input" &
    writer=$!
    pids="$pids $writer"
}

begin 'behind a lone dot nobody waits for the end'
plain serve
slow_writer 'Subject: x\n\none\n.\n' 20
started bob@example.net
ended
status 0
kill -0 "$writer" 2>/dev/null || wrongly 'it waited for the writer'
stop "$writer" 2>/dev/null
delivered 1
body_is 'one\n'

begin 'nor behind one that was followed by more'
plain serve
slow_writer 'Subject: x\n\none\n.\ntwo\n' 20
started bob@example.net
ended
status 0
kill -0 "$writer" 2>/dev/null || wrongly 'it waited for the writer'
stop "$writer" 2>/dev/null
body_is 'one\n'

begin 'a writer that goes on behind the dot does not change the outcome'
serve <<'END'
RCPT: wait 300
RCPT: 550 5.1.1 no such user
END
{
    printf 'Subject: x\n\none\n.\n'
    awk 'BEGIN { for (i = 0; i < 12000; i++)
        print "a line that nobody reads any more" }' && : >"$work/all-written"
} | run_behind bob@example.net
ran
status 67
[ -e "$work/all-written" ] || wrongly 'the writer was broken off'

# What standard input is

begin 'standard input is closed, and so is the rest'
plain serve
(
    set_environment
    exec "$PENNYPOST" bob@example.net <&- >&- 2>&-
)
status=$?
status 66
not_said 'C: '

begin '/dev/null'
plain serve
run bob@example.net </dev/null
status 0
body_is ''

begin 'a file, from where it stands'
plain serve
{
    read -r _
    run bob@example.net
} <<'END'
of someone else
Subject: x

one
END
status 0
body_is 'one\n'

begin 'a writer that dies is no error: nobody can tell'
plain serve
slow_writer 'Subject: x\n\none\nhal' 20
started bob@example.net
sleep 0.3
stop "$writer" 2>/dev/null
ended
status 0
body_is 'one\nhal\n'

# KIND : run the program on the message through it, by Python
through() {
    (
        set_environment
        exec python3 - "$1" "$PENNYPOST" bob@example.net <<'END'
import os, pty, socket, subprocess, sys, threading, time, tty

text = open(os.environ["MESSAGE"], "rb").read()
kind, command = sys.argv[1], sys.argv[2:]

def write(fd, slowly):
    for at in range(0, len(text), 7 if slowly else len(text)):
        os.write(fd, text[at:at + 7] if slowly else text)
        time.sleep(0.01 if slowly else 0)
    if kind == "terminal":
        os.write(fd, b"\x04")
    else:
        os.close(fd)

if kind == "socket":
    ours, theirs = [s.detach() for s in socket.socketpair()]
elif kind == "terminal":
    ours, theirs = pty.openpty()
else:
    theirs, ours = os.pipe()
    os.set_blocking(theirs, kind != "nonblocking")
writer = threading.Thread(target=write, args=(ours, kind != "socket"))
writer.start()
status = subprocess.call(command, stdin=theirs)
writer.join()
sys.exit(status)
END
    ) >"$work/out" 2>"$work/err"
    status=$?
    check_run
}

for kind in socket terminal nonblocking; do
    begin "standard input: $kind"
    if ! python3 -c 'import pty' 2>/dev/null; then
        skip 'there is no Python'
        continue
    fi
    plain serve
    printf 'Subject: x\n\none\ntwo\n' | message
    MESSAGE=$work/message
    export MESSAGE
    through "$kind"
    unset MESSAGE
    status 0
    delivered 1
    body_is 'one\ntwo\n'
done

begin '-v shows it on standard error, and sends nothing more'
plain serve
send -v bob@example.net
status 0
[ ! -s "$work/out" ] || wrongly 'something is on standard output'
err_has 'RCPT TO'
delivered 1
[ "$(grep -c '^rcpt ' "$record/1.env")" -eq 1 ] || wrongly 'not one recipient'

finish
