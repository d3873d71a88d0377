import Actions
import Credentials
import Data
import EventLoop
import FileStore
import Foundation
import Testing

@Suite(.timeLimit(.minutes(3))) struct FileSweepTests {
    private func sweep(_ server: APIServer) async throws -> Int {
        try await server.group.loops[0].start { [files = server.files] in try await FileSweep(files).run() }
    }

    @Test func `what nobody wants is swept, and what somebody wants stays`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            let started = try server.start("never.txt", size: 100, token: ida.access)
            #expect(
                try server.put(Sample.text(100), to: #require(started["data.fileUploadStart.ticket.url"])).status == 204
            )
            _ = try server.upload(Sample.text(10), name: "unused.txt", token: ida.access)
            _ = try server.upload(Sample.png(4, 4), name: "me.png", purpose: "AVATAR", token: ida.access)
            let resume = try server.upload(
                Array("%PDF-1.7 x".utf8),
                name: "cv.pdf",
                purpose: "RESUME",
                token: ida.access
            )
            #expect(resume.codes("fileUpload").isEmpty)
            try server.sql(
                "UPDATE user_profiles SET avatar_file_id = (SELECT id FROM files WHERE filename = 'me.png')"
            )
            #expect(try await sweep(server) == 0)
            server.pass(seconds: 86_401)
            #expect(try await sweep(server) == 2)
            #expect(try server.sql("SELECT string_agg(filename, ' ' ORDER BY filename) FROM files") == "cv.pdf me.png")
            #expect(try server.sql("SELECT files FROM storage_usage") == "2")
            #expect(try server.sql("SELECT bytes = (SELECT sum(byte_size) FROM files) FROM storage_usage") == "t")
            // The upload that nobody claimed is younger than a day by the clock of the disk.
            #expect(try server.filesOnDisk().filter { !$0.hasPrefix("incoming/") }.count == 2)
            let old = Date(timeIntervalSinceNow: -90_000)
            for file in try server.filesOnDisk() {
                try FileManager.default.setAttributes(
                    [.modificationDate: old],
                    ofItemAtPath: "\(server.fileFolder)/\(file)"
                )
            }
            #expect(try await sweep(server) == 0)
            #expect(try server.filesOnDisk().count == 2)
        }
    }

    @Test func `the bytes of a deleted file are made sure of`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            _ = try server.upload(Sample.text(10), name: "a.txt", token: ida.access)
            // As if the server had ended between the change and the disk.
            try server.sql("UPDATE files SET status = 'DELETED', deleted_at = now()")
            #expect(try await sweep(server) == 1)
            #expect(try server.filesOnDisk().isEmpty)
            #expect(try server.sql("SELECT count(*) FROM files") == "0")
        }
    }

    @Test func `no row is held while the storage is asked, and what breaks off is found again`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            _ = try server.upload(Sample.text(10), name: "a.txt", token: ida.access)
            server.pass(seconds: 86_401)
            let storage = WatchedStorage(server.files.storage) {
                // Another connection may change the row at once, or this would fail.
                try server.sql("SELECT id FROM files FOR UPDATE NOWAIT")
                throw WatchedStorage.Broken()
            }
            let links = SignedLinks(secret: "a secret of these tests, and of nothing else")
            let files = FileServices(identity: server.identity, storage: storage, links: links)
            await #expect(throws: WatchedStorage.Broken.self) {
                _ = try await server.group.loops[0].start { try await FileSweep(files).run() }
            }
            // Nobody can use it any more, and its place was given back once.
            #expect(try server.sql("SELECT status FROM files") == "DELETED")
            #expect(try server.sql("SELECT files FROM storage_usage") == "0")
            #expect(try await sweep(server) == 1)
            #expect(try server.filesOnDisk().isEmpty)
            #expect(try server.sql("SELECT count(*) FROM files") == "0")
            #expect(try server.sql("SELECT files FROM storage_usage") == "0")
        }
    }
}

/// A storage that does something before it removes.
private struct WatchedStorage: FileStorage {
    struct Broken: Error {}

    let storage: any FileStorage
    let removing: @Sendable () throws -> Void

    init(_ storage: any FileStorage, removing: @escaping @Sendable () throws -> Void) {
        self.storage = storage
        self.removing = removing
    }

    var pool: BlockingPool { storage.pool }
    var temporaryFolder: String { storage.temporaryFolder }

    func keep(copyOf path: String, as key: String) async throws -> [UInt8] {
        try await storage.keep(copyOf: path, as: key)
    }
    func newFile() async throws -> NewDiskFile { try await storage.newFile() }
    func leave(_ file: NewDiskFile, as name: String) async throws { try await storage.leave(file, as: name) }
    func claim(_ name: String, as key: String) async throws -> Bool { try await storage.claim(name, as: key) }
    func open(_ key: String) async throws -> DiskFile? { try await storage.open(key) }
    func content(_ key: String, for reader: FileReader) async throws -> StoredContent? {
        try await storage.content(key, for: reader)
    }
    func remove(_ keys: [String]) async throws {
        try removing()
        try await storage.remove(keys)
    }
    func removeLeftovers(olderThan seconds: Int, limit: Int) async throws -> Int {
        try await storage.removeLeftovers(olderThan: seconds, limit: limit)
    }
}
