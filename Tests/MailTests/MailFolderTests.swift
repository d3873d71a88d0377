import EventLoop
import Foundation
import Mail
import Testing

@Suite(.timeLimit(.minutes(3))) struct MailFolderTests {
    private func withFolder(limit: Int = 200, _ body: (MailFolder, String) async throws -> Void) async throws {
        let root = FileManager.default.temporaryDirectory.path + "/atrium-mails-\(UUID())"
        defer { try? FileManager.default.removeItem(atPath: root) }
        let path = root + "/deep"
        try await body(MailFolder(path, pool: BlockingPool(threads: 1, queueLimit: 16), limit: limit), path)
    }

    private func mail(_ id: String, at seconds: Int64) throws -> MailMessage {
        let address = try #require(MailAddress("ida@example.org"))
        let text = "Hello\n\nOpen:\nhttps://a.example/b?token=c\n"
        return MailMessage(
            id: id,
            from: address,
            to: address,
            subject: "S \(id)",
            text: text,
            html: "<p>",
            seconds: seconds
        )
    }

    @Test func `mails are listed by time, the newest first, and shown with their links`() async throws {
        try await withFolder { folder, path in
            for (id, seconds) in [("b", 2), ("c", 10), ("a", 1)] as [(String, Int64)] {
                _ = try await folder.send(mail(id, at: seconds))
            }
            let mails = try await folder.mails()
            #expect(mails.map(\.subject) == ["S c", "S b", "S a"])
            let found = try #require(await folder.mail(mails[0].id))
            #expect(found.links == ["https://a.example/b?token=c"])
            #expect(found.date == "1970-01-01T00:00:10Z")
            let names = try FileManager.default.contentsOfDirectory(atPath: path)
            #expect(names.filter { $0.hasSuffix(".eml") }.count == 3)
        }
    }

    @Test func `only the newest are kept`() async throws {
        try await withFolder(limit: 2) { folder, path in
            for number in 1...4 { _ = try await folder.send(mail("m\(number)", at: Int64(number))) }
            #expect(try await folder.mails().map(\.subject) == ["S m4", "S m3"])
            #expect(try FileManager.default.contentsOfDirectory(atPath: path).count == 4)
        }
    }

    @Test(arguments: ["../secret", "a/b", "", ".", "A", "a.json", "..", String(repeating: "a", count: 101)])
    func `a name that is a path finds nothing`(name: String) async throws {
        try await withFolder { folder, _ in
            let mail = try await folder.mail(name)
            #expect(mail == nil)
        }
    }
}
