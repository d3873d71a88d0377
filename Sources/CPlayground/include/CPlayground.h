// The files of the playground, in the binary. The compiler of C reads them (`#embed`): Swift's would take minutes.
#ifndef ATRIUM_CPLAYGROUND_H
#define ATRIUM_CPLAYGROUND_H

#include <stddef.h>

struct atrium_playground_file {
    const char *name;
    /// Text, which ends with a zero.
    const unsigned char *text;
};

/// In the order of their names; the last one has no name.
const struct atrium_playground_file *atrium_playground_files(void);

#endif
