import GraphQLSchema

/// Which operations have something wrong with their variables.
///
/// Operations are looked at 64 at a time, one bit each: a set of operations reaches a fragment, defines a variable,
/// uses it. So the cost does not multiply operations by fragments. What exactly is wrong the rules find out, for the
/// operations that have a problem.
struct VariableAnalysis {
    struct Problems: OptionSet {
        let rawValue: UInt8
        static let undefined = Problems(rawValue: 1)
        static let unused = Problems(rawValue: 2)
        static let misplaced = Problems(rawValue: 4)
    }

    /// Operations that define a variable with the same type and default are of one class.
    private struct Definition {
        let position: Int32
        var operations: UInt64
        let next: Int32
    }

    /// By operation; empty when no operation has any.
    private(set) var problems: [Problems] = []

    private var defined: [UInt64] = []
    private var used: [UInt64] = []
    private var newestDefinition: [Int32] = []
    private var definitions: [Definition] = []
    private var undefined: UInt64 = 0
    private var misplaced: UInt64 = 0

    init() {}

    init(_ facts: borrowing Facts) {
        guard !facts.variableDefinitions.isEmpty || !facts.variableUses.isEmpty else { return }
        defined = Array(repeating: 0, count: facts.names.count)
        used = defined
        newestDefinition = Array(repeating: -1, count: facts.names.count)
        for first in stride(from: 0, to: facts.operations.count, by: 64) {
            analyse(first..<min(first + 64, facts.operations.count), facts)
        }
    }

    func operations(with problem: Problems) -> [Int] {
        problems.indices.filter { problems[$0].contains(problem) }
    }

    private mutating func analyse(_ batch: Range<Int>, _ facts: borrowing Facts) {
        undefined = 0
        misplaced = 0
        definitions.removeAll(keepingCapacity: true)
        for operation in batch { define(facts.operations[operation], 1 << UInt64(operation - batch.lowerBound), facts) }
        for operation in batch {
            use(facts.operations[operation].uses, by: 1 << UInt64(operation - batch.lowerBound), facts)
        }
        useFragments(batch, facts)
        var unused: UInt64 = 0
        for operation in batch {
            let bit: UInt64 = 1 << UInt64(operation - batch.lowerBound)
            for definition in facts.variableDefinitions(of: facts.operations[operation])
            where used[Int(definition.name)] & bit == 0 {
                unused |= bit
            }
        }
        if undefined | misplaced | unused != 0 { note(batch, unused, facts) }
        guard batch.upperBound < facts.operations.count else { return }
        for definition in definitions {
            let name = Int(facts.variableDefinitions[Int(definition.position)].name)
            defined[name] = 0
            newestDefinition[name] = -1
        }
        for use in facts.variableUses { used[Int(use.name)] = 0 }
    }

    private mutating func define(_ operation: OperationFact, _ bit: UInt64, _ facts: borrowing Facts) {
        for position in operation.variables {
            let definition = facts.variableDefinitions[Int(position)]
            let name = Int(definition.name)
            var known = newestDefinition[name]
            var isNew = true
            while known >= 0 {
                let other = facts.variableDefinitions[Int(definitions[Int(known)].position)]
                if other.type == definition.type,
                    facts.hasNonNullDefault(other) == facts.hasNonNullDefault(definition)
                {
                    definitions[Int(known)].operations |= bit
                    isNew = false
                } else {
                    // A variable that is defined twice is what the last definition says.
                    definitions[Int(known)].operations &= ~bit
                }
                known = definitions[Int(known)].next
            }
            defined[name] |= bit
            guard isNew else { continue }
            definitions.append(Definition(position: position, operations: bit, next: newestDefinition[name]))
            newestDefinition[name] = Int32(truncatingIfNeeded: definitions.count - 1)
        }
    }

    private mutating func use(_ uses: Range<Int32>, by operations: UInt64, _ facts: borrowing Facts) {
        for position in uses {
            let use = facts.variableUses[Int(position)]
            let name = Int(use.name)
            used[name] |= operations
            undefined |= operations & ~defined[name]
            var definition = newestDefinition[name]
            while definition >= 0 {
                let entry = definitions[Int(definition)]
                if entry.operations & operations != 0 {
                    let variable = facts.variableDefinitions[Int(entry.position)]
                    if !facts.isAllowed(use, variable) || facts.isNullableInOneOf(use, variable) {
                        misplaced |= entry.operations & operations
                    }
                }
                definition = entry.next
            }
        }
    }

    private mutating func useFragments(_ batch: Range<Int>, _ facts: borrowing Facts) {
        guard !facts.spreads.isEmpty else { return }
        let graph = facts.graph
        var reaching = [UInt64](repeating: 0, count: graph.componentCount)
        for operation in batch {
            let bit: UInt64 = 1 << UInt64(operation - batch.lowerBound)
            for spread in facts.operations[operation].spreads where facts.spreads[Int(spread)].fragment >= 0 {
                reaching[Int(graph.component[Int(facts.spreads[Int(spread)].fragment)])] |= bit
            }
        }
        for fragment in graph.order.reversed() {
            let operations = reaching[Int(graph.component[Int(fragment)])]
            if operations == 0 { continue }
            let fact = facts.fragments[Int(fragment)]
            for spread in fact.spreads where facts.spreads[Int(spread)].fragment >= 0 {
                reaching[Int(graph.component[Int(facts.spreads[Int(spread)].fragment)])] |= operations
            }
            use(fact.uses, by: operations, facts)
        }
    }

    private mutating func note(_ batch: Range<Int>, _ unused: UInt64, _ facts: borrowing Facts) {
        if problems.isEmpty { problems = Array(repeating: [], count: facts.operations.count) }
        for operation in batch {
            let bit: UInt64 = 1 << UInt64(operation - batch.lowerBound)
            if undefined & bit != 0 { problems[operation].insert(.undefined) }
            if misplaced & bit != 0 { problems[operation].insert(.misplaced) }
            if unused & bit != 0 { problems[operation].insert(.unused) }
        }
    }
}
