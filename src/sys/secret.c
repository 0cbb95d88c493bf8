/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "sys/secret.h"

#include "base/mem.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#ifdef HAVE_SYS_PRCTL_H
#include <sys/prctl.h>
#endif

void secret_protect_process(void)
{
    const struct rlimit none = {0, 0};

    setrlimit(RLIMIT_CORE, &none);
#ifdef PR_SET_DUMPABLE
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
    unsetenv("SSLKEYLOGFILE");
}

/* What a system cannot promise is no reason not to send the mail. */
static void pages_guard(char *pages)
{
    (void)mlock(pages, SECRET_MOST);
#ifdef MADV_DONTDUMP
    madvise(pages, SECRET_MOST, MADV_DONTDUMP);
#endif
}

bool secret_set(struct secret *secret, struct span s, struct err *err)
{
    void *pages;

    if (s.n > SECRET_MOST)
        return fail(err, ERR_CONFIG, "the secret is longer than %d octets",
                    SECRET_MOST);
    pages = mmap(NULL, SECRET_MOST, PROT_READ | PROT_WRITE,
                 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED)
        return fail(err, ERR_SYSTEM, "no memory for a secret: %s",
                    strerror(errno));
    pages_guard(pages);
    if (!span_empty(s))
        memcpy(pages, s.p, s.n);
    secret_free(secret);
    *secret = (struct secret){pages, s.n};
    return true;
}

struct span secret_span(const struct secret *secret)
{
    return (struct span){secret->pages, secret->len};
}

void secret_free(struct secret *secret)
{
    if (secret->pages) {
        mem_wipe(secret->pages, SECRET_MOST);
        munmap(secret->pages, SECRET_MOST);
    }
    *secret = (struct secret){0};
}
