/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/mem.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

static _Noreturn void mem_out(void)
{
    fputs("pennypost: out of memory; nothing more was sent, try again later\n",
          stderr);
    /* Not exit(): what runs at exit may want memory, too. */
    _Exit(EX_TEMPFAIL);
}

void *mem_zero(size_t count, size_t size)
{
    void *memory = calloc(count ? count : 1, size ? size : 1);

    if (!memory)
        mem_out();
    return memory;
}

void *mem_resize(void *memory, size_t count, size_t size)
{
    if (size && count > (size_t)PTRDIFF_MAX / size)
        mem_out();
    memory = realloc(memory, count && size ? count * size : 1);
    if (!memory)
        mem_out();
    return memory;
}

void mem_free(void *memory)
{
    free(memory);
}

void mem_wipe(void *memory, size_t n)
{
    volatile unsigned char *p = memory;

    while (n--)
        *p++ = 0;
}
