#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <criterion/criterion.h>

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host/posix_store.h"

/* ---- a folder of its own for every test ---- */

static char folder[64];

static void make_folder(void)
{
    strcpy(folder, "/tmp/fusho-store-XXXXXX");
    cr_assert_not_null(mkdtemp(folder));
    cr_assert_eq(chdir(folder), 0);
}

static void remove_folder(void)
{
    char command[96];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    cr_assert_eq(chdir("/"), 0);
    cr_assert_eq(system(command), 0);
}

TestSuite(posix_store, .init = make_folder, .fini = remove_folder);

static void put_file(const char *path, const char *text)
{
    FILE *f = fopen(path, "wb");
    cr_assert_not_null(f, "%s", path);
    cr_assert_eq(fwrite(text, 1, strlen(text), f), strlen(text));
    cr_assert_eq(fclose(f), 0);
}

/* The file's text, or "(none)". */
static const char *file_text(const char *path)
{
    static char buf[256];
    FILE *f = fopen(path, "rb");
    size_t n;
    if (!f)
        return "(none)";
    n = fread(buf, 1, sizeof buf - 1, f);
    fclose(f);
    buf[n] = '\0';
    return buf;
}

static int count_temps(void)
{
    DIR *d = opendir(".");
    struct dirent *e;
    int n = 0;
    cr_assert_not_null(d);
    while ((e = readdir(d)) != NULL)
        n += strncmp(e->d_name, ".fusho-", 7) == 0;
    closedir(d);
    return n;
}

static mode_t mode_of(const char *path)
{
    struct stat st;
    cr_assert_eq(lstat(path, &st), 0);
    return st.st_mode & 07777;
}

/* ---- calls that fail when asked to ---- */

static struct {
    long left; /* calls until the one that fails; below 0: none */
    int error;
    bool no_replace; /* the medium knows no RENAME_NOREPLACE */
    bool no_link;    /* and no hard links */
    bool tiny;       /* read and write one byte at a time, every other call is interrupted */
    unsigned turn;
    bool hit;
} fault;

static bool fails(void)
{
    if (fault.left < 0 || fault.left-- > 0)
        return false;
    errno = fault.error;
    fault.hit = true;
    return true;
}

static bool interrupted(void)
{
    if (!fault.tiny || ++fault.turn % 2)
        return false;
    errno = EINTR;
    return true;
}

#define BAD(call, real, type, none, args, names) \
    static type bad_##call args                  \
    {                                            \
        return fails() ? none : real names;      \
    }
#define LIBC(call) posix_calls_libc.call
BAD(open, LIBC(open), int, -1, (const char *p, int f, mode_t m), (p, f, m))
BAD(lseek, lseek, off_t, -1, (int fd, off_t o, int w), (fd, o, w))
BAD(fsync, fsync, int, -1, (int fd), (fd))
BAD(fchmod, fchmod, int, -1, (int fd, mode_t m), (fd, m))
BAD(fstat, fstat, int, -1, (int fd, struct stat *st), (fd, st))
BAD(stat, stat, int, -1, (const char *p, struct stat *st), (p, st))
BAD(lstat, lstat, int, -1, (const char *p, struct stat *st), (p, st))
BAD(writable, LIBC(writable), int, -1, (const char *p), (p))
BAD(rename, rename, int, -1, (const char *a, const char *b), (a, b))
BAD(unlink, unlink, int, -1, (const char *p), (p))
BAD(lock, LIBC(lock), int, -1, (int fd), (fd))
BAD(is_own, LIBC(is_own), int, 0, (const struct stat *st), (st))
BAD(opendir, opendir, DIR *, NULL, (const char *p), (p))
BAD(readdir, readdir, struct dirent *, NULL, (DIR * d), (d))
BAD(real_path, LIBC(real_path), char *, NULL, (const char *p), (p))
BAD(random, LIBC(random), ssize_t, -1, (void *p, size_t n), (p, n))
BAD(resize, realloc, void *, NULL, (void *p, size_t n), (p, n))

static int bad_close(int fd)
{
    int bad = fails();
    close(fd); /* a failed close has closed all the same */
    return bad ? -1 : 0;
}

static ssize_t bad_read(int fd, void *p, size_t n)
{
    if (fails() || interrupted())
        return -1;
    return read(fd, p, fault.tiny && n > 1 ? 1 : n);
}

static ssize_t bad_write(int fd, const void *p, size_t n)
{
    if (fails() || interrupted())
        return -1;
    return write(fd, p, fault.tiny && n > 1 ? 1 : n);
}

static int bad_rename_new(const char *a, const char *b)
{
    if (fails())
        return -1;
    if (fault.no_replace) {
        errno = EINVAL;
        return -1;
    }
    return posix_calls_libc.rename_new(a, b);
}

static int bad_link(const char *a, const char *b)
{
    if (fails())
        return -1;
    if (fault.no_link) {
        errno = EPERM;
        return -1;
    }
    return link(a, b);
}

static const posix_calls bad_calls = {
    .open = bad_open,
    .close = bad_close,
    .read = bad_read,
    .write = bad_write,
    .lseek = bad_lseek,
    .fsync = bad_fsync,
    .fchmod = bad_fchmod,
    .fstat = bad_fstat,
    .stat = bad_stat,
    .lstat = bad_lstat,
    .writable = bad_writable,
    .rename = bad_rename,
    .rename_new = bad_rename_new,
    .link = bad_link,
    .unlink = bad_unlink,
    .lock = bad_lock,
    .is_own = bad_is_own,
    .random = bad_random,
    .opendir = bad_opendir,
    .readdir = bad_readdir,
    .real_path = bad_real_path,
    .resize = bad_resize,
};

static void no_fault(void)
{
    memset(&fault, 0, sizeof fault);
    fault.left = -1;
}

static void fail_at(long n, int error)
{
    fault.left = n;
    fault.error = error;
    fault.hit = false;
}

/* ---- writing ---- */

static fusho_status write_text(posix_store *s, int32_t role, const char *text, fusho_error *err)
{
    fusho_stream out;
    const char *p = text;
    fusho_status st = posix_store_begin(s, role, &out, err);
    if (st < 0)
        return st;
    while (*p) {
        int64_t r = out.write(out.ctx, p, strlen(p) > 3 ? 3 : strlen(p));
        if (r < 0) {
            posix_store_abort(s, role);
            return FUSHO_E_STORE;
        }
        p += r;
    }
    st = posix_store_commit(s, role, err);
    if (st < 0)
        posix_store_abort(s, role);
    return st;
}

/* Everything a run does with the three targets. */
static fusho_status write_three(const posix_calls *calls, int force, fusho_error *err)
{
    posix_store s;
    fusho_status st;
    posix_store_init(&s, calls, force);
    posix_store_target(&s, FUSHO_STORE_OUTPUT, "out");
    posix_store_target(&s, FUSHO_STORE_JOURNAL, "journal");
    posix_store_target(&s, FUSHO_STORE_REPORT, "report");
    st = posix_store_check(&s, err);
    if (st == FUSHO_OK)
        st = write_text(&s, FUSHO_STORE_JOURNAL, "new journal", err);
    if (st == FUSHO_OK)
        st = write_text(&s, FUSHO_STORE_OUTPUT, "new out", err);
    if (st == FUSHO_OK)
        st = write_text(&s, FUSHO_STORE_REPORT, "new report", err);
    posix_store_finish(&s, st == FUSHO_OK);
    return st;
}

