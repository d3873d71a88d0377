package import Data
package import PostgresClient

/// Has something told to many, now or later; a job does it.
package struct BroadcastCreate {
    package struct Input: Sendable {
        package let title: String
        package let body: String
        /// By what it is to be brought. What is not in the list is nowhere.
        package let channels: Set<NotificationKind.Channel>
        package let audience: BroadcastAudience
        /// Nil for at once.
        package let sendAt: Timestamp?

        package init(
            title: String,
            body: String,
            channels: Set<NotificationKind.Channel>,
            audience: BroadcastAudience,
            sendAt: Timestamp?
        ) {
            self.channels = channels
            self.title = VisibleText.trimmed(title)
            self.body = VisibleText.trimmed(body)
            self.audience = audience
            self.sendAt = sendAt
        }
    }

    private let work: BroadcastWork

    package init(_ services: IdentityServices, _ principal: Principal, from client: ClientInfo) {
        work = BroadcastWork(services: services, principal: principal, client: client)
    }

    package func run(_ input: Input) async throws -> Result<BroadcastRow, BroadcastFaults> {
        let (services, user) = (work.services, work.principal.user.id)
        let now = services.now
        if let faults = BroadcastFaults(faults(of: input, at: now)) { return .failure(faults) }
        let broadcast = NewBroadcast(
            id: services.newID(),
            title: input.title,
            body: input.body,
            channels: NotificationKind.Channel.allCases.filter(input.channels.contains).map(\.rawValue),
            audience: input.audience,
            sendAt: input.sendAt,
            createdBy: user,
            createdAt: now
        )
        var job = NewJob(BroadcastSend.jobName, payload: JSONText("\"\(broadcast.id)\""))
        job.uniqueKey = broadcast.id.description
        job.runAt = input.sendAt
        job.ownerID = user
        job.maximumAttempts = BroadcastSend.maximumAttempts
        let added = job
        return try await work.audited("broadcast.create", broadcast.id) { transaction in
            if case .team(let team) = input.audience {
                guard try await transaction.hasTeam(team) else {
                    let path = ["input", "audience", "teamId"]
                    throw BroadcastFaults(.notFound(path))
                }
            }
            try await transaction.insert(broadcast)
            let ids = try await transaction.enqueue([added], waking: services.database.worker)
            guard let job = ids.first else { throw PostgresError.rowCount(0) }
            try await transaction.setJob(job, ofBroadcast: broadcast.id)
            guard let row = try await transaction.broadcasts([broadcast.id]).first else {
                throw PostgresError.rowCount(0)
            }
            return row
        }
    }

    private func faults(of input: Input, at now: Timestamp) -> [BroadcastFault] {
        var faults: [BroadcastFault] = []
        func refuse(_ field: String, _ rule: String) {
            faults.append(.invalid(field, rule))
        }
        if !(1...200).contains(input.title.unicodeScalars.count) || !VisibleText.isLine(input.title) {
            refuse("title", "Must have from 1 to 200 characters, all of them visible.")
        }
        if !(1...5_000).contains(input.body.unicodeScalars.count) || !VisibleText.isText(input.body) {
            refuse("body", "Must have from 1 to 5,000 characters.")
        }
        if let time = input.sendAt {
            let ahead = time.microseconds.subtractingReportingOverflow(now.microseconds)
            if ahead.overflow || !(1...31_622_400_000_000).contains(ahead.partialValue) {
                refuse("sendAt", "Must be within a year from now.")
            }
        }
        if !input.channels.contains(.inApp) { refuse("channels", "Must have IN_APP: what is not there is nowhere.") }
        if case .roles(let roles) = input.audience, roles.isEmpty { refuse("audience", "Must have a role.") }
        return faults
    }
}
