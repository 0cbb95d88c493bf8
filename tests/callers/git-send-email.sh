# SPDX-License-Identifier: GPL-3.0-or-later
# git send-email(1), set up by the command that README has
needs git-email /usr/lib/git-core/git-send-email
needs libmailtools-perl perl:Mail::Address
subject="[PATCH] $subject"
options=''
setup() {
    from_readme sendemail.sendmailCmd >setup && . ./setup
}
call() {
    setup || return
    git init -q
    git config user.name "$full_name"
    git config user.email "$sender"
    git add body
    printf '%s\n\n' "${subject#* }" "$body" | git commit -q -F -
    git format-patch -q --root
    trailer=$(sed -n '/^---$/,$p' 0001*)$newline$newline
    git send-email --confirm=never --suppress-cc=all --to=bob@example.net \
        $options 0001*
}
