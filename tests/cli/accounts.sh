#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Accounts: which one mail is sent with, what it inherits, and from which file.
# Each greets the server with a name of its own.
. "$(dirname "$0")/lib.sh"

config=$work/config

scene() { # NAME : a case with no settings but the file's
    begin "$1"
    url=''
}

write_config() { # the configuration, from standard input; "%" is the port
    sed "s/%/$port/" >"$config"
    chmod 600 "$config"
}

accounts() { # [LINE] : three accounts, and LINE before them
    printf '%s\n' "$1" >"$work/first"
    cat "$work/first" - <<END | write_config
ehlo-name = none.example.org

[account work]
match = *@work.example, boss@example.org
ehlo-name = work.example.org
inherits = here

[account home]
from = Alice <alice@home.example>
ehlo-name = home.example.org
inherits = here

[account daemons]
match = nobody-here cron@* <>
ehlo-name = daemons.example.org
inherits = here

[account here]
server = submission://localhost:%
user = $user
password = $password
END
}

from() { # ADDRESS : the message is from there
    message <<END
From: $1
To: bob@example.net
Subject: a test

Hello
END
}

scene '-a chooses the account'
plain serve
accounts
send -a home bob@example.net
status 0
quiet
said 'EHLO home.example.org'
envelope_has 'auth PLAIN alice'

scene 'whoever the sender is'
plain serve
accounts
send -f you@work.example --account=home bob@example.net
status 0
said 'EHLO home.example.org'

scene 'as -O account does'
plain serve
accounts
send -O account=work bob@example.net
status 0
said 'EHLO work.example.org'

scene 'the environment chooses it'
plain serve
accounts
PENNYPOST_ACCOUNT=daemons
export PENNYPOST_ACCOUNT
send -f you@work.example bob@example.net
status 0
said 'EHLO daemons.example.org'

scene 'but -a is over it'
plain serve
accounts
send -a home bob@example.net
unset PENNYPOST_ACCOUNT
status 0
said 'EHLO home.example.org'

scene '-f chooses the account'
plain serve
accounts
send -f boss@example.org bob@example.net
status 0
said 'EHLO work.example.org'
said 'MAIL FROM:<boss@example.org>'

scene 'by a wildcard, in any case'
plain serve
accounts
send -f Someone@WORK.example bob@example.net
status 0
said 'EHLO work.example.org'

scene 'before the From field does'
plain serve
accounts
from alice@home.example
send -f boss@example.org bob@example.net
status 0
said 'EHLO work.example.org'

scene 'the From field chooses it'
plain serve
accounts
from '"Me, at work" <me@work.example>'
send bob@example.net
status 0
said 'EHLO work.example.org'

scene 'where -f is for none'
plain serve
accounts
from me@work.example
send -f stranger@example.com bob@example.net
status 0
said 'EHLO work.example.org'

scene 'from is for its own address'
plain serve
accounts
from alice@home.example
send bob@example.net
status 0
said 'EHLO home.example.org'

scene 'the null sender has an account, too'
plain serve
accounts
from stranger@example.com
send -f '<>' bob@example.net
status 0
said 'EHLO daemons.example.org'
said 'MAIL FROM:<>'

scene 'who we are chooses it, where nobody is named'
plain serve
accounts "domain = example.org"
sed "s/^match = nobody-here/match = $(id -un)/" "$config" >"$config.new"
cat "$config.new" >"$config"
printf 'Subject: a test\n\nHello\n' | message
send bob@example.net
status 0
said 'EHLO daemons.example.org'

scene 'account names the one for all others'
plain serve
accounts 'account = home'
from stranger@example.com
send bob@example.net
status 0
said 'EHLO home.example.org'

scene 'but not for those of another'
plain serve
accounts 'account = home'
send -f me@work.example bob@example.net
status 0
said 'EHLO work.example.org'

scene 'for others there are the defaults'
plain serve
accounts "server = submission://$user:$password@localhost:$port"
from stranger@example.com
send bob@example.net
status 0
said 'EHLO none.example.org'

scene 'no account, and no server: it says so, and who it was for'
plain serve
accounts
from stranger@example.com
send bob@example.net
status 78
err_has "no account is for mail from 'stranger@example.com'"
err_has 'there are: work, home, daemons, here'
err_lines 2
not_said 'C: '

scene 'an account that there is not'
plain serve
accounts
send -a hme bob@example.net
status 64
err_has "there is no account 'hme'"
err_has "did you mean 'home'?"
not_said 'C: '

