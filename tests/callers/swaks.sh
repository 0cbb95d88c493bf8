# SPDX-License-Identifier: GPL-3.0-or-later
# swaks(1), which talks SMTP to what --pipe names
needs swaks swaks
needs_smtp
trailer=$newline mail_from=$sender
call() {
    {
        printf '%s\n' "From: $from" 'To: bob@example.net' \
            "Subject: $subject" 'MIME-Version: 1.0' \
            'Content-Type: text/plain; charset=UTF-8' \
            'Content-Transfer-Encoding: 8bit' ''
        cat
    } >message
    swaks --pipe "$PENNYPOST -bs" --from "$sender" --to bob@example.net \
        --data - <message
}
