#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Where the password may come from, each way to its end; and that it is to be
# seen nowhere else, while the program runs and after.
. "$(dirname "$0")/lib.sh"

mkdir "$work/bin" "$work/tmp" "$work/run"
echo "$password" >"$work/password"
plain_path=$PATH

# A program of this name, of which standard input is the text.
stub() {
    cat >"$work/bin/$1"
    chmod +x "$work/bin/$1"
    PATH=$work/bin:$plain_path
}

with() { # begin a case, with a user and no password
    begin "$1"
    plain serve
    url=submission://$user@localhost:%
    unset CREDENTIALS_DIRECTORY NETRC XDG_RUNTIME_DIR
    PATH=$plain_path
}

logged_in() {
    status 0
    quiet
    delivered 1
    envelope_has "auth PLAIN $user"
}

with 'password-command, as words'
send "--password-command=cat '$work/password'" bob@example.net
logged_in

with 'password-command, by a shell where it begins with !'
send "--password-command=!tr a a <$work/password | head -n 1" bob@example.net
logged_in

with 'password-command, and a shell that was not asked for'
send "--password-command=cat $work/password | head -n 1" bob@example.net
status 75
err_has 'exited with status 1'
delivered 0

with 'a command that fails: its status is told'
send '--password-command=!echo lost >&2; exit 3' bob@example.net
status 75
err_has lost
err_has "password-command 'echo lost >&2; exit 3' exited with status 3"

with 'a command that prints nothing'
send --password-command=true bob@example.net
status 78
err_has 'printed nothing'

with 'password-file'
send "--password-file=$work/password" bob@example.net
logged_in

with 'password-file, in CRLF lines'
printf '%s\r\nnot this\r\n' "$password" >"$work/crlf"
send "--password-file=$work/crlf" bob@example.net
logged_in

with 'a password-file that is not there'
send "--password-file=$work/nothing" bob@example.net
status 78
err_has "there is no password-file '$work/nothing'"
not_said 'C: '

with 'a password-file that others may read'
cp "$work/password" "$work/open"
chmod 644 "$work/open"
send "--password-file=$work/open" bob@example.net
status 78
err_has 'can be read by others (mode 0644'
err_has "chmod 600 $work/open"
not_said 'C: '

with 'a password-file that is empty'
echo >"$work/empty"
chmod 600 "$work/empty"
send "--password-file=$work/empty" bob@example.net
status 78
err_has "the first line of '$work/empty' holds no password"

with 'password-fd'
send --password-fd=7 bob@example.net 7<"$work/password"
logged_in

with 'password-fd, that is not open'
send --password-fd=8 bob@example.net
status 78
err_has 'password-fd 8'

with 'password-fd is no standard stream'
send --password-fd=0 bob@example.net
status 64
err_has 'from 3 to 1023'

with 'a password on the command line is refused'
send "--password=$password" bob@example.net
status 64
err_has 'no place on the command line'

with 'a credential of systemd'
mkdir "$work/credentials"
cp "$work/password" "$work/credentials/pennypost.password"
chmod 400 "$work/credentials/pennypost.password"
CREDENTIALS_DIRECTORY=$work/credentials
export CREDENTIALS_DIRECTORY
send bob@example.net
logged_in

with 'a credential of systemd that others may read'
chmod 644 "$work/credentials/pennypost.password"
CREDENTIALS_DIRECTORY=$work/credentials
export CREDENTIALS_DIRECTORY
send bob@example.net
status 78
err_has 'can be read by others'

with 'systemd is asked and has none'
send --password-from=systemd bob@example.net
status 78
err_has "no credential 'pennypost.password'"
err_has LoadCredential=

with 'netrc'
cat >"$HOME/.netrc" <<END
machine ftp.example.com login anonymous password guest
machine localhost login $user password "$password"
END
send bob@example.net
logged_in

with 'netrc, the file that NETRC names'
mv "$HOME/.netrc" "$work/netrc"
NETRC=$work/netrc
export NETRC
send --password-from=netrc bob@example.net
logged_in

with 'a netrc that others may read'
chmod 640 "$work/netrc"
NETRC=$work/netrc
export NETRC
send bob@example.net
status 78
err_has "'$work/netrc' holds a password and can be read by others"

with 'a netrc without us'
send --password-from=netrc bob@example.net
status 78
err_has "has no password for '$user' at 'localhost'"

with 'nobody has a password'
send bob@example.net
status 78
err_has 'there is a user, but no password'
err_has 'set password-command, password-file, password-from or password'
not_said 'C: '

with 'git credential, asked as git send-email does'
stub git <<END
#!/bin/sh
{ echo "\$@"; cat; echo "prompt \$GIT_TERMINAL_PROMPT"; } >"$work/git-asked"
echo protocol=smtp
echo username=$user
printf 'password=%s\n' "\$(cat "$work/password")"
END
send --password-from=git-credential bob@example.net
logged_in
printf 'credential fill\nprotocol=smtp\nhost=localhost:%s\nusername=%s\n\n%s\n' \
    "$port" "$user" 'prompt 0' | cmp -s - "$work/git-asked" ||
    wrongly "git was asked: $(cat "$work/git-asked")"

