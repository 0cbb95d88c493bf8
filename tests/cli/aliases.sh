#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Who gets the mail to names of this host.
. "$(dirname "$0")/lib.sh"

host=$(uname -n)
export PENNYPOST_DOMAIN=example.com

aliased() { # the aliases, from standard input
    aliases=$work/aliases
    cat >"$aliases"
}

rcpts() { # ADDRESS... : these, and no others, in this order
    server_wait
    printf 'rcpt TO:<%s>\n' "$@" >"$work/want"
    sed -n '/^rcpt /{s/> .*/>/;p;}' "$record/1.env" >"$work/got" \
        2>/dev/null
    cmp -s "$work/want" "$work/got" ||
        wrongly "the recipients are: $(tr '\n' ' ' <"$work/got")"
}

out_is() { # TEXT
    printf '%b' "$1" | cmp -s - "$work/out" ||
        wrongly "stdout is: $(cat "$work/out")"
}

begin 'the grammar of /etc/aliases'
plain serve
aliased <<'END'
# The admins
root: admin1@example.org,
# one more
	"Night Shift" <night@example.org>,

  postmaster
postmaster: pm@example.org
"with blank" : blank@example.org
END
send root '"with blank"@localhost' bob
status 0
quiet
rcpts admin1@example.org night@example.org pm@example.org blank@example.org \
    bob@example.com

begin 'a name of this host, in every spelling'
for who in root ROOT 'root@localhost' 'Root <root@localhost.localdomain>' \
    "root@$host" "root@${host%%.*}"; do
    aliased <<'END'
root: admin@example.org
END
    run resolve "$who"
    status 0
    out_is 'admin@example.org\n'
done

begin 'a name of another host is no name of this one'
aliased <<'END'
root: admin@example.org
END
run resolve root@example.com
out_is 'root@example.com\n'

begin '-t takes aliases, too, each recipient once'
plain serve
aliased <<'END'
root: admin@example.org, bob@example.net
admin: root
END
message <<'END'
To: Root <root>, bob@example.net
Cc: admin (x)
Bcc: admin@example.org
Subject: hidden

Hello
END
send -t root
status 0
quiet
rcpts admin@example.org bob@example.net
text_has 'To: Root <root@example.com>, bob@example.net'
text_has 'Cc: admin@example.com (x)'

begin 'the header shows who an alias is, if wanted'
plain serve
aliased <<'END'
root: admin@example.org
team: ann@example.net, jo@example.net
END
message <<'END'
From: root
To: Root <root>, bob
Cc: us: team (all);
Bcc: team

Hello
END
send --aliases-in-header=yes -t
status 0
quiet
text_has 'From: root@example.com'
text_has 'To: Root <admin@example.org>, bob@example.com'
text_has 'Cc: us: ann@example.net, jo@example.net (all);'
text_lacks Bcc

begin 'but not where nothing is to be mended'
plain serve
aliased <<'END'
root: admin@example.org
END
message <<'END'
To: root

Hello
END
send --aliases-in-header=yes --no-fixups -t
status 0
rcpts admin@example.org
grep -q "^To: root$(printf '\r')" "$record/1.eml" || wrongly 'To is another'

begin 'the sender is never taken for an alias'
plain serve
aliased <<'END'
alice: admin@example.org
END
send -f alice bob@example.net
status 0
said 'C: MAIL FROM:<alice@example.com>'

begin 'commands and files are skipped one by one'
plain serve
aliased <<'END'
root: admin@example.org, "|/usr/bin/x, y", /var/mail/root
bin: |/bin/false
no colon
admin: root
END
send admin
status 0
rcpts admin@example.org
err_lines 2
err_has "pennypost: $aliases:1: skipped '\"|/usr/bin/x, y\"': commands are not run"
err_has "$aliases:1: skipped '/var/mail/root': mail is not written to files"

begin 'an alias without its colon does not go unnoticed'
plain serve
aliased <<'END'
root admin@example.org
bin admin@example.org
END
send root
status 0
rcpts root@example.com
err_lines 1
err_has "$aliases:1: skipped 'root admin@example.org': there is no ':' behind a name"

begin 'a name that nothing is left of stands for itself'
plain serve
aliased <<'END'
bin: |/bin/false
END
send bin
status 0
rcpts bin@example.com
err_has "nothing is left of 'bin': its mail goes to the name itself"

begin 'no warning about an alias that nobody asked for'
plain serve
aliased <<'END'
root: admin@example.org
bin: |/bin/false
no colon
END
send bob@example.net root bob
status 0
quiet

