# SPDX-License-Identifier: GPL-3.0-or-later
# mutt(1) from a script, with the line that README has for ~/.muttrc
needs mutt mutt
call() {
    from_readme 'set sendmail' >muttrc || return
    echo "set realname='$full_name' from=$sender" >>muttrc
    mutt -F muttrc -s "$subject" bob@example.net
}