with 'git credential that knows nothing'
stub git <<'END'
#!/bin/sh
echo 'fatal: could not read Password' >&2
exit 128
END
send --password-from=git-credential bob@example.net
status 75
err_has "'git credential fill' exited with status 128"

with 'libsecret, by secret-tool'
stub secret-tool <<END
#!/bin/sh
echo "\$@" >"$work/tool-asked"
printf %s "\$(cat "$work/password")"
END
send --password-from=libsecret bob@example.net
logged_in
echo "lookup host localhost service smtp user $user" |
    cmp -s - "$work/tool-asked" ||
    wrongly "secret-tool was asked: $(cat "$work/tool-asked")"

with 'libsecret that has none'
stub secret-tool <<'END'
#!/bin/sh
exit 1
END
send --password-from=libsecret bob@example.net
status 75
err_has "to store it: secret-tool store --label=mail host 'localhost'"

with 'two of them at once'
send --password-from=netrc --password-file=/x bob@example.net
status 78
err_has 'both password-file (--password-file) and password-from'

# On a terminal of its own: what it shows is in $work/shown.
at_terminal() { # TEXT ARGUMENT...
    answer=$1
    shift
    : >"$work/shown"
    {
        for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
            grep -q 'Password for' "$work/shown" && break
            sleep 0.1
        done
        sleep 0.2
        printf %b "$answer"
        sleep 1
    } | (
        set_environment
        # shellcheck disable=SC2086 # a command and its option, or nothing
        exec $limit script -qefc "trap : INT
            $PENNYPOST $*" \
            "$work/shown" >/dev/null
    )
    status=$?
    if grep -qF -f "$work/secrets" "$work/shown"; then
        wrongly 'the password is to be seen'
    fi
}

shown() {
    grep -qF -e "$1" "$work/shown" || wrongly "not shown: $1"
}

if echo x | script -qefc true "$work/shown" >/dev/null 2>&1; then
    with 'a prompt at the terminal'
    at_terminal "$password\n" "bob@example.net <$work/message"
    status 0
    shown "Password for $user at localhost: "
    delivered 1
    envelope_has "auth PLAIN $user"

    with 'a prompt that is not answered'
    at_terminal '\n' "bob@example.net <$work/message"
    status 78
    shown 'there is no password from the terminal'

    with 'a prompt that is interrupted: the echo is back'
    at_terminal '\003' "bob@example.net <$work/message; stty -a"
    shown ' echo '

    with '-bs asks nobody'
    at_terminal '' '-bs'
    shown 'there is a user, but no password'
else
    begin 'a prompt at the terminal'
    skip 'there is no script(1) that could run it at one'
fi

oauth() { # NAME REPLY : a case with a token, of which the server says this
    begin "$1"
    serve --mechanisms XOAUTH2 <<END
AUTH: $2
END
    url=submission://$user@localhost:%
    rm -rf "$work/run" "$work/runs"
    mkdir "$work/run"
    XDG_RUNTIME_DIR=$work/run
    export XDG_RUNTIME_DIR
    faults_allowed
}

token=ya29.T0ken-f1sh
echo "$token" >>"$work/secrets"
printf %s "$token" | b64 >>"$work/secrets"
echo >>"$work/secrets"
printf 'user=%s\001auth=Bearer %s\001\001' "$user" "$token" | b64 \
    >"$work/initial"
cat "$work/initial" >>"$work/secrets"
echo >>"$work/secrets"
count='!echo run $PENNYPOST_TOKEN_REFRESH >>'$work/runs

oauth 'a token' '235 2.7.0 ok'
send "--token-command=$count; echo $token" bob@example.net
status 0
delivered 1
said "C: AUTH XOAUTH2 $(cat "$work/initial")"
[ -z "$(ls -A "$work/run")" ] || wrongly 'a token without an end is kept'

oauth 'a token that says how long it is good is kept' '235 2.7.0 ok'
for _ in 1 2; do
    send "--token-command=$count; echo $token; echo 3600" bob@example.net
    status 0
