import Glibc

/// Tricks with which scripts get into pages, one a line of vectors.txt; `\n`, `\t` and `\0` stand for these characters.
enum Vectors {
    struct Unreadable: Error {}

    static func all() throws -> [String] {
        let path = #filePath.replacing("Vectors.swift", with: "vectors.txt")
        guard let stream = fopen(path, "r") else { throw Unreadable() }
        defer { fclose(stream) }
        var lines: [String] = []
        var line: UnsafeMutablePointer<CChar>?
        var capacity = 0
        defer { free(line) }
        while getline(&line, &capacity, stream) > 0, let line {
            let text = String(cString: line)
            guard !text.hasPrefix("# "), text != "\n" else { continue }
            lines.append(unescaped(text.last == "\n" ? text.dropLast() : text[...]))
        }
        return lines
    }

    private static func unescaped(_ line: Substring) -> String {
        String(line).replacing("\\n", with: "\n").replacing("\\t", with: "\t").replacing("\\0", with: "\0")
    }
}
