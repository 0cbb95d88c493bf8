# SPDX-License-Identifier: GPL-3.0-or-later
require 'mail'
sender, title = ARGV
Mail.deliver do
  delivery_method :sendmail, location: ENV['PENNYPOST']
  from sender
  to 'bob@example.net'
  bcc 'carol@example.net'
  subject title
  body $stdin.read
end
