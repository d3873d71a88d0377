// Markdown by cmark.
#ifndef ATRIUM_CCMARK_SHIM_H
#define ATRIUM_CCMARK_SHIM_H

#include <cmark.h>

#endif
