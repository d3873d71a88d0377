internal import Credentials
package import Data
package import PostgresClient

/// Has messages sent to a browser, or no more.
package struct PushSubscribe {
    package struct Input: Sendable {
        package let endpoint: String
        package let p256dh: String
        package let auth: String
        package let deviceName: String?

        package init(endpoint: String, p256dh: String, auth: String, deviceName: String?) {
            self.endpoint = endpoint
            self.p256dh = p256dh
            self.auth = auth
            self.deviceName = deviceName.map(VisibleText.trimmed)
        }
    }

    package static let subscriptionsPerUser = 20

    private let services: IdentityServices
    private let push: PushServices?
    private let principal: Principal

    package init(_ services: IdentityServices, _ push: PushServices?, _ principal: Principal) {
        self.services = services
        self.push = push
        self.principal = principal
    }

    /// Again with the same endpoint it takes the place of what was there, as browsers say it each time they begin.
    package func run(_ input: Input) async throws -> Result<PushSubscriptionRow, NotificationFaults> {
        guard let push else {
            return .failure(NotificationFaults(.forbidden, ["input"], "This server sends no pushes."))
        }
        let session = try principal.session
        var faults: [NotificationFault] = []
        if push.origin(of: input.endpoint) == nil { faults.append(.badEndpoint) }
        if let name = input.deviceName, name.unicodeScalars.count > 80 || !VisibleText.isLine(name) {
            faults.append(.invalid("deviceName", "Must have at most 80 characters, all of them visible."))
        }
        let keys = WebPushKeys(p256dh: input.p256dh, auth: input.auth)
        if keys == nil { faults.append(.badKeys) }
        if let faults = NotificationFaults(faults) { return .failure(faults) }
        guard let keys else { return .failure(NotificationFaults(.badKeys)) }
        let user = principal.user.id
        try await services.limit("push_subscribe", by: user.description, 60, perSeconds: 3_600)
        let now = services.clock()
        let id = services.newID()
        let subscription = NewPushSubscription(
            id: id,
            userID: user,
            sessionID: session.id,
            endpoint: input.endpoint,
            sealedKeys: services.sealKeys(keys, ofPush: id),
            deviceName: input.deviceName.flatMap { $0.isEmpty ? nil : $0 },
            createdAt: now
        )
        return try await services.database.pool.transaction { transaction in
            try await transaction.lockPeople([user])
            if let known = try await transaction.lockPushSubscription(endpoint: input.endpoint) {
                // Of another account in the same browser: who has its keys is the browser. Others have guessed an address.
                let isSame = try known.userID == user || services.openKeys(of: known) == keys.publicKey + keys.secret
                guard isSame else { return .failure(NotificationFaults(.badEndpoint)) }
                try await transaction.deletePushSubscription(known.id)
            }
            let count = try await transaction.pushSubscriptions(of: user, at: now).count
            guard count < Self.subscriptionsPerUser else {
                let quota = FaultDetail.quota("pushSubscriptions", limit: Self.subscriptionsPerUser, used: count)
                let message = "So many browsers take messages already."
                return .failure(NotificationFaults(.quotaExceeded, ["input"], message, quota))
            }
            try await transaction.insert(subscription)
            guard let row = try await transaction.pushSubscriptions([id], at: now).first else {
                throw PostgresError.rowCount(0)
            }
            return .success(row)
        }
    }

    /// False for one that is not the user's.
    package func end(_ id: UUID) async throws -> Bool {
        let user = principal.user.id
        return try await services.database.pool.transaction { try await $0.deletePushSubscription(id, of: user) }
    }
}

extension NotificationFault {
    /// No address of a push service that messages may be sent to, or somebody else's.
    fileprivate static var badEndpoint: NotificationFault { .invalid("endpoint", "Messages cannot be sent there.") }
    fileprivate static var badKeys: NotificationFault { .invalid("p256dh", "These are no keys of a browser.") }
}
