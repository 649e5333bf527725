/* The settings file of the command. */
#include <stdlib.h>

#include "host/config_file.h"
#include "fuzz.h"

static void read_as(const uint8_t *data, size_t n, bool english)
{
    char *text = malloc(n + 1);
    config c;
    host_option id = OPT_COUNT;
    const char *value = NULL;
    int rc;
    size_t entries = 0;
    fz_must(text != NULL, "there is memory");
    if (n)
        memcpy(text, data, n);
    config_start(&c, text, n, english);
    while ((rc = config_next(&c, &id, &value)) == 1) {
        fz_must(id < OPT_COUNT && value != NULL, "an entry is an option and a value");
        fz_must(value >= text ? value <= text + n || *value == '\0' : *value == '\0',
                "a value lies in the file");
        fz_must(++entries <= n, "there are no more entries than bytes");
    }
    fz_must(rc == 0 || rc == 2 || rc == 3, "it ends in one of three ways");
    if (rc == 2)
        fz_must(c.complaint[0] && fz_is_utf8(fu_span_str(c.complaint)), "a complaint can be shown");
    fz_must(config_next(&c, &id, &value) != 1, "behind the end is nothing");
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    if (n > CONFIG_BYTES_MAX)
        return 0;
    read_as(data, n, false);
    read_as(data, n, true);
    return 0;
}
