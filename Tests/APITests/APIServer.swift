import Actions
import Credentials
import Data
import EventLoop
import FileStore
import Foundation
import GraphQLEngine
import GraphQLTransport
import HTTPServer
import IdentityProviders
import Jobs
import Mail
import OutboundHTTP
import PostgresClient
import PostgresTesting
import Resolvers
import SocketTesting
import Synchronization
import Testing

@testable import Server

/// The application on a free port, with a database of its own, for the length of one test.
struct APIServer {
    let group: EventLoopGroup
    let database: Database
    let identity: IdentityServices
    /// What looked like an attack.
    let suspicions = NotedSuspicions()
    let files: FileServices
    let outbound: OutboundClient
    let mails: MailServices
    /// Sends to addresses of this machine too, where tests listen.
    let push: PushServices
    /// Where mails go.
    let mailFolder: MailFolder
    let connectionString: String
    private let port: UInt16
    private let pools: [BlockingPool]
    /// Where the bytes of files are.
    let fileFolder: String
    /// By whom people sign in, where a test has one.
    var provider: TestProvider?
    private let clock = TestClock()

    /// Without limits that would get into the way of most tests.
    static var options: IdentityOptions {
        var options = IdentityOptions()
        options.signInsPerMinute = 100_000
        options.registrationsPerHour = 100_000
        options.refreshesPerMinute = 100_000
        options.tokensPerMinute = 100_000
        options.oauthStepsPerMinute = 100_000
        options.secondStepsPerMinute = 100_000
        options.mailsPerHour = 100_000
        return options
    }

    static var fileOptions: FileOptions {
        var options = FileOptions()
        options.uploadsPerMinute = 100_000
        options.publicURL = "https://api.example"
        return options
    }

    static func pushes(_ client: OutboundClient, reach: Reach = .anywhere) -> PushServices {
        let sender = PushSender(
            secret: "a secret of these tests, and of nothing else",
            contact: "mailto:ops@example.org"
        )
        return PushServices(sender: sender, client: client, reach: reach)
    }

    init(
        _ options: IdentityOptions = APIServer.options,
        files fileOptions: FileOptions = APIServer.fileOptions,
        events: EventFeed.Options = EventFeed.Options(),
        cost: Int = 4,
        limits: RequestLimits = RequestLimits(),
        beside other: APIServer? = nil,
        outbound outboundOptions: OutboundOptions = OutboundOptions(),
        providers: (inout APIParts) throws -> [OAuthProviderKind: any IdentityProvider] = { _ in [:] },
        push: (OutboundClient) throws -> PushServices = { APIServer.pushes($0) },
        cookies: TokenCookies? = nil,
        healthProviders: [HealthCheckup.Provider] = [],
        checkup checkupOptions: HealthCheckup.Options = HealthCheckup.Options()
    ) async throws {
        connectionString = try other?.connectionString ?? TestCluster.database()
        group = try EventLoopGroup(count: 1)
        var pool = PoolOptions(connectionString)
        pool.queueDeadline = .seconds(60)
        pool.statementDeadline = .seconds(60)
        let secret = "a secret of these tests, and of nothing else"
        database = try await Database.open(pool, on: group, cursors: CursorSigner(secret: secret), events: events)
        let key = try SigningSecret.key("a secret of these tests, and of nothing else")
        guard let signer = TokenSigner(issuer: "https://api.example", audience: "atrium", current: key) else {
            throw SocketFailure(call: "signer", code: 0)
        }
        guard let testKey = FieldCipher.Key(id: 1, bytes: Array(0..<32)) else {
            throw SocketFailure(call: "key", code: 0)
        }
        let threads = try (
            hashing: BlockingPool(queueLimit: 4_096), files: BlockingPool(queueLimit: 1_024),
            mails: BlockingPool(threads: 1, queueLimit: 4_096)
        )
        pools = [threads.hashing, threads.files, threads.mails]
        var identity = IdentityServices(
            database: database,
            hasher: try PasswordHasher(cost: cost, pool: threads.hashing),
            signer: signer,
            cipher: FieldCipher(current: testKey),
            options: options,
            clock: { [clock] in clock.now }
        )
        identity.suspects = { [suspicions] one in suspicions.all.withLock { $0.append(one) } }
        self.identity = identity
        let folder = FileManager.default.temporaryDirectory.path + "/atrium-files-\(identity.newID())"
        files = FileServices(
            identity: identity,
            storage: try FolderStorage(folder: folder, pool: threads.files),
            links: SignedLinks(secret: "a secret of these tests, and of nothing else"),
            options: fileOptions
        )
        fileFolder = folder
        outbound = OutboundClient(group, outboundOptions)
        mailFolder = try MailFolder(folder + "-mails", pool: threads.mails)
        let from = try #require(MailAddress("atrium@example.org"))
        mails = MailServices(
            sender: mailFolder,
            from: from,
            pages: "https://app.example",
            unsubscribing: UnsubscribeLinks(files)
        )
        self.push = try push(outbound)
        var parts = APIParts(identity: identity, outbound: outbound)
        let oauth = OAuthServices(
            identity: identity,
            providers: try providers(&parts),
            returnAddresses: [returnAddress, "https://app.example/other?from=oauth"],
            publicURL: "https://api.example"
        )
        provider = parts.provider
        let observatory = Observatory(database)
        let checkup = HealthCheckup(identity, files.storage, outbound, providers: healthProviders, checkupOptions)
        var application = Application(
            database: database,
            identity: identity,
            files: files,
            oauth: oauth,
            outbound: outbound,
            push: self.push,
            facts: ServerFacts(version: "test", checkup: checkup, figures: observatory.figures) { 0 },
            observatory: observatory,
            limits: limits,
            origins: .listed(["https://app.example"]),
            cookies: cookies,
            report: { Issue.record($0) }
        )
        var router = HTTPRouter()
        application.addRoutes(to: &router)
        var graphQL = GraphQLConfiguration()
        graphQL.deadline = .seconds(120)
        graphQL.endpoints.metrics = "/metrics"
        application.apply(to: &graphQL)
        // Tests cause faults of operations, and look at what clients are told of them.
        application.report = { _ in }
        let handler = GraphQLHandler(try application.engine(EngineOptions()), graphQL, others: router)
        let server = HTTPServer(group: group, handler: handler)
        observatory.watch.watch(handler, server, samples: false)
        port = try server.listen(on: .loopback()).port
    }

