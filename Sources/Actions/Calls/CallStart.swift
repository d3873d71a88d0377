package import Data
package import PostgresClient

/// Calls the people of a room.
package struct CallStart {
    package struct Input: Sendable {
        package let roomID: UUID
        package let kind: String
        package let device: String
        /// Nil for everybody in the room.
        package let invitees: [UUID]?

        package init(roomID: UUID, kind: String, device: String, invitees: [UUID]?) {
            self.roomID = roomID
            self.kind = kind
            self.device = device
            self.invitees = invitees
        }
    }

    private let work: ChatWork

    package init(_ services: ChatServices, _ principal: Principal, from client: ClientInfo) {
        work = ChatWork(services: services, principal: principal, client: client)
    }

    /// Whoever calls a room in which they are being called answers that call: two who call each other at once speak in the
    /// call that came first.
    package func run(_ input: Input) async throws -> Result<CallRow, ChatFaults> {
        let work = work
        var faults: [ChatFault] = []
        let device = ChatWork.checkDevice(input.device, ["input", "deviceId"], &faults)
        if let faults = ChatFaults(faults) { return .failure(faults) }
        try await work.services.identity.limit(
            "call_start",
            by: work.user.description,
            work.calls.startsPerMinute,
            perSeconds: 60
        )
        return try await work.audited("call.start", on: nil, made: { $0.id.call }) { transaction in
            let path = ["input", "roomId"]
            guard let room = try await transaction.rooms([input.roomID], visibleTo: work.user).first else {
                throw ChatFaults(.notFound(path))
            }
            let invitees = try await self.invitees(input.invitees, room, in: transaction)
            try await transaction.lockPeople(invitees + [work.user])
            guard try await transaction.lockRoom(room.id) else {
                throw ChatFaults(.roomArchived, path, "The room is archived.")
            }
            // Who is taken out of the room from here on is taken out of its call: see `leaveCalls`.
            let views = (invitees + [work.user]).map { RoomView(room: room.id, user: $0) }
            guard try await transaction.rooms(views).count == views.count else { throw ChatFaults(.notFound(path)) }
            let known = try await transaction.liveCalls(in: [room.id]).first?.id
            let events = try await work.settleCalls(of: invitees + [work.user], and: known, in: transaction)
            if let live = try await transaction.liveCalls(in: [room.id]).first {
                guard let own = try await transaction.participant(work.user, of: live.id) else {
                    throw ChatFaults(.callBusy, path, "There is a call in the room.")
                }
                let path = ["input", "deviceId"]
                return try await work.take(live, own, on: device, path, beside: events, in: transaction)
            }
            guard try await transaction.joinedCall(of: work.user) == nil else {
                throw ChatFaults(.callBusy, path, "You are in another call.")
            }
            return try await self.ring(room, invitees, input.kind, device, beside: events, in: transaction)
        }
    }

    private func ring(
        _ room: RoomRow,
        _ invitees: [UUID],
        _ kind: String,
        _ device: String,
        beside events: [NewEvent],
        in transaction: Transaction
    ) async throws -> CallRow {
        let now = work.now
        let call = NewCall(
            id: work.newID(),
            roomID: room.id,
            kind: kind,
            callerID: work.user,
            receiverID: invitees.count == 1 ? invitees[0] : nil,
            ringingAt: now,
            ringExpiresAt: Timestamp(microseconds: now.microseconds + work.calls.ringSeconds * 1_000_000)
        )
        try await transaction.insert(call, device: device, invitees: invitees, aliveUntil: work.aliveUntil)
        if let receiver = call.receiverID, try await transaction.joinedCall(of: receiver) != nil {
            let busy = try await transaction.setCallStatus("BUSY", of: call.id, reason: "BUSY", at: now)
            let people = try await transaction.participants(of: [call.id])
            let missed = try await work.services.missed(busy, people, in: transaction)
            let told = NewEvent.changed(busy, invitees + [work.user], by: work.user)
            work.tell(events + told + missed, in: transaction)
            return busy
        }
        var job = NewJob("calls.ring")
        job.runAt = call.ringExpiresAt
        try await transaction.enqueue([job], waking: work.services.database.worker)
        guard let row = try await transaction.lockCall(call.id) else { throw PostgresError.rowCount(0) }
        work.tell(events + NewEvent.ringing(row, invitees, by: work.user), in: transaction)
        return row
    }

    /// The others: those who are named and see the room, or all who are in it.
    private func invitees(
        _ named: [UUID]?,
        _ room: RoomRow,
        in transaction: Transaction
    ) async throws -> [UUID] {
        let (path, most) = (["input", "inviteeIds"], work.calls.people - 1)
        var people: Set<UUID>
        if let named {
            people = Set(named).subtracting([work.user])
            let seen = try await transaction.rooms(people.sorted().map { RoomView(room: room.id, user: $0) })
            guard seen.count == people.count else { throw ChatFaults(.notFound(path)) }
        } else {
            let members = try await transaction.roomMembers(of: [room.id], limit: most + 2)
            people = Set(members.map(\.userID)).subtracting([work.user])
        }
        guard !people.isEmpty else {
            throw ChatFaults(.invalidInput, path, "There is nobody to call.")
        }
        // Of a room of many the others are called.
        let apart = try await transaction.apart(from: work.user, among: people.sorted())
        guard apart.isEmpty || named == nil && apart.count < people.count else { throw ChatFaults(.blocked(path)) }
        people.subtract(apart)
        guard people.count <= most else {
            throw ChatFaults(.quota("call_people", path, limit: most, used: people.count))
        }
        return people.sorted()
    }
}
