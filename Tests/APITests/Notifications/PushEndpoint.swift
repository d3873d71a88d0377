import Actions
import Data
import EventLoop
import Foundation
import Jobs
import PostgresClient
import PythonTesting
import Testing
import WaitTesting

/// A browser and the service of its maker, by the library of others that browsers are tested with.
struct PushEndpoint {
    private let program: PythonProgram
    let url: String
    let p256dh: String
    let auth: String

    init() throws {
        program = try PythonProgram("APITests/Notifications/push_endpoint.py", [])
        let told = try #require(program.object())
        url = try #require(told["url"] as? String)
        p256dh = try #require(told["p256dh"] as? String)
        auth = try #require(told["auth"] as? String)
    }

    /// An address that answers with these statuses, one after the other.
    func address(_ statuses: Int..., name: String = "a") -> String {
        "\(url)/status/\(statuses.map(String.init).joined(separator: ","))/\(name)"
    }

    /// The next message that came, once it was decrypted and who sent it was checked.
    func next() throws -> APIAnswer {
        try APIAnswer(
            text: String(
                decoding: JSONSerialization.data(withJSONObject: try #require(program.object())),
                as: UTF8.self
            )
        )
    }
}

extension APIServer {
    func subscribe(
        _ endpoint: String,
        _ p256dh: String,
        _ auth: String,
        device: String? = nil,
        token: String
    ) throws -> APIAnswer {
        try subscribe("webPush", ["endpoint": endpoint, "p256dh": p256dh, "auth": auth], device: device, token: token)
    }

    func subscribe(
        _ kind: String,
        _ fields: [String: Any],
        device: String? = nil,
        token: String
    ) throws -> APIAnswer {
        var fields = fields
        fields["deviceName"] = device
        return try ask(
            """
            mutation ($in: PushSubscribeInput!) { pushSubscribe(input: $in) {
                subscription { id provider deviceName createdAt lastUsedAt } userErrors { code path message }
            } }
            """,
            ["in": [kind: fields]],
            token: token
        )
    }

    @discardableResult
    func subscribe(_ browser: PushEndpoint, _ statuses: Int..., name: String = "a", token: String) throws -> String {
        let address = "\(browser.url)/status/\(statuses.map(String.init).joined(separator: ","))/\(name)"
        let answer = try subscribe(address, browser.p256dh, browser.auth, token: token)
        return try #require(answer["data.pushSubscribe.subscription.id"], "\(answer.text)")
    }

    /// Runs the jobs whose time has come, and what comes of them.
    ///
    /// - Parameter all: whether those are run too that wait for a later time.
    func work(all: Bool = false, push: PushServices? = nil) async throws {
        if all { try sql("UPDATE jobs SET run_at = now() WHERE status IN ('QUEUED', 'RETRYING')") }
        let push = push ?? self.push
        let catalog = JobCatalog.application(
            database,
            identity: identity,
            files: files,
            mails: mails,
            push: push,
            chat: ChatOptions()
        )
        await database.startJobs(name: "tests", .application()) { try await catalog.run($0) }
        let waiting = "SELECT count(*) FROM jobs WHERE finished_at IS NULL AND run_at <= now()"
        try await until(waiting, is: "0")
        await database.stopJobs(within: .seconds(5))
    }

    /// Gives the job of this name another life, after it has died.
    func revive(_ name: String) async throws {
        try sql("UPDATE jobs SET status = 'DEAD', finished_at = now(), max_attempts = attempts WHERE name = '\(name)'")
        let id = try #require(try sql("SELECT id FROM jobs WHERE name = '\(name)'").flatMap { PostgresClient.UUID($0) })
        let revived = try await group.loops[0].start { [identity] in try await JobRetry(identity).run(id) }
        #expect(revived == .success(name))
    }

    /// Waits for what the database answers.
    func until(_ query: String, is answer: String?) async throws {
        try await eventually("\(answer ?? "nothing") of \(query)") { try sql(query) == answer }
    }

    /// How far what was told has come, as `EMAIL SENT`.
    func deliveries() throws -> String? {
        try sql(
            "SELECT string_agg(channel || ' ' || status, ', ' ORDER BY channel, created_at, id) FROM notification_deliveries"
        )
    }
}
