#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Certificates, good and bad, made by GnuTLS's certtool: each row of a table
# is tried over STARTTLS and over implicit TLS.  Where one is refused, what is
# wrong must be told, and the client must not have said anything that is not
# needed to begin TLS: no AUTH, no MAIL.  Behind that: what can be done to
# STARTTLS itself, by which nothing may get into the clear.

if ! certtool --version 2>/dev/null | grep -q '^certtool [3-9]'; then
    echo '# there is no certtool of GnuTLS'
    echo '0 passed, 0 failed'
    exit 77
fi

# With a /etc/hosts of its own it can have servers of any name.
if [ -z "${own_hosts:=}" ] && unshare -rm true 2>/dev/null; then
    own_hosts=yes exec unshare -rm sh "$0" "$@"
fi
. "$(dirname "$0")/lib.sh"

names='mail.test.example a.mail.test.example test.example mail.test.example.
xn--bcher-kva.test.example'
named=no
if [ "$own_hosts" = yes ]; then
    # shellcheck disable=SC2086 # a list
    echo 127.0.0.1 localhost $names >"$work/hosts"
    echo ::1 localhost >>"$work/hosts"
    if mount --bind "$work/hosts" /etc/hosts 2>/dev/null &&
        getent hosts mail.test.example >/dev/null; then
        named=yes
    fi
fi

server_wait() { # as in lib.sh, but in smaller steps: there are many rows
    [ -n "$server" ] || return 0
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        [ "$(connections connected)" = "$(connections over:)" ] && return
        sleep 0.02
    done
    sleep 1
}

# What is made with certtool: $work/NAME.pem, and its key in $work/NAME.key.

store=$work/certificates
mkdir "$store"

tool() { # ARGUMENT... : certtool, which talks a lot
    certtool "$@" >"$work/tool" 2>&1 ||
        { sed 's/^/# /' "$work/tool" && return 1; }
}

key() { # NAME TYPE OPTION...
    made=$store/key.$1 type=$2
    shift 2
    tool --generate-privkey --key-type "$type" "$@" --outfile "$made"
}

for one in ec ca ca2 inter inter2; do
    key "$one" ecdsa --curve secp256r1
done
key p521 ecdsa --curve secp521r1
key p192 ecdsa --curve secp192r1
key ed25519 ed25519
key ed448 ed448
key rsa2048 rsa --bits 2048
key pss rsa-pss --bits 2048
key rsa1024 rsa --bits 1024
key rsa512 rsa --bits 512
key dsa dsa --bits 1024

names_extension() { # NAME : a subjectAltName of just these octets
    hex=$(printf %b "$1" | od -An -tx1 | tr -d ' \n')
    printf 'add_extension = "2.5.29.17 0x30%02x82%02x%s"\n' \
        $((${#hex} / 2 + 2)) $((${#hex} / 2)) "$hex"
}

template() { # NAME KIND LINES : what certtool wants to know
    case $3 in *'cn ='*) ;; *) echo "cn = $1" ;; esac
    case $3 in *expiration*) ;; *) echo 'expiration_days = 2' ;; esac
    case $2 in
    ca) printf 'ca\ncert_signing_key\ncrl_signing_key\n' ;;
    server) printf 'signing_key\ntls_www_server\ndns_name = localhost\n' ;;
    leaf) printf 'signing_key\ntls_www_server\n' ;;
    bare) ;;
    esac
    printf '%s\n' "$3" | tr ';' '\n' | sed 's/^ *//' | while read -r line; do
        case $line in
        'raw '*) names_extension "${line#raw }" ;;
        many*) awk "BEGIN { for (i = 1; i <= ${line#many }; i++)
            print \"dns_name = host\" i \".example\" }" </dev/null ;;
        *) printf '%s\n' "$line" ;;
        esac
    done
}

certificate() { # NAME ISSUER KEY[/HASH] KIND LINES
    template "$1" "$4" "$5" >"$work/template"
    cp "$store/key.${3%/*}" "$store/$1.key"
    hash=SHA256
    case $3 in */*) hash=${3#*/} ;; esac
    set -- "$1" "$2" --load-privkey "$store/$1.key" --hash "$hash" \
        --template "$work/template" --outfile "$store/$1.pem"
    if [ "$2" = - ]; then
        shift 2
        tool --generate-self-signed "$@"
    else
        issuer=$2
        shift 2
        tool --generate-certificate --load-ca-privkey "$store/$issuer.key" \
            --load-ca-certificate "$store/$issuer.pem" "$@"
    fi
}

