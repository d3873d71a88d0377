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
            let part = try item()
            parts.append(try quantified(part))
        }
        return .sequence(parts)
    }

    private mutating func item() throws(TextPattern.Fault) -> TextPatternExpression {
        let scalar = scalars[position]
        position += 1
        switch scalar {
        case "^": return .start
        case "$": return .end
        case ".": return .scalar(ScalarSet.lineEnds.inverted)
        case "[": return .scalar(try set())
        case "(":
            if take("?"), !take(":") { throw fault("of groups that begin with \"?\" only \"(?:\" is known") }
            let group = try choices()
            guard take(")") else { throw fault("a \"(\" has no \")\"") }
            return group
        case "\\": return .scalar(try escape())
        case "*", "+", "?", "{", "}", "]":
            throw fault("a \"\(scalar)\" stands where it means nothing; write \"\\\(scalar)\"")
        default: return .scalar(ScalarSet(scalar))
        }
    }

    private mutating func quantified(_ part: TextPatternExpression) throws(TextPattern.Fault) -> TextPatternExpression {
        guard let (least, most) = try quantifier() else { return part }
        switch part {
        case .start, .end: throw fault("the beginning or the end of a text cannot be repeated")
        default: break
        }
        // A repetition that takes as little as it can is found where one is that takes all.
        _ = take("?")
        if let scalar = current, ["*", "+", "?", "{"].contains(scalar) {
            throw fault("a repetition is repeated; put it in \"(?:\" and \")\"")
        }
        return .repeated(part, least: least, most: most)
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
        var number: Int?
        while let scalar = current, ("0"..."9").contains(scalar) {
            position += 1
            number = (number ?? 0) * 10 + Int(scalar.value - 48)
            guard number.map({ $0 <= TextPattern.maximumStates }) ?? false else {
                throw fault("a count is larger than \(TextPattern.maximumStates)")
            }
        }
        guard let number else { throw fault("a \"{\" has no count behind it; write \"\\{\" for the brace itself") }
        return number
    }

    private mutating func set() throws(TextPattern.Fault) -> ScalarSet {
        var set = ScalarSet([], isInverted: take("^"))
        if current == "]" { throw fault("a class is empty; write \"\\]\" for the bracket itself") }
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
        guard scalar == "\\" else { return ScalarSet(scalar) }
        let escaped = try escape()
        guard !escaped.isInverted else { throw fault("an opposite such as \"\\D\" cannot stand in a class") }
        return escaped
    }

    private mutating func escape() throws(TextPattern.Fault) -> ScalarSet {
        guard let scalar = current else { throw fault("a \"\\\" stands at its end") }
        position += 1
        switch scalar {
        case "d": return .digits
        case "D": return ScalarSet.digits.inverted
        case "w": return .words
        case "W": return ScalarSet.words.inverted
        case "s": return .spaces
        case "S": return ScalarSet.spaces.inverted
        case "n": return ScalarSet("\n")
        case "r": return ScalarSet("\r")
        case "t": return ScalarSet("\t")
        case "v": return ScalarSet("\u{B}")
        case "f": return ScalarSet("\u{C}")
        case "x": return ScalarSet(try numberedScalar(digits: 2))
        case "u": return ScalarSet(try numberedScalar())
        case "0"..."9", "a"..."z", "A"..."Z": throw fault("the escape \"\\\(scalar)\" is not known")
        default: return ScalarSet(scalar)
        }
    }

    /// `\u00E9` or `\u{1F600}`
    private mutating func numberedScalar() throws(TextPattern.Fault) -> Unicode.Scalar {
        guard take("{") else { return try numberedScalar(digits: 4) }
        let digits = scalars[position...].prefix { $0 != "}" }.count
        let scalar = try numberedScalar(digits: digits)
        guard take("}") else { throw fault("a \"{\" has no \"}\"") }
        return scalar
    }

    private mutating func numberedScalar(digits count: Int) throws(TextPattern.Fault) -> Unicode.Scalar {
        var number: UInt32 = 0
        let digits = scalars[position...].prefix(count)
        for digit in digits {
            guard (1...6).contains(count), let value = UInt32(String(digit), radix: 16) else { break }
            number = number << 4 | value
            position += 1
        }
        guard digits.count == count, digits.endIndex == position, count > 0, let scalar = Unicode.Scalar(number) else {
            throw fault("an escape of a scalar by its number has no such number behind it")
        }
        return scalar
    }
}
