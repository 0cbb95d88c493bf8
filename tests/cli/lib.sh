# SPDX-License-Identifier: GPL-3.0-or-later
# lib.sh - run the built program against the test server, and look
#
#     . "$(dirname "$0")/lib.sh"
#
#     begin 'a recipient that is refused is reported'
#     serve <<'END'
#     RCPT 2: 550 5.1.1 no such user
#     END
#     send bob@example.net carol@example.net
#     status 67
#     err_has 'no such user'
#     delivered 1
#
#     finish
#
# begin starts a case, which is passed when everything asked for in it was so;
# each case is a line of TAP, and the last line is "N passed, N failed".
#
# The program is $PENNYPOST (./pennypost), the server $TEST_SERVER
# (tests/server/test-server), both from the directory the test is started in.
# Files are under $work, which is removed at the end; whatever was started is
# stopped by its process id.  Of every run it is checked that no secret is in
# what it printed, that no sanitizer had anything to say, and of every
# conversation that the client did nothing it must not (the server's "!!"
# lines; a case where they are wanted says: faults_allowed).

case ${PENNYPOST:=./pennypost} in /*) ;; *) PENNYPOST=$PWD/$PENNYPOST ;; esac
case ${TEST_SERVER:=tests/server/test-server} in
/*) ;;
*) TEST_SERVER=$PWD/$TEST_SERVER ;;
esac

LC_ALL=C
export LC_ALL
umask 077
unset XDG_CONFIG_HOME XDG_STATE_HOME NAME LOGNAME SSLKEYLOGFILE
for variable in $(env | sed -n 's/^\(PENNYPOST_[A-Z_]*\)=.*/\1/p'); do
    unset "$variable"
done

user=alice
password=Sw0rd-f1sh
work=$(mktemp -d "${TMPDIR:-/tmp}/pennypost-test.XXXXXX") || exit 1
passed=0 failed=0 skipped=0 number=0 name='' wrong='' pids='' server=''
config='' input=/dev/null

stop() { # PID... : end them and wait
    for pid; do
        kill "$pid" 2>/dev/null
        wait "$pid" 2>/dev/null
    done
}

