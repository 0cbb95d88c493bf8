# SPDX-License-Identifier: GPL-3.0-or-later
# mail(1) from BSD
needs bsd-mailx bsd-mailx
call() {
    echo "set sendmail=$PENNYPOST" >mailrc
    MAILRC=mailrc bsd-mailx -a "From: $from" -s "$subject" bob@example.net
}
