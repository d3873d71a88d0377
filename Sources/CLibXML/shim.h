// HTML parsing by libxml2.
#ifndef ATRIUM_CLIBXML_SHIM_H
#define ATRIUM_CLIBXML_SHIM_H

// Debian builds libxml2 with ICU, whose headers Foundation has copies of: both together do not compile.
#include <libxml/xmlversion.h>
#undef LIBXML_ICU_ENABLED

#include <libxml/HTMLparser.h>
#include <libxml/parser.h>
#include <libxml/tree.h>

#endif
