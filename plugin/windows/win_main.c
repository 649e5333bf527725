/* The wide command line becomes the UTF-8 one of main; what is read and written are bytes. */
#include <windows.h>

#include "win_path.h"

int main(int argc, char **argv);
int wmain(int argc, wchar_t **argv);

extern int _dowildcard;
int _dowildcard = -1; /* the shells of Windows leave *.UKE to the program */

int wmain(int argc, wchar_t **argv)
{
    char **utf8 = calloc((size_t)argc + 1, sizeof *utf8);
    int i, status = 3;
    for (i = 0; i < 3; i++)
        _setmode(i, O_BINARY);
    for (i = 0; utf8 && i < argc; i++) {
        utf8[i] = win_utf8(argv[i]);
        if (!utf8[i]) {
            fprintf(stderr, "fusho: 引数 %d は使えない文字を含んでいます。\n", i);
            break;
        }
    }
    if (utf8 && i == argc)
        status = main(argc, utf8);
    for (i = 0; utf8 && i < argc; i++)
        free(utf8[i]);
    free(utf8);
    return status;
}
