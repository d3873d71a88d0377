import Actions
import Credentials
import Data
import EventLoop
import PostgresClient
import Testing

@Suite(.timeLimit(.minutes(3))) struct KeyRotationTests {
    private func cipher(_ current: UInt8, _ previous: [UInt8] = []) throws -> FieldCipher {
        func key(_ id: UInt8) throws -> FieldCipher.Key {
            try #require(FieldCipher.Key(id: id, bytes: (0..<32).map { $0 &* 7 &+ id }))
        }
        return FieldCipher(current: try key(current), previous: try previous.map(key))
    }

    private func place(_ id: String) -> FieldCipher.Place {
        FieldCipher.Place(table: "mfa_factors", column: "secret_enc", row: Array(id.utf8))
    }

    private func rotate(_ server: APIServer, _ cipher: FieldCipher, batch: Int = 500) async throws -> KeyRotation.Report
    {
        try await server.group.loops[0].start { [identity = server.identity] in
            try await KeyRotation(identity, cipher).run(batch: batch)
        }
    }

    @Test func `values of former keys are encrypted anew, batch by batch, and a second run finds none`() async throws {
        try await APIServer.with { server in
            try server.register("ida")
            let old = try cipher(1)
            var secrets: [String: [UInt8]] = [:]
            for number in 0..<7 {
                let id = "00000000-0000-7000-8000-00000000000\(number)"
                secrets[id] = [UInt8(number), 1, 2, 3]
                let sealed = old.seal(secrets[id] ?? [], at: place(id)).map {
                    ($0 < 16 ? "0" : "") + String($0, radix: 16)
                }
                try server.sql(
                    """
                    INSERT INTO mfa_factors (id, user_id, kind, name, secret_enc)
                    SELECT '\(id)', id, 'TOTP', 'x', '\\x\(sealed.joined())' FROM users
                    """
                )
            }
            let both = try cipher(2, [1])
            #expect(try await rotate(server, both, batch: 3) == KeyRotation.Report(renewed: 7))
            #expect(try await rotate(server, both) == KeyRotation.Report())
            #expect(try server.sql("SELECT count(*) FROM mfa_factors WHERE get_byte(secret_enc, 1) = 2") == "7")
            let new = try cipher(2)
            for (id, secret) in secrets {
                let hex = try #require(
                    try server.sql("SELECT encode(secret_enc, 'hex') FROM mfa_factors WHERE id = '\(id)'")
                )
                let bytes = stride(from: 0, to: hex.count, by: 2).compactMap {
                    UInt8(hex.dropFirst($0).prefix(2), radix: 16)
                }
                #expect(try new.open(bytes, at: place(id)) == secret)
            }
        }
    }

    @Test func `what no key opens is named and left as it is`() async throws {
        try await APIServer.with { server in
            try server.register("ida")
            let id = "00000000-0000-7000-8000-000000000001"
            try server.sql(
                "INSERT INTO mfa_factors (id, user_id, kind, name, secret_enc) SELECT '\(id)', id, 'TOTP', 'x', '\\x0103' FROM users"
            )
            let report = try await rotate(server, try cipher(2, [1]))
            #expect(report.renewed == 0 && report.unreadable == ["mfa_factors.secret_enc of \(id)"])
            #expect(try server.sql("SELECT encode(secret_enc, 'hex') FROM mfa_factors") == "0103")
        }
    }
}
