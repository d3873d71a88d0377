import Actions
import Credentials
import EventLoop
import FileStore
import GraphQLEngine
import GraphQLTransport
import HTTPServer
import OutboundHTTP

/// Everything that can be set, read once from the environment and `.env` at start.
struct Configuration {
    /// What the server is run for.
    enum Purpose: String {
        case development, test, staging, production

        /// Whether people rely on it, so that weak secrets are refused.
        var isServing: Bool { self == .staging || self == .production }
    }

    /// What Prometheus is told.
    enum Metrics {
        case off
        /// All but what each statement took.
        case brief
        case all
    }

    var purpose = Purpose.development
    var serving = ServingOptions()
    /// Event loops, each on a thread of its own.
    var loops = 1
    var statusCodes = StatusCodes.september2026
    /// How long running requests may take to finish after SIGTERM, in seconds.
    var drainSeconds = 10
    /// How long a query or mutation may take, in seconds; 0 for ever.
    var deadlineSeconds = 30
    /// What answers tell of their execution.
    var extensions = ResponseExtensions()

    /// How long the server goes on taking clients after SIGTERM, while `/readyz` says no, in seconds.
    var drainDelaySeconds = 0
    /// The log on standard output; nil where there is none.
    var log: Log? { logs ? Log(form: logForm, level: logLevel) : nil }
    /// Its form; nil for text on a terminal and JSON elsewhere.
    var logForm: LogLine.Form?
    /// Whether requests and faults are logged, and how serious a line must be.
    var logs = true
    var logLevel = LogLevel.info
    var metrics = Metrics.all
    /// What whoever reads them must know; nil where everybody may.
    var metricsToken: String?
    var servesSchema = true

    /// Whether browsers get the playground.
    var servesPlayground = true
    /// Where its files are read from for each request, for work on them; nil for those in the binary.
    var playgroundFolder: String?

    /// How libpq reaches the database; nil for a private one.
    var databaseURL: String?
    /// Where the private one lives; nil for a place that is found.
    var databaseFolder: String?
    /// A read replica, for reads that may be a moment old.
    var replicaURL: String?
    /// Whether the URL leads to a pooler that gives each transaction another connection.
    var isBehindPooler = false
    /// What leads past the pooler, for LISTEN and migrations.
    var directURL: String?
    /// Connections of each loop for transactions.
    var databaseConnections = 8

    /// Whether a database without people is filled with the sample world.
    var offersSample = false

    /// Whether this process runs jobs, and how many at once.
    var runsJobs = true
    var concurrentJobs = 16
    /// Messages to browsers that it sends at once, beside them.
    var concurrentPushes = 8
    /// How long running jobs may take to finish after SIGTERM, in seconds.
    var jobDrainSeconds = 10
    /// Events that wait for one subscriber; beyond, it reads them from the log.
    var bufferedEvents = 1_000

    /// What signs links and cursors, and access tokens where no pair of keys does; nil for a secret that is made for this
    /// machine.
    var signingSecret: String?
    /// What signed before: those tokens and links are still good.
    var previousSigningSecrets: [String] = []
    /// Pairs of keys that sign and check access tokens.
    var signingKeys = SigningKeys()
    /// What encrypts single values in the database; nil for a key that is made for this machine.
    var cipher: FieldCipher?
    /// The issuer in access tokens.
    var publicURL = ""
    /// The number of rounds of a password's hash is two to the power of this.
    var passwordCost = 10
    /// Threads that hash passwords, and how many passwords may wait for them.
    var hashingThreads = 2
    var hashingQueue = 256
    var identity = IdentityOptions()
    var limits = RequestLimits()

    var mail = MailOptions()
    var oauth = OAuthOptions()
    var push = PushOptions()
    /// Where faults are told of; nil where nobody gathers them.
    var errors: ErrorReporter.Options?
    /// Where traces go; nil where none are kept.
    var tracing: TracingOptions?
    /// How other servers are asked.
    var outbound = OutboundOptions()

    /// Where the bytes of files are.
    var fileFolder = ".atrium/files"
    /// Threads that read and write them.
    var fileThreads = 2
    /// Where files are kept in place of the folder.
    var bucket: S3Options?
    var files = FileOptions()
    var chat = ChatOptions()

