#include "evidence/sources.h"

/* Room as fu_evidence_grow counts it: up to the next power of two. */
static size_t room(size_t n)
{
    size_t k = 1;
    while (k < n)
        k *= 2;
    return k;
}

static void *copy_array(fu_arena *a, const void *from, size_t n, size_t cap, size_t elem)
{
    void *to = fu_arena_alloc(a, cap * elem);
    if (to && n)
        memcpy(to, from, n * elem);
    return to;
}

/* Lists that a join adds to or changes are its own; texts are shared. */
static void copy_findings(fu_findings *to, const fu_findings *from, fu_arena *a)
{
    fu_finding *v;
    *to = *from;
    to->arena = a;
    to->cap = from->n;
    if (from->n == 0) {
        to->v = NULL;
        return;
    }
    v = copy_array(a, from->v, from->n, from->n, sizeof *v);
    to->v = v;
    to->failed = from->failed || !v;
    to->n = v ? from->n : 0;
}

static void copy_capture(fu_capture *to, const fu_capture *from, fu_arena *a)
{
    *to = *from;
    copy_findings(&to->findings, &from->findings, a);
    if (!from->n_quals)
        return;
    to->quals = copy_array(a, from->quals, from->n_quals, room(from->n_quals), sizeof *to->quals);
    if (!to->quals)
        to->n_quals = 0;
}

static void copy_responses(fu_evidence *to, const fu_evidence *from)
{
    fu_response **v = fu_arena_alloc(&to->arena, room(from->n_responses) * sizeof *v);
    for (size_t i = 0; v && i < from->n_responses; i++) {
        v[i] = fu_arena_alloc(&to->arena, sizeof **v);
        if (!v[i])
            return;
        *v[i] = *from->responses[i];
        copy_capture(&v[i]->c, &from->responses[i]->c, &to->arena);
    }
    to->responses = v;
    to->n_responses = v ? from->n_responses : 0;
    to->cap_responses = room(from->n_responses);
}

static void copy_files(fu_evidence *to, const fu_evidence *from)
{
    size_t n = from->n_files;
    to->files = copy_array(&to->arena, from->files, n, room(n), sizeof *to->files);
    to->n_files = to->files ? n : 0;
}

/* A response's capture is part of the response; both lists are in the order of reading. */
static void copy_captures(fu_evidence *to, const fu_evidence *from)
{
    fu_capture **v = fu_arena_alloc(&to->arena, room(from->n_captures) * sizeof *v);
    size_t r = 0;
    for (size_t i = 0; v && i < from->n_captures; i++) {
        const fu_capture *c = from->captures[i];
        while (r < from->n_responses && c->origin == FU_FROM_RESPONSE &&
               &from->responses[r]->c != c)
            r++;
        if (c->origin == FU_FROM_RESPONSE && r < from->n_responses) {
            v[i] = &to->responses[r]->c;
            continue;
        }
        v[i] = fu_arena_alloc(&to->arena, sizeof **v);
        if (!v[i])
            return;
        copy_capture(v[i], c, &to->arena);
    }
    to->captures = v;
    to->n_captures = v ? from->n_captures : 0;
    to->cap_captures = room(from->n_captures);
}

fu_status fu_evidence_copy(fu_evidence *to, const fu_evidence *from, fu_error *e)
{
    fu_evidence_init(to, from->mem);
    copy_files(to, from);
    copy_findings(&to->findings, &from->findings, &to->arena);
    copy_responses(to, from);
    if (!to->arena.failed)
        copy_captures(to, from);
    return fu_evidence_memory(to, e);
}
