# SPDX-License-Identifier: GPL-3.0-or-later
# Email::Sender of Perl
needs libemail-sender-perl perl:Email::Sender::Transport::Sendmail
mail_from=$sender
call() {
    perl "$here/email-sender.pl" "$sender" "$full_name" "$subject"
}
