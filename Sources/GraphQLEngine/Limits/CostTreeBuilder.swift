import GraphQLLanguage
import GraphQLSchema

/// Makes the cost tree of an operation: fields merged as for execution, fragments on object types apart.
///
/// It looks at each field as often as fragments spread it, which ``OperationLimits/fields`` bounds before; where that
/// limit is off, it gives up at some point.
struct CostTreeBuilder {
    private let schema: PlannableSchema
    private let document: Document
    private let limits: OperationLimits
    private var fragments: [String: Document.Index] = [:]
    private var tree: CostTree
    /// What is to be looked at: a queue, so that no nesting is too deep.
    private var pending: [Selection] = []
    private var visits = 0
    private static let mostVisits = 100_000

    /// The merged selection sets below a field, or those of the operation.
    private struct Selection {
        let parent: Int
        let type: TypeID
        let selectionSets: [Document.Index]
        /// The operation, where the fields are those of its root type.
        var root: OperationType?
        /// The size of the fields that the field above says the size of.
        var sized: (fields: [String], size: CostTree.Size)?
    }

    /// Fields of one response key.
    private struct Group {
        let parent: Int
        let type: TypeID
        var nodes: [Document.Index]
        var conditions: [CostTree.Condition]
    }

    /// Where a walk over selections stands.
    private struct Position {
        var next: Document.Index
        let end: Document.Index
        let parent: Int
        let type: TypeID
        let conditions: [CostTree.Condition]
    }

    init(_ schema: PlannableSchema, _ costs: SchemaCosts, _ document: Document, _ limits: OperationLimits) {
        self.schema = schema
        self.document = document
        self.limits = limits
        tree = CostTree(document: document, operation: 0, schema: schema, costs: costs)
        for definition in document.children(of: 0) where document[definition].kind == .fragmentDefinition {
            fragments[document.text(of: definition)] = definition
        }
    }

    func build(_ operation: Document.Index) -> CostTree {
        var builder = self
        builder.tree = CostTree(
            document: document,
            operation: operation,
            schema: schema,
            costs: tree.costs
        )
        let type = document[operation].operation
        if let root = schema.schema.rootType(for: type), let selections = document.child(.selectionSet, of: operation) {
            builder.pending = [Selection(parent: 0, type: root, selectionSets: [selections], root: type)]
        }
        var position = 0
        while position < builder.pending.count {
            builder.add(builder.pending[position])
            position += 1
        }
        return builder.tree
    }

    // MARK: Fields

    private mutating func add(_ selection: Selection) {
        for group in groups(of: selection) {
            let node = group.nodes[0]
            let name = document.text(of: node)
            // The introspection is rendered from memory; its depth has a limit of its own.
            guard !name.hasPrefix("__"),
                let field = schema.field(named: name, in: group.type, isQueryRoot: selection.root == .query)
            else { continue }
            let cost = tree.costs.field(field.number, of: group.type)
            var treeNode = CostTree.Node(kind: .field, parent: group.parent, conditions: group.conditions)
            let ownWeight = cost.weight ?? (selection.root == .mutation ? limits.mutationWeight : nil)
            treeNode.callWeight = ownWeight ?? 0
            treeNode.elementWeight = field.type.isList || ownWeight == nil ? cost.typeWeight : 0
            treeNode.isComposite = cost.isComposite
            treeNode.arguments = cost.arguments.compactMap { argument in
                document.literal(ofArgument: argument.name, node).map {
                    CostTree.GivenArgument(argument: argument, literal: $0)
                }
            }
            var sized: (fields: [String], size: CostTree.Size)?
            let listSize = cost.listSize.map { size($0, node) }
            if let listSize, let fields = cost.listSize?.sizedFields, !fields.isEmpty {
                sized = (fields, listSize)
            }
            if field.type.isList {
                let fromAbove = selection.sized.flatMap { $0.fields.contains(name) ? $0.size : nil }
                let own = sized == nil ? listSize : nil
                treeNode.size = own ?? fromAbove ?? .constant(limits.assumedListSize)
                for _ in 1..<max(1, Int(field.type.listDepth)) {
                    treeNode.size = .times(limits.assumedListSize, treeNode.size)
                }
            }
            let selectionSets = group.nodes.compactMap { document.child(.selectionSet, of: $0) }
            guard
                !selectionSets.isEmpty || treeNode.callWeight != 0 || treeNode.elementWeight != 0
                    || !treeNode.arguments.isEmpty
            else { continue }
            tree.nodes.append(treeNode)
            guard !selectionSets.isEmpty else { continue }
            pending.append(
                Selection(
                    parent: tree.nodes.count - 1,
                    type: field.type.type,
                    selectionSets: selectionSets,
                    sized: sized
                )
            )
        }
    }

