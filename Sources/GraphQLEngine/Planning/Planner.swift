import GraphQLLanguage
import GraphQLSchema

/// Compiles a validated operation into a plan.
///
/// CollectFields of https://spec.graphql.org/September2025/#sec-Field-Collection runs here, once for each set of
/// merged fields and concrete type, and never again while the plan is executed.
struct Planner {
    private let schema: PlannableSchema
    let document: Document
    private let prepared: PreparedDocument
    private let booleans: [String: Bool]
    let limits: PlanLimits
    /// Whether `@defer` and `@stream` are obeyed; else everything comes at once.
    private let isIncremental: Bool
    private let fragments: [ArraySlice<UInt8>: Document.Index]

    private var keys: [UInt8] = []
    private var storedFields: [StoredFields.Field] = []
    private var stepCount = 0
    private var selectionCount = 0
    private var stepsWithArguments: [Step] = []
    private var streamedSteps: [Step] = []
    /// The uses of `@defer` found so far, by their numbers.
    var deferUsages: [DeferUsage] = []
    private var depth = 0
    /// Equal sets of merged fields have equal children: without this, plans for fragments on interfaces in each other
    /// would grow exponentially.
    private var knownChildren: [MergedFields: Children] = [:]

    init(
        _ schema: PlannableSchema,
        _ prepared: PreparedDocument,
        booleans: [String: Bool],
        limits: PlanLimits,
        isIncremental: Bool
    ) {
        self.schema = schema
        self.prepared = prepared
        document = prepared.document
        self.booleans = booleans
        self.limits = limits
        self.isIncremental = isIncremental
        var fragments: [ArraySlice<UInt8>: Document.Index] = [:]
        for definition in document.children(of: 0) where document[definition].kind == .fragmentDefinition {
            fragments[document.bytes[document.textRange(of: definition)]] = definition
        }
        self.fragments = fragments
    }

    /// - Parameter operation: the operation definition's node.
    mutating func plan(_ operation: Document.Index) throws(GraphQLError) -> Plan {
        let type = document[operation].operation
        guard let rootType = schema.schema.rootType(for: type) else {
            throw GraphQLError(
                "Schema is not configured to execute \(type.rawValue) operation.",
                locations: [document.location(of: operation)]
            )
        }
        guard let selectionSet = document.child(.selectionSet, of: operation) else {
            preconditionFailure("an operation has a selection set")
        }
        let source = Source(selectionSet: selectionSet, usage: Self.notDeferred)
        let root = try selection(on: rootType, [source], within: [], isQueryRoot: type == .query)
        return Plan(
            document: document,
            operation: operation,
            root: root,
            keys: keys + Array(repeating: 0, count: ResponseBuffer.padding),
            storedFields: storedFields,
            stepCount: stepCount,
            selectionCount: selectionCount,
            stepsWithArguments: stepsWithArguments,
            streamedSteps: streamedSteps,
            of: prepared
        )
    }

    // MARK: Selections

    /// A selection set, and the number of the `@defer` it stands in.
    private struct Source {
        let selectionSet: Document.Index
        let usage: Int32
    }

    static let notDeferred: Int32 = -1

    /// - Parameter parents: the `@defer`s with whose group the parent field comes.
    private mutating func selection(
        on type: TypeID,
        _ sources: [Source],
        within parents: [Int32],
        isQueryRoot: Bool = false
    ) throws(GraphQLError) -> Selection {
        selectionCount += 1
        var groups = FieldGroups()
        var visited: Set<Visit> = []
        let firstUsage = deferUsages.count
        for source in sources { try collect(source, on: type, &groups, &visited) }
        let usages = Array(deferUsages[firstUsage...])
        let parts = DeferPartition(groups.groups, within: parents, deferUsages)
        let main = try compile(parts.main, on: type, within: parents, isQueryRoot: isQueryRoot)
        guard !usages.isEmpty || !parts.later.isEmpty else { return main.selection(on: type) }
        var later: [Deferral.Group] = []
        for part in parts.later {
            let fields = try compile(part.fields, on: type, within: part.usages, isQueryRoot: isQueryRoot)
            later.append(
                Deferral.Group(
                    usages: part.usages.map { deferUsages[Int($0)] },
                    selection: fields.selection(on: type)
                )
            )
        }
        return main.selection(on: type, Deferral(usages: usages, groups: later))
    }

    /// Fields that come together, compiled.
    private struct CompiledFields {
        var entries: [Selection.Entry] = []
        var steps: [Step] = []
        var checks: [Selection.Check] = []
        var expectedBytes = 4

        func selection(on type: TypeID, _ deferral: Deferral? = nil) -> Selection {
            Selection(
                type: type,
                entries: entries,
                steps: steps,
                checks: checks,
                deferral: deferral,
                expectedBytes: expectedBytes
            )
        }
    }