trim() {
    set -f
    # shellcheck disable=SC2086 # blanks between words are one anyway
    set -- $1
    set +f
    echo "$*"
}

past='activation_date = "9 days ago"; expiration_date = "2 days ago"'
soon='activation_date = "2 days"; expiration_date = "9 days"'

while IFS='|' read -r one issuer key kind lines <&3; do
    case $lines in
    *PAST*) lines=$past${lines#*PAST} ;;
    *SOON*) lines=$soon${lines#*SOON} ;;
    esac
    certificate "$(trim "$one")" "$(trim "$issuer")" "$(trim "$key")" \
        "$(trim "$kind")" "$lines"
done 3<<'END'
ca        | -        | ca        | ca     |
ca2       | -        | ca2       | ca     |
twin      | -        | ca2       | ca     | cn = ca
ca-old    | -        | ca        | ca     | PAST
ca-sha1   | -        | ca/SHA1   | ca     |
ca-path   | -        | ca2       | ca     | path_len = 0
inter     | ca       | inter     | ca     |
inter2    | inter    | inter2    | ca     |
i-old     | ca       | inter     | ca     | PAST
i-soon    | ca       | inter     | ca     | SOON
i-sha1    | ca       | inter/SHA1| ca     |
i-rsa1024 | ca       | rsa1024   | ca     |
i-path    | ca-path  | inter     | ca     |
i-path0   | ca       | inter     | ca     | path_len = 0
i-in-path | i-path0  | inter2    | ca     |
i-nosign  | ca       | inter     | bare   | ca; crl_signing_key
i-permit  | ca       | inter     | ca     | nc_permit_dns = localhost
i-other   | ca       | inter     | ca     | nc_permit_dns = example.org
i-exclude | ca       | inter     | ca     | nc_exclude_dns = localhost
i-noip    | ca       | inter     | ca     | nc_permit_ip = 192.0.2.0/24
i-client  | ca       | inter     | ca     | tls_www_client
good      | ca       | ec        | server |
good2     | ca       | ec        | server |
rekeyed   | ca       | inter     | server |
other     | ca       | ec        | leaf   | dns_name = mx.example.net
mail      | ca       | ec        | leaf   | dns_name = mail.test.example
upper     | ca       | ec        | leaf   | dns_name = LocalHost
second    | ca       | ec        | leaf   | dns_name = mx.example.net; dns_name = localhost
many      | ca       | ec        | leaf   | many 100; dns_name = localhost
longer    | ca       | ec        | leaf   | dns_name = localhost.example.net
shorter   | ca       | ec        | leaf   | dns_name = local
cn        | ca       | ec        | leaf   | cn = localhost
cn-ip     | ca       | ec        | leaf   | cn = 127.0.0.1
cn-too    | ca       | ec        | leaf   | cn = localhost; dns_name = mx.example.net
email     | ca       | ec        | leaf   | cn = localhost; email = root@localhost
uri       | ca       | ec        | leaf   | cn = localhost; uri = smtp://localhost
sanip     | ca       | ec        | leaf   | cn = localhost; ip_address = 127.0.0.1
ip        | ca       | ec        | leaf   | ip_address = 127.0.0.1
ip-other  | ca       | ec        | leaf   | ip_address = 127.0.0.2
ip6       | ca       | ec        | leaf   | ip_address = ::1
ip6-mapped| ca       | ec        | leaf   | ip_address = ::ffff:127.0.0.1
ip-text   | ca       | ec        | leaf   | raw 127.0.0.1
nul       | ca       | ec        | leaf   | raw localhost\0.example.net
nul-last  | ca       | ec        | leaf   | raw localhost\0
nul-star  | ca       | ec        | leaf   | raw *.test.example\0.example.net
blank     | ca       | ec        | leaf   | raw localhost\040
line      | ca       | ec        | leaf   | raw localhost\015\012x
escape    | ca       | ec        | leaf   | raw \033[31mlocalhost
dot       | ca       | ec        | leaf   | raw localhost.
mail-dot  | ca       | ec        | leaf   | raw mail.test.example.
wild      | ca       | ec        | leaf   | raw *.test.example
wild-top  | ca       | ec        | leaf   | raw *.example
wild-all  | ca       | ec        | leaf   | raw *
wild-two  | ca       | ec        | leaf   | raw *.*.example
wild-in   | ca       | ec        | leaf   | raw mail.*.example
wild-part | ca       | ec        | leaf   | raw ma*.test.example
wild-end  | ca       | ec        | leaf   | raw *il.test.example
wild-mid  | ca       | ec        | leaf   | raw m*l.test.example
wild-idn  | ca       | ec        | leaf   | raw xn--*.test.example
wild-ip   | ca       | ec        | leaf   | raw *.0.0.1
wild-host | ca       | ec        | leaf   | raw *.localhost
wild-local| ca       | ec        | leaf   | raw local*
idn       | ca       | ec        | leaf   | raw xn--bcher-kva.test.example
idn-upper | ca       | ec        | leaf   | raw XN--BCHER-KVA.test.example
idn-u     | ca       | ec        | leaf   | raw b\303\274cher.test.example
old       | ca       | ec        | server | PAST
soon      | ca       | ec        | server | SOON
old-other | ca       | ec        | leaf   | dns_name = mx.example.net; PAST
of-old    | ca-old   | ec        | server |
of-i      | inter    | ec        | server |
of-i2     | inter2   | ec        | server |
of-i-old  | i-old    | ec        | server |
of-i-soon | i-soon   | ec        | server |
of-i-sha1 | i-sha1   | ec        | server |
of-i-1024 | i-rsa1024| ec        | server |
of-sha1   | ca-sha1  | ec        | server |
of-path   | i-path   | ec        | server |
of-path-in| i-in-path| ec        | server |
of-path0  | i-path0  | ec        | server |
of-nosign | i-nosign | ec        | server |
of-permit | i-permit | ec        | server |
of-other  | i-other  | ec        | server |
of-exclude| i-exclude| ec        | server |
of-noip   | i-noip   | ec        | leaf   | ip_address = 127.0.0.1
of-client | i-client | ec        | server |
of-good   | good     | inter2    | server |
of-ca2    | ca2      | ec        | server |
of-twin   | twin     | ec        | server |
self      | -        | ec        | server |
self-old  | -        | ec        | server | PAST
self-ca   | -        | ec        | server | ca; cert_signing_key
ca-leaf   | ca       | ec        | server | ca; cert_signing_key
critical  | ca       | ec        | server | add_critical_extension = "1.2.3.4.5 0x0500"
unknown   | ca       | ec        | server | add_extension = "1.2.3.4.5 0x0500"
staple    | ca       | ec        | server | tls_feature = 5
client    | ca       | ec        | bare   | signing_key; tls_www_client; dns_name = localhost
code      | ca       | ec        | bare   | signing_key; code_signing_key; dns_name = localhost
mailing   | ca       | ec        | bare   | signing_key; email_protection_key; dns_name = localhost
both      | ca       | ec        | server | tls_www_client
no-eku    | ca       | ec        | bare   | signing_key; dns_name = localhost
any-eku   | ca       | ec        | bare   | signing_key; key_purpose_oid = 2.5.29.37.0; dns_name = localhost
encipher  | ca       | rsa2048   | bare   | encryption_key; tls_www_server; dns_name = localhost
rsa       | ca       | rsa2048   | server |
pss       | ca       | pss       | server |
rsa1024   | ca       | rsa1024   | server |
rsa512    | ca       | rsa512    | server |
p521      | ca       | p521      | server |
p192      | ca       | p192      | server |
ed25519   | ca       | ed25519   | server |
ed448     | ca       | ed448     | server |
dsa       | ca       | dsa       | server |
sha1      | ca       | ec/SHA1   | server |
md5       | i-rsa1024| ec/MD5    | server |
END

crl() { # NAME REVOKED ISSUER LINES
    printf '%s\n' "crl_number = 1;$4" | tr ';' '\n' >"$work/template"
    tool --generate-crl --load-certificate "$store/$2.pem" \
        --load-ca-privkey "$store/$3.key" \
        --load-ca-certificate "$store/$3.pem" \
        --template "$work/template" --outfile "$store/$1.crl"
}

next='expiration_days = 2'
crl good good ca "$next"
crl good2 good2 ca "$next"
crl inter inter ca "$next"
crl ca2 good ca2 "$next"
crl late good2 ca 'crl_this_update_date = "9 days ago";crl_next_update_date = "2 days ago"'
cat "$store/good2.crl" "$store/good.crl" >"$store/two.crl"
echo none >"$store/garbage.crl"

mkdir "$store/directory" "$store/another" "$store/void"
cp "$store/ca.pem" "$store/directory"
cp "$store/ca2.pem" "$store/another"
cat "$store/ca2.pem" "$store/ca.pem" >"$store/bundle.pem"

of_key() { # NAME : the SHA-256 of its public key
    certtool --key-id --hash sha256 --infile "$store/$1.pem" 2>/dev/null
}

of_certificate() { # NAME
    certtool --fingerprint --hash sha256 --infile "$store/$1.pem" 2>/dev/null
}

pins() { # LIST : of key:NAME and whole:NAME, with commas between
    for word in $(echo "$1" | tr ',' ' '); do
        case $word in
        key:*) of_key "${word#*:}" ;;
        whole:*) of_certificate "${word#*:}" ;;
        *) echo "$word" ;;
        esac
    done | paste -s -d ' ' -
}

