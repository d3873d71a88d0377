import GraphQLSchema

/// Finds names of the schema that would be one name in Swift.
enum SwiftNameCollisions {
    /// What generated code calls by these names.
    private static let taken: Set<String> = [
        "Array", "AsyncSequence", "Batch", "Bool", "BoundScalar", "CaseIterable", "CompositeBinding", "CompositeIndex",
        "DecodedArguments", "Double", "EnumLeaf", "Error", "EventStream", "ExecutionContext", "FieldColumn",
        "GeneratedBinding", "GeneratedSchema", "Hashable", "IDLeaf", "InputConstraint", "InputDecodable",
        "InputDecoder", "InputFields", "InputObject", "InputValue", "Int32", "Leaf", "ListOf", "Maybe", "Object",
        "ObjectColumn", "Objects", "OperationType", "Optional", "OutputLeaf", "RawRepresentable", "Resolver",
        "ResolverCall", "ResponseBuffer", "Results", "SchemaBinding", "SchemaFingerprint", "Self", "Sendable",
        "StaticString", "Storage", "Type", "TypedID", "Value",
    ]

    static func faults(in model: SchemaModel, _ source: SchemaSource) -> [Diagnostic] {
        var owners: [String: String] = [:]
        var faults: [Diagnostic] = []
        func declare(_ name: String, _ what: String, of type: String) {
            let origin = source.schema.type(named: type).flatMap { source.schema[$0].origins.first }
            if taken.contains(name) {
                let message = "The generated code itself uses the Swift name \"\(name)\". Give the type another name."
                faults.append(source.fault(at: origin, type, message))
            } else if let owner = owners.updateValue(what, forKey: name) {
                faults.append(source.fault(at: origin, type, "The Swift name \"\(name)\" is \(what) and \(owner)."))
            }
        }
        for type in source.schema.types where !type.origins.isEmpty && type.kind != .scalar {
            declare(type.name, "the type \(type.name)", of: type.name)
        }
        for id in model.ids {
            declare(id.name, "the ids of \(id.type)", of: id.type)
            declare(id.tag, "the tag of the ids of \(id.type)", of: id.type)
        }
        for object in model.objects {
            declare(object.binding, "the binding of \(object.name)", of: object.name)
            for field in object.fields {
                if let name = field.arguments { declare(name, "the arguments of \(field.coordinate)", of: object.name) }
            }
        }
        for type in model.abstracts {
            declare(type.binding, "the binding of \(type.name)", of: type.name)
            faults += repetitions(type.members.map { (SwiftNames.unionCase($0.name), $0.name) }, of: type.name, source)
        }
        for type in model.enums { faults += repetitions(type.cases.map { ($0.name, $0.value) }, of: type.name, source) }
        return faults
    }

    private static func repetitions(
        _ cases: [(name: String, value: String)],
        of type: String,
        _ source: SchemaSource
    ) -> [Diagnostic] {
        let origin = source.schema.type(named: type).flatMap { source.schema[$0].origins.first }
        var seen: [String: String] = [:]
        return cases.compactMap { name, value in
            seen.updateValue(value, forKey: name).map { earlier in
                source.fault(at: origin, type, "The Swift case \"\(name)\" would be both \(earlier) and \(value).")
            }
        }
    }
}
