/// The words behind a command: options it knows, and files.
struct Arguments {
    private(set) var files: [String] = []
    private var flags: Set<String> = []
    private var values: [String: [String]] = [:]

    /// - Parameters:
    ///   - flags: options without a value.
    ///   - options: options with one.
    ///   - count: how many files there must be.
    init(
        _ words: [String],
        flags knownFlags: Set<String> = [],
        options: Set<String> = [],
        files count: ClosedRange<Int>,
        usage: String
    ) throws(Failure) {
        let usage = "usage: atrium-schema \(usage)"
        var rest = words[...]
        while let word = rest.popFirst() {
            if word == "--" {
                files += rest
                break
            } else if knownFlags.contains(word) {
                flags.insert(word)
            } else if options.contains(word) {
                guard let value = rest.popFirst() else { throw .usage("\(word) needs a value\n\(usage)") }
                values[word, default: []].append(value)
            } else if word.hasPrefix("-"), word != "-" {
                throw .usage("unknown option: \(word)\n\(usage)")
            } else {
                files.append(word)
            }
        }
        guard count.contains(files.count) else { throw .usage(usage) }
    }

    func has(_ flag: String) -> Bool { flags.contains(flag) }

    func values(_ option: String) -> [String] { values[option] ?? [] }

    func value(_ option: String) throws(Failure) -> String? {
        let values = values(option)
        guard values.count < 2 else { throw .usage("\(option) is given more than once") }
        return values.first
    }
}
