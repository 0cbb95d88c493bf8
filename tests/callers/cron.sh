# SPDX-License-Identifier: GPL-3.0-or-later
# cron(8): the output of a job, which is due at once: it is a fresh boot
. "$here/private-root"
needs cron cron
needs_chroot
setting=''
job="echo 'Viele liebe Grüße'"
body='Viele liebe Grüße'
subject="Cron <alice@$(uname -n)> $job"
from='root@example.org (Cron Daemon)'
mail_from=alice@example.org
call() {
    root_make /usr/sbin/cron
    tab=$root/var/spool/cron/crontabs/alice
    printf '%s\n' MAILTO=bob@example.net "$setting" "@reboot $job" >"$tab"
    chown 1001:2 "$tab"
    chmod 600 "$tab"
    root_start cron -f
    arrives
    stop "$daemon"
    true
}
