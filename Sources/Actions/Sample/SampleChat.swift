internal import Data
internal import PostgresClient

/// Two groups with channels, a room of two, and what was said there.
struct SampleChat: SamplePart {
    private struct Channel {
        let name: String
        var kind = "TEXT"
        var topic = ""
        /// Who is in it, where it is private.
        var insiders: [String]?
        let messages: [(author: String, text: String)]
    }

    private struct Group {
        let slug: String
        let name: String
        let description: String
        let visibility: String
        let owner: String
        let members: [(username: String, role: String)]
        let channels: [Channel]
    }

    private static let groups = [
        Group(
            slug: "harbour-days",
            name: "Harbour Days",
            description: "The festival at the harbour: who does what, and where the cables are.",
            visibility: "PUBLIC",
            owner: "tomas",
            members: [("elif", "ADMIN"), ("noor", "MODERATOR"), ("samuel", "MEMBER"), ("aiko", "MEMBER")],
            channels: [
                Channel(
                    name: "general",
                    topic: "Everything that has no place of its own",
                    messages: [
                        ("tomas", "The pier is ours from Thursday, 8 in the morning."),
                        ("aiko", "Our boats can carry the lamps. How heavy are they?"),
                        ("noor", "Eleven kilos each, and there are **forty** of them."),
                        ("samuel", "@aiko then two trips. I bring coffee."),
                    ]
                ),
                Channel(
                    name: "news",
                    kind: "ANNOUNCEMENT",
                    messages: [("elif", "The harbour master has signed. We may light the crane.")]
                ),
                Channel(
                    name: "money",
                    insiders: ["tomas", "elif"],
                    messages: [("elif", "We are 400 over, mostly cable. I ask the city.")]
                ),
            ]
        ),
        Group(
            slug: "evening-school",
            name: "Evening School",
            description: "Lessons after work, by those who know for those who want to.",
            visibility: "REQUEST_TO_JOIN",
            owner: "mara",
            members: [("jonas", "ADMIN"), ("priya", "MODERATOR"), ("hannah", "MEMBER")],
            channels: [
                Channel(
                    name: "general",
                    messages: [
                        ("mara", "Room 4 has heating again."), ("hannah", "Then I teach without gloves tonight."),
                    ]
                )
            ]
        ),
    ]

    private static let whispers: [(author: String, text: String)] = [
        ("mara", "Did the copies come through?"), ("jonas", "Since Tuesday, every night. Restored one to be sure."),
    ]

    func add(to world: SampleWorld, in transaction: Transaction) async throws {
        for group in Self.groups { try await add(group, to: world, in: transaction) }
        let people = [world.user("mara"), world.user("jonas")].sorted()
        let key = people.map(\.description).joined(separator: ",")
        let room = try await transaction.openDirectRoom(world.id("room/mara-jonas"), key: key)
        guard room.isNew else { return }
        _ = try await transaction.addRoomMembers(people, to: room.id)
        try await say(Self.whispers, in: room.id, "mara-jonas", world, transaction)
    }

    private func add(_ group: Group, to world: SampleWorld, in transaction: Transaction) async throws {
        let id = world.id("group/" + group.slug)
        let new = NewGroup(
            id: id,
            name: group.name,
            slug: group.slug,
            description: group.description,
            visibility: group.visibility,
            createdBy: world.user(group.owner)
        )
        // What was changed since is left as it is.
        guard try await transaction.insert(new) else { return }
        for member in [(username: group.owner, role: "OWNER")] + group.members {
            _ = try await transaction.addGroupMembers([world.user(member.username)], to: id, role: member.role)
        }
        for channel in group.channels {
            let room = NewChannel(
                id: world.id("channel/\(group.slug)/\(channel.name)"),
                groupID: id,
                name: channel.name,
                kind: channel.kind,
                topic: channel.topic,
                isPrivate: channel.insiders != nil,
                createdBy: world.user(group.owner)
            )
            guard try await transaction.insert(room) else { continue }
            if let insiders = channel.insiders {
                _ = try await transaction.addRoomMembers(insiders.map(world.user).sorted(), to: room.id)
            }
            try await say(channel.messages, in: room.id, "\(group.slug)/\(channel.name)", world, transaction)
        }
    }

    private func say(
        _ messages: [(author: String, text: String)],
        in room: UUID,
        _ name: String,
        _ world: SampleWorld,
        _ transaction: Transaction
    ) async throws {
        for (index, message) in messages.enumerated() {
            let new = NewMessage(
                id: world.id("message/\(name)/\(index)"),
                roomID: room,
                authorID: world.user(message.author),
                body: message.text,
                replyToID: nil,
                nonce: nil
            )
            _ = try await transaction.insert(new)
        }
    }
}
