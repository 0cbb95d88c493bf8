#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What each exit status is for, a case a row, and that the text says what
# happened.  Callers act on it: PHP takes anything but 0 for a failure, mutt
# shows the name of the status, fetchmail and procmail try again on 75.  Only
# 0 means that it is sent; what else there is to a failure (what was said, what
# was left out) is in the other files: hostile.sh has every reply, stalls.sh
# every silence, certificates.sh whom not to trust, message.sh the signals.
. "$(dirname "$0")/lib.sh"

refused() { # NAME STATUS TEXT ARGUMENT... : before anything is said
    begin "$1"
    want=$2 text=$3
    shift 3
    plain serve
    send "$@"
    status "$want"
    err_has "$text"
    delivered 0
    not_said 'C: '
}

# NAME STATUS DELIVERED TEXT ARGUMENT... : by the script on standard input
answered() {
    begin "$1"
    want=$2 arrived=$3 text=$4
    shift 4
    serve
    send "$@"
    status "$want"
    [ -z "$text" ] || err_has "$text"
    delivered "$arrived"
}

answered 'ok: 0' 0 1 '' bob@example.net </dev/null
quiet

# 64: the command line

refused 'no recipient: 64' 64 'there is no recipient'
err_has '-t'
refused 'an option that there is not: 64' 64 "'-Z'" -Z bob@example.net
refused 'a long one: 64' 64 "'--no-such'" --no-such bob@example.net
refused 'an option without its argument: 64' 64 '-f wants an argument' -f
refused 'a setting without its value: 64' 64 '--timeout' --timeout
refused 'a flag with a value: 64' 64 '--dry-run' --dry-run=yes bob@example.net
refused 'a setting that cannot be so: 64' 64 "timeout cannot be 'soon'" \
    --timeout=soon bob@example.net
refused 'an option behind the recipients: 64' 64 "'-i'" bob@example.net -i
refused 'a lone dash: 64' 64 "'-'" -
refused 'an operand that is no address: 64' 64 "'a@b@c'" a@b@c
refused 'one of several operands: 64' 64 "'<broken@'" bob@example.net '<broken@'
refused 'two senders: 64' 64 'sender' -f a@example.org,b@example.org \
    bob@example.net
refused '-B: 64' 64 "'9BIT'" -B 9BIT bob@example.net
refused '-N: 64' 64 "'always'" -N always bob@example.net
refused '-N never and something: 64' 64 "'never,success'" -N never,success \
    bob@example.net
refused '-R: 64' 64 "'all'" -R all bob@example.net
refused '-V: 64' 64 "'a b'" -V 'a b' bob@example.net
refused '-V, and nothing: 64' 64 '-V' -V '' bob@example.net
for mode in d D l w S P t h H C a z e V x; do
    refused "-b$mode: 64, and nothing is sent" 64 'pennypost: -b' "-b$mode" \
        bob@example.net
done
for letter in D E J M P Q S T 4 6 z; do
    refused "-$letter: 64, and nothing is sent" 64 "-$letter" "-$letter" \
        bob@example.net
done

begin '-t, and no recipient: 64'
plain serve
printf 'Subject: x\nTo: undisclosed-recipients:;\n\nHello\n' | message
send -t
status 64
err_has 'no recipient'
not_said 'C: '

# 65, 66, 74, 75: the message

refused_header() { # NAME FIELD TEXT
    begin "$1"
    plain serve
    printf '%s\n\nHello\n' "$2" | message
    send -t bob@example.net
    status 65
    err_has "$3"
    not_said 'C: '
}

refused_header 'To that is no list: 65' 'To: carol@example.net, <broken@' \
    "'To'"
refused_header 'Bcc that is none: 65' 'Bcc: a b c' "'Bcc'"
refused_header 'a domain that cannot be: 65' 'Cc: bob@ex_ample..net' \
    "'ex_ample..net'"

