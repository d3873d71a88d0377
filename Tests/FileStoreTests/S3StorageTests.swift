import EventLoop
import Foundation
import FoundationNetworking
import OutboundHTTP
import PythonTesting
import Testing

@testable import FileStore

/// Against moto, a server of others that speaks as S3 does.
@Suite(.timeLimit(.minutes(3))) struct S3StorageTests {
    private struct NoServer: Error {}

    private func withStorage(
        _ bucket: String = "files",
        _ body: @escaping @Sendable (S3Storage, String) async throws -> Void
    ) async throws {
        let program = try PythonProgram("FileStoreTests/s3_server.py", ["files"])
        guard let url = program.object()?["url"] as? String else { throw NoServer() }
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let group = try EventLoopGroup()
        let client = OutboundClient(group)
        let options = S3Options(
            bucket: bucket,
            region: "us-east-1",
            accessKey: "a",
            secretKey: "b",
            endpoint: url
        )
        let local = try FolderStorage(folder: folder, pool: BlockingPool(threads: 2, queueLimit: 64))
        let storage = S3Storage(options, through: client, local: local)
        let loop = group.loops[0]
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            loop.execute {
                loop.startTask {
                    do { continuation.resume(returning: try await body(storage, url)) } catch {
                        continuation.resume(throwing: error)
                    }
                    await client.close()
                }
            }
        }
        withExtendedLifetime(program) {}
    }

    private func file(_ storage: S3Storage, _ text: String) async throws -> NewDiskFile {
        let file = try await storage.newFile()
        try file.write(Array(text.utf8))
        return file
    }

    private func text(_ storage: S3Storage, _ key: String) async throws -> String? {
        try await storage.open(key).map { String(decoding: try $0.bytes(0..<$0.count), as: UTF8.self) }
    }

    @Test func `a file is kept, read and removed`() async throws {
        try await withStorage { storage, _ in
            let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
            defer { try? FileManager.default.removeItem(atPath: path) }
            // More than one piece of any buffer between here and there.
            let bytes = Data((0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) })
            try bytes.write(to: URL(filePath: path))
            let digest = try await storage.keep(copyOf: path, as: "image/aa/one")
            let kept = try #require(try await storage.open("image/aa/one"))
            #expect(kept.count == bytes.count)
            #expect(try kept.digest() == digest)
            try await storage.remove(["image/aa/one", "image/aa/none"])
            #expect(try await storage.open("image/aa/one") == nil)
        }
    }

    @Test func `the first that was left is claimed, for good`() async throws {
        try await withStorage { storage, _ in
            #expect(try await storage.claim("one", as: "image/aa/one") == false)
            try await storage.leave(file(storage, "first"), as: "one")
            try await storage.leave(file(storage, "second"), as: "one")
            #expect(try await storage.claim("one", as: "image/aa/one"))
            #expect(try await text(storage, "image/aa/one") == "first")
            try await storage.leave(file(storage, "third"), as: "one")
            #expect(try await storage.claim("one", as: "image/aa/one"))
            #expect(try await text(storage, "image/aa/one") == "first")
        }
    }

    @Test func `readers are sent to an address of the bucket`() async throws {
        try await withStorage { storage, _ in
            try await storage.leave(file(storage, "0123456789"), as: "one")
            #expect(try await storage.claim("one", as: "image/aa/one"))
            let reader = FileReader(
                mediaType: "text/plain; charset=utf-8",
                disposition: "attachment; filename=\"a b.txt\"",
                wantsHead: false,
                seconds: 60
            )
            guard case .elsewhere(let address)? = try await storage.content("image/aa/one", for: reader),
                let url = URL(string: address)
            else { throw NoServer() }
            var request = URLRequest(url: url)
            request.setValue("bytes=2-4", forHTTPHeaderField: "range")
            let (data, answer) = try await URLSession.shared.data(for: request)
            let http = try #require(answer as? HTTPURLResponse)
            #expect(http.statusCode == 206)
            #expect(String(decoding: data, as: UTF8.self) == "234")
            // Moto does not heed what the answer shall say of itself; it is part of what is signed.
            let asked = try #require(URLComponents(url: url, resolvingAgainstBaseURL: false)?.queryItems)
            #expect(asked.contains(URLQueryItem(name: "response-content-disposition", value: reader.disposition)))
            #expect(asked.contains(URLQueryItem(name: "response-content-type", value: reader.mediaType)))
        }
    }

    @Test func `what nobody claims is swept`() async throws {
        try await withStorage { storage, _ in
            for name in ["one", "two", "three"] { try await storage.leave(file(storage, name), as: name) }
            #expect(try await storage.claim("one", as: "image/aa/one"))
            #expect(try await storage.removeLeftovers(olderThan: 60, limit: 10) == 0)
            #expect(try await storage.removeLeftovers(olderThan: -60, limit: 2) == 2)
            #expect(try await storage.removeLeftovers(olderThan: -60, limit: 10) == 1)
            #expect(try await storage.claim("two", as: "image/aa/two") == false)
            #expect(try await text(storage, "image/aa/one") == "one")
        }
    }

    @Test func `a refusal says what S3 says`() async throws {
        try await withStorage("elsewhere") { storage, _ in
            await #expect(throws: S3Failure(status: 404, code: "NoSuchBucket")) {
                try await storage.leave(self.file(storage, "x"), as: "x")
            }
        }
    }

    @Test(arguments: ["", "../x", "a/b", "a/b/c/d", "a//c", "A/b/c", "a/b/c?x"])
    func `a key never leads elsewhere`(key: String) async throws {
        try await withStorage { storage, _ in
            await #expect(throws: DiskFailure.self) { try await storage.open(key) }
            await #expect(throws: DiskFailure.self) { try await storage.remove([key]) }
        }
    }
}
