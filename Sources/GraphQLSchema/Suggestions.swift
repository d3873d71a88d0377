/// "Did you mean": the names that come closest to one that does not exist.
public enum Suggestions {
    /// The sentence that goes behind a message, or nothing where no name comes close.
    ///
    /// - Parameter what: what the names are, where it has to be said: `the enum value`.
    public static func sentence(for name: String, among options: [String], what: String? = nil) -> String {
        sentence(closest(to: name, among: options), what: what)
    }

    /// The sentence for names that are known to be what was meant.
    public static func sentence(_ names: [String], what: String? = nil) -> String {
        guard !names.isEmpty else { return "" }
        let quoted = names.prefix(5).map { "\"\($0)\"" }
        let list =
            switch quoted.count {
            case 1: quoted[0]
            case 2: "\(quoted[0]) or \(quoted[1])"
            default: quoted.dropLast().joined(separator: ", ") + ", or " + quoted[quoted.count - 1]
            }
        return " Did you mean \(what.map { $0 + " " } ?? "")\(list)?"
    }

    /// The options within reach of a name, the closest first.
    public static func closest(to name: String, among options: [String]) -> [String] {
        let input = Array(name.utf16)
        let lowercase = Array(name.lowercased().utf16)
        let threshold = input.count * 2 / 5 + 1
        var found: [(option: String, distance: Int)] = []
        for option in options {
            guard let distance = distance(from: name, lowercase, to: option, threshold) else { continue }
            found.append((option, distance))
        }
        found.sort { $0.distance != $1.distance ? $0.distance < $1.distance : isNaturallyLess($0.option, $1.option) }
        return found.map(\.option)
    }

    /// How many characters have to be put in, left out, replaced or swapped; nil when more than the threshold.
    private static func distance(
        from name: String,
        _ lowercase: [UInt16],
        to option: String,
        _ threshold: Int
    ) -> Int? {
        if name == option { return 0 }
        var long = Array(option.lowercased().utf16)
        var short = lowercase
        if long == short { return 1 }
        if long.count < short.count { swap(&long, &short) }
        guard long.count - short.count <= threshold else { return nil }
        var beforeLast = [Int](repeating: 0, count: short.count + 1)
        var last = Array(0...short.count)
        var current = beforeLast
        for row in 1...max(long.count, 1) {
            current[0] = row
            var smallest = row
            for column in stride(from: 1, through: short.count, by: 1) {
                let cost = long[row - 1] == short[column - 1] ? 0 : 1
                var cell = min(last[column] + 1, current[column - 1] + 1, last[column - 1] + cost)
                if row > 1, column > 1, long[row - 1] == short[column - 2], long[row - 2] == short[column - 1] {
                    cell = min(cell, beforeLast[column - 2] + 1)
                }
                smallest = min(smallest, cell)
                current[column] = cell
            }
            if smallest > threshold { return nil }
            (beforeLast, last, current) = (last, current, beforeLast)
        }
        return last[short.count] <= threshold ? last[short.count] : nil
    }

    /// Orders names as people do: runs of digits by their value.
    public static func isNaturallyLess(_ left: String, _ right: String) -> Bool {
        let left = Array(left.utf8)
        let right = Array(right.utf8)
        var (i, j) = (0, 0)
        while i < left.count, j < right.count {
            if left[i].isDigit, right[j].isDigit {
                let (a, b) = (digits(left, &i), digits(right, &j))
                if a.count != b.count { return a.count < b.count }
                if a != b { return a.lexicographicallyPrecedes(b) }
            } else {
                if left[i] != right[j] { return left[i] < right[j] }
                i += 1
                j += 1
            }
        }
        return left.count - i < right.count - j
    }

    /// A run of digits without its leading zeros.
    private static func digits(_ text: [UInt8], _ index: inout Int) -> ArraySlice<UInt8> {
        let start = index
        while index < text.count, text[index].isDigit { index += 1 }
        return text[start..<index].drop { $0 == UInt8(ascii: "0") }
    }
}

extension UInt8 {
    fileprivate var isDigit: Bool { self &- UInt8(ascii: "0") < 10 }
}
