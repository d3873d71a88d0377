import EventLoop
import GraphQLEngine
import GraphQLLanguage
import GraphQLSchema
import GraphQLTransport
import HTTPServer
import OutboundHTTP

/// Where the server is reached, by whom, and what an operation may cost.
struct ServingOptions {
    /// Where it listens.
    var address = SocketAddress.loopback(port: 8_080)
    /// The PEM files of a certificate with its chain and of its key; nil for plain text.
    var certificate: (chain: String, key: String)?
    /// Which pages of other origins may read answers and open sockets.
    var origins = CrossOriginPolicy.Origins.none
    /// The origin that clients see, where it is known: behind a proxy that ends TLS it is not that of the requests.
    var publicOrigin: String?
    /// Whether browsers of the same site may keep their tokens in cookies.
    var usesCookies = false
    /// Bytes of a request's body.
    var bodyBytes = 1 << 20
    /// Requests in one array; 0 refuses arrays.
    var batch = 0
    /// Whether clients may send the hash of a document that the server knows.
    var persistsQueries = true
    var trustedDocuments = TrustedDocumentPolicy.off
    /// Whether the schema can be asked for, and names of it are suggested.
    var allowsIntrospection = true
    var limits = OperationLimits()
    var documentBytes = 64 << 10
    var documentCacheBytes = 8 << 20
    /// Operations of one socket at a time, and bytes that may wait for a slow one.
    var socketOperations = 100
    var socketQueueBytes = 1 << 20
    /// Connections of one loop.
    var connections = 16_384
    /// Those of them that one address may have.
    var connectionsPerAddress = 4_096
    /// Seconds: between requests, without a byte taken of an answer, and of silence on a socket until it is asked for a sign of
    /// life.
    var idleSeconds = 60
    var sendSeconds = 30
    var pingSeconds = 30

    init() {}

    init(_ settings: inout Settings, isProduction: Bool, isServing: Bool) {
        address.port = UInt16(settings.number("ATRIUM_PORT", 0...65_535, 8_080))
        if let host = settings.text("ATRIUM_HOST") {
            if let given = SocketAddress(host, port: address.port) {
                address = given
            } else {
                settings.add(
                    problem: "ATRIUM_HOST must be an address such as 127.0.0.1, 0.0.0.0 or ::, not \"\(host)\""
                )
            }
        }
        readCertificate(&settings)
        readOrigins(&settings)
        publicOrigin = settings.text("PUBLIC_URL").flatMap(Origin.init).flatMap { $0.isOfWeb ? $0.text : nil }
        readCookies(&settings, isServing: isServing)
        bodyBytes = settings.number("ATRIUM_BODY_BYTES", 1_024...(1 << 30), bodyBytes)
        batch = settings.number("ATRIUM_BATCH", 0...1_000, batch)
        persistsQueries = settings.isOn("ATRIUM_PERSISTED_QUERIES", standard: true)
        readTrustedDocuments(&settings)
        allowsIntrospection = settings.isOn("ATRIUM_INTROSPECTION", standard: !isProduction)
        limits.depth = settings.number("ATRIUM_MAX_DEPTH", 1...200, limits.depth)
        limits.aliases = settings.number("ATRIUM_MAX_ALIASES", 0...10_000, limits.aliases)
        limits.rootFields = settings.number("ATRIUM_MAX_ROOT_FIELDS", 1...10_000, limits.rootFields)
        limits.points = Double(settings.number("ATRIUM_MAX_COST", 1...1_000_000_000, Int(limits.points)))
        limits.nodes = Double(settings.number("ATRIUM_MAX_NODES", 1...1_000_000_000, Int(limits.nodes)))
        documentBytes = settings.number("ATRIUM_DOCUMENT_BYTES", 1_024...(16 << 20), documentBytes)
        documentCacheBytes = settings.number("ATRIUM_DOCUMENT_CACHE_BYTES", 0...(1 << 30), documentCacheBytes)
        socketOperations = settings.number("ATRIUM_SOCKET_OPERATIONS", 1...100_000, socketOperations)
        socketQueueBytes = settings.number("ATRIUM_SOCKET_QUEUE_BYTES", 4_096...(1 << 30), socketQueueBytes)
        connections = settings.number("ATRIUM_CONNECTIONS", 1...1_000_000, connections)
        connectionsPerAddress = settings.number(
            "ATRIUM_CONNECTIONS_PER_ADDRESS",
            1...1_000_000,
            connectionsPerAddress
        )
        idleSeconds = settings.number("ATRIUM_IDLE_SECONDS", 1...3_600, idleSeconds)
        sendSeconds = settings.number("ATRIUM_SEND_SECONDS", 1...3_600, sendSeconds)
        pingSeconds = settings.number("ATRIUM_PING_SECONDS", 1...3_600, pingSeconds)
    }

    private mutating func readCertificate(_ settings: inout Settings) {
        switch (settings.text("ATRIUM_TLS_CERTIFICATE"), settings.text("ATRIUM_TLS_KEY")) {
        case (let chain?, let key?): certificate = (chain, key)
        case (nil, nil): break
        default: settings.add(problem: "ATRIUM_TLS_CERTIFICATE and ATRIUM_TLS_KEY go together: set both or none")
        }
    }