set_row() { # OPTION... : how this row is to be tried
    login=$user:$password@ trust=$store/ca.pem arguments='' pin=''
    served='' # a further option of the server
    for option; do
        value=${option#*=}
        case $option in
        trust=system | trust=none) trust=$value ;;
        trust=*) trust=$store/$value ;;
        pin=*) pin=$(pins "$value") ;;
        crl=*) arguments="$arguments --tls-crl=$store/$value.crl" ;;
        login=no) login='' ;;
        priority=*) arguments="$arguments --tls-priority=$value" ;;
        server=*) served="--priority $value" ;;
        ipv6) served=--ipv6 ;;
        esac
    done
}

serve_chain() { # MODE NAME+NAME... : the first is the server's own
    for one in $(echo "$2" | tr '+' ' '); do
        cat "$store/$one.pem"
    done >"$work/chain.pem"
    set -- "$1" "${2%%+*}"
    # shellcheck disable=SC2086 # an option, and maybe its value
    set -- $served --tls "$1" --cert "$work/chain.pem" --key "$store/$2.key"
    [ -z "$login" ] || set -- "$@" --user "$user" --password "$password"
    server_start "$@"
}

only_asked() { # nothing that is not needed to begin TLS was said
    server_wait
    if grep ' C: ' "$record/transcript.txt" 2>/dev/null |
        grep -v -e ' C: EHLO ' -e ' C: STARTTLS$' -e ' C: QUIT$' \
            >"$work/said"; then
        wrongly "it said: $(head -n 1 "$work/said")"
    fi
    not_said 'C: AUTH'
    not_said 'C: MAIL'
    delivered 0
}

