package import Data
package import PostgresClient

/// Answers calls, declines them, and hangs up.
package struct CallAnswer {
    private let work: ChatWork

    package init(_ services: ChatServices, _ principal: Principal, from client: ClientInfo) {
        work = ChatWork(services: services, principal: principal, client: client)
    }

    /// The first device that answers has the call; the others of the same person are told, and ring no more.
    package func answer(_ id: UUID, on device: String) async throws -> Result<CallRow, ChatFaults> {
        let work = work
        var faults: [ChatFault] = []
        let device = ChatWork.checkDevice(device, ["deviceId"], &faults)
        if let faults = ChatFaults(faults) { return .failure(faults) }
        return try await work.audited("call.answer", on: id.call) { transaction in
            try await transaction.lockPeople([work.user])
            // Before it is held: strangers hold up nobody.
            guard try await transaction.participant(work.user, seeing: id) != nil else {
                throw ChatFaults(.notFound(["callId"]))
            }
            let settled = try await work.settleCalls(of: [work.user], and: id, in: transaction)
            let (call, own, events) = try await work.liveCall(id, ["callId"], in: transaction)
            return try await work.take(
                call,
                own,
                on: device,
                ["deviceId"],
                beside: settled + events,
                in: transaction
            )
        }
    }

    /// - Parameter isBusy: whether they speak elsewhere, by their own account.
    package func decline(_ id: UUID, isBusy: Bool) async throws -> Result<CallRow, ChatFaults> {
        let work = work
        return try await work.audited("call.decline", on: id.call) { transaction in
            let (call, own, events) = try await work.liveCall(id, ["callId"], in: transaction)
            guard own.state == "RINGING" else {
                throw ChatFaults(.invalidTransition, ["callId"], "It does not ring for you.")
            }
            try await transaction.setParticipant("DECLINED", work.user, of: id, at: work.now)
            if isBusy, call.receiverID == work.user {
                return try await self.end(call, "BUSY", "BUSY", beside: events, in: transaction)
            }
            return try await self.goOn(call, beside: events, in: transaction)
        }
    }

    /// The caller takes back a call that rings; others leave, and the last but one ends it.
    package func hangUp(_ id: UUID, reason: String) async throws -> Result<CallRow, ChatFaults> {
        let work = work
        return try await work.audited("call.hangup", on: id.call) { transaction in
            let (call, own, events) = try await work.liveCall(id, ["callId"], in: transaction)
            guard own.state == "JOINED" else {
                throw ChatFaults(.invalidTransition, ["callId"], "You are not on the line.")
            }
            if call.status == "RINGING" {
                return try await self.end(call, "CANCELLED", "CANCELLED", beside: events, in: transaction)
            }
            try await transaction.setParticipant("LEFT", work.user, of: id, at: work.now)
            return try await self.goOn(call, reason: reason, beside: events, in: transaction)
        }
    }

    /// What others are to see of one's microphone, camera and screen; nil stays.
    package func setMedia(
        _ id: UUID,
        audioMuted: Bool?,
        videoMuted: Bool?,
        screenSharing: Bool?
    ) async throws -> Result<CallRow, ChatFaults> {
        let work = work
        return try await work.transaction { transaction in
            let (call, own, events) = try await work.liveCall(id, ["callId"], in: transaction)
            guard own.state == "JOINED" else {
                throw ChatFaults(.invalidTransition, ["callId"], "You are not on the line.")
            }
            try await transaction.setMedia(
                of: work.user,
                in: id,
                audioMuted: audioMuted,
                videoMuted: videoMuted,
                screenSharing: screenSharing
            )
            return try await self.tellAll(call, beside: events, in: transaction)
        }
    }

    /// Ends it if nobody is left to speak with.
    private func goOn(
        _ call: CallRow,
        reason: String? = nil,
        beside events: [NewEvent],
        in transaction: Transaction
    ) async throws -> CallRow {
        let settled = try await work.services.settle(call, reason: reason, in: transaction).call
        return try await tellAll(settled, beside: events, in: transaction)
    }

    private func end(
        _ call: CallRow,
        _ status: String,
        _ reason: String,
        beside events: [NewEvent],
        in transaction: Transaction
    ) async throws -> CallRow {
        let ended = try await transaction.setCallStatus(status, of: call.id, reason: reason, at: work.now)
        return try await tellAll(ended, beside: events, in: transaction)
    }

    /// Tells everybody in it, and those who have missed it by now.
    private func tellAll(
        _ call: CallRow,
        beside events: [NewEvent],
        in transaction: Transaction
    ) async throws -> CallRow {
        let people = try await transaction.participants(of: [call.id])
        let missed = try await work.services.missed(call, people, in: transaction)
        work.tell(events + NewEvent.changed(call, people.map(\.userID), by: work.user) + missed, in: transaction)
        return call
    }
}
