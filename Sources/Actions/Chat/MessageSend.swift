package import Data
package import PostgresClient

/// Writes a message to a room, exactly once for each nonce of its author.
package struct MessageSend {
    package struct Input: Sendable {
        package let roomID: UUID
        package let body: String
        package let replyToID: UUID?
        /// A message of the thread it is for.
        package let threadID: UUID?
        package let attachments: [Attachment]
        package let nonce: String?

        package struct Attachment: Sendable {
            package let file: UUID
            package let caption: String

            package init(file: UUID, caption: String) {
                self.file = file
                self.caption = caption
            }
        }

        package init(
            roomID: UUID,
            body: String,
            replyToID: UUID? = nil,
            threadID: UUID? = nil,
            attachments: [Attachment] = [],
            nonce: String? = nil
        ) {
            self.roomID = roomID
            self.body = body
            self.replyToID = replyToID
            self.threadID = threadID
            self.attachments = attachments
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
        let least = input.attachments.isEmpty ? 1 : 0
        let body = ChatText.text(input.body, least...options.messageLength, ["input", "body"], &faults)
        let captions = input.attachments.map { ChatText.line($0.caption, 0...200, ["input", "attachments"], &faults) }
        let files = input.attachments.map(\.file)
        if files.count > options.attachmentsPerMessage || Set(files).count < files.count {
            let message = "Give it at most \(options.attachmentsPerMessage) different files."
            faults.append(ChatFault(.invalidInput, ["input", "attachments"], message))
        }
        if let nonce = input.nonce, !(8...64).contains(nonce.unicodeScalars.count) || !VisibleText.isLine(nonce) {
            let message = "Give it from 8 to 64 visible characters."
            faults.append(ChatFault(.invalidInput, ["input", "nonce"], message))
        }
        if let faults = ChatFaults(faults) { return .failure(faults) }
        let id = work.newID()
        if !work.visitor.isGuest { work.services.database.events.presence.noteActivity(of: work.user) }
        return try await work.transaction { transaction in
            let path = ["input", "roomId"]
            guard let room = try await transaction.rooms([input.roomID], visibleTo: work.user).first else {
                throw ChatFaults(.notFound(path))
            }
            guard room.acceptsMessages else { throw ChatFaults(.forbidden(path)) }
            // From here on nobody else writes to the room: numbers have no gaps, and a nonce is looked for before it is
            // taken.
            guard let gate = try await transaction.lockRoom(room.id, for: work.user) else {
                throw ChatFaults(.notFound(path))
            }
            if let nonce = input.nonce,
                let sent = try await transaction.message(sentBy: work.user, to: room.id, nonce: nonce)
            {
                return sent
            }
            guard gate.isOpen else { throw ChatFaults(ChatFault(.roomArchived, path, "The room is archived.")) }
            if let fault = work.hindrance(gate, room, path) { throw ChatFaults(fault) }
            if let target = input.replyToID, try await !transaction.hasMessage(target, in: room.id) {
                throw ChatFaults(.notFound(["input", "replyToId"]))
            }
            var root: UUID?
            if let thread = input.threadID {
                root = try await transaction.threadRoot(of: thread, in: room.id)
                if root == nil { throw ChatFaults(.notFound(["input", "threadId"])) }
            }
            if !files.isEmpty {
                let locked = try await transaction.lockFiles(files, attachedBy: work.user)
                guard locked.count == files.count else { throw ChatFaults(.notFound(["input", "attachments"])) }
            }
            let key = "message_send:\(work.user)"
            let size = options.messagesPerMinute
            if let wait = try await transaction.takeFromBucket(key, size: size, windowSeconds: 60) {
                throw TooManyRequests(retryAfterSeconds: max(1, Int(wait.rounded(.up))))
            }
            let message = NewMessage(
                id: id,
                roomID: room.id,
                authorID: work.user,
                isOfGuest: work.visitor.isGuest,
                body: body,
                replyToID: input.replyToID,
                threadRootID: root,
                nonce: input.nonce
            )
            let row = try await transaction.insert(message)
            if !files.isEmpty { try await transaction.attach(files, captions: captions, to: id) }
            // Whoever writes has read what was there.
            _ = try await transaction.setRead(room, by: work.user, upTo: row.seq)
            if gate.slowModeSeconds > 0 {
                try await transaction.notePost(in: room.id, by: work.user, at: work.now)
            }
            let mentions = try await work.mention(row, in: transaction)
            try await work.tell([.message("MessageCreated", row, by: work.user)] + mentions, in: transaction)
            return row
        }
    }
}

extension ChatWork {
    /// Whether somebody has to wait before they write. Those who moderate never do.
    fileprivate func hindrance(_ gate: RoomGate, _ room: RoomRow, _ path: [String]) -> ChatFault? {
        guard !room.isModerated else { return nil }
        if let until = gate.timedOutUntil, until.microseconds > now.microseconds {
            return ChatFault(.timedOut, path, "You may not write here for a while.")
        }
        guard gate.slowModeSeconds > 0, let last = gate.lastPostedAt else { return nil }
        let left = last.microseconds + Int64(gate.slowModeSeconds) * 1_000_000 - now.microseconds
        guard left > 0 else { return nil }
        return ChatFault(.slowMode, path, "Wait for \((left + 999_999) / 1_000_000) seconds.")
    }
}
