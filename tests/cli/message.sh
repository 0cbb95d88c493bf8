#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What is read from standard input, and what of it is on the wire.
. "$(dirname "$0")/lib.sh"

umlauts=$(printf 'Gr\303\274\303\237e aus K\303\266ln')

begin '8-bit to a server that takes it: as it is'
plain serve
printf 'Subject: %s\n\n%s\n' "$umlauts" "$umlauts" | message
send bob@example.net
status 0
quiet
delivered 1
text_has "$umlauts"
said 'BODY=8BITMIME'

begin '8-bit to a server that does not: encoded, and none on the wire'
plain serve --no-8bitmime --no-smtputf8
printf 'Subject: %s\n\nViele liebe %s\n' "$umlauts" "$umlauts" | message
send bob@example.net
status 0
quiet
delivered 1
envelope_has 'high 0'
not_said 'BODY='
text_has 'Viele liebe Gr=C3=BC=C3=9Fe aus K=C3=B6ln'
text_has 'Content-Transfer-Encoding: quoted-printable'

begin 'LF, CRLF and CRCRLF are each one line end'
plain serve
printf 'Subject: ends\r\nX-One: 1\r\r\nX-Two: 2\n\r\none\r\ntwo\nthree\r\r\n' |
    message
send -i bob@example.net
status 0
delivered 1
text_has 'X-Two: 2'
body_is 'one\ntwo\nthree\n'

begin 'a message all in CRLF'
plain serve
printf 'Subject: ends\r\nTo: bob@example.net\r\n\r\none\r\n\r\ntwo\r\n' |
    message
send -i -t
status 0
body_is 'one\n\ntwo\n'

begin 'no line end at the end'
plain serve
printf 'Subject: ends\n\nlast line' | message
send bob@example.net
status 0
body_is 'last line\n'

begin 'a lone dot ends the message'
plain serve
printf 'Subject: dot\n\nbefore\n.\nafter\n' | message
send bob@example.net
status 0
body_is 'before\n'

for option in -i -oi; do
    begin "with $option it does not"
    plain serve
    printf 'Subject: dot\n\nbefore\n.\nafter\n..\n.x\n' | message
    send "$option" bob@example.net
    status 0
    body_is 'before\n.\nafter\n..\n.x\n'
done

begin 'dots at the very beginning and the very end'
plain serve
printf 'Subject: dot\n\n.\n.one\n\n.' | message
send -i bob@example.net
status 0
body_is '.\n.one\n\n.\n'

begin 'a dot behind CRLF and a bare CR smuggles nothing'
plain serve
printf 'Subject: x\n\none\r.\r\ntwo\n\r.\r\nMAIL FROM:<eve@example.org>\r\n' |
    message
send -i bob@example.net
status '0|65'
not_said 'C: MAIL FROM:<eve'

begin 'a NUL is not sent'
plain serve
printf 'Subject: x\n\na\0b\n' | message
send bob@example.net
status '0|65'
[ "$status" -eq 65 ] || delivered 1

begin 'a line over 998 octets is not sent as it is'
plain serve
{
    printf 'Subject: long\n\n'
    awk 'BEGIN { for (i = 0; i < 3000; i++) printf "x"; print "" }'
} | message
send bob@example.net
status 0
delivered 1

begin 'an empty message'
plain serve
: | message
send bob@example.net
status '0|65|66'

begin 'no header: From, Date and Message-ID are put in front'
plain serve
printf 'just a line\n' | message
send bob@example.net
status 0
text_has 'From: '
text_has 'Date: '
text_has 'Message-ID: '
body_is 'just a line\n'

begin 'standard input is closed'
plain serve
run bob@example.net <&-
status 66
delivered 0
not_said 'C: MAIL'

begin 'standard input cannot be read'
plain serve
run bob@example.net <"$work"
status 74
delivered 0
not_said 'C: MAIL'

begin 'standard output and error are closed'
plain serve
(
    set_environment
    exec "$PENNYPOST" bob@example.net <"$work/message" >&- 2>&-
)
status=$?
status 0
delivered 1

begin 'nobody listens on standard error'
plain serve
(
    set_environment
    exec 2>&1
    "$PENNYPOST" -v bob@example.net <"$work/message"
    echo $? >"$work/status"
) | :
status=$(cat "$work/status")
status 0
delivered 1

for signal in HUP INT TERM; do
    begin "SIG$signal while reading: nothing is sent"
    plain serve
    mkfifo "$work/fifo.$signal"
    # A background process of a script ignores INT, and one that nohup has
    # started HUP; it must not matter.
    {
        printf 'Subject: half\n\nhalf a mes'
        exec sleep 5
    } >"$work/fifo.$signal" &
    writer=$!
    pids="$pids $writer"
    input=$work/fifo.$signal
    started bob@example.net
    sleep 0.3
    kill -s "$signal" "$program" 2>/dev/null
    if [ "$signal" != TERM ]; then
        sleep 0.2
        kill -s TERM "$program" 2>/dev/null
    fi
    ended 2>/dev/null
    case $signal in
    HUP) status '75|129|143' ;;
    INT) status '75|130|143' ;;
    TERM) status '75|143' ;;
    esac
    delivered 0
    not_said 'C: DATA'
    stop "$writer"
done

begin 'SIGTERM before the final dot: nothing is sent'
serve <<'END'
DATA: wait 800
DATA: ok
END
input=$work/message
started bob@example.net
sleep 0.4
kill -s TERM "$program"
ended 2>/dev/null
status '75|143'
server_stop
delivered 0

begin 'a writer that goes on behind the lone dot is not hurt meanwhile'
serve <<'END'
DOT: wait 500
DOT: ok
END
{
    printf 'Subject: dot\n\nbody\n.\n'
    awk 'BEGIN { for (i = 0; i < 30000; i++) print "more and more" }' &&
        echo fine >"$work/writer"
} | run bob@example.net
[ -s "$work/writer" ] || wrongly 'the writer was broken off'
delivered 1

begin 'a message over the limit is refused'
plain serve
{
    cat "$work/message"
    awk 'BEGIN { for (i = 0; i < 2000; i++) print "more and more and more" }'
} >"$work/big"
mv "$work/big" "$work/message"
send --size-limit=10K bob@example.net
status '65|69'
delivered 0

begin 'no room for temporary files'
if [ ! -w /dev/full ]; then
    skip 'there is no /dev/full'
else
    plain serve
    {
        cat "$work/message"
        awk 'BEGIN { for (i = 0; i < 100000; i++) print "more and more and" }'
    } >"$work/big"
    mv "$work/big" "$work/message"
    mkdir -p "$work/nowhere"
    TMPDIR=$work/nowhere/at-all send bob@example.net
    status '0|71|74|75'
    if [ "$status" -eq 0 ]; then delivered 1; else delivered 0; fi
fi

finish
