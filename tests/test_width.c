#include <criterion/criterion.h>

#include "support.h"
#include "text/width.h"

typedef fu_status fold_fn(fu_buf *, fu_span);

typedef struct row {
    const char *from, *to;
} row;

static void expect_all(fold_fn *f, const row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        fu_buf b;
        fu_buf_init(&b, &fu_mem_libc, 4096);
        cr_expect(f(&b, fu_span_str(rows[i].from)) == FU_OK, "row %zu", i);
        cr_expect_str_eq(fu_buf_cstr(&b), rows[i].to, "row %zu: %s", i, fu_buf_cstr(&b));
        fu_buf_free(&b);
    }
}
#define EXPECT_ALL(f, rows) expect_all(f, rows, sizeof rows / sizeof rows[0])

Test(width, widen)
{
    static const row rows[] = {
        {"", ""},
        {"!~ 09AZaz\\", "！～　０９ＡＺａｚ＼"},
        {"｡｢｣､･ｦｧｨｩｪｫｬｭｮｯｰ", "。「」、・ヲァィゥェォャュョッー"},
        {"ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿ", "アイウエオカキクケコサシスセソ"},
        {"ﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎ", "タチツテトナニヌネノハヒフヘホ"},
        {"ﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜﾝﾞﾟ", "マミムメモヤユヨラリルレロワン゛゜"},
        {"ｶﾞｷﾞｸﾞｹﾞｺﾞｻﾞｼﾞｽﾞｾﾞｿﾞ", "ガギグゲゴザジズゼゾ"},
        {"ﾀﾞﾁﾞﾂﾞﾃﾞﾄﾞﾊﾞﾋﾞﾌﾞﾍﾞﾎﾞ", "ダヂヅデドバビブベボ"},
        {"ﾊﾟﾋﾟﾌﾟﾍﾟﾎﾟｳﾞ", "パピプペポヴ"},
        {"ｱﾞﾅﾞｶﾟｯﾞﾜﾞｦﾞﾏﾟ", "ア゛ナ゛カ゜ッ゛ワ゛ヲ゛マ゜"},
        {"カﾞﾞ", "カ゛゛"},
        {"\u00A5\u203E", "￥￣"},
        {"テスト　汎用１", "テスト　汎用１"},
        {"\xFF"
         "a",
         "�ａ"},
    };
    EXPECT_ALL(fu_widen, rows);
}

Test(width, narrow)
{
    static const row rows[] = {{"", ""},
                               {"！～　０９ＡＺａｚ＼", "!~ 09AZaz\\"},
                               {"カナ・漢字ー。￥", "カナ・漢字ー。￥"},
                               {"ｱabc", "ｱabc"},
                               {"ａ\xE3", "a�"}};
    EXPECT_ALL(fu_narrow, rows);
}

Test(width, fold_width)
{
    static const row rows[] = {{"", ""},
                               {"６４４４０７１８", "64440718"},
                               {"　公立　－１２　", "公立 -12"},
                               {" \t00697 ", "00697"},
                               {"　 ", ""},
                               {"１−２〜３", "1-2~3"},
                               {"ﾃｽﾄﾊﾞﾝ", "テストバン"},
                               {"ヲオォー", "ヲオォー"}};
    EXPECT_ALL(fu_fold_width, rows);
}

Test(width, fold_name)
{
    static const row rows[] = {
        {"", ""},
        {"　 ", ""},
        {"テスト　汎用", "テスト汎用"},
        {"ﾃｽﾄ ﾊﾝﾖｳ", "テストハンヨー"},
        {"オオタ", "オータ"},
        {"オウタ", "オータ"},
        {"オータ", "オータ"},
        {"オ－タ", "オータ"},
        {"オ‐タ", "オータ"},
        {"ｵｰﾀ", "オータ"},
        {"オノ", "オノ"},
        {"カア", "カー"},
        {"シイ", "シー"},
        {"スウ", "スー"},
        {"ケイコ", "ケーコ"},
        {"ケエコ", "ケーコ"},
        {"エイイチ", "エーーチ"},
        {"カイ", "カイ"},
        {"イウ", "イウ"},
        {"ウオ", "ウオ"},
        {"ンア", "ンア"},
        {"シュンイチ", "シユンイチ"},
        {"リョウ", "リヨー"},
        {"リヨウ", "リヨー"},
        {"イッセイ", "イツセー"},
        {"ァィゥェォャュョヮッヵヶ", "アイウエオヤユヨワツカケ"},
        {"おおた　ゆうじょ", "おーたゆーじよ"},
        {"ぁっゃゅょゎ", "あつやゆよわ"},
        {"Ａｎｎｅ−Ｍａｒｉｅ", "AnneーMarie"},
        {"山田〜", "山田~"},
        {"山田～", "山田~"},
        {"●田", "●田"},
    };
    EXPECT_ALL(fu_fold_name, rows);
}