try() { # MODE CHAIN HOST STATUS WORDS : the row, set by set_row
    serve_chain "$1" "$2"
    case $1 in
    starttls) url=submission://$login$3:% ;;
    implicit) url=submissions://$login$3:% ;;
    esac
    # shellcheck disable=SC2086 # words without a blank in them
    send $arguments ${pin:+"--tls-pin=$pin"} bob@example.net
    status "$4"
    if [ "$4" -eq 0 ]; then
        quiet
        delivered 1
        return
    fi
    only_asked
    err_lines 3
    harmless "$work/err"
    err_has "$5"
}

impossible() { # HOST OPTIONS : why it cannot be tried here
    case $1 in
    localhost* | .* | *.0*.* | \[::1]) ;;
    *) [ "$named" = yes ] || echo "no server can be named $1" ;;
    esac
    case $2 in
    *ipv6*) grep -qs '^0\{31\}1' /proc/net/if_inet6 || echo 'no IPv6' ;;
    esac
}

while IFS='|' read -r chain host options code what words <&3; do
    chain=$(trim "$chain") host=$(trim "$host") code=$(trim "$code")
    what=$(trim "$what") words=$(trim "$words")
    for mode in starttls implicit; do
        begin "$what, $mode"
        # shellcheck disable=SC2086 # a list
        set_row $options
        why=$(impossible "$host" "$options")
        if [ -n "$why" ]; then
            skip "$why"
        else
            try "$mode" "$chain" "$host" "$code" "$words"
        fi
    done
