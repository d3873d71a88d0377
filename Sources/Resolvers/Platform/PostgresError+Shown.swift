import Actions
import GraphQLEngine
import GraphQLSchema
import PostgresClient

extension PostgresError {
    /// What clients see of it: that the database is away, slow, or has refused what they asked for, each by a code of its
    /// own. Anything else is a fault of the program, which is not shown.
    func shown(or fault: GraphQLError) -> GraphQLError {
        if let violation = ConstraintViolation(self) {
            return GraphQLError(violation.message, extensions: ["code": .string(violation.code.rawValue)])
        }
        switch self {
        case .unavailable(let seconds, _):
            return GraphQLError(
                "The database cannot be reached; try again in \(seconds) seconds.",
                extensions: ["code": .string("SERVICE_UNAVAILABLE"), "retryAfterSeconds": .int(seconds)]
            )
        case .commitUnknown:
            return GraphQLError(
                "The database was lost while it made the change, which may have happened or not.",
                extensions: ["code": .string("SERVICE_UNAVAILABLE")]
            )
        case .connectionLost, .cannotConnect, .queueFull, .queueTimeout, .closed: return AccessRefusal.unavailable
        case .deadlineExceeded: return Self.timeout
        case .server(let server):
            let state = server.state
            if state == .queryCanceled { return Self.timeout }
            let isAway = state.isShutdown || state.isLostBehindPooler || state.isOutOfResources || state == .readOnly
            return isAway || state.isTransient ? AccessRefusal.unavailable : fault
        case .badColumn, .rowCount, .notTheCopyMeant: return fault
        }
    }

    private static var timeout: GraphQLError {
        GraphQLError("The database took too long.", extensions: ["code": .string("TIMEOUT")])
    }
}
