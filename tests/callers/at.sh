# SPDX-License-Identifier: GPL-3.0-or-later
# at(1): the output of a job, in a message that has no more than a Subject and
# the login name in To
. "$here/private-root"
needs at atd
needs_chroot
body='Viele liebe Grüße'
subject='Output from your job        1'
from="$full_name <root@example.org>"
to=root@example.org rcpt=$to mail_from=$to
call() {
    root_make /usr/sbin/atd /usr/bin/at
    mkdir -p "$root/var/spool/cron/atjobs" "$root/var/spool/cron/atspool"
    : >"$root/var/spool/cron/atjobs/.SEQ"
    chown -R 1:1 "$root/var/spool/cron"/at*
    chmod 1770 "$root/var/spool/cron"/at*
    root_start atd -f
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        [ -s "$root/run/atd.pid" ] && break
        sleep 0.2
    done
    echo "echo '$body'" | (root_exec at now)
    arrives
    stop "$daemon"
    true
}
