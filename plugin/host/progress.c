#include "progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define WAIT_MS 1000
#define REDRAW_MS 100
#define BAR_CELLS 20
#define COLUMNS 79

static int64_t now_ms(void)
{
    struct timespec t;
    if (clock_gettime(CLOCK_MONOTONIC, &t))
        return 0;
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void progress_start(progress *p, const char *when, bool english)
{
    bool always = when && strcmp(when, "always") == 0;
    bool never = when && strcmp(when, "never") == 0;
    memset(p, 0, sizeof *p);
    p->english = english;
    p->wanted = always || (!never && isatty(STDERR_FILENO));
    p->start_ms = now_ms();
    p->not_before_ms = p->start_ms + (always ? 0 : WAIT_MS);
}

void progress_line(char out[PROGRESS_LINE_MAX], bool english, int64_t claims, int64_t done,
                   int64_t total, int64_t elapsed)
{
    char bar[BAR_CELLS + 1], left[48] = "";
    double mb = (double)done / 1e6;
    int cells, i;
    if (total <= 0 || done < 0 || done > total) {
        snprintf(out, PROGRESS_LINE_MAX,
                 english ? "%" PRId64 " claims  %.1f MB" : "%" PRId64 " 件  %.1f MB", claims, mb);
        return;
    }
    cells = (int)((double)done / (double)total * BAR_CELLS);
    for (i = 0; i < BAR_CELLS; i++)
        bar[i] = i < cells ? '#' : '.';
    bar[BAR_CELLS] = '\0';
    if (done > 0 && elapsed >= WAIT_MS) {
        double s = (double)elapsed / 1000 * (double)(total - done) / (double)done;
        if (s < 360000)
            snprintf(left, sizeof left, english ? "  left %d:%02d" : "  残り %d:%02d", (int)s / 60,
                     (int)s % 60);
    }
    snprintf(out, PROGRESS_LINE_MAX,
             english ? "[%s] %3d%%  %" PRId64 " claims  %.1f/%.1f MB%s"
                     : "[%s] %3d%%  %" PRId64 " 件  %.1f/%.1f MB%s",
             bar, (int)((double)done / (double)total * 100), claims, mb, (double)total / 1e6, left);
}

void progress_update(progress *p, int64_t claims, int64_t done, int64_t total)
{
    char line[PROGRESS_LINE_MAX];
    int64_t now;
    if (!p->wanted || (now = now_ms()) < p->not_before_ms)
        return;
    p->not_before_ms = now + REDRAW_MS;
    progress_line(line, p->english, claims, done, total, now - p->start_ms);
    fprintf(stderr, "\r%s", line);
    fflush(stderr);
    p->shown = true;
}

void progress_clear(progress *p)
{
    if (p->shown)
        fprintf(stderr, "\r%*s\r", COLUMNS, "");
    p->shown = false;
}

void progress_erase(progress *p)
{
    progress_clear(p);
    p->wanted = false;
}