Test(posix_store, writes_three_files_of_mode_0600_whatever_the_umask)
{
    static const mode_t masks[] = {0, 022, 077, 0277, 0777};
    fusho_error err = FUSHO_ERROR_INIT;
    size_t i;
    for (i = 0; i < sizeof masks / sizeof masks[0]; i++) {
        fusho_status st;
        umask(masks[i]);
        st = write_three(NULL, 1, &err);
        umask(022);
        cr_expect_eq(st, FUSHO_OK, "row %zu: %s", i, err.message_ja);
        cr_expect_eq(mode_of("out"), 0600, "row %zu", i);
        cr_expect_eq(mode_of("journal"), 0600, "row %zu", i);
        cr_expect_eq(mode_of("report"), 0600, "row %zu", i);
    }
    cr_expect_str_eq(file_text("out"), "new out");
    cr_expect_str_eq(file_text("journal"), "new journal");
    cr_expect_eq(count_temps(), 0);
}

Test(posix_store, nothing_is_visible_before_commit_and_nothing_stays_after_abort)
{
    posix_store s;
    fusho_stream out;
    fusho_error err = FUSHO_ERROR_INIT;
    posix_store_init(&s, NULL, 0);
    posix_store_target(&s, FUSHO_STORE_OUTPUT, "out");
    cr_assert_eq(posix_store_begin(&s, FUSHO_STORE_OUTPUT, &out, &err), FUSHO_OK);
    cr_expect_str_eq(err.file, "out", "for what is said of writes that fail");
    cr_assert_eq(out.write(out.ctx, "abc", 3), 3);
    cr_expect_str_eq(file_text("out"), "(none)");
    cr_expect_eq(count_temps(), 1);
    posix_store_abort(&s, FUSHO_STORE_OUTPUT);
    cr_expect_eq(count_temps(), 0);
    cr_expect_str_eq(file_text("out"), "(none)");
    cr_expect_eq(out.write(out.ctx, "abc", 3), -1, "a stream is dead after abort");
    posix_store_abort(&s, FUSHO_STORE_OUTPUT);
    posix_store_finish(&s, 0);
}

Test(posix_store, finish_cleans_up_after_a_plugin_that_forgot_to_abort)
{
    posix_store s;
    fusho_stream out;
    fusho_error err = FUSHO_ERROR_INIT;
    posix_store_init(&s, NULL, 0);
    posix_store_target(&s, FUSHO_STORE_OUTPUT, "out");
    cr_assert_eq(posix_store_begin(&s, FUSHO_STORE_OUTPUT, &out, &err), FUSHO_OK);
    posix_store_finish(&s, 1);
    cr_expect_eq(count_temps(), 0);
    cr_expect_str_eq(file_text("out"), "(none)");
}

Test(posix_store, finish_without_keep_takes_everything_back)
{
    posix_store s;
    fusho_error err = FUSHO_ERROR_INIT;
    put_file("journal", "old");
    posix_store_init(&s, NULL, 1);
    posix_store_target(&s, FUSHO_STORE_OUTPUT, "out");
    posix_store_target(&s, FUSHO_STORE_JOURNAL, "journal");
    cr_assert_eq(write_text(&s, FUSHO_STORE_JOURNAL, "new", &err), FUSHO_OK);
    cr_assert_eq(write_text(&s, FUSHO_STORE_OUTPUT, "new", &err), FUSHO_OK);
    cr_expect_str_eq(file_text("journal"), "new");
    posix_store_finish(&s, 0);
    cr_expect_str_eq(file_text("journal"), "old");
    cr_expect_str_eq(file_text("out"), "(none)");
    cr_expect_eq(count_temps(), 0);
}

Test(posix_store, taking_back_leaves_alone_what_others_put_there)
{
    posix_store s;
    fusho_error err = FUSHO_ERROR_INIT;
    posix_store_init(&s, NULL, 0);
    posix_store_target(&s, FUSHO_STORE_OUTPUT, "out");
    cr_assert_eq(write_text(&s, FUSHO_STORE_OUTPUT, "ours", &err), FUSHO_OK);
    put_file("theirs", "theirs");
    cr_assert_eq(rename("theirs", "out"), 0);
    posix_store_finish(&s, 0);
    cr_expect_str_eq(file_text("out"), "theirs");
}

Test(posix_store, without_hard_links_a_replaced_file_stays_replaced)
{
    posix_store s;
    fusho_error err = FUSHO_ERROR_INIT;
    no_fault();
    fault.no_link = true;
    put_file("out", "old");
    posix_store_init(&s, &bad_calls, 1);
    posix_store_target(&s, FUSHO_STORE_OUTPUT, "out");
    cr_assert_eq(write_text(&s, FUSHO_STORE_OUTPUT, "new", &err), FUSHO_OK);
    posix_store_finish(&s, 0);
    cr_expect_str_eq(file_text("out"), "new", "never neither");
    cr_expect_eq(count_temps(), 0);
}

/* ---- a journal that a run left behind ---- */

/* Journal published, output not, and the process is gone: what the system does then is to close. */
static void leave_behind(void)
{
    posix_store s;
    fusho_error err = FUSHO_ERROR_INIT;
    posix_store_init(&s, NULL, 0);
    posix_store_target(&s, FUSHO_STORE_OUTPUT, "out");
    posix_store_target(&s, FUSHO_STORE_JOURNAL, "journal");
    cr_assert_eq(write_text(&s, FUSHO_STORE_JOURNAL, "left", &err), FUSHO_OK);
    close(s.target[FUSHO_STORE_JOURNAL].fd);
    free(s.target[FUSHO_STORE_JOURNAL].folder);
    free(s.target[FUSHO_STORE_JOURNAL].temp);
}

Test(posix_store, a_journal_left_behind_is_removed_only_where_it_is_one)
{
    static const struct {
        const char *what; /* is done before the next run */
        bool removed;
    } rows[] = {
        {"", true},
        {"the output is there", false},
        {"the mark is gone", false},
        {"the mark is another file", false},
        {"the mark has another ending", false},
        {"somebody holds it", false},
        {"no locks", false},
    };
    size_t i;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        posix_calls calls = posix_calls_libc;
        const char *what = rows[i].what;
        fusho_error err = FUSHO_ERROR_INIT;
        posix_store s;
        int fd = -1;
        leave_behind();
        cr_expect_eq(count_temps(), 1, "%s", what);
        if (strcmp(what, "the output is there") == 0)
            put_file("out", "out");
        if (strcmp(what, "the mark is gone") == 0)
            cr_assert_eq(system("rm .fusho-*.tmp && ln journal second"), 0);
        if (strcmp(what, "the mark is another file") == 0)
            cr_assert_eq(system("ln journal second && cp journal x && mv x .fusho-*.tmp"), 0);
        if (strcmp(what, "the mark has another ending") == 0)
            cr_assert_eq(system("mv .fusho-*.tmp .fusho-0123456789abcdef.bak"), 0);
        if (strcmp(what, "somebody holds it") == 0)
            cr_assert_eq(posix_calls_libc.lock(fd = open("journal", O_RDONLY)), 0);
        if (strcmp(what, "no locks") == 0)
            calls.lock = NULL;
        posix_store_init(&s, &calls, 0);
        posix_store_target(&s, FUSHO_STORE_OUTPUT, "out");
        posix_store_target(&s, FUSHO_STORE_JOURNAL, "journal");
        cr_expect_eq(posix_store_check(&s, &err), rows[i].removed ? FUSHO_OK : FUSHO_E_STORE, "%s",
                     what);
        cr_expect_str_eq(file_text("journal"), rows[i].removed ? "(none)" : "left", "%s", what);
        cr_expect(!rows[i].removed || count_temps() == 0, "%s", what);
        if (fd >= 0)
            close(fd);
        cr_assert_eq(system("rm -f out journal second .fusho-*"), 0);
    }
}

