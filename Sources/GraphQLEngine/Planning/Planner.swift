import GraphQLLanguage
import GraphQLSchema

/// Compiles a validated operation into a plan.
///
/// CollectFields of https://spec.graphql.org/September2025/#sec-Field-Collection runs here, once for each set of
/// merged fields and concrete type, and never again while the plan is executed.
struct Planner {
    private let schema: PlannableSchema
    private let document: Document
    private let booleans: [String: Bool]
    private let limits: PlanLimits
    private let fragments: [ArraySlice<UInt8>: Document.Index]

    private var keys: [UInt8] = []
    private var storedFields: [StoredFields.Field] = []
    private var stepCount = 0
    private var stepsWithArguments: [Step] = []
    private var depth = 0
    /// Equal sets of merged fields have equal children: without this, plans for fragments on interfaces in each other
    /// would grow exponentially.
    private var knownChildren: [MergedFields: Children] = [:]

    init(_ schema: PlannableSchema, _ document: Document, booleans: [String: Bool], limits: PlanLimits) {
        self.schema = schema
        self.document = document
        self.booleans = booleans
        self.limits = limits
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
        let root = try selection(on: rootType, [selectionSet], isQueryRoot: type == .query)
        return Plan(
            document: document,
            operation: operation,
            root: root,
            keys: keys,
            storedFields: storedFields,
            stepCount: stepCount,
            stepsWithArguments: stepsWithArguments
        )
    }

    // MARK: Selections

    private mutating func selection(
        on type: TypeID,
        _ selectionSets: [Document.Index],
        isQueryRoot: Bool = false
    ) throws(GraphQLError) -> Selection {
        var groups = FieldGroups()
        var visited: Set<Document.Index> = []
        for selectionSet in selectionSets { collect(selectionSet, on: type, &groups, &visited) }

        var entries: [Selection.Entry] = []
        var steps: [Step] = []
        var checks: [Selection.Check] = []
        for (order, nodes) in groups.nodes.enumerated() {
            let node = nodes[0]
            let name = document.text(of: node)
            let key = writeKey(of: node, isFirst: entries.isEmpty)
            if name == "__typename" {
                keys.append(UInt8(ascii: "\""))
                keys.append(contentsOf: schema.schema[type].name.utf8)
                keys.append(UInt8(ascii: "\""))
                entries.append(.typeName(key.lowerBound..<keys.count))
                continue
            }
            guard let field = schema.field(named: name, in: type, isQueryRoot: isQueryRoot) else {
                // Only documents that were not validated name fields that do not exist; they are left out.
                keys.removeSubrange(key)
                continue
            }
            if field.isStored {
                if schema.schema[field.type.type].name == "Float" {
                    checks.append(
                        Selection.Check(
                            field: field.number,
                            type: field.type,
                            responseKey: document.text(of: document.responseKey(of: node)),
                            nodes: nodes,
                            order: order
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
                if case .stored(let range) = entries.last {
                    entries[entries.count - 1] = .stored(range.lowerBound..<storedFields.count)
                } else {
                    entries.append(.stored((storedFields.count - 1)..<storedFields.count))
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
            entries.append(.step(steps.count))
            let step = Step(
                id: id,
                field: field.number,
                parentType: type,
                type: field.type,
                order: order,
                responseKey: document.text(of: document.responseKey(of: node)),
                key: key,
                nodes: nodes,
                children: try children(of: field.type.type, nodes)
            )
            steps.append(step)
            if !schema.arguments(of: step).isEmpty { stepsWithArguments.append(step) }
        }
        return Selection(type: type, entries: entries, steps: steps, checks: checks)
    }

    /// What is selected on the values of merged fields.
    private mutating func children(
        of type: TypeID,
        _ nodes: [Document.Index]
    ) throws(GraphQLError) -> Children? {
        guard schema.schema[type].isComposite else { return nil }
        let merged = MergedFields(type: type, nodes: nodes)
        if let known = knownChildren[merged] { return known }
        var selectionSets: [Document.Index] = []
        for node in nodes {
            if let selectionSet = document.child(.selectionSet, of: node) { selectionSets.append(selectionSet) }
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
            selections[concrete] = try selection(on: concrete, selectionSets)
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
    }

    // MARK: Collecting

    /// Fields by response key, in the order in which the keys appear.
    private struct FieldGroups {
        var nodes: [[Document.Index]] = []
        private var positions: [ArraySlice<UInt8>: Int] = [:]

        mutating func add(_ node: Document.Index, key: ArraySlice<UInt8>) {
            if let position = positions[key] {
                nodes[position].append(node)
            } else {
                positions[key] = nodes.count
                nodes.append([node])
            }
        }
    }

    /// Walks a selection set and the fragments in it. A loop, because fragments can follow each other in any number.
    private func collect(
        _ selectionSet: Document.Index,
        on type: TypeID,
        _ groups: inout FieldGroups,
        _ visited: inout Set<Document.Index>
    ) {
        var open: [(next: Document.Index, end: Document.Index)] = [(selectionSet + 1, Int(document[selectionSet].next))]
        while let (node, end) = open.last {
            guard node < end else {
                open.removeLast()
                continue
            }
            open[open.count - 1].next = Int(document[node].next)
            guard isIncluded(node) else { continue }
            switch document[node].kind {
            case .field:
                groups.add(node, key: document.bytes[document.textRange(of: document.responseKey(of: node))])
            case .inlineFragment:
                if let inner = selectionSetIfApplicable(of: node, on: type) { open.append(inner) }
            default:
                guard let fragment = fragments[document.bytes[document.textRange(of: node)]],
                    visited.insert(fragment).inserted,
                    let inner = selectionSetIfApplicable(of: fragment, on: type)
                else { continue }
                open.append(inner)
            }
        }
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
            case "include": if condition(of: directive) == false { return false }
            default: break
            }
        }
        return true
    }

    private func condition(of directive: Document.Index) -> Bool? {
        guard let argument = document.child(.argument, of: directive), let value = document.value(of: argument) else {
            return nil
        }
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

    public init() {}
}
