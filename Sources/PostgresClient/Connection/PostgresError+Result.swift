internal import CLibPQ

extension PostgresError {
    /// Reads the fields of a failed result.
    init(_ result: OpaquePointer?) {
        func field(_ name: Character) -> String? {
            guard let code = name.asciiValue, let text = PQresultErrorField(result, Int32(code)) else { return nil }
            return String(cString: text)
        }
        // Without a state it is libpq that speaks, and what it says is that the connection is gone.
        guard let state = field("C") else {
            self = .connectionLost
            return
        }
        self = .server(
            ServerFault(
                state: SQLState(state),
                message: field("M") ?? "",
                detail: field("D"),
                constraint: field("n"),
                table: field("t"),
                column: field("c"),
                position: field("P").flatMap { Int($0) },
                routine: field("R")
            )
        )
    }
}