Test(posix_store, looking_for_one_left_behind_may_fail_anywhere)
{
    long n;
    for (n = 0;; n++) {
        fusho_error err = FUSHO_ERROR_INIT;
        posix_store s;
        fusho_status st;
        leave_behind();
        posix_store_init(&s, &bad_calls, 0);
        posix_store_target(&s, FUSHO_STORE_OUTPUT, "out");
        posix_store_target(&s, FUSHO_STORE_JOURNAL, "journal");
        no_fault();
        fail_at(n, EIO);
        st = posix_store_check(&s, &err);
        cr_expect_str_eq(file_text("journal"), st == FUSHO_OK ? "(none)" : "left", "call %ld", n);
        cr_assert_eq(system("rm -f out journal .fusho-*"), 0);
        if (!fault.hit)
            break;
    }
    cr_expect_gt(n, 15);
}

/* ---- temporary files that a run left behind ---- */

#define LEFT ".fusho-0123456789abcdef.tmp"

static int not_own(const struct stat *st)
{
    return st == NULL;
}

static bool stands(const char *path)
{
    struct stat st;
    return lstat(path, &st) == 0;
}

static fusho_status check_three(const posix_calls *calls, int force)
{
    posix_store s;
    fusho_error err = FUSHO_ERROR_INIT;
    posix_store_init(&s, calls, force);
    posix_store_target(&s, FUSHO_STORE_OUTPUT, "out");
    posix_store_target(&s, FUSHO_STORE_JOURNAL, "journal");
    posix_store_target(&s, FUSHO_STORE_REPORT, "report");
    return posix_store_check(&s, &err);
}

Test(posix_store, a_temporary_file_is_swept_only_where_a_run_left_it)
{
    static const struct {
        const char *make, *name;
        int force;
        bool held, no_locks, foreign, swept;
    } rows[] = {
        {"echo x > " LEFT, LEFT, 0, false, false, false, true},
        {"echo x > " LEFT "; touch out", LEFT, 0, false, false, false, true},
        {"echo x > " LEFT, LEFT, 0, true, false, false, false},
        {"echo x > " LEFT, LEFT, 0, false, true, false, false},
        {"echo x > " LEFT, LEFT, 0, false, false, true, false},
        {"echo x > .fusho-0123456789abcdef.bak", ".fusho-0123456789abcdef.bak", 1, false, false,
         false, false},
        {"echo x > .fusho-0123456789ABCDEF.tmp", ".fusho-0123456789ABCDEF.tmp", 0, false, false,
         false, false},
        {"echo x > .fusho-0123456789abcde.tmp", ".fusho-0123456789abcde.tmp", 0, false, false,
         false, false},
        {"echo x > .fusho-0123456789abcdef0.tmp", ".fusho-0123456789abcdef0.tmp", 0, false, false,
         false, false},
        {"echo x > " LEFT ".txt", LEFT ".txt", 0, false, false, false, false},
        {"echo x > kept; ln -s kept " LEFT, LEFT, 0, false, false, false, false},
        {"echo x > kept; ln -s kept " LEFT, "kept", 0, false, false, false, false},
        {"echo x > kept; ln kept " LEFT, LEFT, 0, false, false, false, false},
        {"mkdir " LEFT, LEFT, 0, false, false, false, false},
        {"mkfifo " LEFT, LEFT, 0, false, false, false, false},
        {"echo x > out; ln out " LEFT, LEFT, 0, false, false, false, true},
        {"echo x > report; ln report " LEFT, LEFT, 0, false, false, false, true},
        {"echo x > journal; ln journal " LEFT "; touch out", LEFT, 0, false, false, false, true},
        {"echo x > journal; ln journal " LEFT "; touch out", "journal", 0, false, false, false,
         false},
        {"echo x > journal; ln journal " LEFT "; touch out", LEFT, 0, true, false, false, false},
        {"echo x > journal; ln journal " LEFT, LEFT, 1, false, false, false, true},
        {"echo x > journal; ln journal " LEFT, "journal", 1, false, false, false, false},
    };
    size_t i;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        posix_calls calls = posix_calls_libc;
        int fd = -1;
        cr_assert_eq(system(rows[i].make), 0);
        if (rows[i].held)
            cr_assert_eq(posix_calls_libc.lock(fd = open(LEFT, O_RDONLY)), 0);
        if (rows[i].no_locks)
            calls.lock = NULL;
        if (rows[i].foreign)
            calls.is_own = not_own;
        check_three(&calls, rows[i].force);
        cr_expect_eq(stands(rows[i].name), !rows[i].swept, "row %zu", i);
        if (fd >= 0)
            close(fd);
        cr_assert_eq(system("rm -rf out journal report kept .fusho-*"), 0);
    }
}

Test(posix_store, sweeping_may_fail_anywhere_and_fails_nothing)
{
    static const int looks = 3; /* at the folder before, which may fail the check */
    long n, kept = 0;
    for (n = looks;; n++) {
        posix_store s;
        fusho_error err = FUSHO_ERROR_INIT;
        put_file(LEFT, "left");
        put_file("kept", "kept");
        cr_assert_eq(symlink("kept", ".fusho-0000000000000000.tmp"), 0);
        posix_store_init(&s, &bad_calls, 0);
        posix_store_target(&s, FUSHO_STORE_OUTPUT, "out");
        no_fault();
        fail_at(n, ENOENT); /* which the check of the name takes for free */
        cr_expect_eq(posix_store_check(&s, &err), FUSHO_OK, "call %ld", n);
        kept += stands(LEFT);
        cr_expect_str_eq(file_text("kept"), "kept", "call %ld", n);
        cr_expect(stands(".fusho-0000000000000000.tmp"), "call %ld", n);
        cr_assert_eq(system("rm -f kept .fusho-*"), 0);
        if (!fault.hit)
            break;
    }
    cr_expect_gt(n, 12);
    cr_expect_geq(kept, 6);
}

/* A sweeper that comes between the making of a file and its lock. */
static int thefts;

static int stolen_open(const char *path, int flags, mode_t mode)
{
    int fd = posix_calls_libc.open(path, flags, mode);
    if (flags & O_CREAT && thefts-- > 0)
        cr_assert_eq(unlink(path), 0);
    return fd;
}

static int stolen_lock(int fd)
{
    if (thefts-- > 0) {
        errno = EWOULDBLOCK;
        return -1;
    }
    return posix_calls_libc.lock(fd);
}

Test(posix_store, a_file_swept_before_its_lock_is_made_again)
{
    static const struct {
        bool held; /* else gone */
        int thefts;
        fusho_status status;
    } rows[] = {{false, 1, FUSHO_OK},
                {true, 1, FUSHO_OK},
                {false, 3, FUSHO_OK},
                {false, 99, FUSHO_E_STORE},
                {true, 99, FUSHO_E_STORE}};
    size_t i;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        posix_calls calls = posix_calls_libc;
        fusho_error err = FUSHO_ERROR_INIT;
        if (rows[i].held)
            calls.lock = stolen_lock;
        else
            calls.open = stolen_open;
        thefts = rows[i].thefts;
        cr_expect_eq(write_three(&calls, 0, &err), rows[i].status, "row %zu", i);
        cr_expect_str_eq(file_text("out"), rows[i].status ? "(none)" : "new out", "row %zu", i);
        cr_expect_eq(count_temps(), 0, "row %zu", i);
        cr_assert_eq(system("rm -f out journal report"), 0);
    }
}

