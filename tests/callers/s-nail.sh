# SPDX-License-Identifier: GPL-3.0-or-later
# s-nail(1)
needs s-nail s-nail
call() {
    s-nail -S mta="$PENNYPOST" -S from="$from" -s "$subject" bob@example.net
}
