/// What has become of the deletion of an account, as its owner is told.
enum DeletionTurn: String, Sendable, CaseIterable {
    /// They have asked for it.
    case asked
    /// The platform deletes the account.
    case ordered
    /// They have called it off.
    case called
    /// The platform has called off what it had ordered.
    case revoked
    /// The day came, and it could not be done.
    case refused
}
