import Foundation
import Testing

@Suite(.timeLimit(.minutes(3))) struct FileDownloadTests {
    private func link(_ server: APIServer, _ bytes: [UInt8], _ name: String) throws -> String {
        let ida = try server.register("ida")
        let answer = try server.upload(bytes, name: name, token: ida.access)
        return try #require(answer["data.fileUpload.file.url"], "\(answer.text)")
    }

    @Test func `ranges are answered as the standard says`() async throws {
        try await APIServer.with { server in
            let text = Sample.text(1_000)
            let url = try link(server, text, "a.txt")
            let whole = try server.fetch(url)
            #expect(whole.body == text)
            #expect(whole["accept-ranges"] == "bytes")
            let tag = try #require(whole["etag"])
            for (range, expected) in [
                ("bytes=0-0", 0..<1), ("bytes=10-19", 10..<20), ("bytes=990-", 990..<1_000), ("bytes=-5", 995..<1_000),
                ("bytes=900-5000", 900..<1_000), ("bytes=-99999999999999999999", 0..<1_000),
            ] {
                let part = try server.fetch(url, ["range": range])
                #expect(part.status == 206, "\(range)")
                #expect(part.body == Array(text[expected]), "\(range)")
                #expect(part["content-range"] == "bytes \(expected.lowerBound)-\(expected.upperBound - 1)/1000")
            }
            for range in ["bytes=1000-", "bytes=-0", "bytes=5000-6000"] {
                let none = try server.fetch(url, ["range": range])
                #expect(none.status == 416, "\(range)")
                #expect(none["content-range"] == "bytes */1000")
            }
            // Malformed ranges, other units and several ranges are passed over.
            for range in ["bytes=5-2", "bytes=a-b", "bytes=--5", "lines=1-2", "bytes=0-1,5-6", "bytes"] {
                #expect(try server.fetch(url, ["range": range]).status == 200, "\(range)")
            }
            #expect(try server.fetch(url, ["range": "bytes=0-1", "if-range": tag]).status == 206)
            #expect(try server.fetch(url, ["range": "bytes=0-1", "if-range": "\"other\""]).status == 200)
            #expect(try server.fetch(url, ["if-none-match": "\"x\", W/\(tag)"]).status == 304)
            #expect(try server.fetch(url, ["if-none-match": "\"x\""]).status == 200)
            let head = try server.fetch(url, method: "HEAD")
            #expect(head.status == 200)
            #expect(head["content-length"] == "1000")
            #expect(try server.fetch(url, method: "POST").status == 405)
        }
    }

    @Test func `a link is good for its file, its name and its time only`() async throws {
        try await APIServer.with { server in
            let url = try link(server, Sample.text(10), "a.txt")
            for (old, new) in [
                ("inline", "attachment"), ("a.txt", "b.txt"), ("exp=1", "exp=2"), ("file_0", "file_1"),
                ("sig=", "sig=A"),
                ("&sig=", "&x=1&sig="), ("?d=", "?x=1&d="),
            ] {
                let forged = url.replacingOccurrences(of: old, with: new)
                #expect(forged != url, "\(old)")
                #expect(try server.fetch(forged).status == 403, "\(old)")
            }
            #expect(try server.fetch("/files/../files/x").status == 403)
            #expect(try server.fetch("/files/").status == 403)
            #expect(try server.put(Sample.text(10), to: url).status == 405)
            #expect(try server.fetch(url).status == 200)
            server.pass(seconds: 901)
            let late = try server.fetch(url)
            #expect(late.status == 403)
            #expect(late.text.contains("expired"))
        }
    }

    @Test func `a deleted file is gone for those who have a link`() async throws {
        try await APIServer.with { server in
            let url = try link(server, Sample.text(10), "a.txt")
            try server.sql("UPDATE files SET status = 'DELETED'")
            #expect(try server.fetch(url).status == 404)
        }
    }

    @Test(arguments: [
        ("page.html", "<!doctype html><script>alert(document.domain)</script>"),
        ("drawing.svg", "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("drawing.svg", "<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'><script/></svg>"),
        ("data.xml", "<?xml version='1.0'?><?xml-stylesheet href='x.xsl'?><a/>"),
    ])
    func `what could act in a browser is only ever saved`(name: String, content: String) async throws {
        try await APIServer.with { server in
            let url = try link(server, Array(content.utf8), name)
            let answer = try server.fetch(url)
            #expect(answer.status == 200)
            #expect(answer["content-type"] == "application/octet-stream")
            #expect(answer["content-disposition"]?.hasPrefix("attachment;") == true)
            #expect(answer["x-content-type-options"] == "nosniff")
            #expect(answer["content-security-policy"] == "default-src 'none'; sandbox")
        }
    }

    @Test func `pages of listed origins send and read bytes by script, and no others`() async throws {
        try await APIServer.with { server in
            let url = try link(server, Sample.text(10), "a.txt")
            let own = try server.fetch(url, ["origin": "https://app.example"])
            #expect(own["access-control-allow-origin"] == "https://app.example")
            #expect(own["access-control-expose-headers"]?.contains("content-range") == true)
            #expect(try server.fetch(url, ["origin": "https://evil.example"])["access-control-allow-origin"] == nil)
            let question = ["origin": "https://app.example", "access-control-request-method": "PUT"]
            let answer = try server.fetch("/uploads/x", method: "OPTIONS", question)
            #expect(answer.status == 204)
            #expect(answer["access-control-allow-methods"] == "PUT, OPTIONS")
            #expect(answer["access-control-allow-origin"] == "https://app.example")
            let foreign = ["origin": "https://evil.example", "access-control-request-method": "PUT"]
            #expect(
                try server.fetch("/uploads/x", method: "OPTIONS", foreign)["access-control-allow-origin"] == nil
            )
        }
    }

    @Test func `names cannot break out of their field`() async throws {
        try await APIServer.with { server in
            let url = try link(server, Sample.text(10), "Übung 100% (kopie); x=y.txt")
            let answer = try server.fetch(url)
            #expect(
                answer["content-disposition"]
                    == "inline; filename=\"_bung 100_ (kopie); x=y.txt\"; "
                    + "filename*=UTF-8''%C3%9Cbung%20100%25%20%28kopie%29%3B%20x%3Dy.txt"
            )
            #expect(answer["cache-control"]?.hasPrefix("private, max-age=") == true)
            #expect(answer["content-type"] == "text/plain; charset=utf-8")
        }
    }
}