Test(posix_store, every_temporary_file_is_held_from_sweeping_until_it_has_its_name)
{
    int32_t role;
    for (role = 0; role < FUSHO_STORE_ROLES; role++) {
        posix_store s;
        fusho_stream out;
        fusho_error err = FUSHO_ERROR_INIT;
        posix_store_init(&s, NULL, 0);
        posix_store_target(&s, role, "mine");
        cr_assert_eq(posix_store_begin(&s, role, &out, &err), FUSHO_OK);
        cr_assert_eq(out.write(out.ctx, "abc", 3), 3);
        cr_expect_eq(check_three(NULL, 0), FUSHO_OK);
        cr_expect_eq(count_temps(), 1, "role %d", (int)role);
        cr_expect_eq(posix_store_commit(&s, role, &err), FUSHO_OK, "role %d", (int)role);
        posix_store_finish(&s, 1);
        cr_expect_str_eq(file_text("mine"), "abc", "role %d", (int)role);
        cr_assert_eq(unlink("mine"), 0);
    }
}

/* ---- the mark of a journal ---- */

static int marks_at_removal;

static int noting_unlink(const char *path)
{
    if (strcmp(path, "out") == 0)
        marks_at_removal = count_temps();
    return posix_calls_libc.unlink(path);
}

Test(posix_store, a_journal_is_marked_only_while_its_output_is_not_there)
{
    posix_calls calls = posix_calls_libc;
    posix_store s;
    fusho_error err = FUSHO_ERROR_INIT;
    calls.unlink = noting_unlink;
    posix_store_init(&s, &calls, 0);
    posix_store_target(&s, FUSHO_STORE_OUTPUT, "out");
    posix_store_target(&s, FUSHO_STORE_JOURNAL, "journal");
    cr_assert_eq(write_text(&s, FUSHO_STORE_JOURNAL, "new", &err), FUSHO_OK);
    cr_expect_eq(count_temps(), 1);
    cr_assert_eq(write_text(&s, FUSHO_STORE_OUTPUT, "new", &err), FUSHO_OK);
    cr_expect_eq(count_temps(), 0, "before the run is over");
    marks_at_removal = -1;
    posix_store_finish(&s, 0);
    cr_expect_eq(marks_at_removal, 1, "it is there again before the output goes");
    cr_expect_str_eq(file_text("out"), "(none)");
    cr_expect_str_eq(file_text("journal"), "(none)");
    cr_expect_eq(count_temps(), 0);
}

Test(posix_store, no_mark_is_put_on_a_journal_that_others_put_there)
{
    posix_calls calls = posix_calls_libc;
    posix_store s;
    fusho_error err = FUSHO_ERROR_INIT;
    calls.unlink = noting_unlink;
    posix_store_init(&s, &calls, 0);
    posix_store_target(&s, FUSHO_STORE_OUTPUT, "out");
    posix_store_target(&s, FUSHO_STORE_JOURNAL, "journal");
    cr_assert_eq(write_text(&s, FUSHO_STORE_JOURNAL, "new", &err), FUSHO_OK);
    cr_assert_eq(write_text(&s, FUSHO_STORE_OUTPUT, "new", &err), FUSHO_OK);
    put_file("theirs", "theirs");
    cr_assert_eq(rename("theirs", "journal"), 0);
    marks_at_removal = -1;
    posix_store_finish(&s, 0);
    cr_expect_eq(marks_at_removal, 0);
    cr_expect_str_eq(file_text("journal"), "theirs");
}

Test(posix_store, a_journal_whose_output_goes_to_a_descriptor_has_no_mark)
{
    posix_store s;
    fusho_error err = FUSHO_ERROR_INIT;
    posix_store_init(&s, NULL, 0);
    posix_store_target_fd(&s, FUSHO_STORE_OUTPUT, 1, "-");
    posix_store_target(&s, FUSHO_STORE_JOURNAL, "journal");
    cr_assert_eq(write_text(&s, FUSHO_STORE_JOURNAL, "new", &err), FUSHO_OK);
    cr_expect_eq(count_temps(), 0);
    posix_store_finish(&s, 1);
    cr_expect_str_eq(file_text("journal"), "new");
}

/* ---- refusals ---- */

static fusho_status check_one(const char *target, int force, fusho_error *err)
{
    posix_store s;
    posix_store_init(&s, NULL, force);
    posix_store_target(&s, FUSHO_STORE_OUTPUT, target);
    return posix_store_check(&s, err);
}

#define NO_FILE "出力先がフォルダーや標準出力など、ファイルではないものなので、上書きできません。"

Test(posix_store, refuses_targets_that_cannot_be)
{
    static const struct {
        const char *target;
        int force;
        const char *message;
    } rows[] = {
        {"there", 0, "出力先のファイルがすでにあります。"},
        {"dangling", 0, "出力先のファイルがすでにあります。"},
        {"link", 0, "出力先のファイルがすでにあります。"},
        {"sub", 0, NO_FILE},
        {"device", 0, NO_FILE},
        {"pipe", 0, NO_FILE},
        {"pipe", 1, NO_FILE},
        {"chain", 1, NO_FILE},
        {"folder", 1, NO_FILE},
        {"circle", 1, NO_FILE},
        {"sub", 1, NO_FILE},
        {"/dev/null", 1, NO_FILE},
        {"device", 1, NO_FILE},
        {"sub/", 1, "出力先がファイル名になっていません。"},
        {"", 1, "出力先がファイル名になっていません。"},
        {"missing/out", 1,
         "出力先のフォルダーに書けません（ファイルまたはフォルダーがありません）。"},
        {"there/out", 1,
         "出力先のフォルダーに書けません（指定した場所の途中にフォルダーではないものがあります）"
         "。"},
    };
    size_t i;
    put_file("there", "x");
    cr_assert_eq(mkdir("sub", 0700), 0);
    cr_assert_eq(symlink("nowhere", "dangling"), 0);
    cr_assert_eq(symlink("there", "link"), 0);
    cr_assert_eq(symlink("/dev/full", "device"), 0);
    cr_assert_eq(mkfifo("fifo", 0600), 0);
    cr_assert_eq(symlink("fifo", "pipe"), 0);
    cr_assert_eq(symlink("pipe", "chain"), 0);
    cr_assert_eq(symlink("sub", "folder"), 0);
    cr_assert_eq(symlink("circle", "circle"), 0);
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        fusho_error err = FUSHO_ERROR_INIT;
        cr_expect_eq(check_one(rows[i].target, rows[i].force, &err), FUSHO_E_STORE, "row %zu", i);
        cr_expect_str_eq(err.code, "S701", "row %zu", i);
        cr_expect_str_eq(err.message_ja, rows[i].message, "row %zu", i);
        cr_expect_str_eq(err.file, rows[i].target, "row %zu", i);
    }
}

Test(posix_store, allows_targets_that_can_be)
{
    static const struct {
        const char *target;
        int force;
    } rows[] = {{"new", 0},   {"./new", 0}, {"sub/new", 0},
                {"there", 1}, {"link", 1},  {"dangling", 1}};
    size_t i;
    put_file("there", "x");
    cr_assert_eq(mkdir("sub", 0700), 0);
    cr_assert_eq(symlink("nowhere", "dangling"), 0);
    cr_assert_eq(symlink("there", "link"), 0);
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        fusho_error err = FUSHO_ERROR_INIT;
        cr_expect_eq(check_one(rows[i].target, rows[i].force, &err), FUSHO_OK, "row %zu", i);
    }
}

/* For which "devices" is the system's folder. */
static int stat_devices(const char *path, struct stat *st)
{
    return stat(strcmp(path, "/dev") == 0 ? "devices" : path, st);
}