begin 'a loop ends, and no mail is lost to it'
plain serve
aliased <<'END'
a: b
b: a, bob@example.net
carol: carol, carol@example.net
END
send -N failure a carol
status 0
rcpts a@example.com bob@example.net carol@example.com carol@example.net
envelope_has 'rcpt TO:<bob@example.net> NOTIFY=FAILURE ORCPT=rfc822;a@example.com'
envelope_has 'rcpt TO:<carol@example.com> NOTIFY=FAILURE'
err_lines 1
err_has "'a' leads back to itself by way of 'b'"

begin 'default is for every name without an entry'
plain serve
aliased <<'END'
root: admin@example.org
default: root
bob: \carol
END
send www-data bob dave@example.net
status 0
quiet
rcpts admin@example.org carol@example.com dave@example.net

begin 'a list in a file of its own'
plain serve
cat >"$work/list" <<'END'
# the team
ann@example.net, Jo <jo@example.net>

root
END
aliased <<END
team: :include:$work/list
root: admin@example.org
END
send team
status 0
quiet
rcpts ann@example.net jo@example.net admin@example.org

begin 'a list that cannot be read is not sent to in part'
plain serve
aliased <<END
team: bob@example.net, :include:$work/none
END
send team
status 78
err_has "$aliases:1: there is no file '$work/none'"
delivered 0

begin 'but nobody else is troubled by it'
plain serve
aliased <<END
team: bob@example.net, :include:$work/none
root: admin@example.org
END
send root
status 0
quiet
rcpts admin@example.org

begin 'mail to /dev/null is dropped, and others get theirs'
plain serve
aliased <<'END'
nobody: /dev/null
END
send nobody bob@example.net
status 0
quiet
rcpts bob@example.net

begin 'with nobody else there is no connection at all'
plain serve
aliased <<'END'
nobody: /dev/null
END
send nobody
status 0
quiet
delivered 0
not_said 'S: 220'

begin 'a file that was set has to be there'
plain serve
aliases=$work/none
send root
status 78
err_has "there is no file of aliases '$work/none'"
err_has 'it was named with PENNYPOST_ALIASES'
delivered 0

begin 'a pipe in its place is not waited for'
plain serve
mkfifo "$work/fifo"
aliases=$work/fifo
send root
status 78
err_has "'$work/fifo' is a pipe or device, not a file"

begin 'mail to other hosts needs no file'
plain serve
aliases=$work/none
send bob@example.net
status 0
quiet

begin 'none, or -n, and every name stands for itself'
plain serve
aliased <<'END'
root: admin@example.org
END
send --aliases=none root
status 0
rcpts root@example.com
send -n root
status 0
run -n resolve root
out_is 'root@example.com\n'

begin 'no word of an alias goes into a command'
aliased <<'END'
root: "a> SIZE=1 <b"@example.org, "x@y"@example.org
END
run resolve root
out_is '"a> SIZE=1 <b"@example.org\n"x@y"@example.org\n'

begin 'resolve shows who gets the mail, by operands where there are several'
aliased <<'END'
root: admin@example.org, bob
nobody: /dev/null
bin: |/bin/false
END
run resolve root
status 0
out_is 'admin@example.org\nbob@example.com\n'
err_has "$aliases:3: skipped '|/bin/false': commands are not run"
run resolve root nobody dave@example.net
status 0
out_is 'root: admin@example.org\nroot: bob@example.com\ndave@example.net: dave@example.net\n'
err_has "nobody gets the mail to 'nobody': an alias drops it"

begin 'resolve shows what is wrong anywhere, and exits with 0'
aliased <<END
root: admin@example.org
team: :include:$work/none, $work/list
no colon
root: |/bin/false
END
run resolve root
status 0
out_is 'admin@example.org\n'
cat >"$work/want" <<END
pennypost: $aliases:2: skipped '$work/list': mail is not written to files
pennypost: $aliases:2: there is no file '$work/none'
pennypost: $aliases:3: skipped 'no colon': there is no ':' behind a name
pennypost: $aliases:4: skipped 'root: |/bin/false': the name has an entry above, which counts
END
cmp -s "$work/want" "$work/err" || wrongly "stderr is: $(cat "$work/err")"

begin 'resolve wants an operand, and an address'
run resolve
status 64
err_has 'pennypost resolve address ...'
run resolve 'a b'
status 64
out_is ''

begin 'by another name it is a recipient'
plain serve
ln -sf "$PENNYPOST" "$work/sendmail"
ours=$PENNYPOST
PENNYPOST=$work/sendmail
send resolve bob@example.net
PENNYPOST=$ours
status 0
rcpts resolve@example.com bob@example.net

begin '-bv does the same, and only under our own name'
aliased <<'END'
root: admin@example.org
END
run -bv root
status 0
out_has admin@example.org
ours=$PENNYPOST
PENNYPOST=$work/sendmail
run -bv root
PENNYPOST=$ours
status 64
err_has 'pennypost resolve'

finish
