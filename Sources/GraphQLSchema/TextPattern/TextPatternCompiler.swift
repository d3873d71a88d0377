indirect enum TextPatternExpression {
    case scalar(ScalarSet)
    case start, end
    case sequence([TextPatternExpression])
    case either([TextPatternExpression])
    case repeated(TextPatternExpression, least: Int, most: Int?)
}

/// Turns an expression into states, backwards: each knows what follows it.
struct TextPatternCompiler {
    private var states: [TextPattern.State] = [.accepts]
    private var sets: [ScalarSet] = []
    /// Counted apart from the states, because repetitions of nothing make none.
    private var steps = 0

    static func program(for expression: TextPatternExpression) throws(TextPattern.Fault) -> TextPattern.Program {
        var compiler = TextPatternCompiler()
        let start = try compiler.compile(expression, before: 0)
        return TextPattern.Program(compiler.states, start: start, compiler.sets)
    }

    private mutating func add(_ state: TextPattern.State) -> Int {
        states.append(state)
        return states.count - 1
    }

    private mutating func compile(
        _ expression: TextPatternExpression,
        before next: Int
    ) throws(TextPattern.Fault) -> Int {
        steps += 1
        guard states.count < TextPattern.maximumStates, steps < 4 * TextPattern.maximumStates else {
            throw TextPattern.Fault(reason: "it has more than \(TextPattern.maximumStates) places")
        }
        switch expression {
        case .scalar(let set):
            sets.append(set)
            return add(.matches(set: sets.count - 1, next: next))
        case .start: return add(.startOfText(next: next))
        case .end: return add(.endOfText(next: next))
        case .sequence(let parts):
            var next = next
            for part in parts.reversed() { next = try compile(part, before: next) }
            return next
        case .either(let choices):
            var start = try compile(choices[choices.count - 1], before: next)
            for choice in choices.dropLast().reversed() {
                let first = try compile(choice, before: next)
                start = add(.splits(first, start))
            }
            return start
        case .repeated(let part, let least, let most): return try compile(part, least, most, before: next)
        }
    }

    private mutating func compile(
        _ part: TextPatternExpression,
        _ least: Int,
        _ most: Int?,
        before next: Int
    ) throws(TextPattern.Fault) -> Int {
        var start = next
        if let most {
            for _ in least..<most {
                let once = try compile(part, before: start)
                start = add(.splits(once, next))
            }
        } else {
            let loop = add(.splits(next, next))
            let once = try compile(part, before: loop)
            states[loop] = .splits(once, next)
            start = loop
        }
        for _ in 0..<least { start = try compile(part, before: start) }
        return start
    }
}
