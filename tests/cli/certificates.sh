#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Whom we talk to.  A server that cannot prove its name gets neither password
# nor mail, over STARTTLS and over implicit TLS.
. "$(dirname "$0")/lib.sh"

"$TEST_SERVER" --make-ca "$work/home" # another authority, that is not trusted

identity() { # NAME OPTION... : another server's certificate, in $work/NAME
    mkdir -p "$work/$1"
    directory=$work/$1
    shift
    "$TEST_SERVER" --make-ca "$directory" "$@"
}

serve_at() { # PORT : as serve, there
    cat >"$work/script"
    server_start --port "$1" --cert "$work/cert.pem" --key "$work/key.pem" \
        --user "$user" --password "$password" --script "$work/script"
}

distrusted() { # NAME TRUST CERTIFICATES URL : for STARTTLS and implicit TLS
    for mode in starttls implicit; do
        begin "$1, $mode"
        server_start --tls "$mode" --user "$user" --password "$password" \
            --cert "$3/cert.pem" --key "$3/key.pem"
        trust=$2
        case $mode in
        starttls) url=submission://$user:$password@$4:% ;;
        implicit) url=submissions://$user:$password@$4:% ;;
        esac
        send bob@example.net
        status 76
        delivered 0
        not_said 'C: AUTH'
        not_said 'C: MAIL'
        err_lines 3
        [ -z "$5" ] || err_has "$5"
    done
}

distrusted 'an authority that is not trusted' "$work/home/ca.pem" "$work" \
    localhost

distrusted 'the system does not know it' system "$work" localhost

identity other --names other.example,127.0.0.2
distrusted 'another name' "$work/other/ca.pem" "$work/other" localhost \
    other.example

distrusted 'another address' "$work/other/ca.pem" "$work/other" 127.0.0.1

identity wild --names '*.example.net,localhost.example.net,local*'
distrusted 'a wildcard for half a name' "$work/wild/ca.pem" "$work/wild" \
    localhost

identity old --days -1
distrusted 'it has run out' "$work/old/ca.pem" "$work/old" localhost

begin 'a file of authorities that is not there'
plain serve
trust=$work/nowhere.pem
send bob@example.net
status 78
err_has "$work/nowhere.pem"
not_said 'C: AUTH'

begin 'a file of authorities without one'
plain serve
: >"$work/empty.pem"
trust=$work/empty.pem
send bob@example.net
status 78
err_has "$work/empty.pem"
not_said 'C: AUTH'

fingerprint() { # of certificate $1
    openssl x509 -in "$1" -noout -fingerprint -sha256 | sed 's/.*=//'
}

if command -v openssl >/dev/null; then
    begin 'a pinned certificate needs no authority'
    plain serve
    trust=
    send "--tls-pin=$(fingerprint "$work/cert.pem")" bob@example.net
    status 0
    delivered 1

    begin 'another one than the pinned'
    plain serve
    send "--tls-pin=$(fingerprint "$work/ca.pem")" bob@example.net
    status 76
    delivered 0
    not_said 'C: AUTH'
fi

known=$work/home/.local/state/pennypost/pins

begin 'the key of the first use is kept'
plain serve
trust=
send -v --tls-pin=first-use bob@example.net
status 0
delivered 1
err_has 'verified by first-use'
grep -q "^localhost:$port sha256//.*= 20.*Z$" "$known" ||
    wrongly "not kept: $(cat "$known")"

begin 'and known from then on'
plain serve_at "$port"
trust=
send -v --tls-pin=first-use bob@example.net
status 0
delivered 1
err_has 'verified by known'

begin 'another key is refused, with both'
server_start --port "$port" --user "$user" --password "$password" \
    --cert "$work/other/cert.pem" --key "$work/other/key.pem"
trust=
cp "$known" "$work/known"
send --tls-pin=first-use bob@example.net
status 76
delivered 0
not_said 'C: AUTH'
err_has "the key of the server 'localhost' has changed: it was sha256//"
err_has ', and is sha256//'
err_has "remove the line of 'localhost:$port' from '$known'"
cmp -s "$known" "$work/known" || wrongly 'the store has changed'

begin 'nobody is asked, without a login'
plain serve_anyone
url=submission://localhost:% trust=none
send -v bob@example.net
status 0
delivered 1
err_has 'verified by unverified'

begin 'nobody is asked, with a login'
plain serve
trust=none
send bob@example.net
status 78
err_has 'tls-trust cannot be none with a login'
not_said 'C: '

begin 'a certificate that expires before long is warned of'
plain serve
send -v --tls-expiry-warning=366 "--log=$work/log" bob@example.net
status 0
err_has "warning: the certificate of the server 'localhost' expires in "
grep -q 'warning=".*expires in ' "$work/log" ||
    wrongly "the log lacks it: $(cat "$work/log")"

begin 'and one that does not is not'
plain serve
send -v --tls-expiry-warning=0 bob@example.net
status 0
err_lacks warning

begin 'a server with TLS 1.2 only'
plain serve --priority NORMAL:-VERS-ALL:+VERS-TLS1.2
send -v --tls-min-version=1.3 bob@example.net
status '75|76'
delivered 0

begin 'a priority string'
plain serve
send -v --tls-priority=NORMAL:-VERS-ALL:+VERS-TLS1.2 bob@example.net
status 0
err_has TLS1.2

begin 'only a local socket'
plain serve
send --tls=unix-only bob@example.net
status 78
err_has 'the server (PENNYPOST_SERVER) cannot be on the network'
not_said 'C: '

finish
