/// Reads settings of given kinds from texts, and gathers all that is wrong with them.
///
/// The environment goes before `.env`; `NAME_FILE` says which file has the value of `NAME`.
struct Settings {
    private var values: [String: String]
    private(set) var problems: [String] = []

    /// Gives the text of a file, or nil when it cannot be read.
    typealias FileReader = (String) throws(TextFile.Fault) -> String?

    private let readFile: FileReader

    init(_ environment: [String: String], readFile: @escaping FileReader) {
        values = environment
        self.readFile = readFile
        do throws(TextFile.Fault) {
            if let text = try readFile(".env") {
                let file = DotEnv(text, file: ".env")
                problems += file.problems
                values.merge(file.values) { own, _ in own }
            }
        } catch { problems.append("\(error)") }
        readFiles()
    }

    /// Only what may be a secret: other names that end so are settings of their own.
    private static let secrets = [
        "DATABASE_URL", "ATRIUM_DATABASE_DIRECT_URL", "ATRIUM_DATABASE_REPLICA_URL", "JWT_SECRET",
        "JWT_PREVIOUS_SECRETS",
        "ENCRYPTION_KEYS", "AWS_SECRET_KEY", "SMTP_PASSWORD", "SENDGRID_API_KEY", "OAUTH_GOOGLE_SECRET",
        "OAUTH_GITHUB_SECRET",
    ]

    private mutating func readFiles() {
        for name in Settings.secrets {
            guard let path = values[name + "_FILE"], !path.isEmpty else { continue }
            if values[name] != nil {
                problems.append("\(name) and \(name)_FILE are both set: leave one out")
            } else if var text = file(path, of: name + "_FILE") {
                while text.last?.isNewline == true { text.removeLast() }
                values[name] = text
            }
        }
    }

    /// The text of a file that a setting names; nil, which is told then, where it cannot be had.
    private mutating func file(_ path: String, of name: String) -> String? {
        do throws(TextFile.Fault) {
            if let text = try readFile(path) { return text }
            problems.append("\(name) names a file that cannot be read")
        } catch {
            problems.append("\(name) names a file that cannot be used: \(error)")
        }
        return nil
    }

    /// The text of the file that a setting names; nil, which is told, where the setting or the file is missing.
    mutating func file(_ name: String) -> String? {
        if let path = text(name) { return file(path, of: name) }
        problems.append("\(name) must name a file")
        return nil
    }

    /// Nil where nothing is said.
    func text(_ name: String) -> String? { values[name].flatMap { $0.isEmpty ? nil : $0 } }

    mutating func add(problem: String) { problems.append(problem) }

    mutating func number(_ name: String, _ range: ClosedRange<Int>, _ standard: Int) -> Int {
        guard let text = values[name] else { return standard }
        if let number = Int(text), range.contains(number) { return number }
        problems.append("\(name) must be a number from \(range.lowerBound) to \(range.upperBound), not \"\(text)\"")
        return standard
    }

    mutating func choice<Value>(_ name: String, _ choices: [(String, Value)], _ standard: Value) -> Value {
        guard let text = values[name] else { return standard }
        if let choice = choices.first(where: { $0.0 == text }) { return choice.1 }
        let names = choices.map(\.0)
        let list = names.dropLast().joined(separator: ", ") + " or " + (names.last ?? "")
        problems.append("\(name) must be \(list), not \"\(text)\"")
        return standard
    }

    mutating func isOn(_ name: String, standard: Bool = false) -> Bool {
        choice(name, [("on", true), ("off", false)], standard)
    }

    /// A number of seconds, or of minutes, hours or days with `m`, `h` or `d` behind it.
    mutating func seconds(_ name: String, _ range: ClosedRange<Int>, _ standard: Int) -> Int {
        guard let text = values[name] else { return standard }
        let units: [Character: Int] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]
        let unit = text.last.flatMap { units[$0] }
        if let number = Int(unit == nil ? text : String(text.dropLast())), number < 1_000_000_000,
            range.contains(number * (unit ?? 1))
        {
            return number * (unit ?? 1)
        }
        problems.append(
            "\(name) must be from \(range.lowerBound) to \(range.upperBound) seconds, such as 900, 15m or 30d"
        )
        return standard
    }
}