    /// What is set and does nothing.
    private(set) var warnings: [String] = []
    /// Every setting, with what holds.
    private(set) var listing: [String] = []

    /// Why the environment cannot be used: everything that is wrong with it, at once.
    struct Fault: Error {
        let problems: [String]
    }

    init(_ environment: [String: String], readFile: @escaping Settings.FileReader = TextFile.read) throws(Fault) {
        var settings = Settings(environment, readFile: readFile)
        readServing(&settings)
        serving = ServingOptions(
            &settings,
            isProduction: purpose == .production,
            isServing: purpose.isServing
        )
        readDatabase(&settings)
        readIdentity(&settings)
        readFiles(&settings)
        limits = RequestLimits(&settings, isServing: purpose.isServing)
        mail = MailOptions(&settings, isServing: purpose.isServing)
        let pages = mail.pages ?? files.publicURL
        oauth = OAuthOptions(&settings, isServing: purpose.isServing, publicURL: files.publicURL, pages: pages)
        push = PushOptions(&settings, isServing: purpose.isServing)
        outbound.concurrency = settings.number("ATRIUM_OUTBOUND_REQUESTS", 1...10_000, outbound.concurrency)
        outbound.queue = settings.number("ATRIUM_OUTBOUND_QUEUE", 0...1_000_000, outbound.queue)
        readCalls(&settings)
        readErrors(&settings)
        tracing = TracingOptions(&settings, environment: purpose.rawValue)
        if tracing != nil { outbound.reportToTraces() }
        guard settings.problems.isEmpty else { throw Fault(problems: settings.problems) }
        (warnings, listing) = (settings.warnings, settings.listing)
    }

    private mutating func readErrors(_ settings: inout Settings) {
        guard let text = settings.text("SENTRY_DSN") else { return }
        guard let dsn = SentryDSN(text) else {
            // It has a key, and is not told.
            return settings.add(problem: "SENTRY_DSN must be an address such as https://KEY@sentry.example/1")
        }
        var options = ErrorReporter.Options(dsn)
        options.environment = purpose.rawValue
        errors = options
    }

    /// Servers that help browsers to reach each other. TURN servers let in whom this one vouches for by the shared secret.
    private mutating func readCalls(_ settings: inout Settings) {
        func urls(_ name: String, _ schemes: [String]) -> [String] {
            let urls = (settings.text(name) ?? "").split(separator: ",").map { String($0.filter { $0 != " " }) }
            for url in urls where !schemes.contains(where: url.hasPrefix) {
                settings.add(problem: "\(name) must be addresses that begin with \(schemes[0]), not \"\(url)\"")
            }
            return urls
        }
        chat.calls.stunURLs = urls("ATRIUM_STUN_URLS", ["stun:", "stuns:"])
        chat.calls.turnURLs = urls("ATRIUM_TURN_URLS", ["turn:", "turns:"])
        chat.calls.turnSecret = settings.text("ATRIUM_TURN_SECRET")
        if chat.calls.turnURLs.isEmpty != (chat.calls.turnSecret == nil) {
            settings.add(problem: "ATRIUM_TURN_URLS and ATRIUM_TURN_SECRET go together: set both or none")
        }
        let turnSeconds = Int(chat.calls.turnSeconds)
        chat.calls.turnSeconds = Int64(settings.number("ATRIUM_TURN_SECONDS", 60...86_400, turnSeconds))
    }