Test(posix_store, links_in_the_folder_of_devices_are_refused)
{
    static const char *const targets[] = {"devices/out", "devices/away", "./devices/out"};
    posix_calls calls = posix_calls_libc;
    size_t i;
    calls.stat = stat_devices;
    put_file("there", "x");
    cr_assert_eq(mkdir("devices", 0700), 0);
    cr_assert_eq(symlink("../there", "devices/out"), 0);
    cr_assert_eq(symlink("nowhere", "devices/away"), 0);
    for (i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        fusho_error err = FUSHO_ERROR_INIT;
        posix_store s;
        cr_expect_eq(check_one(targets[i], 1, &err), FUSHO_OK, "row %zu, a folder like any", i);
        posix_store_init(&s, &calls, 1);
        posix_store_target(&s, FUSHO_STORE_REPORT, targets[i]);
        cr_expect_eq(posix_store_check(&s, &err), FUSHO_E_STORE, "row %zu", i);
        cr_expect_str_eq(err.code, "S701", "row %zu", i);
    }
}

Test(posix_store, a_link_to_what_is_open_as_standard_output_is_refused)
{
    static const char *const targets[] = {"direct", "descriptor"};
    int kept = dup(STDOUT_FILENO), fd;
    size_t i;
    put_file("listing", "x");
    put_file("plain", "x");
    cr_assert_eq(symlink("listing", "direct"), 0);
    cr_assert_eq(symlink("/proc/self/fd/1", "descriptor"), 0);
    fd = open("listing", O_WRONLY);
    cr_assert(kept >= 0 && fd >= 0 && dup2(fd, STDOUT_FILENO) == STDOUT_FILENO);
    for (i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        fusho_error err = FUSHO_ERROR_INIT;
        cr_expect_eq(check_one(targets[i], 1, &err), FUSHO_E_STORE, "row %zu", i);
        cr_expect_str_eq(err.code, "S701", "row %zu", i);
    }
    dup2(kept, STDOUT_FILENO);
    close(kept);
    close(fd);
    cr_expect_eq(check_one("direct", 1, NULL), FUSHO_OK, "without that it is a link to a file");
}

Test(posix_store, a_read_only_folder_is_refused)
{
    fusho_error err = FUSHO_ERROR_INIT;
    posix_store s;
    cr_assert_eq(mkdir("sub", 0500), 0);
    no_fault();
    if (geteuid() == 0) /* permissions do not stop root: the third call, writable, has to say it */
        fail_at(2, EACCES);
    posix_store_init(&s, &bad_calls, 0);
    posix_store_target(&s, FUSHO_STORE_OUTPUT, "sub/out");
    cr_assert_eq(posix_store_check(&s, &err), FUSHO_E_STORE);
    cr_expect_str_eq(err.message_ja,
                     "出力先のフォルダーに書けません（読み書きする権限がありません）。");
    cr_expect_str_eq(err.code, "S701");
}

Test(posix_store, two_targets_are_never_one_file)
{
    static const char *const pairs[][2] = {{"x", "x"}, {"x", "./x"}, {"sub/x", "alias/x"}};
    size_t i;
    cr_assert_eq(mkdir("sub", 0700), 0);
    cr_assert_eq(symlink("sub", "alias"), 0);
    for (i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        posix_store s;
        fusho_error err = FUSHO_ERROR_INIT;
        posix_store_init(&s, NULL, 1);
        posix_store_target(&s, FUSHO_STORE_OUTPUT, pairs[i][0]);
        posix_store_target(&s, FUSHO_STORE_REPORT, pairs[i][1]);
        cr_expect_eq(posix_store_check(&s, &err), FUSHO_E_STORE, "row %zu", i);
        cr_expect_str_eq(err.message_ja, "同じファイルが二つの出力先に指定されています。",
                         "row %zu", i);
    }
}

Test(posix_store, a_target_is_never_the_input)
{
    static const char *const targets[] = {"in", "./in", "hard", "soft", "chain"};
    size_t i;
    posix_source in;
    fusho_error err = FUSHO_ERROR_INIT;
    put_file("in", "claims");
    cr_assert_eq(link("in", "hard"), 0);
    cr_assert_eq(symlink("in", "soft"), 0);
    cr_assert_eq(symlink("soft", "chain"), 0);
    cr_assert_eq(posix_source_open(&in, NULL, "chain", "", &err), FUSHO_OK);
    for (i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        posix_store s;
        posix_store_init(&s, NULL, 1);
        posix_store_target(&s, FUSHO_STORE_JOURNAL, targets[i]);
        cr_expect_eq(posix_store_check_source(&s, &in, &err), FUSHO_E_STORE, "row %zu", i);
        cr_expect_str_eq(err.code, "S701", "row %zu", i);
        cr_expect_str_eq(err.message_ja, "出力先が入力と同じファイルです。", "row %zu", i);
    }
    posix_source_close(&in);
}

Test(posix_store, a_target_that_appears_during_the_run_is_not_touched)
{
    posix_store s;
    fusho_stream out;
    fusho_error err = FUSHO_ERROR_INIT;
    int round;
    for (round = 0; round < 2; round++) {
        no_fault();
        fault.no_replace = round == 1;
        posix_store_init(&s, &bad_calls, 0);
        posix_store_target(&s, FUSHO_STORE_OUTPUT, "out");
        cr_assert_eq(posix_store_check(&s, &err), FUSHO_OK);
        cr_assert_eq(posix_store_begin(&s, FUSHO_STORE_OUTPUT, &out, &err), FUSHO_OK);
        put_file("out", "theirs");
        cr_expect_eq(posix_store_commit(&s, FUSHO_STORE_OUTPUT, &err), FUSHO_E_STORE);
        cr_expect_str_eq(err.code, "S701");
        cr_expect_str_eq(file_text("out"), "theirs");
        cr_expect_eq(count_temps(), 0);
        posix_store_finish(&s, 0);
        cr_assert_eq(unlink("out"), 0);
    }
}

Test(posix_store, calls_in_the_wrong_order_are_refused)
{
    posix_store s;
    fusho_stream out;
    fusho_error err = FUSHO_ERROR_INIT;
    posix_store_init(&s, NULL, 0);
    posix_store_target(&s, FUSHO_STORE_OUTPUT, "out");
    cr_expect_eq(posix_store_begin(&s, FUSHO_STORE_JOURNAL, &out, &err), FUSHO_E_STORE);
    cr_expect_eq(posix_store_begin(&s, -1, &out, &err), FUSHO_E_STORE);
    cr_expect_eq(posix_store_begin(&s, FUSHO_STORE_ROLES, &out, &err), FUSHO_E_STORE);
    cr_expect_eq(posix_store_commit(&s, FUSHO_STORE_OUTPUT, &err), FUSHO_E_STORE);
    cr_expect_eq(posix_store_commit(&s, 99, &err), FUSHO_E_STORE);
    cr_assert_eq(posix_store_begin(&s, FUSHO_STORE_OUTPUT, &out, &err), FUSHO_OK);
    cr_expect_eq(posix_store_begin(&s, FUSHO_STORE_OUTPUT, &out, &err), FUSHO_E_STORE);
    cr_expect_str_eq(err.code, "S702");
    posix_store_abort(&s, 99);
    posix_store_finish(&s, 0);
    cr_expect_eq(count_temps(), 0);
}

/* ---- faults ---- */

Test(posix_store, short_writes_and_interruptions_are_gone_over)
{
    fusho_error err = FUSHO_ERROR_INIT;
    no_fault();
    fault.tiny = true;
    cr_assert_eq(write_three(&bad_calls, 0, &err), FUSHO_OK, "%s", err.message_ja);
    cr_expect_str_eq(file_text("out"), "new out");
    cr_expect_str_eq(file_text("journal"), "new journal");
    cr_expect_str_eq(file_text("report"), "new report");
}