done 3<<'END'
good      | localhost | | 0 | a certificate as it should be |
second    | localhost | | 0 | the second of two names |
many      | localhost | | 0 | the last of a hundred names |
upper     | localhost | | 0 | a name in capitals |
good      | LOCALHOST | | 0 | a server in capitals |
cn-too    | localhost | | 76 | a common name beside other names | is not for that name, but for 'mx.example.net'
other     | localhost | | 76 | another name | is not for that name, but for 'mx.example.net'
longer    | localhost | | 76 | a name that goes on | 'localhost.example.net'
shorter   | localhost | | 76 | a name that ends too soon | 'local'
cn        | localhost | | 76 | a common name only | its common name 'localhost' does not count
email     | localhost | | 76 | a mail address only | names no host
uri       | localhost | | 76 | a URI only | names no host
sanip     | localhost | | 76 | an address only, for a name | is not for that name, but for '127.0.0.1'
nul       | localhost | | 76 | a NUL in the name | has a forged name
nul-last  | localhost | | 76 | a NUL at the end of the name | has a forged name
blank     | localhost | | 76 | a blank behind the name | is not for that name
line      | localhost | | 76 | a line break in the name | is not for that name
escape    | localhost | | 76 | an escape sequence in the name | is not for that name
dot       | localhost | | 76 | a dot behind the name | is not for that name, but for 'localhost.'
wild-all  | localhost | | 76 | a wildcard for everything | is not for that name, but for '*'
wild-host | localhost | | 76 | a wildcard below the name | '*.localhost'
wild-local| localhost | | 76 | a wildcard within the only label | 'local*'
ip        | 127.0.0.1 | | 0 | an address |
good      | 127.0.0.1 | | 76 | a name only, for an address | is not for that name, but for 'localhost'
ip-other  | 127.0.0.1 | | 76 | another address | is not for that name, but for '127.0.0.2'
ip-text   | 127.0.0.1 | | 76 | an address as a name | is not for that name
cn-ip     | 127.0.0.1 | | 76 | an address as common name only | its common name '127.0.0.1' does not count
wild-ip   | 127.0.0.1 | | 76 | a wildcard for addresses | is not for that name
ip6-mapped| 127.0.0.1 | | 76 | an IPv4 address in IPv6 | is not for that name
good      | 127.0.0.01 | | 78 | an address that is none | 127.0.0.01
ip6       | [::1] | ipv6 | 0 | an IPv6 address |
ip        | [::1] | ipv6 | 76 | the IPv4 address, for an IPv6 one | is not for that name, but for '127.0.0.1'
mail      | mail.test.example | | 0 | a name of several labels |
mail      | mail.test.example. | | 0 | a server with a dot behind it |
mail-dot  | mail.test.example | | 76 | several labels and a dot | is not for that name, but for 'mail.test.example.'
wild      | mail.test.example | | 0 | a wildcard |
wild      | a.mail.test.example | | 76 | a wildcard for two labels | '*.test.example'
wild      | test.example | | 76 | a wildcard for no label | '*.test.example'
wild      | .test.example | | 78 | a server that begins with a dot | .test.example
wild-top  | test.example | | 76 | a wildcard below the top | '*.example'
wild-top  | mail.test.example | | 76 | a wildcard two labels up | '*.example'
wild-two  | mail.test.example | | 76 | two wildcards | '*.*.example'
wild-in   | mail.test.example | | 76 | a wildcard in the middle | 'mail.*.example'
wild-part | mail.test.example | | 76 | a wildcard behind letters | 'ma*.test.example'
wild-end  | mail.test.example | | 76 | a wildcard before letters | '*il.test.example'
wild-mid  | mail.test.example | | 76 | a wildcard between letters | 'm*l.test.example'
nul-star  | mail.test.example | | 76 | a NUL behind a wildcard | has a forged name
idn       | xn--bcher-kva.test.example | | 0 | A-labels |
idn       | bücher.test.example | | 0 | A-labels for U-labels |
idn-upper | bücher.test.example | | 0 | A-labels in capitals |
wild      | bücher.test.example | | 0 | a wildcard for an A-label |
idn-u     | bücher.test.example | | 76 | U-labels in the certificate | is not for that name
idn-u     | xn--bcher-kva.test.example | | 76 | U-labels, for A-labels | is not for that name
wild-idn  | xn--bcher-kva.test.example | | 76 | a wildcard within an A-label | 'xn--*.test.example'
old       | localhost | | 76 | it has expired | has expired: it is valid from
soon      | localhost | | 76 | it is not valid yet | is not valid yet: it is valid from
of-old    | localhost | trust=ca-old.pem | 76 | its authority has expired | expired
of-i-old+i-old | localhost | | 76 | what is between has expired | 'CN=i-old', which has expired
of-i-soon+i-soon | localhost | | 76 | what is between is not valid yet | 'CN=i-soon', which is not valid yet
old-other | localhost | | 76 | expired, and another name | has expired
of-i+inter | localhost | | 0 | one between |
of-i+inter+ca | localhost | | 0 | one between, and the authority too |
of-i2+inter2+inter | localhost | | 0 | two between |
of-i      | localhost | | 76 | the one between is missing | comes from the authority 'CN=inter'
of-i2+inter2 | localhost | | 76 | one of two between is missing | comes from the authority 'CN=inter'
of-i      | localhost | trust=inter.pem | 0 | the one between is trusted |
good+ca2  | localhost | | 0 | one that does not belong to it |
good+good | localhost | | 0 | the same twice |
of-good+good | localhost | | 76 | issued by a server | issuer is not a CA
of-nosign+i-nosign | localhost | | 76 | issued by one that must not | violates the signer's constraints
of-path+i-path | localhost | trust=ca-path.pem | 76 | an authority too many | violates the signer's constraints
of-path-in+i-in-path+i-path0 | localhost | | 76 | an authority too many further down | violates the signer's constraints
of-path0+i-path0 | localhost | | 0 | as many authorities as may be |
of-permit+i-permit | localhost | | 0 | a name that its issuer may give |
of-other+i-other | localhost | | 76 | a name that its issuer may not give | violates the signer's constraints
of-exclude+i-exclude | localhost | | 76 | a name that is excluded | violates the signer's constraints
of-noip+i-noip | 127.0.0.1 | | 76 | an address that its issuer may not give | violates the signer's constraints
of-client+i-client | localhost | | 76 | its issuer is for clients | is made for something else
critical  | localhost | | 76 | an extension that nobody knows, critical | unknown critical extension
unknown   | localhost | | 0 | an extension that nobody knows |
self      | localhost | | 76 | signed by itself | is signed by itself
self-ca   | localhost | | 76 | signed by itself, as an authority | is signed by itself
self      | localhost | trust=self.pem | 0 | signed by itself, and trusted |
self-old  | localhost | trust=self-old.pem | 76 | trusted, and expired | has expired
of-ca2    | localhost | | 76 | the right name from another authority | comes from the authority 'CN=ca2'
of-ca2+ca2 | localhost | | 76 | another authority that comes along | comes from the authority 'CN=ca2'
of-twin   | localhost | | 76 | another authority of the same name | comes from the authority 'CN=ca'
of-twin+twin | localhost | | 76 | another of the same name comes along | comes from the authority 'CN=ca'
ca-leaf   | localhost | | 0 | an authority as a server |
client    | localhost | | 76 | for clients only | is made for something else than servers
code      | localhost | | 76 | for code only | is made for something else than servers
mailing   | localhost | | 76 | for mail only | is made for something else than servers
both      | localhost | | 0 | for clients and servers |
no-eku    | localhost | | 0 | for no special purpose |
any-eku   | localhost | | 0 | for any purpose |
encipher  | localhost | server=NORMAL:-VERS-ALL:+VERS-TLS1.3:%DEBUG_ALLOW_KEY_USAGE_VIOLATIONS | 76 | its key may not sign, TLS 1.3 | usage
encipher  | localhost | server=NORMAL:-VERS-ALL:+VERS-TLS1.2:-KX-ALL:+ECDHE-RSA:%DEBUG_ALLOW_KEY_USAGE_VIOLATIONS | 76 | its key may not sign, TLS 1.2 | usage
rsa       | localhost | | 0 | RSA |
pss       | localhost | | 0 | RSA-PSS |
p521      | localhost | | 0 | P-521 |
ed25519   | localhost | | 0 | Ed25519 |
ed448     | localhost | | 0 | Ed448 |
rsa1024   | localhost | | 76 | RSA of 1024 bits | has a key that is too weak: RSA, 1024 bits
sha1      | localhost | | 76 | signed with SHA-1 | has a signature that is too weak
md5+i-rsa1024 | localhost | | 76 | signed with MD5 | has a signature that is too weak: RSA-MD5
of-i-sha1+i-sha1 | localhost | | 76 | SHA-1 between | 'CN=i-sha1', which has a signature that is too weak
of-i-1024+i-rsa1024 | localhost | | 76 | RSA of 1024 bits between | 'CN=i-rsa1024', which has a key that is too weak
of-sha1   | localhost | trust=ca-sha1.pem | 0 | an authority that signed itself with SHA-1 |
staple    | localhost | | 76 | it demands a staple, and there is none | (must-staple)
good      | localhost | trust=directory | 0 | a directory of authorities |
good      | localhost | trust=another | 76 | a directory of others | comes from the authority 'CN=ca'
good      | localhost | trust=void | 78 | a directory of nothing | there are no certificates of authorities
good      | localhost | trust=bundle.pem | 0 | a file of two authorities |
good      | localhost | trust=good.pem | 0 | the certificate itself is trusted |
good2     | localhost | trust=good.pem | 76 | another one is trusted | comes from the authority 'CN=ca'
good      | localhost | trust=ca.key | 78 | a file without a certificate | there are no certificates of authorities
good      | localhost | trust=system | 76 | the authorities of the system | comes from the authority 'CN=ca'
good      | localhost | trust=none | 78 | nobody is asked, with a login | tls-trust cannot be none with a login
self-old  | localhost | trust=none login=no | 0 | nobody is asked, without a login |
good      | localhost | pin=key:good trust=system | 0 | the key is pinned |
good2     | localhost | pin=key:good trust=system | 0 | the key is pinned, in another certificate |
good      | localhost | pin=whole:good trust=system | 0 | the certificate is pinned |
good2     | localhost | pin=whole:good | 76 | another certificate is pinned | is not one that tls-pin has: it is sha256//
good      | localhost | pin=key:ca2 | 76 | another key is pinned | is not one that tls-pin has: it is sha256//
rekeyed   | localhost | pin=key:good | 76 | a good certificate with another key | is not one that tls-pin has: it is sha256//
good      | localhost | pin=key:ca | 76 | the key of its authority is pinned | is not one that tls-pin has
good+ca   | localhost | pin=whole:ca | 76 | its authority is pinned, and comes along | is not one that tls-pin has
good      | localhost | pin=key:ca2,key:good trust=system | 0 | one of two keys |
good      | localhost | pin=key:ca2,whole:ca | 76 | none of two | is not one that tls-pin has
self-old  | localhost | pin=key:self-old trust=system | 0 | pinned, expired and signed by itself |
old       | localhost | pin=whole:old trust=system | 0 | pinned and expired |
other     | localhost | pin=key:other trust=none | 0 | pinned, with another name, and nobody is asked |
good      | localhost | pin=abc | 64 | a pin that is none | tls-pin cannot be 'abc'
good      | localhost | crl=good2 | 0 | a list that has another |
good      | localhost | crl=good | 76 | it is revoked | is revoked, by a list in
good      | localhost | crl=two | 76 | the second list has it | is revoked, by a list in
of-i+inter | localhost | crl=inter | 76 | what is between is revoked | 'CN=inter', which is revoked
good      | localhost | crl=ca2 | 0 | a list of another authority |
good      | localhost | crl=late | 78 | a list that is out of date | is out of date: a newer one was due on
good      | localhost | crl=garbage | 78 | a file without a list | cannot be used
good      | localhost | crl=nowhere | 78 | no file of lists | nowhere.crl
good      | localhost | server=NORMAL:-VERS-ALL:+VERS-TLS1.2 | 0 | TLS 1.2 only |
good      | localhost | server=NORMAL:-VERS-ALL:+VERS-TLS1.3 | 0 | TLS 1.3 only |
good      | localhost | server=NORMAL:-VERS-ALL:+VERS-TLS1.1:%COMPAT | 76 | TLS 1.1 only | TLS
good      | localhost | server=NORMAL:-VERS-ALL:+VERS-TLS1.0:%COMPAT | 76 | TLS 1.0 only | TLS
good      | localhost | server=NORMAL:-VERS-ALL:+VERS-TLS1.2:-KX-ALL:+ANON-ECDH | 75 | no certificate at all | broke off the TLS handshake with the alert
good      | localhost | server=NORMAL:-VERS-ALL:+VERS-TLS1.2:-CIPHER-ALL:+NULL:+MAC-ALL | 75 | a cipher that does not encrypt | broke off the TLS handshake with the alert
good      | localhost | server=NORMAL:-VERS-ALL:+VERS-TLS1.2:-CIPHER-ALL:+3DES-CBC:+SHA1 | 75 | 3DES only | broke off the TLS handshake with the alert
END

