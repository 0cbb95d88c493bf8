<?php
/* SPDX-License-Identifier: GPL-3.0-or-later */
require 'libphp-phpmailer/autoload.php';
[, $sender, $name, $subject] = $argv;
$mail = new PHPMailer\PHPMailer\PHPMailer(true);
$mail->isSendmail();
$mail->Sendmail = getenv('PENNYPOST');
$mail->CharSet = 'UTF-8';
$mail->setFrom($sender, $name);
$mail->addAddress('bob@example.net');
$mail->addBCC('carol@example.net');
$mail->Subject = $subject;
$mail->Body = file_get_contents('php://stdin');
$mail->send();
