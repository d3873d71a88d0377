import Foundation
import SocketTesting
import Testing

@Suite(.timeLimit(.minutes(3))) struct CallTests {
    @Test func `a call rings on every device, and the first one that answers has it`() async throws {
        try await APIServer.with { server in
            let (ida, ben) = (try server.person("ida"), try server.person("ben"))
            let room = try server.directRoom(of: [ida, ben])
            let inRoom = try LiveStream(
                server,
                """
                subscription ($id: ID!) { roomEvents(rooms: [{ roomId: $id, after: "nowhere" }]) { event { __typename
                    ... on CallChanged { call { status } } } } }
                """,
                ["id": room],
                token: ida.token
            )
            _ = try inRoom.next()
            let devices = [try server.callEvents(as: ben), try server.callEvents(as: ben)]
            let caller = try server.callEvents(as: ida)
            let call = try server.start(room, on: "ida's desk", by: ida)
            for device in devices { #expect(try device.callEvent() == "IncomingCall RINGING") }
            #expect(try caller.callEvent() == "CallChanged RINGING")
            // Again on the same device is the same call.
            #expect(try server.start(room, on: "ida's desk", by: ida) == call)
            let active = "query ($id: ID!) { room(id: $id) { activeCall { id status } } }"
            #expect(try server.ask(active, ["id": room], token: ben.token)["data.room.activeCall.id"] == call)
            let sockets = try (0..<6).map { _ in try server.socket() }
            let query =
                "mutation ($id: ID!, $d: String!) { callAnswer(callId: $id, deviceId: $d) { call { id } userErrors { code } } }"
            for (number, socket) in sockets.enumerated() {
                try socket.send(server.request(query, ["id": call, "d": "device \(number)"], token: ben.token))
            }
            let answers = try sockets.map { try APIAnswer(from: $0) }
            #expect(answers.filter { $0["data.callAnswer.call.id"] == call }.count == 1)
            #expect(
                answers.flatMap { $0.codes("callAnswer") } == Array(repeating: "INVALID_TRANSITION", count: 5)
            )
            let winner = try #require(answers.firstIndex { $0["data.callAnswer.call.id"] == call })
            for device in devices {
                let told = try #require(try device.next())
                #expect(told["data.callEvents.call.status"] == "ACTIVE")
                #expect(told["data.callEvents.call.participants.1.deviceId"] == "device \(winner)")
            }
            server.pass(seconds: 3)
            let ended = try server.askHangup(call, by: ben)
            #expect(ended["data.callHangup.call.status"] == "ENDED", "\(ended.text)")
            #expect(ended["data.callHangup.call.endReason"] == "HANGUP")
            #expect(ended["data.callHangup.call.durationSeconds"] == "3")
            #expect(ended["data.callHangup.call.participants.0.state"] == "LEFT")
            #expect(try caller.callEvent() == "CallChanged ACTIVE")
            #expect(try caller.callEvent() == "CallChanged ENDED")
            for status in ["RINGING", "ACTIVE", "ENDED"] {
                #expect(try inRoom.next()?["data.roomEvents.event.call.status"] == status)
            }
            #expect(try server.askHangup(call, by: ida).codes("callHangup") == ["CALL_ENDED"])
            #expect(try server.askAnswer(call, on: "late", by: ben).codes("callAnswer") == ["CALL_ENDED"])
            let history =
                "{ viewer { calls { totalCount nodes { id status room { id } } } missed: calls(statuses: [MISSED]) { totalCount } } }"
            for person in [ida, ben] {
                let answer = try server.ask(history, token: person.token)
                #expect(answer["data.viewer.calls.nodes.0.id"] == call, "\(answer.text)")
                #expect(answer["data.viewer.calls.nodes.0.room.id"] == room)
                #expect(answer["data.viewer.calls.totalCount"] == "1")
                #expect(answer["data.viewer.missed.totalCount"] == "0")
            }
        }
    }

    @Test func `two who call each other at once speak in one call`() async throws {
        try await APIServer.with { server in
            let other = try await APIServer(beside: server)
            do {
                for round in 0..<4 {
                    let (ida, ben) = (try server.person("ida\(round)"), try server.person("ben\(round)"))
                    let room = try server.directRoom(of: [ida, ben])
                    // Each through a process of their own.
                    let sockets = [try server.socket(), try other.socket()]
                    for (socket, person) in zip(sockets, [ida, ben]) {
                        let (query, variables) = APIServer.startRequest(room, person.name)
                        try socket.send(server.request(query, variables, token: person.token))
                    }
                    let answers = try sockets.map { try APIAnswer(from: $0) }
                    #expect(Set(answers.map { $0["data.callStart.call.id"] }).count == 1, "\(answers.map(\.text))")
                    let call = try #require(answers[0]["data.callStart.call.id"], "\(answers[0].text)")
                    let seen = try other.state(of: call, as: ida)
                    #expect(seen["data.call.status"] == "ACTIVE")
                    #expect(seen["data.call.participants.0.state"] == "JOINED")
                    #expect(seen["data.call.participants.1.state"] == "JOINED")
                }
                #expect(try server.sql("SELECT count(*) FROM calls") == "4")
            } catch {
                await other.stop()
                throw error
            }
            await other.stop()
        }
    }

    @Test func `a call that nobody takes is missed, declined or taken back`() async throws {
        try await APIServer.with { server in
            let (ida, ben) = (try server.person("ida"), try server.person("ben"))
            let room = try server.directRoom(of: [ida, ben])
            let missed = try server.start(room, on: "a", by: ida)
            try await server.sweepCalls()
            #expect(try server.state(of: missed, as: ben)["data.call.status"] == "RINGING")
            let stream = try server.callEvents(as: ben)
            server.pass(seconds: 46)
            try await server.sweepCalls()
            #expect(try stream.callEvent() == "CallChanged MISSED")
            let answer = try server.state(of: missed, as: ben)
            #expect(answer["data.call.endReason"] == "TIMEOUT")
            #expect(answer["data.call.participants.1.state"] == "MISSED")
            #expect(try server.askAnswer(missed, on: "b", by: ben).codes("callAnswer") == ["CALL_ENDED"])
            // Where no job runs, whoever calls next finds out.
            let forgotten = try server.start(room, on: "a", by: ida)
            server.pass(seconds: 46)
            let next = try server.start(room, on: "a", by: ida)
            #expect(next != forgotten)
            #expect(try server.state(of: forgotten, as: ben)["data.call.status"] == "MISSED")
            let declined = try server.askDecline(next, by: ben)
            #expect(declined["data.callDecline.call.status"] == "DECLINED", "\(declined.text)")
            #expect(try server.askDecline(next, by: ben).codes("callDecline") == ["CALL_ENDED"])
            let busy = try server.start(room, on: "a", by: ida)
            #expect(try server.askDecline(busy, by: ida).codes("callDecline") == ["INVALID_TRANSITION"])
            #expect(try server.askHangup(busy, by: ben).codes("callHangup") == ["INVALID_TRANSITION"])
            #expect(try server.askDecline(busy, busy: true, by: ben)["data.callDecline.call.status"] == "BUSY")
            let cancelled = try server.start(room, on: "a", by: ida)
            #expect(try server.askHangup(cancelled, by: ida)["data.callHangup.call.status"] == "CANCELLED")
            // The state machine is the database's.
            #expect(throws: (any Error).self) { try server.sql("UPDATE calls SET status = 'ACTIVE', ended_at = NULL") }
        }
    }

    @Test func `nobody is in two calls, and calls without people end`() async throws {
        try await APIServer.with { server in
            let people = try ["ida", "ben", "eve"].map { try server.person($0) }
            let (ida, ben, eve) = (people[0], people[1], people[2])
            let (first, second) = (try server.directRoom(of: [ida, ben]), try server.directRoom(of: [eve, ben]))
            let call = try server.start(first, on: "a", by: ida)
            #expect(try server.askAnswer(call, on: "b", by: ben).codes("callAnswer") == [])
            let busy = try server.askStart(second, on: "c", by: eve)
            #expect(busy["data.callStart.call.status"] == "BUSY", "\(busy.text)")
            let third = try server.directRoom(of: [ida, eve])
            #expect(try server.askStart(third, on: "a", by: ida).codes("callStart") == ["CALL_BUSY"])
            #expect(try server.askStart(first, on: "elsewhere", by: ida).codes("callStart") == ["INVALID_TRANSITION"])
            // Ben listens, and Ida's line is dead.
            _ = try server.askHangup(call, by: ida)
            let again = try server.start(first, on: "a", by: ida)
            #expect(try server.askAnswer(again, on: "b", by: ben).codes("callAnswer") == [])
            server.pass(seconds: 50)
            let line = try server.signals(of: again, on: "b", as: ben)
            let heard = try server.askSignal("hello", in: again, to: ben, from: "a", by: ida)
            #expect(heard.codes("callSignal") == [], "\(heard.text)")
            #expect(try line.signal() == "1 hello")
            server.pass(seconds: 15)
            try await server.sweepCalls()
            let ended = try server.state(of: again, as: ben)
            #expect(ended["data.call.status"] == "ENDED", "\(ended.text)")
            #expect(ended["data.call.endReason"] == "NETWORK_FAILURE")
            #expect(try line.next() == nil)
            #expect(try server.askStart(second, on: "c", by: eve)["data.callStart.call.status"] == "RINGING")
        }
    }

    @Test func `what cannot be settled holds up no call behind it`() async throws {
        try await APIServer.with { server in
            let (ida, ben) = (try server.person("ida"), try server.person("ben"))
            let room = try server.directRoom(of: [ida, ben])
            let over = try server.start(room, on: "a", by: ida)
            #expect(try server.askHangup(over, by: ida)["data.callHangup.call.status"] == "CANCELLED")
            // Somebody on the line of a call that is over: overdue, and past settling.
            try server.sql(
                """
                UPDATE call_participants SET state = 'JOINED', alive_until = '2000-01-01'
                WHERE (call_id, user_id) IN (SELECT call_id, user_id FROM call_participants ORDER BY 1, 2 LIMIT 1)
                """
            )
            let (eve, tom) = (try server.person("eve"), try server.person("tom"))
            let rings = try server.start(try server.directRoom(of: [eve, tom]), on: "b", by: eve)
            server.pass(seconds: 46)
            try await server.sweepCalls(batch: 1)
            #expect(try server.state(of: rings, as: eve)["data.call.status"] == "MISSED")
        }
    }

    @Test func `several people speak, come and go`() async throws {
        try await APIServer.with { server in
            let people = try ["ida", "ben", "eve", "tom"].map { try server.person($0) }
            let group = try server.group(of: people)
            let answer = try server.askStart(group.general, on: "a", calling: Array(people[1...2]), by: people[0])
            let call = try #require(answer["data.callStart.call.id"], "\(answer.text)")
            #expect(answer["data.callStart.call.receiver.username"] == nil)
            // Tom was not called, and there is one call in a room.
            #expect(
                try server.askStart(group.general, on: "t", calling: [people[0]], by: people[3]).codes("callStart") == [
                    "CALL_BUSY"
                ]
            )
            #expect(try server.askAnswer(call, on: "t", by: people[3]).codes("callAnswer") == ["NOT_FOUND"])
            #expect(try server.state(of: call, as: people[3])["data.call.id"] == call)
            #expect(try server.askAnswer(call, on: "b", by: people[1]).codes("callAnswer") == [])
            #expect(try server.askDecline(call, by: people[2])["data.callDecline.call.status"] == "ACTIVE")
            let mute = """
                mutation ($in: CallMediaUpdateInput!) { callMediaUpdate(input: $in) {
                    call { participants { audioMuted } } userErrors { code } } }
                """
            let input: [String: Any] = ["callId": call, "audioMuted": true]
            let muted = try server.ask(mute, ["in": input], token: people[0].token)
            #expect(muted["data.callMediaUpdate.call.participants.0.audioMuted"] == "1", "\(muted.text)")
            #expect(
                try server.ask(mute, ["in": input], token: people[2].token).codes("callMediaUpdate") == [
                    "INVALID_TRANSITION"
                ]
            )
            // Who declined may think again, and who left may come back.
            #expect(try server.askAnswer(call, on: "e", by: people[2]).codes("callAnswer") == [])
            #expect(try server.askHangup(call, by: people[1])["data.callHangup.call.status"] == "ACTIVE")
            #expect(try server.askAnswer(call, on: "b2", by: people[1]).codes("callAnswer") == [])
            #expect(try server.askHangup(call, by: people[0])["data.callHangup.call.status"] == "ACTIVE")
            #expect(try server.askHangup(call, by: people[1])["data.callHangup.call.status"] == "ENDED")
        }
    }

    @Test func `a call is for those of its room`() async throws {
        try await APIServer.with { server in
            let (ida, ben, eve) = (try server.person("ida"), try server.person("ben"), try server.person("eve"))
            let room = try server.directRoom(of: [ida, ben])
            #expect(try server.askStart(room, on: "e", by: eve).codes("callStart") == ["NOT_FOUND"])
            #expect(try server.askStart(room, on: "a", calling: [eve], by: ida).codes("callStart") == ["NOT_FOUND"])
            #expect(try server.askStart(room, on: "a", calling: [ida], by: ida).codes("callStart") == ["INVALID_INPUT"])
            #expect(try server.askStart(room, on: " ", by: ida).codes("callStart") == ["INVALID_INPUT"])
            #expect(try server.askStart(room, on: "a\u{7}b", by: ida).codes("callStart") == ["INVALID_INPUT"])
            let call = try server.start(room, on: "a", by: ida)
            #expect(try server.state(of: call, as: eve)["data.call.id"] == nil)
            #expect(
                try server.ask("query ($id: ID!) { node(id: $id) { id } }", ["id": call], token: eve.token)[
                    "data.node.id"
                ] == nil
            )
            for codes in [
                try server.askAnswer(call, on: "e", by: eve).codes("callAnswer"),
                try server.askDecline(call, by: eve).codes("callDecline"),
                try server.askHangup(call, by: eve).codes("callHangup"),
                try server.askSignal("x", in: call, to: ben, from: "e", by: eve).codes("callSignal"),
            ] { #expect(codes == ["NOT_FOUND"]) }
            #expect(try server.signals(of: call, on: "e", as: eve).next()?.errorCode == "NOT_FOUND")
            #expect(try server.sql("SELECT count(*) FROM call_participants WHERE state = 'JOINED'") == "1")
            #expect(throws: (any Error).self) {
                try server.sql(
                    "INSERT INTO calls (room_id, kind, caller_id) SELECT room_id, kind, caller_id FROM calls"
                )
            }
        }
    }
}
