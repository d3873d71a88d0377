import GraphQLLanguage
import GraphQLSchema

/// From the text of a schema to Swift, as pure functions: read, check, emit types, emit bindings.
package enum GeneratorPipeline {
    /// The files a schema becomes.
    package struct Output: Sendable {
        package let types: String
        package let bindings: String
    }

    /// What is wrong with the schema, in the order of its text.
    package struct Failure: Error, Sendable {
        package let diagnostics: [Diagnostic]
    }

    package static func run(_ text: String, file: String) throws(Failure) -> Output {
        let (schema, sdl) = try read(text, file: file)
        let diagnostics = DirectiveCheck.diagnostics(schema, file: file)
        guard diagnostics.isEmpty else { throw Failure(diagnostics: diagnostics) }
        let names = SwiftNames(schema)
        return Output(
            types: TypeEmitter.emit(schema, names),
            bindings: try bindings(schema, names, sdl: sdl, file: file)
        )
    }

    /// Builds the schema of the text and of the directives the generator knows, and holds it against all rules.
    private static func read(_ text: String, file: String) throws(Failure) -> (Schema, sdl: String) {
        do throws(InvalidSchema) {
            // The definitions go behind the text, so that places in the text stay what they are.
            var sdl = text
            if let document = try? Document(parsing: text, limits: .schema) {
                sdl += GeneratorDirectives.definitions(missingIn: document)
            }
            return (try Schema(sdl: sdl), sdl)
        } catch {
            throw Failure(
                diagnostics: error.errors.map { error in
                    Diagnostic(
                        file: file,
                        location: error.locations.first ?? SourceLocation(line: 1, column: 1),
                        message: error.message
                    )
                }
            )
        }
    }

    private static func bindings(
        _ schema: Schema,
        _ names: SwiftNames,
        sdl: String,
        file: String
    ) throws(Failure) -> String {
        do throws(SyntaxError) {
            return BindingEmitter.emit(schema, names, sdl: try Minifier.minify(sdl))
        } catch {
            throw Failure(diagnostics: [Diagnostic(file: file, location: error.location, message: error.message)])
        }
    }
}
