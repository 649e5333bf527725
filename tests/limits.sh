#!/bin/sh
# Every limit in the manual has a test that goes up to it and just beyond, named below; it exists
# and is built. TAP.
set -u
. "$(dirname "$0")/tap.sh"
LC_ALL=C
export LC_ALL
src=${SRCDIR:-.} build=${BUILDDIR:-.}
top=$(mktemp -d) || exit 99
trap 'rm -rf "$top"' EXIT
why=$top/why

# constant, file, test
cat >"$top/rows" <<'END'
CONFIG_BYTES_MAX cli.sh a limit of 64 KiB
EVIDENCE_DEPTH_MAX test_posix_store.c evidence_depth_is_limited
EVIDENCE_FILES_MAX test_posix_store.c evidence_files_are_limited_over_all_paths
FU_CAPTURES_MAX test_evidence.c captures_have_a_limit
FU_CAPTURE_ITEMS_MAX test_capture_csv.c lists_have_a_limit
FU_CAPTURE_ITEMS_MAX test_capture_xml.c lists_have_a_limit
FU_CAPTURE_ITEMS_MAX test_evidence.c joined_lists_have_a_limit
FU_CAPTURE_ITEMS_MAX test_oqs.c results_of_one_message_have_a_limit
FU_CLAIMS_MAX test_engine.c a_file_may_have_2000000_claims
FU_CLAIM_ARENA_MAX test_process.c the_memory_for_a_claim_has_a_limit
FU_CLAIM_BYTES_MAX test_reader.c a_claim_may_have_32_mib
FU_CLAIM_BYTES_MAX test_engine_claim.c a_claim_has_the_limit_of_a_files_claim
FU_CLAIM_RECORDS_MAX test_reader.c a_claim_may_have_50000_records
FU_COMMENT_RECORDS_MAX test_rewrite_comments.c more_records_than_the_limit_fail
FU_COMMENT_TEXT_RECORDS_MAX test_rewrite_comments.c a_text_beyond_its_records_is_cut_and_said_to_be
FU_CSV_FIELDS_MAX test_capture_csv.c fields_have_a_limit
FU_CSV_ROW_BYTES_MAX test_capture_csv.c rows_have_a_limit
FU_EDITS_MAX test_edit.c the_list_holds_4096_edits
FU_EVIDENCE_BYTES_MAX test_evidence.c bytes_of_all_files_have_a_limit
FU_EVIDENCE_FILES_MAX test_evidence.c files_have_a_limit
FU_EVIDENCE_FILE_BYTES_MAX test_evidence.c bytes_of_a_file_have_a_limit
FU_FIELDS_MAX test_claim.c a_record_may_have_2048_fields
FU_FILE_BYTES_MAX test_reader.c a_file_may_have_64_gib
FU_FILE_FINDINGS_MAX test_check_file.c findings_of_one_code_are_limited
FU_GZ_RATIO_MAX test_io.c ratio_just_below_and_above_the_limit
FU_JOBS_MAX test_options_engine.c wrong_values_are_named_with_what_is_wanted
FU_JOBS_MAX test_options_engine.c every_option_is_read
FU_JOURNAL_SECTION_MAX test_journal.c a_section_over_the_limit_is_neither_read_nor_written
FU_JSON_DEPTH_MAX test_json_read.c what_is_no_object_of_ours_is_refused
FU_JSON_DEPTH_MAX test_json_read.c members_of_the_outermost_object_come_in_their_order
FU_KOHI_MAX test_claim.c more_than_four_kohi_are_counted_and_not_kept
FU_LEDGER_BYTES_MAX test_ledger.c there_is_a_limit_on_journals_rows_bytes_and_namesakes
FU_LEDGER_JOURNALS_MAX test_ledger.c there_is_a_limit_on_journals_rows_bytes_and_namesakes
FU_LEDGER_ROWS_MAX test_ledger.c rows_go_up_to_the_limit
FU_MATCHES_MAX test_match.c more_than_can_be_shown_are_counted
FU_NAMESAKES_MAX test_evidence.c hidden_names_have_a_limit
FU_NAMESAKES_MAX test_ledger.c many_of_one_person_and_month_are_a_limit_too
FU_NOTED_MAX test_match.c claims_beyond_those_shown_are_counted
FU_OPTIONS_BYTES_MAX test_options_engine.c the_text_has_a_limit
FU_OWNED_MAX test_facts.c owned_comments_beyond_the_limit_are_not_kept
FU_RECORD_BYTES_MAX test_reader.c a_record_may_have_65536_bytes_with_its_line_end
FU_REPORT_BYTES_MAX test_report.c bytes_over_the_limit_are_counted_and_the_count_is_shown
FU_REPORT_ROWS_MAX test_report.c rows_over_the_limit_are_counted_and_the_count_is_shown
FU_TOKKI_MAX test_check_tokki.c t407_form_of_the_field
FU_WRONG_MAX test_evidence.c wrong_values_told_of_one_capture_have_a_limit
FU_XML_ATTRIBUTES_MAX test_xml.c attributes_have_a_limit
FU_XML_DEPTH_MAX test_xml.c depth_has_a_limit
FU_XML_MEMORY_MAX test_xml.c the_memory_for_a_file_has_a_limit
FU_XML_TEXT_MAX test_xml.c texts_have_a_limit
SPOOL_BYTES_MAX test_posix_store.c standard_input_may_have_4_gib
END
cut -d ' ' -f 1 "$top/rows" | sort -u >"$top/tested"
sed -n '/^\.SH 上限/,/^\.SH/p' "$src/docs/man/fusho.1" | grep '^\\fB' | sed 's/\\f[BR]/ /g' |
    grep -oE '[A-Z_]+_MAX' | sort -u >"$top/manual"
[ "$(wc -l <"$top/manual")" -gt 30 ] && diff "$top/manual" "$top/tested" >"$top/why"
ok $? "every limit of the manual has a test, and no other ($(wc -l <"$top/manual"))"

# What says F113 or E513 with its name must be in the manual.
sed -n 's/^FU_LIMIT(\([A-Z_]*\),.*/\1/p' "$src/core/base/limits.def" | sort >"$top/told"
grep -rhoE 'fu_fail_limit\([a-z>-]*, "[A-Z_]+"|limit_at\([a-z]*, [a-z]*, "[A-Z_]+"' "$src/core" |
    sed 's/.*"\(.*\)"/\1/' | sort -u >"$top/used"
comm -23 "$top/told" "$top/manual" >"$top/why"
# The largest page of our own tables: no input leads to it.
comm -23 "$top/used" "$top/told" | grep -vx FU_FORM_POLICY_MAX >>"$top/why"
[ -s "$top/used" ] && [ ! -s "$top/why" ]
ok $? "every limit that is told of is in limits.def and in the manual"

while read -r name file test; do
    case $file in
    *.sh) grep -qF "\"$test\"" "$src/tests/$file" ;;
    *)
        suite=${file#test_}
        suite=${suite%.c}
        grep -q "^Test(${suite}, ${test}[,)]" "$src/tests/$file" &&
            { [ ! -d "$build/tests" ] || grep -q "tests/${file%.c}\b" "$build/Makefile"; }
        ;;
    esac
    status=$?
    echo "$file: no test $test" >"$top/why"
    ok $status "$name: $file $test"
done <"$top/rows"
echo "1..$n"
