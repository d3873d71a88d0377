import GraphQLSchema

/// Finds names of the schema that would be one name in Swift.
enum SwiftNameCollisions {
    /// What generated code calls by these names.
    private static let taken: Set<String> = [
        "Array", "AsyncSequence", "Batch", "Bool", "BoundScalar", "Boxed", "CaseIterable", "CompositeBinding",
        "CompositeIndex", "DecodedArguments", "Double", "EnumLeaf", "Equatable", "Error", "EventStream",
        "ExecutionContext", "FieldColumn", "GeneratedBinding", "GeneratedSchema", "Hashable", "ID", "IDLeaf",
        "InputConstraint", "InputDecodable", "InputDecoder", "InputFields", "InputItem", "InputObject", "InputValue",
        "Int", "Int32", "Leaf", "ListOf", "Maybe", "Never", "Object", "ObjectColumn", "Objects", "OperationType",
        "Optional", "OutputLeaf", "RawRepresentable", "Resolver", "ResolverCall", "ResponseBuffer", "Results",
        "SchemaBinding", "SchemaFingerprint", "Sendable", "StaticString", "Storage", "String", "Swift", "TypedID",
        "Value", "Void",
    ]

    static func faults(in model: SchemaModel, _ source: SchemaSource) -> [Diagnostic] {
        var owners: [String: String] = [:]
        var faults: [Diagnostic] = []
        func declare(_ name: String, _ what: String, of type: String) {
            let origin = source.schema.type(named: type).flatMap { source.schema[$0].origins.first }
            if taken.contains(name) || name == model.options.context {
                let message = "The generated code itself uses the Swift name \"\(name)\". Give the type another name."
                faults.append(source.fault(at: origin, type, message))
            } else if !SwiftNames.canNameType(name) {
                let message = "\"\(name)\" cannot be the name of a Swift type. Give the type another name."
                faults.append(source.fault(at: origin, type, message))
            } else if let owner = owners.updateValue(what, forKey: name) {
                faults.append(source.fault(at: origin, type, "The Swift name \"\(name)\" is \(what) and \(owner)."))
            }
        }
        for type in source.schema.types where !type.origins.isEmpty && type.hasGeneratedSwiftType {
            declare(type.name, "the type \(type.name)", of: type.name)
        }
        for scalar in model.scalars { declare(scalar.check, "the check of \(scalar.name)", of: scalar.name) }
        for id in model.ids {
            declare(id.name, "the ids of \(id.type)", of: id.type)
            declare(id.tag, "the tag of the ids of \(id.type)", of: id.type)
        }
        for object in model.objects {
            declare(object.binding, "the binding of \(object.name)", of: object.name)
            for part in object.modules() where !object.requiredFields(of: part).isEmpty {
                declare(object.protocolName(of: part), "what \(object.name) has to have", of: object.name)
            }
            for field in object.fields {
                if let name = field.arguments { declare(name, "the arguments of \(field.coordinate)", of: object.name) }
                guard object.origin == .root(operation: "subscription") else { continue }
                declare(field.events, "the events of \(field.coordinate)", of: object.name)
            }
        }
        for failure in model.failures {
            declare(failure.name, "what \(failure.coordinate) may fail with", of: failure.type)
        }
        for type in model.abstracts {
            declare(type.binding, "the binding of \(type.name)", of: type.name)
            faults += repetitions(type.members.map { (SwiftNames.unionCase($0.name), $0.name) }, of: type.name, source)
        }
        for object in model.objects where object.origin == .model {
            guard let owner = owners[object.swiftType] else { continue }
            let origin = source.schema.type(named: object.name).flatMap { source.schema[$0].origins.first }
            let message = "The Swift name \"\(object.swiftType)\" of its model is also \(owner)."
            faults.append(source.fault(at: origin, object.name, message))
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

extension NamedType {
    /// Whether a Swift type of the same name is generated.
    fileprivate var hasGeneratedSwiftType: Bool { kind != .scalar && !appliedDirectives.has("model") }
}
