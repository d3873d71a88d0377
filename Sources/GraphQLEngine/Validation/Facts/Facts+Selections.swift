import GraphQLLanguage
import GraphQLSchema

// Selections nest no deeper than the parser's limit, so these may call each other.
extension Facts {
    /// `field` is the definition of the field around the selections.
    mutating func addSelectionSet(_ node: Int, of owner: Node.Kind, parent: Int32, field: FieldID) {
        selectionSets.append(SelectionSetFact(node: Int32(truncatingIfNeeded: node), owner: owner))
        var child = node + 1
        let end = Int(nodes[node].next)
        while child < end {
            switch nodes[child].kind {
            case .field: addField(child, parent: parent)
            case .fragmentSpread: addSpread(child, parent: parent, field: field)
            default: addInlineFragment(child, parent: parent, field: field)
            }
            child = Int(nodes[child].next)
        }
    }

    private mutating func addField(_ node: Int, parent: Int32) {
        let end = Int(nodes[node].next)
        var child = node + 1
        let name = intern(node)
        var key = name
        if child < end, nodes[child].kind == .alias {
            key = intern(child)
            child += 1
        }
        let definition = parent < 0 ? -1 : index.field(names.symbol(name), of: parent)
        let firstArgument = Int32(arguments.count)
        while child < end, nodes[child].kind == .argument {
            let argument = intern(child)
            let input = definition < 0 ? -1 : index.argument(names.symbol(argument), of: definition)
            addArgument(child, argument, input)
            child = Int(nodes[child].next)
        }
        let position = fields.count
        positions[node] = Int32(truncatingIfNeeded: position)
        fields.append(
            FieldFact(
                node: Int32(truncatingIfNeeded: node),
                name: name,
                key: key,
                parent: parent,
                definition: definition,
                firstArgument: firstArgument,
                endOfArguments: Int32(arguments.count)
            )
        )
        while child < end, nodes[child].kind == .directive {
            addDirective(child, on: node, .field, parent: parent, field: definition)
            child = Int(nodes[child].next)
        }
        guard child < end else { return }
        fields[position].selectionSet = Int32(truncatingIfNeeded: child)
        let type = definition < 0 ? -1 : index.composite(index.fields[Int(definition)].type.type.rawValue)
        addSelectionSet(child, of: .field, parent: type, field: definition)
    }

    private mutating func addSpread(_ node: Int, parent: Int32, field: FieldID) {
        positions[node] = Int32(truncatingIfNeeded: spreads.count)
        spreads.append(SpreadFact(node: Int32(truncatingIfNeeded: node), name: intern(node), parent: parent))
        var child = node + 1
        let end = Int(nodes[node].next)
        while child < end {
            addDirective(child, on: node, .fragmentSpread, parent: parent, field: field)
            child = Int(nodes[child].next)
        }
    }

    private mutating func addInlineFragment(_ node: Int, parent: Int32, field: FieldID) {
        let end = Int(nodes[node].next)
        var child = node + 1
        var condition = 0
        var conditionType: Int32 = -1
        var type = parent
        if nodes[child].kind == .namedType {
            condition = child
            conditionType = addNamedType(child)
            type = index.composite(conditionType)
            child += 1
        }
        positions[node] = Int32(truncatingIfNeeded: inlineFragments.count)
        inlineFragments.append(
            InlineFragmentFact(
                node: Int32(truncatingIfNeeded: node),
                condition: Int32(truncatingIfNeeded: condition),
                conditionType: conditionType,
                type: type,
                parent: parent
            )
        )
        while child < end, nodes[child].kind == .directive {
            addDirective(child, on: node, .inlineFragment, parent: parent, field: field)
            child = Int(nodes[child].next)
        }
        addSelectionSet(child, of: .inlineFragment, parent: type, field: field)
    }

    /// The arguments of a directive nobody knows are taken for arguments of the field around it, as in graphql-js.
    mutating func addDirective(
        _ node: Int,
        on host: Int,
        _ location: DirectiveLocation,
        parent: Int32,
        field: FieldID
    ) {
        let name = intern(node)
        let definition = index.directive(names.symbol(name))
        let firstArgument = Int32(arguments.count)
        var child = node + 1
        let end = Int(nodes[node].next)
        while child < end {
            let argument = intern(child)
            var input: InputID = -1
            if definition >= 0 {
                input = index.argument(names.symbol(argument), ofDirective: definition)
            } else if field >= 0 {
                input = index.argument(names.symbol(argument), of: field)
            }
            addArgument(child, argument, input)
            child = Int(nodes[child].next)
        }
        directives.append(
            DirectiveFact(
                node: Int32(truncatingIfNeeded: node),
                name: name,
                definition: definition,
                host: Int32(truncatingIfNeeded: host),
                location: location,
                parent: parent,
                field: field,
                firstArgument: firstArgument,
                endOfArguments: Int32(arguments.count)
            )
        )
    }

    @inline(__always)
    private mutating func addArgument(_ node: Int, _ name: NameID, _ definition: InputID) {
        arguments.append(ArgumentFact(node: Int32(truncatingIfNeeded: node), name: name, definition: definition))
        if definition < 0 {
            addValue(node + 1, type: .unknown, parent: .unknown, hasDefault: false, isChecked: true)
        } else {
            let input = index.inputs[Int(definition)]
            addValue(node + 1, type: input.type, parent: .unknown, hasDefault: input.hasDefault, isChecked: true)
        }
    }
}
