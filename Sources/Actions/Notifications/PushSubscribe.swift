internal import Credentials
package import Data
package import PostgresClient

/// Has messages sent to a device, or no more.
package struct PushSubscribe {
    package enum Device: Sendable {
        case browser(endpoint: String, p256dh: String, auth: String)
        /// An app, by the token that Firebase gave to it.
        case app(token: String)

        fileprivate var badName: NotificationFault {
            let kind =
                switch self {
                case .browser: "webPush"
                case .app: "fcm"
                }
            let rule = "Must have at most 80 characters, all of them visible."
            return NotificationFault(.invalidInput, ["input", kind, "deviceName"], rule)
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

    /// What messages to a device need.
    private struct Address {
        let provider: PushProviderKind
        let endpoint: String
        let keys: [UInt8]
    }

    private static func address(of device: Device, _ push: PushServices) -> Result<Address, NotificationFaults> {
        switch device {
        case .browser(let endpoint, let p256dh, let auth):
            guard push.sender != nil else { return .failure(.nothingSent(["input", "webPush"])) }
            var faults: [NotificationFault] = []
            if push.origin(of: endpoint) == nil { faults.append(.badEndpoint) }
            let keys = WebPushKeys(p256dh: p256dh, auth: auth)
            if keys == nil { faults.append(.badKeys) }
            if let faults = NotificationFaults(faults) { return .failure(faults) }
            guard let keys else { return .failure(NotificationFaults(.badKeys)) }
            return .success(Address(provider: .webPush, endpoint: endpoint, keys: keys.publicKey + keys.secret))
        case .app(let token):
            guard push.firebase != nil else { return .failure(.nothingSent(["input", "fcm"])) }
            guard token.wholeMatch(of: /[A-Za-z0-9_:\-]{20,2000}/) != nil else {
                return .failure(NotificationFaults(.badToken))
            }
            return .success(Address(provider: .firebase, endpoint: token, keys: []))
        }
    }

    /// Again with the same endpoint it takes the place of what was there, as browsers say it each time they begin.
    package func run(
        _ device: Device,
        named name: String?
    ) async throws -> Result<PushSubscriptionRow, NotificationFaults> {
        guard let push else { return .failure(.nothingSent(["input"])) }
        let session = try principal.session
        let name = name.map(VisibleText.trimmed)
        let isNamed = name.map { $0.unicodeScalars.count <= 80 && VisibleText.isLine($0) } ?? true
        let address: Address
        switch Self.address(of: device, push) {
        case .success(let found):
            guard isNamed else { return .failure(NotificationFaults(device.badName)) }
            address = found
        case .failure(let faults): return .failure(isNamed ? faults : faults.adding(device.badName))
        }
        let user = principal.user.id
        try await services.limit("push_subscribe", by: user.description, 60, perSeconds: 3_600)
        let now = services.clock()
        let id = services.newID()
        let subscription = NewPushSubscription(
            id: id,
            userID: user,
            sessionID: session.id,
            provider: address.provider,
            endpoint: address.endpoint,
            sealedKeys: services.sealKeys(address.keys, ofPush: id),
            deviceName: name.flatMap { $0.isEmpty ? nil : $0 },
            createdAt: now
        )
        return try await services.database.pool.transaction { transaction in
            try await transaction.lockPeople([user])
            if let known = try await transaction.lockPushSubscription(endpoint: address.endpoint) {
                // Of another account in the same browser: who has its keys is the browser. Others have guessed an address.
                // The token of an app is known to itself alone, and nobody guesses one.
                let isSame = try known.userID == user || services.openKeys(of: known) == address.keys
                guard isSame else { return .failure(NotificationFaults(.badEndpoint)) }
                try await transaction.deletePushSubscription(known.id)
            }
            let count = try await transaction.pushSubscriptions(of: user, at: now).count
            guard count < Self.subscriptionsPerUser else {
                let quota = FaultDetail.quota("pushSubscriptions", limit: Self.subscriptionsPerUser, used: count)
                let message = "So many devices take messages already."
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
    fileprivate static var badEndpoint: NotificationFault {
        NotificationFault(.invalidInput, ["input", "webPush", "endpoint"], "Messages cannot be sent there.")
    }
    fileprivate static var badKeys: NotificationFault {
        NotificationFault(.invalidInput, ["input", "webPush", "p256dh"], "These are no keys of a browser.")
    }
    fileprivate static var badToken: NotificationFault {
        NotificationFault(.invalidInput, ["input", "fcm", "token"], "This is no token of an app.")
    }
}

extension NotificationFaults {
    fileprivate static func nothingSent(_ path: [String]) -> NotificationFaults {
        NotificationFaults(.forbidden, path, "This server sends no such pushes.")
    }
}
