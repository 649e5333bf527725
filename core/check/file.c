#include "check/file.h"

#define ID(a, b) FU_ID((a), (b))

void fu_file_start(fu_file_check *k, fu_findings *out)
{
    memset(k, 0, sizeof *k);
    k->out = out;
    k->from = out->n;
}

/* A finding on the file; NULL when enough of that code were told. */
static fu_finding *tell(fu_file_check *k, fu_code code, uint64_t line)
{
    fu_finding *f;
    if (k->told[code]++ >= FU_FILE_FINDINGS_MAX)
        return NULL;
    f = fu_findings_add(k->out, code);
    f->line = line;
    return f;
}

static void tell_item(fu_file_check *k, fu_code code, uint64_t line, const char *item)
{
    fu_finding *f = tell(k, code, line);
    if (f)
        f->item = item;
}

static void incomplete(fu_file_check *k, uint64_t line, const char *item)
{
    k->incomplete = true;
    if (k->told[FU_F110] == 0)
        tell_item(k, FU_F110, line, item);
}

static void refuse(fu_file_check *k, fu_code code, uint64_t line, const char *item)
{
    if (k->refused)
        return;
    k->out->n = k->from; /* what was found in a file of another kind means nothing */
    tell_item(k, code, line, item);
    k->refused = true;
}

/* ---- kind of file ---- */

static const char *other_kind(fu_span s)
{
    if (s.n >= 4 && memcmp(s.p, "PK\x03\x04", 4) == 0)
        return "ZIP";
    if (s.n >= 3 && memcmp(s.p, "\xEF\xBB\xBF", 3) == 0)
        return "UTF-8の文字データ";
    if (s.n >= 2 && (memcmp(s.p, "\xFF\xFE", 2) == 0 || memcmp(s.p, "\xFE\xFF", 2) == 0))
        return "UTF-16の文字データ";
    return NULL;
}

/* Only what could be a record's name is shown: the error goes to stderr, and the file may be
 * anything. */
static bool is_graphic(unsigned char c)
{
    return c > ' ' && c < 0x7F;
}

static void check_first(fu_file_check *k, const fu_seen *b)
{
    const fu_line *l = &b->first;
    const char *kind = other_kind(b->bytes);
    fu_finding *f;
    k->started = true;
    if (kind) {
        refuse(k, FU_F111, l->line, kind);
    } else if (l->history) {
        refuse(k, FU_F111, l->line, "レセ電コード情報ファイル");
    } else if (b->kind != FU_B_HEADER) {
        k->refused = true;
        f = tell(k, FU_F101, l->line);
        if (f && l->len >= 2 && is_graphic(b->bytes.p[0]) && is_graphic(b->bytes.p[1]))
            f->found = fu_field_text(k->out->arena, fu_span_of(b->bytes.p, 2));
    }
}

/* Text saved as UTF-8 by some other program: every byte fits UTF-8 and something is not ASCII.
 * CP932 text of more than a few characters never does. */
void fu_utf8_look(fu_utf8_watch *w, fu_span s)
{
    for (size_t i = 0; i < s.n && !w->broken; i++) {
        unsigned char c;
        if (w->need == 0 && (i += fu_span_ascii(fu_span_of(s.p + i, s.n - i))) == s.n)
            break;
        c = s.p[i];
        if (w->need > 0) {
            w->broken = (c & 0xC0) != 0x80;
            w->need--;
        } else if (c >= 0x80) {
            w->seen = true;
            w->need = c >= 0xF0 && c <= 0xF4 ? 3 : c >= 0xE0 ? 2 : 1;
            w->broken = c < 0xC2 || c > 0xF4;
        }
    }
}

/* A line end inside a character breaks it: what begins with a line needs nothing from before. */
void fu_file_text(fu_file_check *k, const fu_utf8_watch *w)
{
    k->utf8.seen |= w->seen;
    k->utf8.broken |= w->broken;
    k->utf8.need = w->need;
}

/* ---- parts ---- */

static void take_header(fu_file_check *k, const fu_seen *b)
{
    fu_header h;
    fu_header_read(&h, b->first.id, fu_span_of(b->bytes.p, b->first.len));
    if (!k->header_seen) {
        k->header = h;
        k->header_seen = true;
    } else if (!(k->header.type == FU_DEN && h.id == ID('I', 'R'))) {
        /* 歯科 repeats IR before every claim; anywhere else a second header is a second file. */
        incomplete(k, b->first.line, "途中に別のファイルの先頭のレコードがある");
    }
}

static void check_number(fu_file_check *k, const fu_seen *b)
{
    uint64_t v;
    fu_finding *f;
    if (b->soukatsu >= 2 || k->header.returned || !fu_span_number(b->number, &v))
        return;
    if (k->number_seen && v <= k->last_number && (f = tell(k, FU_F109, b->first.line)) != NULL) {
        f->claim = k->claims;
        f->field = 2;
        fu_id_text(b->first.id, f->record);
        f->found = fu_field_text(k->out->arena, b->number);
    }
    k->number_seen = true;
    k->last_number = v;
}

