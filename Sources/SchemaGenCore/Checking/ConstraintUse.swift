import GraphQLSchema

/// Which bound of `@constraint` can be held against values of which type.
enum ConstraintUse {
    static let formats = [
        "COUNTRY", "CURRENCY", "E164", "EMAIL", "HEX_COLOR", "LANGUAGE", "SLUG", "TIMEZONE", "URL", "USERNAME", "UUID",
    ]

    static func objection(to directive: AppliedDirective, on type: TypeReference, in schema: Schema) -> String? {
        for bound in directive.arguments {
            if let objection = objection(to: bound, on: type, in: schema) { return objection }
        }
        for (least, most) in [("min", "max"), ("minLength", "maxLength"), ("minItems", "maxItems")] {
            guard let low = directive[argument: least]?.bound, let high = directive[argument: most]?.bound, low > high
            else { continue }
            return "no value is between \"\(least)\" and \"\(most)\""
        }
        return ConstraintLiteral.expression(directive) == nil ? "it states no bound" : nil
    }

    private static func objection(to bound: Value.Field, on type: TypeReference, in schema: Schema) -> String? {
        let scalar = schema[type.type]
        let isText = scalar.kind == .scalar && !["Int", "Float", "Boolean"].contains(scalar.name)
        switch bound.name {
        case "minItems", "maxItems":
            guard type.isList else { return "\"\(bound.name)\" bounds lists" }
            return objectionToCount(bound)
        case "min", "max":
            return ["Int", "Float"].contains(scalar.name) ? nil : "\"\(bound.name)\" bounds numbers"
        case "minLength", "maxLength", "trim":
            guard isText else { return "\"\(bound.name)\" speaks of strings" }
            return objectionToCount(bound)
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

    private static func objectionToCount(_ bound: Value.Field) -> String? {
        guard let count = bound.value.bound, count < 0 else { return nil }
        return "\"\(bound.name)\" is less than none"
    }
}

extension Value {
    fileprivate var bound: Double? {
        switch self {
        case .int(let number): Double(number)
        case .float(let number): number
        case .null, .string, .boolean, .enum, .list, .object: nil
        }
    }
}
