package import EventLoop

/// Asks the parts of a server how they are doing; what they are is known to the program alone.
package struct ServerFigures: Sendable {
    package enum Range: Sendable { case lastHour, sinceStart }

    /// What each of them takes and does is asked on its own loop, one after the other.
    let system: @Sendable () async -> SystemFigures
    /// What took most time together first.
    let operations: @Sendable (Range) async -> [OperationFigures]
    let statements: @Sendable () async -> [StatementFigures]

    package init(
        system: @escaping @Sendable () async -> SystemFigures,
        operations: @escaping @Sendable (Range) async -> [OperationFigures],
        statements: @escaping @Sendable () async -> [StatementFigures]
    ) {
        self.system = system
        self.operations = operations
        self.statements = statements
    }
}

/// The model of the schema's `SystemMetrics`.
package struct SystemFigures: Sendable {
    package var uptime = 0
    package var residentBytes = 0
    package var cpuPercent = 0.0
    package var loopPercent = 0.0
    package var connections = 0
    package var sockets = 0
    package var subscriptions = 0
    package var poolConnections = (used: 0, all: 0, waiting: 0)
    package var failedSignIns: UInt64 = 0
    package var limitViolations: UInt64 = 0
    package var auditEntries: UInt64 = 0
    package var jobs = (taken: UInt64(0), failed: UInt64(0))
    package var errorRate = 0.0
    package var requestsPerSecond = 0.0

    package init() {}

    var uptimeSeconds: Int32 { Int32(clamping: uptime) }
    var residentMemoryBytes: BigInt { BigInt(residentBytes) }
    var openConnections: Int32 { Int32(clamping: connections) }
    var openSockets: Int32 { Int32(clamping: sockets) }
    var activeSubscriptions: Int32 { Int32(clamping: subscriptions) }
    var poolInUse: Int32 { Int32(clamping: poolConnections.used) }
    var poolSize: Int32 { Int32(clamping: poolConnections.all) }
    var poolWaiting: Int32 { Int32(clamping: poolConnections.waiting) }
    var authFailures: Int32 { Int32(clamping: failedSignIns) }
    var rateLimitViolations: Int32 { Int32(clamping: limitViolations) }
    var auditEvents: Int32 { Int32(clamping: auditEntries) }
    var jobsTaken: Int32 { Int32(clamping: jobs.taken) }
    var jobsFailed: Int32 { Int32(clamping: jobs.failed) }
}

/// The model of the schema's `OperationMetrics`.
package struct OperationFigures: Sendable {
    let operationName: String
    let kind: String
    let documentSha256: String
    private let durations: LatencySketch
    private let errors: UInt64
    private let refusals: UInt64

    package init(
        name: String,
        kind: String,
        sha256: String,
        durations: LatencySketch,
        errors: UInt64,
        refusals: UInt64
    ) {
        operationName = name
        self.kind = kind
        documentSha256 = sha256
        self.durations = durations
        self.errors = errors
        self.refusals = refusals
    }

    var count: Int32 { Int32(clamping: durations.count) }
    var refusedCount: Int32 { Int32(clamping: refusals) }
    var errorCount: Int32 { Int32(clamping: errors) }
    var meanMilliseconds: Double { durations.mean.milliseconds }
    var p50Milliseconds: Double { durations.quantile(0.5).milliseconds }
    var p95Milliseconds: Double { durations.quantile(0.95).milliseconds }
    var p99Milliseconds: Double { durations.quantile(0.99).milliseconds }
}

/// The model of the schema's `SlowQuery`.
package struct StatementFigures: Sendable {
    package let name: String
    private let durations: LatencySketch
    private let rowCount: UInt64
    private let errors: UInt64

    package init(name: String, durations: LatencySketch, rows: UInt64, errors: UInt64) {
        self.name = name
        self.durations = durations
        rowCount = rows
        self.errors = errors
    }

    /// Nanoseconds.
    package var total: UInt64 { durations.sum }

    var fingerprint: String { name }
    var calls: Int32 { Int32(clamping: durations.count) }
    var errorCount: Int32 { Int32(clamping: errors) }
    var rows: BigInt { BigInt(rowCount) }
    var meanMilliseconds: Double { durations.mean.milliseconds }
    var p95Milliseconds: Double { durations.quantile(0.95).milliseconds }
    var maxMilliseconds: Double { durations.longest.milliseconds }
    var totalMilliseconds: Double { durations.sum.milliseconds }
}

extension UInt64 {
    /// Nanoseconds, told to the microsecond.
    fileprivate var milliseconds: Double { Double(self / 1_000) / 1_000 }
}
