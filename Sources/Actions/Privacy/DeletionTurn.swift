/// What has become of the deletion of an account, as its owner is told.
enum DeletionTurn: String, Sendable, CaseIterable {
    /// They have asked for it.
    case asked
    /// The platform deletes the account.
    case ordered
    /// It was called off.
    case called
    /// The day came, and it could not be done.
    case refused
}