    private mutating func compile(
        _ groups: [FieldGroups.Group],
        on type: TypeID,
        within parents: [Int32],
        isQueryRoot: Bool
    ) throws(GraphQLError) -> CompiledFields {
        var fields = CompiledFields()
        for group in groups {
            let nodes = group.nodes
            let node = nodes[0]
            let name = document.text(of: node)
            let key = writeKey(of: node, isFirst: fields.entries.isEmpty)
            fields.expectedBytes += key.count + 24
            if name == "__typename" {
                keys.append(UInt8(ascii: "\""))
                keys.append(contentsOf: schema.schema[type].name.utf8)
                keys.append(UInt8(ascii: "\""))
                fields.entries.append(.typeName(key.lowerBound..<keys.count))
                continue
            }
            guard let field = schema.field(named: name, in: type, isQueryRoot: isQueryRoot) else {
                // Only documents that were not validated name fields that do not exist; they are left out.
                keys.removeSubrange(key)
                continue
            }
            // What is guarded is not written before its guards were asked.
            if field.isStored, field.guards.isEmpty {
                if schema.schema[field.type.type].name == "Float" {
                    fields.checks.append(
                        Selection.Check(
                            field: field.number,
                            type: field.type,
                            responseKey: document.text(of: document.responseKey(of: node)),
                            nodes: nodes,
                            order: group.order
                        )
                    )
                }
                storedFields.append(
                    StoredFields.Field(
                        number: Int32(field.number),
                        keyStart: Int32(key.lowerBound),
                        keyEnd: Int32(key.upperBound)
                    )
                )
                if case .stored(let range) = fields.entries.last {
                    fields.entries[fields.entries.count - 1] = .stored(range.lowerBound..<storedFields.count)
                } else {
                    fields.entries.append(.stored((storedFields.count - 1)..<storedFields.count))
                }
                continue
            }
            let id = stepCount
            stepCount += 1
            guard stepCount <= limits.steps else {
                throw GraphQLError(
                    "Operation selects more than \(limits.steps) resolved fields.",
                    extensions: ["code": .string("QUERY_TOO_LARGE")]
                )
            }
            // The keys of nested selections go behind this one's, so its stored fields must stand before the step.
            fields.entries.append(.step(fields.steps.count))
            let step = Step(
                id: id,
                field: field.number,
                parentType: type,
                type: field.type,
                order: group.order,
                responseKey: document.text(of: document.responseKey(of: node)),
                key: key,
                nodes: nodes,
                children: try children(of: field.type.type, group, within: parents),
                guards: field.guards,
                isStored: field.isStored
            )
            if !schema.arguments(of: step).isEmpty { stepsWithArguments.append(step) }
            fields.steps.append(try streamed(step, group) ?? step)
        }
        joinStored(&fields)
        return fields
    }

    /// Makes one range of stored fields of a selection that has nothing else but the name of its type in it, so that its
    /// objects can be written without looking at it again.
    private mutating func joinStored(_ fields: inout CompiledFields) {
        let hasStored = fields.entries.contains { if case .stored = $0 { true } else { false } }
        guard fields.steps.isEmpty, hasStored, fields.entries.count > 1 else { return }
        let start = storedFields.count
        for entry in fields.entries {
            switch entry {
            case .stored(let range): storedFields.append(contentsOf: storedFields[range])
            case .typeName(let range):
                storedFields.append(
                    StoredFields.Field(
                        number: StoredFields.typeName,
                        keyStart: Int32(range.lowerBound),
                        keyEnd: Int32(range.upperBound)
                    )
                )
            case .step: preconditionFailure("a selection without steps has none among its entries")
            }
        }
        fields.entries = [.stored(start..<storedFields.count)]
    }

    /// The same step with its list streamed, if the document asks for that.
    private mutating func streamed(_ step: Step, _ group: FieldGroups.Group) throws(GraphQLError) -> Step? {
        guard isIncremental, step.type.isList, let directive = enabledDirective("stream", of: step.nodes[0]) else {
            return nil
        }
        // What is deferred around the list is there when its items come.
        var group = group
        for index in group.usages.indices { group.usages[index] = Self.notDeferred }
        let items = step.with(children: try children(of: step.type.type, group, within: []), stream: nil)
        let usage = StreamUsage(
            label: label(of: directive),
            initialCount: initialCount(of: directive),
            items: Selection(type: step.parentType, entries: [.step(0)], steps: [items], checks: [])
        )
        let streamed = step.with(children: step.children, stream: usage)
        streamedSteps.append(streamed)
        return streamed
    }

