#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A few sends under valgrind: no leak, nothing used before it was set.
. "$(dirname "$0")/lib.sh"

skip_all() {
    echo "skipped: $1"
    echo '0 passed, 0 failed, 1 skipped'
    exit 77
}

command -v valgrind >/dev/null || skip_all 'valgrind is not installed'
if grep -q __asan_init "$PENNYPOST"; then
    skip_all 'a sanitizer is at work already'
fi

program_itself=$PENNYPOST
cat >"$work/under-valgrind" <<END
#!/bin/sh
exec valgrind -q --error-exitcode=99 --leak-check=full \\
    --errors-for-leak-kinds=definite,indirect,possible \\
    --show-leak-kinds=definite,indirect,possible \\
    --track-fds=no --log-file='$work/valgrind' '$program_itself' "\$@"
END
chmod 755 "$work/under-valgrind"
PENNYPOST=$work/under-valgrind

clean() { # valgrind has nothing to say
    if [ -s "$work/valgrind" ]; then
        wrongly "valgrind: $(head -n 30 "$work/valgrind")"
    fi
}

begin 'one message, STARTTLS'
plain serve
send bob@example.net
status 0
quiet
delivered 1
clean

begin 'one message, re-encoded, to two recipients of whom one is refused'
serve --no-8bitmime --no-smtputf8 <<'END'
RCPT 2: 550 5.1.1 no such user
END
{
    printf 'To: bob@example.net\nBcc: carol@example.net\n'
    printf 'Subject: \303\274\n\n\303\274\n'
} | message
send -t
status 67
delivered 1
clean

begin 'a wrong password'
plain serve
url=submission://$user:wr0ng@localhost:%
send bob@example.net
status 77
clean

begin 'a wrong authority'
plain serve
"$TEST_SERVER" --make-ca "$work/home"
trust=$work/home/ca.pem
send bob@example.net
status 76
clean

finish
