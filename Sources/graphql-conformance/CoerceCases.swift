import GraphQLLanguage
import GraphQLSchema

/// The kind `coerce` with its modes.
enum CoerceCases {
    static func coerce(_ input: Value) -> Value? {
        guard let schema = try? Schema(unchecked: input.text("sdl")) else { return nil }
        switch input.text("mode") {
        case "variables": return coerceVariables(input, schema)
        case "value": return coerceValue(input, schema)
        case "literal": return coerceLiteral(input, schema)
        default: return nil
        }
    }

    private static func coerceVariables(_ input: Value, _ schema: Schema) -> Value? {
        guard let document = try? Document(parsing: input.text("document")),
            let operation = document.child(.operationDefinition, of: 0)
        else { return nil }
        do throws(VariableErrors) {
            let variables = input["variables"] ?? .null
            let coerced = try schema.coerceVariables(variables, of: operation, in: document)
            return Results.success("value", .object(coerced.fields))
        } catch {
            return Results.failure(error.errors)
        }
    }

    private static func coerceValue(_ input: Value, _ schema: Schema) -> Value? {
        guard let type = type(input, in: schema) else { return nil }
        var errors: [GraphQLError] = []
        let value = schema.coerceInput(input["value"] ?? .null, to: type) { path, _, message in
            errors.append(GraphQLError(message, path: path))
            return true
        }
        return errors.isEmpty ? Results.success("value", value ?? .null) : Results.failure(errors)
    }

    private static func coerceLiteral(_ input: Value, _ schema: Schema) -> Value? {
        guard let type = type(input, in: schema), let document = try? Document(parsingValue: input.text("literal"))
        else { return nil }
        var variables: [Value.Field] = []
        if case .object(let given)? = input["variables"] { variables = given }
        guard let value = schema.coerceLiteral(0, in: document, to: type, variables: VariableValues(variables)) else {
            return .object([.init("ok", .boolean(false))])
        }
        return Results.success("value", value)
    }

    private static func type(_ input: Value, in schema: Schema) -> TypeReference? {
        guard let document = try? Document(parsingType: input.text("type")) else { return nil }
        return schema.typeReference(0, in: document)
    }
}
