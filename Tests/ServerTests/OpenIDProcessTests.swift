import Foundation
import PostgresTesting
import PythonTesting
import Testing

/// The built server with a provider of OpenID Connect, as an operator configures it: oidc-provider-mock.
@Suite struct OpenIDProcessTests {
    @Test func `people sign in by the provider that the settings name`() throws {
        let provider = try PythonProgram("APITests/OAuth/oidc_server.py", [])
        let issuer = try #require(provider.object()?["url"] as? String)
        let (server, output) = (Process(), Pipe())
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        server.executableURL = URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent("Server")
        server.environment = [
            "ATRIUM_PORT": "0", "ATRIUM_DRAIN_SECONDS": "0", "DATABASE_URL": try TestCluster.database(),
            "PUBLIC_URL": "https://api.example", "OAUTH_GOOGLE_ID": "atrium", "OAUTH_GOOGLE_SECRET": "secret",
            "OAUTH_GOOGLE_ISSUER": issuer, "OAUTH_REDIRECT_URIS": "http://localhost:5173/oauth",
        ]
        server.standardError = output
        try server.run()
        defer {
            server.terminate()
            server.waitUntilExit()
        }
        var text = ""
        while !text.contains("/graphql\n") {
            let more = output.fileHandleForReading.availableData
            if more.isEmpty { break }
            text += String(decoding: more, as: UTF8.self)
        }
        let port = try #require(text.firstMatch(of: /http:\/\/127\.0\.0\.1:([0-9]+)\/graphql/), "\(text)").1
        for (person, email) in [("ida", "ida@example.org"), ("max", nil)] {
            let answer = try PythonProgram("ServerTests/openid_browser.py", [String(port), person]).object()
            let outcome = answer?["outcome"] as? [String: Any]
            let viewer = outcome?["viewer"] as? [String: Any]
            #expect(viewer?["email"] as? String == email, "\(String(describing: answer))")
            let errors = answer?["userErrors"] as? [[String: Any]]
            // Whose address the provider has not confirmed gets no account.
            #expect(errors?.compactMap { $0["code"] as? String } == (email == nil ? ["EMAIL_UNVERIFIED"] : []))
            if email != nil {
                #expect((viewer?["authentication"] as? [String: Any])?["method"] as? String == "OAUTH")
                #expect((viewer?["user"] as? [String: Any])?["displayName"] as? String == "Ida Elsewhere")
            }
        }
    }
}
