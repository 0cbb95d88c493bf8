# SPDX-License-Identifier: GPL-3.0-or-later
# bash completion for pennypost.  Made by tests/check-docs --update; not to be edited.
_pennypost() {
    local cur=${COMP_WORDS[COMP_CWORD]} words= name= word
    COMPREPLY=()
    if [ "$cur" = = ]; then
        name=${COMP_WORDS[COMP_CWORD - 1]} cur=
    elif [ "${COMP_WORDS[COMP_CWORD - 1]}" = = ]; then
        name=${COMP_WORDS[COMP_CWORD - 2]}
    fi
    case $name in
    --password-file) words='' ;;
    --password-from) words='auto systemd netrc libsecret git-credential prompt' ;;
    --tls) words='required unix-only off' ;;
    --tls-trust) words='system none' ;;
    --tls-cert) words='' ;;
    --tls-key) words='' ;;
    --tls-crl) words='' ;;
    --tls-min-version) words='1.2 1.3' ;;
    --rewrite-from) words='never unqualified always' ;;
    --original-from) words='reply-to name none' ;;
    --aliases) words='none' ;;
    --aliases-in-header) words='no yes' ;;
    --signed) words='reject raw convert' ;;
    --queue) words='off' ;;
    --log) words='syslog journal none' ;;
    '') words=' -t -i -oi -f -r -F -n -v --dry-run -bm -bs -bp -bi -I -q --help --version -B -N -R -V -a -C -O --assume= --no-fixups --server= --user= --password-command= --password-file= --password-fd= --password-from= --token-command= --auth= --tls= --tls-trust= --tls-pin= --tls-cert= --tls-key= --tls-crl= --tls-min-version= --tls-priority= --tls-expiry-warning= --from= --allow-from= --rewrite-from= --original-from= --domain= --aliases= --aliases-in-header= --ehlo-name= --signed= --size-limit= --timeout= --queue= --log= --account= config resolve help version' ;;
    esac
    while IFS= read -r word; do
        COMPREPLY+=("$word")
    done < <(compgen -W "$words" -- "$cur")
    [ ${#COMPREPLY[@]} = 1 ] && [[ ${COMPREPLY[0]} == *= ]] &&
        compopt -o nospace
    return 0
}
complete -o default -F _pennypost pennypost
