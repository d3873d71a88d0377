import EventLoop
import Foundation
import Testing
import WaitTesting

@testable import FileStore

@Suite(.timeLimit(.minutes(3))) struct FolderStorageTests {
    private func withStorage(_ body: (FolderStorage, String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.path + "/atrium-store-\(UInt64.random(in: .min ... .max))"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await body(FolderStorage(folder: folder, pool: BlockingPool(threads: 2, queueLimit: 64)), folder)
    }

    @Test func `a file is kept under its key, with the digest of its bytes`() async throws {
        try await withStorage { storage, folder in
            try "hello".write(toFile: folder + "/source", atomically: true, encoding: .utf8)
            let digest = try await storage.keep(copyOf: folder + "/source", as: "image/3f/3f-1")
            #expect(digest.prefix(4).elementsEqual([0x2c, 0xf2, 0x4d, 0xba]))
            let file = try #require(try await storage.open("image/3f/3f-1"))
            #expect(try file.bytes(1..<100) == Array("ello".utf8))
            try await storage.remove(["image/3f/3f-1", "image/3f/never"])
            #expect(try await storage.open("image/3f/3f-1") == nil)
            // Who has it open reads on.
            #expect(try file.bytes(0..<1) == Array("h".utf8))
        }
    }

    @Test(arguments: ["../../etc/passwd", "a/../b", "a/b", "a/b/c/d", "/a/b/c", "a//b", "A/b/c", "a/b/\0", "", "a/./b"])
    func `no key leads out of the folder`(key: String) async throws {
        try await withStorage { storage, _ in
            await #expect(throws: DiskFailure.self) { try await storage.open(key) }
            await #expect(throws: DiskFailure.self) { try await storage.remove([key]) }
            await #expect(throws: DiskFailure.self) { try await storage.keep(copyOf: "/dev/null", as: key) }
            await #expect(throws: DiskFailure.self) { try await storage.claim("x/y", as: key) }
        }
    }

    @Test func `what was claimed once stays what it is`() async throws {
        try await withStorage { storage, _ in
            #expect(try await !storage.claim("one", as: "image/aa/one"))
            for text in ["first", "second"] {
                let file = try await storage.newFile()
                try file.write(Array(text.utf8))
                try await storage.leave(file, as: "one")
                #expect(try await storage.claim("one", as: "image/aa/one"))
            }
            let kept = try #require(try await storage.open("image/aa/one"))
            #expect(try kept.bytes(0..<kept.count) == Array("first".utf8))
        }
    }

    @Test func `a file that is not kept is gone, and old leftovers are swept`() async throws {
        try await withStorage { storage, folder in
            func names() throws -> [String] {
                try FileManager.default.contentsOfDirectory(atPath: folder + "/incoming")
            }
            do {
                let file = try await storage.newFile()
                try file.write([1, 2, 3])
            }
            // The thread that made it may let go of it a moment later.
            try await eventually { try FileManager.default.contentsOfDirectory(atPath: folder + "/temporary").isEmpty }
            let left = try await storage.newFile()
            try await storage.leave(left, as: "old")
            #expect(try await storage.removeLeftovers(olderThan: 60, limit: 10) == 0)
            #expect(try names() == ["old"])
            #expect(try await storage.removeLeftovers(olderThan: -60, limit: 0) == 0)
            #expect(try await storage.removeLeftovers(olderThan: -60, limit: 10) == 1)
            #expect(try names().isEmpty)
        }
    }
}