Test(posix_store, any_single_fault_leaves_all_or_nothing)
{
    static const int errors[] = {EIO, ENOSPC, ENOMEM};
    static const struct {
        int force;
        bool no_replace;
        const char *old; /* NULL: no file there */
    } rows[] = {{0, false, NULL}, {0, true, NULL}, {1, false, NULL}, {1, false, "old"}};
    size_t i, k;
    long n;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (k = 0; k < sizeof errors / sizeof errors[0]; k++) {
            for (n = 0;; n++) {
                fusho_error err = FUSHO_ERROR_INIT;
                fusho_status st;
                const char *old = rows[i].old ? rows[i].old : "(none)";
                unlink("out"), unlink("journal"), unlink("report");
                if (rows[i].old)
                    put_file("out", "old"), put_file("journal", "old"), put_file("report", "old");
                no_fault();
                fault.no_replace = rows[i].no_replace;
                fail_at(n, errors[k]);
                st = write_three(&bad_calls, rows[i].force, &err);
                cr_expect_eq(count_temps(), 0, "row %zu, call %ld", i, n);
                cr_expect_str_eq(file_text("out"), st ? old : "new out", "row %zu, call %ld", i, n);
                cr_expect_str_eq(file_text("journal"), st ? old : "new journal",
                                 "row %zu, call %ld", i, n);
                cr_expect_str_eq(file_text("report"), st ? old : "new report", "row %zu, call %ld",
                                 i, n);
                if (n == 0)
                    cr_expect_lt(st, 0, "row %zu: the first call counts", i);
                if (st && err.status)
                    cr_expect(err.message_ja[0] != '\0', "row %zu, call %ld", i, n);
                if (!fault.hit)
                    break;
            }
            cr_expect_gt(n, 20, "row %zu", i);
        }
    }
}

Test(posix_store, a_full_disk_is_named)
{
    posix_store s;
    fusho_stream out;
    fusho_error err = FUSHO_ERROR_INIT;
    no_fault();
    posix_store_init(&s, &bad_calls, 0);
    posix_store_target(&s, FUSHO_STORE_OUTPUT, "out");
    cr_assert_eq(posix_store_begin(&s, FUSHO_STORE_OUTPUT, &out, &err), FUSHO_OK);
    fail_at(0, ENOSPC);
    cr_expect_eq(posix_store_commit(&s, FUSHO_STORE_OUTPUT, &err), FUSHO_E_STORE);
    cr_expect_str_eq(err.code, "S702");
    cr_expect_str_eq(err.message_ja,
                     "出力を書き終えられませんでした（ディスクの空きがありません）。");
    cr_expect_str_eq(err.message_en,
                     "could not finish writing the output: no space left on the disk");
    posix_store_finish(&s, 0);
    cr_expect_str_eq(file_text("out"), "(none)");
}

Test(posix_store, a_descriptor_gets_everything_at_commit_and_nothing_before)
{
    posix_store s;
    fusho_stream out;
    fusho_error err = FUSHO_ERROR_INIT;
    int fd = open("pipe", O_RDWR | O_CREAT, 0600);
    no_fault();
    fault.tiny = true;
    posix_store_init(&s, &bad_calls, 0);
    s.spool_folder = ".";
    posix_store_target_fd(&s, FUSHO_STORE_OUTPUT, fd, "-");
    cr_assert_eq(posix_store_check(&s, &err), FUSHO_OK);
    cr_assert_eq(posix_store_begin(&s, FUSHO_STORE_OUTPUT, &out, &err), FUSHO_OK);
    cr_expect_eq(count_temps(), 0, "the spool has no name");
    cr_expect_eq(out.write(out.ctx, "claims", 6), 6);
    cr_expect_str_eq(file_text("pipe"), "");
    cr_expect_eq(posix_store_commit(&s, FUSHO_STORE_OUTPUT, &err), FUSHO_OK);
    cr_expect_str_eq(file_text("pipe"), "claims");
    posix_store_finish(&s, 0);
    close(fd);
}

Test(posix_store, a_descriptor_that_is_full_fails_the_commit)
{
    posix_store s;
    fusho_stream out;
    fusho_error err = FUSHO_ERROR_INIT;
    int fd = open("/dev/full", O_WRONLY);
    cr_assert_geq(fd, 0);
    posix_store_init(&s, NULL, 0);
    posix_store_target_fd(&s, FUSHO_STORE_OUTPUT, fd, "-");
    cr_assert_eq(posix_store_begin(&s, FUSHO_STORE_OUTPUT, &out, &err), FUSHO_OK);
    cr_expect_eq(out.write(out.ctx, "claims", 6), 6);
    cr_expect_eq(posix_store_commit(&s, FUSHO_STORE_OUTPUT, &err), FUSHO_E_STORE);
    cr_expect_str_eq(err.code, "S702");
    posix_store_finish(&s, 0);
    close(fd);
}

/* ---- input ---- */

Test(posix_store, input_reads_the_same_bytes_again_after_rewind)
{
    posix_source in;
    fusho_error err = FUSHO_ERROR_INIT;
    char buf[16];
    int round;
    put_file("in", "abc");
    no_fault();
    fault.tiny = true;
    cr_assert_eq(posix_source_open(&in, &bad_calls, "in", "", &err), FUSHO_OK);
    cr_expect_eq(in.size, 3);
    for (round = 0; round < 2; round++) {
        cr_expect_eq(in.stream.read(in.stream.ctx, buf, sizeof buf), 1);
        cr_expect_eq(buf[0], 'a');
        cr_expect_eq(in.stream.read(in.stream.ctx, buf, sizeof buf), 1);
        cr_expect_eq(in.stream.read(in.stream.ctx, buf, sizeof buf), 1);
        cr_expect_eq(in.stream.read(in.stream.ctx, buf, sizeof buf), 0);
        cr_expect_eq(in.stream.rewind(in.stream.ctx), 0);
    }
    fail_at(0, EIO);
    cr_expect_eq(in.stream.read(in.stream.ctx, buf, sizeof buf), -1);
    fail_at(0, EIO);
    cr_expect_eq(in.stream.rewind(in.stream.ctx), -1);
    posix_source_close(&in);
    posix_source_close(&in);
}

Test(posix_store, input_must_be_a_regular_file)
{
    static const struct {
        const char *path, *message;
    } rows[] = {
        {"missing", "ファイルを開けません（ファイルまたはフォルダーがありません）。"},
        {"sub", "ファイルではなくフォルダーが指定されています。"},
        {"fifo", "通常のファイルではないため読めません。"},
        {"/dev/null", "通常のファイルではないため読めません。"},
    };
    size_t i;
    cr_assert_eq(mkdir("sub", 0700), 0);
    cr_assert_eq(mkfifo("fifo", 0600), 0);
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        posix_source in;
        fusho_error err = FUSHO_ERROR_INIT;
        cr_expect_eq(posix_source_open(&in, NULL, rows[i].path, "", &err), FUSHO_E_INPUT, "row %zu",
                     i);
        cr_expect_str_eq(err.message_ja, rows[i].message, "row %zu", i);
        cr_expect_eq(in.fd, -1, "row %zu", i);
    }
}

static int yes(void *ctx)
{
    return ctx == NULL;
}

static int64_t poured; /* bytes still to come from a pipe, of which none is kept */

static ssize_t pouring_read(int fd, void *p, size_t n)
{
    (void)fd;
    memset(p, '\n', 1);
    if (poured < (int64_t)n)
        n = (size_t)poured;
    poured -= (int64_t)n;
    return (ssize_t)n;
}