    private mutating func readServing(_ settings: inout Settings) {
        let purposes: [Purpose] = [.development, .test, .staging, .production]
        let name = settings.text("APP_ENV") == nil && settings.text("NODE_ENV") != nil ? "NODE_ENV" : "APP_ENV"
        purpose = settings.choice(name, purposes.map { ($0.rawValue, $0) }, .development)
        loops = settings.number("ATRIUM_LOOPS", 1...256, loops)
        drainSeconds = settings.number("ATRIUM_DRAIN_SECONDS", 0...3_600, drainSeconds)
        deadlineSeconds = settings.number("ATRIUM_DEADLINE_SECONDS", 0...3_600, deadlineSeconds)
        drainDelaySeconds = settings.number("ATRIUM_DRAIN_DELAY_SECONDS", 0...3_600, drainDelaySeconds)
        let forms: [(String, LogLine.Form?)] = [("text", .text), ("json", .json), ("off", nil)]
        logForm = settings.choice("ATRIUM_LOG", forms, nil)
        logForm = settings.choice("LOG_FORMAT", [("pretty", .text), ("json", .json), ("combined", .combined)], logForm)
        logs = settings.text("ATRIUM_LOG") != "off"
        let levels = LogLevel.allCases.map { ($0.rawValue, $0) } + [("warn", .warning)]
        logLevel = settings.choice("LOG_LEVEL", levels, .info)
        metrics = settings.choice("ATRIUM_METRICS", [("on", .all), ("brief", .brief), ("off", .off)], .all)
        metricsToken = settings.text("METRICS_TOKEN")
        if purpose.isServing, let objection = metricsToken.flatMap(SigningSecret.objection(to:)) {
            settings.add(problem: "METRICS_TOKEN \(objection)")
        }
        servesSchema = settings.isOn("ATRIUM_SCHEMA", standard: true)
        let codes: [(String, StatusCodes)] = [("legacy", .legacy), ("september2026", .september2026)]
        statusCodes = settings.choice("ATRIUM_STATUS_CODES", codes, .september2026)
        servesPlayground = settings.isOn("ATRIUM_PLAYGROUND", standard: purpose != .production)
        playgroundFolder = settings.text("ATRIUM_PLAYGROUND_FILES")
        extensions.cost = settings.isOn("ATRIUM_COST")
        extensions.trace = settings.isOn("ATRIUM_TRACE")
    }

    private mutating func readDatabase(_ settings: inout Settings) {
        databaseURL = settings.text("DATABASE_URL")
        if purpose.isServing, databaseURL == nil {
            settings.add(problem: "DATABASE_URL must be set in \(purpose.rawValue)")
        }
        databaseFolder = settings.text("ATRIUM_DATABASE_FOLDER")
        replicaURL = settings.text("ATRIUM_DATABASE_REPLICA_URL")
        databaseConnections = settings.number("ATRIUM_DATABASE_CONNECTIONS", 1...1_000, databaseConnections)
        offersSample = settings.isOn("ATRIUM_SAMPLE")
        if purpose.isServing, offersSample {
            settings.add(problem: "ATRIUM_SAMPLE must be off in \(purpose.rawValue): everybody knows its password")
        }
        runsJobs = settings.isOn("ATRIUM_JOBS", standard: true)
        concurrentJobs = settings.number("ATRIUM_CONCURRENT_JOBS", 1...10_000, concurrentJobs)
        concurrentPushes = settings.number("ATRIUM_CONCURRENT_PUSHES", 1...10_000, concurrentPushes)
        jobDrainSeconds = settings.number("ATRIUM_JOB_DRAIN_SECONDS", 0...3_600, jobDrainSeconds)
        bufferedEvents = settings.number("ATRIUM_BUFFERED_EVENTS", 1...1_000_000, bufferedEvents)
        isBehindPooler = settings.choice("ATRIUM_DATABASE_POOLER", [("off", false), ("transaction", true)], false)
        directURL = settings.text("ATRIUM_DATABASE_DIRECT_URL")
        if isBehindPooler, directURL == nil {
            settings.add(
                problem: """
                    ATRIUM_DATABASE_DIRECT_URL must lead past the pooler, which gives neither notifications nor locks of sessions
                    """
            )
        }
    }

