internal import Data
internal import PostgresClient

extension ChatWork {
    /// A channel, with its group held, where whoever asks may manage it.
    func managedChannel(
        _ id: UUID,
        _ path: [String],
        in transaction: Transaction
    ) async throws -> (RoomRow, RoomRow.ChannelPart) {
        guard let seen = try await transaction.rooms([id], visibleTo: user).first, let group = seen.channel else {
            throw ChatFaults(.notFound(path))
        }
        // Who belongs to the group does not change any more from here on.
        _ = try await transaction.lockGroup(group.groupID, visibleTo: user)
        guard let room = try await transaction.rooms([id], visibleTo: user).first, let part = room.channel else {
            throw ChatFaults(.notFound(path))
        }
        guard room.isManaged else { throw ChatFaults(.forbidden(path)) }
        return (room, part)
    }
}