Test(width, fold_name_twice_is_fold_name_once)
{
    static const char *const rows[] = {"ｵｵｳﾁ ｹｲｲﾁﾛｳ", "トオヤマ　ヨウコ", "Ｊｏｈｎ－Ｐａｕｌ",
                                       "●井"};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        fu_buf b, c;
        fu_buf_init(&b, &fu_mem_libc, 4096);
        fu_buf_init(&c, &fu_mem_libc, 4096);
        fu_fold_name(&b, fu_span_str(rows[i]));
        fu_fold_name(&c, fu_buf_view(&b));
        cr_expect(fu_span_eq(fu_buf_view(&b), fu_buf_view(&c)), "row %zu", i);
        fu_buf_free(&b);
        fu_buf_free(&c);
    }
}

Test(width, name_match)
{
    static const struct {
        const char *a, *b;
        bool yes;
    } rows[] = {
        {"テスト　汎用", "テスト汎用", true},
        {"テスト　汎用", "テスト　汎月", false},
        {"ﾃｽﾄ ﾊﾝﾖｳ", "テストハンヨウ", true},
        {"オオノ", "オノ", false},
        {"コウノ", "コオノ", true},
        {"コウノ", "コノ", false},
        {"●田　花子", "髙田花子", true},
        {"髙田花子", "●田　花子", true},
        {"●●花子", "髙田花子", true},
        {"●花子", "髙田花子", false},
        {"●", "𠮷", true},
        {"●", "●", true},
        {"●", "", false},
        {"●オタ", "オオタ", true},
        {"●ウタ", "オーアタ", false},
        {"●ウオノ", "オウオノ", true},
        {"●カタ", "オオタ", false},
        {"オオタ", "●オタ", true},
        {"タ●オ", "タカオ", true},
        {"オオタ", "オオタロ", false},
        {"", "", false},
        {"　", " ", false},
        {"", "ア", false},
        {"ア", "", false},
        {"マツナガ", "マツナカ", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        cr_expect(fu_name_match(fu_span_str(rows[i].a), fu_span_str(rows[i].b)) == rows[i].yes,
                  "row %zu: %s %s", i, rows[i].a, rows[i].b);
        cr_expect(fu_name_match(fu_span_str(rows[i].b), fu_span_str(rows[i].a)) == rows[i].yes,
                  "row %zu, other way round", i);
    }
}

Test(width, names_beyond_256_bytes_never_match)
{
    char text[257];
    memset(text, 'a', sizeof text);
    cr_expect(fu_name_match(fu_span_of(text, 256), fu_span_of(text, 256)));
    cr_expect(!fu_name_match(fu_span_of(text, 257), fu_span_of(text, 257)));
    cr_expect(!fu_name_match(fu_span_of(text, 256), fu_span_of(text, 257)));
}

Test(width, width_match)
{
    static const struct {
        const char *a, *b;
        bool yes;
    } rows[] = {
        {"00697", "　００６９７ ", true},
        {"00697", "0697", false},
        {"", "", true},
        {"", "　", true},
        {"", "0", false},
        {"公立－１", "公立−1", true},
        {"ﾃﾞ", "デ", true},
        {"ヨウ", "ヨー", false},
        {"1 2", "12", false},
        {"12", "123", false},
        {"●", "1", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        cr_expect(fu_width_match(fu_span_str(rows[i].a), fu_span_str(rows[i].b)) == rows[i].yes,
                  "row %zu", i);
        cr_expect(fu_width_match(fu_span_str(rows[i].b), fu_span_str(rows[i].a)) == rows[i].yes,
                  "row %zu, other way round", i);
    }
}

Test(width, full_width_means_digits_and_letters)
{
    static const char *const yes[] = {"０", "９", "abＺ", "ａ", "ｚ1"};
    static const char *const no[] = {"", "0aZ", "漢字", "カナ", "－", "　", "ｱ", "\xEF\xBC"};
    for (size_t i = 0; i < sizeof yes / sizeof yes[0]; i++)
        cr_expect(fu_has_full_width(fu_span_str(yes[i])), "row %zu", i);
    for (size_t i = 0; i < sizeof no / sizeof no[0]; i++)
        cr_expect(!fu_has_full_width(fu_span_str(no[i])), "row %zu", i);
}

Test(width, length_counts_characters)
{
    cr_expect(fu_text_length(fu_span_str("")) == 0);
    cr_expect(fu_text_length(fu_span_str("不詳ab𠮷")) == 5);
    cr_expect(fu_text_length(fu_span_str("ｶﾞ")) == 2);
}

Test(width, folding_survives_failure_of_every_allocation)
{
    char text[2000];
    long n = 0;
    memset(text, 'a', sizeof text);
    for (;; n++) {
        tst_mem m = {0, n, 0, 0};
        fu_mem mem = tst_mem_of(&m);
        fu_span s = fu_span_of(text, sizeof text);
        fu_buf b;
        fu_status st;
        fu_buf_init(&b, &mem, 20000);
        fu_widen(&b, s);
        fu_narrow(&b, s);
        fu_fold_width(&b, s);
        st = fu_fold_name(&b, s);
        fu_buf_free(&b);
        cr_expect(m.live == 0, "call %ld", n);
        if (st == FU_OK)
            break;
        cr_expect(st == FU_E_NOMEM, "call %ld", n);
    }
    cr_expect(n > 3);
}
