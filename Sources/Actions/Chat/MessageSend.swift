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
            faults.append(.invalid("attachments", message))
        }
        if let nonce = input.nonce, !(8...64).contains(nonce.unicodeScalars.count) || !VisibleText.isLine(nonce) {
            let message = "Give it from 8 to 64 visible characters."
            faults.append(.invalid("nonce", message))
        }
        if let faults = ChatFaults(faults) { return .failure(faults) }
        if work.visitor.isReading { work.services.database.events.presence.noteActivity(of: work.user) }
        let sending = Sending(work: work, input: input, body: body, captions: captions, id: work.newID())
        // The row is there when the transaction has happened.
        return switch try await work.transaction({ try await sending.run(in: $0) }) {
        case .success(.success(let row)): .success(try row.get())
        case .success(.failure(let faults)), .failure(let faults): .failure(faults)
        }
    }

    /// The same of a text whose form is right, as a part of something else.
    func send(_ input: Input, in transaction: Transaction) async throws {
        _ = try await Sending(work: work, input: input, body: input.body, captions: [], id: work.newID())
            .run(in: transaction).get()
    }
}

/// A message whose form is right, on its way into its room: twice to the database and back, but for what its mentions take.
private struct Sending: Sendable {
    let work: ChatWork
    let input: MessageSend.Input
    let body: String
    let captions: [String]
    let id: UUID

    private var files: [UUID] { input.attachments.map(\.file) }

    /// What is refused is committed: nothing is changed by then, but for what the attempt has cost.
    func run(in transaction: Transaction) async throws -> Result<Answer<MessageRow>, ChatFaults> {
        let (room, user, path) = (input.roomID, work.user, ["input", "roomId"])
        let names = ChatText.mentions(in: body, most: work.services.options.mentionsPerMessage)
        var asked = StatementBatch()
        // From here on nobody else writes to the room: numbers have no gaps, and a nonce is looked for before it is taken.
        asked.holdRoom(room, for: user)
        let admission = asked.admission(of: user, to: room)
        let sent = input.nonce.map { asked.message(sentBy: user, to: room, nonce: $0) }
        let target = input.replyToID.map { asked.hasMessage($0, in: room) }
        let root = input.threadID.map { asked.threadRoot(of: $0, in: room) }
        let held = files.isEmpty ? nil : asked.lockFiles(files, attachedBy: user)
        let people = names.isEmpty ? nil : asked.people(named: names, seeing: room, by: user)
        if work.visitor.isReading { asked.holdReading(of: room, by: user) }
        let noted = work.visitor.isReading ? asked.unreadNotifications(ofMessagesIn: room, of: user) : nil
        let size = work.services.options.messagesPerMinute
        let taken = asked.takeFromBucket("message_send:\(user)", size: size, windowSeconds: 60)
        try await transaction.run(asked)

        let admitted = try admission.get()
        if admitted?.room.acceptsMessages == true, let row = try sent?.get() { return .success(Answer(row)) }
        if let wait = try taken.wait() {
            throw TooManyRequests(retryAfterSeconds: max(1, Int(wait.rounded(.up))))
        }
        guard let admitted else { return .failure(ChatFaults(.notFound(path))) }
        guard admitted.room.acceptsMessages else { return .failure(ChatFaults(.forbidden(path))) }
        guard admitted.room.archivedAt == nil else {
            return .failure(ChatFaults(.roomArchived, path, "The room is archived."))
        }
        if let fault = work.block(admitted, path) ?? work.timeOut(admitted, path) ?? work.slowMode(admitted, path) {
            return .failure(ChatFaults(fault))
        }
        if let target, try !target.get() { return .failure(ChatFaults(.notFound(["input", "replyToId"]))) }
        let rootID = try root?.get()
        if root != nil, rootID == nil { return .failure(ChatFaults(.notFound(["input", "threadId"]))) }
        if let held, try held.get().count < files.count {
            return .failure(ChatFaults(.notFound(["input", "attachments"])))
        }
        let spokenOf = try people?.get().filter { $0 != user } ?? []
        let notes = try await work.tell(spokenOf, ofMessage: id, in: room, transaction)
        let read = try noted?.get() ?? []
        return .success(
            write(to: admitted, below: rootID, speakingOf: spokenOf, reading: read, notes, in: transaction)
        )
    }

    /// What is sent with COMMIT.
    private func write(
        to admitted: RoomAdmission,
        below root: UUID?,
        speakingOf people: [UUID],
        reading notifications: [UUID],
        _ notes: [NewEvent],
        in transaction: Transaction
    ) -> Answer<MessageRow> {
        let message = NewMessage(
            id: id,
            roomID: admitted.room.id,
            authorID: work.user,
            isOfGuest: work.visitor.isGuest,
            body: body,
            replyToID: input.replyToID,
            threadRootID: root,
            nonce: input.nonce
        )
        let row = transaction.lastly.insert(message)
        if !files.isEmpty { transaction.lastly.attach(files, captions: captions, to: id) }
        // Whoever writes has read what was there, and what they were told of it; whoever wrote it before may have not.
        let hasUnread = admitted.room.lastSeq > admitted.room.lastReadSeq
        if work.visitor.isReading || work.visitor.isGuest || !hasUnread {
            transaction.lastly.setReadAll(admitted.room, by: work.user, isGuest: work.visitor.isGuest)
        }
        var events = notes
        if !notifications.isEmpty {
            transaction.lastly.readNotifications(notifications, of: work.user, at: work.now)
            events.append(.changed(notifications, of: work.user))
        }
        if hasUnread, work.visitor.isReading {
            events.append(.unread(admitted.room.id, of: work.user))
        }
        if admitted.gate.slowModeSeconds > 0 {
            transaction.lastly.notePost(in: admitted.room.id, by: work.user, at: work.now)
        }
        if !people.isEmpty { transaction.lastly.mention(people, in: id) }
        if let root { transaction.lastly.follow(root, by: work.visitor.isGuest ? nil : work.user) }
        if root != nil || input.replyToID != nil || admitted.hasListeners {
            transaction.lastly.noteMessage(id)
            transaction.enqueueLastly([MessageNotices.task(id)], waking: work.services.database.worker)
        }
        let created = NewEvent.message("MessageCreated", id, in: admitted.room.id, by: work.user)
        work.tell([created] + events, in: transaction)
        return row
    }
}
