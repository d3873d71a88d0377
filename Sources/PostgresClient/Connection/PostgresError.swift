/// What went wrong between a program and its database.
///
/// Its description names kinds, states and constraints: never values of rows or parameters, nor SQL.
public enum PostgresError: Error, Equatable, CustomStringConvertible {
    /// The server refused; `fault.message` may hold values and is for logs of trusted readers.
    case server(ServerFault)
    /// The connection ended before the answer; a read may be sent again, a write may have happened only in part.
    case connectionLost
    /// The connection ended between COMMIT and its answer: the transaction may have happened.
    case commitUnknown
    case cannotConnect(String)
    /// The circuit breaker is open: the database could not be reached for a while, last for this reason.
    case unavailable(retryAfterSeconds: Int, reason: String)
    /// No connection was free and the queue was full.
    case queueFull
    /// No connection became free in time.
    case queueTimeout
    /// The statement took longer than it may.
    case deadlineExceeded
    /// The pool or the connection was closed.
    case closed
    /// A column is not what its row expects, or null where the row has no room for it.
    case badColumn(number: Int, expected: String, found: PostgresType, isNull: Bool)
    /// A row was asked for that is not there, or several where one was meant.
    case rowCount(Int)
    /// A copy in one direction where another, or none, was meant.
    case notTheCopyMeant

    public var description: String {
        switch self {
        case .server(let fault): fault.description
        case .connectionLost: "the connection to the database was lost"
        case .commitUnknown: "the connection to the database was lost while committing: the change may have happened"
        case .cannotConnect(let reason): "the database cannot be reached: \(reason)"
        case .unavailable(let seconds, let reason):
            "the database cannot be reached: \(reason); next attempt in \(seconds) s"
        case .queueFull: "too many statements wait for the database"
        case .queueTimeout: "no connection to the database became free in time"
        case .deadlineExceeded: "the statement took longer than it may"
        case .closed: "the connections to the database are closed"
        case .badColumn(let number, let expected, let found, let isNull):
            isNull
                ? "column \(number) is null, where \(expected) was expected"
                : "column \(number) has the type \(found.oid), where \(expected) was expected"
        case .notTheCopyMeant: "the statement copies in another direction, or not at all"
        case .rowCount(let count): "\(count) rows, where one was expected"
        }
    }

    /// What the server said, when it was the server.
    public var fault: ServerFault? {
        if case .server(let fault) = self { fault } else { nil }
    }
}

/// An error as the server reports it: https://www.postgresql.org/docs/15/protocol-error-fields.html
public struct ServerFault: Sendable, Equatable, CustomStringConvertible {
    public var state: SQLState
    public var message: String
    public var detail: String?
    public var constraint: String?
    public var table: String?
    public var column: String?
    /// The character of the statement it is about, from 1.
    public var position: Int?
    /// The function of the server that said it.
    var routine: String?

    public var description: String {
        "the database refused with \(state.code)" + (constraint.map { " by \($0)" } ?? "")
    }
}

extension ServerFault {
    /// Whether the server has forgotten a prepared statement, or does not run it any more as its tables have changed.
    var isAboutPrepared: Bool {
        switch state {
        case .undefinedStatement, .duplicateStatement: true
        // The text of it is in the language of the server, its origin is not.
        case .featureNotSupported: routine == "RevalidateCachedQuery"
        default: false
        }
    }

    /// One that did not come from a server.
    public init(_ state: SQLState, _ message: String, by constraint: String? = nil) {
        self.init(state: state, message: message, constraint: constraint)
    }
}

/// Five characters that say what kind of error it is: https://www.postgresql.org/docs/15/errcodes-appendix.html
public struct SQLState: Sendable, Hashable {
    public let code: String
    public init(_ code: String) { self.code = code }

    public static let uniqueViolation = SQLState("23505")
    public static let foreignKeyViolation = SQLState("23503")
    public static let checkViolation = SQLState("23514")
    public static let exclusionViolation = SQLState("23P01")
    public static let serializationFailure = SQLState("40001")
    public static let deadlock = SQLState("40P01")
    public static let queryCanceled = SQLState("57014")
    public static let readOnly = SQLState("25006")
    public static let undefinedStatement = SQLState("26000")
    public static let duplicateStatement = SQLState("42P05")
    /// What the server cannot do, and "cached plan must not change result type".
    public static let featureNotSupported = SQLState("0A000")

    /// The server is stopping, was killed, has not started yet, or ends the connection for another reason.
    public var isShutdown: Bool { code.hasPrefix("57P") }
    /// A pooler has lost its connection to the server, and says so in the server's place.
    public var isLostBehindPooler: Bool { code.hasPrefix("08") }
    /// The server has no room: on its disk, in its memory, for more connections.
    public var isOutOfResources: Bool { code.hasPrefix("53") }
    /// Running the whole transaction again may succeed.
    public var isTransient: Bool { self == .serializationFailure || self == .deadlock }
}
