package import GraphQLLanguage

/// Something the developer has to mend, in the form compilers use: `schema.graphql:12:3: error: …`.
package struct Diagnostic: Hashable, Sendable, CustomStringConvertible {
    package let file: String
    package let location: SourceLocation
    package let message: String

    package var description: String { "\(file):\(location.line):\(location.column): error: \(message)" }
}
