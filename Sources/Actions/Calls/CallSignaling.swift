internal import Data
package import PostgresClient

/// Passes on what browsers say to each other to connect. It is read by nobody here, kept for minutes, and handed out in the
/// order in which it came.
package struct CallSignaling {
    package struct Input: Sendable {
        package let callID: UUID
        package let toUserID: UUID
        package let device: String
        package let kind: String
        package let payload: String

        package init(callID: UUID, toUserID: UUID, device: String, kind: String, payload: String) {
            self.callID = callID
            self.toUserID = toUserID
            self.device = device
            self.kind = kind
            self.payload = payload
        }
    }

    private let work: ChatWork

    package init(_ services: ChatServices, _ principal: Principal, from client: ClientInfo) {
        work = ChatWork(services: services, principal: principal, client: client)
    }

    /// The signal's number among those to this person in this call.
    package func run(_ input: Input) async throws -> Result<Int, ChatFaults> {
        let (work, path) = (work, ["input", "callId"])
        let options = work.calls
        guard input.payload.utf8.count <= options.signalBytes, !input.payload.utf8.contains(0) else {
            let message = "Give it at most \(options.signalBytes) bytes of text."
            return .failure(ChatFaults(.invalidInput, ["input", "payload"], message))
        }
        // By itself: what is refused has cost something, too.
        let user = work.user.description
        try await work.services.identity.limit("call_signal", by: user, options.signalsPerMinute, perSeconds: 60)
        return try await work.transaction { transaction in
            // Held, or a signal might come behind the end of its call.
            let (_, own, events) = try await work.liveCall(input.callID, path, in: transaction)
            guard own.state == "JOINED", own.deviceID == input.device else {
                throw ChatFaults(.invalidInput, ["input", "deviceId"], "This device is not on the line.")
            }
            let other = try await transaction.participant(input.toUserID, of: input.callID)
            guard let other, input.toUserID != work.user, ["JOINED", "RINGING"].contains(other.state) else {
                throw ChatFaults(.notFound(["input", "toUserId"]))
            }
            let seq = try await transaction.insertSignal(
                to: other.userID,
                of: input.callID,
                topic: NewEvent.signalTopic(input.callID, other.userID),
                from: work.user,
                device: input.device,
                kind: input.kind,
                payload: input.payload,
                waking: work.services.database.events
            )
            let limit = options.signalsPerListener
            guard seq <= limit else { throw ChatFaults(.quota("call_signals", ["input"], limit: limit, used: limit)) }
            work.tell(events, in: transaction)
            return seq
        }
    }
}

extension ChatServices {
    /// Notes that somebody who listens for signals on a device is on the line.
    package func keepAlive(_ user: UUID, in call: UUID, device: String) async throws {
        let until = identity.clock().microseconds + options.calls.lineSeconds * 1_000_000
        try await database.pool.transaction {
            try await $0.keepAlive(user, in: call, device: device, until: Timestamp(microseconds: until))
        }
    }
}
