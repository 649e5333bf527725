/* platform: what the command asks its system for, besides files.
 *
 * Invariants
 *   - every text is UTF-8 and lasts until the program ends
 *   - the environment is read here and in color.c, nowhere else
 */
#ifndef FUSHO_HOST_PLATFORM_H
#define FUSHO_HOST_PLATFORM_H
#include <stdbool.h>

/* No memory dump of a run that fails may be left on disk: it would hold the patients of the file. */
void platform_refuse_dumps(void);
/* Where the plugin is when none is named. */
const char *platform_plugin(void);
/* For files that are gone when the run ends. */
const char *platform_temp_folder(void);
/* The folder of the user's settings and *name, the settings file in it; NULL: there is none. */
const char *platform_settings_folder(const char **name);
/* Whether fd is a terminal that understands colour codes. */
bool platform_shows_color(int fd);

#endif
