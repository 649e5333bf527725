#include <criterion/criterion.h>

#include <stdint.h>

#include "fusho.h"

/* Every size and offset of the binary contract, written down as numbers for machines with 64-bit
 * pointers. A number here changes never; a new member adds a row and a new size at the end. */

TestSuite(abi);

#if UINTPTR_MAX == UINT64_MAX

#define SIZE(type, n) _Static_assert(sizeof(type) == (n), #type)
#define AT(type, member, n) _Static_assert(offsetof(type, member) == (n), #type "." #member)

SIZE(fusho_text, 16);
AT(fusho_text, p, 0);
AT(fusho_text, n, 8);

SIZE(fusho_bytes, 16);
AT(fusho_bytes, p, 0);
AT(fusho_bytes, n, 8);

SIZE(fusho_error, 1584);
AT(fusho_error, struct_size, 0);
AT(fusho_error, status, 4);
AT(fusho_error, line, 8);
AT(fusho_error, byte_offset, 16);
AT(fusho_error, field, 24);
AT(fusho_error, reserved0, 28);
AT(fusho_error, code, 32);
AT(fusho_error, file, 48);
AT(fusho_error, message_ja, 304);
AT(fusho_error, hint_ja, 816);
AT(fusho_error, message_en, 1328);

SIZE(fusho_stream, 40);
AT(fusho_stream, struct_size, 0);
AT(fusho_stream, reserved0, 4);
AT(fusho_stream, ctx, 8);
AT(fusho_stream, read, 16);
AT(fusho_stream, write, 24);
AT(fusho_stream, rewind, 32);

SIZE(fusho_host, 136);
AT(fusho_host, struct_size, 0);
AT(fusho_host, abi_major, 4);
AT(fusho_host, abi_minor, 6);
AT(fusho_host, ctx, 8);
AT(fusho_host, product, 16);
AT(fusho_host, threads, 32);
AT(fusho_host, reserved0, 36);
AT(fusho_host, mem, 40);
AT(fusho_host, log, 48);
AT(fusho_host, store_begin, 56);
AT(fusho_host, store_commit, 64);
AT(fusho_host, store_abort, 72);
AT(fusho_host, today, 80);
AT(fusho_host, progress, 88);
AT(fusho_host, cancelled, 96);
AT(fusho_host, reserved, 104);

SIZE(fusho_job, 184);
AT(fusho_job, struct_size, 0);
AT(fusho_job, verb, 4);
AT(fusho_job, input_name, 8);
AT(fusho_job, output_name, 24);
AT(fusho_job, journal_name, 40);
AT(fusho_job, input, 56);
AT(fusho_job, listing, 64);
AT(fusho_job, input_size, 72);
AT(fusho_job, more_files, 80);
AT(fusho_job, reserved1, 84);
AT(fusho_job, claims, 88);
AT(fusho_job, payers, 96);
AT(fusho_job, fusho, 104);
AT(fusho_job, kyushikaku, 112);
AT(fusho_job, current, 120);
AT(fusho_job, hold, 128);
AT(fusho_job, errors, 136);
AT(fusho_job, warnings, 144);
AT(fusho_job, exit_status, 152);
AT(fusho_job, reserved0, 156);
AT(fusho_job, from_name, 160);
AT(fusho_job, from, 176);

SIZE(fusho_claim_job, 104);
AT(fusho_claim_job, struct_size, 0);
AT(fusho_claim_job, reserved0, 4);
AT(fusho_claim_job, header, 8);
AT(fusho_claim_job, records, 24);
AT(fusho_claim_job, evidence, 40);
AT(fusho_claim_job, output, 56);
AT(fusho_claim_job, listing, 64);
AT(fusho_claim_job, route, 72);
AT(fusho_claim_job, edits, 76);
AT(fusho_claim_job, errors, 80);
AT(fusho_claim_job, warnings, 88);
AT(fusho_claim_job, exit_status, 96);
AT(fusho_claim_job, reserved1, 100);

SIZE(fusho_plugin, 120);
AT(fusho_plugin, struct_size, 0);
AT(fusho_plugin, abi_major, 4);
AT(fusho_plugin, abi_minor, 6);
AT(fusho_plugin, id, 8);
AT(fusho_plugin, version, 16);
AT(fusho_plugin, rules_edition, 24);
AT(fusho_plugin, name_ja, 32);
AT(fusho_plugin, open, 40);
AT(fusho_plugin, add_evidence, 48);
AT(fusho_plugin, run, 56);
AT(fusho_plugin, claim, 64);
AT(fusho_plugin, explain, 72);
AT(fusho_plugin, close, 80);
AT(fusho_plugin, reserved, 88);

#endif

/* ---- values ---- */

Test(abi, the_values_of_the_contract_never_change)
{
    static const struct {
        int32_t is, want;
    } rows[] = {
        {FUSHO_OK, 0},
        {FUSHO_FINDINGS, 1},
        {FUSHO_CANCELLED, 2},
        {FUSHO_E_INPUT, -20},
        {FUSHO_E_STORE, -30},
        {FUSHO_E_NOMEM, -40},
        {FUSHO_E_LIMIT, -50},
        {FUSHO_E_MISUSE, -60},
        {FUSHO_E_VERSION, -70},
        {FUSHO_E_FATAL, -99},
        {FUSHO_STORE_OUTPUT, 0},
        {FUSHO_STORE_JOURNAL, 1},
        {FUSHO_STORE_REPORT, 2},
        {FUSHO_STORE_ROLES, 3},
        {FUSHO_LOG_DEBUG, 0},
        {FUSHO_LOG_INFO, 1},
        {FUSHO_LOG_WARN, 2},
        {FUSHO_LOG_ERROR, 3},
        {FUSHO_APPLY, 1},
        {FUSHO_CHECK, 2},
        {FUSHO_UNDO, 3},
        {FUSHO_LEDGER, 4},
        {FUSHO_FORM, 5},
        {FUSHO_ROUTE_NONE, 0},
        {FUSHO_ROUTE_CURRENT, 1},
        {FUSHO_ROUTE_KYUSHIKAKU, 2},
        {FUSHO_ROUTE_FUSHO, 3},
        {FUSHO_ROUTE_HOLD, 4},
        {FUSHO_ABI_MAJOR, 1},
        {FUSHO_ABI_MINOR, 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        cr_expect_eq(rows[i].is, rows[i].want, "row %zu: %d", i, rows[i].is);
}

/* What a member needs to count as there. */
Test(abi, has_looks_at_the_size_and_the_pointer)
{
    fusho_host h = {0};
    h.struct_size = (uint32_t)sizeof h;
    cr_expect_not(FUSHO_HAS(fusho_host, &h, today));
    h.today = (int32_t(FUSHO_CALL *)(void *))1;
    cr_expect(FUSHO_HAS(fusho_host, &h, today));
    h.struct_size = 87; /* one byte short of it */
    cr_expect_not(FUSHO_HAS(fusho_host, &h, today));
}

Test(abi, an_error_starts_empty)
{
    fusho_error e = FUSHO_ERROR_INIT;
    cr_expect_eq(e.struct_size, sizeof e);
    cr_expect_eq(e.status, 0);
    cr_expect_str_eq(e.code, "");
    cr_expect_str_eq(e.file, "");
    cr_expect_str_eq(e.message_ja, "");
    cr_expect_str_eq(e.hint_ja, "");
    cr_expect_str_eq(e.message_en, "");
}
