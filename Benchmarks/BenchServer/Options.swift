/// What the command line says.
struct Options {
    var port: UInt16 = 18_100
    var threads = 1
    /// How libpq reaches a seeded or empty database; nil for a private PostgreSQL.
    var database: String?
    var cachesDocuments = true
    /// A file that holds the documents that run, by their ids, as JSON; nil for any.
    var trusted: String?
    var printsSeed = false

    static let usage = """
        usage: BenchServer [--port N] [--threads N] [--database-url URL] [--no-document-cache]
            [--trusted MANIFEST] [--print-seed]
        """

    struct Fault: Error {}

    init(_ arguments: [String]) throws(Fault) {
        var left = arguments[...]
        while let name = left.popFirst() {
            switch name {
            case "--port": port = try Options.number(&left)
            case "--threads": threads = try Options.number(&left)
            case "--database-url": database = try Options.text(&left)
            case "--no-document-cache": cachesDocuments = false
            case "--trusted": trusted = try Options.text(&left)
            case "--print-seed": printsSeed = true
            default: throw Fault()
            }
        }
        guard (1...256).contains(threads) else { throw Fault() }
    }

    private static func text(_ left: inout ArraySlice<String>) throws(Fault) -> String {
        guard let text = left.popFirst() else { throw Fault() }
        return text
    }

    private static func number<Number: FixedWidthInteger>(_ left: inout ArraySlice<String>) throws(Fault) -> Number {
        guard let number = Number(try text(&left)) else { throw Fault() }
        return number
    }
}
