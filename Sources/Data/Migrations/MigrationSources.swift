/// The C source that makes the migrations of a folder part of the program; `migrate create` writes it.
package enum MigrationSources {
    /// The folder of the SQL files, from the root of the repository.
    package static let folder = "Sources/CMigrations/sql"
    package static let file = "Sources/CMigrations/CMigrations.c"

    /// The version and name in `0007_notifications.sql`; nil for other files.
    package static func parse(_ file: String) -> (version: Int, name: String)? {
        guard file.hasSuffix(".sql") else { return nil }
        let parts = file.dropLast(4).split(separator: "_", maxSplits: 1)
        guard parts.count == 2, parts[0].utf8.count == 4, let version = Int(parts[0]), version > 0 else { return nil }
        return isName(parts[1]) ? (version, String(parts[1])) : nil
    }

    /// Lower-case words and digits with underscores between.
    package static func isName(_ name: some StringProtocol) -> Bool {
        !name.isEmpty && name.utf8.count <= 60
            && name.utf8.allSatisfy { byte in
                UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
                    || byte == UInt8(ascii: "_")
            }
    }

    /// The source for these files, which must be in order.
    package static func text(for files: [String]) -> String {
        let parsed = files.compactMap { file in parse(file).map { (file, $0) } }
        var text = """
            // Written by `Server migrate create`; a test holds it against the folder sql.
            #include "CMigrations.h"

            #include <stddef.h>

            #pragma clang diagnostic ignored "-Wc23-extensions"


            """
        for (file, migration) in parsed {
            text += "static const char sql_\(migration.version)[] = {\n#embed \"sql/\(file)\"\n, 0};\n"
        }
        text += "\nstatic const atrium_migration migrations[] = {\n"
        for (_, migration) in parsed {
            text += "    {\(migration.version), \"\(migration.name)\", sql_\(migration.version)},\n"
        }
        text += """
            };

            const atrium_migration *atrium_migration_at(int index) {
                return index >= 0 && index < (int)(sizeof migrations / sizeof *migrations) ? &migrations[index] : NULL;
            }

            """
        return text
    }
}
