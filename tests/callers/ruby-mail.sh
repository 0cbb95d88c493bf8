# SPDX-License-Identifier: GPL-3.0-or-later
# Mail of Ruby, as of Rails' Action Mailer
needs ruby-mail ruby:mail
mail_from=$sender bcc=carol@example.net
call() {
    ruby "$here/ruby-mail.rb" "$from" "$subject"
}
