# SPDX-License-Identifier: GPL-3.0-or-later
# nmh: send(1) by way of "sendmail -t -i"
mh=/usr/bin/mh
needs nmh $mh/send
transport=pipe
call() {
    mkdir -p mail
    echo "Path: $desk/mail" >profile
    printf '%s\n' "From: $from" 'To: bob@example.net' "Subject: $subject" \
        '--------' >draft
    cat >>draft
    MH=$desk/profile "$mh/send" -mts "sendmail/$transport" \
        -sendmail "$PENNYPOST" "$desk/draft"
}
