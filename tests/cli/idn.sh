#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Addresses in other letters than ASCII (RFC 5891, RFC 6531): a domain always
# has its A-labels, a local part goes to a server with SMTPUTF8 or nowhere.
. "$(dirname "$0")/lib.sh"

ue=$(printf '\303\274')
ulabel=b${ue}cher.example alabel=xn--bcher-kva.example
utf8=j${ue}rgen

# No row here is about the body; what is said of that is the plan's business.
takes_utf8() { # to a server that offers SMTPUTF8
    plain serve
}

lacks_utf8() { # to one that does not
    plain serve --no-smtputf8
}

refused_utf8() { # nothing was sent, and why is clear
    status 69
    err_has '5.6.7'
    err_has 'SMTPUTF8'
    err_has 'not ASCII'
    err_has 'use another server, or an address in ASCII'
    err_lines 3
    delivered 0
    not_said 'C: MAIL'
}

asks_for_utf8() { # whether MAIL did
    grep -q 'C: MAIL.* SMTPUTF8' "$record/transcript.txt"
}

for offer in takes_utf8 lacks_utf8; do
    begin "a domain of a recipient, $offer"
    $offer
    send -f alice@example.org "bob@$ulabel" "Carol <carol@B${ue}CHER.example>"
    status 0
    quiet
    said "C: RCPT TO:<bob@$alabel>"
    said "C: RCPT TO:<carol@$alabel>"
    asks_for_utf8 && wrongly 'SMTPUTF8 was asked for'

    begin "a domain of the sender, $offer"
    $offer
    send -f "alice@$ulabel" bob@example.net
    status 0
    said "C: MAIL FROM:<alice@$alabel>"

    begin "a domain in the header, with -t, $offer"
    $offer
    printf 'From: alice@%s\nTo: B%sb <bob@%s>, carol@%s\nSubject: x\n\ny\n' \
        "$ulabel" "$ue" "$ulabel" "$alabel" | message
    send -t
    status 0
    delivered 1
    envelope_has "rcpt TO:<bob@$alabel>"
    envelope_has "rcpt TO:<carol@$alabel>"
    text_has "From: alice@$alabel"
    text_has "<bob@$alabel>"
    text_lacks "$ue"

    begin "both forms of a domain are one recipient, $offer"
    $offer
    send "bob@$ulabel" "bob@$alabel" "bob@XN--BCHER-KVA.EXAMPLE"
    status 0
    [ "$(grep -c '^rcpt ' "$record/1.env")" -eq 1 ] ||
        wrongly 'not one recipient'

    begin "domain and ehlo-name, $offer"
    $offer
    printf 'To: bob\nSubject: x\n\ny\n' | message
    send -t "--domain=$ulabel" "--ehlo-name=host.$ulabel" -f alice
    status 0
    said "C: EHLO host.$alabel"
    said "C: MAIL FROM:<alice@$alabel>"
    said "C: RCPT TO:<bob@$alabel>"
    text_has "To: bob@$alabel"
    text_has "@$alabel>"
    text_lacks "$ue"

    begin "a name in the header alone asks for nothing, $offer"
    $offer
    printf 'From: J%srgen <alice@example.org>\nSubject: %s\n\nx\n' "$ue" \
        "$ue" | message
    send -F "J${ue}rgen" bob@example.net
    status 0
    text_lacks "$ue"
    text_has '=?utf-8?Q?J=C3=BCrgen?= <alice@example.org>'
    asks_for_utf8 && wrongly 'SMTPUTF8 was asked for'
done

begin 'a local part of a recipient'
takes_utf8
send -f alice@example.org "$utf8@$ulabel" bob@example.net
status 0
quiet
said 'C: MAIL FROM:<alice@example.org>'
asks_for_utf8 || wrongly 'SMTPUTF8 was not asked for'
said "C: RCPT TO:<$utf8@$alabel>"
said 'C: RCPT TO:<bob@example.net>'
delivered 1

begin 'a local part of the sender'
takes_utf8
send -f "$utf8@$ulabel" bob@example.net
status 0
said "C: MAIL FROM:<$utf8@$alabel>"
asks_for_utf8 || wrongly 'SMTPUTF8 was not asked for'

begin 'local parts in the header, with -t'
takes_utf8
printf 'From: J%srgen <%s@example.org>\nTo: %s@%s\nSubject: %s\n\nx\n' \
    "$ue" "$utf8" "$utf8" "$ulabel" "$ue" | message
send -t
status 0
said "C: RCPT TO:<$utf8@$alabel>"
text_has "From: J${ue}rgen <$utf8@example.org>"
text_has "Subject: $ue"

