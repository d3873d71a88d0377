// The parts of the Linux interface that the Glibc module leaves out.
#ifndef ATRIUM_CLINUX_SHIM_H
#define ATRIUM_CLINUX_SHIM_H

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

// Declared by hand: glibc shows it only under _GNU_SOURCE.
extern int accept4(int fd, struct sockaddr *address, socklen_t *length, int flags);

#endif
