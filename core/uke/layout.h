/* layout: what the records of the five claim types look like, as data.
 *
 * Invariants
 *   - one table per claim type (layouts/<type>.def), with the specification's field names, modes and
 *     lengths; the widest edition known counts
 *   - field numbers are 1-based, the record's name is field 1
 *   - 1u << type is the claim type's bit in the rules' sets of claim types
 *   - n_fields 0 means that the specification was not seen: fields beyond those listed are not judged
 */
#ifndef FU_UKE_LAYOUT_H
#define FU_UKE_LAYOUT_H
#include "text/field.h"

typedef enum fu_type { FU_MED, FU_DPC, FU_DEN, FU_PHA, FU_NUR, FU_TYPE_COUNT } fu_type;
#define FU_TYPE_UNKNOWN FU_TYPE_COUNT

/* A record's name as a number, for switches. */
#define FU_ID(a, b) ((uint16_t)((unsigned)(a) << 8 | (unsigned)(b)))

/* Where a record may stand inside a claim: stages never go down (uke-format.md 1.6). */
typedef enum fu_stage {
    FU_ST_FILE,    /* header or trailer of the file */
    FU_ST_CLAIM,   /* RE */
    FU_ST_HOKEN,   /* HO */
    FU_ST_KOHI,    /* KO */
    FU_ST_HEAD,    /* KH SN JD MF: after the payers, in any order */
    FU_ST_BODY,    /* everything about the treatment */
    FU_ST_ANY      /* may stand anywhere in a claim */
} fu_stage;

typedef struct fu_field_row {
    const char *name; /* as in the specification */
    fu_mode mode;
    uint16_t max;     /* bytes; 0 = not known */
    uint16_t min;     /* fixed fields: least bytes (older editions count); 0 = variable */
} fu_field_row;

typedef struct fu_record_row {
    uint16_t id;
    uint16_t n_fields; /* with the record's name; 0 = not known */
    fu_stage stage;
    const char *name;
    const fu_field_row *fields; /* of field 2 and on */
    size_t listed;              /* how many of them are listed */
} fu_record_row;

/* Field numbers that differ between claim types; 0 = there is no such field. */
typedef struct fu_places {
    uint16_t re_type, re_month, re_name, re_kana, re_sex, re_birth, re_kyufu, re_tokki, re_kubun,
        re_karte, re_kensaku, re_soukatsu;
    uint16_t ho_points, ho_futan;
    uint16_t ko_points;
    uint16_t head_payer, head_table, head_month, head_volume; /* of the file's header record */
} fu_places;

typedef struct fu_layout {
    fu_type type;
    const char *key;      /* "ika" ... */
    const char *name;     /* 医科 ... */
    uint16_t header;      /* first record of a file */
    bool go_totals;       /* GO carries counts */
    bool eof_mark;        /* the specification wants 0x1A at the end */
    fu_places at;
    const fu_record_row *records;
    size_t n_records;
} fu_layout;

extern const fu_layout fu_layouts[FU_TYPE_COUNT];

/* The row of a record, or NULL where the layout has none of that name. */
const fu_record_row *fu_layout_record(const fu_layout *l, uint16_t id);
/* The field's name in the specification, "" where it is not listed. */
const char *fu_field_name(const fu_record_row *r, unsigned field);
/* True for the names of records that only a returned file or a paying body's file has. */
bool fu_is_return_record(uint16_t id);

#endif
