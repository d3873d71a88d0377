/// https://spec.graphql.org/September2025/#sec-Enums.Type-Validation
enum EnumRules {
    static func check(_ type: NamedType, _ report: inout TypeSystemReport) {
        if type.values.isEmpty {
            report.add("Enum type \(type.name) must define one or more values.", at: type.origins)
        }
        for value in type.values {
            NameRules.check(value.name, at: value.origin, &report)
        }
    }
}
