import GraphQLSchema

/// Which bound of `@constraint` can be held against values of which type.
enum ConstraintUse {
    static let formats = [
        "COUNTRY", "CURRENCY", "E164", "EMAIL", "HEX_COLOR", "LANGUAGE", "SLUG", "TIMEZONE", "URL", "USERNAME", "UUID",
    ]

    static func objection(to bound: Value.Field, on type: TypeReference, in schema: Schema) -> String? {
        let scalar = schema[type.type]
        let isText = scalar.kind == .scalar && !["Int", "Float", "Boolean"].contains(scalar.name)
        switch bound.name {
        case "minItems", "maxItems": return type.isList ? nil : "\"\(bound.name)\" bounds lists"
        case "min", "max":
            return ["Int", "Float"].contains(scalar.name) ? nil : "\"\(bound.name)\" bounds numbers"
        case "minLength", "maxLength", "trim": return isText ? nil : "\"\(bound.name)\" speaks of strings"
        case "pattern":
            guard isText else { return "\"pattern\" speaks of strings" }
            guard case .string(let text) = bound.value else { return nil }
            do throws(TextPattern.Fault) { _ = try TextPattern(text) } catch {
                return "the pattern \"\(text)\" cannot be used: \(error.reason)"
            }
            return nil
        case "format":
            guard isText else { return "\"format\" speaks of strings" }
            switch bound.value {
            case .enum(let name), .string(let name):
                return formats.contains(name)
                    ? nil : "the format \"\(name)\" is not known; there are \(formats.joined(separator: ", "))"
            default: return nil
            }
        default: return "the bound \"\(bound.name)\" is not known"
        }
    }
}
