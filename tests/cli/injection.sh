#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Nothing that comes from outside can add a command to the conversation, a
# field to the header or a byte to the terminal that was not meant: every
# option, setting, operand and variable there is, each with what could do it.
# Either that is refused and nothing is sent, or it is sent and is harmless.
. "$(dirname "$0")/lib.sh"

evil=evil@example.com
kinds='cr lf crlf esc del c1 command field'

lf='
'
cr=$(printf '\r') esc=$(printf '\033') del=$(printf '\177')
csi=$(printf '\302\233') byte=$(printf '\233') # ECMA-48: ESC [ in one

# KIND : $bad is one that steers something; begun so that it could be anything
poison() {
    case $1 in
    cr) bad="a@example.org$cr$evil" ;;
    lf) bad="a@example.org$lf$evil" ;;
    crlf) bad="a@example.org$cr$lf$evil" ;;
    esc) bad="a@example.org${esc}[31m$evil" ;;
    del) bad="a@example.org$del$evil" ;;
    c1) bad="a@example.org$csi$evil" ;;
    byte) bad="a@example.org$byte$evil" ;;
    command) bad="a@example.org>$cr${lf}RCPT TO:<$evil>$cr$lf" ;;
    field) bad="a@example.org${lf}Bcc: $evil" ;;
    esac
}

begin_tries() { # NAME OPTION... : a case of many tries, at one server
    begin "$1"
    shift
    plain serve_anyone --tls none "$@"
    url=smtp://localhost:%
    set_environment
    export PENNYPOST_TLS=off
    tries=0 sent=0
    message <<'END'
Subject: a test

Hello
END
}

try() { # WHAT STATUS COMMAND... : run it on the message
    what=$1 allowed=$2
    shift 2
    "$@" <"$work/message" >>"$work/out" 2>"$work/err-of-one"
    status=$?
    cat "$work/err-of-one" >>"$work/err"
    tries=$((tries + 1))
    if [ "$status" -eq 0 ] ||
        grep -q '^pennypost: sent to ' "$work/err-of-one"; then
        sent=$((sent + 1))
    fi
    case "|$allowed|" in
    *"|$status|"*) ;;
    *) wrongly "$what: exit status is $status, not $allowed" ;;
    esac
}

# What a command may be; in a quoted local part all of it may stand: there it
# is data.
local='([^<> "\\]*|"([^"\\]|\\["\\])*")'
commands="EHLO [^ ]+|DATA|RSET|QUIT"
commands="$commands|MAIL FROM:<($local@[-a-z.]*)?>( [A-Z0-9]+(=[^ ]*)?)*"
commands="$commands|RCPT TO:<$local@example[.]net>( NOTIFY=[A-Z,]*)?"

commands_harmless() { # none but these, and none with the payload
    sed -n 's/^[0-9]* C: //p' "$record/transcript.txt" >"$work/said" \
        2>/dev/null
    grep -Evx "$commands" "$work/said" >"$work/harm" &&
        wrongly "a command: $(head -n 3 "$work/harm")"
    if grep -v '^RCPT TO:<"' "$work/said" | grep -q "$evil"; then
        wrongly 'a command with the payload'
    fi
}

fields='(Resent-)?(From|Date|Message-ID)|To|Cc|Subject|MIME-Version|X-Test'
fields="$fields|(X-Original-)?Content-[-A-Za-z]*"
fields_harmless() { # no field in any message but these
    for arrived in "$record"/*.eml; do
        [ -e "$arrived" ] || continue
        tr -d '\r' <"$arrived" | sed '/^$/,$d' |
            grep -Eiv "^(($fields): |[ 	])" >"$work/harm" &&
            wrongly "a field: $(head -n 3 "$work/harm")"
    done
}

controls_absent() { # in what we have made of a header ourselves
    if [ "$(cat "$record"/*.eml | tr -cd '\000-\011\013\014\016-\037\177' |
        wc -c)" -gt 0 ]; then
        wrongly 'a control character is in a message'
    fi
}

end_tries() { # all of them: nothing was let through
    delivered "$sent"
    commands_harmless
    fields_harmless
    harmless "$work/err"
    check_run
    set_setting TLS ''
}

all_refused() { # and none so much as connected
    [ "$sent" -eq 0 ] || wrongly "$sent of $tries were sent"
    end_tries
    not_said 'C: '
    if [ "$(grep -c '^pennypost: ' "$work/err")" -lt "$tries" ]; then
        wrongly 'not every refusal was explained'
    fi
}

options() { # every one there is; settings() has those that are settings
    { "$PENNYPOST" --help; "$PENNYPOST" help all; } | tr -s ' ,=[' '\n' |
        sed -n '/^--\{0,1\}[A-Za-z][A-Za-z-]*$/p' | sort -u
}

settings() {
    PENNYPOST_CONFIG=/dev/null "$PENNYPOST" config |
        sed -n 's/^\(# \)\{0,1\}\([a-z-]*\)  *=.*/\2/p'
}

