// Password hashing by libxcrypt.
#ifndef ATRIUM_CCRYPT_SHIM_H
#define ATRIUM_CCRYPT_SHIM_H

#include <crypt.h>

#endif