# What is done to STARTTLS itself.  The words are those that must be told.

clear_text() { # nothing but what begins TLS, and no secret in other forms
    only_asked
    if grep -qF -f "$work/secrets" "$record/transcript.txt"; then
        wrongly 'a secret was said'
    fi
}

meddled() { # NAME STATUS WORDS OPTION... : by the script on standard input
    begin "STARTTLS: $1"
    want=$2 words=$3
    shift 3
    serve "$@"
    faults_allowed
    [ "$words" = hang ] && timeout=1
    send bob@example.net
    status "$want"
    [ "$words" = hang ] || err_has "$words"
    [ -s "$work/err" ] || wrongly 'nothing was said about it'
    err_lines 3
    clear_text
}

meddled 'a reply in the same segment' 76 'more than its reply to STARTTLS' <<'END'
STARTTLS: 220 go\r\n250 injected
END

meddled 'a whole answer to EHLO in the same segment' 76 \
    'more than its reply to STARTTLS' <<'END'
STARTTLS: 220 go\r\n250-localhost\r\n250 AUTH PLAIN LOGIN
END

meddled 'half a line in the same segment' 76 \
    'more than its reply to STARTTLS' <<'END'
STARTTLS: raw "220 go\r\n2"
END

meddled 'a reply in a second segment' 76 'TLS' <<'END'
STARTTLS: 220 go
STARTTLS: wait 100
STARTTLS: raw "250 injected\r\n"
END