clean_up() {
    # shellcheck disable=SC2086 # a list
    stop $pids
    chmod -R u+rwx "$work" 2>/dev/null
    rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

mkdir "$work/home"
HOME=$work/home
export HOME
if [ ! -x "$PENNYPOST" ] || [ ! -x "$TEST_SERVER" ]; then
    echo "# not there: $PENNYPOST or $TEST_SERVER"
    echo '0 passed, 1 failed'
    exit 1
fi
"$TEST_SERVER" --make-ca "$work" || exit 1

b64() { # base64 of standard input; "base64" is not everywhere
    if command -v base64 >/dev/null; then
        base64
    else
        openssl base64 -A
    fi | tr -d '\n'
}

# What must not be seen anywhere, a line each.
{
    echo "$password"
    printf %s "$password" | b64 && echo
    printf '\0%s\0%s' "$user" "$password" | b64 && echo
} >"$work/secrets"

wrongly() { # TEXT : what was asked for is not so
    wrong="$wrong#   $1
"
}

settle_case() {
    [ -n "$name" ] || return 0
    number=$((number + 1))
    # A case that has not looked at the conversation is checked all the same.
    server_stop
    if [ -z "$wrong" ]; then
        passed=$((passed + 1))
        echo "ok $number - $name"
    else
        failed=$((failed + 1))
        echo "not ok $number - $name"
        printf %s "$wrong"
        if [ -s "$work/err" ]; then
            sed 's/^/#   stderr: /' "$work/err" | head -n 20
        fi
        if [ -s "$record/transcript.txt" ]; then
            tail -n 20 "$record/transcript.txt" | cut -c 1-120 |
                sed 's/^/#   /'
        fi
    fi
    name=''
}

begin() { # NAME : the case before is over, and this one begins
    settle_case
    name=$1 wrong='' faults='' timeout='' aliases=none
    url="submission://$user:$password@localhost:%" trust=$work/ca.pem
    record=$work/record.$number
    mkdir "$record"
    : >"$work/out"
    : >"$work/err"
    message <<'END'
From: alice@example.org
To: bob@example.net
Subject: a test

Hello
END
}

skip() { # REASON : the case cannot be tried here
    number=$((number + 1)) skipped=$((skipped + 1))
    echo "ok $number - $name # SKIP $1"
    server_stop
    name=''
}

finish() {
    settle_case
    if [ "$skipped" -gt 0 ]; then
        echo "$passed passed, $failed failed, $skipped skipped"
    else
        echo "$passed passed, $failed failed"
    fi
    [ "$failed" -eq 0 ]
    exit
}

message() { # what "send" sends, from standard input
    cat >"$work/message"
}

server_start() { # OPTION... : start it, set $server and $port
    mkfifo "$work/port" || exit 1
    "$TEST_SERVER" --port 0 --lifetime 60 --record "$record" "$@" \
        >"$work/port" 2>"$work/server-err" &
    server=$!
    pids="$pids $server"
    read -r _ port <"$work/port"
    rm -f "$work/port"
    if [ -z "$port" ]; then
        wrongly "the server did not start: $(cat "$work/server-err")"
        port=1
    fi
}

serve() { # OPTION... : serve by the script on standard input
    cat >"$work/script"
    server_start --cert "$work/cert.pem" --key "$work/key.pem" \
        --user "$user" --password "$password" --script "$work/script" "$@"
}

serve_anyone() { # OPTION... : the same without a user
    cat >"$work/script"
    server_start --cert "$work/cert.pem" --key "$work/key.pem" \
        --script "$work/script" "$@"
}

plain() { # serve OPTION... : without a script
    "$@" </dev/null
}

recipients() { # N : so many addresses
    awk "BEGIN { for (i = 1; i <= $1; i++) print \"r\" i \"@example.net\" }"
}

connections() { # MARK : how many have been connected, or are over
    grep -c " --: $1" "$record/transcript.txt" 2>/dev/null
}

server_wait() { # until it is done with every client, 3 seconds at most
    [ -n "$server" ] || return 0
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
        [ "$(connections connected)" = "$(connections over:)" ] && return
        sleep 0.2
    done
}

server_stop() {
    [ -n "$server" ] || return 0
    server_wait
    stop "$server"
    server=''
    if [ -s "$work/server-err" ]; then
        wrongly "the server says: $(head -n 5 "$work/server-err")"
    fi
    if grep ' !!: ' "$record/transcript.txt" 2>/dev/null |
        grep -v " !!: .*${faults:-none of them}" >"$work/faults"; then
        wrongly "$(head -n 3 "$work/faults")"
    fi
}

server_kill() { # stop it, whatever it is doing
    stop "$server"
    server=''
}

faults_allowed() { # [PATTERN] : the server may find any, or those like this
    faults=${1:-.}
}

set_setting() { # NAME VALUE : an empty one is not set
    unset "PENNYPOST_$1"
    [ -z "$2" ] || export "PENNYPOST_$1=$2"
}

# Settings for one run.  "%" in $url stands for the server's port.
set_environment() {
    export PENNYPOST_CONFIG="${config:-/dev/null}"
    export PENNYPOST_LOG=none
    set_setting SERVER "$(echo "$url" | sed "s/%/${port:-1}/")"
    set_setting TLS_TRUST "$trust"
    set_setting TIMEOUT "$timeout"
    set_setting ALIASES "$aliases"
}

if command -v timeout >/dev/null; then
    limit='timeout 60'
else
    limit=
fi

check_run() { # no secret was printed, nothing went wrong inside
    if cat "$work/out" "$work/err" | grep -qF -f "$work/secrets"; then
        wrongly 'a secret was printed'
    fi
    if grep -q -e 'Sanitizer' -e 'runtime error:' "$work/err"; then
        wrongly 'a sanitizer found something'
    fi
    if [ "$status" -eq 124 ]; then
        wrongly 'it did not end within a minute'
    fi
}

harmless() { # FILE : UTF-8, and nothing in it that could steer a terminal
    c1=$(printf '\302')[$(printf '\200')-$(printf '\237')]
    if [ "$(tr -cd '\000-\011\013-\037\177' <"$1" | wc -c)" -gt 0 ] ||
        grep -q "$c1" "$1" || ! iconv -f UTF-8 -t UTF-8 <"$1" >/dev/null; then
        wrongly "a control character in ${1##*/}: $(
            tr -d '\012\040-\176' <"$1" | od -c | head -n 2)"
    fi
}

