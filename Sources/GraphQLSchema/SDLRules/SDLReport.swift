import GraphQLLanguage

/// Collects what the rules find, each in a run of its own, and puts it into the order of one walk over the text.
struct SDLReport {
    private let suggestsNames: Bool
    private var entries: [Entry] = []
    private var rule = 0
    /// Names that may still be compared for suggestions: a text full of unknown names does not take quadratic time.
    private var comparisonsLeft = 50_000

    private struct Entry {
        /// When a walk over the text finds it.
        let time: Int
        let rule: Int
        let number: Int
        let message: String
        let offsets: [UInt32]
    }

    init(suggestsNames: Bool) {
        self.suggestsNames = suggestsNames
    }

    mutating func begin(rule: Int) { self.rule = rule }

    /// Adds an error that is found when a walk comes to a node, before the node's children.
    mutating func add(entering node: Document.Index, at offsets: UInt32..., message: String) {
        add(time: 2 * node, offsets, message)
    }

    mutating func add(entering node: Document.Index, at offsets: [UInt32], message: String) {
        add(time: 2 * node, offsets, message)
    }

    /// Adds an error that is found when a walk has seen a node and its children; such nodes do not nest.
    mutating func add(leaving node: Document.Index, of document: Document, message: String) {
        add(time: 2 * (Int(document[node].next) - 1) + 1, [document[node].start], message)
    }

    private mutating func add(time: Int, _ offsets: [UInt32], _ message: String) {
        entries.append(Entry(time: time, rule: rule, number: entries.count, message: message, offsets: offsets))
    }

    /// "Did you mean", where some name comes close.
    mutating func suggestion(for name: String, among options: [String]) -> String {
        guard suggestsNames, comparisonsLeft > 0 else { return "" }
        comparisonsLeft -= options.count
        return Suggestions.sentence(for: name, among: options)
    }

    consuming func errors(in document: Document) -> [GraphQLError] {
        guard !entries.isEmpty else { return [] }
        entries.sort { ($0.time, $0.rule, $0.number) < ($1.time, $1.rule, $1.number) }
        let lines = LineTable(document.bytes)
        return entries.map { entry in
            GraphQLError(entry.message, locations: entry.offsets.map { lines.location(at: Int($0)) })
        }
    }
}
