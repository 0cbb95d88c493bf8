#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Who gets it, who does not, and who must not know.
. "$(dirname "$0")/lib.sh"

begin 'one of two is refused: the other one gets it'
serve <<'END'
RCPT 2: 550 5.1.1 no such user here
END
send bob@example.net carol@example.net
status 67
err_has carol@example.net
err_has 'no such user here'
err_lines 3
delivered 1
envelope_has 'rcpt TO:<bob@example.net>'

begin 'the first of three is refused'
serve <<'END'
RCPT 1: 550 5.1.1 no such user here
END
send bob@example.net carol@example.net dave@example.net
status 67
err_has bob@example.net
delivered 1
envelope_has 'rcpt TO:<dave@example.net>'

begin 'all are refused: nothing is sent'
serve <<'END'
RCPT: 550 5.1.1 no such user here
END
send bob@example.net carol@example.net
status 67
err_has bob@example.net
err_has carol@example.net
delivered 0

begin 'refused for now: nothing is sent'
serve <<'END'
RCPT: 451 4.7.1 greylisted
END
send bob@example.net
status 75
err_has greylisted
delivered 0

# Sent to bob, it would be sent to him again when the caller tries again.
begin 'some for now, some for good: nothing is sent, so that all can be retried'
serve <<'END'
RCPT 2: 451 4.7.1 greylisted
RCPT 3: 550 5.1.1 no such user here
END
send bob@example.net carol@example.net dave@example.net
status 75
err_has carol@example.net
err_has dave@example.net
delivered 0

begin 'too many recipients for one transaction'
serve <<'END'
RCPT 11+: 452 4.5.3 too many recipients
END
send $(recipients 20)
status '0|75'
server_stop
[ "$(cat "$record"/*.env | grep -c '^rcpt ')" -ge 10 ] ||
    wrongly 'not even the first ten'

begin 'all refused to a server without PIPELINING'
serve --no-pipelining <<'END'
RCPT: 550 5.1.1 no such user here
END
send bob@example.net carol@example.net
status 67
delivered 0
not_said 'C: DATA'

begin '-t takes To, Cc and Bcc; no octet of Bcc leaves'
plain serve
message <<'END'
From: Alice <alice@example.org>
To: bob@example.net, "Carol (not a comment)" <carol@example.net>
Cc: friends: dave@example.net, eve@example.net;
Bcc: secret1@example.net,
	secret2@example.net
Subject: hidden
bCC : secret3@example.net

Hello
END
send -t
status 0
quiet
delivered 1
for who in bob carol dave eve secret1 secret2 secret3; do
    envelope_has "rcpt TO:<$who@example.net>"
done
text_lacks secret
text_lacks bcc
text_lacks Bcc
text_lacks bCC
text_has 'Subject: hidden'

begin 'without -t no octet of Bcc leaves either'
plain serve
message <<'END'
To: bob@example.net
Bcc: secret1@example.net
Resent-Bcc: secret2@example.net

Hello
END
send bob@example.net
status 0
text_lacks secret
text_lacks Bcc
[ "$(grep -c '^rcpt ' "$record/1.env")" -eq 1 ] || wrongly 'not one recipient'

begin '-t and operands are a union, each but once'
plain serve
message <<'END'
To: bob@example.net, bob@EXAMPLE.NET
Cc: Bob@example.net

Hello
END
send -t carol@example.net bob@example.net
status 0
[ "$(grep -c '^rcpt ' "$record/1.env")" -eq 3 ] ||
    wrongly 'not three recipients'
envelope_has 'rcpt TO:<Bob@example.net>'
envelope_has 'rcpt TO:<carol@example.net>'

begin '-t with a Resent-To takes the Resent- fields alone'
plain serve
message <<'END'
Resent-From: alice@example.org
Resent-To: carol@example.net
Resent-Bcc: secret@example.net
From: frank@example.org
To: bob@example.net

Hello
END
send -t
status 0
envelope_has 'rcpt TO:<carol@example.net>'
envelope_has 'rcpt TO:<secret@example.net>'
[ "$(grep -c '^rcpt ' "$record/1.env")" -eq 2 ] ||
    wrongly 'not two recipients'
text_lacks secret

begin '-t and no recipient'
plain serve
message <<'END'
From: alice@example.org
Subject: to nobody

Hello
END
send -t
status 64
not_said 'C: MAIL'

begin '-t with an address that is none'
plain serve
message <<'END'
To: bob@example.net, <broken@

Hello
END
send -t
status 65
delivered 0

begin 'an operand that is no address'
plain serve
send 'a@b@c'
status 64
delivered 0

begin 'an operand with a line break is refused'
plain serve
send 'bob@example.net>
RCPT TO:<eve@example.net'
status 64
not_said eve@example.net

begin 'a sender with a line break is refused'
plain serve
send -f 'alice@example.org>
RCPT TO:<eve@example.net' bob@example.net
status 64
not_said eve@example.net

begin 'no recipient at all'
plain serve
send
status 64
not_said 'C: MAIL'

begin 'the sender is what -f says'
plain serve
send -f carol@example.org bob@example.net
status 0
said 'C: MAIL FROM:<carol@example.org>'

begin 'the sender can be nobody'
plain serve
send -f '' bob@example.net
status 0
said 'C: MAIL FROM:<>'

begin 'an address outside ASCII to a server that cannot take it'
plain serve --no-smtputf8
send "j$(printf '\303\266')rg@example.net"
status 69
delivered 0
not_said 'C: DATA'

begin 'a message longer than SIZE says is not sent'
plain serve --max-size 100
send bob@example.net
status 69
delivered 0
not_said 'C: DATA'

finish
