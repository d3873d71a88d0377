internal import Data
internal import PostgresClient

/// What the actions on calls have in common.
///
/// Locks are taken in one order: people, the room, calls by their ids. So nobody comes into two calls at a time, a room has one
/// call, and nobody waits in a circle.
extension ChatWork {
    var calls: CallOptions { services.options.calls }
    var aliveUntil: Timestamp { Timestamp(microseconds: now.microseconds + calls.lineSeconds * 1_000_000) }

    /// A live call in which whoever asks is, held, and what is to be told of it. It is none of those who do not see its room
    /// any more.
    func liveCall(
        _ id: UUID,
        _ path: [String],
        in transaction: Transaction
    ) async throws -> (call: CallRow, own: CallParticipantRow, events: [NewEvent]) {
        guard try await transaction.participant(user, seeing: id) != nil, let call = try await transaction.lockCall(id)
        else { throw ChatFaults(.notFound(path)) }
        let (settled, events) = try await services.settleTold(call, in: transaction)
        // Somebody may have taken them out while the call was waited for.
        guard let own = try await transaction.participant(user, seeing: id) else { throw ChatFaults(.notFound(path)) }
        guard settled.isLive else { throw ChatFaults(.callEnded, path, "The call is over.") }
        return (settled, own, events)
    }

    /// Whoever asks takes a call on a device: the first one that does has it. Tells of that, and of what came before.
    func take(
        _ call: CallRow,
        _ own: CallParticipantRow,
        on device: String,
        _ path: [String],
        beside events: [NewEvent],
        in transaction: Transaction
    ) async throws -> CallRow {
        if own.state == "JOINED" {
            guard own.deviceID == device else {
                throw ChatFaults(.invalidTransition, path, "The call was answered on another device.")
            }
            tell(events, in: transaction)
            return call
        }
        if let other = try await transaction.joinedCall(of: user), other != call.id {
            throw ChatFaults(.callBusy, path, "You are in another call.")
        }
        try await transaction.join(call.id, user, device: device, at: now, aliveUntil: aliveUntil)
        var taken = call
        if call.status == "RINGING" {
            taken = try await transaction.setCallStatus("ACTIVE", of: call.id, at: now)
        }
        let people = try await transaction.participants(of: [call.id]).map(\.userID)
        tell(events + NewEvent.changed(taken, people, by: user), in: transaction)
        return taken
    }

    /// The calls of these people and of the room, held, and settled where their people are gone; what is to be told of it.
    func settleCalls(of people: [UUID], and other: UUID?, in transaction: Transaction) async throws -> [NewEvent] {
        var ids = Set(other.map { [$0] } ?? [])
        for person in people { if let id = try await transaction.joinedCall(of: person) { ids.insert(id) } }
        var events: [NewEvent] = []
        for id in ids.sorted() {
            guard let call = try await transaction.lockCall(id) else { continue }
            events += try await services.settleTold(call, in: transaction).events
        }
        return events
    }

    static func checkDevice(_ device: String, _ path: [String], _ faults: inout [ChatFault]) -> String {
        ChatText.line(device, 1...64, path, &faults)
    }
}

extension ChatServices {
    /// What has become of a call by now, which is held, and whether that is news: who rings in vain or is no longer on the line is
    /// out of it, and without people it is over. Nobody is told of it.
    func settle(
        _ call: CallRow,
        reason: String? = nil,
        in transaction: Transaction
    ) async throws -> (call: CallRow, isNews: Bool) {
        guard call.isLive else { return (call, false) }
        let dropped = try await transaction.dropParticipants(of: call.id, at: identity.clock())
        let people = try await transaction.participants(of: [call.id])
        guard let (status, cause) = Self.end(of: call, people) else { return (call, dropped > 0) }
        let why = dropped > 0 ? cause : reason ?? cause
        let now = identity.clock()
        return (try await transaction.setCallStatus(status, of: call.id, reason: why, at: now), dropped > 0)
    }

    /// Settles a call that is held. What those in it, and those who have missed it, are to be told of that goes with all else
    /// that the transaction tells, as topics are held in one order.
    func settleTold(
        _ call: CallRow,
        in transaction: Transaction
    ) async throws -> (call: CallRow, events: [NewEvent]) {
        let (settled, isNews) = try await settle(call, in: transaction)
        guard isNews else { return (settled, []) }
        let people = try await transaction.participants(of: [call.id])
        let missed = try await missed(settled, people, in: transaction)
        return (settled, NewEvent.changed(settled, people.map(\.userID), by: nil) + missed)
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
