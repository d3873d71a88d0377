package import Actions
package import Data
package import GraphQLEngine
package import GraphQLSchema
internal import Synchronization

/// What all requests to a server are answered by. One object: whoever listens for hours holds a context for as long.
package final class ServerParts: Sendable {
    let server: ServerFacts
    let chatOptions: ChatOptions
    /// Nil where no pushes are sent.
    let push: PushServices?
    fileprivate let database: Database?
    fileprivate let identity: IdentityServices?
    fileprivate let files: FileServices?
    fileprivate let oauth: OAuthServices?

    package init(
        _ server: ServerFacts,
        _ database: Database? = nil,
        identity: IdentityServices? = nil,
        files: FileServices? = nil,
        oauth: OAuthServices? = nil,
        chat: ChatOptions = ChatOptions(),
        push: PushServices? = nil
    ) {
        self.server = server
        self.database = database
        self.identity = identity
        self.files = files
        self.oauth = oauth
        chatOptions = chat
        self.push = push
    }
}

/// What a request carries to its resolvers.
package final class RequestContext: ExecutionContext, @unchecked Sendable {
    // Unchecked because its base class is; what it holds never changes.
    private let parts: ServerParts
    private let asker: Asker
    private let isAsked = Atomic<Bool>(false)
    private let hasRefusedKey = Atomic<Bool>(false)
    let idempotency = IdempotencyRecord()
    let access = AccessRecord()

    package convenience init(
        _ loading: LoadingContext,
        _ parts: ServerParts,
        credential: Credential? = nil,
        allowance: RequestAllowance? = nil
    ) {
        self.init(loading, parts, Asker(credential: credential, allowance: allowance))
    }

    private init(_ loading: LoadingContext, _ parts: ServerParts, _ asker: Asker) {
        self.parts = parts
        self.asker = asker
        super.init(loading)
    }

    var server: ServerFacts { parts.server }
    var chatOptions: ChatOptions { parts.chatOptions }
    /// Nil where no pushes are sent.
    var push: PushServices? { parts.push }
    /// What it may ask for; nil where nothing is limited.
    package var allowance: RequestAllowance? { asker.allowance }

    package override func admit(_ cost: OperationCost?) throws(GraphQLError) { try allowance?.take(cost) }

    package override func settles(_ estimate: OperationCost?) -> Bool { allowance?.settles(estimate) ?? false }

    package override func settle(_ actual: OperationCost) { allowance?.giveBack(beyond: actual) }

    /// A person, or all who come from an address.
    package override var clientKey: String? {
        guard let identity, let credential else { return nil }
        switch identity.limitKey(token: credential.accessToken, client: credential.client) {
        case .address(let address): return "address:\(address)"
        case .actor(let id): return "actor:\(id)"
        }
    }

    package override var allowsIntrospection: Bool { server.allowsIntrospection }

    package override var extensions: [Value.Field] { idempotency.extensions }

    package override func contextForNextEvent() -> ExecutionContext { RequestContext(loading.renewed(), parts, asker) }
}

/// By what the answers of one client differ from those of another: whoever asks for it may tell something that others are not
/// told, which is noted.
extension RequestContext {
    /// Whose request it is. One object for all contexts of a subscription, of which one is made for each event.
    private final class Asker: Sendable {
        let credential: Credential?
        let shownToken: ShownToken?
        let allowance: RequestAllowance?

        init(credential: Credential?, allowance: RequestAllowance?) {
            self.credential = credential
            self.allowance = allowance
            shownToken = credential?.shownToken
        }
    }

    /// Nil in tests of what needs none.
    var database: Database? { asked.database }
    var identity: IdentityServices? { asked.identity }
    var files: FileServices? { asked.files }
    var oauth: OAuthServices? { asked.oauth }
    var credential: Credential? {
        isAsked.store(true, ordering: .relaxed)
        return asker.credential
    }
    /// Nil for those who show no access token, but a key or nothing.
    var shownToken: ShownToken? {
        isAsked.store(true, ordering: .relaxed)
        return asker.shownToken
    }

    private var asked: ServerParts {
        isAsked.store(true, ordering: .relaxed)
        return parts
    }

    /// Whether anything was asked for since `forgetsQuestions`.
    var wasAsked: Bool { isAsked.load(ordering: .relaxed) }

    func forgetsQuestions() { isAsked.store(false, ordering: .relaxed) }
}

/// What operators hear of.
extension RequestContext {
    /// A key does not count, which many fields may find out.
    func noteOnce(_ refusal: KeyRefusal) {
        guard let identity, let credential, !hasRefusedKey.exchange(true, ordering: .relaxed) else { return }
        identity.note(refusal, from: credential.client)
    }

    /// The request was refused because of the size of what it asks for.
    package func noteTooLarge() {
        guard let identity = parts.identity, let credential = asker.credential else { return }
        identity.noteTooLarge(from: credential.client)
    }
}

/// What the server knows of itself.
package struct ServerFacts: Sendable {
    let version: String
    let startedAtSeconds: Double
    /// Whether clients may ask for the schema.
    let allowsIntrospection: Bool
    /// The time in seconds since 1970.
    let clock: @Sendable () -> Double
    /// Looks how it is; nil in tests of what needs none.
    package let checkup: HealthCheckup?
    /// Nil in tests of what needs none.
    let figures: ServerFigures?

    package init(
        version: String,
        allowsIntrospection: Bool = true,
        checkup: HealthCheckup? = nil,
        figures: ServerFigures? = nil,
        clock: @escaping @Sendable () -> Double
    ) {
        self.checkup = checkup
        self.figures = figures
        self.version = version
        self.allowsIntrospection = allowsIntrospection
        self.clock = clock
        startedAtSeconds = clock()
    }
}

extension Engine {
    /// The engine of the application's schema, with what its directives do. Throws when a root field says neither
    /// `@public` nor `@auth`.
    ///
    /// - Parameter note: hears of the errors that clients are answered by, as they see them.
    package static func application(
        _ options: EngineOptions = EngineOptions(),
        noting note: (@Sendable (GraphQLError) -> Void)? = nil
    ) throws -> Engine {
        var options = options
        let schema = try Schema(unchecked: "\(GeneratedSchema.sdl)")
        try schema.mustBeGuarded()
        let keyless = KeylessMutations(schema)
        options.middleware["auth"] = AuthMiddleware(fieldsForPeople: schema.fieldsForPeople, keyless: keyless)
        options.middleware["public"] = PublicMiddleware(keyless: keyless)
        options.middleware["scope"] = ScopeMiddleware()
        options.middleware["rateLimit"] = RateLimitMiddleware()
        options.middleware["audit"] = AuditMiddleware()
        options.middleware["idempotency"] = IdempotencyMiddleware()
        // A key that nobody looks at would let a client believe that it is safe to ask again.
        options.validation.rules.append(.companion("idempotent", of: "idempotency"))
        options.present = EngineOptions.presenting(otherwise: options.present)
        if let note { options.note(note) }
        return try Engine(GeneratedSchema.self, options: options)
    }
}

extension EngineOptions {
    /// Has errors heard of once they are presented, by what the client sees.
    fileprivate mutating func note(_ note: @escaping @Sendable (GraphQLError) -> Void) {
        let (present, presentRefusal) = (present, presentRefusal)
        self.present = { error in
            let shown = present(error)
            // Who goes away reads nothing.
            if !(error is CancellationError) { note(shown) }
            return shown
        }
        self.presentRefusal = { error, outcome, context in
            let shown = presentRefusal(error, outcome, context)
            note(shown)
            return shown
        }
    }
}
