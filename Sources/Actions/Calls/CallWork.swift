internal import Data
internal import PostgresClient

/// What the actions on calls have in common.
///
/// Locks are taken in one order: people, the room, calls by their ids. So nobody comes into two calls at a time, a room has one
/// call, and nobody waits in a circle.
extension ChatWork {
    var calls: CallOptions { services.options.calls }
    var aliveUntil: Timestamp { Timestamp(microseconds: now.microseconds + calls.lineSeconds * 1_000_000) }

    /// A live call in which whoever asks is, held.
    func liveCall(
        _ id: UUID,
        _ path: [String],
        in transaction: Transaction
    ) async throws -> (call: CallRow, own: CallParticipantRow) {
        guard let own = try await transaction.participant(user, of: id), let call = try await transaction.lockCall(id)
        else { throw ChatFaults(.notFound(path)) }
        let settled = try await services.settle(call, in: transaction)
        guard settled.isLive else { throw ChatFaults(ChatFault(.callEnded, path, "The call is over.")) }
        return (settled, try await transaction.participant(user, of: id) ?? own)
    }

    /// Whoever asks takes a call on a device: the first one that does has it.
    func take(
        _ call: CallRow,
        _ own: CallParticipantRow,
        on device: String,
        _ path: [String],
        in transaction: Transaction
    ) async throws -> CallRow {
        if own.state == "JOINED" {
            guard own.deviceID == device else {
                throw ChatFaults(ChatFault(.invalidTransition, path, "The call was answered on another device."))
            }
            return call
        }
        if let other = try await transaction.joinedCall(of: user), other != call.id {
            throw ChatFaults(ChatFault(.callBusy, path, "You are in another call."))
        }
        try await transaction.join(call.id, user, device: device, at: now, aliveUntil: aliveUntil)
        var taken = call
        if call.status == "RINGING" {
            taken = try await transaction.setCallStatus("ACTIVE", of: call.id, at: now)
        }
        let people = try await transaction.participants(of: [call.id]).map(\.userID)
        tell(NewEvent.changed(taken, people, by: user), in: transaction)
        return taken
    }

    /// The calls of these people and of the room, held, and settled where their people are gone.
    func settleCalls(of people: [UUID], and other: UUID?, in transaction: Transaction) async throws {
        var ids = Set(other.map { [$0] } ?? [])
        for person in people { if let id = try await transaction.joinedCall(of: person) { ids.insert(id) } }
        for id in ids.sorted() {
            if let call = try await transaction.lockCall(id) { _ = try await services.settle(call, in: transaction) }
        }
    }

    static func checkDevice(_ device: String, _ path: [String], _ faults: inout [ChatFault]) -> String {
        ChatText.line(device, 1...64, path, &faults)
    }
}

extension ChatServices {
    /// What has become of a call by now, which is held: who rings in vain or is no longer on the line is out of it, and
    /// without people it is over. Those in it are told.
    func settle(
        _ call: CallRow,
        reason: String? = nil,
        tells: Bool = true,
        in transaction: Transaction
    ) async throws -> CallRow {
        guard call.isLive else { return call }
        let now = identity.clock()
        let dropped = try await transaction.dropParticipants(of: call.id, at: now)
        let people = try await transaction.participants(of: [call.id])
        var settled = call
        if let (status, cause) = Self.end(of: call, people) {
            let why = dropped > 0 ? cause : reason ?? cause
            settled = try await transaction.setCallStatus(status, of: call.id, reason: why, at: now)
        }
        if tells, dropped > 0 {
            let events = NewEvent.changed(settled, people.map(\.userID), by: nil)
            try await transaction.append(events, waking: database.events)
        }
        return settled
    }

    /// How a call ends that has nobody left to speak with; nil while it goes on.
    private static func end(of call: CallRow, _ people: [CallParticipantRow]) -> (status: String, reason: String)? {
        let joined = people.filter { $0.state == "JOINED" }.count
        let rings = people.contains { $0.state == "RINGING" }
        if call.status == "ACTIVE" {
            return joined == 0 || joined == 1 && !rings ? ("ENDED", "NETWORK_FAILURE") : nil
        }
        if joined == 0 { return ("CANCELLED", "NETWORK_FAILURE") }
        if rings { return nil }
        return people.contains { $0.state == "MISSED" } ? ("MISSED", "TIMEOUT") : ("DECLINED", "DECLINED")
    }
}

extension UUID {
    /// A call, as the audit log names it.
    var call: NewAuditEntry.Resource { NewAuditEntry.Resource(type: "Call", id: GlobalID.text("call", self)) }
}
