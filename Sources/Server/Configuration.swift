import GraphQLEngine
import GraphQLTransport

/// Everything that can be set, read once from the environment at start.
struct Configuration {
    var port: UInt16 = 8_080
    /// Event loops, each on a thread of its own.
    var loops = 1
    var statusCodes = StatusCodes.september2026
    /// How long running requests may take to finish after SIGTERM, in seconds.
    var drainSeconds = 10
    /// What answers tell of their execution.
    var extensions = ResponseExtensions()

    /// Whether browsers get the playground.
    var servesPlayground = true
    /// Where its files are read from for each request, for work on them; nil for those in the binary.
    var playgroundFolder: String?

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
        servesPlayground = isOn("ATRIUM_PLAYGROUND", standard: true)
        playgroundFolder = environment["ATRIUM_PLAYGROUND_FILES"]
        extensions.cost = isOn("ATRIUM_COST")
        extensions.trace = isOn("ATRIUM_TRACE")
        guard problems.isEmpty else { throw Fault(problems: problems) }
    }
}
