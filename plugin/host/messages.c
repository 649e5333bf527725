#include "messages.h"

#include <string.h>

#include "posix_io.h"

static const struct {
    const char *ja, *en;
} texts[TEXT_COUNT] = {
#define HOST_TEXT(id, ja, en) {ja, en},
#include "messages.def"
#undef HOST_TEXT
};

void message_fill(char out[SENTENCE_MAX], host_text id, bool english, const char *a, const char *b)
{
    const char *p = english ? texts[id].en : texts[id].ja;
    const char *word[2];
    size_t at = 0, next = 0;
    word[0] = a ? a : "";
    word[1] = b ? b : "";
    while (*p && at + 1 < SENTENCE_MAX) {
        if (p[0] == '{' && p[1] == '}') {
            /* a quarter at most, so that the sentence itself always fits */
            at += posix_shown_name(out + at, SENTENCE_MAX / 4, next < 2 ? word[next] : "");
            next++;
            p += 2;
        } else {
            out[at++] = *p++;
        }
    }
    out[at] = '\0';
}

static const char help_ja[] =
    "使い方: fusho apply  [オプション] 入力 -o 出力     書き換えて点検し、報告する\n"
    "        fusho check  [オプション] 入力...          点検だけ（何も書かない）\n"
    "        fusho undo   ジャーナル -o 復元先          元のファイルに戻す\n"
    "        fusho explain [コード]                     指摘の意味、対処、根拠\n"
    "オプション:\n"
    "  --evidence パス         証拠のファイルまたはフォルダー（何度でも指定できる）\n"
    "  -o, --output ファイル   出力先。- は標準出力    --force  上書きを許す\n"
    "  --insurer-number 番号   77777777（既定）か 77777779\n"
    "  --bango-width 幅        番号の7の幅: auto half full\n"
    "  --former-with-kohi 扱い 旧資格で振替できないとき: former fusho hold\n"
    "  --format 形式           text json junit sarif（既定は text）\n"
    "  --report ファイル       HTML の報告書\n"
    "  --journal ファイル      既定は出力に .fusho を付けた名前\n"
    "  --today 年-月-日        期限の計算に使う日      --dry-run  出力を作らない\n"
    "  --progress いつ         auto always never       --verbose  詳しく\n"
    "  --jobs 数  1から64      --lang ja|en   --plugin ファイル   --version   --help\n"
    "例:\n"
    "  fusho apply --evidence 証拠 RECEIPTC.UKE -o 送信/RECEIPTC.UKE\n"
    "  fusho undo 送信/RECEIPTC.UKE.fusho -o 復元.UKE\n"
    "終了状態: 0 完了   1 完了、人の対応が要る指摘あり   2 使い方の誤り\n"
    "          3 入力か証拠を処理できない   4 出力できない   5 プラグインの障害\n";

static const char help_en[] =
    "usage: fusho apply  [options] INPUT -o OUTPUT      rewrite, check, report\n"
    "       fusho check  [options] INPUT...             check only, writes nothing\n"
    "       fusho undo   JOURNAL -o RESTORED            the original, bit by bit\n"
    "       fusho explain [CODE]                        what a finding means\n"
    "options:\n"
    "  --evidence PATH         a file or folder; repeatable\n"
    "  -o, --output FILE       - is standard output       --force  overwrite\n"
    "  --insurer-number N      77777777 (default) or 77777779\n"
    "  --bango-width W         width of the sevens: auto half full\n"
    "  --former-with-kohi H    former insurance not transferable: former fusho hold\n"
    "  --format F              text (default) json junit sarif\n"
    "  --report FILE           HTML report\n"
    "  --journal FILE          default OUTPUT.fusho\n"
    "  --today YYYY-MM-DD      day used for deadlines     --dry-run  write no output\n"
    "  --progress WHEN         auto always never          --verbose  more detail\n"
    "  --jobs N   1 to 64      --lang ja|en   --plugin FILE   --version   --help\n"
    "examples:\n"
    "  fusho apply --evidence captures RECEIPTC.UKE -o out/RECEIPTC.UKE\n"
    "  fusho undo out/RECEIPTC.UKE.fusho -o restored.UKE\n"
    "exit status: 0 done   1 done, findings need a person   2 wrong usage\n"
    "             3 input or evidence unusable   4 output failed   5 plugin failed\n";

const char *message_help(bool english)
{
    return english ? help_en : help_ja;
}