meddled 'an answer to EHLO in a second segment' 76 'TLS' <<'END'
STARTTLS: 220 go
STARTTLS: wait 100
STARTTLS: raw "250-localhost\r\n250 AUTH PLAIN LOGIN\r\n"
END

meddled 'the answer comes with that to EHLO' 76 'TLS' <<'END'
EHLO 1: 250-localhost\r\n250-STARTTLS\r\n250 AUTH PLAIN\r\n220 go
END

meddled 'it is not offered' 76 'does not offer STARTTLS' <<'END'
EHLO: 250-localhost\r\n250 AUTH PLAIN LOGIN
END

meddled 'its offer is made unreadable' 76 'does not offer STARTTLS' <<'END'
EHLO: 250-localhost\r\n250-XXXXXXXX\r\n250 AUTH PLAIN LOGIN
END

meddled 'its offer has a letter too many' 76 'does not offer STARTTLS' <<'END'
EHLO: 250-localhost\r\n250-STARTTLSX\r\n250 AUTH PLAIN LOGIN
END

meddled 'EHLO is refused, HELO would be taken' 69 'refused EHLO' <<'END'
EHLO: 502 5.5.1 what?
END

for code in 250 334 354 421 454 500 501 502 503 530 535 550 554; do
    meddled "it is answered with $code" 75 'no TLS today' <<END
