/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/protocol.h"

#define READING " is for reading mail: give the port for submission, 465 or 587"
#define WEB "that is a web server: give the name and port of the mail server"
#define TLS_AT_ONCE "write the server as submissions://, not submission://"

static const struct protocol protocols[] = {
    {SPAN_INIT("* "), "IMAP", "an IMAP server", "IMAP" READING},
    {SPAN_INIT("+OK"), "POP3", "a POP3 server", "POP3" READING},
    {SPAN_INIT("-ERR"), "POP3", "a POP3 server", "POP3" READING},
    {SPAN_INIT("HTTP/"), "HTTP", "a web server", WEB},
    {SPAN_INIT("<"), "HTTP", "a web server", WEB},
    {SPAN_INIT("SSH-"), "SSH", "an SSH server",
     "give the port for submission, 465 or 587"},
    /* RFC 8446, 5.1: an alert, and a handshake record. */
    {SPAN_INIT("\x15\x03"), "TLS from the start", "a server for TLS",
     TLS_AT_ONCE},
    {SPAN_INIT("\x16\x03"), "TLS from the start", "a server for TLS",
     TLS_AT_ONCE},
};

const struct protocol *protocol_of(struct span said)
{
    for (size_t i = 0; i < sizeof protocols / sizeof *protocols; i++)
        if (span_istarts(said, protocols[i].begins))
            return &protocols[i];
    return NULL;
}