variable() { # SETTING
    echo "PENNYPOST_$(echo "$1" | tr a-z- A-Z_)"
}

begin_tries 'a control character in the argument of any option is 64'
for option in $(options); do
    [ "$option" != -F ] || continue
    for kind in $kinds; do
        poison "$kind"
        case $option in
        --*) joined=$option=$bad ;;
        *) joined=$option$bad ;;
        esac
        try "$option, $kind, joined" 64 \
            "$PENNYPOST" "$joined" bob@example.net
    done
    for kind in lf c1; do
        poison "$kind"
        try "$option, $kind" 64 "$PENNYPOST" "$option" "$bad" bob@example.net
    done
done
for option in -f -r -oi -bp -C -O -V -X -L -h -M --assume --help; do
    options | grep -qxF -e "$option" || wrongly "$option was not tried"
done
all_refused

begin_tries 'a control character in any operand is 64'
for kind in $kinds; do
    poison "$kind"
    try "$kind, the only one" 64 "$PENNYPOST" "$bad"
    try "$kind, the first" 64 "$PENNYPOST" "$bad" bob@example.net
    try "$kind, the last" 64 "$PENNYPOST" -i bob@example.net "$bad"
    try "$kind, with -t" 64 "$PENNYPOST" -t bob@example.net "$bad"
    try "$kind, behind --" 64 "$PENNYPOST" -- bob@example.net "$bad"
    try "$kind, in a list" 64 "$PENNYPOST" "bob@example.net, $bad"
    try "$kind, as a name" 64 "$PENNYPOST" "\"$bad\" <bob@example.net>"
    try "$kind, as a comment" 64 "$PENNYPOST" "($bad) bob@example.net"
    try "$kind, behind a verb" 64 "$PENNYPOST" config "$bad"
done
all_refused

begin_tries 'a control character in any setting: --name, -O, PENNYPOST_NAME'
for setting in $(settings); do
    for kind in $kinds; do
        poison "$kind"
        try "--$setting, $kind" 64 \
            "$PENNYPOST" "--$setting=$bad" bob@example.net
    done
    for kind in lf esc c1 command; do
        poison "$kind"
        try "-O $setting, $kind" 64 \
            "$PENNYPOST" -O "$setting=$bad" bob@example.net
        try "$(variable "$setting"), $kind" 78 \
            env "$(variable "$setting")=$bad" "$PENNYPOST" bob@example.net
    done
done
for setting in server password from domain ehlo-name log; do
    settings | grep -qx "$setting" || wrongly "$setting was not tried"
done
all_refused

# A line end in a value begins the next line, which is no setting.
begin_tries 'a control character in a file of settings'
export PENNYPOST_CONFIG="$work/config"
for setting in $(settings); do
    for kind in $kinds; do
        poison "$kind"
        printf '%s = %s\n' "$setting" "$bad" >"$work/config"
        try "$setting, $kind" 78 "$PENNYPOST" bob@example.net
    done
    printf '%s = a\0b\n' "$setting" >"$work/config"
    try "$setting, NUL" 78 "$PENNYPOST" bob@example.net
done
for kind in cr esc del c1; do
    poison "$kind"
    printf '%s = x\n' "$bad" >"$work/config"
    try "a key, $kind" 78 "$PENNYPOST" bob@example.net
    try "a file's name, $kind" 78 \
        env "PENNYPOST_CONFIG=/$bad" "$PENNYPOST" bob@example.net
    try "a variable's name, $kind" 78 \
        env "PENNYPOST_$bad=x" "$PENNYPOST" bob@example.net
done
for kind in cr esc del; do
    poison "$kind"
    printf '# %s\n' "$bad" >"$work/config"
    try "a comment, $kind" 78 "$PENNYPOST" bob@example.net
done
all_refused

begin_tries 'escapes in a URL hide nothing'
set_setting TLS '' # without it a user is no reason to refuse the settings
set_setting PASSWORD "$password"
for code in 0d 0a 0D0A 00 1b 7f 0d%0aRCPT%20TO:%3C$evil%3E; do
    for where in "al%${code}ice@localhost" "local%${code}host" \
        "localhost%$code"; do
        try "$where" 78 env "PENNYPOST_SERVER=smtp://$where:$port" \
            "$PENNYPOST" bob@example.net
        try "--server, $where" 64 \
            "$PENNYPOST" "--server=smtp://$where:$port" bob@example.net
    done
    try "a password, $code" 78 \
        env "PENNYPOST_SERVER=smtp://alice:p%${code}w@localhost:$port" \
        "$PENNYPOST" bob@example.net
