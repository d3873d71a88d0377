import Actions
import Foundation
import Testing

@Suite(.timeLimit(.minutes(3))) struct FileUploadTests {
    @Test func `a picture is uploaded, measured, kept and read again`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            let picture = Sample.png(640, 480, padding: 5_000)
            let answer = try server.upload(picture, name: "Sommer am Meer.png", purpose: "IMAGE", token: ida.access)
            let file = "data.fileUpload.file"
            #expect(answer["\(file).contentType"] == "image/png")
            #expect(answer["\(file).status"] == "READY")
            #expect(answer["\(file).byteSize"] == "\(picture.count)")
            #expect(answer["\(file).image.width"] == "640")
            #expect(answer["\(file).image.height"] == "480")
            #expect(answer["\(file).visibility"] == "PRIVATE")
            #expect(answer["\(file).sha256"]?.count == 64)
            let download = try server.fetch(#require(answer["\(file).url"]))
            #expect(download.status == 200)
            #expect(download.body == picture)
            #expect(download["content-type"] == "image/png")
            #expect(try server.filesOnDisk().count == 1)
            let audit = try server.sql("SELECT action || ' ' || outcome FROM audit_logs ORDER BY sequence DESC LIMIT 1")
            #expect(audit == "file.upload SUCCEEDED")
        }
    }

    @Test func `a file is a node that only its owner sees`() async throws {
        try await APIServer.with { server in
            let (ida, eve) = (try server.register("ida"), try server.register("eve"))
            let answer = try server.upload(Sample.text(10), name: "notes.txt", token: ida.access)
            let id = try #require(answer["data.fileUpload.file.id"])
            #expect(id.hasPrefix("file_"))
            let query = "query ($id: ID!) { node(id: $id) { id ... on File { filename } } file(id: $id) { filename } }"
            let own = try server.ask(query, ["id": id], token: ida.access)
            #expect(own["data.node.filename"] == "notes.txt")
            #expect(own["data.file.filename"] == "notes.txt")
            let other = try server.ask(query, ["id": id], token: eve.access)
            #expect(other.text == #"{"data":{"node":null,"file":null}}"#)
            #expect(try server.ask(query, ["id": id]).errorCode == "UNAUTHENTICATED")
            #expect(try server.delete(file: id, token: eve.access).codes("fileDelete") == ["NOT_FOUND"])
            try server.sql("UPDATE files SET visibility = 'PUBLIC'")
            #expect(try server.ask(query, ["id": id], token: eve.access)["data.file.filename"] == "notes.txt")
        }
    }

    @Test(arguments: [
        ("photo.png.exe", "TYPE_NOT_ALLOWED"), ("photo.jpg", "TYPE_MISMATCH"), ("photo.php.png", "NAME_INVALID"),
        ("../../etc/passwd.png", "NAME_INVALID"), ("..\\\\..\\\\boot.png", "NAME_INVALID"), ("", "NAME_INVALID"),
        ("...", "NAME_INVALID"), (".htaccess", "NAME_INVALID"), ("a/b.png", "NAME_INVALID"),
        (String(repeating: "x", count: 260) + ".png", "NAME_INVALID"),
    ])
    func `a name that lies or leads elsewhere is refused`(name: String, reason: String) async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            let answer = try server.upload(Sample.png(2, 2), name: name, purpose: "IMAGE", token: ida.access)
            #expect(answer.codes("fileUpload") == ["FILE_REJECTED"])
            #expect(answer["data.fileUpload.userErrors.0.reason"] == reason)
            #expect(answer["data.fileUpload.userErrors.0.path.0"] == "file")
            #expect(try server.filesOnDisk().isEmpty)
            #expect(try server.sql("SELECT count(*) FROM files") == "0")
        }
    }

    @Test func `marks that hide the end of a name are left out`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            let name = "e\u{301}te\u{202e}gnp.\u{200b}png "
            let answer = try server.upload(Sample.png(2, 2), name: name, purpose: "IMAGE", token: ida.access)
            // Composed: the accent is part of its letter.
            #expect(
                answer["data.fileUpload.file.filename"]?.unicodeScalars.elementsEqual("\u{e9}tegnp.png".unicodeScalars)
                    == true
            )
        }
    }

    @Test(
        arguments: [
            ("run.txt", Array("\u{7f}ELF\u{2}\u{1}".utf8), "ATTACHMENT", "TYPE_NOT_ALLOWED"),
            ("empty.txt", [], "ATTACHMENT", "EMPTY"),
            ("page.png", Array("<script>alert(1)</script>".utf8), "IMAGE", "TYPE_NOT_ALLOWED"),
            ("page.txt", Array("  <!DOCTYPE html><p>".utf8), "ATTACHMENT", "TYPE_MISMATCH"),
            ("short.png", [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0], "IMAGE", "DAMAGED"),
            ("huge.png", Sample.png(60_000, 60_000), "IMAGE", "DIMENSIONS"),
            ("none.png", Sample.png(0, 10), "IMAGE", "DAMAGED"),
            ("film.mp4", Sample.text(100), "INTRO_VIDEO", "TYPE_MISMATCH"),
        ] as [(String, [UInt8], String, String)]
    )
    func `bytes that are not what they should be are refused`(
        name: String,
        bytes: [UInt8],
        purpose: String,
        reason: String
    ) async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            // The media type that the client claims convinces nobody.
            let answer = try server.upload(bytes, name: name, purpose: purpose, type: "image/png", token: ida.access)
            let found = answer["data.fileUpload.userErrors.0.reason"]
            #expect(found == reason || (reason == "TYPE_MISMATCH" && found == "TYPE_NOT_ALLOWED"))
            #expect(try server.filesOnDisk().isEmpty)
            let audit = try server.sql(
                "SELECT outcome || ' ' || error_code FROM audit_logs ORDER BY sequence DESC LIMIT 1"
            )
            #expect(audit == "REFUSED FILE_REJECTED")
        }
    }

    @Test func `too many bytes are refused by purpose, and by the request`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            let large = Sample.png(10, 10, padding: 5 << 20)
            let answer = try server.upload(large, name: "me.png", purpose: "AVATAR", token: ida.access)
            #expect(answer["data.fileUpload.userErrors.0.reason"] == "TOO_LARGE")
            #expect(answer["data.fileUpload.userErrors.0.maxBytes"] == "\(5 << 20)")
            let rules = try server.ask("{ uploadRules { purpose maxBytes allowedTypes maxSidePixels } }")
            #expect(rules["data.uploadRules.0.purpose"] == "AVATAR")
            #expect(rules["data.uploadRules.0.maxSidePixels"] == "4096")
        }
    }

    @Test func `the viewer's files are a list by pages, and of purposes`() async throws {
        try await APIServer.with { server in
            let (ida, eve) = (try server.register("ida"), try server.register("eve"))
            for number in 0..<3 {
                _ = try server.upload(Sample.text(5), name: "\(number).txt", token: ida.access)
            }
            _ = try server.upload(Sample.png(1, 1), name: "me.png", purpose: "AVATAR", token: ida.access)
            let query = """
                query ($after: String, $purposes: [FilePurpose!]) { viewer {
                    files(first: 2, after: $after, purposes: $purposes) {
                        nodes { filename } totalCount pageInfo { hasNextPage endCursor }
                    }
                } }
                """
            let files = "data.viewer.files"
            let first = try server.ask(query, token: ida.access)
            #expect(first["\(files).nodes.0.filename"] == "me.png")
            #expect(first["\(files).totalCount"] == "4")
            let cursor = try #require(first["\(files).pageInfo.endCursor"])
            let second = try server.ask(query, ["after": cursor], token: ida.access)
            #expect(second["\(files).nodes.1.filename"] == "0.txt")
            #expect(second["\(files).pageInfo.hasNextPage"] == "0")
            #expect(try server.ask(query, ["purposes": ["AVATAR"]], token: ida.access)["\(files).totalCount"] == "1")
            #expect(
                try server.ask(query, ["purposes": [] as [String]], token: ida.access)["\(files).totalCount"] == "0"
            )
            #expect(try server.ask(query, token: eve.access)["\(files).totalCount"] == "0")
        }
    }

    @Test func `nobody uploads who is not signed in`() async throws {
        try await APIServer.with { server in
            let answer = try server.upload(Sample.text(3), name: "a.txt", token: nil)
            #expect(answer.errorCode == "UNAUTHENTICATED")
            #expect(try server.filesOnDisk().isEmpty)
        }
    }

    @Test func `uploads are limited by the minute`() async throws {
        try await APIServer.with(files: { $0.uploadsPerMinute = 2 }) { server in
            let ida = try server.register("ida")
            for _ in 0..<2 {
                #expect(try server.upload(Sample.text(3), name: "a.txt", token: ida.access).errorCode == nil)
            }
            let answer = try server.upload(Sample.text(3), name: "a.txt", token: ida.access)
            #expect(answer.errorCode == "RATE_LIMITED")
            #expect(try server.start("a.txt", size: 3, token: ida.access).errorCode == "RATE_LIMITED")
        }
    }

    @Test func `a quota holds whatever comes at a time, and deleting gives back`() async throws {
        try await APIServer.with(files: { $0.bytesPerUser = 250 }) { server in
            let ida = try server.register("ida")
            let first = try server.upload(Sample.text(100), name: "a.txt", token: ida.access)
            #expect(try server.start("b.txt", size: 100, token: ida.access).codes("fileUploadStart").isEmpty)
            let refused = try server.upload(Sample.text(100), name: "c.txt", token: ida.access)
            #expect(refused.codes("fileUpload") == ["QUOTA_EXCEEDED"])
            #expect(refused["data.fileUpload.userErrors.0.used"] == "200")
            #expect(refused["data.fileUpload.userErrors.0.limit"] == "250")
            #expect(try server.filesOnDisk().count == 1)
            let usage = "{ viewer { storageUsage { bytes files limitBytes } } }"
            #expect(try server.ask(usage, token: ida.access)["data.viewer.storageUsage.bytes"] == "200")
            let id = try #require(first["data.fileUpload.file.id"])
            #expect(try server.delete(file: id, token: ida.access)["data.fileDelete.deletedFileId"] == id)
            #expect(try server.filesOnDisk().isEmpty)
            #expect(try server.ask(usage, token: ida.access)["data.viewer.storageUsage.bytes"] == "100")
            #expect(try server.upload(Sample.text(100), name: "c.txt", token: ida.access).codes("fileUpload").isEmpty)
            #expect(
                try server.upload(Sample.text(251), name: "d.txt", token: server.register("eve").access)
                    .codes("fileUpload") == ["QUOTA_EXCEEDED"]
            )
        }
    }

    @Test func `what is referred to is not deleted, and a rename goes on saying what it is`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            let answer = try server.upload(Sample.png(9, 9), name: "me.png", purpose: "AVATAR", token: ida.access)
            let id = try #require(answer["data.fileUpload.file.id"])
            try server.sql("UPDATE user_profiles SET avatar_file_id = (SELECT id FROM files)")
            #expect(try server.sql("SELECT ref_count || visibility FROM files") == "1ATTACHED")
            #expect(try server.delete(file: id, token: ida.access).codes("fileDelete") == ["HAS_DEPENDENTS"])
            try server.sql("UPDATE user_profiles SET avatar_file_id = NULL")
            let rename = """
                mutation ($id: ID!, $name: String!) {
                    fileRename(id: $id, filename: $name) { file { filename } \(fileErrors) }
                }
                """
            let bad = try server.ask(rename, ["id": id, "name": "me.exe"], token: ida.access)
            #expect(bad["data.fileRename.userErrors.0.reason"] == "TYPE_MISMATCH")
            #expect(bad["data.fileRename.userErrors.0.path.0"] == "filename")
            let good = try server.ask(rename, ["id": id, "name": "you.png"], token: ida.access)
            #expect(good["data.fileRename.file.filename"] == "you.png")
            #expect(try server.delete(file: id, token: ida.access).codes("fileDelete").isEmpty)
            #expect(try server.delete(file: id, token: ida.access).codes("fileDelete") == ["NOT_FOUND"])
            #expect(try server.delete(file: "usr_nonsense", token: ida.access).codes("fileDelete") == ["NOT_FOUND"])
        }
    }
}
