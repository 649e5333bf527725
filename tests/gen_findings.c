/* gen_findings: prints the list of findings in the Japanese manual from core/rules/findings.def, as
 * docs/findings.md or, with --man, as docs/man/fusho-findings.7. The test suite compares its output
 * with these files. */
#include <stdio.h>
#include <string.h>

#include "rules/finding.h"

static const char *const SEVERITY[] = {"情報", "警告", "エラー"};

/* How each of the two writes the same things. */
static const struct style {
    const char *before, *item, *chapter, *finding, *after_title, *point, *after;
} STYLES[] = {
    {"# 指摘の一覧\n\n"
     "fusho が報告する指摘のすべてです。「…」には、レセプトや窓口記録の値が入ります。\n"
     "同じ内容は `fusho explain コード` でも表示できます。\n\n",
     "- ", "\n## %c %s\n", "\n### %s %s\n\n", "\n\n", "- ", ""},
    {".\\\" Made by tests/gen_findings --man from core/rules/findings.def.\n"
     ".TH FUSHO-FINDINGS 7 2026-11-21 \"fusho @VERSION@\" \"fusho の説明書\"\n"
     ".SH 名前\nfusho-findings - 指摘の一覧\n"
     ".SH 説明\n"
     "fusho が報告する指摘のすべてです。\n「…」には、レセプトや窓口記録の値が入ります。\n"
     "同じ内容は \\fBfusho explain\\fR \\fIコード\\fR でも表示できます。\n",
     ".IP \\(bu 2\n", ".SH %c %s\n", ".TP\n\\fB%s\\fR %s\n", "\n.RS\n", ".IP \\(bu 2\n", ".RE\n"},
};

static const char *chapter(char letter)
{
    static const struct {
        char letter;
        const char *title;
    } CHAPTERS[] = {{'F', "ファイル"},     {'H', "保険者の記録"}, {'U', "不詳"},
                    {'K', "旧資格"},       {'T', "特記事項"},     {'E', "窓口記録"},
                    {'R', "人が行うこと"}, {'S', "保存"}};
    for (size_t i = 0; i < sizeof CHAPTERS / sizeof CHAPTERS[0]; i++) {
        if (CHAPTERS[i].letter == letter)
            return CHAPTERS[i].title;
    }
    return "?";
}

static void print_types(const struct style *s, unsigned types)
{
    static const char *const TYPES[] = {"医科", "DPC", "歯科", "調剤", "訪問看護"};
    const char *between = "対象のレセプト：";
    if (types == FU_T_ALL)
        return;
    fputs(s->point, stdout);
    for (unsigned i = 0; i < sizeof TYPES / sizeof TYPES[0]; i++) {
        if (types & 1u << i) {
            printf("%s%s", between, TYPES[i]);
            between = "・";
        }
    }
    puts("");
}

static void print_month(const struct style *s, int32_t month, const char *behind)
{
    if (month)
        printf("%s期間：%d年%d月診療分%s\n", s->point, (int)(month / 100), (int)(month % 100),
               behind);
}

static int print_row(const struct style *s, int i)
{
    const fu_finding_row *row = &fu_finding_rows[i];
    fu_buf title;
    fu_status st;
    fu_buf_init(&title, &fu_mem_libc, 4096);
    st = fu_finding_title(&title, (fu_code)i, "ja");
    printf(s->finding, row->code, SEVERITY[row->severity]);
    printf("%s%s", fu_buf_cstr(&title), s->after_title);
    printf("%s理由：%s\n%s次にすること：%s\n", s->point, row->why_ja, s->point, row->hint_ja);
    print_types(s, row->types);
    print_month(s, row->from, "から");
    print_month(s, row->to, "まで");
    if (*row->payer)
        printf("%s審査支払機関のコード（二次資料による）：%s\n", s->point, row->payer);
    printf("%s出典：%s\n%s", s->point, row->source, s->after);
    fu_buf_free(&title);
    return st == FU_OK ? 0 : 1;
}

static void print_start(const struct style *s, const char *paragraph)
{
    printf("%s%sエラー：このままでは請求できないか、返戻されるおそれが高いもの。"
           "書き換えを保留した理由もエラーです。\n"
           "%s警告：人が確かめる必要があるもの。\n"
           "%s情報：知っておくとよいこと。\n%s",
           s->before, s->item, s->item, s->item, paragraph);
    puts("審査支払機関のコードは、公式の一覧ではなく二次資料によるものです。\n"
         "出典の「設計上の規則（出典なし）」は、通知などに定めがなく、fusho が定めた規則です。\n"
         "通知の原文は、保発0710第1号（2023-07-10）、事務連絡 2023-07-19、"
         "疑義解釈 2023-08-03（2023-09-15 一部改正）です。");
}

int main(int argc, char **argv)
{
    int man = argc > 1 && strcmp(argv[1], "--man") == 0;
    const struct style *s = &STYLES[man];
    char letter = '\0';
    int bad = argc > 1 && !man;
    print_start(s, man ? ".PP\n" : "\n");
    for (int i = 0; i < FU_CODE_COUNT; i++) {
        if (fu_finding_rows[i].code[0] != letter) {
            letter = fu_finding_rows[i].code[0];
            printf(s->chapter, letter, chapter(letter));
        }
        bad |= print_row(s, i);
    }
    if (man)
        puts(".SH 関連項目\n\\fBfusho\\fR(1)");
    return bad | (fflush(stdout) != 0);
}