scene 'the same in the environment'
PENNYPOST_ACCOUNT=office
export PENNYPOST_ACCOUNT
send bob@example.net
unset PENNYPOST_ACCOUNT
status 78
err_has PENNYPOST_ACCOUNT
err_has "there is no account 'office'"

scene 'the same in the file'
port=1
accounts 'account = hme'
send -a work bob@example.net
status 75
send bob@example.net
status 78
err_has "$config:1: there is no account 'hme'"

scene '--dry-run knows the account'
accounts
printf 'Subject: a test\n\nHello\n' | message
send --dry-run -a home bob@example.net
status 0
out_has 'From: Alice <alice@home.example>'

scene 'an account that is not used is checked, too'
plain serve
accounts
echo 'timeout = soon' >>"$config"
send -a work bob@example.net
status 78
err_has "$config:23: timeout cannot be 'soon'"
not_said 'C: '

scene 'accounts that inherit from each other'
write_config <<'END'
[account a]
inherits = b
[account b]
inherits = a
END
send bob@example.net
status 78
err_has "$config:2: account 'a' inherits from itself"

scene 'a user adds to an account of the system, and to one only'
plain serve
accounts
mv "$config" "$work/system"
write_config <<END
include = system
[account work]
ehlo-name = mine.example.org
[account own]
inherits = work
match = own@example.org
END
send -f you@work.example bob@example.net
status 0
said 'EHLO mine.example.org'

scene 'and inherits from it'
plain serve
sed "s/localhost:[0-9]*/localhost:$port/" "$work/system" >"$work/new"
cat "$work/new" >"$work/system"
send -f own@example.org bob@example.net
status 0
said 'EHLO mine.example.org'

scene 'included files by a wildcard, in order'
plain serve
mkdir "$work/accounts"
cat >"$work/accounts/10.conf" <<END
[account one]
server = submission://$user:$password@localhost:$port
ehlo-name = first.example.org
END
printf '[account one]\nehlo-name = second.example.org\n' \
    >"$work/accounts/20.conf"
echo 'include = accounts/*.conf' | write_config
send -a one bob@example.net
status 0
said 'EHLO second.example.org'

scene 'an included file with a password that others can read'
chmod 644 "$work/accounts/10.conf"
send -a one bob@example.net
status 78
err_has "$work/accounts/10.conf:2: there is a password"
err_has "chmod 600 $work/accounts/10.conf"
chmod 600 "$work/accounts/10.conf"

scene 'an included file that is not there'
echo 'include = accounts/30.conf' | write_config
send bob@example.net
status 78
err_has "$config:1: there is no file '$work/accounts/30.conf' to include"

scene 'files that include each other'
echo 'include = config' | write_config
send bob@example.net
status 78
err_has "$config:1: too many files include one another"

scene 'no password goes to another server'
plain serve_anyone
write_config <<END
server = submission://mail.example.com
user = $user
password = $password
[account here]
server = submission://localhost:%
END
send -a here bob@example.net
status 0
not_said 'AUTH'
delivered 1

scene 'nor mail in the clear for the sake of another'
plain serve_anyone
write_config <<'END'
server = smtp://mail.example.com
tls = off
[account here]
server = smtp://localhost:%
END
send -a here bob@example.net
status 0
said STARTTLS

scene 'config shows the defaults, and which accounts there are'
accounts
run config
status 0
out_has '# [account work] for *@work.example, boss@example.org '
out_has '# [account home] for Alice <alice@home.example> '
grep -Eq "^ehlo-name +# ?|^ehlo-name += none.example.org +# $config:2\$" \
    "$work/out" || wrongly 'the defaults are not shown'

scene 'config -a shows one account, where each value is from'
run config -a work
status 0
grep -Eq "^ehlo-name += work.example.org +# $config:6\$" "$work/out" ||
    wrongly 'not the name of the account'
grep -Eq "^user += $user +# $config:21\$" "$work/out" ||
    wrongly 'not the user that it inherits'
grep -Eq '^# account += work +# not in this file, -a$' "$work/out" ||
    wrongly 'not the account'
cp "$work/out" "$work/shown"

scene 'and is a file that says the same'
cp "$work/shown" "$config"
run config
status 0
for shown in out shown; do
    sed 's/  # .*//' "$work/$shown" | grep -Ev '^(#|password |account )' \
        >"$work/$shown.bare"
done
cmp -s "$work/out.bare" "$work/shown.bare" || wrongly 'it says something else'

finish
