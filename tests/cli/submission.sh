#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A message gets there, and nothing is said about it.
. "$(dirname "$0")/lib.sh"

begin 'STARTTLS, AUTH and a message'
plain serve
send bob@example.net
status 0
quiet
delivered 1
envelope_has 'auth PLAIN alice'
envelope_has 'rcpt TO:<bob@example.net>'
text_has 'Hello'
text_has 'Date: '
text_has 'Message-ID: <'

begin 'implicit TLS'
plain serve --tls implicit
url="submissions://$user:$password@localhost:%"
send bob@example.net
status 0
quiet
delivered 1
envelope_has 'tls TLS1.3'

begin 'smtps:// and smtp:// are names for the same'
plain serve --tls implicit
url="smtps://$user:$password@localhost:%"
send bob@example.net
status 0
delivered 1

begin 'smtp:// asks for STARTTLS'
plain serve
url="smtp://$user:$password@localhost:%"
send bob@example.net
status 0
delivered 1
envelope_has 'tls TLS1.3'

begin 'a server known by its IPv4 address'
plain serve
url="submission://$user:$password@127.0.0.1:%"
send bob@example.net
status 0
delivered 1

begin 'a server known by its IPv6 address'
if ! "$TEST_SERVER" --address ::1 --port 0 --tls none --lifetime 0 \
    >/dev/null 2>&1; then
    skip 'there is no IPv6 here'
else
    plain serve --address ::1
    url="submission://$user:$password@[::1]:%"
    send bob@example.net
    status 0
    delivered 1
fi

begin 'TLS 1.2'
plain serve --priority NORMAL:-VERS-ALL:+VERS-TLS1.2
send bob@example.net
status 0
envelope_has 'tls TLS1.2'

begin 'AUTH LOGIN where there is nothing else'
plain serve --mechanisms LOGIN
send bob@example.net
status 0
envelope_has 'auth LOGIN alice'

begin 'no AUTH where no user is known'
plain serve_anyone
url=submission://localhost:%
send bob@example.net
status 0
not_said 'C: AUTH'

begin 'tls = off, said in so many words and without a password'
plain serve_anyone --tls none
url=smtp://localhost:%
send --tls=off bob@example.net
status 0
delivered 1
not_said 'C: STARTTLS'

begin 'tls = off together with a password is refused'
plain serve --tls none
send --tls=off bob@example.net
status 78
not_said 'C: '

begin 'the password from a command'
plain serve
url=submission://$user@localhost:%
echo "$password" >"$work/password"
send "--password-command=cat $work/password" bob@example.net
status 0
quiet
delivered 1
envelope_has 'auth PLAIN alice'

begin 'a server that cannot PIPELINE is spoken to one command at a time'
plain serve --no-pipelining
send bob@example.net carol@example.net
status 0
delivered 1

begin 'nothing is announced that was not offered'
plain serve --no-8bitmime --no-size --no-smtputf8 --no-dsn
send -f alice@example.org bob@example.net
status 0
delivered 1
envelope_has 'mail FROM:<alice@example.org>'

begin 'SIZE and BODY are announced where they are offered'
plain serve
printf 'Subject: x\n\nGr\303\274\303\237e\n' | message
send -f alice@example.org bob@example.net
status 0
said 'BODY=8BITMIME'
said 'SIZE='

begin '100 recipients'
plain serve
send $(recipients 100)
status 0
delivered 1
[ "$(grep -c '^rcpt ' "$record/1.env")" -eq 100 ] ||
    wrongly 'not 100 recipients'

begin '100 recipients to a server that holds little'
plain serve --receive-buffer 1024
send $(recipients 100)
status 0
delivered 1

begin '10 MB'
plain serve
{
    cat "$work/message"
    awk 'BEGIN { for (i = 0; i < 140000; i++)
        printf "line %06d %s\n", i, "of a message that goes on and on and on and on and on and on" }'
} >"$work/big"
mv "$work/big" "$work/message"
send bob@example.net
status 0
quiet
delivered 1
tr -d '\r' <"$record/1.eml" | sed '1,/^$/d' | tail -n 140000 >"$work/got"
tail -n 140000 "$work/message" | cmp -s - "$work/got" ||
    wrongly '10 MB have changed on the way'

begin 'standard input is a file, and its position is minded'
plain serve
{ read -r _; run bob@example.net; } <<'END'
this line is someone else's
Subject: the rest

Hello
END
status 0
delivered 1
text_has 'Subject: the rest'
text_lacks 'this line'

begin 'standard input is a pipe that is written slowly'
plain serve
{
    printf 'Subject: slow\n'
    sleep 0.3
    printf '\nHel'
    sleep 0.3
    printf 'lo\n'
} >"$work/slow" &
wait $!
mkfifo "$work/pipe"
{ while read -r line; do echo "$line"; sleep 0.1; done <"$work/slow"; } \
    >"$work/pipe" &
pids="$pids $!"
run bob@example.net <"$work/pipe"
status 0
delivered 1
body_is 'Hello\n'

begin 'two at once'
plain serve
input=$work/message
started bob@example.net
first=$program
started carol@example.net
ended
status 0
program=$first
ended
status 0
delivered 2

begin '-v shows the conversation, without the secrets'
plain serve
send -v bob@example.net
status 0
err_has 'EHLO'
err_has 'STARTTLS'
err_has 'RCPT TO:<bob@example.net>'
err_has '250'
[ ! -s "$work/out" ] || wrongly 'something is on stdout'

begin '-v masks AUTH LOGIN as well'
plain serve --mechanisms LOGIN
send -v bob@example.net
status 0
err_has 'AUTH LOGIN'
err_lacks "$(printf %s "$user" | b64)"

begin 'one line of log for each message'
plain serve
send "--log=$work/log" -f alice@example.org bob@example.net carol@example.net
status 0
quiet
[ "$(wc -l <"$work/log")" -eq 1 ] || wrongly 'not one line'
for word in bob@example.net carol@example.net alice@example.org localhost \
    TLS1.3 PLAIN 250; do
    grep -qF "$word" "$work/log" || wrongly "the log lacks $word"
done
if grep -qF -f "$work/secrets" "$work/log"; then
    wrongly 'a secret was logged'
fi

begin 'no secret is seen from outside while it runs'
serve <<'END'
GREETING: wait 500
GREETING: ok
END
input=$work/message
started bob@example.net
sleep 0.3
if [ -r "/proc/$program/cmdline" ]; then
    tr '\0' '\n' <"/proc/$program/cmdline" >"$work/seen"
    if grep -qF -f "$work/secrets" "$work/seen"; then
        wrongly 'a secret is in the command line'
    fi
fi
ended
status 0

finish
