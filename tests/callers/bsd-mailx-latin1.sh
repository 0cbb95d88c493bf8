# SPDX-License-Identifier: GPL-3.0-or-later
# mail(1) from BSD, where the locale is German in ISO-8859-1
needs bsd-mailx bsd-mailx
needs locales /usr/share/i18n/locales/de_DE
locale=de_DE
call() {
    localedef -i de_DE -f ISO-8859-1 ./de_DE || return 1
    echo "set sendmail=$PENNYPOST" >mailrc
    latin1 "$body" | LOCPATH=$desk MAILRC=mailrc bsd-mailx \
        -a "From: $(latin1 "$from")" -s "$(latin1 "$subject")" bob@example.net
}
