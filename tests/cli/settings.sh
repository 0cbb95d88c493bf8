#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Settings: where they come from, what is refused, and what is never shown.
. "$(dirname "$0")/lib.sh"

begin 'no server is configured: the shortest way to one is shown'
url='' trust=''
send bob@example.net
status 78
err_has 'server'
err_has 'submission'
err_lines 6

begin 'the server from a file'
plain serve
cat >"$work/config" <<END
# a comment
server = submission://localhost:$port
user = $user
password = $password
END
url='' config=$work/config
send bob@example.net
status 0
quiet
delivered 1
envelope_has 'auth PLAIN alice'
config=

begin '-C names the file'
plain serve
url=
send -C "$work/config" "--server=submission://localhost:$port" bob@example.net
status 0
delivered 1

begin 'the environment is over the file, the command line over both'
plain serve
cat >"$work/config" <<END
server = submission://localhost:1
user = nobody
from = file@example.org
END
config=$work/config url=submission://$user:$password@localhost:%
message <<'END'
Subject: from whom

Hello
END
send --from=line@example.org bob@example.net
status 0
said 'MAIL FROM:<line@example.org>'
config=

begin '-O Name=value is an option, too'
plain serve
message <<'END'
Subject: from whom

Hello
END
send -O from=upper@example.org bob@example.net
status 0
said 'MAIL FROM:<upper@example.org>'

begin 'the user file is read, where there is no other'
plain serve
mkdir -p "$work/home/.config/pennypost"
cat >"$work/home/.config/pennypost/config" <<END
server = submission://localhost:$port
user = $user
password = $password
tls-trust = $work/ca.pem
END
env -u PENNYPOST_CONFIG -u PENNYPOST_SERVER "PENNYPOST_LOG=none" \
    "$PENNYPOST" bob@example.net <"$work/message" >"$work/out" 2>"$work/err"
status=$?
check_run
status 0
delivered 1
rm -r "$work/home/.config"

for mode in 644 640 604; do
    begin "a file with a password that others can read: $mode"
    plain serve
    cat >"$work/config" <<END
server = submission://localhost:$port
user = $user
password = $password
END
    chmod "$mode" "$work/config"
    config=$work/config url=''
    send bob@example.net
    status 78
    err_has "$work/config"
    err_has chmod
    not_said 'C: '
    chmod 600 "$work/config"
done

begin 'the same without a password may be read by all'
plain serve
sed -i.old '/^password/d' "$work/config"
sed "s/localhost:[0-9]*/localhost:$port/" "$work/config" >"$work/config.new"
mv "$work/config.new" "$work/config"
chmod 644 "$work/config"
echo "$password" >"$work/password"
config=$work/config url=''
send "--password-command=cat $work/password" bob@example.net
status 0
delivered 1
config=

begin 'an unknown key, and which one was meant'
printf 'server = submission://localhost:1\npasword-command = true\n' \
    >"$work/config"
chmod 600 "$work/config"
config=$work/config url=''
send bob@example.net
status 78
err_has "$work/config:2"
err_has pasword-command
err_has "'password-command'"
config=

begin 'a value that cannot be'
printf 'server = submission://localhost:1\ntls = perhaps\n' >"$work/config"
config=$work/config url=''
send bob@example.net
status 78
err_has "$work/config:2"
err_has perhaps
config=

begin 'a file that is not there'
config=$work/no-such-file url=''
send bob@example.net
status 78
err_has "$work/no-such-file"
config=

begin 'a password on the command line is refused'
plain serve
send "--password=$password" bob@example.net
status 64
not_said 'C: '
err_lacks "$password"

begin 'a password in a URL on the command line is refused'
plain serve
send "--server=submission://$user:$password@localhost:$port" bob@example.net
status 64
not_said 'C: '
err_lacks "$password"

begin 'a password with -O is refused'
plain serve
send -O "password=$password" bob@example.net
status 64
not_said 'C: '

begin 'a wrong password'
plain serve
url=submission://$user:wr0ng-$password@localhost:%
send bob@example.net
status 77
err_has 'authentication failed'
err_has "$user"
err_lines 3
err_lacks wr0ng
err_lacks "$(printf %s "wr0ng-$password" | b64)"
delivered 0
not_said 'C: MAIL'

begin 'a wrong password, seen with -v'
plain serve
url=submission://$user:wr0ng-$password@localhost:%
send -v bob@example.net
status 77
err_lacks wr0ng
err_lacks "$(printf '\0%s\0%s' "$user" "wr0ng-$password" | b64)"

begin 'a password command that fails'
plain serve
url=submission://$user@localhost:%
send --password-command=false bob@example.net
status '75|77|78'
err_has false
not_said 'C: MAIL'

begin 'config shows every setting and no secret'
cat >"$work/config" <<END
server = submission://localhost:587
user = $user
password = $password
END
config=$work/config url=''
run config
status 0
out_has "$work/config:2"
out_has "$user"
for key in server user password password-command from domain tls tls-trust \
    tls-pin timeout log queue; do
    grep -Eq "^(# )?${key} " "$work/out" || wrongly "config lacks $key"
done
config=

begin 'config hides a password that came in a URL'
url=submission://$user:$password@mail.example.org
run config
status 0
out_has mail.example.org
out_has PENNYPOST_SERVER

begin '--help'
run --help
status 0
out_has sendmail
[ ! -s "$work/err" ] || wrongly 'something is on stderr'

begin '--version'
run --version
status 0
out_has pennypost

begin 'an unknown option'
plain serve
send --no-such-option bob@example.net
status 64
not_said 'C: '

begin 'an option behind the recipients'
plain serve
send bob@example.net -oi
status 64
not_said 'C: '

begin 'the keys of TLS are never written down'
plain serve
SSLKEYLOGFILE=$work/keylog
export SSLKEYLOGFILE
send bob@example.net
unset SSLKEYLOGFILE
status 0
[ ! -e "$work/keylog" ] || wrongly 'the keys of TLS were written'

begin '--dry-run shows it, and sends nothing'
plain serve
send --dry-run bob@example.net
status 0
out_has 'Subject: a test'
out_has 'Message-ID: '
err_has bob@example.net
delivered 0
not_said 'C: MAIL'

finish
