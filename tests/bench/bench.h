/* What the files of the generator share: a seeded number stream, a growing buffer, words, patients.
 *
 * Invariants
 *   - what is written depends on the arguments alone: own number stream, whole numbers only, no
 *     clock, no locale; words become CP932 by iconv, which agrees with every table on these words
 *   - all persons, institutions and numbers are invented
 */
#ifndef BENCH_H
#define BENCH_H
#include <stddef.h>
#include <stdint.h>

#define BN_MONTH 202610u /* 診療年月; claimed the month after */
#define BN_CLAIM_MONTH 202611u

typedef struct bn_random {
    uint64_t state;
} bn_random;

uint64_t bn_next(bn_random *r);
/* Below n, all equally often. */
uint32_t bn_below(bn_random *r, uint32_t n);
/* Below n, low ones more often: a few codes of a master make most of a month. */
uint32_t bn_often(bn_random *r, uint32_t n);
int bn_percent(bn_random *r, uint32_t p);

typedef struct bn_out {
    char *p;
    size_t n, cap;
} bn_out;

/* Room for n more bytes, which the caller fills. */
char *bn_room(bn_out *o, size_t n);
void bn_put(bn_out *o, const char *s);
void bn_put_n(bn_out *o, char c, unsigned n);
void bn_put_number(bn_out *o, uint64_t v, unsigned width);
/* Digits as CP932 full width, as most receipt computers write 記号 and 番号. */
void bn_put_wide(bn_out *o, const char *digits);
_Noreturn void bn_die(const char *what);

typedef struct bn_word {
    const char *utf8;
    const char *kana; /* UTF-8; NULL where there is none */
    char *cp932, *kana932;
} bn_word;

typedef struct bn_words {
    bn_word *v;
    uint32_t n;
} bn_words;

/* Lists of words.c. */
enum {
    BN_FAMILY,
    BN_MALE,
    BN_FEMALE,
    BN_SYLLABLE,
    BN_DISEASE, /* for those without a code */
    BN_USAGE,   /* how a drug is taken */
    BN_REMARK,
    BN_SENTENCE,
    BN_MATERIAL,
    BN_ADDRESS,
    BN_INSURER,
    BN_WORKPLACE,
    BN_PLACE, /* the institution's name */
    BN_LISTS
};

/* To be called first; ends the program where CP932 cannot be had. */
void bn_words_open(void);
void bn_words_close(void);
const bn_words *bn_list(int list);
const bn_word *bn_pick(bn_random *r, int list);

typedef enum bn_group { BN_CHILD, BN_ADULT, BN_OVER70, BN_KOUKI } bn_group;

#define BN_KANA_BYTES 64 /* with the NUL */

typedef struct bn_patient {
    bn_group group;
    unsigned sex, share; /* share: tenths the patient pays */
    uint32_t birth;      /* yyyymmdd */
    uint32_t karte;
    char name[BN_KANA_BYTES], kana[BN_KANA_BYTES]; /* CP932 */
    char name_utf8[2 * BN_KANA_BYTES], kana_utf8[2 * BN_KANA_BYTES];
    char insurer[9], kigo[9], bango[9]; /* half width; kigo "" for 後期 */
    unsigned edaban;
} bn_patient;

/* births: 0, or how many different birth dates there are; names are then syllables at random, so
 * that hardly two persons share one. */
void bn_patient_make(bn_patient *p, bn_random *r, uint32_t karte, uint32_t births);
/* A number with its check digit: scheme of two digits ("" 国保), prefecture, three digits. */
void bn_insurer(char out[9], const char *scheme, unsigned number);

void bn_capture_header(bn_out *o);
/* One row that makes fusho rewrite the claim: current, former or 不詳, as r says. */
void bn_capture(bn_out *o, bn_random *r, const bn_patient *p, uint32_t number);

#endif
