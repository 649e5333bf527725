/* claim: one claim as typed views on byte ranges, and what its file's header says.
 *
 * Invariants
 *   - every field is a span of the claim's own bytes; a field that is not there is an empty span
 *   - a record's fields are its bytes cut at commas, so joining them gives the record again
 *   - only records whose fields the rules look at are cut beforehand; of the others fu_field and
 * fu_fields look at the bytes every time: the same answer, only slower
 *   - nothing is repaired or guessed: what cannot be read is 0 or empty
 */
#ifndef FU_UKE_CLAIM_H
#define FU_UKE_CLAIM_H
#include "base/arena.h"
#include "text/scan.h"
#include "uke/reader.h"

#define FU_KOHI_MAX 4u    /* 公費 of one claim */
#define FU_TOKKI_MAX 5u   /* codes in 特記事項 */

/* What the first record (and for 歯科 the IR before a claim) says. */
typedef struct fu_header {
    uint16_t id;        /* of the file's first record */
    fu_type type;       /* by 点数表; MED stands for 医科 and DPC */
    bool returned;      /* a 返戻 file */
    int payer;          /* 審査支払機関 1, 2; 0 = not readable */
    int32_t month;      /* 請求年月; 0 = not readable */
    int volume;         /* マルチボリューム: 0 = single, 1.. = that volume, -1 = not there */
    char institution[11]; /* 都道府県, 点数表, 医療機関コード: 10 digits; "" = not readable */
} fu_header;

/* Reads a header record; FU_TYPE_UNKNOWN where the 点数表 is none we know. HI and HH may have their
 * fields in either of two orders (uke-format.md 1.9). */
void fu_header_read(fu_header *h, uint16_t id, fu_span record);

typedef struct fu_rec {
    fu_span bytes;            /* without the line end */
    uint32_t off;             /* in the claim's bytes */
    uint32_t bit;             /* of the first byte, in what scanned it */
    uint8_t eol;
    bool history;
    uint16_t id;
    uint64_t line;
    const fu_record_row *row; /* NULL where the layout has none of that name */
    const uint32_t *ends;     /* end of each field, relative to bytes.p; NULL = not cut */
    uint32_t n_ends;
} fu_rec;

typedef enum fu_share { FU_SHARE_UNKNOWN = 0, FU_SHARE_1 = 1, FU_SHARE_2 = 2, FU_SHARE_3 = 3 } fu_share;

typedef struct fu_claim {
    fu_span bytes;
    uint64_t number;          /* RE records counted from 1 */
    uint64_t line;            /* of the RE */
    uint64_t offset;          /* in the file */
    fu_type type;             /* FU_TYPE_UNKNOWN: reported, never rewritten */
    const fu_layout *layout;  /* never NULL; 医科's for unknown types */
    fu_rec *recs;
    size_t n_recs;
    const fu_scan_word *scan; /* of bytes; a record's begin with its `bit` */

    const fu_rec *re, *ho;    /* ho NULL: 公費単独 */
    const fu_rec *ko[FU_KOHI_MAX];
    size_t n_ko, n_ho;
    const fu_rec *sn;         /* SN of 負担者種別 1 */
    bool returned;            /* carries HR, a history block or a 検索番号 */
    bool newer_layout;        /* RE or HO has more fields than any edition known */

    int32_t month, birth;     /* 診療年月, 生年月日 */
    int sex;
    bool kouki;               /* レセプト種別: 後期高齢者 */
    bool inpatient;
    int type_digit[4];        /* レセプト種別, -1 where not a digit */
    int soukatsu;             /* DPC レセプト総括区分, -1 = none */
} fu_claim;

/* Cuts a block (or a rewritten claim) into fields. `lines` and the arena must outlive *c.
 * FU_E_LIMIT (FU_FIELDS_MAX) or FU_E_NOMEM. */
fu_status fu_claim_parse(fu_claim *c, fu_arena *arena, const fu_block *b, const fu_header *h,
                         fu_error *e);

/* What can be said of a claim without looking at most of it, for whoever goes through all claims
 * once before anything else. */
typedef struct fu_outline {
    /* As fu_claim_parse has it, but for what takes more: RE, the first HO and the KO are its only
     * records and have no rows; sn, returned and newer_layout are not there. */
    fu_claim c;
    fu_rec recs[2 + FU_KOHI_MAX];
    uint32_t ends[FU_FIELDS_MAX]; /* of the RE's fields */
} fu_outline;

/* The block is one of fu_blocks_next and must outlive *o. FU_E_LIMIT as fu_claim_parse. */
fu_status fu_claim_outline(fu_outline *o, const fu_block *b, const fu_header *h, fu_error *e);

/* Field n (the record's name is 1) of a record; empty where there is none. r may be NULL. */
fu_span fu_field(const fu_rec *r, unsigned n);
uint32_t fu_fields(const fu_rec *r); /* how many, at least 1 */
/* Cuts the record, whose bytes begin at its `bit` of `scan`. False when there is no room. */
bool fu_rec_cut(fu_rec *r, const fu_scan_word *scan, fu_arena *a);
/* The same of a record that is no part of a claim. */
fu_span fu_record_field(fu_span record, unsigned n);
/* A SN of the medical insurance (負担者種別 1). */
bool fu_is_hoken_sn(const fu_rec *r);
/* Field of the RE by its place in the layout (0 = empty). */
fu_span fu_re_field(const fu_claim *c, unsigned place);
/* Field as UTF-8 text in the arena; "" on failure (the arena remembers). */
const char *fu_field_text(fu_arena *a, fu_span cp932);
/* A record's name as text. */
void fu_id_text(uint16_t id, char out[4]);

/* 高齢受給者 or 後期 by レセプト種別: its last digit is 7, 8, 9 or 0. */
bool fu_claim_elderly_type(const fu_claim *c);
/* 3割 when the last digit is 9 or 0; 0 where レセプト種別 leaves 1 and 2割 open or says nothing. */
bool fu_claim_is_30(const fu_claim *c);
bool fu_claim_age_at_least(const fu_claim *c, int years); /* in the sense of rules.md 5; false if unknown */
/* Points (or yen) of the claim for GO: HO's, the first KO's where there is no HO. */
uint64_t fu_claim_points(const fu_claim *c);

#endif
