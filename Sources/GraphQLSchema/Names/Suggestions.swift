/// What somebody may have meant who wrote a name that does not exist. Results and wording are graphql-js's.
public enum Suggestions {
    /// The names that are close to another one, the closest first.
    public static func names(like name: String, among known: [String]) -> [String] {
        var distance = LexicalDistance(to: name)
        var found: [(name: String, distance: Int)] = []
        for candidate in known {
            guard let distance = distance.measure(candidate) else { continue }
            if !found.contains(where: { $0.name == candidate }) { found.append((candidate, distance)) }
        }
        found.sort { left, right in
            left.distance != right.distance
                ? left.distance < right.distance : naturallyPrecedes(left.name, right.name)
        }
        return found.map(\.name)
    }

    /// ` Did you mean "a", "b", or "c"?` with a leading space, at most five names; nothing for no names.
    public static func question(_ names: [String], introducedBy introduction: String? = nil) -> String {
        guard !names.isEmpty else { return "" }
        let quoted = names.prefix(5).map { "\"\($0)\"" }
        let last = quoted[quoted.count - 1]
        let list =
            switch quoted.count {
            case 1: last
            case 2: "\(quoted[0]) or \(last)"
            default: quoted.dropLast().joined(separator: ", ") + ", or " + last
            }
        return " Did you mean \(introduction.map { $0 + " " } ?? "")\(list)?"
    }

    /// Orders names as people do: numbers in them by their value.
    public static func naturallyPrecedes(_ left: String, _ right: String) -> Bool {
        let left = Array(left.utf16)
        let right = Array(right.utf16)
        var leftIndex = 0
        var rightIndex = 0
        while leftIndex < left.count, rightIndex < right.count {
            if isDigit(left[leftIndex]), isDigit(right[rightIndex]) {
                let one = number(in: left, at: &leftIndex)
                let other = number(in: right, at: &rightIndex)
                if one != other { return one < other }
            } else {
                if left[leftIndex] != right[rightIndex] { return left[leftIndex] < right[rightIndex] }
                leftIndex += 1
                rightIndex += 1
            }
        }
        return left.count < right.count
    }

    private static func isDigit(_ unit: UInt16) -> Bool { unit >= 48 && unit <= 57 }

    /// Leading zeros are numbers of their own, so that `a01` and `a1` differ.
    private static func number(in text: [UInt16], at index: inout Int) -> Double {
        var number = 0.0
        repeat {
            number = number * 10 + Double(text[index] - 48)
            index += 1
        } while index < text.count && isDigit(text[index]) && number > 0
        return number
    }
}

/// The number of edits (of one code unit: inserted, deleted, replaced, or swapped with its neighbour) between a name
/// and others. A difference in case alone counts as one edit.
///
/// Names that are further away than two fifths of the name's length are not measured to the end.
private struct LexicalDistance {
    private let name: String
    private let folded: [UInt16]
    private let threshold: Int
    private var rows: [[Int]]

    init(to name: String) {
        self.name = name
        folded = Array(name.lowercased().utf16)
        threshold = name.utf16.count * 2 / 5 + 1
        rows = Array(repeating: Array(repeating: 0, count: folded.count + 1), count: 3)
    }

    mutating func measure(_ candidate: String) -> Int? {
        if candidate == name { return 0 }
        guard abs(candidate.utf8.count - folded.count) <= threshold || !candidate.utf8.allSatisfy({ $0 < 0x80 })
        else { return nil }
        let other = Array(candidate.lowercased().utf16)
        if other == folded { return 1 }
        guard abs(other.count - folded.count) <= threshold else { return nil }
        for column in 0...folded.count { rows[0][column] = column }
        for row in 0..<other.count {
            guard edits(other, row) <= threshold else { return nil }
        }
        let distance = rows[other.count % 3][folded.count]
        return distance <= threshold ? distance : nil
    }

    /// Fills the row below the one of a code unit; answers the smallest number in it, below which no later one falls.
    private mutating func edits(_ other: [UInt16], _ row: Int) -> Int {
        let above = row % 3
        let current = (row + 1) % 3
        rows[current][0] = row + 1
        var smallest = row + 1
        for column in 0..<folded.count {
            let replacing = rows[above][column] + (other[row] == folded[column] ? 0 : 1)
            var cell = min(rows[above][column + 1] + 1, rows[current][column] + 1, replacing)
            if row > 0, column > 0, other[row] == folded[column - 1], other[row - 1] == folded[column] {
                cell = min(cell, rows[(row + 2) % 3][column - 1] + 1)
            }
            rows[current][column + 1] = cell
            smallest = min(smallest, cell)
        }
        return smallest
    }
}