begin 'a message over the limit: 65'
plain serve
big_message 300
send --size-limit=10K bob@example.net
status 65
err_has 'larger than 10240 octets'
err_has size-limit
not_said 'C: '

begin 'NUL in the body is encoded: 0'
plain serve
printf 'Subject: x\n\na\0b\n' | message
send bob@example.net
status 0
delivered 1
text_has 'Content-Transfer-Encoding: base64'

begin 'standard input is closed: 66'
plain serve
run bob@example.net <&-
status 66
err_has 'standard input is closed'
not_said 'C: '

begin 'standard input can only be written: 66'
plain serve
: >"$work/written"
run bob@example.net 0>"$work/written"
status 66
not_said 'C: '

begin 'standard input cannot be read: 74'
plain serve
run bob@example.net <"$work"
status 74
err_has 'cannot read standard input'
not_said 'C: '

begin 'a temporary file may not grow: 74'
plain serve
big_message 50000
(
    ulimit -f 2000
    send bob@example.net
    echo "$status" >"$work/status"
)
status=$(cat "$work/status")
status 74
err_has 'File too large'
err_has 'ulimit -f'
not_said 'C: '

begin 'no room for temporary files: 75'
mkdir "$work/small"
plain serve
big_message 100000
if ! unshare -rm mount -t tmpfs -o size=64k none "$work/small" 2>/dev/null
then
    skip 'no file system can be mounted'
else
    cat >"$work/in-small" <<END
#!/bin/sh
mount -t tmpfs -o size=1m none '$work/small'
TMPDIR='$work/small' exec '$PENNYPOST' bob@example.net
END
    (
        set_environment
        exec unshare -rm sh "$work/in-small" <"$work/message" 2>"$work/err"
    )
    status=$?
    status 75
    err_has 'No space left on device'
    err_has TMPDIR
    not_said 'C: '
fi

begin 'TMPDIR is no directory: another is found, 0'
plain serve
big_message 40000
TMPDIR=$work/message
export TMPDIR
send bob@example.net
unset TMPDIR
status 0
delivered 1

limit_memory() { # KIB : false where the shell cannot
    # shellcheck disable=SC3045
    ulimit -v "$1" 2>/dev/null
}

begin 'out of memory: 75'
if grep -q __asan_init "$PENNYPOST"; then
    skip 'a sanitizer wants all the memory there is'
elif ! (limit_memory 60000); then
    skip 'memory cannot be limited'
else
    plain serve
    awk 'BEGIN { for (i = 0; i < 400000; i++)
        print "X-Field: of a header that goes on and on and on and on" }' |
        message
    for limit_of in 30000 60000; do
        (
            limit_memory "$limit_of"
            set_environment
            exec "$PENNYPOST" bob@example.net <"$work/message" 2>"$work/err"
        )
        status=$?
        status 75
        grep -qi 'out of memory\|cannot allocate' "$work/err" ||
            wrongly 'that it is memory was not said'
    done
    not_said 'C: '
fi

begin 'no process can be had for the password command: 71'
if [ "$(id -u)" -eq 0 ] || ! command -v prlimit >/dev/null; then
    skip 'root, or no prlimit'
else
    plain serve
    url=submission://$user@127.0.0.1:%
    (
        set_environment
        exec prlimit --nproc=1 "$PENNYPOST" --password-command=true \
            bob@example.net <"$work/message" 2>"$work/err"
    )
    status=$?
    status 71
    err_has 'cannot be run'
    not_said 'C: AUTH'
fi

# 67, 69, 75: what the server says

answered 'all recipients refused: 67' 67 0 'no such user' bob@example.net \
    carol@example.net <<'END'
RCPT: 550 5.1.1 no such user
END
err_has 'not sent to bob@example.net, carol@example.net'

answered 'some refused: the rest is sent, 67' 67 1 'no such user' \
    bob@example.net carol@example.net <<'END'
