internal import Data
internal import PostgresClient

extension ChatText {
    /// The user names that a text speaks of as `@name`, each once, in their order.
    static func mentions(in body: String, most: Int) -> [String] {
        var names: [String] = []
        var name: [UInt8]?
        var before: UInt8 = 0x20

        func end() {
            // A name does not end as a sentence does.
            while let last = name?.last, [0x2e, 0x2d].contains(last) { name?.removeLast() }
            if let found = name.map({ String(decoding: $0, as: UTF8.self) }), !found.isEmpty, !names.contains(found) {
                names.append(found)
            }
            name = nil
        }

        for byte in body.utf8 {
            if name != nil {
                if isNameByte(byte) { name?.append(byte) } else { end() }
            }
            // An address has something before its sign.
            if byte == 0x40, !isNameByte(before) { name = [] }
            before = byte
            if names.count >= most { return names }
        }
        end()
        return names
    }

    /// Letters, digits, and what stands between them in user names.
    private static func isNameByte(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x7a).contains(byte | 0x20) || [0x2e, 0x2d, 0x5f].contains(byte)
    }
}

extension ChatWork {
    /// Notes who an edited message speaks of, of those who see its room; what is to be told to those who were not spoken of
    /// before.
    func mention(_ message: MessageRow, in transaction: Transaction) async throws -> [NewEvent] {
        let names = ChatText.mentions(in: message.body, most: services.options.mentionsPerMessage)
        let people =
            names.isEmpty ? [] : try await transaction.people(named: names, seeing: message.roomID, by: user)
        let added = try await transaction.setMentions(people.filter { $0 != user }, in: message)
        return try await tell(added, ofMessage: message.id, in: message.roomID, transaction)
    }

    /// What is to be told to people of whom a message speaks.
    func tell(
        _ people: [UUID],
        ofMessage message: UUID,
        in room: UUID,
        _ transaction: Transaction
    ) async throws -> [NewEvent] {
        guard !people.isEmpty else { return [] }
        // What the message says and where it stands is asked for by those who see it still.
        let note = NewNotification(
            .mention,
            to: people,
            title: "\(visitor.name) wrote of you",
            body: "",
            german: NotificationWords("\(visitor.germanName) hat Sie erwähnt"),
            actor: visitor.isGuest ? nil : user,
            subject: (prefix: "msg", id: message),
            room: room,
            repetition: .thread("mention:\(room)")
        )
        return try await Notify(services.identity).write([note], in: transaction)
    }
}
