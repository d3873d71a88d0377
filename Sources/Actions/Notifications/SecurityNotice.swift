import Data
import PostgresClient

/// What happened to somebody's sessions and may have been somebody else's doing.
struct SecurityNotice {
    let services: IdentityServices
    let client: ClientInfo

    /// Tells of a session by a program that the account was not used by before.
    func started(_ session: UUID, of user: UUID, in transaction: Transaction) async throws {
        try await Notify(services).run(
            [
                NewNotification(
                    .newDevice,
                    to: [user],
                    title: "New sign-in",
                    body:
                        "Somebody signed in to your account\(origin). If it was not you, end the session and change your password.",
                    german: NotificationWords(
                        "Neue Anmeldung",
                        "Jemand hat sich\(germanOrigin) bei Ihrem Konto angemeldet. Wenn Sie das nicht waren, beenden Sie die Sitzung und ändern Sie Ihr Passwort."
                    ),
                    subject: ("ses", session)
                )
            ],
            in: transaction
        )
    }

    /// Tells of a session that has ended because one of its tokens was used twice.
    func endedByReuse(_ session: UUID, of user: UUID, in transaction: Transaction) async throws {
        try await Notify(services).run(
            [
                NewNotification(
                    .tokenReused,
                    to: [user],
                    title: "A session was ended",
                    body: "A token of it was used twice\(origin), so somebody may have copied it. Sign in again.",
                    german: NotificationWords(
                        "Eine Sitzung wurde beendet",
                        "Ein Token von ihr wurde\(germanOrigin) zweimal benutzt, vielleicht hat es jemand kopiert. Melden Sie sich neu an."
                    ),
                    subject: ("ses", session),
                    repetition: .once("session.token_reused:\(session)")
                )
            ],
            in: transaction
        )
    }

    /// Tells that sign-ins ask for a second step from now on, or do so no more.
    func changedMFA(isOn: Bool, of user: UUID, in transaction: Transaction) async throws {
        let title = isOn ? "Two-step sign-in is on" : "Two-step sign-in is off"
        let body = "It was switched \(isOn ? "on" : "off")\(origin). If it was not you, change your password."
        let german = NotificationWords(
            isOn ? "Anmeldung in zwei Schritten ist an" : "Anmeldung in zwei Schritten ist aus",
            "Sie wurde\(germanOrigin) \(isOn ? "ein" : "aus")geschaltet. Wenn Sie das nicht waren, ändern Sie Ihr Passwort."
        )
        let notice = NewNotification(.mfaChanged, to: [user], title: title, body: body, german: german, subject: nil)
        try await Notify(services).run([notice], in: transaction)
    }

    /// Tells that a recovery code was used.
    func usedRecoveryCode(left: Int, of user: UUID, in transaction: Transaction) async throws {
        let body = "Somebody signed in with one of your recovery codes\(origin); \(left) are left."
        let title = "A recovery code was used"
        let german = NotificationWords(
            "Ein Wiederherstellungscode wurde benutzt",
            "Jemand hat sich mit einem Ihrer Wiederherstellungscodes angemeldet\(germanOrigin); \(left) sind übrig."
        )
        let notice = NewNotification(.mfaChanged, to: [user], title: title, body: body, german: german, subject: nil)
        try await Notify(services).run([notice], in: transaction)
    }

    /// Tells of another way into the account, or one less, in the application and by mail: who has got in may have made it.
    ///
    /// - Parameter name: what the way is called.
    func changedAccount(
        _ change: AccountChange,
        _ name: String,
        of user: UUID,
        in transaction: Transaction
    ) async throws {
        try await MailOutbox(services).add(.accountChanged(change, name, of: user), in: transaction)
        let body = "\(change.sentence(name))\(origin). If it was not you, take it away and change your password."
        let german = NotificationWords(
            change.germanTitle,
            "\(change.germanSentence(name))\(germanOrigin). Wenn Sie das nicht waren, nehmen Sie es zurück und ändern Sie Ihr Passwort."
        )
        let notice = NewNotification(
            .accessChanged,
            to: [user],
            title: change.title,
            body: body,
            german: german,
            subject: nil
        )
        try await Notify(services).run([notice], in: transaction)
    }

    /// By what, and from where, as far as it is known.
    private var origin: String { origin("by “", "”", "from") }

    private var germanOrigin: String { origin("mit „", "“", "von") }

    private func origin(_ by: String, _ end: String, _ from: String) -> String {
        let program = client.userAgent.isEmpty ? "" : " \(by)\(client.userAgent.prefix(120))\(end)"
        guard let address = client.address else { return program }
        return program + " \(from) \(address.text)"
    }
}