RCPT 1: 550 5.1.1 no such user
END
err_has 'not sent to bob@example.net'
err_has 'pennypost: sent to carol@example.net'
envelope_has 'rcpt TO:<carol@example.net>'

answered 'one deferred: nothing is sent, 75' 75 0 greylisted bob@example.net \
    carol@example.net <<'END'
RCPT 2: 451 4.7.1 greylisted
END
err_has 'bob@example.net'
not_said 'a message of 1'

answered 'the sender refused: 69' 69 0 'not your address' bob@example.net \
    <<'END'
MAIL: 550 5.7.1 not your address
END

answered 'DATA refused: 69' 69 0 'no thanks' bob@example.net <<'END'
DATA: 554 5.6.0 no thanks
END

answered 'the message refused: 69' 69 0 spam bob@example.net <<'END'
DOT: 554 5.7.1 this is spam
END

answered 'too big for MAIL: 69' 69 0 'too big' bob@example.net <<'END'
MAIL: 552 5.3.4 too big
END

answered 'too big after all: 69' 69 0 'too big' bob@example.net <<'END'
DOT: 552 5.3.4 too big
END

begin 'too big by what the server says first: 69'
plain serve --max-size 100
send bob@example.net
status 69
err_has '5.3.4'
err_has '100'
delivered 0
not_said 'C: MAIL'

answered 'the server says later: 75' 75 0 'disk full' bob@example.net <<'END'
DOT: 452 4.3.1 disk full
END
err_has 'send it again later'

# 68, 75, 76: the server itself

begin 'a name that does not exist: 68'
url=submission://$user:$password@nowhere.invalid:587
send bob@example.net
if [ "$status" -eq 75 ] && grep -q 'name servers' "$work/err"; then
    skip 'there is no name server'
else
    status 68
    err_has "'nowhere.invalid' does not exist"
fi

begin 'nobody listens: 75'
plain serve
server_stop
send bob@example.net
status 75
err_has "'localhost' port $port"
err_has 'connection refused'

begin 'no greeting in time: 75'
serve <<'END'
GREETING: hang
END
faults_allowed # it may try whether TLS is spoken there
timeout=1
send bob@example.net
status 75
err_has 'localhost'
server_kill

begin 'no handshake in time: 75'
serve <<'END'
TLS: hang
END
timeout=1
send bob@example.net
status 75
err_has TLS
server_kill

begin 'a certificate that is not trusted: 76'
plain serve
trust=system
send bob@example.net
status 76
err_has certificate
not_said 'C: AUTH'

answered 'no SMTP: 76' 76 0 'HTTP' bob@example.net <<'END'
GREETING: raw "HTTP/1.1 400 Bad Request\r\n\r\n"
GREETING: close
END

# 77, 78: the login and the settings

answered 'a wrong password: 77' 77 0 'wrong password' bob@example.net <<'END'
AUTH: 535 5.7.8 wrong password
END
err_has "$user"
not_said 'C: MAIL'

begin 'a login is wanted: 77'
plain serve
url=submission://localhost:%
send bob@example.net
status 77
err_has 'AUTH first'
err_has "'password-command'"

begin 'no settings: 78'
url='' trust=''
send bob@example.net
status 78
err_has 'no server is set'

begin 'the file of settings is missing: 78'
url='' config=$work/nowhere
send bob@example.net
status 78
err_has "'$work/nowhere'"
err_has PENNYPOST_CONFIG
config=

begin 'a setting from the environment that cannot be: 78'
PENNYPOST_SIZE_LIMIT=large
export PENNYPOST_SIZE_LIMIT
send bob@example.net
unset PENNYPOST_SIZE_LIMIT
status 78
err_has "PENNYPOST_SIZE_LIMIT: size-limit cannot be 'large'"

begin 'a sender in the settings that is no address: 78'
PENNYPOST_FROM='a@b@c'
export PENNYPOST_FROM
send bob@example.net
unset PENNYPOST_FROM
status 78
err_has 'a@b@c'
err_has PENNYPOST_FROM

finish
