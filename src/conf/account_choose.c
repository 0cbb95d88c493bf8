/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conf/account.h"
#include "mail/envelope.h"
#include "mail/pattern.h"

/* What the sections of the account say themselves. */
static struct span own_from(const struct account *account)
{
    struct span from = {0};

    for (const struct account_line *l = account->first; l; l = l->next)
        if (l->assignment.setting == SETTING_from)
            from = l->assignment.value.text;
    return from;
}

struct span account_senders(const struct account *account)
{
    return account->match.text.n ? account->match.text : own_from(account);
}

/* ADDRESS is the one that the account sends from. */
static bool is_from(const struct account *account, struct span address,
                    struct span domain)
{
    struct span from = own_from(account);
    struct envelope envelope = {0};
    struct err unused;
    bool is;

    if (span_empty(from))
        return false;
    is = envelope_sender(&envelope, from, domain, &unused) &&
         span_ieq(envelope.sender, address);
    envelope_free(&envelope);
    return is;
}

const struct account *accounts_match(const struct accounts *all,
                                     struct span address, struct span domain)
{
    const struct account *a = all->first;

    for (; a; a = a->next)
        if (a->match.text.n ? pattern_list_match(a->match.text, address, domain)
                            : is_from(a, address, domain))
            return a;
    return NULL;
}

/* Put what the section says into the conf, N steps above the defaults. */
static void section_apply(const struct account *account, size_t n,
                          struct conf *conf)
{
    for (const struct account_line *l = account->first; l; l = l->next) {
        struct assignment a = l->assignment;

        a.value.rank = (uint64_t)n << 32 | l->root;
        conf_put(conf, &a);
    }
}

void accounts_apply(const struct accounts *all, const struct account *account,
                    struct conf *conf)
{
    size_t depth = 0;

    section_apply(&all->defaults, 0, conf);
    for (const struct account *a = account; a; a = a->parent)
        depth++;
    for (size_t n = 1; n <= depth; n++) {
        const struct account *a = account;

        for (size_t i = n; i < depth; i++)
            a = a->parent;
        section_apply(a, n, conf);
    }
}

static uint64_t section_most(const struct account *account, size_t setting,
                             uint64_t least)
{
    for (const struct account_line *l = account->first; l; l = l->next)
        if (l->assignment.setting == setting &&
            l->assignment.value.number > least)
            least = l->assignment.value.number;
    return least;
}

uint64_t accounts_most(const struct accounts *all, size_t setting,
                       uint64_t least)
{
    for (const struct account *a = all->first; a; a = a->next)
        least = section_most(a, setting, least);
    return least;
}