static ssize_t swallowing_write(int fd, const void *p, size_t n)
{
    (void)fd;
    (void)p;
    return (ssize_t)n;
}

Test(posix_store, standard_input_may_have_4_gib)
{
    static const struct {
        int64_t bytes;
        fusho_status status;
    } rows[] = {{SPOOL_BYTES_MAX, FUSHO_OK},
                {SPOOL_BYTES_MAX + 1, FUSHO_E_LIMIT},
                {INT64_MAX, FUSHO_E_LIMIT}};
    posix_calls calls = posix_calls_libc;
    size_t i;
    calls.read = pouring_read;
    calls.write = swallowing_write;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        posix_source in;
        fusho_error err = FUSHO_ERROR_INIT;
        poured = rows[i].bytes;
        cr_expect_eq(posix_source_spool(&in, &calls, 0, ".", NULL, NULL, &err), rows[i].status,
                     "row %zu", i);
        if (rows[i].status) {
            cr_expect_str_eq(err.code, "F113");
            cr_expect_str_eq(err.message_ja, "標準入力の大きさが上限 SPOOL_BYTES_MAX (4294967296) "
                                             "を超えています。");
            cr_expect_str_eq(err.message_en, "limit SPOOL_BYTES_MAX (4294967296) exceeded");
        }
        posix_source_close(&in);
        cr_expect_eq(count_temps(), 0, "row %zu", i);
    }
}

Test(posix_store, spool_makes_a_pipe_rewindable_and_leaves_no_file_on_any_fault)
{
    long n;
    for (n = 0;; n++) {
        posix_source in;
        fusho_error err = FUSHO_ERROR_INIT;
        fusho_status st;
        char buf[8] = "";
        int fd[2];
        cr_assert_eq(pipe(fd), 0);
        cr_assert_eq(write(fd[1], "claims", 6), 6);
        close(fd[1]);
        no_fault();
        fail_at(n, EIO);
        st = posix_source_spool(&in, &bad_calls, fd[0], ".", NULL, NULL, &err);
        cr_expect_eq(count_temps(), 0, "call %ld", n);
        if (st == FUSHO_OK) {
            fault.left = -1;
            cr_expect_eq(in.size, 6, "call %ld", n);
            cr_expect_eq(in.stream.read(in.stream.ctx, buf, 7), 6, "call %ld", n);
            cr_expect_str_eq(buf, "claims", "call %ld", n);
            cr_expect_eq(in.stream.rewind(in.stream.ctx), 0);
        }
        posix_source_close(&in);
        close(fd[0]);
        if (n == 0)
            cr_expect_lt(st, 0);
        if (!fault.hit)
            break;
    }
    cr_expect_gt(n, 5);
}

Test(posix_store, spool_stops_when_told_to)
{
    posix_source in;
    fusho_error err = FUSHO_ERROR_INIT;
    int fd[2];
    cr_assert_eq(pipe(fd), 0);
    no_fault();
    fail_at(3, EINTR); /* random, open, unlink, read */
    cr_expect_eq(posix_source_spool(&in, &bad_calls, fd[0], ".", yes, NULL, &err), FUSHO_CANCELLED);
    cr_expect(fault.hit);
    close(fd[0]);
    close(fd[1]);
}

Test(posix_store, a_file_behind_standard_input_is_known_as_the_input)
{
    posix_source in;
    posix_store s;
    fusho_error err = FUSHO_ERROR_INIT;
    int fd;
    put_file("in", "claims");
    fd = open("in", O_RDONLY);
    cr_assert_eq(posix_source_spool(&in, NULL, fd, ".", NULL, NULL, &err), FUSHO_OK);
    posix_store_init(&s, NULL, 1);
    posix_store_target(&s, FUSHO_STORE_OUTPUT, "in");
    cr_expect_eq(posix_store_check_source(&s, &in, &err), FUSHO_E_STORE);
    posix_source_close(&in);
    close(fd);
}

/* ---- evidence ---- */

static char seen[4096];

static fusho_status note(void *ctx, fusho_text name, posix_source *in, fusho_error *err)
{
    char c = '?';
    (void)ctx;
    (void)err;
    if (in->stream.read(in->stream.ctx, &c, 1) < 0)
        c = '!';
    snprintf(seen + strlen(seen), sizeof seen - strlen(seen), "%.*s=%c ", (int)name.n, name.p, c);
    return FUSHO_OK;
}

static fusho_status walk(const posix_calls *calls, const char *path, fusho_error *err)
{
    posix_evidence e = {calls, &posix_captures, note, NULL, 0, NULL, 0, 0};
    fusho_status st;
    seen[0] = '\0';
    st = posix_evidence_walk(&e, path, err);
    posix_evidence_end(&e);
    return st;
}

static void make_evidence(void)
{
    cr_assert_eq(mkdir("ev", 0700), 0);
    cr_assert_eq(mkdir("ev/2026-10", 0700), 0);
    cr_assert_eq(mkdir("ev/.git", 0700), 0);
    cr_assert_eq(mkdir("ev/dir.xml", 0700), 0);
    put_file("ev/b.xml", "b");
    put_file("ev/a.CSV", "a");
    put_file("ev/Z.xml.gz", "z");
    put_file("ev/c.csv.GZ", "c");
    put_file("ev/2026-10/x.Xml", "x");
    put_file("ev/.hidden.xml", "h");
    put_file("ev/.git/g.xml", "g");
    put_file("ev/dir.xml/d.csv", "d");
    put_file("ev/note.txt", "n");
    put_file("ev/._b.xml", "n");
    put_file("ev/plain.gz", "n");
    put_file("outside.xml", "o");
    cr_assert_eq(mkfifo("ev/fifo.xml", 0600), 0);
    cr_assert_eq(symlink("../outside.xml", "ev/out.xml"), 0);
    cr_assert_eq(symlink("/etc/passwd", "ev/passwd.csv"), 0);
    cr_assert_eq(symlink("..", "ev/up"), 0);
    cr_assert_eq(symlink("2026-10", "ev/month"), 0);
    cr_assert_eq(symlink("b.xml", "ev/again.xml"), 0);
    cr_assert_eq(symlink("note.txt", "ev/inside.xml"), 0);
    cr_assert_eq(symlink("inside.xml", "ev/inside2.xml"), 0);
    cr_assert_eq(symlink("nowhere", "ev/dangling.xml"), 0);
}

Test(posix_store, evidence_folder_is_read_sorted_and_never_left)
{
    static const char *const given[] = {"ev", "ev/", "./ev", "link"};
    static const char *const want[] = {
        "ev/.hidden.xml=h ev/2026-10/x.Xml=x ev/Z.xml.gz=z ev/a.CSV=a ev/b.xml=b ev/c.csv.GZ=c "
        "ev/dir.xml/d.csv=d ev/inside.xml=n ",
        "ev/.hidden.xml=h ev/2026-10/x.Xml=x ev/Z.xml.gz=z ev/a.CSV=a ev/b.xml=b ev/c.csv.GZ=c "
        "ev/dir.xml/d.csv=d ev/inside.xml=n ",
        "./ev/.hidden.xml=h ./ev/2026-10/x.Xml=x ./ev/Z.xml.gz=z ./ev/a.CSV=a ./ev/b.xml=b "
        "./ev/c.csv.GZ=c "
        "./ev/dir.xml/d.csv=d ./ev/inside.xml=n ",
        "link/.hidden.xml=h link/2026-10/x.Xml=x link/Z.xml.gz=z link/a.CSV=a link/b.xml=b "
        "link/c.csv.GZ=c "
        "link/dir.xml/d.csv=d link/inside.xml=n ",
    };
    size_t i;
    make_evidence();
    cr_assert_eq(symlink("ev", "link"), 0);
    for (i = 0; i < sizeof given / sizeof given[0]; i++) {
        fusho_error err = FUSHO_ERROR_INIT;
        cr_expect_eq(walk(NULL, given[i], &err), FUSHO_OK, "row %zu: %s", i, err.message_ja);
        cr_expect_str_eq(seen, want[i], "row %zu", i);
    }
}

