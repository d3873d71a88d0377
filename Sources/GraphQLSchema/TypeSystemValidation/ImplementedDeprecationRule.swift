/// A field can be deprecated in a type only when it is in the interfaces that ask for it.
///
/// https://spec.graphql.org/September2025/#IsValidImplementation()
enum ImplementedDeprecationRule {
    static func check(_ schema: Schema, _ report: inout TypeSystemReport) {
        for type in schema.types where !type.interfaces.isEmpty {
            let deprecated = Dictionary(
                type.fields.filter { $0.deprecationReason != nil }.map { ($0.name, $0) }
            ) { first, _ in first }
            guard !deprecated.isEmpty else { continue }
            for interface in type.interfaces {
                for field in schema[interface].fields where field.deprecationReason == nil {
                    guard let own = deprecated[field.name] else { continue }
                    report.add(
                        "Interface field \(schema[interface].name).\(field.name) is not deprecated, so implementation "
                            + "field \(type.name).\(own.name) must not be deprecated.",
                        at: [report.deprecation(of: own.origin)]
                    )
                }
            }
        }
    }
}
