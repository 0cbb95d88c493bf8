# SPDX-License-Identifier: GPL-3.0-or-later
# git send-email(1) with its older option, and with an envelope of its own
. "$here/git-send-email.sh"
mail_from=$sender
options="--smtp-server=$PENNYPOST --envelope-sender=auto"
setup() { :; }
