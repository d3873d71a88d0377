import Actions
import Credentials
import Data
import EventLoop
import Glibc
import GraphQLSchema
import GraphQLTransport
import HTTPServer
import PostgresClient
import Resolvers

extension IdentityServices {
    /// The services as the configuration wants them. Blocks for one hash of a password.
    init(_ configuration: Configuration, _ database: Database) throws {
        let secret = try SigningSecret.of(configuration)
        let signer = TokenSigner(
            issuer: configuration.publicURL,
            audience: "atrium",
            current: try SigningSecret.key(secret),
            previous: try configuration.previousSigningSecrets.map(SigningSecret.key)
        )
        guard let signer else { throw UsageError(text: "JWT_PREVIOUS_SECRETS has one secret twice") }
        let pool = try BlockingPool(threads: configuration.hashingThreads, queueLimit: configuration.hashingQueue)
        self.init(
            database: database,
            hasher: try PasswordHasher(cost: configuration.passwordCost, pool: pool),
            signer: signer,
            cipher: try EncryptionKeys.of(configuration),
            options: configuration.identity,
            clock: {
                var now = timespec()
                clock_gettime(CLOCK_REALTIME, &now)
                return Timestamp(microseconds: Int64(now.tv_sec) * 1_000_000 + Int64(now.tv_nsec) / 1_000)
            }
        )
    }

    /// What somebody shows who wants to be served: the header of a request, or what a socket introduced itself with.
    func credential(of connecting: Connecting, trusting proxies: [InternetAddress] = []) -> Credential {
        let request = connecting.request
        let header = request["authorization"]?.string ?? connecting.payload.flatMap(Self.authorization(in:))
        let client = ClientInfo(
            address: ClientAddress.of(request, trusting: proxies),
            userAgent: request["user-agent"]?.string ?? "",
            requestID: newID().description
        )
        return Credential(
            accessToken: header.flatMap(Self.bearerToken(in:)),
            shownAt: now,
            client: client,
            // Of a socket the header would be that of all its operations.
            idempotencyKey: request["upgrade"] == nil ? request["idempotency-key"]?.string : nil
        )
    }

    private static func authorization(in payload: Value) -> String? {
        guard case .object(let fields) = payload else { return nil }
        for field in fields where field.name.lowercased() == "authorization" {
            if case .string(let text) = field.value { return text }
        }
        return nil
    }

    /// https://www.rfc-editor.org/rfc/rfc6750#section-2.1
    static func bearerToken(in header: String) -> String? {
        let parts = header.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        return String(parts[1])
    }
}