done
delivered 2
[ "$(wc -l <"$work/runs")" -eq 1 ] || wrongly 'the command was run twice'
set -- "$work/run/pennypost"/*
[ $# -eq 1 ] || wrongly 'there is more than the token'
[ "$(find "$1" -perm 600)" ] || wrongly "mode of $1 is not 600"
[ "$(find "$work/run/pennypost" -prune -perm 700)" ] || wrongly 'not 700'
grep -qxF "$token" "$1" || wrongly 'it is not the token'

begin 'it is not for another server'
serve --mechanisms XOAUTH2 <<'END'
AUTH: 235 2.7.0 ok
END
url=submission://$user@127.0.0.1:%
faults_allowed
send "--token-command=$count; echo $token; echo 3600" bob@example.net
status 0
[ "$(wc -l <"$work/runs")" -eq 2 ] || wrongly 'the command was not run'

oauth 'a token that ends within a minute is not kept' '235 2.7.0 ok'
send "--token-command=!echo '{\"access_token\":\"$token\",\"expires_in\":60}'" \
    bob@example.net
status 0
delivered 1
[ -z "$(ls -A "$work/run")" ] || wrongly 'it is kept'

oauth 'a runtime directory that others can look into is not used' \
    '235 2.7.0 ok'
chmod 755 "$work/run"
send "--token-command=!echo $token; echo 3600" bob@example.net
status 0
delivered 1
[ -z "$(ls -A "$work/run")" ] || wrongly 'a token is kept there'

oauth 'a token that is refused: the command is run once more, and told so' \
    '535 5.7.8 no'
send "--token-command=$count; echo $token; echo 3600" bob@example.net
status 77
err_has '535'
printf 'run\nrun 1\n' | cmp -s - "$work/runs" ||
    wrongly "the runs: $(cat "$work/runs")"
[ "$(connections connected)" -eq 2 ] || wrongly 'there was no second try'

oauth 'a command that prints no token' '235 2.7.0 ok'
send "--token-command=echo please log in" bob@example.net
status 78
err_has 'what it printed is no token'
delivered 0

# The processes of the program and its command, and what they leave behind.
scan() { # FILE... : the secret is in none of these
    for file; do
        if [ -r "$file" ] && tr '\0' '\n' <"$file" 2>/dev/null |
            grep -qF -f "$work/secrets"; then
            wrongly "the secret is in $file"
        fi
    done
}

if [ -r /proc/self/environ ]; then
    begin 'the secret is nowhere to be seen while the program runs'
    serve <<'END'
MAIL: ok
MAIL: wait 1500
END
    url=submission://$user@localhost:%
    # Not where the program may not look, but for us to find.
    mkdir "$work/here"
    TMPDIR=$work/tmp XDG_RUNTIME_DIR=$work/run SSLKEYLOGFILE=$work/keys
    export TMPDIR XDG_RUNTIME_DIR SSLKEYLOGFILE
    cat >"$work/ask" <<END
#!/bin/sh
tr '\\0' '\\n' <"/proc/\$\$/environ" >"$work/here/environ.\$1"
tr '\\0' '\\n' <"/proc/\$\$/cmdline" >"$work/here/cmdline.\$1"
sleep 0.5
cat "$work/password"
END
    chmod +x "$work/ask"
    big_message 50000
    input=$work/message
    PENNYPOST_PASSWORD=$password
    export PENNYPOST_PASSWORD
    started -v "--log=$work/here/log" "--password-command=$work/ask 1" \
        bob@example.net
    unset PENNYPOST_PASSWORD
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14; do
        for process in $program $(
            cat "/proc/$program/task/$program/children" 2>/dev/null); do
            scan "/proc/$process/cmdline"
        done
        for process in $(
            cat "/proc/$program/task/$program/children" 2>/dev/null); do
            grep -q PENNYPOST_PASSWORD "/proc/$process/environ" 2>/dev/null &&
                [ "$(readlink "/proc/$process/exe")" != \
                    "$(readlink "/proc/$program/exe")" ] &&
                wrongly "a child knows PENNYPOST_PASSWORD"
        done
        scan "$work"/tmp/* "$work"/run/* "$work"/here/*
        sleep 0.2
    done
    ended
    unset TMPDIR XDG_RUNTIME_DIR SSLKEYLOGFILE
    status 0
    delivered 1
    envelope_has "auth PLAIN $user"
    scan "$work/here"/* "$work/err" "$work/out"
    err_has 'AUTH PLAIN'
    [ -s "$work/here/environ.1" ] || wrongly 'the command was not looked at'
    if grep -qv -e '^PATH=' -e '^HOME=' -e '^PWD=' -e '^LANG=' -e '^LC_ALL=' \
        -e '^TERM=' -e '^USER=' -e '^XDG_RUNTIME_DIR=' -e '^DISPLAY=' \
        "$work/here/environ.1"; then
        wrongly "the command got $(cut -d= -f1 "$work/here/environ.1" | xargs)"
    fi
    [ ! -e "$work/keys" ] || wrongly 'the keys of TLS were written'
    grep -rqF -f "$work/secrets" "$work/tmp" "$HOME" &&
        wrongly 'the secret is in a file'

    begin 'nor in a core, when it dies'
    serve <<'END'
MAIL: wait 3000
END
    url=submission://$user@localhost:%
    input=$work/message
    ulimit -c unlimited 2>/dev/null
    started "--password-file=$work/password" bob@example.net
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        grep -q 'MAIL' "$record/transcript.txt" 2>/dev/null && break
        sleep 0.1
    done
    grep -q '^Max core file size *0 ' "/proc/$program/limits" ||
        wrongly 'it may write a core'
    if [ "$(id -u)" -ne 0 ] && cat "/proc/$program/environ" 2>/dev/null |
        grep -q .; then
        wrongly 'its memory can be read by others of this user'
    fi
    kill -ABRT "$program"
    { wait "$program"; } 2>/dev/null
    status=$?
    server_kill
    [ "$status" -gt 128 ] || wrongly "it died with status $status"
    for core in core core.*; do
        [ ! -e "$core" ] || wrongly "there is $core"
    done
else
    begin 'the secret is nowhere to be seen'
    skip 'there is no /proc'
fi

finish
