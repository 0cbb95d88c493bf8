#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A host that may send as one address only: envelope, From, and what is told.
. "$(dirname "$0")/lib.sh"

own=alerts@example.com

policy() { # LINE... : what the settings say of senders, besides our address
    config=$work/policy
    {
        echo "domain = web1.example.net"
        printf '%s\n' "$@"
    } >"$config"
}

header_is() { # the header that arrived, but for Date and Message-ID
    cat >"$work/want"
    tr -d '\r' <"$record/1.eml" | sed '/^$/,$d' |
        grep -v -e '^Date: ' -e '^Message-ID: ' >"$work/got"
    cmp -s "$work/want" "$work/got" ||
        wrongly "the header is: $(cat "$work/got")"
}

cron() { # as cron writes it
    message <<'END'
From: root (Cron Daemon)
To: root@example.net
Subject: Cron <root@web1> backup
X-Cron-Env: <SHELL=/bin/sh>

failed
END
}

begin 'without a policy whoever is given sends'
plain serve
policy
cron
send -f root root@example.net
status 0
quiet
said 'MAIL FROM:<root@web1.example.net>'
header_is <<'END'
From: root@web1.example.net (Cron Daemon)
To: root@example.net
Subject: Cron <root@web1> backup
X-Cron-Env: <SHELL=/bin/sh>
END

begin 'from is the sender in the place of any other, and From stays'
plain serve
policy "from = $own"
cron
send -f root root@example.net
status 0
quiet
said "MAIL FROM:<$own>"
header_is <<'END'
From: root@web1.example.net (Cron Daemon)
To: root@example.net
Subject: Cron <root@web1> backup
X-Cron-Env: <SHELL=/bin/sh>
END

begin 'cron, rewritten, with the original in Reply-To'
plain serve
policy "from = Web 1 <$own>" 'rewrite-from = unqualified'
cron
send -FCronDaemon -i -B8BITMIME -oem root@example.net
status 0
quiet
said "MAIL FROM:<$own>"
header_is <<END
From: Cron Daemon <$own>
Reply-To: root@web1.example.net (Cron Daemon)
To: root@example.net
Subject: Cron <root@web1> backup
X-Cron-Env: <SHELL=/bin/sh>
END

begin 'cron, with the original in the name'
plain serve
policy "from = $own" 'rewrite-from = always' 'original-from = name'
cron
send root@example.net
status 0
header_is <<END
From: "Cron Daemon (root@web1.example.net) via example.com" <$own>
To: root@example.net
Subject: Cron <root@web1> backup
X-Cron-Env: <SHELL=/bin/sh>
END

begin 'cron, with the original nowhere'
plain serve
policy "from = $own" 'rewrite-from = always' 'original-from = none'
cron
send root@example.net
status 0
header_is <<END
From: Cron Daemon <$own>
To: root@example.net
Subject: Cron <root@web1> backup
X-Cron-Env: <SHELL=/bin/sh>
END

git_mail() { # as git send-email writes it
    message <<'END'
From: J. R. Hacker <jrh@elsewhere.example>
To: list@example.net
Date: Sun, 22 Nov 2026 10:00:00 +0000
Message-ID: <1@elsewhere.example>
Subject: [PATCH] x

Signed-off-by: me
END
}

begin 'git, whose author is not ours'
plain serve
policy "from = $own" 'rewrite-from = always'
git_mail
send -v -f jrh@elsewhere.example -i list@example.net
status 0
said "MAIL FROM:<$own>"
err_has "* the sender 'jrh@elsewhere.example' is not in allow-from: it is '$own'"
err_has "* rewrite-from: From has the address '$own'"
header_is <<END
From: J. R. Hacker <$own>
Reply-To: J. R. Hacker <jrh@elsewhere.example>
To: list@example.net
Subject: [PATCH] x
END

begin 'unqualified leaves that author alone'
plain serve
policy "from = $own" 'rewrite-from = unqualified'
git_mail
send -f jrh@elsewhere.example -i list@example.net
status 0
quiet
said "MAIL FROM:<$own>"
text_has 'From: J. R. Hacker <jrh@elsewhere.example>'
text_lacks Reply-To

begin 'allow-from lets git pass, envelope and From'
plain serve
policy "from = $own" 'rewrite-from = always' \
    'allow-from = <> *@elsewhere.example'
git_mail
send -v -f jrh@elsewhere.example -i list@example.net
status 0
said 'MAIL FROM:<jrh@elsewhere.example>'
text_has 'From: J. R. Hacker <jrh@elsewhere.example>'
err_lacks allow-from
err_lacks rewrite-from

begin 'the null sender passes, unless allow-from lacks it'
plain serve
policy "from = $own"
send -f '<>' bob@example.net
status 0
said 'MAIL FROM:<>'

begin 'and then it does not'
plain serve
policy "from = $own" 'allow-from = root'
send -f '' bob@example.net
status 0
said "MAIL FROM:<$own>"

begin 'the log tells which sender was asked for'
plain serve
policy "from = $own" "log = $work/log"
(
    set_environment
    unset PENNYPOST_LOG
    exec "$PENNYPOST" -f root bob@example.net
) <"$work/message" >"$work/out" 2>"$work/err"
status=$?
check_run
status 0
grep -qF "from=<$own> asked=<root@web1.example.net> " "$work/log" ||
    wrongly "the log has: $(cat "$work/log")"

begin 'a From that is missing has the name of from'
plain serve
policy "from = Web 1 <$own>"
message <<'END'
Subject: s

Hello
END
send -f root bob@example.net
status 0
text_has "From: Web 1 <$own>"

begin 'but -F comes before it'
plain serve
message <<'END'
Subject: s

Hello
END
send -F 'J. X' bob@example.net
status 0
text_has "From: \"J. X\" <$own>"

begin '--no-fixups leaves From as it is'
plain serve
policy "from = $own" 'rewrite-from = always'
cron
send --no-fixups root@example.net
status 0
said "MAIL FROM:<$own>"
text_has 'From: root (Cron Daemon)'
text_lacks Reply-To

begin 'a dry run tells what becomes of the sender'
policy "from = $own" 'rewrite-from = always'
git_mail
send --dry-run -f root list@example.net
status 0
err_has "* the sender 'root@web1.example.net' is not in allow-from"
err_has "C: MAIL FROM:<$own>"
out_has "From: J. R. Hacker <$own>"

begin 'UTF-8 in the name, to a server that takes none'
plain serve
policy "from = $own" 'rewrite-from = always' 'original-from = name'
message <<'END'
From: Jörg =?utf-8?Q?M=C3=BCller?= <joerg>
To: bob@example.net
Subject: s

Hello
END
send bob@example.net
status 0
LC_ALL=C grep -q "$(printf '[\200-\377]')" "$record/1.eml" &&
    wrongly 'there is an 8-bit octet'
text_has "<$own>"
text_lacks '"=?'

begin 'allow-from without from is a mistake'
policy 'allow-from = root'
send bob@example.net
status 78
err_has 'there is allow-from, but no from'

begin 'so is a from that is no address'
policy 'from = alerts@'
send bob@example.net
status 78
err_has "$work/policy:2: from cannot be 'alerts@'"

begin 'or a pattern that is none'
policy "from = $own" 'allow-from = <a@b>'
send bob@example.net
status 78
err_has "$work/policy:3: allow-from cannot be '<a@b>'"

finish