big_message() { # N : so many lines of 40 octets behind the message
    awk "BEGIN { for (i = 0; i < $1; i++)
        print \"a line of a message that goes on and on\" }" >>"$work/message"
}

run() { # ARGUMENT... : run the program, standard input is ours
    (
        set_environment
        # shellcheck disable=SC2086 # a command and its option, or nothing
        exec $limit "$PENNYPOST" "$@" >"$work/out" 2>"$work/err"
    )
    status=$?
    check_run
}

send() { # ARGUMENT... : run it on the message
    run "$@" <"$work/message"
}

started() { # ARGUMENT... : run it on $input in the background, as $program
    (
        set_environment
        exec "$PENNYPOST" "$@" >"$work/out" 2>"$work/err"
    ) <"$input" &
    program=$!
    pids="$pids $program"
}

ended() { # wait for what was started
    wait "$program"
    status=$?
    check_run
}

status() { # N or N|N : the exit status is this, or one of these
    case "|$1|" in
    *"|$status|"*) ;;
    *) wrongly "exit status is $status, not $1" ;;
    esac
}

quiet() { # nothing was printed
    if [ -s "$work/out" ] || [ -s "$work/err" ]; then
        wrongly 'something was printed'
    fi
}

err_has() { # TEXT : it is on standard error
    grep -qF -e "$1" "$work/err" || wrongly "stderr lacks: $1"
}

err_lacks() {
    if grep -qF -e "$1" "$work/err"; then
        wrongly "stderr has: $1"
    fi
}

err_lines() { # N : not more lines than these
    if [ "$(wc -l <"$work/err")" -gt "$1" ]; then
        wrongly "over $1 lines on stderr"
    fi
}

out_has() {
    grep -qF -e "$1" "$work/out" || wrongly "stdout lacks: $1"
}

said() { # TEXT : it is in the conversation, behind "C: " or "S: "
    server_wait
    grep -qF -e "$1" "$record/transcript.txt" ||
        wrongly "the transcript lacks: $1"
}

not_said() {
    server_wait
    if grep -qF -e "$1" "$record/transcript.txt" 2>/dev/null; then
        wrongly "the transcript has: $1"
    fi
}

delivered() { # N : so many messages have arrived
    server_wait
    set -- "$1" "$record"/*.eml
    if [ -e "$2" ]; then
        [ $(($# - 1)) -eq "$1" ] || wrongly "$(($# - 1)) arrived, not $1"
    else
        [ "$1" -eq 0 ] || wrongly "nothing arrived"
    fi
}

envelope_has() { # LINE : it is in the envelope of the first message
    grep -qxF -e "$1" "$record/1.env" 2>/dev/null ||
        wrongly "the envelope lacks: $1"
}

text_has() { # TEXT : it is in the first message
    grep -qF -e "$1" "$record/1.eml" 2>/dev/null ||
        wrongly "the message lacks: $1"
}

text_lacks() {
    if grep -qF -e "$1" "$record/1.eml"; then
        wrongly "the message has: $1"
    fi
}

body_is() { # TEXT : the body of the first message, with \n for CRLF
    printf %b "$1" >"$work/want"
    tr -d '\r' <"$record/1.eml" | sed '1,/^$/d' >"$work/got"
    cmp -s "$work/want" "$work/got" ||
        wrongly "the body is: $(od -c "$work/got" | head -n 5)"
}

