import Actions
import Data
import GraphQLEngine
import GraphQLSchema
import PostgresClient

extension Subscription {
    static func callEvents(
        _ arguments: SubscriptionCallEventsArguments,
        in context: RequestContext
    ) async throws -> LiveEvents<CallEvent> {
        let principal = try await context.signedIn()
        let user = principal.user.id
        return try await LiveEvents(
            NewEvent.userTopic(user),
            after: arguments.after,
            for: principal,
            in: context,
            control: CallEvent.init
        ) { place in try await CallEvent.of(place, user, in: context) }
    }

    static func callSignals(
        _ arguments: SubscriptionCallSignalsArguments,
        in context: RequestContext
    ) async throws -> CallSignalFeed {
        let (services, principal, _) = try await context.chat()
        guard let call = arguments.callId.uuid,
            let feed = try await CallSignalFeed(
                call,
                arguments.deviceId,
                after: Int(arguments.afterSeq),
                for: principal,
                services,
                try context.databaseInUse()
            )
        else {
            throw GraphQLError("There is no such call to listen to.", extensions: ["code": .string("NOT_FOUND")])
        }
        return feed
    }
}

/// The model of events about a call.
struct CallActivity: Sendable {
    let cursor: String
    let occurredAt: DateTime
    let call: CallItem
}

extension CallEvent {
    fileprivate init(_ control: LiveControl) {
        switch control {
        case .caughtUp(let told): self = .caughtUp(told)
        case .resyncRequired(let told): self = .resyncRequired(told)
        }
    }

    /// Nil for events of other kinds: the topic is of all that is the user's own.
    fileprivate static func of(
        _ place: LivePlace,
        _ user: UUID,
        in context: RequestContext
    ) async throws -> CallEvent? {
        guard ["CallRinging", "CallChanged"].contains(place.event.kind) else { return nil }
        let payload = try RoomEventPayload(place.event.payload)
        guard let id = payload.id("call"),
            let row = try await context.databaseInUse().session.calls([id], visibleTo: user).first
        else { return nil }
        let call = CallItem(row: row, viewer: user)
        let activity = CallActivity(cursor: place.cursor, occurredAt: place.occurredAt, call: call)
        return place.event.kind == "CallRinging" ? .incomingCall(activity) : .callChanged(activity)
    }
}
