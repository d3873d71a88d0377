import Actions
import Data
import EventLoop
import Foundation
import Testing

let callFields = """
    id status kind endReason durationSeconds answeredAt endedAt caller { username } receiver { username }
    participants { user { username } state deviceId audioMuted }
    """

extension APIServer {
    /// The room of some people, opened by the first of them.
    func directRoom(of people: [TestPerson]) throws -> String {
        let answer = try ask(
            "mutation ($u: [ID!]!) { directRoomOpen(userIds: $u) { room { id } userErrors { code } } }",
            ["u": people.dropFirst().map(\.id)],
            token: people[0].token
        )
        return try #require(answer["data.directRoomOpen.room.id"], "\(answer.text)")
    }

    static func startRequest(
        _ room: String,
        _ device: String,
        _ invitees: [TestPerson]? = nil
    ) -> (String, [String: Any]) {
        var input: [String: Any] = ["roomId": room, "deviceId": device]
        input["inviteeIds"] = invitees?.map(\.id)
        return (
            "mutation ($in: CallStartInput!) { callStart(input: $in) { call { \(callFields) } userErrors { code path } } }",
            ["in": input]
        )
    }

    func askStart(
        _ room: String,
        on device: String,
        calling invitees: [TestPerson]? = nil,
        by person: TestPerson
    ) throws -> APIAnswer {
        let (query, variables) = APIServer.startRequest(room, device, invitees)
        return try ask(query, variables, token: person.token)
    }

    func start(_ room: String, on device: String, by person: TestPerson) throws -> String {
        let answer = try askStart(room, on: device, by: person)
        return try #require(answer["data.callStart.call.id"], "\(answer.text)")
    }

    func askAnswer(_ call: String, on device: String, by person: TestPerson) throws -> APIAnswer {
        try ask(
            """
            mutation ($id: ID!, $d: String!) { callAnswer(callId: $id, deviceId: $d) {
                call { \(callFields) } userErrors { code path } } }
            """,
            ["id": call, "d": device],
            token: person.token
        )
    }

    func askHangup(_ call: String, by person: TestPerson) throws -> APIAnswer {
        try ask(
            "mutation ($id: ID!) { callHangup(callId: $id) { call { \(callFields) } userErrors { code path } } }",
            ["id": call],
            token: person.token
        )
    }

    func askDecline(_ call: String, busy: Bool = false, by person: TestPerson) throws -> APIAnswer {
        try ask(
            """
            mutation ($id: ID!, $b: Boolean!) { callDecline(callId: $id, busy: $b) {
                call { \(callFields) } userErrors { code path } } }
            """,
            ["id": call, "b": busy],
            token: person.token
        )
    }

    func askSignal(
        _ payload: String,
        in call: String,
        to person: TestPerson,
        from device: String,
        by sender: TestPerson
    ) throws -> APIAnswer {
        try ask(
            "mutation ($in: CallSignalInput!) { callSignal(input: $in) { seq userErrors { code path } } }",
            [
                "in": [
                    "callId": call, "toUserId": person.id, "deviceId": device, "kind": "CANDIDATES", "payload": payload,
                ]
            ],
            token: sender.token
        )
    }

    func signals(of call: String, on device: String, after seq: Int = 0, as person: TestPerson) throws -> LiveStream {
        try LiveStream(
            self,
            """
            subscription ($id: ID!, $d: String!, $seq: Int!) { callSignals(callId: $id, deviceId: $d, afterSeq: $seq) {
                seq payload kind fromDeviceId fromUser { username } } }
            """,
            ["id": call, "d": device, "seq": seq],
            token: person.token
        )
    }

    /// Begins by telling that it listens.
    func callEvents(as person: TestPerson) throws -> LiveStream {
        let stream = try LiveStream(
            self,
            """
            subscription { callEvents(after: "nowhere") { __typename
                ... on IncomingCall { call { \(callFields) } } ... on CallChanged { call { \(callFields) } } } }
            """,
            token: person.token
        )
        #expect(try stream.callEvent() == "ResyncRequired")
        return stream
    }

    func state(of call: String, as person: TestPerson) throws -> APIAnswer {
        try ask("query ($id: ID!) { call(id: $id) { \(callFields) } }", ["id": call], token: person.token)
    }

    /// What the jobs of a process would do now.
    func sweepCalls(batch: Int = 100) async throws {
        let services = ChatServices(identity)
        try await group.loops[0].start { try await CallSweep(services, batch: batch).run() }
    }
}

extension LiveStream {
    /// The next event of callEvents, as "kind status".
    func callEvent() throws -> String? {
        guard let answer = try next() else { return nil }
        guard let kind = answer["data.callEvents.__typename"] else { return answer.text }
        return [kind, answer["data.callEvents.call.status"]].compactMap { $0 }.joined(separator: " ")
    }

    /// The next signal, as "seq payload".
    func signal() throws -> String? {
        guard let answer = try next() else { return nil }
        guard let seq = answer["data.callSignals.seq"], let payload = answer["data.callSignals.payload"] else {
            return answer.text
        }
        return "\(seq) \(payload)"
    }
}
