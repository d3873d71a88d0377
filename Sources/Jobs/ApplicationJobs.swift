package import Actions
package import Data

extension JobCatalog {
    /// All jobs of the application: every module adds its own kinds.
    ///
    /// - Parameter tellSeal: hears of the last seal of the audit log each time it was verified.
    package static func application(
        _ database: Database,
        identity: IdentityServices,
        files: FileServices,
        mails: MailServices,
        push: PushServices?,
        chat options: ChatOptions,
        tellSeal: @escaping @Sendable (String) -> Void = { _ in }
    ) -> JobCatalog {
        let services = ChatServices(identity, options)
        return JobCatalog(
            maintenance(database) + audit(database, tellSeal) + accounts(identity) + calls(services) + chat(services)
                + notifications(identity, push)
                + [fileSweep(files), mailDelivery(identity, mails), mailPurge(identity, mails)]
        )
    }

    /// What keeps tables small. Each may run twice.
    private static func maintenance(_ database: Database) -> [JobKind] {
        [
            JobKind(every: JobSchedule("maintenance.partitions", everySeconds: 21_600)) { _ in
                try await database.pool.makeEventPartitions()
            },
            JobKind(every: JobSchedule("maintenance.purge", everySeconds: 3_600, offsetSeconds: 600)) { _ in
                try await database.pool.dropOldEvents()
                _ = try await database.pool.removeExpiredRows()
            },
        ]
    }

    private static func audit(_ database: Database, _ tellSeal: @escaping @Sendable (String) -> Void) -> [JobKind] {
        [
            JobKind(every: JobSchedule("audit.seal", everySeconds: 60)) { _ in try await AuditUpkeep(database).seal() },
            JobKind(every: JobSchedule("audit.verify", everySeconds: 86_400, offsetSeconds: 9_000)) { _ in
                if let seal = try await AuditUpkeep(database).verify() { tellSeal(seal) }
            },
        ]
    }

    private static func accounts(_ identity: IdentityServices) -> [JobKind] {
        [
            JobKind(every: JobSchedule("accounts.reinstate", everySeconds: 60)) { _ in
                try await SuspensionEnd(identity).run()
            },
            JobKind(every: JobSchedule("privacy.erase", everySeconds: 3_600, offsetSeconds: 1_800)) { _ in
                try await AccountErase(identity).run()
            },
        ]
    }

    /// When a call has rung for as long as it may, and every half minute for those whose people are gone.
    private static func calls(_ services: ChatServices) -> [JobKind] {
        let sweep = CallSweep(services)
        return [
            JobKind("calls.ring") { _ in try await sweep.run() },
            JobKind(every: JobSchedule("calls.sweep", everySeconds: 30)) { _ in try await sweep.run() },
        ]
    }

    /// Who is told of messages, messages whose time has come, and what is left of rooms that were deleted: a minute later,
    /// and each hour.
    private static func chat(_ services: ChatServices) -> [JobKind] {
        let (sweep, scheduled) = (RoomSweep(services.identity), ScheduledSend(services))
        return [
            JobKind(ScheduledSend.job) { try await scheduled.run($0) },
            JobKind(MessageNotices.job) { try await MessageNotices(services.identity).run($0) },
            JobKind(RoomSweep.job) { _ in try await sweep.run() },
            JobKind(every: JobSchedule("chat.sweep", everySeconds: 3_600, offsetSeconds: 1_800)) { _ in
                try await scheduled.sweep()
                try await sweep.run()
            },
        ]
    }

    /// What is told in the list, brought by mail and push; without a service for pushes none are sent.
    private static func notifications(_ identity: IdentityServices, _ push: PushServices?) -> [JobKind] {
        let kinds = [
            JobKind(BroadcastSend.jobName) { try await BroadcastSend(identity).run($0) },
            JobKind(NotificationDelivery.job) { try await NotificationDelivery(identity, push).run($0) },
            JobKind(every: JobSchedule("notifications.digest", everySeconds: 3_600, offsetSeconds: 60)) { _ in
                try await NotificationDigest(identity).run()
            },
            JobKind(every: JobSchedule("notifications.purge", everySeconds: 86_400, offsetSeconds: 4_200)) { _ in
                try await NotificationPurge(identity).run()
            },
        ]
        guard let push else { return kinds }
        return kinds + [JobKind(PushDelivery.job) { try await PushDelivery(identity, push).run($0) }]
    }

    private static func fileSweep(_ files: FileServices) -> JobKind {
        JobKind(every: JobSchedule("files.sweep", everySeconds: 3_600, offsetSeconds: 1_200)) { _ in
            try await FileSweep(files).run()
        }
    }

    private static func mailDelivery(_ identity: IdentityServices, _ mails: MailServices) -> JobKind {
        JobKind(MailOutbox.job) { try await MailDelivery(identity, mails).run($0) }
    }

    private static func mailPurge(_ identity: IdentityServices, _ mails: MailServices) -> JobKind {
        JobKind(every: JobSchedule("mail.purge", everySeconds: 86_400, offsetSeconds: 5_400)) { _ in
            try await MailPurge(identity, keptDays: mails.keptDays).run()
        }
    }
}
