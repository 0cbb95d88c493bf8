/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "channel.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { WIRE_MOST = 64 * 1024, TEXT_MOST = 16 * 1024, FOR_EVER = -1 };

/* EVENTS on the socket: true; the time to end, or a fault: false. */
static bool wire_wait(struct channel *c, short events, int milliseconds)
{
    struct pollfd fds[] = {{.fd = c->life, .events = POLLIN},
                           {.fd = c->socket, .events = events}};
    int n;

    do
        n = poll(fds, 2, milliseconds);
    while (n < 0 && errno == EINTR);
    if (fds[0].revents)
        c->ended = true;
    return n > 0 && !fds[0].revents && fds[1].revents;
}

void channel_sleep(struct channel *c, uint64_t milliseconds)
{
    struct pollfd life = {.fd = c->life, .events = POLLIN};

    poll(&life, 1, (int)milliseconds);
}

void channel_flush(struct channel *c)
{
    size_t done = 0;

    if (!c->out.len)
        return;
    if (c->delay)
        channel_sleep(c, c->delay);
    c->owing = !wire_wait(c, POLLIN, 0);
    while (done < c->out.len && wire_wait(c, POLLOUT, FOR_EVER)) {
        ssize_t n = send(c->socket, c->out.data + done, c->out.len - done,
                         MSG_DONTWAIT);

        if (n < 0 && errno != EAGAIN && errno != EINTR) {
            c->ended = true;
            break;
        }
        done += n > 0 ? (size_t)n : 0;
    }
    c->sent += done;
    buf_clear(&c->out);
}

/* More octets into IN; waits for them. */
static bool wire_fill(struct channel *c)
{
    ssize_t n;

    channel_flush(c);
    if (c->ended || !wire_wait(c, POLLIN, FOR_EVER))
        return false;
    do
        n = recv(c->socket, buf_room(&c->in, WIRE_MOST), WIRE_MOST, 0);
    while (n < 0 && errno == EINTR);
    if (n <= 0) {
        c->ended = true;
        return false;
    }
    if (c->owing)
        c->turns++;
    c->owing = false;
    c->received += (size_t)n;
    buf_filled(&c->in, (size_t)n);
    return true;
}

static ssize_t tls_pull(gnutls_transport_ptr_t channel, void *data, size_t n)
{
    struct channel *c = channel;

    if (!c->in.len && !wire_fill(c))
        return 0;
    if (n > c->in.len)
        n = c->in.len;
    memcpy(data, c->in.data, n);
    buf_drop(&c->in, n);
    return (ssize_t)n;
}

static ssize_t tls_push(gnutls_transport_ptr_t channel, const void *data,
                        size_t n)
{
    struct channel *c = channel;

    buf_add(&c->out, (struct span){data, n});
    if (c->out.len >= WIRE_MOST)
        channel_flush(c);
    return (ssize_t)n;
}

bool channel_more(struct channel *c)
{
    ssize_t n;

    if (!c->tls) {
        if (!c->in.len && !wire_fill(c))
            return false;
        buf_add(&c->text, buf_span(&c->in));
        buf_clear(&c->in);
        return true;
    }
    do
        n = gnutls_record_recv(c->tls, buf_room(&c->text, TEXT_MOST),
                               TEXT_MOST);
    while (n == GNUTLS_E_AGAIN || n == GNUTLS_E_INTERRUPTED);
    if (n > 0)
        buf_filled(&c->text, (size_t)n);
    else
        c->ended = true;
    return n > 0;
}

/* An end, or TLS's closing alert, is nothing that was sent: so it is read. */
bool channel_pending(struct channel *c)
{
    while (!c->text.len && (c->in.len || wire_wait(c, POLLIN, 0)))
        if (!channel_more(c))
            break;
    return c->text.len > 0;
}

enum line_state channel_line(struct channel *c, size_t most, struct buf *line)
{
    for (;;) {
        struct span text = buf_span(&c->text);
        size_t end = span_find(text, '\n');
        bool whole = end < text.n, wide = end >= most;

        if (!whole && !wide && channel_more(c))
            continue;
        end += whole;
        buf_clear(line);
        buf_add(line, span_upto(text, end));
        buf_drop(&c->text, end);
        if (wide)
            return LINE_LONG;
        return whole ? LINE_WHOLE : LINE_NONE;
    }
}

static void text_send(struct channel *c, struct span s)
{
    if (!c->tls) {
        tls_push(c, s.p, s.n);
        return;
    }
    while (!span_empty(s)) {
        ssize_t n = gnutls_record_send(c->tls, s.p, s.n);

        if (n <= 0)
            return;
        s = span_from(s, (size_t)n);
    }
}

void channel_send(struct channel *c, struct span s)
{
    while (!span_empty(s) && !c->ended) {
        text_send(c, c->pace ? span_upto(s, c->pace) : s);
        s = span_from(s, c->pace ? c->pace : s.n);
        if (c->pace) {
            channel_flush(c);
            channel_sleep(c, c->pause);
        }
    }
}

void channel_deaf(struct channel *c)
{
    struct pollfd fds[] = {{.fd = c->life, .events = POLLIN},
                           {.fd = c->socket, .events = 0}};

    channel_flush(c);
    while (poll(fds, 2, FOR_EVER) < 0 && errno == EINTR)
        ;
    c->ended = true;
}

int channel_secure(struct channel *c, gnutls_certificate_credentials_t own,
                   const char *priority)
{
    int code = gnutls_init(&c->tls, GNUTLS_SERVER);

    if (code >= 0)
        code = gnutls_priority_set_direct(c->tls, priority, NULL);
    if (code >= 0)
        code = gnutls_credentials_set(c->tls, GNUTLS_CRD_CERTIFICATE, own);
    gnutls_transport_set_ptr(c->tls, c);
    gnutls_transport_set_pull_function(c->tls, tls_pull);
    gnutls_transport_set_push_function(c->tls, tls_push);
    while (code >= 0) {
        code = gnutls_handshake(c->tls);
        if (code == GNUTLS_E_SUCCESS)
            return 0;
        if (!gnutls_error_is_fatal(code))
            code = 0;
    }
    gnutls_alert_send_appropriate(c->tls, code);
    channel_flush(c);
    return code;
}

/* A reset would take back what the client has not read yet. */
static void wire_drain(struct channel *c)
{
    enum { PATIENCE = 1000 };
    char waste[4096];

    shutdown(c->socket, SHUT_WR);
    while (wire_wait(c, POLLIN, PATIENCE))
        if (recv(c->socket, waste, sizeof(waste), 0) <= 0)
            return;
}

void channel_end(struct channel *c, enum farewell farewell)
{
    struct linger at_once = {.l_onoff = 1};

    if (c->tls && farewell == FAREWELL_CLOSE && !c->ended)
        gnutls_bye(c->tls, GNUTLS_SHUT_WR);
    channel_flush(c);
    if (farewell == FAREWELL_RESET)
        setsockopt(c->socket, SOL_SOCKET, SO_LINGER, &at_once,
                   sizeof(at_once));
    else
        wire_drain(c);
    close(c->socket);
    if (c->tls)
        gnutls_deinit(c->tls);
    buf_free(&c->in);
    buf_free(&c->out);
    buf_free(&c->text);
}