static void take_claim(fu_file_check *k, const fu_seen *b)
{
    k->claims++;
    k->payers += b->payers;
    k->points += b->points;
    if (b->soukatsu >= 2) {
        k->part_payers += b->payers;
        k->part_points += b->points;
    }
    check_number(k, b);
}

static fu_span trailer_field(const fu_seen *b, unsigned n)
{
    return fu_record_field(fu_span_of(b->bytes.p, b->first.len), n);
}

/* Zeros stand in files that the payer's side has split; an empty total is none. */
static void check_total(fu_file_check *k, size_t i, const char *item, uint64_t all, uint64_t parts)
{
    uint64_t v;
    fu_span text = k->totals[i];
    bool readable = fu_span_number(text, &v);
    fu_finding *f;
    if (text.n == 0 || (readable && (v == 0 || v == all || v == all - parts || v == k->so_far[i])))
        return;
    f = tell(k, FU_F105, k->trailer_line);
    if (!f)
        return;
    fu_id_text(k->trailer_id, f->record);
    f->field = (uint32_t)i + 2;
    f->item = item;
    f->found = fu_field_text(k->out->arena, text);
    f->want = fu_findings_number(k->out, all - parts);
}

/* Judged at the end: claims may stand behind the trailer of a file that is out of order. */
static void keep_total(fu_file_check *k, size_t i, fu_span value, uint64_t so_far)
{
    k->totals[i].p = (const unsigned char *)fu_arena_text(k->out->arena, value);
    k->totals[i].n = k->totals[i].p ? value.n : 0;
    k->so_far[i] = so_far;
}

static void take_trailer(fu_file_check *k, const fu_seen *b)
{
    const fu_line *l = &b->first;
    fu_span volume = trailer_field(b, 4);
    bool known = k->header.type != FU_TYPE_UNKNOWN;
    bool totals = known && fu_layouts[k->header.type].go_totals;
    if (k->trailer_seen) {
        incomplete(k, l->line, "合計のレコード（GO）が2つある");
        k->totals[0].n = k->totals[1].n = 0; /* of which claims, nobody can say */
        return;
    }
    k->trailer_seen = true;
    if (!totals)
        return;
    if (k->header.volume == 0 && l->id == ID('G', 'O') && !fu_span_is(volume, "99"))
        incomplete(k, l->line, "マルチボリューム識別情報が、先頭では00、GO では99になっていない");
    if (k->header.volume > 0)
        return; /* the totals are those of all volumes */
    k->trailer_line = l->line;
    k->trailer_id = l->id;
    keep_total(k, 0, trailer_field(b, 2), k->payers);
    keep_total(k, 1, trailer_field(b, 3), k->points);
}

/* Bytes and, where the layout is known, fields of a record outside of claims. The order of fields
 * of a returned file's header is not known well enough. */
static void check_outside(fu_file_check *k, const fu_seen *b)
{
    const fu_line *l = &b->first;
    fu_span record = fu_span_of(b->bytes.p, l->len);
    const fu_layout *layout =
        k->header.type == FU_TYPE_UNKNOWN ? NULL : &fu_layouts[k->header.type];
    size_t before = k->out->n;
    if (k->told_of_records >= FU_FILE_FINDINGS_MAX)
        return;
    fu_check_bytes(k->out, 0, l->line, l->id, record, b->offset);
    if (b->kind != FU_B_ORPHAN && !k->header.returned && layout && fu_layout_record(layout, l->id))
        fu_check_fields(k->out, layout, l->line, l->id, record);
    k->told_of_records += k->out->n - before;
}

static void take_orphan(fu_file_check *k, const fu_seen *b)
{
    const fu_line *l = &b->first;
    const fu_layout *layout =
        &fu_layouts[k->header.type == FU_TYPE_UNKNOWN ? FU_MED : k->header.type];
    fu_finding *f;
    bool known = l->history || fu_layout_record(layout, l->id) ||
                 fu_layout_record(&fu_layouts[FU_DPC], l->id);
    check_outside(k, b);
    f = tell(k, known ? FU_F106 : FU_F107, l->line);
    if (!f)
        return;
    if (l->id)
        fu_id_text(l->id, f->record);
    f->found = fu_field_text(k->out->arena, fu_span_of(b->bytes.p, l->id        ? 2
                                                                   : l->len < 2 ? l->len
                                                                                : 2));
    f->item = "レセプト（RE）の外にあるレコード";
}

/* ---- blocks ---- */

static void first_of(uint64_t *line, bool is, const fu_line *l)
{
    if (is && *line == 0)
        *line = l->line;
}

static bool is_rousai(uint16_t id)
{
    return id == ID('R', 'R') || id == ID('R', 'S');
}

