" SPDX-License-Identifier: GPL-3.0-or-later
" Vim syntax of pennypost.conf(5).  Made by tests/check-docs --update; not to be edited.
" autocmd BufRead,BufNewFile */pennypost/config,*/pennypost/config.d/*.conf
"     \ setfiletype pennypost
if exists('b:current_syntax')
    finish
endif
syntax match pennypostError /^\s*[^#[:blank:]].*/
syntax match pennypostSection /^\s*\[\s*\%(defaults\|account\s\+[-A-Za-z0-9._@+]\+\)\s*\]\ze\%(\s\|$\)/
    \ nextgroup=pennypostComment skipwhite
syntax match pennypostKey /^\s*\%(server\|user\|password\|password-command\|password-file\|password-fd\|password-from\|token-command\|auth\|tls\|tls-trust\|tls-pin\|tls-cert\|tls-key\|tls-crl\|tls-min-version\|tls-priority\|tls-expiry-warning\|from\|allow-from\|rewrite-from\|original-from\|domain\|aliases\|aliases-in-header\|ehlo-name\|signed\|size-limit\|timeout\|queue\|log\|account\|include\|inherits\|match\)\s*=/ nextgroup=pennypostQuoted,pennypostValue skipwhite
syntax match pennypostValue /.*/ contained contains=pennypostComment
syntax region pennypostQuoted start=/"/ skip=/\\./ end=/"/ oneline contained
    \ nextgroup=pennypostComment skipwhite
syntax match pennypostComment /\%(^\|\s\)#.*/
highlight default link pennypostError Error
highlight default link pennypostSection Statement
highlight default link pennypostKey Identifier
highlight default link pennypostValue String
highlight default link pennypostQuoted String
highlight default link pennypostComment Comment
let b:current_syntax = 'pennypost'
