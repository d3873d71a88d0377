package import Data
package import PostgresClient

/// What happens in a team, as its topic and those of its people tell it. Events name things by their ids: what a listener
/// gets to see of them is read when it is told, as that listener.
extension NewEvent {
    package static func teamTopic(_ team: UUID) -> String { "team:\(team)" }

    static func teamChanged(_ team: UUID, by actor: UUID) -> NewEvent {
        NewEvent(topic: teamTopic(team), kind: "TeamChanged", payload: JSONText("{}"), actor: actor)
    }

    /// That somebody came, went, or is something else now. They hear of it themselves.
    static func teamMember(_ user: UUID, of team: UUID, by actor: UUID) -> [NewEvent] {
        [
            NewEvent(
                topic: teamTopic(team),
                kind: "TeamMemberChanged",
                payload: JSONText(#"{"user":"\#(user)"}"#),
                actor: actor
            ),
            NewEvent(
                topic: userTopic(user),
                kind: "TeamMembershipChanged",
                payload: JSONText(#"{"team":"\#(team)"}"#),
                actor: actor
            ),
        ]
    }

    /// That the team is there no more, or there again: who listens is held against that, and its people hear of it
    /// themselves.
    static func team(_ team: UUID, isThere: Bool, _ members: [UUID], by actor: UUID) -> [NewEvent] {
        let kind = isThere ? "TeamChanged" : "TeamDeleted"
        let payload = JSONText(#"{"team":"\#(team)"}"#)
        return [NewEvent(topic: teamTopic(team), kind: kind, payload: JSONText("{}"), actor: actor)]
            + members.map {
                NewEvent(topic: userTopic($0), kind: "TeamMembershipChanged", payload: payload, actor: actor)
            }
    }

    /// For those who may invite.
    static func teamInvite(_ invite: UUID, of team: UUID, by actor: UUID) -> NewEvent {
        NewEvent(
            topic: teamTopic(team),
            kind: "TeamInviteChanged",
            payload: JSONText(#"{"invite":"\#(invite)"}"#),
            actor: actor
        )
    }
}

extension TeamWork {
    /// Events go last, with COMMIT: their topics are held no longer than that takes.
    func tell(_ events: [NewEvent], in transaction: Transaction) {
        transaction.appendLastly(events, waking: services.database.events)
    }

    /// The same with what somebody finds in their list.
    func tell(
        _ events: [NewEvent],
        _ notifications: [NewNotification],
        in transaction: Transaction
    ) async throws {
        let told = try await Notify(services).write(notifications, in: transaction)
        tell(events + told, in: transaction)
    }
}

extension NewNotification {
    /// Mailed with its link by itself.
    static func teamInvite(_ invite: TeamInviteRow, to user: UUID, by actor: UserRow) -> NewNotification {
        NewNotification(
            .teamInvite,
            to: [user],
            title: "\(actor.name) invites you to the team “\(invite.teamName)”",
            body: "",
            german: NotificationWords("\(actor.name) lädt Sie in das Team „\(invite.teamName)“ ein"),
            actor: actor.id,
            subject: (prefix: "tinv", id: invite.id),
            repetition: .once("team.invite:\(invite.id)")
        )
    }

    /// - Parameter role: what they are in the team now; nil for those who are not in it any more.
    static func teamMembership(_ user: UUID, _ role: TeamRole?, in team: TeamRow, by actor: UUID) -> NewNotification {
        let (title, german) =
            switch role {
            case nil:
                (
                    "You do not belong to the team “\(team.name)” any more",
                    "Sie gehören dem Team „\(team.name)“ nicht mehr an"
                )
            case .owner: ("The team “\(team.name)” is yours now", "Das Team „\(team.name)“ gehört jetzt Ihnen")
            case .some(let role):
                (
                    "You are \(role.rawValue.lowercased()) of the team “\(team.name)” now",
                    "Ihre Rolle im Team „\(team.name)“ ist jetzt \(role.german)"
                )
            }
        return NewNotification(
            .teamMembership,
            to: [user],
            title: title,
            body: "",
            german: NotificationWords(german),
            actor: actor,
            subject: (prefix: "team", id: team.id),
            repetition: role.repetition(in: team.id)
        )
    }
}

extension TeamRole? {
    /// Who is added and removed by turns finds one of either, and gets one mail of either. To whom it belongs is told each
    /// time.
    fileprivate func repetition(in team: UUID) -> NewNotification.Repetition {
        switch self {
        case .owner: .each
        case nil: .thread("team.membership:\(team):out")
        case .guest, .member, .billing, .admin: .thread("team.membership:\(team)")
        }
    }
}

extension TeamRole {
    fileprivate var german: String {
        switch self {
        case .owner: "Eigentum"
        case .admin: "Verwaltung"
        case .billing: "Abrechnung"
        case .member: "Mitglied"
        case .guest: "Gast"
        }
    }
}
