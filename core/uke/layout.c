#include "uke/layout.h"

/* One array of fields per record, then one table of records from the same file. */
#define NV(name, max) {name, FU_MODE_N, max, 0}
#define NF(name, max) {name, FU_MODE_N, max, max}
#define ND(name) {name, FU_MODE_N, 8, 7}
#define NM(name) {name, FU_MODE_N, 6, 5}
#define AV(name, max) {name, FU_MODE_A, max, 0}
#define AF(name, max) {name, FU_MODE_A, max, max}
#define KV(name, max) {name, FU_MODE_K, max, 0}
#define MV(name, max) {name, FU_MODE_AK, max, 0}
#define RV(max) {"予備", FU_MODE_ANY, max, 0}
#define SP(name, max) {name, FU_MODE_A, max, 0}
#define XX(name) {name, FU_MODE_ANY, 0, 0}
#define DAY1(max) {"日別", FU_MODE_N, max, 0}
#define DAYS10(m) DAY1(m), DAY1(m), DAY1(m), DAY1(m), DAY1(m), DAY1(m), DAY1(m), DAY1(m), DAY1(m), DAY1(m)
#define DAYS(m) DAYS10(m), DAYS10(m), DAYS10(m), DAY1(m)

#define FIELDS(type, name) type##_##name##_fields

#define FU_RECORD(name, n, stage, meaning, ...) \
    static const fu_field_row FIELDS(ika, name)[] = {__VA_ARGS__};
#include "uke/layouts/ika.def"
#undef FU_RECORD
#define FU_RECORD(name, n, stage, meaning, ...) \
    static const fu_field_row FIELDS(dpc, name)[] = {__VA_ARGS__};
#include "uke/layouts/dpc.def"
#undef FU_RECORD
#define FU_RECORD(name, n, stage, meaning, ...) \
    static const fu_field_row FIELDS(shika, name)[] = {__VA_ARGS__};
#include "uke/layouts/shika.def"
#undef FU_RECORD
#define FU_RECORD(name, n, stage, meaning, ...) \
    static const fu_field_row FIELDS(chozai, name)[] = {__VA_ARGS__};
#include "uke/layouts/chozai.def"
#undef FU_RECORD
#define FU_RECORD(name, n, stage, meaning, ...) \
    static const fu_field_row FIELDS(houmon, name)[] = {__VA_ARGS__};
#include "uke/layouts/houmon.def"
#undef FU_RECORD

#define COUNT(a) (sizeof(a) / sizeof(a)[0])
#define RECORD_ROW(type, name, n, stage, meaning) \
    {FU_ID(#name[0], #name[1]), n, stage, meaning, FIELDS(type, name), COUNT(FIELDS(type, name))},

#define FU_RECORD(name, n, stage, meaning, ...) RECORD_ROW(ika, name, n, stage, meaning)
static const fu_record_row ika_records[] = {
#include "uke/layouts/ika.def"
};
#undef FU_RECORD
#define FU_RECORD(name, n, stage, meaning, ...) RECORD_ROW(dpc, name, n, stage, meaning)
static const fu_record_row dpc_records[] = {
#include "uke/layouts/dpc.def"
};
#undef FU_RECORD
#define FU_RECORD(name, n, stage, meaning, ...) RECORD_ROW(shika, name, n, stage, meaning)
static const fu_record_row shika_records[] = {
#include "uke/layouts/shika.def"
};
#undef FU_RECORD
#define FU_RECORD(name, n, stage, meaning, ...) RECORD_ROW(chozai, name, n, stage, meaning)
static const fu_record_row chozai_records[] = {
#include "uke/layouts/chozai.def"
};
#undef FU_RECORD
#define FU_RECORD(name, n, stage, meaning, ...) RECORD_ROW(houmon, name, n, stage, meaning)
static const fu_record_row houmon_records[] = {
#include "uke/layouts/houmon.def"
};
#undef FU_RECORD

#define FU_LAYOUT(TYPE, key, name, header, go_totals, eof_mark, ...) \
    [FU_##TYPE] = {FU_##TYPE, #key,     name,          header,        go_totals, \
                   eof_mark,  {__VA_ARGS__}, key##_records, COUNT(key##_records)},
const fu_layout fu_layouts[FU_TYPE_COUNT] = {
#include "uke/layouts/layouts.def"
};
#undef FU_LAYOUT

const fu_record_row *fu_layout_record(const fu_layout *l, uint16_t id)
{
    const fu_record_row *end = l->records + l->n_records;
    for (const fu_record_row *r = l->records; r < end; r++)
        if (r->id == id)
            return r;
    return NULL;
}

const char *fu_field_name(const fu_record_row *r, unsigned field)
{
    if (!r || field < 2 || field - 2 >= r->listed)
        return "";
    return r->fields[field - 2].name;
}

bool fu_is_return_record(uint16_t id)
{
    return id == FU_ID('H', 'I') || id == FU_ID('H', 'G') || id == FU_ID('H', 'R') ||
           id == FU_ID('R', 'C');
}
