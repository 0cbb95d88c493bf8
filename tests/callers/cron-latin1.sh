# SPDX-License-Identifier: GPL-3.0-or-later
# cron(8): a job that speaks ISO-8859-1, and whose crontab says so
. "$here/cron.sh"
setting='CONTENT_TYPE=text/plain; charset=ISO-8859-1'
job=$(latin1 "$job")
