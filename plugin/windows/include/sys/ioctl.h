/* sys/ioctl: how wide the console is. */
#ifndef FUSHO_WINDOWS_IOCTL_H
#define FUSHO_WINDOWS_IOCTL_H

#define TIOCGWINSZ 1

struct winsize {
    unsigned short ws_col;
};

int ioctl(int fd, int what, struct winsize *size);

#endif