    private mutating func readIdentity(_ settings: inout Settings) {
        signingSecret = settings.text("JWT_SECRET")
        previousSigningSecrets = (settings.text("JWT_PREVIOUS_SECRETS") ?? "").split(separator: ",").map(String.init)
        if purpose.isServing {
            if signingSecret == nil { settings.add(problem: "JWT_SECRET must be set in \(purpose.rawValue)") }
            // The secret itself is never part of what is reported.
            if let objection = signingSecret.flatMap(SigningSecret.objection(to:)) {
                settings.add(problem: "JWT_SECRET \(objection)")
            }
            for objection in previousSigningSecrets.compactMap(SigningSecret.objection(to:)) {
                settings.add(problem: "JWT_PREVIOUS_SECRETS: one \(objection)")
            }
        }
        if let signingSecret, previousSigningSecrets.contains(signingSecret) {
            settings.add(problem: "JWT_PREVIOUS_SECRETS must not have JWT_SECRET itself")
        }
        if Set(previousSigningSecrets).count < previousSigningSecrets.count {
            settings.add(problem: "JWT_PREVIOUS_SECRETS has one secret twice")
        }
        signingKeys = SigningKeys(&settings, isServing: purpose.isServing)
        readEncryption(&settings)
        publicURL = settings.text("PUBLIC_URL") ?? serving.ownURL
        passwordCost = settings.number("BCRYPT_ROUNDS", 4...17, passwordCost)
        if purpose.isServing, passwordCost < 10 {
            settings.add(problem: "BCRYPT_ROUNDS must be at least 10 in \(purpose.rawValue)")
        }
        hashingThreads = settings.number("ATRIUM_HASHING_THREADS", 1...64, hashingThreads)
        hashingQueue = settings.number("ATRIUM_HASHING_QUEUE", 1...100_000, hashingQueue)
        identity.accessTokenSeconds = settings.seconds("JWT_EXPIRES_IN", 30...86_400, identity.accessTokenSeconds)
        identity.refreshTokenSeconds = settings.seconds(
            "REFRESH_EXPIRES_IN",
            300...31_536_000,
            identity.refreshTokenSeconds
        )
        identity.sessionLimit = Int32(settings.number("ATRIUM_SESSIONS_PER_USER", 1...50, Int(identity.sessionLimit)))
        settings.read(&identity.signInsPerMinute, "ATRIUM_SIGN_INS_PER_MINUTE", 1...1_000_000)
        settings.read(&identity.secondStepsPerMinute, "ATRIUM_CODES_PER_MINUTE", 1...1_000_000)
        settings.read(&identity.registrationsPerHour, "ATRIUM_REGISTRATIONS_PER_HOUR", 1...1_000_000)
        settings.read(&identity.mailsPerHour, "ATRIUM_MAILS_PER_HOUR", 1...1_000_000)
        settings.read(&identity.refusalsPerMinute, "ATRIUM_AUDIT_REFUSALS_PER_MINUTE", 1...1_000_000)
        settings.read(&identity.auditListeners, "ATRIUM_AUDIT_LISTENERS", 1...100_000)
        settings.read(&identity.auditDownloads, "ATRIUM_AUDIT_DOWNLOADS", 1...1_000)
        settings.read(&identity.oauthStepsPerMinute, "ATRIUM_OAUTH_STEPS_PER_MINUTE", 4...1_000_000)
        settings.read(&identity.refreshesPerMinute, "ATRIUM_REFRESHES_PER_MINUTE", 1...1_000_000)
    }

    private mutating func readEncryption(_ settings: inout Settings) {
        guard let keys = settings.text("ENCRYPTION_KEYS") else {
            if purpose.isServing { settings.add(problem: "ENCRYPTION_KEYS must be set in \(purpose.rawValue)") }
            return
        }
        let read = EncryptionKeys.read(keys, isServing: purpose.isServing)
        cipher = read.cipher
        for problem in read.problems { settings.add(problem: problem) }
    }

    private mutating func readFiles(_ settings: inout Settings) {
        fileFolder = settings.text("ATRIUM_FILES_FOLDER") ?? fileFolder
        fileThreads = settings.number("ATRIUM_FILES_THREADS", 1...64, fileThreads)
        bucket = S3Options(&settings, isServing: purpose.isServing)
        files.publicURL = publicURL
        while files.publicURL.hasSuffix("/") { files.publicURL.removeLast() }
        files.bytesPerUser = settings.number("ATRIUM_FILES_MEGABYTES_PER_USER", 1...1_000_000_000, 1_024) << 20
        files.uploadsPerMinute = settings.number("ATRIUM_FILE_UPLOADS_PER_MINUTE", 1...1_000_000, 10)
    }
}
