import GraphQLLanguage
import GraphQLSchema

/// What must hold for every text that is taken for a schema, and for every text that is taken for JSON.
enum SchemaProperties {
    static func check(_ bytes: [UInt8]) throws {
        if let document = try? Document(parsing: bytes) { try check(document) }
        if let value = try? Value(json: bytes) {
            // Not the value: an integral float is written, and then read, as an integer.
            let written = value.json
            guard try Value(json: written).json == written else {
                throw LanguageProperties.Violation(description: "does not hold: JSON is read as it was written")
            }
        }
    }

    private static func check(_ document: Document) throws {
        let problems = Schema(unchecked: [document]).problems()
        _ = Schema(unchecked: [document, document])
        guard let schema = try? Schema(building: document) else { return }
        guard problems.isEmpty else {
            throw LanguageProperties.Violation(description: "does not hold: a schema that is built has no problems")
        }
        _ = try? schema.extended(by: document)
    }
}
