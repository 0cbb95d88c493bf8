# SPDX-License-Identifier: GPL-3.0-or-later
# Symfony's Mailer, which talks SMTP to "sendmail -bs"
needs php-cli php
needs php-symfony-mailer php:Symfony/Component/Mailer/autoload.php
needs_smtp
trailer=$newline mail_from=$sender bcc=carol@example.net
call() {
    php "$here/symfony-mailer.php" "$sender" "$full_name" "$subject"
}