    private func size(_ listSize: SchemaCosts.ListSize, _ field: Document.Index) -> CostTree.Size {
        listSize.slicing.isEmpty
            ? .constant(listSize.assumed ?? limits.assumedListSize)
            : .sliced(listSize, by: field)
    }

    // MARK: Merging

    /// https://spec.graphql.org/September2025/#CollectFields(), for all object types that a selection may meet at once.
    private mutating func groups(of selection: Selection) -> [Group] {
        var groups: [Group] = []
        var places: [String: [Int]] = [:]
        var visited: [Document.Index: Set<Int>] = [:]
        /// The node below which one of several object types counts, and the node of each.
        var dearest: Int?
        var branches: [TypeID: Int] = [:]
        for selectionSet in selection.selectionSets {
            var open = [position(selectionSet, selection.parent, selection.type, [])]
            while var position = open.popLast() {
                guard position.next < position.end else { continue }
                visits += 1
                guard visits <= Self.mostVisits else {
                    tree.isUncounted = true
                    return []
                }
                let node = position.next
                position.next = Int(document[node].next)
                open.append(position)
                guard let conditions = conditions(of: node) else { continue }
                let all = position.conditions + conditions
                if document[node].kind == .field {
                    let key = document.text(of: document.responseKey(of: node))
                    if let place = places[key]?.first(where: { groups[$0].parent == position.parent }) {
                        groups[place].nodes.append(node)
                        // A field that is there for two reasons is taken to be there.
                        if groups[place].conditions != all { groups[place].conditions = [] }
                    } else {
                        places[key, default: []].append(groups.count)
                        groups.append(
                            Group(parent: position.parent, type: position.type, nodes: [node], conditions: all)
                        )
                    }
                    continue
                }
                let isSpread = document[node].kind == .fragmentSpread
                guard let fragment = isSpread ? fragments[document.text(of: node)] : node,
                    let inner = document.child(.selectionSet, of: fragment)
                else { continue }
                var (parent, type) = (position.parent, position.type)
                if let condition = document.child(.namedType, of: fragment) {
                    guard let named = schema.schema.type(named: document.text(of: condition)) else { continue }
                    if schema.schema[type].isAbstract {
                        type = named
                        if schema.schema[named].kind == .object {
                            parent = branch(named, of: selection.parent, &dearest, &branches)
                        }
                    } else if !schema.contains(type, in: named) {
                        continue
                    }
                }
                if isSpread {
                    // Spread again, a fragment adds nothing, unless it was there only under conditions.
                    if visited[fragment]?.contains(parent) == true { continue }
                    if all.isEmpty { visited[fragment, default: []].insert(parent) }
                }
                open.append(self.position(inner, parent, type, all))
            }
        }
        return groups
    }

    private func position(
        _ selectionSet: Document.Index,
        _ parent: Int,
        _ type: TypeID,
        _ conditions: [CostTree.Condition]
    ) -> Position {
        Position(
            next: selectionSet + 1,
            end: Int(document[selectionSet].next),
            parent: parent,
            type: type,
            conditions: conditions
        )
    }

    private mutating func branch(
        _ type: TypeID,
        of parent: Int,
        _ dearest: inout Int?,
        _ branches: inout [TypeID: Int]
    ) -> Int {
        if let known = branches[type] { return known }
        if dearest == nil {
            tree.nodes.append(CostTree.Node(kind: .dearest, parent: parent))
            dearest = tree.nodes.count - 1
        }
        tree.nodes.append(CostTree.Node(kind: .all, parent: dearest ?? parent))
        branches[type] = tree.nodes.count - 1
        return tree.nodes.count - 1
    }

    /// The variables that decide whether a selection is there; nil where it never is.
    private func conditions(of node: Document.Index) -> [CostTree.Condition]? {
        var conditions: [CostTree.Condition] = []
        for directive in document.children(of: node) where document[directive].kind == .directive {
            let name = document.text(of: directive)
            guard name == "skip" || name == "include", let value = document.literal(ofArgument: "if", directive) else {
                continue
            }
            if document[value].kind == .variable {
                let variable = document.text(of: value)
                conditions.append(CostTree.Condition(variable: variable, includesWhen: name == "include"))
            } else if document[value].flags.contains(.isTrue) == (name == "skip") {
                return nil
            }
        }
        return conditions
    }
}