STARTTLS: $code 5.7.0 no TLS today
END
done

meddled 'its answer has no code' 76 'STARTTLS' <<'END'
STARTTLS: raw "go ahead\r\n"
END

meddled '220, and then plain text' 76 'TLS' <<'END'
STARTTLS: 220 go
TLS: raw "250 hello\r\n"
TLS: hang
END

meddled '220, and then a greeting' 76 'TLS' <<'END'
STARTTLS: 220 go
TLS: raw "220 localhost ESMTP\r\n"
TLS: hang
END

meddled '220, and then an alert' '75|76' 'TLS' <<'END'
STARTTLS: 220 go
TLS: wait 100
TLS: raw "\x15\x03\x03\x00\x02\x02\x28"
TLS: drop
END

meddled '220, and then an alert that it is closed' '75|76' 'TLS' <<'END'
STARTTLS: 220 go
TLS: wait 100
TLS: raw "\x15\x03\x03\x00\x02\x01\x00"
TLS: drop
END

meddled '220, and then a record that is too big' 76 'TLS' <<'END'
STARTTLS: 220 go
TLS: raw "\x16\x03\x03\xff\xff\x02\x00"
TLS: hang
END

meddled '220, and then half a record' '75|76' 'TLS' <<'END'
STARTTLS: 220 go
TLS: wait 100
TLS: raw "\x16\x03\x03\x00\x7a\x02"
TLS: drop
END

meddled '220, and then application data' 76 'TLS' <<'END'
STARTTLS: 220 go
TLS: raw "\x17\x03\x03\x00\x05hello"
TLS: hang
END

meddled 'no answer' 75 hang <<'END'
STARTTLS: hang
END

meddled '220, and then nothing' 75 hang <<'END'
STARTTLS: 220 go
TLS: hang
END

meddled '220, and then half a record and no more' '75|76' hang <<'END'
STARTTLS: 220 go
TLS: wait 100
TLS: raw "\x16\x03\x03\x00\x7a\x02"
TLS: hang
END

meddled 'an answer without an end' 76 'STARTTLS' <<'END'
STARTTLS: endless "220-go\r\n"
END

meddled 'closed instead of an answer' 75 'closed' <<'END'
STARTTLS: close
END

meddled 'reset instead of an answer' 75 'broke' <<'END'
STARTTLS: reset
END

meddled '220, and then closed' 75 'closed' <<'END'
STARTTLS: 220 go
TLS: close
END

meddled '220, and then reset' 75 'broke' <<'END'
STARTTLS: 220 go
TLS: reset
END

meddled 'a server that speaks TLS at once' 76 'speaks TLS from the start' --tls implicit </dev/null

begin 'implicit TLS: a server that speaks it later'
plain serve
faults_allowed
url=submissions://$user:$password@localhost:%
send bob@example.net
status 76
err_has "try submission://localhost:$port"
delivered 0
not_said 'C: AUTH'
not_said 'C: MAIL'

finish
