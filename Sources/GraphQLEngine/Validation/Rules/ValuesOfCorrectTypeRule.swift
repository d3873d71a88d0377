import GraphQLLanguage
import GraphQLSchema

extension ValidationRule {
    /// Literals are of the types that are expected.
    ///
    /// https://spec.graphql.org/September2025/#sec-Values-of-Correct-Type
    public static let valuesOfCorrectType = ValidationRule("ValuesOfCorrectTypeRule") { facts, report in
        for value in facts.values where value.isChecked {
            switch facts.nodes[Int(value.node)].kind {
            case .nullValue:
                guard value.type.isNonNull else { continue }
                report.add(
                    entering: value.node,
                    at: [facts.start(value.node)],
                    "Expected value of type \"\(facts.text(value.type))\", found null."
                )
            case .objectValue where facts.index.kinds[value.type.type.index] == .inputObject:
                facts.checkObject(value, &report)
            default:
                if facts.isLiteral(value) { continue }
                facts.addMismatch(value, &report)
            }
            if report.isFull { break }
        }
        report.beginPass()
        for field in facts.objectFields where field.isChecked && field.definition < 0 && !report.isFull {
            let name = facts.names.string(field.name)
            let known = facts.index.schema.types[Int(field.parent)].inputFields.map(\.name)
            let suggestion = report.suggestion(for: name, among: known)
            report.add(
                entering: field.node,
                at: [facts.start(field.node)],
                "Field \"\(name)\" is not defined by type \"\(facts.typeName(field.parent))\"." + suggestion
            )
        }
    }
}

extension Facts {
    /// Whether a literal that is neither null nor an input object is one of its type.
    fileprivate func isLiteral(_ value: ValueFact) -> Bool {
        let type = value.type.type.rawValue
        let kind = nodes[Int(value.node)].kind
        switch index.kinds[Int(type)] {
        case .enum:
            return kind == .enumValue && enumValue(value.node, of: type) >= 0
        case .scalar:
            switch index.builtInScalars[Int(type)] {
            case .int: return kind == .intValue && Int32(document.text(of: Int(value.node))) != nil
            case .float: return kind == .intValue || kind == .floatValue
            case .string: return kind == .stringValue
            case .boolean: return kind == .booleanValue
            case .id: return kind == .stringValue || kind == .intValue
            case nil: return true
            }
        case .object, .interface, .union, .inputObject: return false
        }
    }

    func enumValue(_ node: Int32, of type: Int32) -> Int32 {
        let start = Int(nodes[Int(node)].textStart)
        let key = NameKey(text, from: start, to: Int(nodes[Int(node)].textEnd), hasher: index.names.hasher)
        return index.enumValue(index.names.symbol(of: key, in: text, at: start), of: type)
    }

    fileprivate func addMismatch(_ value: ValueFact, _ report: inout ErrorReport) {
        let type = value.type.type.rawValue
        let kind = nodes[Int(value.node)].kind
        let found = printed(value.node)
        var message: String
        switch index.kinds[Int(type)] {
        case .enum:
            let name = typeName(type)
            message =
                kind == .enumValue
                ? "Value \"\(found)\" does not exist in \"\(name)\" enum."
                : "Enum \"\(name)\" cannot represent non-enum value: \(found)."
            let known = index.schema.types[Int(type)].values.map(\.name)
            message += report.suggestion(for: found, among: known, introducedBy: "the enum value")
        case .scalar:
            switch index.builtInScalars[Int(type)] {
            case .int where kind == .intValue:
                message = "Int cannot represent non 32-bit signed integer value: \(found)"
            case .int: message = "Int cannot represent non-integer value: \(found)"
            case .float: message = "Float cannot represent non numeric value: \(found)"
            case .string: message = "String cannot represent a non string value: \(found)"
            case .boolean: message = "Boolean cannot represent a non boolean value: \(found)"
            case .id: message = "ID cannot represent a non-string and non-integer value: \(found)"
            case nil: message = "Expected value of type \"\(text(value.type))\", found \(found)."
            }
        case .object, .interface, .union, .inputObject:
            message = "Expected value of type \"\(text(value.type))\", found \(found)."
        }
        report.add(entering: value.node, at: [start(value.node)], message)
    }

    fileprivate func checkObject(_ value: ValueFact, _ report: inout ErrorReport) {
        let type = value.type.type.rawValue
        var given: [ObjectFieldFact] = []
        var node = value.node + 1
        while node < nodes[Int(value.node)].next {
            given.append(objectFields[Int(positions[Int(node)])])
            node = Int32(bitPattern: nodes[Int(node)].next)
        }
        for input in index.inputFields(of: type) where index.inputs[Int(input)].isRequired {
            if given.contains(where: { $0.definition == input }) { continue }
            let field = index.inputDefinitions[Int(input)]
            report.add(
                entering: value.node,
                at: [start(value.node)],
                "Field \"\(typeName(type)).\(field.name)\" of required type \"\(text(field.type))\" was not provided."
            )
        }
        if index.isOneOf[Int(type)] { checkOneOf(value, given, &report) }
    }

    /// https://spec.graphql.org/September2025/#sec-OneOf-Input-Objects
    private func checkOneOf(_ value: ValueFact, _ given: [ObjectFieldFact], _ report: inout ErrorReport) {
        let type = typeName(value.type.type.rawValue)
        guard let last = given.last, given.allSatisfy({ $0.name == last.name }) else {
            return report.add(
                entering: value.node,
                at: [start(value.node)],
                "OneOf Input Object \"\(type)\" must specify exactly one key."
            )
        }
        guard nodes[Int(last.node) + 1].kind == .nullValue else { return }
        report.add(
            entering: value.node,
            at: [start(value.node)],
            "Field \"\(type).\(names.string(last.name))\" must be non-null."
        )
    }
}