    func stop() async {
        await provider?.stop()
        await database.stopJobs(within: .zero)
        await outbound.close()
        await database.close()
        await group.stop()
        for pool in pools { pool.stop() }
        try? FileManager.default.removeItem(atPath: fileFolder + "-mails")
        try? FileManager.default.removeItem(atPath: fileFolder)
    }

    /// Lets time pass for the application.
    func pass(seconds: Int64) { clock.pass(seconds: seconds) }

    /// Runs SQL beside the application; the first value of its answer.
    @discardableResult
    func sql(_ text: String) throws -> String? { try TestCluster.execute(text, on: connectionString) }

    /// Reads that were sent to the database so far.
    func statements() async throws -> UInt64 {
        try await group.loops[0].run { [database] in database.pool.readMetrics.statements.statements }
    }

    /// The same with what was sent in transactions.
    func allStatements() async throws -> UInt64 {
        try await group.loops[0].run { [database] in
            let pool = database.pool
            return pool.readMetrics.statements.statements + pool.transactionMetrics.statements.statements
        }
    }

    /// How often transactions went to the database and back.
    func roundTrips() async throws -> UInt64 {
        try await group.loops[0].run { [database] in database.pool.transactionMetrics.statements.synchronisations }
    }

    /// What Prometheus is told.
    func metricsText() throws -> String {
        let socket = try socket()
        try socket.send("GET /metrics HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n")
        return String(decoding: try socket.receiveToEnd(), as: UTF8.self)
    }

    // MARK: Asking

    func socket() throws -> TestSocket { try TestSocket(port: port) }

    func ask(
        _ query: String,
        _ variables: [String: Any] = [:],
        token: String? = nil,
        userAgent: String = "tests"
    ) throws -> APIAnswer {
        let socket = try socket()
        try socket.send(request(query, variables, token: token, userAgent: userAgent))
        return try APIAnswer(from: socket)
    }

    func request(
        _ query: String,
        _ variables: [String: Any],
        token: String? = nil,
        userAgent: String = "tests"
    ) throws -> String {
        let body = try JSONSerialization.data(withJSONObject: ["query": query, "variables": variables])
        var text = "POST /graphql HTTP/1.1\r\nhost: test\r\ncontent-type: application/json\r\n"
        text += "user-agent: \(userAgent)\r\ncontent-length: \(body.count)\r\n"
        if let token { text += "authorization: Bearer \(token)\r\n" }
        return text + "\r\n" + String(decoding: body, as: UTF8.self)
    }
}

/// What providers of identity are made of.
struct APIParts {
    let identity: IdentityServices
    let outbound: OutboundClient
    var provider: TestProvider?
}

/// What the application found suspicious, in the order of time.
final class NotedSuspicions: Sendable {
    let all = Mutex<[Suspicion]>([])
    var kinds: [Suspicion.Kind] { all.withLock { $0.map(\.kind) } }
}

/// The real time, and what a test adds to it.
private final class TestClock: Sendable {
    private let added = Atomic<Int64>(0)

    var now: Timestamp {
        Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000) + added.load(ordering: .relaxed))
    }

    func pass(seconds: Int64) { added.add(seconds * 1_000_000, ordering: .relaxed) }
}

/// An answer, to be read by paths such as `data.signIn.outcome`.
struct APIAnswer {
    let text: String
    private let json: Any

    init(from socket: TestSocket) throws {
        let head = try socket.receiveText(through: "\r\n\r\n")
        let field = head.lowercased().split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
        guard let length = field.flatMap({ Int($0.dropFirst(15).filter(\.isNumber)) }) else {
            throw SocketFailure(call: "response \(head)", code: 0)
        }
        try self.init(text: socket.receiveText(exactly: length))
    }

    init(text: String) throws {
        self.text = text
        json = try JSONSerialization.jsonObject(with: Foundation.Data(text.utf8))
    }

    subscript(path: String) -> String? {
        switch value(path) {
        case let text as String: text
        case let number as NSNumber: "\(number)"
        default: nil
        }
    }

    func count(_ path: String) -> Int { (value(path) as? [Any])?.count ?? 0 }

    /// The codes of the user errors of a mutation.
    func codes(_ mutation: String) -> [String] {
        (value("data.\(mutation).userErrors") as? [[String: Any]] ?? []).compactMap { $0["code"] as? String }
    }

    /// The code of the first error of the answer itself.
    var errorCode: String? { self["errors.0.extensions.code"] }

    private func value(_ path: String) -> Any? {
        path.split(separator: ".").reduce(Optional(json)) { value, key in
            if let index = Int(key), let list = value as? [Any] {
                return list.indices.contains(index) ? list[index] : nil
            }
            return (value as? [String: Any])?[String(key)]
        }
    }
}
