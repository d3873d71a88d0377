import GraphQLLanguage
import GraphQLSchema

extension Facts {
    mutating func addDefinitions() {
        var child = 1
        while child < nodes.count {
            switch nodes[child].kind {
            case .operationDefinition: addOperation(child)
            case .fragmentDefinition: addFragment(child)
            default: addTypeSystemDefinition(child)
            }
            child = Int(nodes[child].next)
        }
    }

    private mutating func addOperation(_ node: Int) {
        let kind = nodes[node].operation
        var type = index.schema.rootType(for: kind)?.rawValue ?? -1
        if type >= 0, index.kinds[Int(type)] != .object { type = -1 }
        var operation = OperationFact(
            node: Int32(truncatingIfNeeded: node),
            name: nodes[node].hasText ? intern(node) : -1,
            kind: kind,
            type: type,
            variables: 0..<0,
            uses: 0..<0,
            spreads: 0..<0
        )
        let firstVariable = Int32(variableDefinitions.count)
        let firstUse = Int32(variableUses.count)
        let firstSpread = Int32(spreads.count)
        var child = node + 1
        let end = Int(nodes[node].next)
        while child < end {
            switch nodes[child].kind {
            case .variableDefinition: addVariableDefinition(child)
            case .directive: addDirective(child, on: node, kind.directiveLocation, parent: -1, field: -1)
            case .selectionSet:
                operation.selectionSet = Int32(truncatingIfNeeded: child)
                addSelectionSet(child, of: .operationDefinition, parent: type, field: -1)
            default: break
            }
            child = Int(nodes[child].next)
        }
        operation.variables = firstVariable..<Int32(variableDefinitions.count)
        operation.uses = firstUse..<Int32(variableUses.count)
        operation.spreads = firstSpread..<Int32(spreads.count)
        operations.append(operation)
    }

    private mutating func addVariableDefinition(_ node: Int) {
        var name: NameID = -1
        var type = TypeReference.unknown
        var typeNode = 0
        var defaultValue = 0
        var child = node + 1
        let end = Int(nodes[node].next)
        while child < end {
            switch nodes[child].kind {
            case .description: break
            case .variable: name = intern(child)
            case .namedType, .listType:
                typeNode = child
                type = addType(child)
            case .directive: addDirective(child, on: node, .variableDefinition, parent: -1, field: -1)
            default:
                defaultValue = child
                let isInput = type.isKnown && index.isInput(type.type.rawValue)
                addValue(child, type: isInput ? type : .unknown, parent: .unknown, hasDefault: false, isChecked: true)
            }
            child = Int(nodes[child].next)
        }
        variableDefinitions.append(
            VariableDefinitionFact(
                node: Int32(truncatingIfNeeded: node),
                name: name,
                typeNode: Int32(truncatingIfNeeded: typeNode),
                type: type,
                defaultValue: Int32(truncatingIfNeeded: defaultValue)
            )
        )
    }

    private mutating func addFragment(_ node: Int) {
        let name = intern(node)
        let firstUse = Int32(variableUses.count)
        let firstSpread = Int32(spreads.count)
        var condition = 0
        var conditionType: Int32 = -1
        var selectionSet = 0
        var child = node + 1
        let end = Int(nodes[node].next)
        while child < end {
            switch nodes[child].kind {
            case .namedType:
                condition = child
                conditionType = addNamedType(child)
            case .directive: addDirective(child, on: node, .fragmentDefinition, parent: -1, field: -1)
            case .selectionSet:
                selectionSet = child
                addSelectionSet(child, of: .fragmentDefinition, parent: index.composite(conditionType), field: -1)
            default: break
            }
            child = Int(nodes[child].next)
        }
        fragments.append(
            FragmentFact(
                node: Int32(truncatingIfNeeded: node),
                name: name,
                condition: Int32(truncatingIfNeeded: condition),
                conditionType: conditionType,
                type: index.composite(conditionType),
                selectionSet: Int32(truncatingIfNeeded: selectionSet),
                uses: firstUse..<Int32(variableUses.count),
                spreads: firstSpread..<Int32(spreads.count)
            )
        )
    }

    mutating func resolveSpreads() {
        guard !spreads.isEmpty else { return }
        var fragmentByName = [Int32](repeating: -1, count: names.count)
        for (position, fragment) in fragments.enumerated() {
            fragmentByName[Int(fragment.name)] = Int32(truncatingIfNeeded: position)
        }
        for position in spreads.indices {
            spreads[position].fragment = fragmentByName[Int(spreads[position].name)]
        }
    }

    // MARK: Names and types

    @inline(__always)
    mutating func intern(_ node: Int) -> NameID {
        names.intern(from: nodes[node].textStart, to: nodes[node].textEnd)
    }

    mutating func addNamedType(_ node: Int) -> Int32 {
        let name = intern(node)
        let type = index.type(names.symbol(name))
        if type < 0 { unknownTypes.append(TypeNameFact(node: Int32(truncatingIfNeeded: node), name: name)) }
        return type
    }

    private mutating func addType(_ node: Int) -> TypeReference {
        var named = node
        while nodes[named].kind == .listType { named += 1 }
        let type = addNamedType(named)
        guard type >= 0 else { return .unknown }
        // From the inside to the outside. No type of a schema is as deep as the maximum and one more, so a deeper
        // one that is cut there equals none either.
        var reference = TypeReference(TypeID(Int(type)))
        if nodes[named].flags.contains(.nonNull) { reference = reference.required }
        while named > node, reference.listDepth <= TypeReference.maximumListDepth {
            named -= 1
            reference = reference.list
            if nodes[named].flags.contains(.nonNull) { reference = reference.required }
        }
        return reference
    }
}

extension SchemaIndex {
    /// The type itself where it is composite, else -1.
    @inline(__always)
    func composite(_ type: Int32) -> Int32 {
        guard type >= 0 else { return -1 }
        switch kinds[Int(type)] {
        case .object, .interface, .union: return type
        case .scalar, .enum, .inputObject: return -1
        }
    }

    @inline(__always)
    func isInput(_ type: Int32) -> Bool {
        switch kinds[Int(type)] {
        case .scalar, .enum, .inputObject: true
        case .object, .interface, .union: false
        }
    }

    @inline(__always)
    func isLeaf(_ type: Int32) -> Bool {
        switch kinds[Int(type)] {
        case .scalar, .enum: true
        case .object, .interface, .union, .inputObject: false
        }
    }
}

extension OperationType {
    fileprivate var directiveLocation: DirectiveLocation {
        switch self {
        case .query: .query
        case .mutation: .mutation
        case .subscription: .subscription
        }
    }
}
