// zlib, and functions in place of the macros that Swift cannot call.
#ifndef ATRIUM_CZLIB_SHIM_H
#define ATRIUM_CZLIB_SHIM_H

#include <zlib.h>

static inline int atrium_deflate_init(z_stream *stream, int level, int window_bits, int memory_level) {
    return deflateInit2(stream, level, Z_DEFLATED, window_bits, memory_level, Z_DEFAULT_STRATEGY);
}
static inline int atrium_inflate_init(z_stream *stream, int window_bits) { return inflateInit2(stream, window_bits); }

#endif
