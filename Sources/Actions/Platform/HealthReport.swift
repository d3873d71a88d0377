package import PostgresClient

/// How well the server and what it stands on are.
package struct HealthReport: Sendable {
    package enum Status: String, Sendable, Comparable {
        case pass = "PASS"
        /// Something is amiss, and the server does its work nevertheless.
        case warn = "WARN"
        case fail = "FAIL"

        private var rank: Int {
            switch self {
            case .pass: 0
            case .warn: 1
            case .fail: 2
            }
        }

        package static func < (one: Status, other: Status) -> Bool { one.rank < other.rank }
    }

    /// How one of them is. Anybody may read it: it names no host, no address and nothing that another server has said.
    package struct Check: Sendable, Equatable {
        package let name: String
        package var status = Status.pass
        /// How long the answer took, where one was asked for.
        package var milliseconds: Double?
        /// What is amiss, or how much of something there is.
        package var message: String?
    }

    package let checks: [Check]
    package let at: Timestamp

    /// The worst of all.
    package var status: Status { checks.map(\.status).max() ?? .pass }
}
