import Actions
import Credentials
import Data
import EventLoop
import GraphQLSchema
import GraphQLTransport
import HTTPServer
import PostgresClient
import Resolvers

extension TokenSigner {
    /// By the pair of keys that is set, else by the secret. Signatures of RSA have threads of their own: behind those that hash,
    /// whoever is signed in would wait for those who try passwords.
    init(_ configuration: Configuration) throws {
        let keys = configuration.signingKeys
        let secrets = try ([SigningSecret.of(configuration)] + configuration.previousSigningSecrets).map(
            SigningSecret.key
        )
        let current = keys.current ?? secrets[0]
        let accepted = keys.others + (keys.acceptsSecrets ? secrets : [])
        let isRSA = current.algorithm == .rs256
        let signer = TokenSigner(
            issuer: configuration.publicURL,
            audience: "atrium",
            current: current,
            previous: accepted.filter { $0.id != current.id },
            pool: isRSA ? try BlockingPool(threads: 1, queueLimit: configuration.hashingQueue) : nil
        )
        guard let signer else { throw UsageError(text: "two keys of access tokens have one id") }
        self = signer
    }
}

extension IdentityServices {
    /// The services as the configuration wants them. Blocks for one hash of a password.
    init(_ configuration: Configuration, _ database: Database) throws {
        let pool = try BlockingPool(threads: configuration.hashingThreads, queueLimit: configuration.hashingQueue)
        self.init(
            database: database,
            hasher: try PasswordHasher(cost: configuration.passwordCost, pool: pool),
            signer: try TokenSigner(configuration),
            cipher: try EncryptionKeys.of(configuration),
            options: configuration.identity,
            clock: { Timestamp(microseconds: WallClock.microseconds) }
        )
    }

    /// What somebody shows who wants to be served: the header of a request, or what a socket introduced itself with.
    ///
    /// - Parameter cookies: nil where none are used; who asks for them then is told so, as tokens would be told otherwise.
    func credential(
        of connecting: Connecting,
        trusting proxies: [InternetAddress] = [],
        cookies: TokenCookies? = nil
    ) throws(ConnectionRefused) -> Credential {
        let request = connecting.request
        let header = request["authorization"]?.string ?? connecting.payload.flatMap(Self.authorization(in:))
        let shown = try cookies?.shown(by: connecting, isAuthorized: header != nil, at: now)
        if cookies == nil, request[TokenCookies.header] != nil {
            throw ConnectionRefused("This server keeps no tokens in cookies.", status: .badRequest)
        }
        return Credential(
            accessToken: header.flatMap(Self.bearerToken(in:)) ?? shown?.accessToken,
            shownAt: now,
            client: ClientInfo(request, trusting: proxies, requestID: newID().description),
            // Of a socket the header would be that of all its operations.
            idempotencyKey: request["upgrade"] == nil ? request["idempotency-key"]?.string : nil,
            cookies: shown?.exchange
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
