#include "CPlayground.h"

// Of C23, and of this compiler before that is the standard it speaks.
#pragma clang diagnostic ignored "-Wc23-extensions"

#define FILE(name) { name, (const unsigned char[]) {
#define END } },

static const struct atrium_playground_file files[] = {
FILE("editor/colours.js")
#embed "page/editor/colours.js" suffix(, 0)
END
FILE("editor/editor.js")
#embed "page/editor/editor.js" suffix(, 0)
END
FILE("editor/find.js")
#embed "page/editor/find.js" suffix(, 0)
END
FILE("editor/folding.js")
#embed "page/editor/folding.js" suffix(, 0)
END
FILE("editor/hover.js")
#embed "page/editor/hover.js" suffix(, 0)
END
FILE("editor/suggestions.js")
#embed "page/editor/suggestions.js" suffix(, 0)
END
FILE("editor/typing.js")
#embed "page/editor/typing.js" suffix(, 0)
END
FILE("icon.svg")
#embed "page/icon.svg" suffix(, 0)
END
FILE("index.html")
#embed "page/index.html" suffix(, 0)
END
FILE("language/complete.js")
#embed "page/language/complete.js" suffix(, 0)
END
FILE("language/context.js")
#embed "page/language/context.js" suffix(, 0)
END
FILE("language/exact.js")
#embed "page/language/exact.js" suffix(, 0)
END
FILE("language/example.js")
#embed "page/language/example.js" suffix(, 0)
END
FILE("language/format.js")
#embed "page/language/format.js" suffix(, 0)
END
FILE("language/headers.js")
#embed "page/language/headers.js" suffix(, 0)
END
FILE("language/json.js")
#embed "page/language/json.js" suffix(, 0)
END
FILE("language/lexer.js")
#embed "page/language/lexer.js" suffix(, 0)
END
FILE("language/parser.js")
#embed "page/language/parser.js" suffix(, 0)
END
FILE("language/schema-diff.js")
#embed "page/language/schema-diff.js" suffix(, 0)
END
FILE("language/schema.js")
#embed "page/language/schema.js" suffix(, 0)
END
FILE("language/sdl-reader.js")
#embed "page/language/sdl-reader.js" suffix(, 0)
END
FILE("language/sdl.js")
#embed "page/language/sdl.js" suffix(, 0)
END
FILE("language/suggest.js")
#embed "page/language/suggest.js" suffix(, 0)
END
FILE("language/validate.js")
#embed "page/language/validate.js" suffix(, 0)
END
FILE("language/values.js")
#embed "page/language/values.js" suffix(, 0)
END
FILE("main.js")
#embed "page/main.js" suffix(, 0)
END
FILE("net/curl.js")
#embed "page/net/curl.js" suffix(, 0)
END
FILE("net/http.js")
#embed "page/net/http.js" suffix(, 0)
END
FILE("net/incremental.js")
#embed "page/net/incremental.js" suffix(, 0)
END
FILE("net/live.js")
#embed "page/net/live.js" suffix(, 0)
END
FILE("net/resume.js")
#embed "page/net/resume.js" suffix(, 0)
END
FILE("panels/builder.js")
#embed "page/panels/builder.js" suffix(, 0)
END
FILE("panels/collections.js")
#embed "page/panels/collections.js" suffix(, 0)
END
FILE("panels/docs.js")
#embed "page/panels/docs.js" suffix(, 0)
END
FILE("panels/events.js")
#embed "page/panels/events.js" suffix(, 0)
END
FILE("panels/files.js")
#embed "page/panels/files.js" suffix(, 0)
END
FILE("panels/history.js")
#embed "page/panels/history.js" suffix(, 0)
END
FILE("panels/json-view.js")
#embed "page/panels/json-view.js" suffix(, 0)
END
FILE("panels/kept.js")
#embed "page/panels/kept.js" suffix(, 0)
END
FILE("panels/mails.js")
#embed "page/panels/mails.js" suffix(, 0)
END
FILE("panels/response.js")
#embed "page/panels/response.js" suffix(, 0)
END
FILE("panels/schema-view.js")
#embed "page/panels/schema-view.js" suffix(, 0)
END
FILE("panels/trace.js")
#embed "page/panels/trace.js" suffix(, 0)
END
FILE("shell/app.js")
#embed "page/shell/app.js" suffix(, 0)
END
FILE("shell/dom.js")
#embed "page/shell/dom.js" suffix(, 0)
END
FILE("shell/estimate.js")
#embed "page/shell/estimate.js" suffix(, 0)
END
FILE("shell/layout.js")
#embed "page/shell/layout.js" suffix(, 0)
END
FILE("shell/menu.js")
#embed "page/shell/menu.js" suffix(, 0)
END
FILE("shell/notice.js")
#embed "page/shell/notice.js" suffix(, 0)
END
FILE("shell/offers.js")
#embed "page/shell/offers.js" suffix(, 0)
END
FILE("shell/palette.js")
#embed "page/shell/palette.js" suffix(, 0)
END
FILE("shell/person.js")
#embed "page/shell/person.js" suffix(, 0)
END
FILE("shell/prose.js")
#embed "page/shell/prose.js" suffix(, 0)
END
FILE("shell/runner.js")
#embed "page/shell/runner.js" suffix(, 0)
END
FILE("shell/share.js")
#embed "page/shell/share.js" suffix(, 0)
END
FILE("shell/splitter.js")
#embed "page/shell/splitter.js" suffix(, 0)
END
FILE("shell/status-line.js")
#embed "page/shell/status-line.js" suffix(, 0)
END
FILE("shell/store.js")
#embed "page/shell/store.js" suffix(, 0)
END
FILE("shell/tabs.js")
#embed "page/shell/tabs.js" suffix(, 0)
END
FILE("shell/theme.js")
#embed "page/shell/theme.js" suffix(, 0)
END
FILE("shell/units.js")
#embed "page/shell/units.js" suffix(, 0)
END
FILE("style/base.css")
#embed "page/style/base.css" suffix(, 0)
END
FILE("style/editor.css")
#embed "page/style/editor.css" suffix(, 0)
END
FILE("style/panels.css")
#embed "page/style/panels.css" suffix(, 0)
END
FILE("style/response.css")
#embed "page/style/response.css" suffix(, 0)
END
FILE("style/shell.css")
#embed "page/style/shell.css" suffix(, 0)
END
    { 0, 0 },
};

const struct atrium_playground_file *atrium_playground_files(void) { return files; }
