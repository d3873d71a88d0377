import GraphQLLanguage

/// A constant of a schema's text is of a type: a default, or what a directive is given.
///
/// https://spec.graphql.org/September2025/#sec-Values-of-Correct-Type
struct LiteralRule {
    private let schema: Schema
    private let documentNumber: Int
    private let document: Document
    private let introduction: String

    init(_ schema: Schema, _ documentNumber: Int, _ introduction: String = "") {
        self.schema = schema
        self.documentNumber = documentNumber
        self.introduction = introduction
        document = schema.documents[documentNumber]
    }

    func check(_ value: Document.Index, _ type: TypeReference, _ report: inout TypeSystemReport) {
        let kind = document[value].kind
        if kind == .nullValue {
            if type.isNonNull {
                add("Expected value of type \"\(schema.description(of: type))\", found null.", value, &report)
            }
        } else if type.isList {
            guard kind == .listValue else { return check(value, type.element, &report) }
            for element in document.children(of: value) { check(element, type.element, &report) }
        } else {
            let named = schema[type.type]
            switch named.kind {
            case .inputObject: checkObject(value, named, &report)
            case .enum: checkEnum(value, named, &report)
            default: checkScalar(value, named, &report)
            }
        }
    }

    private func checkObject(_ value: Document.Index, _ type: NamedType, _ report: inout TypeSystemReport) {
        guard document[value].kind == .objectValue else {
            return add("Expected value of type \"\(type.name)\", found \(document.printed(value)).", value, &report)
        }
        let definitions = Dictionary(type.inputFields.map { ($0.name, $0) }) { first, _ in first }
        var given: Set<String> = []
        for field in document.children(of: value) {
            let name = document.text(of: field)
            given.insert(name)
            guard let definition = definitions[name] else {
                let suggestion = Suggestions.sentence(for: name, among: type.inputFields.map(\.name))
                add("Field \"\(name)\" is not defined by type \"\(type.name)\".\(suggestion)", field, &report)
                continue
            }
            if let content = document.value(of: field) { check(content, definition.type, &report) }
        }
        for field in type.inputFields where field.isRequired && !given.contains(field.name) {
            add(
                "Field \"\(type.name).\(field.name)\" of required type \"\(schema.description(of: field.type))\" was "
                    + "not provided.",
                value,
                &report
            )
        }
        if type.isOneOf { checkOneOf(value, type, &report) }
    }

    private func checkOneOf(_ value: Document.Index, _ type: NamedType, _ report: inout TypeSystemReport) {
        let fields = document.children(of: value).map { $0 }
        guard fields.count == 1 else {
            return add("OneOf Input Object \"\(type.name)\" must specify exactly one key.", value, &report)
        }
        if let content = document.value(of: fields[0]), document[content].kind == .nullValue {
            add("Field \"\(type.name).\(document.text(of: fields[0]))\" must be non-null.", value, &report)
        }
    }

    private func checkEnum(_ value: Document.Index, _ type: NamedType, _ report: inout TypeSystemReport) {
        let names = type.values.map(\.name)
        let text = document.printed(value)
        if document[value].kind != .enumValue {
            let suggestion = Suggestions.sentence(for: text, among: names, what: "the enum value")
            add("Enum \"\(type.name)\" cannot represent non-enum value: \(text).\(suggestion)", value, &report)
        } else if !names.contains(text) {
            let suggestion = Suggestions.sentence(for: text, among: names, what: "the enum value")
            add("Value \"\(text)\" does not exist in \"\(type.name)\" enum.\(suggestion)", value, &report)
        }
    }

    private func checkScalar(_ value: Document.Index, _ type: NamedType, _ report: inout TypeSystemReport) {
        let kind = document[value].kind
        let demand: String
        switch type.name {
        case "Int":
            if kind == .intValue {
                if Int32(document.text(of: value)) != nil { return }
                demand = "non 32-bit signed integer value"
            } else {
                demand = "non-integer value"
            }
        case "Float":
            if kind == .intValue || kind == .floatValue { return }
            demand = "non numeric value"
        case "String":
            if kind == .stringValue { return }
            demand = "a non string value"
        case "Boolean":
            if kind == .booleanValue { return }
            demand = "a non boolean value"
        case "ID":
            if kind == .stringValue || kind == .intValue { return }
            demand = "a non-string and non-integer value"
        // Scalars of the schema's own take any literal; what they mean is known elsewhere.
        default: return
        }
        add("\(type.name) cannot represent \(demand): \(document.printed(value))", value, &report)
    }

    private func add(_ message: String, _ node: Document.Index, _ report: inout TypeSystemReport) {
        report.add(introduction + message, at: SourceReference(document: documentNumber, node: node))
    }
}
