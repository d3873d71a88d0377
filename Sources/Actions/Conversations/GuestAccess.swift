internal import Credentials
package import Data
package import PostgresClient

/// Lets somebody without an account into one conversation, by a token that only they get.
package struct GuestAccess {
    /// Which party of a conversation the guest is.
    package enum Party: Sendable {
        case vendor(UUID)
        case seller(UUID)
    }

    private let work: ChatWork

    package init(_ services: ChatServices, _ principal: Principal, from client: ClientInfo) {
        work = ChatWork(services: services, principal: principal, client: client)
    }

    /// By the conversation's owner. A link that the party had before ends.
    ///
    /// - Parameter byMail: sends the link to the party; its token is made when that is done, and told to nobody else.
    package func invite(
        _ party: Party,
        to conversation: UUID,
        days: Int,
        byMail: Bool
    ) async throws -> Result<(link: GuestLinkRow, token: String?), ChatFaults> {
        let work = work
        let most = work.services.options.guestLinkDays
        guard (1...most).contains(days) else {
            let message = "Give it from 1 to \(most) days."
            return .failure(ChatFaults(.invalidInput, ["input", "days"], message))
        }
        try await work.services.identity.limit("guest_invite", by: work.user.description, 20, perSeconds: 3_600)
        let token = OpaqueToken.random(.guestLink)
        return try await work.audited("conversation.guest_invite", on: conversation.conversation) { transaction in
            let path = ["input", "conversationId"]
            _ = try await work.ownConversation(conversation, path, in: transaction)
            let party = try await self.find(party, in: transaction)
            guard party.conversationID == conversation else {
                throw ChatFaults(.invalidInput, path, "This is a party of another conversation.")
            }
            guard party.userID == nil else {
                let message = "They take part with their account."
                throw ChatFaults(.invalidInput, path, message)
            }
            if byMail, party.email == nil {
                throw ChatFaults(.invalidInput, ["input", "byMail"], "The party has no address.")
            }
            let guest = party.guestID ?? work.newID()
            if party.guestID == nil {
                try await transaction.insertGuest(guest, name: party.name, email: party.email, for: party)
            }
            let link = NewGuestLink(
                id: work.newID(),
                conversationID: conversation,
                guestID: guest,
                tokenHash: token.hash,
                invitedBy: work.user,
                expiresAt: Timestamp(microseconds: work.now.microseconds + Int64(days) * 86_400_000_000)
            )
            let row = try await transaction.insert(link)
            if byMail, let address = party.email {
                let mail = NewMail.guestLink(row.id, to: address)
                try await MailOutbox(work.services.identity).add(mail, in: transaction)
            }
            try await work.changed(conversation, in: transaction)
            return (row, byMail ? nil : token.text)
        }
    }

    /// Ends a link: whoever has its token is told no more, and may say nothing.
    package func revoke(_ id: UUID) async throws -> Result<RoomRow, ChatFaults> {
        let work = work
        let resource = NewAuditEntry.Resource(type: "GuestLink", id: GlobalID.text("guest", id))
        return try await work.audited("conversation.guest_revoke", on: resource) { transaction in
            guard let link = try await transaction.guestLink(id) else { throw ChatFaults(.notFound(["id"])) }
            _ = try await work.ownConversation(link.conversationID, ["id"], in: transaction)
            guard link.revokedAt == nil else { throw ChatFaults(.notFound(["id"])) }
            try await transaction.endLinks(ofGuest: link.guestID)
            try await work.changed(link.conversationID, in: transaction)
            return try await work.conversation(link.conversationID, ["id"], in: transaction)
        }
    }

    private func find(_ party: Party, in transaction: Transaction) async throws -> ConversationParty {
        switch party {
        case .vendor(let id):
            guard let row = try await transaction.vendors([id], visibleTo: work.user).first else {
                throw ChatFaults(.notFound(["input", "vendorId"]))
            }
            return .vendor(row)
        case .seller(let id):
            guard let row = try await transaction.sellers([id], visibleTo: work.user).first else {
                throw ChatFaults(.notFound(["input", "sellerId"]))
            }
            return .seller(row)
        }
    }
}

extension IdentityServices {
    /// The guest whose token this is, while their link is good. Always asked of the database: a link that was taken back
    /// is of no use from that moment on.
    package func guest(token text: String) async throws -> GuestLinkRow? {
        guard let token = OpaqueToken(text, .guestLink) else { return nil }
        return try await database.session.guestLink(tokenHash: token.hash)
    }
}
