# SPDX-License-Identifier: GPL-3.0-or-later
# Nodemailer of Node.js, whose pipe is a socket
needs nodejs node
needs node-nodemailer node:nodemailer
mail_from=$sender bcc=carol@example.net
call() {
    node "$here/nodemailer.js" "$from" "$subject"
}
