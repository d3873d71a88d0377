import GraphQLLanguage
import GraphQLSchema

/// What `@cost` and `@listSize` say about the fields of a schema, read once. A class, because every document holds it.
/// https://ibm.github.io/graphql-specs/cost-spec.html
final class SchemaCosts: Sendable {
    /// By type, then by field.
    private let fields: [[Field]]
    private let inputFields: [[String: Double]]
    /// Types in which an input field, however deep, has a weight.
    private let weightedInputs: Set<TypeID>

    struct Field: Sendable {
        /// What a call costs, where the field says so.
        let weight: Double?
        /// What each object or leaf of the answer costs.
        let typeWeight: Double
        let isComposite: Bool
        let listSize: ListSize?
        let arguments: [Argument]
    }

    struct Argument: Sendable {
        let name: String
        let type: TypeReference
        let weight: Double
        /// Whether input fields of its value have weights.
        let hasWeightedFields: Bool
    }

    struct ListSize: Sendable {
        let assumed: Double?
        /// The arguments that bound the list, each with the path into its value and the value it has by default.
        let slicing: [(path: [String], default: Double?)]
        let requiresOne: Bool
        /// The fields of the answered object that are the list; none where the field itself is.
        let sizedFields: [String]
    }

    init(_ schema: Schema) {
        let inputFields = schema.types.map { type -> [String: Double] in
            var weights: [String: Double] = [:]
            for field in type.inputFields { weights[field.name] = field.appliedDirectives.costWeight }
            return weights
        }
        self.inputFields = inputFields
        var weighted = Set(schema.types.indices.filter { !inputFields[$0].isEmpty }.map { TypeID($0) })
        var isComplete = false
        while !isComplete {
            isComplete = true
            for (index, type) in schema.types.enumerated() where !weighted.contains(TypeID(index)) {
                guard type.inputFields.contains(where: { weighted.contains($0.type.type) }) else { continue }
                weighted.insert(TypeID(index))
                isComplete = false
            }
        }
        let weightedInputs = weighted
        self.weightedInputs = weightedInputs
        fields = schema.types.map { type in type.fields.map { Field($0, schema, weightedInputs) } }
    }

    func field(_ number: Int, of type: TypeID) -> Field { fields[type.index][number] }

    /// What a given argument costs, with the input fields of its value.
    func weight(
        of given: CostTree.GivenArgument,
        _ variables: VariableValues,
        in document: Document,
        _ schema: Schema
    ) -> Double {
        let literal = given.literal
        if document[literal].kind == .variable, variables[document.text(of: literal)] == nil { return 0 }
        guard given.argument.hasWeightedFields,
            let value = schema.coerceLiteral(literal, in: document, to: given.argument.type, variables: variables)
        else { return given.argument.weight }
        return given.argument.weight + weight(of: value, given.argument.type, in: schema)
    }

    /// What the fields of a coerced input cost.
    func weight(of value: Value, _ type: TypeReference, in schema: Schema) -> Double {
        guard weightedInputs.contains(type.type) else { return 0 }
        switch value {
        case .list(let elements):
            let element = type.isList ? type.element : type
            return elements.reduce(0) { $0 + weight(of: $1, element, in: schema) }
        case .object(let given):
            let members = VariableValues(given)
            return schema[type.type].inputFields.reduce(0) { sum, field in
                guard let value = members[field.name] else { return sum }
                return sum + (inputFields[type.type.index][field.name] ?? 0) + weight(of: value, field.type, in: schema)
            }
        default: return 0
        }
    }
}

extension SchemaCosts.Field {
    fileprivate init(_ field: FieldDefinition, _ schema: Schema, _ weightedInputs: Set<TypeID>) {
        let type = schema[field.type.type]
        weight = field.appliedDirectives.costWeight
        isComposite = type.isComposite
        typeWeight = type.appliedDirectives.costWeight ?? (type.isComposite ? 1 : 0)
        listSize = field.appliedDirectives.first { $0.name == "listSize" }.map { SchemaCosts.ListSize($0, of: field) }
        arguments = field.arguments.compactMap { argument in
            let weight = argument.appliedDirectives.costWeight
            let hasWeightedFields = weightedInputs.contains(argument.type.type)
            guard weight != nil || hasWeightedFields else { return nil }
            return SchemaCosts.Argument(
                name: argument.name,
                type: argument.type,
                weight: weight ?? 0,
                hasWeightedFields: hasWeightedFields
            )
        }
    }
}

extension SchemaCosts.ListSize {
    fileprivate init(_ directive: AppliedDirective, of field: FieldDefinition) {
        assumed = directive["assumedSize"]?.number
        sizedFields = directive["sizedFields"]?.names ?? []
        slicing = (directive["slicingArguments"]?.names ?? []).map { name in
            let path = name.split(separator: ".").map(String.init)
            let definition = field.arguments.first { $0.name == path.first }
            return (path, definition?.coercedDefault?.at(path.dropFirst())?.number)
        }
        requiresOne = !slicing.isEmpty && directive["requireOneSlicingArgument"] != .boolean(false)
    }
}

extension [AppliedDirective] {
    /// The weight that `@cost` gives, as a number or the text of one.
    fileprivate var costWeight: Double? {
        guard let weight = first(where: { $0.name == "cost" })?["weight"] else { return nil }
        if case .string(let text) = weight { return Double(text).flatMap { $0.isFinite ? $0 : nil } }
        return weight.number
    }
}

extension Value {
    /// A finite number.
    var number: Double? {
        switch self {
        case .int(let number): Double(number)
        case .float(let number) where number.isFinite: number
        default: nil
        }
    }

    /// What is found by going from object to object.
    func at(_ path: ArraySlice<String>) -> Value? {
        guard let name = path.first else { return self }
        return self[name]?.at(path.dropFirst())
    }

    fileprivate var names: [String] {
        switch self {
        case .string(let name): [name]
        case .list(let values): values.compactMap { value in if case .string(let name) = value { name } else { nil } }
        default: []
        }
    }
}
