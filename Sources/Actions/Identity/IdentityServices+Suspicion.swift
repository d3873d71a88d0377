internal import Credentials
internal import Data
internal import PostgresClient

extension IdentityServices {
    /// Tells of something that is told each time.
    func suspect(_ kind: Suspicion.Kind, _ actor: UUID?, _ client: ClientInfo) {
        if watch.tells(kind, at: clock()) { suspects?(Suspicion(kind: kind, actor: actor, client: client)) }
    }

    /// Somebody was not let in. Their failures count as they do for locks: by the account, or the name where there is none, and by
    /// the address.
    ///
    /// - Parameter locks: what this failure has locked.
    func note(
        _ refusal: SignInRefusal,
        _ account: UUID?,
        _ keys: SignInKeys?,
        _ locks: SignInLocks,
        _ client: ClientInfo
    ) {
        watch.count(refusal)
        let now = clock()
        for kind in watch.refused(client.limitKey, account: keys?.account, at: now) {
            suspects?(Suspicion(kind: kind, actor: nil, client: client))
        }
        if locks.account, let keys {
            suspect(.accountLocked, of: Base64URL.encode(keys.account), 600, account, client)
        }
        if locks.address { suspect(.addressLocked, of: client.limitKey, 600, nil, client) }
    }

    /// A key was shown that does not count.
    package func note(_ refusal: KeyRefusal, from client: ClientInfo) {
        watch.count(refusal)
        suspect(.keyRefused, of: client.limitKey, 60, nil, client)
    }

    /// A document or an operation was refused because of its size.
    package func noteTooLarge(from client: ClientInfo) {
        suspect(.operationTooLarge, of: client.limitKey, 60, nil, client)
    }

    private func suspect(
        _ kind: Suspicion.Kind,
        of subject: String,
        _ seconds: Int64,
        _ actor: UUID?,
        _ client: ClientInfo
    ) {
        guard watch.tells(kind, of: subject, everySeconds: seconds, at: clock()) else { return }
        suspects?(Suspicion(kind: kind, actor: actor, client: client))
    }
}
