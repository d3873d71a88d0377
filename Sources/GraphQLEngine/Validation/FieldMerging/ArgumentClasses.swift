import GraphQLLanguage
import GraphQLSchema

/// Which fields have the same arguments, in whatever order they and the fields of their objects are written.
///
/// Arguments that are written alike are compared in place. All others get a normal form, once per field, and from then
/// on a number.
struct ArgumentClasses {
    /// By field; -1 where it is not known yet.
    private var classes: [Int32] = []
    private var numbers: [[UInt8]: Int32] = [:]

    mutating func areSame(_ left: Int, _ right: Int, _ facts: borrowing Facts) -> Bool {
        let leftRange = facts.fields[left].arguments
        let rightRange = facts.fields[right].arguments
        guard leftRange.count == rightRange.count else { return false }
        guard !leftRange.isEmpty else { return true }
        if facts.hasRepeatedName(leftRange) || facts.hasRepeatedName(rightRange) {
            return facts.areProvided(leftRange, by: rightRange)
        }
        if facts.areWrittenAlike(leftRange, rightRange) { return true }
        return number(of: left, facts) == number(of: right, facts)
    }

    private mutating func number(of field: Int, _ facts: borrowing Facts) -> Int32 {
        if classes.isEmpty { classes = Array(repeating: -1, count: facts.fields.count) }
        if classes[field] >= 0 { return classes[field] }
        var form: [UInt8] = []
        facts.appendNormalForm(of: facts.arguments[facts.fields[field].arguments].map { Int($0.node) }, to: &form)
        let number = numbers[form] ?? Int32(numbers.count)
        numbers[form] = number
        classes[field] = number
        return number
    }
}

extension Facts {
    /// Whether an argument is given twice.
    func hasRepeatedName(_ range: Range<Int>) -> Bool {
        guard range.count > 1 else { return false }
        if range.count > 8 { return Set(arguments[range].map(\.name)).count < range.count }
        for position in range {
            for other in range.lowerBound..<position where arguments[other].name == arguments[position].name {
                return true
            }
        }
        return false
    }

    /// Whether all arguments on the left are among the right ones, of which the last one of a name counts. This is what
    /// graphql-js asks; where an argument is given twice, it is not the same as having the same arguments.
    fileprivate func areProvided(_ left: Range<Int>, by right: Range<Int>) -> Bool {
        var values: [NameID: Int32] = [:]
        for argument in arguments[right] { values[argument.name] = argument.value }
        return arguments[left].allSatisfy { argument in
            guard let value = values[argument.name] else { return false }
            var forms: ([UInt8], [UInt8]) = ([], [])
            appendNormalForm(ofValue: Int(argument.value), to: &forms.0)
            appendNormalForm(ofValue: Int(value), to: &forms.1)
            return forms.0 == forms.1
        }
    }

    fileprivate func areWrittenAlike(_ left: Range<Int>, _ right: Range<Int>) -> Bool {
        var leftNode = Int(arguments[left.lowerBound].node)
        var rightNode = Int(arguments[right.lowerBound].node)
        let leftEnd = Int(nodes[Int(arguments[left.upperBound - 1].node)].next)
        let rightEnd = Int(nodes[Int(arguments[right.upperBound - 1].node)].next)
        guard leftEnd - leftNode == rightEnd - rightNode else { return false }
        while leftNode < leftEnd {
            let left = nodes[leftNode]
            let right = nodes[rightNode]
            let length = left.textEnd - left.textStart
            guard left.kind == right.kind, length == right.textEnd - right.textStart,
                Int(left.next) - leftNode == Int(right.next) - rightNode
            else { return false }
            for offset in 0..<length where text[Int(left.textStart + offset)] != text[Int(right.textStart + offset)] {
                return false
            }
            leftNode += 1
            rightNode += 1
        }
        return true
    }

    /// Writes arguments or object fields sorted by name, so that equal ones are written alike.
    fileprivate func appendNormalForm(of pairs: [Int], to form: inout [UInt8]) {
        let sorted = pairs.map { (name: Array(text[document.textRange(of: $0)]), value: $0 + 1) }
            .sorted { $0.name.lexicographicallyPrecedes($1.name) }
        form.append(UInt8(ascii: "{"))
        for (name, value) in sorted {
            form += name
            form.append(UInt8(ascii: ":"))
            appendNormalForm(ofValue: value, to: &form)
        }
        form.append(UInt8(ascii: "}"))
    }

    private func appendNormalForm(ofValue value: Int, to form: inout [UInt8]) {
        switch nodes[value].kind {
        case .objectValue: appendNormalForm(of: Array(document.children(of: value)), to: &form)
        case .listValue:
            form.append(UInt8(ascii: "["))
            for item in document.children(of: value) { appendNormalForm(ofValue: item, to: &form) }
            form.append(UInt8(ascii: "]"))
        case .stringValue: form += document.printed(value).utf8
        case .variable:
            form.append(UInt8(ascii: "$"))
            form += text[document.textRange(of: value)]
        default: form += text[document.textRange(of: value)]
        }
        form.append(UInt8(ascii: ","))
    }
}
