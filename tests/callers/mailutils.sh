# SPDX-License-Identifier: GPL-3.0-or-later
# mail(1) from GNU mailutils, for which a line of one dot is not the end
needs mailutils mail.mailutils
mail_from=$sender to='<bob@example.net>'
call() {
    mail.mailutils -E "set sendmail=sendmail://$PENNYPOST" -E 'unset dot' \
        -a "From: $from" -s "$subject" bob@example.net
}
