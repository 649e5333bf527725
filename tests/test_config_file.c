#include <criterion/criterion.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/config_file.h"

/* Reads everything; the entries as "name=value;" behind each other. Returns what ended it. */
static int read_all(config *c, const char *bytes, size_t n, char entries[512])
{
    static char text[CONFIG_BYTES_MAX + 2];
    host_option id;
    const char *value;
    int r;
    memcpy(text, bytes, n);
    config_start(c, text, n, false);
    entries[0] = '\0';
    while ((r = config_next(c, &id, &value)) == 1)
        snprintf(entries + strlen(entries), 512 - strlen(entries), "%s=%s;", host_options[id].name,
                 value);
    return r;
}

Test(config_file, what_is_written_is_read)
{
    static const struct {
        const char *bytes, *entries;
    } rows[] = {
        {"", ""},
        {"\n\n", ""},
        {"\xef\xbb\xbf", ""},
        {"\xef\xbb\xbfmask", "mask=;"},
        {"format=json", "format=json;"},
        {"format=json\n", "format=json;"},
        {"format = json\r\n", "format=json;"},
        {"\t format\t=  json \t\r\nverbose\r\n", "format=json;verbose=;"},
        {"\xe3\x80\x80lang\xe3\x80\x80=\xe3\x80\x80"
         "en\xe3\x80\x80\n",
         "lang=en;"},
        {"# a comment\n  # another\njobs = 4 # four\n#\n", "jobs=4;"},
        {"verbose # 詳しく\n", "verbose=;"},
        {"verbose\xe3\x80\x80# 詳しく\n", "verbose=;"},
        {"evidence = 窓口/記録\nevidence=b\nledger = 送信\nledger = 前の年\n",
         "evidence=窓口/記録;evidence=b;ledger=送信;ledger=前の年;"},
        {"evidence = a#b\n", "evidence=a#b;"},
        {"evidence = a=b\n", "evidence=a=b;"},
        {"evidence = my records/a b.xml\n", "evidence=my records/a b.xml;"},
        {"insurer-number = 77777779\nbango-width = half\nformer-with-kohi = hold\nformat = csv\n"
         "lang = ja\njobs = 64\nprogress = never\ncolor = always\nverbose\nmask\n",
         "insurer-number=77777779;bango-width=half;former-with-kohi=hold;format=csv;lang=ja;jobs="
         "64;"
         "progress=never;color=always;verbose=;mask=;"},
    };
    size_t i;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        config c;
        char entries[512];
        cr_expect_eq(read_all(&c, rows[i].bytes, strlen(rows[i].bytes), entries), 0, "row %zu: %s",
                     i, c.complaint);
        cr_expect_str_eq(entries, rows[i].entries, "row %zu: %s", i, entries);
    }
}

Test(config_file, what_is_wrong_is_told_with_its_line)
{
    static const struct {
        const char *bytes;
        unsigned line;
        const char *sentence;
    } rows[] = {
        {"formt = json", 1, "「formt」という設定はありません。format のことですか。"},
        {"\n\n--format = json\n", 3, "「--format」という設定はありません。format のことですか。"},
        {"colour = auto", 1, "「colour」という設定はありません。color のことですか。"},
        {"xyzzy = json", 1,
         "「xyzzy」という設定はありません。使えるのは、オプションの名前から -- "
         "を除いたものです（例: "
         "insurer-number = 77777779）。"},
        {"山田太郎,1960-01-01", 1,
         "「…」という設定はありません。使えるのは、オプションの名前から -- を除いたものです（例: "
         "insurer-number = 77777779）。"},
        {"= json", 1,
         "「」という設定はありません。使えるのは、オプションの名前から -- を除いたものです（例: "
         "insurer-number = 77777779）。"},
        {"lang = ja\r\nplugin = /tmp/x.so\r\n", 2,
         "plugin "
         "は設定ファイルには書けません。この行を消して、コマンドのオプションとして指定してください"
         "。"},
        {"force", 1,
         "force "
         "は設定ファイルには書けません。この行を消して、コマンドのオプションとして指定してください"
         "。"},
        {"format", 1, "format に値がありません。「format = 値」の形で書いてください。"},
        {"format =\n", 1, "format に値がありません。「format = 値」の形で書いてください。"},
        {"format = # json\n", 1, "format に値がありません。「format = 値」の形で書いてください。"},
        {"mask = yes", 1, "mask に値は付けられません。名前だけを書いてください。"},
        {"mask =", 1, "mask に値は付けられません。名前だけを書いてください。"},
        {"format = jsno", 1,
         "format の値「jsno」は使えません。text、json、junit、sarif、csv、html "
         "のどれかにしてください。json のことですか。"},
        {"insurer-number = 01139914", 1,
         "insurer-number の値「01139914」は使えません。77777777、77777779 "
         "のどれかにしてください。"},
        {"lang = 日本語", 1, "lang の値「…」は使えません。ja、en のどれかにしてください。"},
        {"jobs = 65", 1, "jobs の値「65」は使えません。1 から 64 の整数にしてください。"},
        {"verbose\n\nverbose\n", 3, "verbose が二度書かれています。どちらか一つにしてください。"},
        {"lang = ja\nlang = ja\n", 2, "lang が二度書かれています。どちらか一つにしてください。"},
    };
    size_t i;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        config c;
        char entries[512];
        cr_expect_eq(read_all(&c, rows[i].bytes, strlen(rows[i].bytes), entries), 2, "row %zu", i);
        cr_expect_eq(c.line, rows[i].line, "row %zu: line %u", i, c.line);
        cr_expect_str_eq(c.complaint, rows[i].sentence, "row %zu: %s", i, c.complaint);
    }
}