/* Most lines have a name and CR LF, and then there is nothing to be seen. */
static void see_lines(fu_seen *out, const fu_block *b)
{
    for (size_t i = 0; i < b->n_lines; i++) {
        const fu_line *l = &b->lines[i];
        if (l->eol == 2 && l->id && !is_rousai(l->id))
            continue;
        out->lf_lines += l->eol == 1;
        first_of(&out->first_lf_line, l->eol == 1, l);
        first_of(&out->rousai_line, !l->history && is_rousai(l->id), l);
        if (b->kind == FU_B_EOF)
            continue;
        first_of(&out->mark_line, l->len > 0 && b->bytes.p[l->off] == 0x1A, l);
        first_of(&out->open_line, l->eol == 0, l);
    }
}

void fu_file_see(fu_seen *out, const fu_block *b, const fu_claim *c)
{
    memset(out, 0, sizeof *out);
    out->kind = b->kind;
    out->bytes = b->bytes;
    out->offset = b->offset;
    out->first = b->lines[0];
    out->lines = b->n_lines;
    see_lines(out, b);
    if (!c)
        return;
    out->payers = c->n_ho + c->n_ko;
    out->points = fu_claim_points(c);
    out->number = fu_field(c->re, 2);
    out->soukatsu = c->soukatsu;
}

static void behind_mark(fu_file_check *k, uint64_t line)
{
    incomplete(k, line, "終わりの印（0x1A）の後にデータがある");
}

/* In the order of lines; of each kind only the first says anything. */
static void watch_lines(fu_file_check *k, const fu_seen *b)
{
    bool late = b->rousai_line && b->mark_line > b->rousai_line;
    k->lines += b->lines;
    if (k->lf_lines == 0)
        k->first_lf_line = b->first_lf_line;
    k->lf_lines += b->lf_lines;
    if (b->mark_line && !late)
        behind_mark(k, b->mark_line);
    if (b->rousai_line)
        refuse(k, FU_F111, b->rousai_line, "労災レセプト");
    if (late)
        behind_mark(k, b->mark_line);
    if (b->open_line)
        incomplete(k, b->open_line, "最後のレコードに改行がない");
}

/* False where there is nothing more to say of the block. */
static bool behind_trailer(fu_file_check *k, const fu_seen *b)
{
    /* 0x1A and something behind it is one record to the reader. */
    bool mark = b->bytes.p[0] == 0x1A;
    if (mark) {
        behind_mark(k, b->first.line);
        return false;
    }
    incomplete(k, b->first.line, "GOの後にレコードがある");
    if (k->told[FU_F106] == 0 && b->kind != FU_B_ORPHAN)
        tell_item(k, FU_F106, b->first.line, "GOの後のレコード");
    return true;
}

void fu_file_take(fu_file_check *k, const fu_seen *b)
{
    k->bytes += b->bytes.n;
    if (!k->started)
        check_first(k, b);
    if (k->refused)
        return;
    if (k->trailer_seen && b->kind != FU_B_EOF && b->kind != FU_B_BLANK && !behind_trailer(k, b))
        return;
    watch_lines(k, b);
    if (k->refused)
        return;
    switch (b->kind) {
    case FU_B_HEADER:
        take_header(k, b);
        break;
    case FU_B_CLAIM:
        take_claim(k, b);
        break;
    case FU_B_TRAILER:
        take_trailer(k, b);
        break;
    case FU_B_ORPHAN:
        take_orphan(k, b);
        break;
    case FU_B_BLANK:
        tell_item(k, FU_F103, b->first.line, "空の行がある");
        break;
    case FU_B_EOF:
        k->eof_mark = true;
        break;
    }
    if (b->kind == FU_B_HEADER || b->kind == FU_B_TRAILER)
        check_outside(k, b);
}

void fu_file_end(fu_file_check *k)
{
    k->ended = true;
    if (!k->started) {
        refuse(k, FU_F111, 0, "空のファイル");
        return;
    }
    if (!k->refused && k->utf8.seen && !k->utf8.broken && k->utf8.need == 0)
        refuse(k, FU_F111, 0, "UTF-8の文字データ");
    if (k->refused)
        return;
    if (!k->trailer_seen)
        incomplete(k, k->lines, "最後に合計のレコード（GO）がない");
    check_total(k, 0, "総件数", k->payers, k->part_payers);
    check_total(k, 1, "総合計点数", k->points, k->part_points);
    if (k->lf_lines)
        tell_item(k, FU_F103, k->first_lf_line, "改行の記録が決まり（CR LF）と異なる行がある");
    if (!k->eof_mark && !k->incomplete && !k->header.returned &&
        (k->header.type == FU_TYPE_UNKNOWN || fu_layouts[k->header.type].eof_mark))
        tell_item(k, FU_F103, k->lines, "末尾に終わりの印（0x1A）がない");
}
