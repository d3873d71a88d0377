/// Reads the text of a ``TextPattern``.
struct TextPatternParser {
    private let scalars: [Unicode.Scalar]
    private var position = 0
    private var depth = 0

    init(_ pattern: String) { scalars = Array(pattern.unicodeScalars) }

    mutating func parse() throws(TextPattern.Fault) -> TextPatternExpression {
        let expression = try choices()
        if position < scalars.count { throw fault("a \")\" has no \"(\"") }
        return expression
    }

    private func fault(_ reason: String) -> TextPattern.Fault { TextPattern.Fault(reason: reason) }

    private var current: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard current == scalar else { return false }
        position += 1
        return true
    }

    private mutating func choices() throws(TextPattern.Fault) -> TextPatternExpression {
        depth += 1
        defer { depth -= 1 }
        guard depth <= 100 else { throw fault("its groups nest too deeply") }
        var choices = [try sequence()]
        while take("|") { choices.append(try sequence()) }
        return choices.count == 1 ? choices[0] : .either(choices)
    }

    private mutating func sequence() throws(TextPattern.Fault) -> TextPatternExpression {
        var parts: [TextPatternExpression] = []
        while let scalar = current, scalar != "|", scalar != ")" {
            var part = try item()
            while let (least, most) = try quantifier() { part = .repeated(part, least: least, most: most) }
            parts.append(part)
        }
        return .sequence(parts)
    }

    private mutating func item() throws(TextPattern.Fault) -> TextPatternExpression {
        let scalar = scalars[position]
        position += 1
        switch scalar {
        case "^": return .start
        case "$": return .end
        case ".": return .scalar(ScalarSet(ranges: [10...10, 13...13], isInverted: true))
        case "[": return .scalar(try set())
        case "(":
            if take("?"), !take(":") { throw fault("of groups that begin with \"?\" only \"(?:\" is known") }
            let group = try choices()
            guard take(")") else { throw fault("a \"(\" has no \")\"") }
            return group
        case "\\": return .scalar(try escape())
        case "*", "+", "?", "{", "}", "]":
            throw fault("a \"\(scalar)\" stands where it means nothing; write \"\\\(scalar)\"")
        default: return .scalar(ScalarSet(ranges: [scalar.value...scalar.value]))
        }
    }

    private mutating func quantifier() throws(TextPattern.Fault) -> (least: Int, most: Int?)? {
        if take("*") { return (0, nil) }
        if take("+") { return (1, nil) }
        if take("?") { return (0, 1) }
        guard take("{") else { return nil }
        let least = try number()
        var most: Int? = least
        if take(",") { most = current == "}" ? nil : try number() }
        guard take("}") else { throw fault("a \"{\" has no \"}\"") }
        guard most.map({ $0 >= least }) ?? true else { throw fault("a count ends below its beginning") }
        return (least, most)
    }

    private mutating func number() throws(TextPattern.Fault) -> Int {
        var digits = ""
        while let scalar = current, ("0"..."9").contains(scalar), digits.utf8.count < 5 {
            digits.unicodeScalars.append(scalar)
            position += 1
        }
        guard let number = Int(digits), number <= TextPattern.maximumStates else { throw fault("a count is no number") }
        return number
    }

    private mutating func set() throws(TextPattern.Fault) -> ScalarSet {
        var set = ScalarSet(ranges: [], isInverted: take("^"))
        repeat {
            let low = try setMember()
            // A hyphen before the bracket stands for itself.
            guard current == "-", position + 1 < scalars.count, scalars[position + 1] != "]" else {
                set.ranges += low.ranges
                continue
            }
            position += 1
            let high = try setMember()
            guard let first = low.single, let last = high.single, first <= last else {
                throw fault("a range of a class has no beginning or end")
            }
            set.ranges.append(first...last)
        } while !take("]")
        return set
    }

    private mutating func setMember() throws(TextPattern.Fault) -> ScalarSet {
        guard let scalar = current else { throw fault("a \"[\" has no \"]\"") }
        position += 1
        guard scalar == "\\" else { return ScalarSet(ranges: [scalar.value...scalar.value]) }
        let escaped = try escape()
        guard !escaped.isInverted else { throw fault("an opposite such as \"\\D\" cannot stand in a class") }
        return escaped
    }

    private mutating func escape() throws(TextPattern.Fault) -> ScalarSet {
        guard let scalar = current else { throw fault("a \"\\\" stands at its end") }
        position += 1
        let digits = ScalarSet(ranges: [48...57])
        let words = ScalarSet(ranges: [48...57, 65...90, 95...95, 97...122])
        let spaces = ScalarSet(ranges: [9...13, 32...32, 0xA0...0xA0, 0x2028...0x2029, 0xFEFF...0xFEFF])
        switch scalar {
        case "d": return digits
        case "D": return ScalarSet(ranges: digits.ranges, isInverted: true)
        case "w": return words
        case "W": return ScalarSet(ranges: words.ranges, isInverted: true)
        case "s": return spaces
        case "S": return ScalarSet(ranges: spaces.ranges, isInverted: true)
        case "n": return ScalarSet(ranges: [10...10])
        case "r": return ScalarSet(ranges: [13...13])
        case "t": return ScalarSet(ranges: [9...9])
        case "0"..."9", "a"..."z", "A"..."Z": throw fault("the escape \"\\\(scalar)\" is not known")
        default: return ScalarSet(ranges: [scalar.value...scalar.value])
        }
    }
}

extension ScalarSet {
    /// The one scalar of the set, if it holds just one.
    fileprivate var single: UInt32? {
        guard !isInverted, ranges.count == 1, ranges[0].count == 1 else { return nil }
        return ranges[0].lowerBound
    }
}