    /// What is selected on the values of merged fields.
    private mutating func children(
        of type: TypeID,
        _ group: FieldGroups.Group,
        within parents: [Int32]
    ) throws(GraphQLError) -> Children? {
        guard schema.schema[type].isComposite else { return nil }
        let merged = MergedFields(type: type, nodes: group.nodes, usages: group.usages, parents: parents)
        if let known = knownChildren[merged] { return known }
        var sources: [Source] = []
        for (index, node) in group.nodes.enumerated() {
            guard let selectionSet = document.child(.selectionSet, of: node) else { continue }
            let usage = group.usages.isEmpty ? Self.notDeferred : group.usages[index]
            sources.append(Source(selectionSet: selectionSet, usage: usage))
        }
        depth += 1
        defer { depth -= 1 }
        guard depth <= limits.depth else {
            throw GraphQLError(
                "Operation nests deeper than \(limits.depth) fields.",
                extensions: ["code": .string("QUERY_TOO_DEEP")]
            )
        }
        var selections: [TypeID: Selection] = [:]
        for concrete in schema.concreteTypes(of: type) {
            selections[concrete] = try selection(on: concrete, sources, within: parents)
        }
        let children = Children(selections: selections)
        knownChildren[merged] = children
        return children
    }

    /// Writes `"key":` behind the keys written so far, with a comma unless it is an object's first.
    private mutating func writeKey(of field: Document.Index, isFirst: Bool) -> Range<Int> {
        let start = keys.count
        if !isFirst { keys.append(UInt8(ascii: ",")) }
        keys.append(UInt8(ascii: "\""))
        keys.append(contentsOf: document.bytes[document.textRange(of: document.responseKey(of: field))])
        keys.append(UInt8(ascii: "\""))
        keys.append(UInt8(ascii: ":"))
        return start..<keys.count
    }

    /// The same fields select the same on values of the same type, wherever they are reached.
    private struct MergedFields: Hashable {
        let type: TypeID
        let nodes: [Document.Index]
        let usages: [Int32]
        let parents: [Int32]
    }

    // MARK: Collecting

    /// Walks a selection set and the fragments in it. A loop, because fragments can follow each other in any number.
    private mutating func collect(
        _ source: Source,
        on type: TypeID,
        _ groups: inout FieldGroups,
        _ visited: inout Set<Visit>
    ) throws(GraphQLError) {
        let selectionSet = source.selectionSet
        var open = [(next: selectionSet + 1, end: Int(document[selectionSet].next), usage: source.usage)]
        while let (node, end, usage) = open.last {
            guard node < end else {
                open.removeLast()
                continue
            }
            open[open.count - 1].next = Int(document[node].next)
            guard isIncluded(node) else { continue }
            switch document[node].kind {
            case .field:
                groups.add(
                    node,
                    key: document.bytes[document.textRange(of: document.responseKey(of: node))],
                    usage: isIncremental ? usage : nil
                )
            case .inlineFragment:
                guard let inner = selectionSetIfApplicable(of: node, on: type) else { continue }
                let usage = isIncremental ? try deferral(by: node, in: usage) : usage
                open.append((inner.next, inner.end, usage))
            default:
                guard let fragment = fragments[document.bytes[document.textRange(of: node)]],
                    let inner = selectionSetIfApplicable(of: fragment, on: type)
                else { continue }
                let usage = isIncremental ? try deferral(by: node, in: usage) : usage
                guard visited.insert(Visit(fragment: fragment, usage: usage)).inserted else { continue }
                open.append((inner.next, inner.end, usage))
            }
        }
    }

    /// A fragment that was walked, for a use of `@defer` or for none.
    private struct Visit: Hashable {
        let fragment: Document.Index
        let usage: Int32
    }

    /// What a fragment selects, if its type condition holds for an object type.
    private func selectionSetIfApplicable(
        of fragment: Document.Index,
        on type: TypeID
    ) -> (next: Document.Index, end: Document.Index)? {
        if let condition = document.child(.namedType, of: fragment) {
            guard let conditionType = schema.schema.type(named: document.text(of: condition)),
                schema.contains(type, in: conditionType)
            else { return nil }
        }
        guard let selectionSet = document.child(.selectionSet, of: fragment) else { return nil }
        return (selectionSet + 1, Int(document[selectionSet].next))
    }

    private func isIncluded(_ node: Document.Index) -> Bool {
        for directive in document.children(of: node) where document[directive].kind == .directive {
            switch document.text(of: directive) {
            case "skip": if condition(of: directive) == true { return false }
            // A variable that is null is not true.
            case "include": if condition(of: directive) != true { return false }
            default: break
            }
        }
        return true
    }

    private func condition(of directive: Document.Index) -> Bool? {
        guard let argument = document.child(.argument, of: directive), let value = document.value(of: argument) else {
            return nil
        }
        return boolean(value)
    }

    /// The Boolean that a literal or variable is.
    func boolean(_ value: Document.Index) -> Bool? {
        switch document[value].kind {
        case .booleanValue: return document[value].flags.contains(.isTrue)
        case .variable: return booleans[document.text(of: value)]
        default: return nil
        }
    }
}

/// How large a plan may become: a guard of the planner's memory and stack, apart from the limits on operations.
public struct PlanLimits: Sendable {
    /// Resolved fields, for all concrete types together.
    public var steps = 50_000
    /// Fields in each other, fragments counted in.
    public var depth = 500
    /// Uses of `@defer`, each counted for each way and concrete type that leads to it.
    public var deferrals = 1_000

    public init() {}
}
