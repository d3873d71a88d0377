import EventLoop
import Glibc
import PostgresClient
import PostgresEmbedded
import PostgresTesting
import SocketTesting
import Testing

/// PostgreSQL over TCP that takes nobody who does not encrypt.
@Suite(.serialized, .timeLimit(.minutes(3))) struct EncryptedTests {
    private struct Encryption: PostgresRow {
        let isEncrypted: Bool
        let version: String?

        init(from row: inout RowReader) throws {
            isEncrypted = try row.next()
            version = try row.next()
        }
    }

    private static let encryption = Statement<Encryption>(
        "SELECT ssl, version FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
    )
    private static let wide = Statement<String, Int>("SELECT repeat('y', $1::int)")

    /// An address of this process's own: the port is the same for all clusters.
    private static var address: String { "127.77.\(getpid() >> 8 & 255).\(getpid() & 254 | 1)" }

    private func withServer(_ body: (_ place: String, _ certificate: String) async throws -> Void) async throws {
        let certificate = try TestCertificate(commonName: "database.example")
        let rules = certificate.certificateFile + ".hba"
        let text = "local all all trust\nhostssl all all 127.0.0.0/8 trust\nhostnossl all all all reject\n"
        let file = try #require(fopen(rules, "w"))
        fputs(text, file)
        fclose(file)
        defer { unlink(rules) }
        chmod(String(rules.prefix(upTo: rules.lastIndex(of: "/") ?? rules.endIndex)), 0o755)
        if geteuid() == 0, let user = getpwnam("postgres") {
            chown(certificate.keyFile, user.pointee.pw_uid, user.pointee.pw_gid)
        }
        for file in [certificate.certificateFile, rules] { chmod(file, 0o644) }
        chmod(certificate.keyFile, 0o600)
        let cluster = try TestCluster.start(
            "encrypted",
            settings: [
                ("listen_addresses", Self.address), ("ssl", "on"), ("ssl_cert_file", certificate.certificateFile),
                ("ssl_key_file", certificate.keyFile), ("hba_file", rules),
            ]
        )
        defer { cluster.stop() }
        try await body("hostaddr=\(Self.address) port=5432 user=atrium dbname=atrium", certificate.certificateFile)
    }

    @Test func `what sslmode asks for is what is done`() async throws {
        try await withServer { place, certificate in
            for mode in ["require", "verify-full sslrootcert=\(certificate) host=database.example"] {
                try await withPool("\(place) sslmode=\(mode)") { pool in
                    let encryption = try await pool.session().one(Self.encryption)
                    #expect(encryption.isEncrypted && encryption.version?.hasPrefix("TLSv1.") == true)
                    // More than fits into a record, of many statements at once: none waits in a buffer of TLS.
                    let lengths = try await all(0..<20) { number in
                        try await pool.session().one(Self.wide, number << 16).utf8.count
                    }
                    #expect(lengths == (0..<20).map { $0 << 16 })
                }
            }
        }
    }

    @Test func `whoever is not meant is not talked to`() async throws {
        try await withServer { place, certificate in
            for mode in [
                // Of another name, of nobody's, and in the open.
                "verify-full sslrootcert=\(certificate) host=other.example", "verify-ca sslrootcert=/nowhere",
                "disable",
            ] {
                let error = await #expect(throws: PostgresError.self) {
                    try await onLoop { loop in
                        try await PostgresConnection.connect(ConnectionOptions("\(place) sslmode=\(mode)"), on: loop)
                            .close()
                    }
                }
                guard case .cannotConnect = error else {
                    Issue.record("\(mode): \(String(describing: error))")
                    continue
                }
            }
        }
    }
}
