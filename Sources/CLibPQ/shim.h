// The client library of PostgreSQL.
#ifndef ATRIUM_CLIBPQ_SHIM_H
#define ATRIUM_CLIBPQ_SHIM_H

#include <libpq-fe.h>

#endif
