/// Reads settings of given kinds from texts, and gathers all that is wrong with them.
///
/// The environment goes before `.env`; `NAME_FILE` says which file has the value of `NAME`.
struct Settings {
    private var values: [String: String]
    private(set) var problems: [String] = []
    /// What holds of those that were read where nothing is said, as far as it is a number or a switch.
    private var standards: [String: String] = [:]

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
        // Files for containers write `NAME=` for what is not set.
        values = values.filter { !$0.value.isEmpty }
        readFiles()
    }

    private mutating func readFiles() {
        for name in Settings.secrets {
            guard let path = values[name + "_FILE"] else { continue }
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
    func text(_ name: String) -> String? { values[name] }

    mutating func add(problem: String) { problems.append(problem) }

    mutating func number(_ name: String, _ range: ClosedRange<Int>, _ standard: Int) -> Int {
        standards[name] = "\(standard)"
        guard let text = values[name] else { return standard }
        if let number = Int(text), range.contains(number) { return number }
        problems.append("\(name) must be a number from \(range.lowerBound) to \(range.upperBound), not \"\(text)\"")
        return standard
    }

    /// Puts a number in the place of the standard where one is said.
    mutating func read(_ value: inout Int, _ name: String, _ range: ClosedRange<Int>) {
        value = number(name, range, value)
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
        standards[name] = standard ? "on" : "off"
        return choice(name, [("on", true), ("off", false)], standard)
    }

    /// A number of seconds, or of minutes, hours or days with `m`, `h` or `d` behind it.
    mutating func seconds(_ name: String, _ range: ClosedRange<Int>, _ standard: Int) -> Int {
        standards[name] = "\(standard)"
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

    // MARK: Telling of them

    /// What was set and is no setting, which is mostly a slip of the pen. Others may have names that begin so for themselves, so
    /// it is no fault.
    var warnings: [String] {
        values.keys.sorted().compactMap { name in
            let base = name.hasSuffix("_FILE") ? String(name.dropLast("_FILE".count)) : name
            let isOurs = name.hasPrefix("ATRIUM_") || Settings.names.contains(base)
            guard isOurs, !Settings.names.contains(name), base == name || !Settings.secrets.contains(base) else {
                return nil
            }
            return "\(name) is no setting, and is ignored"
        }
    }

    /// All of them in the form of `.env`, each with what holds: what was said, else as a comment the standard.
    var listing: [String] {
        Settings.names.sorted().map { name in
            guard let value = values[name] else { return "# \(name)=\(standards[name] ?? "")" }
            return "\(name)=\(Settings.secrets.contains(name) ? "(set)" : value)"
        }
    }
}