    private mutating func readOrigins(_ settings: inout Settings) {
        guard let text = settings.text("CORS_ORIGIN") else { return }
        let listed = text.split(separator: ",").map { $0.drop { $0 == " " } }.map(String.init)
        if listed == ["*"] {
            origins = .any
            return
        }
        for origin in listed where origin.wholeMatch(of: /https?:\/\/[^\s\/*]+/) == nil {
            settings.add(problem: "CORS_ORIGIN must be * or origins such as https://app.example, not \"\(origin)\"")
        }
        origins = .listed(listed)
    }

    private mutating func readCookies(_ settings: inout Settings, isServing: Bool) {
        usesCookies = settings.isOn("ATRIUM_COOKIES")
        guard usesCookies else { return }
        if case .any = origins {
            settings.add(
                problem: "ATRIUM_COOKIES must be off where CORS_ORIGIN is *: list the origins that may use cookies"
            )
        }
        if isServing, !isEncrypted {
            settings.add(problem: "ATRIUM_COOKIES takes a PUBLIC_URL that begins with https:// where people rely on it")
        }
    }

    /// Whether browsers reach the server over TLS, be it ended here or by a proxy.
    private var isEncrypted: Bool { publicOrigin.map { $0.hasPrefix("https://") } ?? (certificate != nil) }

    /// Nil where there are none.
    var cookies: TokenCookies? {
        guard usesCookies else { return nil }
        let listed = if case .listed(let origins) = origins { origins } else { [String]() }
        let sameHost = WebSocketOptions().allowsOrigin
        return TokenCookies(isEncrypted: isEncrypted) { [publicOrigin] origin, request in
            // Where the public address is known it decides: behind a proxy the request itself seems not encrypted.
            listed.contains(origin) || publicOrigin.map { $0 == origin } ?? sameHost(origin, request)
        }
    }

    /// Where this machine reaches the server.
    var ownURL: String {
        let isAny = address.octets.allSatisfy { $0 == 0 }
        let local = address.octets.count == 4 ? "127.0.0.1" : "[::1]"
        return "http\(certificate == nil ? "" : "s")://\(isAny ? "\(local):\(address.port)" : "\(address)")"
    }

    private mutating func readTrustedDocuments(_ settings: inout Settings) {
        enum Mode { case off, prefer, only }
        let name = "ATRIUM_TRUSTED_DOCUMENTS"
        let mode: Mode = settings.choice(name, [("off", .off), ("prefer", .prefer), ("only", .only)], .off)
        if mode == .off { return }
        let manifestName = "ATRIUM_TRUSTED_DOCUMENTS_MANIFEST"
        guard let text = settings.file(manifestName) else { return }
        guard case .object(let fields)? = try? Value(json: Array(text.utf8)) else {
            return settings.add(problem: "\(manifestName) must name a JSON object: the documents by their ids")
        }
        var documents: [String: String] = [:]
        for field in fields {
            guard case .string(let document) = field.value else {
                return settings.add(problem: "\(manifestName): the document of \"\(field.name)\" must be a string")
            }
            documents[field.name.hasPrefix("sha256:") ? String(field.name.dropFirst(7)) : field.name] = document
        }
        let manifest = DocumentManifest(documents)
        trustedDocuments = mode == .only ? .only(manifest) : .prefer(manifest)
    }

    // MARK: Applying them

    var loops: EventLoopConfiguration {
        var loops = EventLoopConfiguration()
        loops.maximumStreams = connections
        loops.maximumStreamsPerAddress = connectionsPerAddress
        loops.sendTimeout = .seconds(sendSeconds)
        return loops
    }

    func apply(to engine: inout EngineOptions) {
        engine.limits = limits
        engine.parser.bytes = documentBytes
        engine.documentCacheBytes = documentCacheBytes
        engine.validation.hidesSuggestions = !allowsIntrospection
    }

    func apply(to graphQL: inout GraphQLConfiguration) {
        graphQL.maximumBody = bodyBytes
        graphQL.maximumBatch = batch
        graphQL.persistedQueries = persistsQueries ? MemoryDocumentStore() : nil
        graphQL.trustedDocuments = trustedDocuments
        graphQL.crossOrigin.origins = origins
        graphQL.crossOrigin.headers += ["idempotency-key"] + (usesCookies ? ["\(TokenCookies.header)"] : [])
        graphQL.crossOrigin.allowsCredentials = usesCookies
        graphQL.crossOrigin.exposedHeaders += ["ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"]
        graphQL.socket.maximumOperations = socketOperations
        graphQL.socket.options.configuration.maximumQueue = socketQueueBytes
        graphQL.socket.options.configuration.pingInterval = .seconds(pingSeconds)
        let sameHost = graphQL.socket.options.allowsOrigin
        graphQL.socket.options.allowsOrigin = { [origins, publicOrigin] origin, request in
            func own(_ origin: String?, _ request: HTTPRequest) -> Bool {
                sameHost(origin, request) || publicOrigin != nil && origin?.lowercased() == publicOrigin
            }
            return switch origins {
            case .none: own(origin, request)
            // Cookies are off then: what a page of another origin does, it does with a credential of its own.
            case .any: true
            case .listed(let listed): origin.map(listed.contains) ?? true || own(origin, request)
            }
        }
    }
}

extension Configuration {
    /// How GraphQL is served, as far as settings say so.
    func graphQL(hasSample: Bool) -> GraphQLConfiguration {
        var graphQL = GraphQLConfiguration()
        serving.apply(to: &graphQL)
        graphQL.statusCodes = statusCodes
        graphQL.deadline = deadlineSeconds > 0 ? .seconds(deadlineSeconds) : nil
        graphQL.playground = servesPlayground ? PlaygroundOptions() : nil
        graphQL.playground?.developmentFolder = playgroundFolder
        graphQL.playground?.signIn = .sample(for: purpose, hasSample: hasSample)
        graphQL.endpoints = .standard
        if metrics == .off { graphQL.endpoints.metrics = nil }
        graphQL.endpoints.metricsToken = metricsToken
        if !servesSchema || !serving.allowsIntrospection { graphQL.endpoints.schema = nil }
        return graphQL
    }
}
