/* evidence: everything that was captured at the desk, read from files of three kinds.
 *
 * Invariants
 *   - what a file is, is decided by its content, never by its name
 *   - the order of captures is the order of the files and of the elements in them
 *   - no DTD, no entity, no depth beyond FU_XML_DEPTH_MAX ever reaches our handlers
 *   - nothing is guessed: what contradicts itself carries a finding
 */
#ifndef FU_EVIDENCE_EVIDENCE_H
#define FU_EVIDENCE_EVIDENCE_H
#include "base/io.h"
#include "evidence/capture.h"

#define FU_EVIDENCE_FILES_MAX 20000u
#define FU_EVIDENCE_FILE_BYTES_MAX (64u << 20) /* one file, inflated */
#define FU_EVIDENCE_BYTES_MAX (512u << 20)     /* what is kept of all of them */
#define FU_CAPTURES_MAX 200000u
#define FU_XML_DEPTH_MAX 32u
#define FU_XML_ATTRIBUTES_MAX 64u
#define FU_XML_MEMORY_MAX (256u << 20) /* that expat may hold of one file */
#define FU_XML_TEXT_MAX 4096u /* bytes of one element's text or one attribute */
#define FU_CSV_FIELDS_MAX 64u
#define FU_CSV_ROW_BYTES_MAX 65536u
#define FU_CAPTURE_ITEMS_MAX 64u /* qualifications, contacts, addresses of one capture */

typedef struct fu_evidence {
    const fu_mem *mem;
    fu_arena arena;
    fu_capture **captures; /* joined responses stay in the list with `joined` set */
    size_t n_captures, cap_captures;
    const char **files; /* names, in the order of reading */
    size_t n_files;
    struct fu_response **responses; /* every online-check result, also of nobody; see sources.h */
    size_t n_responses, cap_responses;
    fu_findings findings; /* about files: E502 outside a capture, E506, E510 */
} fu_evidence;

void fu_evidence_init(fu_evidence *ev, const fu_mem *mem);
void fu_evidence_free(fu_evidence *ev);

/* Reads one file. FU_E_INPUT: broken (E501), FU_E_LIMIT: a limit by name; e has file and line. */
fu_status fu_evidence_add(fu_evidence *ev, const char *name, const fu_stream *s, fu_error *e);
/* After the last file: joins responses to captures (design 5, rules 1) and finds contradictions. */
fu_status fu_evidence_join(fu_evidence *ev, fu_error *e);
/* Evidence that was not joined yet, to be joined on its own or with more; *from must outlive *to
 * and does not change. *to is to be freed after a failure too. */
fu_status fu_evidence_copy(fu_evidence *to, const fu_evidence *from, fu_error *e);

/* The first qualification of that status that counts; NULL = none. */
const fu_qualification *fu_capture_qualification(const fu_capture *c, fu_qstatus status);

/* The same person, as far as identity fields on both sides allow (design 5, "Matching"). */
typedef struct fu_person {
    const char *karte, *name, *kana;
    int32_t birth;
    int sex;
} fu_person;
bool fu_person_match(const fu_person *a, const fu_person *b);

#endif
