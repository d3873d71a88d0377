import GraphQLLanguage
import GraphQLSchema

/// The kinds `validateSDL`, `validateSchema`, `printSchema`, `diffSchema` and `clientSchema`.
enum SchemaCases {
    static func validateSDL(_ input: Value) -> Value {
        var base: Schema?
        if case .string(let sdl) = input["sdl"] { base = try? Schema(unchecked: sdl) }
        var rules = SDLRule.specified
        if case .list(let names) = input["rules"] {
            rules = rules.filter { names.contains(.string($0.name)) }
        }
        let document: Document
        do throws(SyntaxError) { document = try Document(parsing: input.text("document")) } catch {
            return .object([.init("errors", Results.errors([GraphQLError(error)]))])
        }
        return .object([.init("errors", Results.errors(SDLRule.errors(in: document, extending: base, rules: rules)))])
    }

    static func validateSchema(_ input: Value) -> Value {
        var texts = [input.text("sdl")]
        if case .list(let extensions) = input["extensions"] {
            for case .string(let text) in extensions { texts.append(text) }
        }
        var schema: Schema?
        for text in texts {
            let document: Document
            do throws(SyntaxError) { document = try Document(parsing: text) } catch {
                return failure("syntax", [GraphQLError(error)])
            }
            let errors = SDLRule.errors(in: document, extending: schema)
            guard errors.isEmpty else { return failure("sdl", errors) }
            schema = schema?.extended(unchecked: document) ?? Schema(unchecked: [document])
        }
        guard let schema else { return failure("syntax", []) }
        let errors = schema.problems(.reference)
        guard errors.isEmpty else { return failure("schema", errors) }
        return .object([
            .init("stage", .string("ok")), .init("errors", .list([])), .init("printed", .string(schema.printed())),
        ])
    }

    static func printSchema(_ input: Value) -> Value {
        let options = SchemaPrintOptions(sorts: input["sorted"] == .boolean(true))
        do throws(SyntaxError) {
            return Results.success("printed", .string(try Schema(unchecked: input.text("sdl")).printed(options)))
        } catch {
            return Results.failure([GraphQLError(error)])
        }
    }

    static func clientSchema(_ input: Value) -> Value {
        do throws(GraphQLError) {
            let schema = try Schema(introspection: input["introspection"] ?? .null)
            return Results.success("printed", .string(schema.printed()))
        } catch {
            return Results.failure([error])
        }
    }

    static func diffSchema(_ input: Value) -> Value {
        guard let old = try? Schema(unchecked: input.text("oldSdl")),
            let new = try? Schema(unchecked: input.text("newSdl"))
        else { return .object([.init("unsupported", .boolean(true))]) }
        let changes = new.changes(since: old).filter(\.isReference)
        func entries(_ severity: SchemaChange.Severity) -> Value {
            .list(
                changes.filter { $0.severity == severity }.map {
                    .object([
                        .init("type", .string($0.kind.rawValue)), .init("description", .string($0.description)),
                    ])
                }
            )
        }
        return .object([.init("breaking", entries(.breaking)), .init("dangerous", entries(.dangerous))])
    }

    private static func failure(_ stage: String, _ errors: [GraphQLError]) -> Value {
        .object([.init("stage", .string(stage)), .init("errors", Results.errors(errors))])
    }
}
