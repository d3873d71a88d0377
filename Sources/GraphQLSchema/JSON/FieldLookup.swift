/// Finds fields by name: a handful by looking through them, more by hash, so that no object is made to be slow.
/// Of two fields with one name the later is found.
struct FieldLookup<Element> {
    private let fields: [(name: String, value: Element)]
    private let places: [String: Int]

    init(_ fields: [(name: String, value: Element)]) {
        self.fields = fields
        guard fields.count >= Self.fewFields else {
            places = [:]
            return
        }
        places = Dictionary(zip(fields.lazy.map(\.name), fields.indices)) { _, later in later }
    }

    subscript(name: String) -> Element? {
        guard places.isEmpty else { return places[name].map { fields[$0].value } }
        return fields.last { $0.name == name }?.value
    }

    /// From how many on they are found by hash.
    private static var fewFields: Int { 16 }
}
