package import Data
package import PostgresClient

/// Writes a message to a room, exactly once for each nonce of its author.
package struct MessageSend {
    package struct Input: Sendable {
        package let roomID: UUID
        package let body: String
        package let replyToID: UUID?
        package let nonce: String?

        package init(roomID: UUID, body: String, replyToID: UUID?, nonce: String?) {
            self.roomID = roomID
            self.body = body
            self.replyToID = replyToID
            self.nonce = nonce
        }
    }

    private let work: ChatWork

    package init(_ services: ChatServices, _ visitor: Visitor, from client: ClientInfo) {
        work = ChatWork(services: services, visitor: visitor, client: client)
    }

    package func run(_ input: Input) async throws -> Result<MessageRow, ChatFaults> {
        let work = work
        let options = work.services.options
        var faults: [ChatFault] = []
        let body = ChatText.text(input.body, 1...options.messageLength, ["input", "body"], &faults)
        if let nonce = input.nonce, !(8...64).contains(nonce.unicodeScalars.count) || !VisibleText.isLine(nonce) {
            let message = "Give it from 8 to 64 visible characters."
            faults.append(ChatFault(.invalidInput, ["input", "nonce"], message))
        }
        if let faults = ChatFaults(faults) { return .failure(faults) }
        let message = NewMessage(
            id: work.newID(),
            roomID: input.roomID,
            authorID: work.user,
            isOfGuest: work.visitor.isGuest,
            body: body,
            replyToID: input.replyToID,
            nonce: input.nonce
        )
        return try await work.transaction { transaction in
            let path = ["input", "roomId"]
            guard let room = try await transaction.rooms([input.roomID], visibleTo: work.user).first else {
                throw ChatFaults(.notFound(path))
            }
            guard room.acceptsMessages else { throw ChatFaults(.forbidden(path)) }
            // From here on nobody else writes to the room: numbers have no gaps, and a nonce is looked for before it is
            // taken.
            let isOpen = try await transaction.lockRoom(room.id)
            if let nonce = input.nonce,
                let sent = try await transaction.message(sentBy: work.user, to: room.id, nonce: nonce)
            {
                return sent
            }
            guard isOpen else { throw ChatFaults(ChatFault(.roomArchived, path, "The room is archived.")) }
            if let target = input.replyToID, try await !transaction.hasMessage(target, in: room.id) {
                throw ChatFaults(.notFound(["input", "replyToId"]))
            }
            let key = "message_send:\(work.user)"
            let size = options.messagesPerMinute
            if let wait = try await transaction.takeFromBucket(key, size: size, windowSeconds: 60) {
                throw TooManyRequests(retryAfterSeconds: max(1, Int(wait.rounded(.up))))
            }
            let row = try await transaction.insert(message)
            // Whoever writes has read what was there.
            _ = try await transaction.setRead(room, by: work.user, upTo: row.seq)
            try await work.tell([.message("MessageCreated", row, by: work.user)], in: transaction)
            return row
        }
    }
}
