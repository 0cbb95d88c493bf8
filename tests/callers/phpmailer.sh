# SPDX-License-Identifier: GPL-3.0-or-later
# PHPMailer, which calls "sendmail -t -i -oi -f... -t"
needs php-cli php
needs libphp-phpmailer php:libphp-phpmailer/autoload.php
mail_from=$sender bcc=carol@example.net
call() {
    php "$here/phpmailer.php" "$sender" "$full_name" "$subject"
}
