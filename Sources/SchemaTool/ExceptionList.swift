import GraphQLLanguage

/// What is allowed although a rule forbids it: a file of lines `NAME COORDINATE`, each with its reason behind `#`.
struct ExceptionList {
    private struct Entry: Hashable {
        let name: String
        let coordinate: String
    }

    private let file: String
    private var linesByEntry: [Entry: Int] = [:]
    private var used: Set<Entry> = []

    /// - Parameter names: the names that may be excepted.
    init(_ file: TextFile, names: Set<String>) throws(Failure) {
        self.file = file.name
        var faults: [Diagnostic] = []
        let lines = file.bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (number, line) in lines.enumerated() {
            let text = String(decoding: line, as: UTF8.self)
            let words = text.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace).map(String.init)
            func fault(_ message: String) {
                faults.append(Diagnostic(message, file: file.name, at: .init(line: number + 1, column: 1)))
            }
            if words.isEmpty { continue }
            guard words.count == 2 else {
                fault("expected a name and a schema coordinate, with the reason behind #")
                continue
            }
            guard names.contains(words[0]) else {
                fault("unknown name: \(words[0])")
                continue
            }
            guard text.contains("#") else {
                fault("an exception needs its reason, behind #")
                continue
            }
            linesByEntry[Entry(name: words[0], coordinate: words[1])] = number + 1
        }
        guard faults.isEmpty else { throw .invalid(faults) }
    }

    /// Whether something is excepted. It counts as used then.
    mutating func allows(_ name: String, _ coordinate: String) -> Bool {
        let entry = Entry(name: name, coordinate: coordinate)
        guard linesByEntry[entry] != nil else { return false }
        used.insert(entry)
        return true
    }

    /// Exceptions that nothing needs any more.
    var unused: [Diagnostic] {
        linesByEntry.filter { !used.contains($0.key) }.sorted { $0.value < $1.value }.map { entry, line in
            Diagnostic(
                "\(entry.name) \(entry.coordinate) is not needed any more",
                file: file,
                at: .init(line: line, column: 1),
                severity: .warning
            )
        }
    }
}
