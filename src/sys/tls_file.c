/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "sys/tls_file.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

bool tls_file_look(const char *path, bool *directory, const char **why)
{
    struct stat is;
    bool good = stat(path, &is) == 0 && access(path, R_OK) == 0;

    *why = good ? "it is neither a file nor a directory" : strerror(errno);
    *directory = good && S_ISDIR(is.st_mode);
    return good && (S_ISDIR(is.st_mode) || S_ISREG(is.st_mode));
}

bool tls_file_check(struct span path, const char *setting, struct err *err)
{
    struct buf name = {0};
    const char *why;
    bool directory, good;

    buf_add(&name, path);
    good = tls_file_look(buf_cstring(&name), &directory, &why);
    buf_free(&name);
    if (good && !directory)
        return true;
    return fail(err, ERR_CONFIG, "cannot read '%.*s', which %s names: %s",
                SPAN_ARG(path), setting, good ? "it is a directory" : why);
}

bool tls_is_token(struct span s)
{
    return span_istarts(s, S("pkcs11:"));
}
