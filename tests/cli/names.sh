#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The names it is called by, and what asks for no message: standard input is
# then not read, nothing is sent, and no settings are needed.
. "$(dirname "$0")/lib.sh"

mkdir "$work/bin"
for called in pennypost sendmail mailq newaliases send-mail; do
    ln -s "$PENNYPOST" "$work/bin/$called"
done

named() { # NAME ARGUMENT... : run it by that name on the message
    called=$1
    shift
    (
        set_environment
        # What is left of the input shows what was not read.
        {
            $limit "$work/bin/$called" "$@" >"$work/out" 2>"$work/err"
            echo $? >"$work/status"
            cat >"$work/left"
        } <"$work/message"
    )
    status=$(cat "$work/status")
    check_run
}

idle() { # TEXT NAME ARGUMENT... : prints TEXT, reads and sends nothing
    text=$1
    shift
    begin "$*"
    plain serve
    config=$work/nowhere url='' # which do not matter
    named "$@"
    config=''
    status 0
    printf %b "$text" | cmp -s - "$work/out" || wrongly 'it prints something else'
    [ ! -s "$work/err" ] || wrongly 'something is on standard error'
    cmp -s "$work/message" "$work/left" || wrongly 'it has read its input'
    not_said 'C: '
}

sends() { # NAME ARGUMENT... : sends the message
    begin "$*"
    plain serve
    named "$@"
    status 0
    quiet
    delivered 1
}

refuses() { # TEXT NAME ARGUMENT... : refuses it, and says TEXT
    text=$1
    shift
    begin "$*"
    plain serve
    named "$@"
    status 64
    err_has "$text"
    [ ! -s "$work/out" ] || wrongly 'something is on standard output'
    cmp -s "$work/message" "$work/left" || wrongly 'it has read its input'
    not_said 'C: '
}

empty='Mail queue is empty\n'
idle "$empty" mailq
idle "$empty" mailq -Ac
idle "$empty" mailq -v
idle "$empty" sendmail -bp
idle "$empty" pennypost -bp
idle "$empty" sendmail -b p
idle "$empty" sendmail -i -bp

idle '' newaliases
idle '' newaliases -v
idle '' sendmail -bi
idle '' sendmail -I
idle '' sendmail -b i -oA/etc/aliases

# -q takes what is joined to it and nothing else.
for run in '' f ff i l q p p10m 15m 1h30m 30 Gx Ix Rx Sx Q Qx Lx !Ix; do
    idle '' sendmail "-q$run"
done
idle '' sendmail -q 30m
idle '' sendmail -q -v
idle '' sendmail -v -qf

begin 'standard input may be closed where it is not read'
for what in -bp -bi -q -q15m; do
    run "$what" <&-
    status 0
done

sends sendmail bob@example.net
sends sendmail -bm bob@example.net
sends sendmail -i -t bob@example.net
sends send-mail bob@example.net
sends pennypost bob@example.net
sends pennypost bob@example.net carol@example.net

# A verb is one by the name of pennypost only, and without a domain.
sends sendmail config
sends sendmail check
sends pennypost -- config
sends pennypost config@example.net
sends pennypost bob config

begin 'pennypost config'
run config
status 0
out_has 'size-limit'

begin 'pennypost help, pennypost version'
run help
status 0
out_has 'Usage: pennypost'
run version
status 0
out_has 'pennypost '
run --version
status 0
out_has 'pennypost '

refuses 'not in this version' pennypost setup
refuses "did you mean 'pennypost config'?" pennypost confg
refuses 'there is no recipient' pennypost
refuses 'there is no recipient' sendmail
refuses "'pennypost config'" pennypost config bob@example.net
refuses "'pennypost config'" pennypost -t config

begin 'the directory does not matter, nor does a name that is none'
plain serve
mkdir -p "$work/mailq.d"
ln -s "$PENNYPOST" "$work/mailq.d/x"
(
    set_environment
    cd "$work/mailq.d" && exec ./x bob@example.net <"$work/message"
)
status=$?
status 0
delivered 1

finish
