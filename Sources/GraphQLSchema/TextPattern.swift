/// A regular expression that is matched in time linear in the text, whatever the pattern: for patterns that stand in
/// schemas and are held against what strangers send.
///
/// The part of the usual syntax without look-around and references: literals, `.`, classes with ranges, `\d \w \s` and
/// their opposites, groups, `|`, `* + ? {n,m}`, `^` and `$`. A pattern is found anywhere in the text unless it says
/// where. States are counted: a pattern of more than ``maximumStates`` is refused.
public struct TextPattern: Sendable {
    public static let maximumStates = 10_000

    public struct Fault: Error, Hashable, Sendable {
        public let reason: String
    }

    let states: [State]

    enum State: Sendable {
        case matches(ScalarSet, next: Int)
        case splits(Int, Int)
        case startOfText(next: Int)
        case endOfText(next: Int)
        case accepts
    }

    public init(_ pattern: String) throws(Fault) {
        var parser = TextPatternParser(pattern)
        let expression = try parser.parse()
        var states: [State] = [.accepts]
        let start = try Self.compile(expression, before: 0, &states)
        states.append(.splits(start, start))
        self.states = states
    }

    /// Builds the states of an expression backwards: each knows what follows it.
    private static func compile(
        _ expression: TextPatternExpression,
        before next: Int,
        _ states: inout [State]
    ) throws(Fault) -> Int {
        guard states.count < maximumStates else { throw Fault(reason: "it is too large") }
        switch expression {
        case .scalar(let set): states.append(.matches(set, next: next))
        case .start: states.append(.startOfText(next: next))
        case .end: states.append(.endOfText(next: next))
        case .sequence(let parts):
            var next = next
            for part in parts.reversed() { next = try compile(part, before: next, &states) }
            return next
        case .either(let choices):
            var start = try compile(choices[choices.count - 1], before: next, &states)
            for choice in choices.dropLast().reversed() {
                let first = try compile(choice, before: next, &states)
                states.append(.splits(first, start))
                start = states.count - 1
            }
            return start
        case .repeated(let part, let least, let most):
            var next = next
            if let most {
                for _ in least..<most {
                    let once = try compile(part, before: next, &states)
                    states.append(.splits(once, next))
                    next = states.count - 1
                }
            } else {
                states.append(.splits(next, next))
                let loop = states.count - 1
                let once = try compile(part, before: loop, &states)
                states[loop] = .splits(once, next)
                next = loop
            }
            for _ in 0..<least { next = try compile(part, before: next, &states) }
            return next
        }
        return states.count - 1
    }

    /// Whether the pattern is found in a text.
    public func isFound(in text: String) -> Bool {
        var current = StateSet(count: states.count)
        var following = StateSet(count: states.count)
        let scalars = text.unicodeScalars
        var position = scalars.startIndex
        while true {
            let isStart = position == scalars.startIndex
            let isEnd = position == scalars.endIndex
            // The pattern may begin at every place of the text.
            if add(states.count - 1, to: &current, isStart: isStart, isEnd: isEnd) { return true }
            if isEnd { return false }
            let scalar = scalars[position]
            position = scalars.index(after: position)
            let endsBehind = position == scalars.endIndex
            following.removeAll()
            for state in current.members {
                guard case .matches(let set, let next) = states[state], set.contains(scalar) else { continue }
                if add(next, to: &following, isStart: false, isEnd: endsBehind) { return true }
            }
            swap(&current, &following)
        }
    }

    /// Adds a state and all that can be reached from it without reading; true where the pattern is found.
    private func add(_ first: Int, to set: inout StateSet, isStart: Bool, isEnd: Bool) -> Bool {
        var open = [first]
        while let state = open.popLast() {
            guard set.insert(state) else { continue }
            switch states[state] {
            case .accepts: return true
            case .matches: continue
            case .splits(let left, let right):
                open.append(right)
                open.append(left)
            case .startOfText(let next): if isStart { open.append(next) }
            case .endOfText(let next): if isEnd { open.append(next) }
            }
        }
        return false
    }

    private struct StateSet {
        private(set) var members: [Int] = []
        private var isMember: [Bool]

        init(count: Int) { isMember = Array(repeating: false, count: count) }

        mutating func insert(_ state: Int) -> Bool {
            if isMember[state] { return false }
            isMember[state] = true
            members.append(state)
            return true
        }

        mutating func removeAll() {
            for state in members { isMember[state] = false }
            members.removeAll(keepingCapacity: true)
        }
    }
}

/// Scalars that a place of a pattern allows.
struct ScalarSet: Sendable {
    var ranges: [ClosedRange<UInt32>]
    var isInverted = false

    func contains(_ scalar: Unicode.Scalar) -> Bool {
        ranges.contains { $0.contains(scalar.value) } != isInverted
    }
}

indirect enum TextPatternExpression {
    case scalar(ScalarSet)
    case start, end
    case sequence([TextPatternExpression])
    case either([TextPatternExpression])
    case repeated(TextPatternExpression, least: Int, most: Int?)
}