done
all_refused
set_setting PASSWORD ''

begin_tries 'what would end a path or add a parameter is 64'
for bad in 'b@example.net> NOTIFY=NEVER' 'b@example.net>x' \
    '<b@example.net> SIZE=9' 'b@example.net SIZE=9' 'b@[127.0.0.1> x]' \
    'b@[127.0.0.1]> x' 'b@a>b' 'b>@example.net' '<<b@example.net>>' \
    "b@example.net> RCPT TO:<$evil"; do
    try "$bad" 64 "$PENNYPOST" "$bad"
    try "-f $bad" 64 "$PENNYPOST" -f "$bad" bob@example.net
    try "-V $bad" 64 "$PENNYPOST" -V "$bad " bob@example.net
    try "--domain=$bad" 64 "$PENNYPOST" "--domain=$bad" bob
    try "--ehlo-name=$bad" 64 "$PENNYPOST" "--ehlo-name=$bad" bob@example.net
done
all_refused

begin_tries 'a name has its line ends folded, and adds no field'
for kind in cr lf crlf command field; do
    poison "$kind"
    try "-F, $kind" 0 "$PENNYPOST" -F "$bad" bob@example.net
    try "-F, $kind, joined" 0 "$PENNYPOST" "-F$bad" bob@example.net
done
for kind in esc del c1; do
    poison "$kind"
    try "-F, $kind" 64 "$PENNYPOST" -F "$bad" bob@example.net
done
end_tries
controls_absent

begin_tries 'variables: the name, and what only the system reads'
for kind in $kinds byte; do
    poison "$kind"
    try "NAME, $kind" 0 env "NAME=$bad" "$PENNYPOST" -v bob@example.net
    try "others, $kind" 0 env "USER=$bad" "LOGNAME=$bad" "EMAIL=$bad" \
        "MAIL=$bad" "HOSTNAME=$bad" "TZ=$bad" "LANG=$bad" \
        "$PENNYPOST" -v bob@example.net
done
for kind in lf esc c1 byte; do
    poison "$kind"
    mkdir -p "$work/$bad/.config/pennypost" "$work/$bad/pennypost"
    echo wrong >"$work/$bad/.config/pennypost/config"
    echo wrong >"$work/$bad/pennypost/config"
    for place in HOME XDG_CONFIG_HOME XDG_STATE_HOME XDG_RUNTIME_DIR; do
        try "$place, $kind" 0 env -u PENNYPOST_CONFIG "$place=/none/$bad" \
            "$PENNYPOST" -v bob@example.net
        try "$place, $kind, and settings there" '0|78' \
            env -u PENNYPOST_CONFIG "$place=$work/$bad" \
            "$PENNYPOST" -v bob@example.net
    done
done
end_tries
controls_absent

begin_tries 'the name we are called by, and TMPDIR'
big_message 30000
mkdir "$work/names"
for kind in $kinds; do
    poison "$kind"
    ln -s "$PENNYPOST" "$work/names/$bad"
    try "as $kind" 0 "$work/names/$bad" bob@example.net
    try "TMPDIR, $kind" '0|74|75' \
        env "TMPDIR=/none/$bad" "$PENNYPOST" bob@example.net
done
end_tries

# WHAT|TEXT : the header in TEXT, with \r and \0NNN, is taken or refused.
headers() {
    while IFS='|' read -r label text; do
        printf "%b\nX-Test: behind\n\nHello, Gr\303\274\303\237e\n" "$text" |
            message
        try "$label" '0|65|69' "$PENNYPOST" -t carol@example.net
    done
}

