/// A file's name as others will see it: one name, no path, and nothing in it that hides what it says.
package struct FileName: Sendable, Equatable {
    package let text: String
    /// Behind the last dot, in lower case; nil where there is none.
    package let `extension`: String?

    /// Nil for a name that no honest file has.
    ///
    /// Marks that turn the direction of text (`gpj.exe` read backwards) and those that are invisible are left out, blanks
    /// and dots at the end too. A name that hides another kind before its last dot, such as `photo.php.png`, is refused.
    package init?(_ text: String) {
        guard text.utf8.count <= 1_024 else { return nil }
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: return nil
            case .format: continue
            default: scalars.append(scalar)
            }
        }
        var name = Substring(String(scalars)).drop(while: \.isWhitespace)
        while let last = name.last, last.isWhitespace || last == "." { name.removeLast() }
        guard !name.isEmpty, name.first != ".", name.unicodeScalars.count <= 255,
            !name.unicodeScalars.contains(where: { "/\\:*?\"<>|".unicodeScalars.contains($0) })
        else { return nil }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        guard !parts.dropFirst().dropLast().contains(where: { Self.hidden.contains($0.lowercased()) }) else {
            return nil
        }
        self.text = String(name)
        `extension` = parts.count > 1 ? parts.last.map { $0.lowercased() } : nil
    }

    /// Kinds that a program somewhere runs by any part of the name.
    private static let hidden: Set<String> = [
        "asp", "aspx", "bat", "cgi", "cmd", "com", "dll", "exe", "hta", "htm", "html", "jar", "js", "jsp", "lnk", "mjs",
        "msi", "phar", "php", "php3", "php4", "php5", "phtml", "pl", "ps1", "py", "rb", "scr", "sh", "shtml", "svg",
        "swf", "vbs", "wsf", "xhtml",
    ]
}
