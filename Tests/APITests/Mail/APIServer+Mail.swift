import Actions
import Data
import Foundation
import Jobs
import Mail
import Testing
import WaitTesting

extension APIServer {
    /// Begins to run what waits in the queue, mails above all.
    func runJobs(push: PushServices? = nil) async {
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
    }

    /// Waits for a mail to this address with a subject that begins so.
    func mail(to address: String, _ subject: String) async throws -> StoredMail {
        for _ in 0..<1_000 {
            let mails = try await mailFolder.mails()
            if let mail = mails.first(where: { $0.to == address && $0.subject.hasPrefix(subject) }) { return mail }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw NoTokens(text: "no mail to \(address): \(subject)")
    }

    /// The token of the link in such a mail.
    func mailedToken(to address: String, _ subject: String) async throws -> String {
        let link = try #require(await mail(to: address, subject).links.first)
        return String(try #require(link.split(separator: "token=").last))
    }

    /// Waits until nothing waits in the queue.
    func untilMailsAreDone() async throws {
        let waiting = "SELECT count(*) FROM jobs WHERE name = 'mail.send' AND status IN ('QUEUED', 'RUNNING')"
        try await eventually("the last mail") { try sql(waiting) == "0" }
    }
}
