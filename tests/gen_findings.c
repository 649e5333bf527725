/* gen_findings: prints docs/findings.md, the table of findings in the Japanese manual, from
 * core/rules/findings.def. The test suite compares its output with the file in docs/. */
#include <stdio.h>

#include "rules/finding.h"

static const char *const SEVERITY[] = {"情報", "警告", "エラー"};

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

static void print_types(unsigned types)
{
    static const char *const TYPES[] = {"医科", "DPC", "歯科", "調剤", "訪問看護"};
    const char *between = "- 対象のレセプト：";
    if (types == FU_T_ALL)
        return;
    for (unsigned i = 0; i < sizeof TYPES / sizeof TYPES[0]; i++) {
        if (types & 1u << i) {
            printf("%s%s", between, TYPES[i]);
            between = "・";
        }
    }
    puts("");
}

static void print_month(int32_t month, const char *behind)
{
    if (month)
        printf("- 期間：%d年%d月診療分%s\n", (int)(month / 100), (int)(month % 100), behind);
}

static int print_row(int i)
{
    const fu_finding_row *row = &fu_finding_rows[i];
    fu_buf title;
    fu_status st;
    fu_buf_init(&title, &fu_mem_libc, 4096);
    st = fu_finding_title(&title, (fu_code)i, "ja");
    printf("\n### %s %s\n\n%s\n\n", row->code, SEVERITY[row->severity], fu_buf_cstr(&title));
    printf("- 理由：%s\n- 次にすること：%s\n", row->why_ja, row->hint_ja);
    print_types(row->types);
    print_month(row->from, "から");
    print_month(row->to, "まで");
    if (*row->payer)
        printf("- 審査支払機関のコード（二次資料による）：%s\n", row->payer);
    printf("- 出典：%s\n", row->source);
    fu_buf_free(&title);
    return st == FU_OK ? 0 : 1;
}

int main(void)
{
    char letter = '\0';
    int bad = 0;
    puts("# 指摘の一覧\n\n"
         "fusho が報告する指摘のすべてです。「…」には、レセプトや窓口記録の値が入ります。\n"
         "同じ内容は `fusho explain コード` でも表示できます。\n\n"
         "- エラー：このままでは請求できないか、返戻されるおそれが高いもの。"
         "書き換えを保留した理由もエラーです。\n"
         "- 警告：人が確かめる必要があるもの。\n"
         "- 情報：知っておくとよいこと。\n\n"
         "審査支払機関のコードは、公式の一覧ではなく二次資料によるものです。\n"
         "出典の「設計上の規則（出典なし）」は、通知などに定めがなく、fusho が定めた規則です。\n"
         "通知の原文は、保発0710第1号（2023-07-10）、事務連絡 2023-07-19、"
         "疑義解釈 2023-08-03（2023-09-15 一部改正）です。");
    for (int i = 0; i < FU_CODE_COUNT; i++) {
        if (fu_finding_rows[i].code[0] != letter) {
            letter = fu_finding_rows[i].code[0];
            printf("\n## %c %s\n", letter, chapter(letter));
        }
        bad |= print_row(i);
    }
    return bad | (fflush(stdout) != 0);
}
