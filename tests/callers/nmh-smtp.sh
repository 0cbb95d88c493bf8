# SPDX-License-Identifier: GPL-3.0-or-later
# nmh: send(1) by way of "sendmail -bs", which it does twice, the first time
# only to see whether it may
. "$here/nmh.sh"
needs_smtp
transport=smtp mail_from=$sender
