/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * mem - memory, or the end of the program
 *
 * The only callers of malloc() and free() are in base/.  When there is no
 * memory left the program says so and exits at once with EX_TEMPFAIL (75), so
 * nothing above this layer checks an allocation.  That is safe because nothing
 * is ever half done on disk, and a server drops a message whose end it has not
 * seen.
 */
#ifndef PENNYPOST_BASE_MEM_H
#define PENNYPOST_BASE_MEM_H

#include <stddef.h>

/* COUNT objects of SIZE bytes, all zero.  Never NULL. */
void *mem_zero(size_t count, size_t size);

/* As realloc(), for COUNT objects of SIZE bytes.  Never NULL. */
void *mem_resize(void *memory, size_t count, size_t size);

/* As free(). */
void mem_free(void *memory);

/* Overwrite N bytes in a way that the compiler does not leave out. */
void mem_wipe(void *memory, size_t n);

#endif
