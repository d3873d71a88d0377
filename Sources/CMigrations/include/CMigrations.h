// The migrations of sql/, part of the program.
#ifndef ATRIUM_CMIGRATIONS_H
#define ATRIUM_CMIGRATIONS_H

typedef struct {
    int version;
    const char *name;
    const char *sql;
} atrium_migration;

// Those there are, in order; null behind the last.
const atrium_migration *atrium_migration_at(int index);

#endif
