#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The program as its callers call it: every line of cases.jsonl, and of the
# file that PENNYPOST_CASES names, if it does.  See run-cases for their form.
here=$(dirname "$0")
if ! perl -MJSON::PP -MMIME::Base64 -MTime::HiRes -e 1 2>/dev/null; then
    echo '# there is no perl with JSON::PP'
    echo '0 passed, 0 failed'
    exit 77
fi
exec perl "$here/run-cases" "$here/cases.jsonl" \
    ${PENNYPOST_CASES:+"$PENNYPOST_CASES"}
