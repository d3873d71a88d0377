internal import Credentials
internal import Data
internal import PostgresClient

/// A filter as the text of an address, and back.
extension AuditFilter {
    var text: String {
        var fields: [(String, JSONValue)] = []
        func add(_ name: String, _ value: JSONValue?) { if let value { fields.append((name, value)) } }
        add("search", search.map(JSONValue.string))
        add("actions", actions.map { .list($0.map(JSONValue.string)) })
        add("outcomes", outcomes.map { .list($0.map(JSONValue.string)) })
        add("actor", actorID.map { .string($0.description) })
        add("type", resourceType.map(JSONValue.string))
        add("resource", resourceID.map(JSONValue.string))
        add("address", address.map { .string($0.text) })
        add("since", since.map { .string(String($0.microseconds)) })
        add("until", until.map { .string(String($0.microseconds)) })
        return Base64URL.encode(Array(JSONValue.json(fields).utf8))
    }

    init?(text: String) {
        guard let bytes = Base64URL.decode(text.utf8), let fields = JSONValue(json: bytes)?.object else { return nil }
        func moment(_ name: String) -> Timestamp? {
            fields[name]?.string.flatMap { Int64($0) }.map(Timestamp.init(microseconds:))
        }
        self.init()
        search = fields["search"]?.string
        actions = fields["actions"]?.strings
        outcomes = fields["outcomes"]?.strings
        actorID = fields["actor"]?.string.flatMap(UUID.init)
        resourceType = fields["type"]?.string
        resourceID = fields["resource"]?.string
        address = fields["address"]?.string.flatMap { InternetAddress(text: $0) }
        since = moment("since")
        until = moment("until")
    }

    /// Its parts in a few words, for the entry that says what was copied.
    var words: String? {
        let words = [
            search.map { "search \($0)" }, actions.map { "actions \($0.joined(separator: " "))" },
            outcomes.map { "outcomes \($0.joined(separator: " "))" }, actorID.map { "actor \($0)" },
            resourceType.map { "type \($0)" }, resourceID.map { "resource \($0)" },
            address.map { "address \($0.text)" },
            since.map { "since \($0.microseconds)" }, until.map { "until \($0.microseconds)" },
        ].compactMap { $0 }
        return words.isEmpty ? nil : words.joined(separator: ", ")
    }
}
