#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "host/posix_path.h"

/* The counterparts for Windows are tested by tests/windows.sh. */

Test(posix_path, a_path_is_a_folder_and_a_name)
{
    static const struct {
        const char *path, *folder, *name;
    } rows[] = {
        {"a", ".", "a"},
        {"a/b", "a", "b"},
        {"/a", "/", "a"},
        {"a/b/", "a/b", ""},
        {"a//b", "a/", "b"},
        {"../a", "..", "a"},
        {"C:/a", "C:", "a"},
        {"C:a", ".", "C:a"},
        {"a\\b", ".", "a\\b"},
        {"表/a", "表", "a"},
        {"a/表ソ.UKE", "a", "表ソ.UKE"},
    };
    size_t i;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char *folder = posix_folder_of(&posix_calls_libc, rows[i].path);
        cr_expect_str_eq(folder, rows[i].folder, "row %zu", i);
        cr_expect_str_eq(posix_base_name(rows[i].path), rows[i].name, "row %zu", i);
        free(folder);
    }
}

Test(posix_path, joining_puts_one_separator_where_it_is_needed)
{
    static const struct {
        const char *folder;
        size_t n;
        const char *name, *joined;
    } rows[] = {
        {"a", 1, "b", "a/b"}, {"a/", 2, "b", "a/b"},    {"/", 1, "b", "/b"},
        {"", 0, "b", "b"},    {"a/b/c", 2, "d", "a/d"}, {"a\\c", 3, "b", "a\\c/b"},
    };
    size_t i;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char *p = posix_join(&posix_calls_libc, rows[i].folder, rows[i].n, rows[i].name);
        cr_expect_str_eq(p, rows[i].joined, "row %zu", i);
        free(p);
    }
}

static void *none(void *p, size_t n)
{
    (void)p;
    (void)n;
    return NULL;
}

Test(posix_path, without_memory_there_is_no_path)
{
    posix_calls calls = posix_calls_libc;
    calls.resize = none;
    cr_expect_null(posix_folder_of(&calls, "a/b"));
    cr_expect_null(posix_folder_of(&calls, "a"));
    cr_expect_null(posix_join(&calls, "a", 1, "b"));
}

Test(posix_path, absolute_and_same_are_what_the_system_says)
{
    cr_expect(posix_is_absolute("/a"));
    cr_expect_not(posix_is_absolute("a/b"));
    cr_expect_not(posix_is_absolute(""));
    cr_expect(posix_same_name("o.uke", "o.uke"));
    cr_expect_not(posix_same_name("o.uke", "O.UKE"));
}
