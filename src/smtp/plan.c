/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "smtp/plan.h"

#include "mail/recode_header.h"

#include <inttypes.h>

enum action { AS_IS, CONVERT, REFUSE };

/* What MAIL has to say for a message to go as it is. */
enum statement {
    NOTHING,
    SAY_SMTPUTF8,
    SAY_UTF8_HEADER, /* RFC 6531, 1.2 and 3.6: both of its neighbours */
    SAY_8BITMIME,
    SAY_BINARYMIME,
};

/*
 * For each trait that a message has, the first of its rows whose offers the
 * server makes counts.  A row with a second trait is only for messages that
 * have that, too.
 */
static const struct row {
    unsigned trait, with;
    unsigned offers;
    enum action action;
    enum statement statement;
    const char *status; /* RFC 3463; of a refusal */
} rows[] = {
    {PLAN_ENVELOPE_UTF8, 0, EHLO_SMTPUTF8, AS_IS, SAY_SMTPUTF8, NULL},
    {PLAN_ENVELOPE_UTF8, 0, 0, REFUSE, NOTHING, "5.6.7"},
    {PLAN_ADDRESS_UTF8, 0, EHLO_SMTPUTF8, AS_IS, SAY_UTF8_HEADER, NULL},
    {PLAN_ADDRESS_UTF8, 0, 0, CONVERT, NOTHING, NULL},
    {PLAN_HEADER_8BIT, PLAN_ENVELOPE_UTF8, EHLO_SMTPUTF8, AS_IS,
     SAY_UTF8_HEADER, NULL},
    {PLAN_HEADER_8BIT, PLAN_ADDRESS_UTF8, EHLO_SMTPUTF8, AS_IS,
     SAY_UTF8_HEADER, NULL},
    {PLAN_HEADER_8BIT, 0, 0, CONVERT, NOTHING, NULL},
    {PLAN_HEADER_LINES, 0, 0, CONVERT, NOTHING, NULL},
    {PLAN_BODY_8BIT, 0, EHLO_8BITMIME, AS_IS, SAY_8BITMIME, NULL},
    {PLAN_BODY_8BIT, 0, 0, CONVERT, NOTHING, NULL},
    {PLAN_BODY_BINARY, 0, EHLO_BINARYMIME | EHLO_CHUNKING, AS_IS,
     SAY_BINARYMIME, NULL},
    {PLAN_BODY_BINARY, 0, 0, CONVERT, NOTHING, NULL},
    {PLAN_BODY_LINES, 0, 0, CONVERT, NOTHING, NULL},
};

static const struct trait_name {
    unsigned trait;
    const char *name;
} trait_names[] = {
    {PLAN_ENVELOPE_UTF8, "an envelope address whose local part is not ASCII"},
    {PLAN_ADDRESS_UTF8, "a header address whose local part is not ASCII"},
    {PLAN_HEADER_8BIT, "other octets over 127 in a header"},
    {PLAN_HEADER_LINES, "NUL, bare CR, a line over 998 octets in a header"},
    {PLAN_BODY_8BIT, "octets over 127 in a body"},
    {PLAN_BODY_BINARY, "a part that is binary and says so"},
    {PLAN_BODY_LINES, "NUL, bare CR, a line over 998 octets in a body"},
};

static const struct {
    unsigned offer;
    const char *name;
} offer_names[] = {
    {EHLO_8BITMIME, "8BITMIME"},
    {EHLO_SMTPUTF8, "SMTPUTF8"},
    {EHLO_BINARYMIME, "BINARYMIME"},
    {EHLO_CHUNKING, "CHUNKING"},
};

static const char *const statement_names[] = {
    [NOTHING] = "",
    [SAY_SMTPUTF8] = "SMTPUTF8",
    [SAY_UTF8_HEADER] = "SMTPUTF8 BODY=8BITMIME",
    [SAY_8BITMIME] = "BODY=8BITMIME",
    [SAY_BINARYMIME] = "BODY=BINARYMIME",
};

static bool row_fits(const struct row *row, unsigned traits, unsigned offers)
{
    return (traits & row->trait) && (traits & row->with) == row->with &&
           (offers & row->offers) == row->offers;
}

static const char *trait_name(unsigned trait)
{
    size_t i = 0;

    while (trait_names[i].trait != trait)
        i++;
    return trait_names[i].name;
}

static bool refuse(const struct row *row, struct err *err)
{
    fail(err, ERR_UNAVAILABLE,
         "%s the message has %s, and the server does not offer SMTPUTF8",
         row->status, trait_name(row->trait));
    return err_hint(err, "use another server, or an address in ASCII");
}

