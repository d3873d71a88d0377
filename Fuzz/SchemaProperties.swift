import GraphQLLanguage
import GraphQLSchema

/// What must hold for every text that is taken for a schema, and for every text that is taken for JSON.
enum SchemaProperties {
    static func check(_ bytes: [UInt8]) throws {
        if let document = try? Document(parsing: bytes) {
            _ = Schema(unchecked: [document])
            _ = Schema(unchecked: [document, document])
        }
        if let value = try? Value(json: bytes) {
            let written = value.json
            guard try Value(json: written) == value else {
                throw LanguageProperties.Violation(description: "does not hold: JSON is read as it was written")
            }
        }
    }
}
