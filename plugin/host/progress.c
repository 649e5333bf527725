#include "progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "help.h"

#define WAIT_MS 1000
#define REDRAW_MS 100
#define BAR_CELLS 20
#define LONGEST_LEFT_S 360000 /* beyond, a time left says nothing */

static int64_t now_ms(void)
{
    struct timespec t;
    if (clock_gettime(CLOCK_MONOTONIC, &t))
        return 0;
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void progress_start(progress *p, const char *when, bool english)
{
    bool never = when && strcmp(when, "never") == 0;
    memset(p, 0, sizeof *p);
    p->english = english;
    p->always = when && strcmp(when, "always") == 0;
    p->wanted = p->always || (!never && isatty(STDERR_FILENO));
    p->start_ms = now_ms();
    p->not_before_ms = p->start_ms + (p->always ? 0 : WAIT_MS);
}

/* ---- the line ---- */

static void put_bar(char out[BAR_CELLS + 3], const progress_state *s)
{
    int i, cells = (int)((double)s->done / (double)s->total * BAR_CELLS);
    out[0] = '[';
    for (i = 0; i < BAR_CELLS; i++)
        out[1 + i] = i < cells ? '#' : '.';
    strcpy(out + 1 + BAR_CELLS, "]");
}

static void put_left(char out[48], const progress_state *s, bool english)
{
    double left;
    out[0] = '\0';
    if (s->done <= 0 || s->elapsed < WAIT_MS)
        return;
    left = (double)s->elapsed / 1000 * (double)(s->total - s->done) / (double)s->done;
    if (left < LONGEST_LEFT_S)
        snprintf(out, 48, english ? "  left %d:%02d" : "  残り %d:%02d", (int)left / 60,
                 (int)left % 60);
}

size_t progress_line(char out[PROGRESS_LINE_MAX], bool english, const progress_state *s,
                     size_t columns)
{
    char bar[BAR_CELLS + 3] = "", claims[48], bytes[64], left[48] = "", percent[8] = "";
    bool known = s->total > 0 && s->done >= 0 && s->done <= s->total;
    int drop;
    snprintf(claims, sizeof claims, english ? "%" PRId64 " claims" : "%" PRId64 " 件", s->claims);
    if (known) {
        put_bar(bar, s);
        put_left(left, s, english);
        snprintf(percent, sizeof percent, "%3d%%  ",
                 (int)((double)s->done / (double)s->total * 100));
        snprintf(bytes, sizeof bytes, "  %.1f/%.1f MB", (double)s->done / 1e6,
                 (double)s->total / 1e6);
    } else {
        snprintf(bytes, sizeof bytes, "  %.1f MB", (double)s->done / 1e6);
    }
    for (drop = 0; drop < 4; drop++) {
        snprintf(out, PROGRESS_LINE_MAX, "%s%s%s%s%s%s", drop < 3 ? bar : "",
                 known && drop < 3 ? " " : "", percent, claims, drop < 2 ? bytes : "",
                 drop < 1 ? left : "");
        if (help_width(out) <= columns)
            return help_width(out);
    }
    out[known && columns >= 4 ? 4 : 0] = '\0'; /* "100%" */
    return help_width(out);
}

/* ---- on the terminal ---- */

/* One column less than there are: a line as wide as the terminal would wrap. */
static size_t columns_now(void)
{
    struct winsize w;
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &w) || w.ws_col == 0 || w.ws_col > PROGRESS_COLUMNS)
        return PROGRESS_COLUMNS;
    return w.ws_col - 1u;
}

static void blank_line(progress *p)
{
    size_t n = p->drawn, most = columns_now();
    if (n > 0)
        fprintf(stderr, "\r%*s\r", (int)(n < most ? n : most), "");
    p->drawn = 0;
}

static void draw(progress *p, int64_t claims, int64_t done, int64_t total, int64_t now)
{
    char line[PROGRESS_LINE_MAX];
    progress_state s;
    size_t before = p->drawn, most = columns_now(), n;
    s.claims = claims;
    s.done = done;
    s.total = total;
    s.elapsed = now - p->start_ms;
    n = progress_line(line, p->english, &s, most);
    before = before < most ? before : most;
    fprintf(stderr, "\r%s%*s", line, (int)(before > n ? before - n : 0), "");
    fflush(stderr);
    p->drawn = n;
}

void progress_update(progress *p, int64_t claims, int64_t done, int64_t total)
{
    int64_t now;
    p->claims = claims;
    p->total = total;
    if (!p->wanted || (now = now_ms()) < p->not_before_ms)
        return;
    p->not_before_ms = now + REDRAW_MS;
    draw(p, claims, done, total, now);
}

void progress_full(progress *p)
{
    if (p->wanted && p->total > 0 && (p->drawn > 0 || p->always))
        draw(p, p->claims, p->total, p->total, now_ms());
}

void progress_clear(progress *p)
{
    blank_line(p);
    fflush(stderr);
}

void progress_erase(progress *p)
{
    progress_clear(p);
    p->wanted = false;
}