/* Who offers SMTPUTF8 has to offer 8BITMIME (RFC 6531, 3.1), but may not. */
static void say_8bitmime(struct plan *plan)
{
    if (plan->parameters.body == BODY_UNSTATED && plan->rules.takes_8bit)
        plan->parameters.body = BODY_8BITMIME;
}

static bool take(const struct row *row, struct plan *plan, struct err *err)
{
    struct mail_parameters *parameters = &plan->parameters;

    if (row->action == REFUSE)
        return refuse(row, err);
    plan->converts |= row->action == CONVERT;
    if (row->statement == SAY_SMTPUTF8 || row->statement == SAY_UTF8_HEADER)
        parameters->smtputf8 = plan->rules.takes_utf8 = true;
    if (row->statement == SAY_8BITMIME || row->statement == SAY_UTF8_HEADER)
        say_8bitmime(plan);
    if (row->statement == SAY_BINARYMIME) {
        parameters->body = BODY_BINARYMIME;
        plan->rules.takes_binary = plan->bdat = true;
    }
    return true;
}

bool plan_make(unsigned traits, unsigned offers, struct plan *plan,
               struct err *err)
{
    unsigned done = 0;

    *plan = (struct plan){.rules.takes_8bit = offers & EHLO_8BITMIME};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if ((done & rows[i].trait) || !row_fits(&rows[i], traits, offers))
            continue;
        done |= rows[i].trait;
        if (!take(&rows[i], plan, err))
            return false;
    }
    return true;
}

bool plan_size(struct plan *plan, uint64_t size, const struct ehlo *ehlo,
               struct err *err)
{
    plan->parameters.state_size = ehlo->has & EHLO_SIZE;
    plan->parameters.size = size;
    if (!(ehlo->has & EHLO_SIZE) || ehlo->size == 0 || size <= ehlo->size)
        return true;
    return fail(err, ERR_UNAVAILABLE,
                "5.3.4 the message has %" PRIu64
                " octets, and the server takes %" PRIu64 " at most",
                size, ehlo->size);
}

/* A part that says that it is binary, and in which that matters. */
static bool is_binary(const struct part *part)
{
    return part->kind == PART_LEAF && part->encoding == MIME_BINARY &&
           part->body_traits != 0;
}

static unsigned part_traits(const struct part *part)
{
    return (unsigned)part->body_traits | part->epilogue_traits |
           part->delimiter_traits;
}

unsigned plan_traits(const struct survey *survey, struct span header,
                     bool envelope_utf8)
{
    unsigned traits = 0;

    if (envelope_utf8)
        traits |= PLAN_ENVELOPE_UTF8;
    if (header_wants_utf8(header))
        traits |= PLAN_ADDRESS_UTF8;
    if (survey->header_traits & TRAIT_8BIT)
        traits |= PLAN_HEADER_8BIT;
    if (survey->header_traits & TRAITS_BINARY)
        traits |= PLAN_HEADER_LINES;
    if (survey->body_traits & TRAIT_8BIT)
        traits |= PLAN_BODY_8BIT;
    for (uint32_t i = 0; i < survey->count; i++)
        if (is_binary(&survey->parts[i]))
            traits |= PLAN_BODY_BINARY;
        else if (part_traits(&survey->parts[i]) & TRAITS_BINARY)
            traits |= PLAN_BODY_LINES;
    return traits;
}

static void print_offers(const struct row *row, struct buf *out)
{
    unsigned offers = row->offers;
    bool first = row == rows || row[-1].trait != row->trait;

    if (!offers)
        buf_add(out, first ? S("anything") : S("anything else"));
    for (size_t i = 0; i < sizeof offer_names / sizeof *offer_names; i++) {
        if (!(offers & offer_names[i].offer))
            continue;
        offers &= ~offer_names[i].offer;
        buf_printf(out, "%s%s", offer_names[i].name, offers ? " and " : "");
    }
}

static void print_row(const struct row *row, struct buf *out)
{
    buf_printf(out, "| %s", trait_name(row->trait));
    if (row->with)
        buf_printf(out, ", with %s", trait_name(row->with));
    buf_add(out, S(" | "));
    print_offers(row, out);
    if (row->action == REFUSE)
        buf_printf(out, " | refused: %s", row->status);
    else
        buf_add(out, row->action == AS_IS ? S(" | as it is")
                                          : S(" | converted"));
    buf_printf(out, " | %s |\n", statement_names[row->statement]);
}

void plan_print(struct buf *out)
{
    buf_add(out, S("| the message has | the server offers | it goes | MAIL"
                   " says |\n|---|---|---|---|\n"));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        print_row(&rows[i], out);
}
