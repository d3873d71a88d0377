import GraphQLEngine
import GraphQLLanguage
import GraphQLSchema

/// The kind `validate`.
enum ValidationCases {
    static func validate(_ input: Value) -> Value {
        do throws(SyntaxError) {
            let document = try Document(parsing: input.text("document"))
            let validator = DocumentValidator(try schema(of: input))
            return errors(validator.validate(document, options: options(of: input)))
        } catch {
            return errors([GraphQLError(error)])
        }
    }

    private static func schema(of input: Value) throws(SyntaxError) -> Schema {
        do throws(SyntaxError) { return try Schema(unchecked: input.text("sdl")) } catch {
            // Some schemas come from a draft in which fragments have variables. No document here has any.
            let draft = "FRAGMENT_VARIABLE_DEFINITION"
            let parts = input.text("sdl").split(separator: draft, omittingEmptySubsequences: false)
            return try Schema(unchecked: parts.joined(separator: "VARIABLE_DEFINITION"))
        }
    }

    private static func options(of input: Value) -> ValidationOptions {
        var options = ValidationOptions()
        if case .list(let rules) = input["rules"] {
            options.rules = rules.compactMap { rule in
                if case .string(let name) = rule { ValidationRule.named(name) } else { nil }
            }
        }
        if case .int(let maximum) = input["options"]?["maxErrors"] { options.maxErrors = maximum }
        if case .boolean(let hides) = input["options"]?["hideSuggestions"] { options.hidesSuggestions = hides }
        return options
    }

    private static func errors(_ errors: [GraphQLError]) -> Value {
        .object([
            .init(
                "errors",
                .list(
                    errors.map { error in
                        let locations = error.locations.map { location in
                            Value.object([.init("line", .int(location.line)), .init("column", .int(location.column))])
                        }
                        return .object([.init("message", .string(error.message)), .init("locations", .list(locations))])
                    }
                )
            )
        ])
    }
}