begin 'a quoted local part'
takes_utf8
send "\"$utf8 x\"@$ulabel"
status 0
said "C: RCPT TO:<\"$utf8 x\"@$alabel>"

begin 'a local part of a recipient, without SMTPUTF8'
lacks_utf8
send "$utf8@example.net"
refused_utf8
err_has "$utf8@example.net"

begin 'of the sender, without SMTPUTF8'
lacks_utf8
send -f "$utf8@example.org" bob@example.net
refused_utf8

begin 'of the setting from, without SMTPUTF8'
lacks_utf8
send "--from=$utf8@$ulabel" bob@example.net
refused_utf8

begin 'of a recipient in the header, without SMTPUTF8'
lacks_utf8
printf 'To: J%srgen <%s@%s>\n\nx\n' "$ue" "$utf8" "$ulabel" | message
send -t
refused_utf8

# Whoever gets the message cannot answer such an address, but can read it
# (RFC 6857, 3.1.8); that is better than no message.
begin 'of nobody in the envelope, without SMTPUTF8: it is shown as a text'
lacks_utf8
printf 'From: %s@example.org\nCc: %s@example.net\n\nx\n' "$utf8" "$utf8" |
    message
send bob@example.net
status 0
delivered 1
text_lacks "$ue"
text_has '=C3=BC'

begin 'a server that offers SMTPUTF8 and does not mean it'
serve <<'END'
MAIL: 555 5.5.4 no such parameter
END
send -f "$utf8@example.org" bob@example.net
status 69
err_has 'no such parameter'
delivered 0

begin 'a server that takes no such address after all'
serve <<'END'
RCPT: 553 5.6.7 ASCII only
END
send "$utf8@example.net"
status 67
err_has "$utf8@example.net"
err_has '5.6.7'
delivered 0

broken() { # NAME DOMAIN [TEXT] : is no domain, as an operand and in the header
    begin "no domain: $1"
    plain serve
    send "bob@$2"
    status 64
    err_has "${3:-the domain}"
    send -f "alice@$2" bob@example.net
    status 64
    printf 'To: bob@%s\n\nx\n' "$2" | message
    send -t
    status 65
    err_has "header field 'To'"
    send "--domain=$2" bob
    status 64
    send "--server=submission://$2" bob@example.net
    status 64
    not_said 'C: '
}

broken 'a symbol' "$(printf '\342\230\203').example"
broken 'mixed directions' "$(printf '\327\220')a.example"
broken 'a wide letter for >' "a$(printf '\357\274\236').example"
broken 'not UTF-8' "$(printf 'b\374cher').example" 'not in UTF-8'
broken 'a label of 64 octets' "${ue}$(printf '%057d' 0).example"

# The name of a server: DNS, TLS, and what is said about it.

"$TEST_SERVER" --make-ca "$work/home" --names "$alabel"
mkdir "$work/other"
"$TEST_SERVER" --make-ca "$work/other" --names 'localhost,xn--bcher-kva.test'

begin 'a server that does not exist'
url=submission://$user:$password@b${ue}cher.invalid
send bob@example.net
status '68|75'
err_has xn--bcher-kva.invalid
err_lacks "$ue"

# With a file of hosts of our own, where a file system can be put over
# another: what is looked up and what the certificate must name is an A-label.
echo "127.0.0.1 localhost $alabel" >"$work/hosts"
with_hosts() { # ARGUMENT... : run it so
    cat >"$work/in-hosts" <<END
#!/bin/sh
mount --bind '$work/hosts' /etc/hosts && exec '$PENNYPOST' "\$@"
END
    (
        set_environment
        exec unshare -rm sh "$work/in-hosts" "$@" <"$work/message" \
            >"$work/out" 2>"$work/err"
    )
    status=$?
    check_run
}

for place in home other; do
    for mode in starttls implicit; do
        begin "a server by its U-label, the certificate in $place, $mode"
        if ! unshare -rm mount --bind "$work/hosts" /etc/hosts 2>/dev/null
        then
            skip 'no file can be mounted'
            continue
        fi
        server_start --user "$user" --password "$password" --tls "$mode" \
            --cert "$work/$place/cert.pem" --key "$work/$place/key.pem"
        trust=$work/$place/ca.pem
        case $mode in
        starttls) url=submission://$user:$password@$ulabel:% ;;
        implicit) url=submissions://$user:$password@$ulabel:% ;;
        esac
        with_hosts -v bob@example.net
        case $place in
        home)
            status 0
            delivered 1
            err_has "connected to $alabel:"
            ;;
        other)
            status 76
            delivered 0
            err_has "$alabel"
            not_said 'C: AUTH'
            ;;
        esac
    done
done

finish
