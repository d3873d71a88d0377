internal import CLibPQ
internal import EventLoop

// What libpq cannot do in pipeline mode: scripts of several statements, and COPY.

extension PostgresConnection {
    /// Runs several statements, separated by semicolons, in one transaction unless the script has its own.
    public func script(_ sql: String, deadline: UInt64) async throws {
        try await exclusively(deadline) {
            guard PQsendQuery(handle, sql) == 1 else { throw PostgresError.connectionLost }
            _ = try await results()
        }
    }

    /// Hands out what a COPY … TO STDOUT gives, in the pieces in which it comes.
    func copyOut(_ sql: String, deadline: UInt64, _ body: (UnsafeRawBufferPointer) async throws -> Void) async throws {
        try await exclusively(deadline) {
            guard PQsendQuery(handle, sql) == 1 else { throw PostgresError.connectionLost }
            try await beginCopy(PGRES_COPY_OUT)
            var failure: (any Error)?
            while true {
                var piece: UnsafeMutablePointer<CChar>?
                let count = PQgetCopyData(handle, &piece, 1)
                if count == 0 {
                    try await receive()
                } else if count > 0 {
                    defer { PQfreemem(piece) }
                    do {
                        if failure == nil {
                            try await body(UnsafeRawBufferPointer(start: piece, count: Int(count)))
                        }
                    } catch {
                        // The rest is of no interest any more; a new connection is cheaper than reading it.
                        failure = error
                        end(.closed)
                        throw error
                    }
                } else {
                    break
                }
            }
            _ = try await results()
        }
    }

    /// Sends what `body` writes to a COPY … FROM STDIN; how many rows that made.
    func copyIn(_ sql: String, deadline: UInt64, _ body: (CopySink) async throws -> Void) async throws -> Int {
        try await exclusively(deadline) {
            guard PQsendQuery(handle, sql) == 1 else { throw PostgresError.connectionLost }
            try await beginCopy(PGRES_COPY_IN)
            do {
                try await body(CopySink(connection: self))
            } catch {
                try await endCopy("given up by the client")
                _ = try? await results()
                throw error
            }
            try await endCopy(nil)
            return try await results()
        }
    }

    /// Takes the connection out of pipeline mode for the time of `body`. A cancelled task or a deadline ends the
    /// connection: there is nobody else on it.
    func exclusively<Value>(_ deadline: UInt64, _ body: () async throws -> Value) async throws -> Value {
        loop.assertOnLoop()
        await drain()
        guard let handle, PQexitPipelineMode(handle) == 1 else { throw PostgresError.connectionLost }
        exclusiveUses += 1
        let number = exclusiveUses
        exclusive = SocketWait(number: number)
        var reason = PostgresError.connectionLost
        let timer = loop.timer { [unowned self] in
            reason = .deadlineExceeded
            giveUpExclusive(.deadlineExceeded)
        }
        timer.set(at: deadline)
        defer {
            timer.cancel()
            exclusive = nil
            if self.handle != nil, PQenterPipelineMode(handle) != 1 { end(.connectionLost) }
            flush()
        }
        do {
            return try await withTaskCancellationHandler(operation: body) {
                // It may be another's when that is heard.
                loop.execute { if self.exclusive?.number == number { self.giveUpExclusive(.closed) } }
            }
        } catch PostgresError.connectionLost {
            if Task.isCancelled { throw CancellationError() }
            throw reason
        }
    }

    /// Ends the connection, and what the server does for it, which would not notice until it has something to send.
    private func giveUpExclusive(_ error: PostgresError) {
        if let handle, let request = CancelRequest(handle) {
            metrics.cancels &+= 1
            // Nothing else ends what it does.
            loop.startTask { await request.send() }
        }
        end(error)
    }

    private func beginCopy(_ expected: ExecStatusType) async throws {
        while PQisBusy(handle) == 1 { try await receive() }
        let result = PQgetResult(handle)
        defer { PQclear(result) }
        guard PQresultStatus(result) == expected else {
            guard PQresultStatus(result) == PGRES_FATAL_ERROR else {
                // There is no way out of a copy but through it.
                end(.closed)
                throw PostgresError.notTheCopyMeant
            }
            let error = PostgresError(result)
            _ = try? await results()
            throw error
        }
    }

    fileprivate func send(_ bytes: UnsafeRawBufferPointer) async throws {
        guard let start = bytes.baseAddress?.assumingMemoryBound(to: CChar.self) else { return }
        while true {
            guard let handle else { throw PostgresError.connectionLost }
            switch PQputCopyData(handle, start, Int32(bytes.count)) {
            case 1: return try await flushed()
            case 0: try await flushed()
            default: throw PostgresError.connectionLost
            }
        }
    }

    private func endCopy(_ reason: String?) async throws {
        while true {
            guard let handle else { throw PostgresError.connectionLost }
            switch PQputCopyEnd(handle, reason) {
            case 1: return try await flushed()
            case 0: try await flushed()
            default: throw PostgresError.connectionLost
            }
        }
    }

    /// All results up to the end of the command; the rows the last one changed. Throws the first error there was.
    func results() async throws -> Int {
        var failure: PostgresError?
        var count = 0
        while true {
            while handle != nil, PQisBusy(handle) == 1 { try await receive() }
            guard handle != nil else { throw PostgresError.connectionLost }
            guard let result = PQgetResult(handle) else { break }
            defer { PQclear(result) }
            switch PQresultStatus(result) {
            case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY:
                count = PQcmdTuples(result).flatMap { Int(String(cString: $0)) } ?? 0
            case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
                end(.closed)
                throw PostgresError.notTheCopyMeant
            default: failure = failure ?? PostgresError(result)
            }
        }
        if let failure { throw failure }
        return count
    }

    func receive() async throws {
        guard handle != nil else { throw PostgresError.connectionLost }
        flush()
        await exclusive?.wait()
        guard let handle, PQconsumeInput(handle) == 1 else {
            end(.connectionLost)
            throw PostgresError.connectionLost
        }
    }

    /// Waits until the kernel has taken everything; what the server says meanwhile is read, or both would wait.
    private func flushed() async throws {
        while let handle {
            switch PQflush(handle) {
            case 0: return
            case 1: try await receive()
            default: throw PostgresError.connectionLost
            }
        }
        throw PostgresError.connectionLost
    }
}

/// Takes what a COPY sends.
struct CopySink {
    fileprivate let connection: PostgresConnection

    func write(_ bytes: UnsafeRawBufferPointer) async throws { try await connection.send(bytes) }
}
