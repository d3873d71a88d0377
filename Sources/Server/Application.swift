import Actions
import Data
import GraphQLEngine
import GraphQLSchema
import GraphQLTransport
import HTTPServer
import OutboundHTTP
import Resolvers

/// What the product is made of, and how requests reach it: the same for the program and for its tests.
struct Application {
    let database: Database
    let identity: IdentityServices
    let files: FileServices
    let oauth: OAuthServices
    let outbound: OutboundClient
    let push: PushServices?
    let facts: ServerFacts
    /// Nil in tests of what needs none.
    var observatory: Observatory?
    /// Tells of faults; nil where nobody gathers them.
    var errors: ErrorReporter?
    /// Keeps traces; nil where none are.
    var traces: TraceExporter?
    /// Whether metrics tell of each statement.
    var tellsStatements = true
    var chat = ChatOptions()
    var limits = RequestLimits()
    /// Whose pages may read files.
    var origins = CrossOriginPolicy.Origins.none
    /// Nil where browsers keep no tokens in cookies.
    var cookies: TokenCookies?
    /// Whether clients are shown what a fault was, for development.
    var showsFaults = false
    /// Is told of faults, of which clients see the id of their request alone.
    var report: @Sendable (any Error) -> Void

    /// What is asked for beside GraphQL.
    func addRoutes(to router: inout HTTPRouter) {
        FileRoutes(files, origins: origins, report: report).add(to: &router)
        AuditRoutes(files, trusting: limits.trustedProxies, report: report).add(to: &router)
        OAuthRoutes(oauth, trusting: limits.trustedProxies, report: report).add(to: &router)
        KeyRoutes(identity).add(to: &router)
        UnsubscribeRoutes(identity, UnsubscribeLinks(files), report: report).add(to: &router)
    }

    /// Faults are told to whom they concern, and errors have codes.
    private func apply(to engine: inout EngineOptions) {
        engine.present = { [report, showsFaults] error in
            // Who goes away makes no fault.
            if !(error is GraphQLError || error is CancellationError) { report(error) }
            return EngineOptions.masked(error, isShown: showsFaults)
        }
        engine.presentRefusal = { error, outcome, context in
            let shown = error.coded(otherwise: outcome.code)
            if shown.isTooLarge { (context as? RequestContext)?.noteTooLarge() }
            return shown
        }
    }

    /// The engine of the schema, whose errors are counted.
    func engine(_ options: EngineOptions) throws -> Engine {
        var options = options
        apply(to: &options)
        return try .application(options) { [observatory] in observatory?.errorCodes.count($0) }
    }

    /// Who asks, with what they may spend, and the files they bring.
    func apply(to graphQL: inout GraphQLConfiguration) {
        graphQL.singleConnection = SingleConnectionLimits()
        graphQL.tracksRequests = true
        graphQL.presentRefusal = { [observatory] error, status in
            let shown = error.coded(otherwise: status.errorCode)
            observatory?.errorCodes.count(shown)
            return shown
        }
        graphQL.uploads = files.uploadLimits
        graphQL.uploads?.refusal = { await ($0 as? RequestContext)?.refusalOfFiles() }
        graphQL.responseFields = { ($0 as? RequestContext)?.allowance?.addFields(to: &$1) }
        let limiter = limits.options.map { RequestLimiter(identity, $0) }
        observatory?.note(limiter)
        graphQL.operations = observatory?.operations
        graphQL.tracer = traces?.tracer
        if let checkup = facts.checkup { graphQL.canServe = { await checkup.canServe() } }
        graphQL.metrics = { [database, outbound, identity, observatory, errors, traces, tellsStatements] page in
            await database.addMetrics(to: &page)
            await observatory?.addMetrics(to: &page, detailed: tellsStatements)
            await outbound.addMetrics(to: &page)
            errors?.addMetrics(to: &page)
            traces?.addMetrics(to: &page)
            limiter?.addMetrics(to: &page)
            identity.boundedLog.addMetrics(to: &page)
            identity.watch.addMetrics(to: &page)
        }
        let parts = ServerParts(
            facts,
            database,
            identity: identity,
            files: files,
            oauth: oauth,
            chat: chat,
            push: push
        )
        graphQL.connect = { [identity, limits, cookies] connecting in
            let credential = try identity.credential(
                of: connecting,
                trusting: limits.trustedProxies,
                cookies: cookies
            )
            let key = identity.limitKey(token: credential.accessToken, client: credential.client)
            // A socket keeps this for as long as it is open.
            return { loading in
                RequestContext(
                    loading,
                    parts,
                    credential: credential,
                    allowance: limiter.map { RequestAllowance($0, key, credential.client) }
                )
            }
        }
    }
}
