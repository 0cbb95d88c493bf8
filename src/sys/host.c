/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "sys/host.h"

#include <arpa/inet.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_label(struct span label)
{
    for (size_t i = 0; i < label.n; i++) {
        char c = ascii_lower(label.p[i]);

        if (!(c >= 'a' && c <= 'z') && !is_digit(c) && c != '-' && c != '_')
            return false;
    }
    return label.n > 0 && label.n <= 63;
}

/* A label that getaddrinfo(3) takes for a part of an IPv4 address. */
static bool is_figure(struct span label)
{
    for (size_t i = 0; i < label.n; i++)
        if (!is_digit(label.p[i]))
            return span_istarts(label, S("0x"));
    return true;
}

struct span host_bare(struct span host)
{
    if (host.n > 2 && host.p[0] == '[' && host.p[host.n - 1] == ']')
        return (struct span){host.p + 1, host.n - 2};
    return span_ends(host, S(".")) ? span_upto(host, host.n - 1) : host;
}

bool host_is_name(struct span host)
{
    size_t dot;

    if (host.n > 0 && host.p[0] == '[')
        return false;
    host = host_bare(host);
    if (host.n > HOST_MAX - 1)
        return false;
    while ((dot = span_find(host, '.')) < host.n) {
        if (!is_label(span_upto(host, dot)))
            return false;
        host = span_from(host, dot + 1);
    }
    return is_label(host) && !is_figure(host);
}

size_t host_address(struct span host, unsigned char bytes[HOST_BYTES])
{
    bool v6 = span_find(host, ':') < host.n;
    char text[INET6_ADDRSTRLEN] = {0};

    if (v6)
        host = host_bare(host);
    host = span_upto(host, v6 ? span_find(host, '%') : host.n);
    if (host.n == 0 || host.n >= sizeof text)
        return 0;
    if (span_find(host, '\0') < host.n)
        return 0;
    memcpy(text, host.p, host.n);
    if (inet_pton(v6 ? AF_INET6 : AF_INET, text, bytes) != 1)
        return 0;
    return v6 ? 16 : 4;
}

bool host_matches(struct span presented, struct span host)
{
    struct span rest = presented;

    if (span_starts(presented, S("*."))) {
        rest = span_from(presented, 2);
        host = span_from(host, span_find(host, '.') + 1);
        if (span_find(rest, '.') == rest.n)
            return false;
    }
    return !span_ends(rest, S(".")) && host_is_name(rest) &&
           span_ieq(rest, host);
}
