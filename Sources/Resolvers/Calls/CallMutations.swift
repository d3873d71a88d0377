import Actions
import Data
import GraphQLEngine
import PostgresClient

extension Mutation {
    static func callStart(
        _ arguments: MutationCallStartArguments,
        in context: RequestContext
    ) async throws -> CallStartPayload? {
        let (services, principal, client) = try await context.chat()
        let input = arguments.input
        guard let room = input.roomId.room else {
            return CallStartPayload(call: nil, userErrors: [.notFound(["input", "roomId"])])
        }
        let invitees = input.inviteeIds.given
        guard invitees == nil || invitees?.compactMap(\.uuid).count == invitees?.count else {
            return CallStartPayload(call: nil, userErrors: [.notFound(["input", "inviteeIds"])])
        }
        let call = CallStart.Input(
            roomID: room,
            kind: input.kind.rawValue,
            device: input.deviceId,
            invitees: invitees?.compactMap(\.uuid)
        )
        return try await CallStart(services, principal, from: client).run(call).payload { row, errors in
            CallStartPayload(call: row?.item(principal), userErrors: errors)
        }
    }

    static func callAnswer(
        _ arguments: MutationCallAnswerArguments,
        in context: RequestContext
    ) async throws -> CallAnswerPayload? {
        let (services, principal, client) = try await context.chat()
        guard let id = arguments.callId.uuid else {
            return CallAnswerPayload(call: nil, userErrors: [.notFound(["callId"])])
        }
        let action = CallAnswer(services, principal, from: client)
        return try await action.answer(id, on: arguments.deviceId).payload { row, errors in
            CallAnswerPayload(call: row?.item(principal), userErrors: errors)
        }
    }

    static func callDecline(
        _ arguments: MutationCallDeclineArguments,
        in context: RequestContext
    ) async throws -> CallDeclinePayload? {
        let (services, principal, client) = try await context.chat()
        guard let id = arguments.callId.uuid else {
            return CallDeclinePayload(call: nil, userErrors: [.notFound(["callId"])])
        }
        let action = CallAnswer(services, principal, from: client)
        return try await action.decline(id, isBusy: arguments.busy).payload { row, errors in
            CallDeclinePayload(call: row?.item(principal), userErrors: errors)
        }
    }

    static func callHangup(
        _ arguments: MutationCallHangupArguments,
        in context: RequestContext
    ) async throws -> CallHangupPayload? {
        let (services, principal, client) = try await context.chat()
        guard let id = arguments.callId.uuid else {
            return CallHangupPayload(call: nil, userErrors: [.notFound(["callId"])])
        }
        let action = CallAnswer(services, principal, from: client)
        return try await action.hangUp(id, reason: arguments.reason.rawValue).payload { row, errors in
            CallHangupPayload(call: row?.item(principal), userErrors: errors)
        }
    }

    static func callMediaUpdate(
        _ arguments: MutationCallMediaUpdateArguments,
        in context: RequestContext
    ) async throws -> CallMediaUpdatePayload? {
        let (services, principal, client) = try await context.chat()
        let input = arguments.input
        guard let id = input.callId.uuid else {
            return CallMediaUpdatePayload(call: nil, userErrors: [.notFound(["input", "callId"])])
        }
        let result = try await CallAnswer(services, principal, from: client).setMedia(
            id,
            audioMuted: input.audioMuted.given,
            videoMuted: input.videoMuted.given,
            screenSharing: input.screenSharing.given
        )
        return result.payload { CallMediaUpdatePayload(call: $0?.item(principal), userErrors: $1) }
    }

    static func callSignal(
        _ arguments: MutationCallSignalArguments,
        in context: RequestContext
    ) async throws -> CallSignalPayload? {
        let (services, principal, client) = try await context.chat()
        let input = arguments.input
        guard let id = input.callId.uuid else {
            return CallSignalPayload(seq: nil, userErrors: [.notFound(["input", "callId"])])
        }
        guard let listener = input.toUserId.uuid else {
            return CallSignalPayload(seq: nil, userErrors: [.notFound(["input", "toUserId"])])
        }
        let signal = CallSignaling.Input(
            callID: id,
            toUserID: listener,
            device: input.deviceId,
            kind: input.kind.rawValue,
            payload: input.payload
        )
        return try await CallSignaling(services, principal, from: client).run(signal).payload { seq, errors in
            CallSignalPayload(seq: seq.map { Int32(clamping: $0) }, userErrors: errors)
        }
    }
}

extension CallRow {
    fileprivate func item(_ viewer: Principal) -> CallItem { CallItem(row: self, viewer: viewer.user.id) }
}