Test(posix_store, evidence_file_is_read_whatever_its_name)
{
    fusho_error err = FUSHO_ERROR_INIT;
    put_file(".odd name", "q");
    cr_expect_eq(walk(NULL, ".odd name", &err), FUSHO_OK);
    cr_expect_str_eq(seen, ".odd name=q ");
}

Test(posix_store, evidence_folder_may_be_empty_but_must_be_there)
{
    fusho_error err = FUSHO_ERROR_INIT;
    cr_assert_eq(mkdir("empty", 0700), 0);
    cr_expect_eq(walk(NULL, "empty", &err), FUSHO_OK);
    cr_expect_str_eq(seen, "");
    cr_expect_eq(walk(NULL, "missing", &err), FUSHO_E_INPUT);
    cr_expect_str_eq(err.code, "E501");
    cr_expect_str_eq(err.file, "missing");
    cr_expect_str_eq(err.message_ja, "窓口記録のファイルまたはフォルダーが見つかりません。");
    cr_assert_eq(mkfifo("fifo", 0600), 0);
    cr_expect_eq(walk(NULL, "fifo", &err), FUSHO_E_INPUT);
    cr_expect_str_eq(err.code, "E501");
}

Test(posix_store, evidence_names_are_shown_as_text)
{
    fusho_error err = FUSHO_ERROR_INIT;
    cr_assert_eq(mkdir("ev", 0700), 0);
    put_file("ev/\x8e\x91\x0a.xml", "s");
    put_file("ev/資格.xml", "u");
    cr_expect_eq(walk(NULL, "ev", &err), FUSHO_OK);
    cr_expect_str_eq(seen, "ev/???.xml=s ev/資格.xml=u ");
}

Test(posix_store, evidence_depth_is_limited)
{
    fusho_error err = FUSHO_ERROR_INIT;
    char path[256] = "d";
    unsigned depth;
    cr_assert_eq(mkdir(path, 0700), 0);
    for (depth = 0; depth < EVIDENCE_DEPTH_MAX; depth++) {
        strcat(path, "/d");
        cr_assert_eq(mkdir(path, 0700), 0);
    }
    cr_expect_eq(walk(NULL, "d", &err), FUSHO_OK);
    strcat(path, "/d");
    cr_assert_eq(mkdir(path, 0700), 0);
    cr_expect_eq(walk(NULL, "d", &err), FUSHO_E_LIMIT);
    cr_expect_str_eq(err.message_ja,
                     "窓口記録や控えを探す範囲が上限 EVIDENCE_DEPTH_MAX (16) を超えています。");
}

Test(posix_store, evidence_files_are_limited_over_all_paths)
{
    posix_evidence e = {NULL, &posix_captures, note, NULL, EVIDENCE_FILES_MAX - 1, NULL, 0, 0};
    fusho_error err = FUSHO_ERROR_INIT;
    cr_assert_eq(mkdir("ev", 0700), 0);
    put_file("ev/a.xml", "a");
    put_file("b.xml", "b");
    seen[0] = '\0';
    cr_expect_eq(posix_evidence_walk(&e, "ev", &err), FUSHO_OK);
    cr_expect_eq(posix_evidence_walk(&e, "b.xml", &err), FUSHO_E_LIMIT);
    cr_expect_str_eq(err.message_ja,
                     "窓口記録や控えを探す範囲が上限 EVIDENCE_FILES_MAX (20000) を超えています。");
    cr_expect_str_eq(seen, "ev/a.xml=a ");
    posix_evidence_end(&e);
}

Test(posix_store, a_file_named_twice_is_read_once)
{
    posix_evidence e = {NULL, &posix_captures, note, NULL, 0, NULL, 0, 0};
    fusho_error err = FUSHO_ERROR_INIT;
    cr_assert_eq(mkdir("ev", 0700), 0);
    put_file("ev/a.xml", "a");
    put_file("ev/b.xml", "b");
    cr_assert_eq(symlink("ev", "same"), 0);
    seen[0] = '\0';
    cr_expect_eq(posix_evidence_walk(&e, "ev/b.xml", &err), FUSHO_OK);
    cr_expect_eq(posix_evidence_walk(&e, "ev", &err), FUSHO_OK);
    cr_expect_eq(posix_evidence_walk(&e, "same", &err), FUSHO_OK);
    cr_expect_str_eq(seen, "ev/b.xml=b ev/a.xml=a ");
    cr_expect_eq(e.files, 2);
    posix_evidence_end(&e);
}

Test(posix_store, evidence_is_read_completely_or_refused_on_any_fault)
{
    static const int errors[] = {EIO, ENOMEM};
    const char *want =
        "ev/.hidden.xml=h ev/2026-10/x.Xml=x ev/Z.xml.gz=z ev/a.CSV=a ev/b.xml=b ev/c.csv.GZ=c "
        "ev/dir.xml/d.csv=d ev/inside.xml=n ";
    size_t k;
    long n;
    make_evidence();
    for (k = 0; k < sizeof errors / sizeof errors[0]; k++) {
        for (n = 0;; n++) {
            fusho_error err = FUSHO_ERROR_INIT;
            fusho_status st;
            no_fault();
            fail_at(n, errors[k]);
            st = walk(&bad_calls, "ev", &err);
            if (!strchr(seen, '!') && st == FUSHO_OK)
                cr_expect_str_eq(seen, want, "call %ld", n);
            if (st)
                cr_expect(err.message_ja[0] != '\0', "call %ld", n);
            if (n == 0)
                cr_expect_lt(st, 0);
            if (!fault.hit)
                break;
        }
        cr_expect_gt(n, 40);
    }
}

/* ---- the rest ---- */

Test(posix_store, names_are_shown_without_harm)
{
    static const struct {
        const char *name, *shown;
        size_t size;
    } rows[] = {
        {"a/b.uke", "a/b.uke", 64},
        {"資格", "資格", 7},
        {"資格", "資", 6},
        {"資格", "資", 4},
        {"資格", "", 3},
        {"資格", "", 1},
        {"\x1b[31m\n", "?[31m?", 64},
        {"\xc0\xaf\xed\xa0\x80\xf5", "??????", 64},
        {"\xe3\x81", "??", 64},
        {"\xc2\x9b\xe2\x80\xae", "?????", 64},
        {"𠮷", "𠮷", 64},
    };
    size_t i;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char buf[64];
        size_t n = posix_shown_name(buf, rows[i].size, rows[i].name);
        cr_expect_str_eq(buf, rows[i].shown, "row %zu", i);
        cr_expect_eq(n, strlen(rows[i].shown), "row %zu", i);
    }
}

Test(posix_store, the_day_is_the_one_in_japan)
{
    static const struct {
        long long t;
        int32_t day;
    } rows[] = {
        {0, 19700101},          {1790866799, 20261001}, {1790866800, 20261002},
        {1772204400, 20260228}, {1709132400, 20240229}, {1798729199, 20261231},
        {1798729200, 20270101},
    };
    size_t i;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++)
        cr_expect_eq(posix_day_jst((time_t)rows[i].t), rows[i].day, "row %zu: %d", i,
                     posix_day_jst((time_t)rows[i].t));
    cr_expect_gt(posix_today(NULL), 20240000);
}
