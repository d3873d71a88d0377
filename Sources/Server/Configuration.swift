import GraphQLEngine
import GraphQLTransport
import HTTPServer

/// Everything that can be set, read once from the environment at start.
struct Configuration {
    var port: UInt16 = 8_080
    /// Event loops, each on a thread of its own.
    var loops = 1
    var statusCodes = StatusCodes.september2026
    /// How long running requests may take to finish after SIGTERM, in seconds.
    var drainSeconds = 10
    /// How long a query or mutation may take, in seconds; 0 for ever.
    var deadlineSeconds = 30
    /// What answers tell of their execution.
    var extensions = ResponseExtensions()

    /// How long the server goes on taking clients after SIGTERM, while `/readyz` says no, in seconds.
    var drainDelaySeconds = 0
    /// The form of the log on standard output; nil for text on a terminal and JSON elsewhere.
    var logForm: LogLine.Form?
    /// Whether requests and faults are logged.
    var logs = true
    var servesMetrics = true
    var servesSchema = true

    /// Whether browsers get the playground.
    var servesPlayground = true
    /// Where its files are read from for each request, for work on them; nil for those in the binary.
    var playgroundFolder: String?

    /// How libpq reaches the database; nil for a private one in `databaseFolder`.
    var databaseURL: String?
    var databaseFolder = ".atrium/postgres"
    /// A read replica, for reads that may be a moment old.
    var replicaURL: String?
    /// Whether the URL leads to a pooler that gives each transaction another connection.
    var isBehindPooler = false
    /// Connections of each loop for transactions.
    var databaseConnections = 8

    /// Why the environment cannot be used: everything that is wrong with it, at once.
    struct Fault: Error {
        let problems: [String]
    }

    init(_ environment: [String: String]) throws(Fault) {
        var problems: [String] = []
        func number(_ name: String, _ range: ClosedRange<Int>, _ standard: Int) -> Int {
            guard let text = environment[name] else { return standard }
            if let number = Int(text), range.contains(number) { return number }
            problems.append("\(name) must be a number from \(range.lowerBound) to \(range.upperBound), not \"\(text)\"")
            return standard
        }
        port = UInt16(number("ATRIUM_PORT", 0...65_535, 8_080))
        loops = number("ATRIUM_LOOPS", 1...256, 1)
        drainSeconds = number("ATRIUM_DRAIN_SECONDS", 0...3_600, 10)
        deadlineSeconds = number("ATRIUM_DEADLINE_SECONDS", 0...3_600, 30)
        drainDelaySeconds = number("ATRIUM_DRAIN_DELAY_SECONDS", 0...3_600, 0)
        switch environment["ATRIUM_STATUS_CODES"] {
        case nil, "september2026": statusCodes = .september2026
        case "legacy": statusCodes = .legacy
        case .some(let other):
            problems.append("ATRIUM_STATUS_CODES must be legacy or september2026, not \"\(other)\"")
        }
        func isOn(_ name: String, standard: Bool = false) -> Bool {
            switch environment[name] {
            case nil: return standard
            case "on": return true
            case "off": return false
            case .some(let other):
                problems.append("\(name) must be on or off, not \"\(other)\"")
                return standard
            }
        }
        switch environment["ATRIUM_LOG"] {
        case nil: logForm = nil
        case "text": logForm = .text
        case "json": logForm = .json
        case "off": logs = false
        case .some(let other): problems.append("ATRIUM_LOG must be text, json or off, not \"\(other)\"")
        }
        servesMetrics = isOn("ATRIUM_METRICS", standard: true)
        servesSchema = isOn("ATRIUM_SCHEMA", standard: true)
        servesPlayground = isOn("ATRIUM_PLAYGROUND", standard: true)
        playgroundFolder = environment["ATRIUM_PLAYGROUND_FILES"]
        extensions.cost = isOn("ATRIUM_COST")
        extensions.trace = isOn("ATRIUM_TRACE")
        databaseURL = environment["DATABASE_URL"].flatMap { $0.isEmpty ? nil : $0 }
        databaseFolder = environment["ATRIUM_DATABASE_FOLDER"] ?? ".atrium/postgres"
        replicaURL = environment["ATRIUM_DATABASE_REPLICA_URL"].flatMap { $0.isEmpty ? nil : $0 }
        databaseConnections = number("ATRIUM_DATABASE_CONNECTIONS", 1...1_000, 8)
        switch environment["ATRIUM_DATABASE_POOLER"] {
        case nil, "off": isBehindPooler = false
        case "transaction": isBehindPooler = true
        case .some(let other):
            problems.append("ATRIUM_DATABASE_POOLER must be off or transaction, not \"\(other)\"")
        }
        guard problems.isEmpty else { throw Fault(problems: problems) }
    }
}