Test(config_file, what_is_no_text_is_refused)
{
    static const struct {
        const char *bytes;
        size_t n;
        unsigned line;
    } rows[] = {
        {"# \x82\xa0\n", 5, 1},           /* CP932 */
        {"lang = ja\nmask\0\n", 16, 2},   /* NUL */
        {"\xff\xfel\0a\0n\0g\0", 10, 1},  /* UTF-16 */
        {"lang\rmask\r", 10, 1},          /* CR alone */
        {"lang = ja\n\x1b[31m\n", 16, 2}, /* escape */
        {"evidence = \xe2\x80\xae"
         "a\n",
         16, 1},                        /* direction override */
        {"evidence = \xe3\x81", 13, 1}, /* cut inside a character */
    };
    size_t i;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        config c;
        char entries[512];
        cr_expect_eq(read_all(&c, rows[i].bytes, rows[i].n, entries), 3, "row %zu", i);
        cr_expect_eq(c.line, rows[i].line, "row %zu: line %u", i, c.line);
        cr_expect_str_eq(c.complaint,
                         "設定ファイルとして読めない文字があります。文字コードを UTF-8 "
                         "にして保存し直してください。");
    }
}

Test(config_file, what_may_stand_in_a_file_is_what_names_no_single_run)
{
    static const char *const allowed[] = {
        "evidence",         "ledger", "insurer-number", "bango-width",
        "former-with-kohi", "format", "mask",           "verbose",
        "progress",         "color",  "lang",           "jobs"};
    size_t i, n = 0;
    for (i = 0; i < OPT_COUNT; i++)
        n += host_options[i].in_file != IN_FILE_NO;
    cr_expect_eq(n, sizeof allowed / sizeof allowed[0]);
    for (i = 0; i < sizeof allowed / sizeof allowed[0]; i++) {
        int id = table_option(allowed[i], strlen(allowed[i]));
        cr_assert_geq(id, 0, "%s", allowed[i]);
        cr_expect_neq(host_options[id].in_file, IN_FILE_NO, "%s", allowed[i]);
    }
}

/* Every line end and every byte of a good file changed: never more than a complaint. */
Test(config_file, any_bytes_end_in_an_answer)
{
    static const char good[] = "\xef\xbb\xbf# 設定\r\nformat = json\nevidence = 窓口\nmask # x\n";
    char bytes[sizeof good], entries[512];
    size_t i;
    unsigned b;
    for (i = 0; i < sizeof good - 1; i++) {
        for (b = 0; b < 256; b++) {
            config c;
            int r;
            memcpy(bytes, good, sizeof good);
            bytes[i] = (char)b;
            r = read_all(&c, bytes, sizeof good - 1, entries);
            cr_expect(r == 0 || ((r == 2 || r == 3) && c.complaint[0] && c.line > 0),
                      "byte %zu, %u", i, b);
        }
    }
}
