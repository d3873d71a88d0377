import Actions
import Credentials
import Foundation
import SocketTesting
import Testing

@Suite(.timeLimit(.minutes(3))) struct StagedUploadTests {
    private let ticket = "data.fileUploadStart.ticket"

    @Test func `bytes are sent to their address and taken once they are there`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            let text = Sample.text(200_000)
            let digest = Digest.sha256(text).map { String(format: "%02x", $0) }.joined()
            let started = try server.start("a.txt", size: text.count, sha256: digest, token: ida.access)
            let (id, url) = (try #require(started["\(ticket).file.id"]), try #require(started["\(ticket).url"]))
            #expect(started["\(ticket).method"] == "PUT")
            #expect(started["\(ticket).file.status"] == "PENDING")
            #expect(started["\(ticket).file.url"] == nil)
            #expect(try server.complete(id, token: ida.access).codes("fileUploadComplete") == ["UPLOAD_INCOMPLETE"])
            #expect(try server.put(text, to: url).status == 204)
            let done = try server.complete(id, token: ida.access)
            #expect(done["data.fileUploadComplete.file.status"] == "READY")
            #expect(done["data.fileUploadComplete.file.contentType"] == "text/plain")
            #expect(done["data.fileUploadComplete.file.sha256"] == digest)
            // Asking again answers the same, and later bytes change nothing.
            #expect(try server.complete(id, token: ida.access)["data.fileUploadComplete.file.id"] == id)
            #expect(try server.put([UInt8](repeating: 0x41, count: text.count), to: url).status == 404)
            #expect(try server.fetch(#require(done["data.fileUploadComplete.file.url"])).body == text)
        }
    }

    @Test func `other bytes than announced are refused, and take nothing afterwards`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            let digest = String(repeating: "0", count: 64)
            for (name, bytes, announced, reason) in [
                ("a.txt", Sample.text(50), digest as String?, "CHECKSUM_MISMATCH"),
                ("a.png", Sample.text(50), nil, "TYPE_MISMATCH"),
                ("a.png", Sample.png(30_000, 30_000), nil, "DIMENSIONS"),
            ] {
                let started = try server.start(name, size: bytes.count, sha256: announced, token: ida.access)
                let id = try #require(started["\(ticket).file.id"])
                #expect(try server.put(bytes, to: #require(started["\(ticket).url"])).status == 204)
                for _ in 0..<2 {
                    let done = try server.complete(id, token: ida.access)
                    #expect(done["data.fileUploadComplete.userErrors.0.reason"] == reason)
                }
                let file = try server.ask(
                    "query ($id: ID!) { file(id: $id) { status rejection url } }",
                    ["id": id],
                    token: ida.access
                )
                #expect(file["data.file.status"] == "REJECTED")
                #expect(file["data.file.rejection"] == reason)
            }
            #expect(try server.filesOnDisk().isEmpty)
            #expect(try server.sql("SELECT bytes || ' ' || files FROM storage_usage") == "0 0")
        }
    }

    @Test func `an upload takes as many bytes as were announced, at its own address`() async throws {
        try await APIServer.with { server in
            let (ida, eve) = (try server.register("ida"), try server.register("eve"))
            let started = try server.start("a.txt", size: 100, token: ida.access)
            let (id, url) = (try #require(started["\(ticket).file.id"]), try #require(started["\(ticket).url"]))
            #expect(try server.put(Sample.text(99), to: url).status == 413)
            #expect(try server.put(Sample.text(101), to: url).status == 413)
            #expect(
                try server.put(Sample.text(100), to: url.replacingOccurrences(of: "size=100", with: "size=101")).status
                    == 403
            )
            #expect(
                try server.put(Sample.text(100), to: url.replacingOccurrences(of: "file_0", with: "file_1")).status
                    == 403
            )
            #expect(try server.fetch(url).status == 405)
            let socket = try server.socket()
            try socket.send(
                "PUT \(server.path(url)) HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n"
            )
            #expect(try RawAnswer(from: socket).status == 411)
            #expect(try server.complete(id, token: eve.access).codes("fileUploadComplete") == ["NOT_FOUND"])
            server.pass(seconds: 3_601)
            #expect(try server.put(Sample.text(100), to: url).status == 403)
        }
    }

    @Test func `a start is refused for what could never be taken`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            for (name, size, reason, path) in [
                ("a.exe", 10, "TYPE_NOT_ALLOWED", "filename"), ("a.png", 0, "EMPTY", "byteSize"),
                ("a.png", -5, "EMPTY", "byteSize"), ("a.png", 1 << 40, "TOO_LARGE", "byteSize"),
                ("a/b.png", 10, "NAME_INVALID", "filename"),
            ] {
                let answer = try server.start(name, size: size, purpose: "IMAGE", token: ida.access)
                #expect(answer["data.fileUploadStart.userErrors.0.reason"] == reason)
                #expect(answer["data.fileUploadStart.userErrors.0.path.1"] == path)
            }
            let odd = try server.start("a.txt", size: 10, sha256: "abc", token: ida.access)
            #expect(odd.errorCode == "BAD_USER_INPUT")
        }
    }

    @Test func `a broken upload leaves nothing, and can be sent again`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            let started = try server.start("a.txt", size: 100_000, token: ida.access)
            let (id, url) = (try #require(started["\(ticket).file.id"]), try #require(started["\(ticket).url"]))
            do {
                let socket = try server.socket()
                try socket.send("PUT \(server.path(url)) HTTP/1.1\r\nhost: a\r\ncontent-length: 100000\r\n\r\n")
                try socket.send(Sample.text(50_000))
                socket.reset()
            }
            #expect(try server.put(Sample.text(100_000), to: url).status == 204)
            #expect(try server.complete(id, token: ida.access).codes("fileUploadComplete").isEmpty)
            // What was cut off is gone as soon as the server has noticed.
            for _ in 0..<500 where try server.filesOnDisk().count > 1 { usleep(10_000) }
            #expect(try server.filesOnDisk().count == 1)
        }
    }

    @Test func `whoever sends slowly takes no place of others`() async throws {
        try await APIServer.with { server in
            let (ida, eve) = (try server.register("ida"), try server.register("eve"))
            let started = try server.start("slow.txt", size: 1_000, token: ida.access)
            let url = try #require(started["\(ticket).url"])
            var slow = try (0..<4).map { _ in
                let socket = try server.socket()
                try socket.send("PUT \(server.path(url)) HTTP/1.1\r\nhost: a\r\ncontent-length: 1000\r\n\r\nabc")
                return socket
            }
            func waiting() throws -> Int { try server.filesOnDisk().filter { $0.hasPrefix("temporary/") }.count }
            for _ in 0..<500 where try waiting() < 4 { usleep(10_000) }
            #expect(try server.put(Sample.text(1_000), to: url).status == 503)
            let other = try server.start("b.txt", size: 10, token: eve.access)
            #expect(try server.put(Sample.text(10), to: #require(other["\(ticket).url"])).status == 204)
            for socket in slow { socket.reset() }
            slow = []
            for _ in 0..<500 where try waiting() > 0 { usleep(10_000) }
            #expect(try server.put(Sample.text(1_000), to: url).status == 204)
        }
    }

    @Test func `large uploads take little memory`() async throws {
        try await APIServer.with(files: { $0.bytesPerUser = 1 << 40 }) { server in
            let ida = try server.register("ida")
            let size = 25 << 20
            let text = Sample.text(size)
            // Once before it counts, so that what is made once is there.
            _ = try server.upload(text, name: "a.txt", token: ida.access)
            let started = try server.start("b.txt", size: size, token: ida.access)
            let url = try #require(started["\(ticket).url"])
            try resetPeak()
            let before = try peak()
            let sent = try server.upload(text, name: "a.txt", token: ida.access)
            #expect(sent["data.fileUpload.file.status"] == "READY")
            #expect(try server.put(text, to: url).status == 204)
            let done = try server.complete(#require(started["\(ticket).file.id"]), token: ida.access)
            #expect(done["data.fileUploadComplete.file.status"] == "READY")
            let grown = try peak() - before
            // Both ends are in this process; a single copy of the file would be 25 MiB.
            #expect(grown < 4 << 20, "\(grown) bytes")
        }
    }

    @Test func `a picture of a hundred megabytes is refused, and takes neither memory nor disk`() async throws {
        try await APIServer.with(files: { $0.bytesPerUser = 1 << 40 }) { server in
            let ida = try server.register("ida")
            let picture = Sample.png(10, 10, padding: 100 << 20)
            try resetPeak()
            let before = try peak()
            // It is answered while it is sent: the answer comes, or the connection ends.
            let refused = try? server.upload(picture, name: "me.png", purpose: "AVATAR", token: ida.access)
            if let refused {
                #expect(!refused.codes("fileUpload").isEmpty || refused["errors.0.message"] != nil, "\(refused.text)")
            }
            let started = try server.start("me.png", size: picture.count, purpose: "AVATAR", token: ida.access)
            #expect(started["data.fileUploadStart.userErrors.0.reason"] == "TOO_LARGE", "\(started.text)")
            #expect(try peak() - before < 16 << 20)
            #expect(try server.sql("SELECT count(*) FROM files") == "0")
            #expect(try server.filesOnDisk().isEmpty)
        }
    }

    /// https://docs.kernel.org/filesystems/proc.html: 5 makes the peak what is used now.
    private func resetPeak() throws {
        try "5".write(toFile: "/proc/self/clear_refs", atomically: false, encoding: .utf8)
    }

    private func peak() throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return try #require(line.flatMap { Int($0.filter(\.isNumber)) }) * 1_024
    }
}
