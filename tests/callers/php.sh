# SPDX-License-Identifier: GPL-3.0-or-later
# mail() of PHP, with the line that README has for php.ini
needs php-cli php
trailer=$newline
call() {
    from_readme sendmail_path >php.ini || return
    php -c . "$here/php.php" bob@example.net "$subject" "From: $from" <body
}
