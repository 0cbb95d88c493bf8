# SPDX-License-Identifier: GPL-3.0-or-later
use strict;
use warnings;
use Email::Sender::Simple qw(sendmail);
use Email::Sender::Transport::Sendmail;
use Email::Simple;
use Encode qw(decode encode);

my $sender = shift;
my ($name, $subject) = map { encode('MIME-Q', decode('UTF-8', $_)) } @ARGV;
my $email = Email::Simple->create(
    header => [
        From           => "$name <$sender>",
        To             => 'bob@example.net',
        Subject        => $subject,
        'MIME-Version' => '1.0',
        'Content-Type' => 'text/plain; charset=UTF-8',
        'Content-Transfer-Encoding' => '8bit',
    ],
    body => join '', <STDIN>,
);
my $transport =
    Email::Sender::Transport::Sendmail->new({ sendmail => $ENV{PENNYPOST} });
sendmail($email, { transport => $transport });
