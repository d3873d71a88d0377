/// One rule of https://spec.graphql.org/September2025/#sec-Validation: a function over the facts of a document.
///
/// Its name is the one it has in graphql-js.
public struct ValidationRule: Sendable {
    public let name: String
    let check: @Sendable (borrowing Facts, inout ErrorReport) -> Void

    init(_ name: String, _ check: @escaping @Sendable (borrowing Facts, inout ErrorReport) -> Void) {
        self.name = name
        self.check = check
    }
}
