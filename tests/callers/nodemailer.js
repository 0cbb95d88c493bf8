// SPDX-License-Identifier: GPL-3.0-or-later
const nodemailer = require('nodemailer');
const [from, subject] = process.argv.slice(2);
const text = require('fs').readFileSync(0, 'utf8');
nodemailer
    .createTransport({ sendmail: true, path: process.env.PENNYPOST })
    .sendMail({
        from,
        to: 'bob@example.net',
        bcc: 'carol@example.net',
        subject,
        text,
    })
    .catch((error) => {
        console.error(error);
        process.exitCode = 1;
    });
