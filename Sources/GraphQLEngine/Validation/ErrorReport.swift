import GraphQLLanguage
import GraphQLSchema

/// Collects what the rules find and puts it into the order in which one walk over the document would find it.
struct ErrorReport {
    let options: ValidationOptions
    private var entries: [Entry] = []
    private var rule = 0
    private var countInPass = 0

    private struct Entry {
        /// When a walk over the document comes there: see ``key(entering:)``.
        let key: UInt64
        let rule: Int
        let number: Int
        let message: String
        let offsets: [Int32]
    }

    init(_ options: ValidationOptions) { self.options = options }

    mutating func begin(rule: Int) {
        self.rule = rule
        beginPass()
    }

    /// Errors of one pass come in their order. So those behind the maximum cannot be among the first ones.
    mutating func beginPass() { countInPass = 0 }

    /// Whether further errors of this pass would be dropped. Rules stop then.
    var isFull: Bool { remaining <= 0 }

    /// How many more errors of this pass matter: one more than the maximum, which tells that there are more.
    var remaining: Int { options.maxErrors + 1 - countInPass }

    /// Adds an error that a walk would find when it comes to a node, before the node's children.
    mutating func add(entering node: Int32, at offsets: [Int32], _ message: @autoclosure () -> String) {
        // Bit 31: all nodes that end before this one are left before it is entered.
        add(UInt64(UInt32(bitPattern: node)) << 32 | 1 << 31, offsets, message)
    }

    /// Adds an error that a walk would find when it is done with a node and its children.
    mutating func add(
        leaving node: Int32,
        _ facts: borrowing Facts,
        at offsets: [Int32],
        _ message: @autoclosure () -> String
    ) {
        add(Self.key(leaving: node, facts), offsets, message)
    }

    /// Of several nodes that end at the same place the innermost, which begins last, is left first.
    static func key(leaving node: Int32, _ facts: borrowing Facts) -> UInt64 {
        UInt64(facts.nodes[Int(node)].next) << 32 | UInt64(Int32.max - node)
    }

    private mutating func add(_ key: UInt64, _ offsets: [Int32], _ message: () -> String) {
        guard !isFull else { return }
        countInPass += 1
        entries.append(Entry(key: key, rule: rule, number: entries.count, message: message(), offsets: offsets))
    }

    consuming func errors(in document: Document) -> [GraphQLError] {
        guard !entries.isEmpty else { return [] }
        entries.sort { ($0.key, $0.rule, $0.number) < ($1.key, $1.rule, $1.number) }
        let reported = entries.prefix(options.maxErrors)
        let locations = SourceLocation.locations(of: reported.flatMap(\.offsets), in: document.bytes)
        var errors = reported.map { entry in
            GraphQLError(entry.message, locations: entry.offsets.compactMap { locations[$0] })
        }
        if entries.count > options.maxErrors {
            errors.append(GraphQLError("Too many validation errors, error limit reached. Validation aborted."))
        }
        return errors
    }
}
