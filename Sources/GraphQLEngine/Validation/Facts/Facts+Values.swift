import GraphQLLanguage
import GraphQLSchema

extension Facts {
    /// `type` is what the position expects, `parent` what the list or object around it expects.
    mutating func addValue(
        _ node: Int,
        type: TypeReference,
        parent: TypeReference,
        hasDefault: Bool,
        isChecked: Bool
    ) {
        switch nodes[node].kind {
        case .variable:
            variableUses.append(
                VariableUseFact(
                    node: Int32(truncatingIfNeeded: node),
                    name: intern(node),
                    type: type,
                    parent: parent,
                    hasDefault: hasDefault
                )
            )
        case .listValue: addList(node, type: type, isChecked: isChecked)
        case .objectValue: addObject(node, type: type, isChecked: isChecked)
        default:
            if type.isKnown {
                values.append(ValueFact(node: Int32(truncatingIfNeeded: node), isChecked: isChecked, type: type))
            }
        }
    }

    private mutating func addList(_ node: Int, type: TypeReference, isChecked: Bool) {
        let isList = type.isKnown && type.isList
        // A list where none is expected is wrong as a whole; its items are taken for values of the expected type.
        let item = isList ? type.element : type.isKnown ? type.nullable : .unknown
        if isChecked, !isList, type.isKnown {
            values.append(ValueFact(node: Int32(truncatingIfNeeded: node), isChecked: true, type: item))
        }
        var child = node + 1
        let end = Int(nodes[node].next)
        while child < end {
            addValue(child, type: item, parent: type, hasDefault: false, isChecked: isChecked && isList)
            child = Int(nodes[child].next)
        }
    }

    private mutating func addObject(_ node: Int, type: TypeReference, isChecked: Bool) {
        objects.append(Int32(truncatingIfNeeded: node))
        let named = type.type.rawValue
        let isInputObject = type.isKnown && index.kinds[Int(named)] == .inputObject
        if isChecked, type.isKnown {
            values.append(ValueFact(node: Int32(truncatingIfNeeded: node), isChecked: true, type: type))
        }
        var child = node + 1
        let end = Int(nodes[node].next)
        while child < end {
            let name = intern(child)
            let definition = isInputObject ? index.inputField(names.symbol(name), of: named) : -1
            positions[child] = Int32(truncatingIfNeeded: objectFields.count)
            objectFields.append(
                ObjectFieldFact(
                    node: Int32(truncatingIfNeeded: child),
                    name: name,
                    parent: isInputObject ? named : -1,
                    definition: definition,
                    isChecked: isChecked && isInputObject
                )
            )
            let field = definition < 0 ? nil : index.inputs[Int(definition)]
            addValue(
                child + 1,
                type: field?.type ?? .unknown,
                parent: type,
                hasDefault: field?.hasDefault ?? false,
                isChecked: isChecked && isInputObject
            )
            child = Int(nodes[child].next)
        }
    }
}
