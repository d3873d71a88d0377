package import Credentials
package import OutboundHTTP
internal import Synchronization

/// Sends messages to the apps of a project of Firebase: https://firebase.google.com/docs/cloud-messaging/send/v1-api
package final class FirebaseSender: Sendable {
    private struct Granted {
        let token: String
        let untilSeconds: Int64
    }

    private static let maximumBytes = 16 << 10
    /// A token is renewed so long before it ends.
    private static let marginSeconds: Int64 = 60

    private let account: FirebaseAccount
    private let url: String
    private let client: OutboundClient
    private let granted = Mutex<Granted?>(nil)
    /// What the account has signed, and until when it is shown again: RSA takes up to a millisecond of the loop.
    private let signed = Mutex<(assertion: String, untilSeconds: Int64)?>(nil)

    /// - Parameter base: where Firebase is asked.
    package init(_ account: FirebaseAccount, base: String, client: OutboundClient) {
        self.account = account
        self.client = client
        url = "\(base)/v1/projects/\(account.project)/messages:send"
    }

    /// Throws only what is of this process: it is stopped.
    func send(
        _ message: NotificationPush,
        to device: String,
        lifetimeSeconds: Int,
        deadline: Duration,
        atSeconds now: Int64
    ) async throws -> PushOutcome {
        do {
            guard let token = try await token(atSeconds: now, deadline) else { return .failed("no access token") }
            var request = request(url, deadline)
            request.fields = [("authorization", "Bearer \(token)"), ("content-type", "application/json")]
            request.body = message.firebaseBody(to: device, lifetimeSeconds: lifetimeSeconds, atSeconds: now)
            return outcome(of: try await client.send(request), token)
        } catch let refusal as Refusal {
            return refusal.outcome
        } catch let fault as OutboundFault {
            return .later(fault.word, seconds: 0)
        }
    }

    /// No token: now, or not with this key.
    private struct Refusal: Error {
        let outcome: PushOutcome
    }

    /// One that is good for a while yet. Several may be asked for at once, as many as messages are sent: each is as good.
    private func token(atSeconds now: Int64, _ deadline: Duration) async throws -> String? {
        if let known = granted.withLock({ $0 }), known.untilSeconds - FirebaseSender.marginSeconds > now {
            return known.token
        }
        var request = request(account.tokenURL, deadline)
        request.fields = [("content-type", "application/x-www-form-urlencoded")]
        let grant = "urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer"
        request.body = Array("grant_type=\(grant)&assertion=\(assertion(atSeconds: now))".utf8)
        let response = try await client.send(request)
        switch response.status {
        case 200: break
        case 408, 429, 500...: throw Refusal(outcome: .later(response))
        default: throw Refusal(outcome: .failed("access token: status \(response.status)"))
        }
        guard let fields = JSONValue(json: response.body)?.object, let token = fields["access_token"]?.string else {
            return nil
        }
        let seconds = fields["expires_in"]?.number.flatMap(Int64.init(exactly:)) ?? 0
        granted.withLock { $0 = Granted(token: token, untilSeconds: now + min(max(seconds, 0), 86_400)) }
        return token
    }

    private func assertion(atSeconds now: Int64) -> String {
        signed.withLock { signed in
            if let signed, signed.untilSeconds > now { return signed.assertion }
            let assertion = account.assertion(atSeconds: now)
            signed = (assertion, now + 1_800)
            return assertion
        }
    }

    /// The operator has named whom this asks.
    private func request(_ url: String, _ deadline: Duration) -> OutboundRequest {
        var request = OutboundRequest("POST", url)
        request.reach = .anywhere
        request.deadline = deadline
        request.maximumBytes = FirebaseSender.maximumBytes
        return request
    }

    /// https://firebase.google.com/docs/reference/fcm/rest/v1/ErrorCode
    private func outcome(of response: OutboundResponse, _ token: String) -> PushOutcome {
        switch response.status {
        case 200..<300: return .taken
        // The app was removed, or has another token by now. Without this word the project is not there.
        case 404 where word(of: response) == "UNREGISTERED": return .gone("expired")
        case 400: return .refused("status 400")
        case 401:
            // It was taken back before its time.
            granted.withLock { if $0?.token == token { $0 = nil } }
            return .later("status 401", seconds: 0)
        case 408, 429, 500...: return .later(response)
        default: return .failed("status \(response.status)")
        }
    }

    private func word(of response: OutboundResponse) -> String? {
        let error = JSONValue(json: response.body)?.object?["error"]?.object
        return error?["details"]?.list?.lazy.compactMap { $0.object?["errorCode"]?.string }.first
    }
}
