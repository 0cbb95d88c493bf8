<?php
/* SPDX-License-Identifier: GPL-3.0-or-later */
[, $to, $subject, $from] = $argv;
$body = file_get_contents('php://stdin');
$fields = implode("\r\n", [
    $from,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=UTF-8',
]);
exit(mail($to, $subject, $body, $fields) ? 0 : 1);
