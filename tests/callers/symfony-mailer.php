<?php
/* SPDX-License-Identifier: GPL-3.0-or-later */
require 'Symfony/Component/Mailer/autoload.php';
use Symfony\Component\Mailer\Mailer;
use Symfony\Component\Mailer\Transport;
use Symfony\Component\Mime\Address;
use Symfony\Component\Mime\Email;
[, $sender, $name, $subject] = $argv;
$command = rawurlencode(getenv('PENNYPOST') . ' -bs');
$mailer = new Mailer(Transport::fromDsn("sendmail://default?command=$command"));
$mailer->send((new Email())->from(new Address($sender, $name))
    ->to('bob@example.net')->bcc('carol@example.net')->subject($subject)
    ->text(file_get_contents('php://stdin')));