hostile_headers() {
    headers <<'END'
CR behind an address|To: bob@example.net\rRCPT TO:<evil@example.com>
CR at the end|To: bob@example.net>\rRCPT TO:<evil@example.com>\r
CR begins a line|To: bob@example.net\n\rBcc: evil@example.com
NUL before a line|Subject: x\n\0000RCPT TO:<evil@example.com>
CR in quotes|To: "bob>\rRCPT TO:<evil@example.com>"@example.net
CR, quoted|To: "bob>\\\\\rRCPT TO:<evil@example.com>"@example.net
LF, quoted|To: "bob>\\\\\n RCPT TO:<evil@example.com>"@example.net
a fold in quotes|To: "bob>\n RCPT TO:<evil@example.com>"@example.net
CRLF in quotes|To: "bob>\r\n RCPT TO:<evil@example.com>"@example.net
ESC in quotes|To: "bob\033[31m"@example.net
ESC in an address|To: bob\033[31m@example.net
DEL in an address|To: bob\0177@example.net
NUL in an address|To: bob\0000@example.net\0000
a byte that is not UTF-8|To: bob\0205@example.net
C1 in a local part|To: bob\0302\0205@example.net
C1 in a domain|To: bob@example.net\0302\0205RCPT
a line separator|To: bob@example.net\0342\0200\0250RCPT
a wide > in a domain|To: bob@example.net\0357\0274\0236
a wide @|To: bob\0357\0274\0240example.com@example.net
an encoded name|To: =?utf-8?q?x=0D=0ABcc=3A_evil?= <bob@example.net>
an encoded address|To: =?utf-8?q?bob=0D=0ARCPT?=@example.net
an encoded local part|To: bob=0D=0ARCPT@example.net
escapes of URLs|To: bob%0d%0aRCPT%20@example.net
a route|To: <@evil.example.com,@b:bob@example.net>
CR in a route|To: <@a>\rRCPT TO:<evil@example.com>:bob@example.net>
a fold in a route|To: <@a\r\n RCPT,@b:bob@example.net>
> in a literal|To: bob@[127.0.0.1> RCPT TO:<evil@example.com]
CR in a literal|To: bob@[127.0.0.1\rRCPT]
CR in a comment|To: (x\rRCPT TO:<evil@example.com>) bob@example.net
CR in a name|To: "x\rBcc: evil@example.com" <bob@example.net>
CR in a group|To: x\rBcc: bob@example.net;, bob@example.net
CR in Subject|Subject: x\rBcc: evil@example.com
CR in From|From: x\rBcc: evil@example.com <alice@example.org>
CR in From, in quotes|From: "x\rBcc: evil@example.com" <alice@example.org>
8-bit and CR in From|From: "\0303\0274\rBcc: evil@example.com" <alice@example.org>
8-bit and CR in Subject|Subject: \0303\0274\rBcc: evil@example.com
8-bit and NUL in Subject|Subject: \0303\0274\0000\n Bcc: evil@example.com
CR in Message-ID|Message-ID: <a@b>\rBcc: evil@example.com
CR in a boundary|Content-Type: multipart/mixed; boundary="x\rBcc: evil"
CR in a charset|Content-Type: text/plain; charset="x\rBcc: evil"
an escaped charset|Content-Type: text/plain; charset*=utf-8''x%0d%0aBcc:%20evil
CR in an encoding|Content-Transfer-Encoding: x\rBcc: evil
CR in MIME-Version|MIME-Version: 1.0\rBcc: evil
END
}

begin_tries 'header fields, to a server that takes everything'
hostile_headers
[ "$tries" -gt 40 ] || wrongly 'not all were tried'
end_tries

begin_tries 'header fields, to a server that takes little' \
    --no-8bitmime --no-smtputf8
hostile_headers
end_tries

# Bcc fields that are not spelt Bcc are Bcc fields all the same.
begin_tries 'Bcc in disguise does not leave'
while read -r spelling; do
    printf "Subject: x\n%b bob@example.net (evil)\n\nHello\n" "$spelling" |
        message
    try "$spelling" 0 "$PENNYPOST" carol@example.net
done <<'END'
B\0000cc:
\0000Bcc:
Bcc\0000:
Bcc\r:
Bcc\t \r:
bCC :
Resent-B\0000cc:
END
end_tries
if cat "$record"/*.eml | grep -q evil; then
    wrongly 'a Bcc field left'
fi
[ "$(cat "$record"/*.eml | grep -c '^Hello')" -eq "$tries" ] ||
    wrongly 'the body is another one'

begin_tries 'what is logged is one line, whatever it is about'
printf 'Message-ID: <a@b>\033[31m\n status=sent "x"\rto=<evil>\n\nHello\n' |
    message
try 'a log' 0 "$PENNYPOST" "--log=$work/log" -f '"a status=sent"@example.org' \
    '"bob to=<x> "@example.net' bob@example.net
[ "$(wc -l <"$work/log")" -eq 1 ] || wrongly 'not one line'
harmless "$work/log"
end_tries

begin 'what a password command prints is data'
cat >"$work/password" <<'END'
#!/bin/sh
printf '\033[31mpass\rRCPT TO:<evil@example.com>\r\nRCPT TO:<evil>\r\n'
END
chmod 700 "$work/password"
for mechanism in PLAIN LOGIN; do
    plain serve --mechanisms "$mechanism"
    url=submission://$user@localhost:%
    send "--password-command=$work/password" bob@example.net
    status '75|77|78'
    commands=$(sed -n 's/^[0-9]* C: //p' "$record/transcript.txt")
    case $commands in
    *RCPT* | *evil*) wrongly 'it was sent as it is' ;;
    esac
    harmless "$work/err"
    server_stop
done

finish
