/// A regular expression that is matched in time linear in the text, whatever the pattern: for patterns that stand in
/// schemas and are held against what strangers send.
///
/// The part of JavaScript's syntax without look-around and references: literals, `.`, classes with ranges, `\d \w \s`
/// and their opposites, escapes of control characters and of scalars by number, groups, `|`, `* + ? {n,m}`, `^` and
/// `$`. A pattern is found anywhere in the text unless it says where, and `.` and classes take whole Unicode scalars.
/// Each scalar of the text costs a step for each state that is open at most, and patterns of more than
/// ``maximumStates`` are refused.
public struct TextPattern: Sendable {
    public static let maximumStates = 2_000

    public struct Fault: Error, Hashable, Sendable {
        public let reason: String
    }

    private let program: Program
    /// Whether the pattern can be found nowhere but at the text's beginning.
    private let isAnchored: Bool

    /// Plain numbers, because the search copies a state for each scalar of a text.
    enum State: Sendable {
        case matches(set: Int, next: Int)
        case splits(Int, Int)
        case startOfText(next: Int)
        case endOfText(next: Int)
        case accepts
    }

    /// What the compiler makes of an expression.
    struct Program: Sendable {
        let states: [State]
        let start: Int
        private let sets: [ScalarSet]
        /// Two words for each set: its members of ASCII.
        private let masks: [UInt64]

        init(_ states: [State], start: Int, _ sets: [ScalarSet]) {
            self.states = states
            self.start = start
            self.sets = sets
            masks = sets.flatMap { [$0.lowMask, $0.highMask] }
        }

        func contains(_ set: Int, _ scalar: Unicode.Scalar) -> Bool {
            guard scalar.value < 128 else { return sets[set].contains(scalar) }
            return masks[2 * set + Int(scalar.value >> 6)] >> UInt64(scalar.value & 63) & 1 == 1
        }
    }

    public init(_ pattern: String) throws(Fault) {
        var parser = TextPatternParser(pattern)
        program = try TextPatternCompiler.program(for: try parser.parse())
        var search = Search(program)
        isAnchored = !search.enter(program.start, isStart: false, isEnd: true) && search.isOver
    }

    /// Whether the pattern is found in a text.
    public func isFound(in text: String) -> Bool {
        var search = Search(program)
        var scalars = text.unicodeScalars.makeIterator()
        var next = scalars.next()
        var isStart = true
        while true {
            if isStart || !isAnchored {
                // The pattern may begin at this place, too.
                if search.enter(program.start, isStart: isStart, isEnd: next == nil) { return true }
            } else if search.isOver {
                return false
            }
            guard let scalar = next else { return false }
            next = scalars.next()
            isStart = false
            if search.advance(over: scalar, isEnd: next == nil) { return true }
        }
    }

    /// All states that the text up to some place leads to, side by side.
    private struct Search {
        private let program: Program
        /// Those that wait for a scalar.
        private var waiting: [Int] = []
        private var waitingBehind: [Int] = []
        /// The place at which each state was last entered, so that it is entered once.
        private var places: [Int]
        private var place = 1
        private var open: [Int] = []

        init(_ program: Program) {
            self.program = program
            places = Array(repeating: 0, count: program.states.count)
        }

        var isOver: Bool { waiting.isEmpty }

        /// Enters a state and all that can be reached from it without reading; true where the pattern is found.
        mutating func enter(_ state: Int, isStart: Bool, isEnd: Bool) -> Bool {
            open.append(state)
            while let state = open.popLast() {
                if places[state] == place { continue }
                places[state] = place
                switch program.states[state] {
                case .accepts: return true
                case .matches: waiting.append(state)
                case .splits(let first, let second):
                    open.append(second)
                    open.append(first)
                case .startOfText(let next): if isStart { open.append(next) }
                case .endOfText(let next): if isEnd { open.append(next) }
                }
            }
            return false
        }

        /// Reads a scalar; true where the pattern is found behind it.
        mutating func advance(over scalar: Unicode.Scalar, isEnd: Bool) -> Bool {
            swap(&waiting, &waitingBehind)
            waiting.removeAll(keepingCapacity: true)
            place += 1
            for state in waitingBehind {
                guard case .matches(let set, let next) = program.states[state], program.contains(set, scalar) else {
                    continue
                }
                if enter(next, isStart: false, isEnd: isEnd) { return true }
            }
            return false
        }
    }
}
