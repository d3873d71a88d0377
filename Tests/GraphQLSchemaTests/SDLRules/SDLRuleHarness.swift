import GraphQLLanguage
import Testing

@testable import GraphQLSchema

/// What one rule finds in a text, one line for each error: `line:column line:column message`.
func found(
    by rule: SDLRule,
    in text: String,
    extending base: String? = nil,
    suggestsNames: Bool = true
) throws -> [String] {
    let schema = try base.map { try Schema(unchecked: $0) }
    let document = try Document(parsing: text)
    return SDLRule.errors(in: document, extending: schema, rules: [rule], suggestsNames: suggestsNames)
        .map(\.asLine)
}

extension GraphQLError {
    /// `line:column line:column message`
    var asLine: String {
        (locations.map { "\($0.line):\($0.column)" } + [message]).joined(separator: " ")
    }
}
