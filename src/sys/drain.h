/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * drain - reads and drops what nobody wants any more
 *
 * A message that ends in a lone dot may have more behind it.  Who writes it
 * must not be killed by SIGPIPE for that, nor stand still until we are done.
 */
#ifndef PENNYPOST_SYS_DRAIN_H
#define PENNYPOST_SYS_DRAIN_H

/*
 * From now on read descriptor FD and drop what comes, until its end or that of
 * the process.  In a thread of its own; where there is none to be had nothing
 * is read, which harms nobody but a careless writer.
 */
void drain_start(int fd);

#endif
