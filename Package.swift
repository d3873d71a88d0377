// swift-tools-version: 6.3
import PackageDescription

/// Warnings are errors where scripts/check asks for it, and not for packages that depend on this one.
let strictness: [SwiftSetting] =
    Context.environment["ATRIUM_STRICT"] == nil ? [] : [.treatAllWarnings(as: .error)]

/// One set of rules for every target: see CONTRIBUTING.md, "Swift settings".
let settings: [SwiftSetting] =
    [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    ] + strictness

let package = Package(
    name: "Atrium",
    products: [
        .library(name: "GraphQLEngine", targets: ["GraphQLLanguage", "GraphQLSchema", "GraphQLEngine"]),
        .library(name: "GraphQLTransport", targets: ["EventLoop", "HTTPServer", "GraphQLTransport"]),
        .plugin(name: "SchemaGen", targets: ["SchemaGen"]),
    ],
    targets: [
        // Text to syntax tree and back; no Foundation, no dependencies.
        .target(name: "GraphQLLanguage", swiftSettings: settings),
        .testTarget(name: "GraphQLLanguageTests", dependencies: ["GraphQLLanguage"], swiftSettings: settings),
        // The type system: building, checking, printing and comparing schemas; coercing input; JSON values.
        .target(name: "GraphQLSchema", dependencies: ["GraphQLLanguage"], swiftSettings: settings),
        .testTarget(
            name: "GraphQLSchemaTests",
            dependencies: ["GraphQLLanguage", "GraphQLSchema"],
            swiftSettings: settings
        ),
        // Document validation, planning, execution, introspection, limits. No HTTP, no SQL, no product.
        // Rounding a Double calls libm, which nothing else links where Foundation is not.
        .target(
            name: "GraphQLEngine",
            dependencies: ["GraphQLLanguage", "GraphQLSchema"],
            swiftSettings: settings,
            linkerSettings: [.linkedLibrary("m")]
        ),
        .testTarget(
            name: "GraphQLEngineTests",
            dependencies: ["GraphQLEngine", "GraphQLLanguage", "GraphQLSchema"],
            swiftSettings: settings
        ),
        // Prints, lints and compares schemas and checks the documents of clients: `atrium-schema help`.
        .executableTarget(
            name: "atrium-schema",
            dependencies: ["SchemaGenCore", "GraphQLEngine", "GraphQLLanguage", "GraphQLSchema"],
            path: "Sources/SchemaTool",
            swiftSettings: settings
        ),
        .testTarget(name: "SchemaToolTests", dependencies: ["atrium-schema"], swiftSettings: settings),
        // Answers conformance cases, JSON lines in and out.
        .executableTarget(
            name: "graphql-conformance",
            dependencies: ["GraphQLEngine", "GraphQLLanguage", "GraphQLSchema"],
            swiftSettings: settings
        ),
        // Runs that program over the shared cases and holds the scores against their minimums.
        .testTarget(
            name: "ConformanceTests",
            dependencies: ["graphql-conformance", "GraphQLSchema"],
            swiftSettings: settings
        ),
        // Holds the sources against the rules of CONTRIBUTING.md: who imports whom, where concurrency is unchecked.
        .testTarget(name: "ArchitectureTests", swiftSettings: settings),
        // Benchmarks/validation.sh compares validation with graphql-js.
        .executableTarget(
            name: "validation-bench",
            dependencies: ["GraphQLEngine", "GraphQLLanguage", "GraphQLSchema"],
            path: "Benchmarks/ValidationBench",
            swiftSettings: settings
        ),
        // Benchmarks/language.sh compares lexing and parsing with graphql-js.
        .executableTarget(
            name: "language-bench",
            dependencies: ["GraphQLLanguage"],
            path: "Benchmarks/LanguageBench",
            swiftSettings: settings
        ),

        // The kernel, OpenSSL and zlib as Swift sees them.
        .systemLibrary(name: "CLinux"),
        .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),

        // Loops that are task executors, timers, sockets, TLS, byte buffers; nothing of HTTP.
        .target(name: "EventLoop", dependencies: ["CLinux", "COpenSSL"], swiftSettings: settings),
        .testTarget(
            name: "EventLoopTests",
            dependencies: ["EventLoop", "SocketTesting", "WaitTesting"],
            swiftSettings: settings
        ),

        // HTTP/1.1 and WebSocket as state machines over bytes, and the shell that performs them.
        .target(name: "HTTPServer", dependencies: ["EventLoop", "COpenSSL", "CZlib"], swiftSettings: settings),
        .testTarget(
            name: "HTTPServerTests",
            dependencies: ["HTTPServer", "EventLoop", "SocketTesting", "CZlib", "WaitTesting"],
            swiftSettings: settings
        ),

        // The playground's files, put into the binary by the compiler of C.
        .target(name: "CPlayground", exclude: ["page"]),

        // GraphQL over HTTP, over WebSocket and over event streams, and the playground.
        .target(
            name: "GraphQLTransport",
            dependencies: [
                "GraphQLEngine", "GraphQLLanguage", "GraphQLSchema", "HTTPServer", "EventLoop", "COpenSSL", "CZlib",
                "CPlayground",
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "GraphQLTransportTests",
            dependencies: [
                "GraphQLTransport", "GraphQLEngine", "GraphQLLanguage", "GraphQLSchema", "HTTPServer", "EventLoop",
                "SocketTesting", "AuditSchema", "UploadServer", "WaitTesting",
            ],
            swiftSettings: settings
        ),
        // The schema that audits of servers ask for, and the server that external ones run against.
        .target(
            name: "AuditSchema",
            dependencies: ["GraphQLEngine", "GraphQLLanguage", "GraphQLSchema", "EventLoop"],
            path: "Examples/AuditSchema",
            exclude: ["schema.graphql"],
            swiftSettings: settings,
            plugins: ["SchemaGen"]
        ),
        .executableTarget(
            name: "AuditServer",
            dependencies: [
                "AuditSchema", "GraphQLTransport", "GraphQLEngine", "GraphQLSchema", "HTTPServer", "EventLoop",
            ],
            path: "Examples/AuditServer",
            swiftSettings: settings
        ),
        // Takes files.
        .executableTarget(
            name: "UploadServer",
            dependencies: [
                "GraphQLTransport", "GraphQLEngine", "GraphQLLanguage", "GraphQLSchema", "HTTPServer", "EventLoop",
            ],
            path: "Examples/UploadServer",
            exclude: ["schema.graphql"],
            swiftSettings: settings,
            plugins: ["SchemaGen"]
        ),

        // What the scripts in Benchmarks measure, and the echo server of the WebSocket conformance suite.
        .executableTarget(
            name: "RawServer",
            dependencies: ["HTTPServer", "EventLoop"],
            path: "Benchmarks/RawServer",
            swiftSettings: settings
        ),

        // What Benchmarks/peers compares with servers of others: a schema over PostgreSQL.
        .executableTarget(
            name: "BenchServer",
            dependencies: [
                "GraphQLTransport", "GraphQLEngine", "GraphQLLanguage", "GraphQLSchema", "HTTPServer", "EventLoop",
                "PostgresClient", "PostgresEmbedded",
            ],
            path: "Benchmarks/BenchServer",
            exclude: ["schema.graphql"],
            swiftSettings: settings,
            plugins: ["SchemaGen"]
        ),

        // Servers of others that tests run against, in Python.
        .target(name: "PythonTesting", path: "Tests/PythonTesting", swiftSettings: settings),
        // Waiting for what tests cannot be told of, with an end.
        .target(name: "WaitTesting", path: "Tests/WaitTesting", swiftSettings: settings),
        // A blocking client for tests over real sockets.
        .target(
            name: "SocketTesting",
            dependencies: ["COpenSSL"],
            path: "Tests/SocketTesting",
            swiftSettings: settings
        ),
        // Benchmarks/engine.sh compares execution with graphql-js and with a loop written by hand.
        .executableTarget(
            name: "engine-bench",
            dependencies: ["GraphQLEngine", "GraphQLLanguage", "GraphQLSchema", "EventLoop"],
            path: "Benchmarks/EngineBench",
            swiftSettings: settings
        ),
        // SDL to Swift text, pure; a thin tool around it; and the plugin that runs the tool in a build.
        .target(name: "SchemaGenCore", dependencies: ["GraphQLLanguage", "GraphQLSchema"], swiftSettings: settings),
        .executableTarget(name: "schema-gen", dependencies: ["SchemaGenCore"], swiftSettings: settings),
        .plugin(name: "SchemaGen", capability: .buildTool(), dependencies: ["schema-gen"]),
        .testTarget(
            name: "SchemaGenTests",
            dependencies: ["SchemaGenCore", "GraphQLEngine", "GraphQLSchema"],
            exclude: ["Cases", "Program"],
            swiftSettings: settings
        ),
        // Generated, compiled and run: a schema of its own with the resolvers a developer writes for it.
        .testTarget(
            name: "SchemaGenConsumerTests",
            dependencies: ["GraphQLEngine", "GraphQLLanguage", "GraphQLSchema"],
            exclude: ["schema.graphql"],
            swiftSettings: settings,
            plugins: ["SchemaGen"]
        ),
        // PostgreSQL: the client library, processes that end with their parent, a private cluster, and a client that the
        // loops drive.
        .systemLibrary(name: "CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .target(name: "CProcess"),
        .target(name: "PostgresEmbedded", dependencies: ["CLibPQ", "CProcess"], swiftSettings: settings),
        .testTarget(
            name: "PostgresEmbeddedTests",
            dependencies: ["PostgresEmbedded", "CLibPQ", "WaitTesting"],
            swiftSettings: settings
        ),
        .target(name: "PostgresClient", dependencies: ["EventLoop", "CLibPQ"], swiftSettings: settings),
        .testTarget(
            name: "PostgresClientTests",
            dependencies: [
                "PostgresClient", "PostgresEmbedded", "PostgresTesting", "SocketTesting", "EventLoop", "WaitTesting",
            ],
            swiftSettings: settings
        ),
        // Throw-away clusters for tests against a real server.
        .target(
            name: "PostgresTesting",
            dependencies: ["PostgresEmbedded", "PostgresClient", "EventLoop", "CLibPQ"],
            path: "Tests/PostgresTesting",
            swiftSettings: settings
        ),
        // Benchmarks/data.sh compares reads with pgbench.
        .executableTarget(
            name: "postgres-bench",
            dependencies: ["PostgresClient", "PostgresEmbedded", "EventLoop"],
            path: "Benchmarks/PostgresBench",
            swiftSettings: settings
        ),
        // Benchmarks/live.sh measures events, jobs and writes.
        .executableTarget(
            name: "data-bench",
            dependencies: ["Data", "PostgresClient", "EventLoop"],
            path: "Benchmarks/DataBench",
            swiftSettings: settings
        ),
        // All SQL of the product, and its migrations, embedded by the C compiler.
        .target(name: "CMigrations", exclude: ["sql"]),
        .target(
            name: "Data",
            dependencies: ["Credentials", "PostgresClient", "EventLoop", "CMigrations"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "DataTests",
            dependencies: [
                "Data", "Credentials", "PostgresClient", "PostgresEmbedded", "PostgresTesting", "EventLoop",
                "WaitTesting",
            ],
            swiftSettings: settings
        ),
        // Secrets of people and programs: password hashes, tokens, one-time codes, encrypted values. Stores nothing.
        .systemLibrary(name: "CCrypt", providers: [.apt(["libcrypt-dev"])]),
        .target(name: "Credentials", dependencies: ["EventLoop", "COpenSSL", "CCrypt"], swiftSettings: settings),
        .testTarget(
            name: "CredentialsTests",
            dependencies: ["Credentials", "EventLoop", "SocketTesting"],
            swiftSettings: settings
        ),
        // The bytes of files: recognised by what they are, measured, kept on a disk or in a bucket. Knows no database.
        .target(
            name: "FileStore",
            dependencies: ["OutboundHTTP", "EventLoop", "COpenSSL", "CLibXML"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "FileStoreTests",
            dependencies: ["FileStore", "OutboundHTTP", "EventLoop", "PythonTesting", "WaitTesting"],
            exclude: ["s3_server.py"],
            swiftSettings: settings
        ),
        // Other servers, over HTTP and SMTP by libcurl, driven by the loops.
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .target(name: "OutboundHTTP", dependencies: ["EventLoop", "CCurl"], swiftSettings: settings),
        .testTarget(
            name: "OutboundHTTPTests",
            dependencies: ["OutboundHTTP", "HTTPServer", "EventLoop", "SocketTesting"],
            swiftSettings: settings
        ),
        // Markdown and HTML of strangers made safe to show: cmark reads the one, libxml2 the other. Keeps nothing.
        .systemLibrary(name: "CLibXML", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
        .systemLibrary(name: "CCMark", pkgConfig: "libcmark", providers: [.apt(["libcmark-dev"])]),
        .target(name: "Markup", dependencies: ["CLibXML", "CCMark"], swiftSettings: settings),
        .testTarget(
            name: "MarkupTests",
            dependencies: ["Markup"],
            exclude: ["vectors.txt"],
            swiftSettings: settings
        ),
        // Mails as bytes, and who takes them: SMTP, SendGrid, a folder.
        .target(
            name: "Mail",
            dependencies: ["OutboundHTTP", "Credentials", "EventLoop"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "MailTests",
            dependencies: ["Mail", "OutboundHTTP", "HTTPServer", "EventLoop", "SocketTesting", "PythonTesting"],
            exclude: ["smtp_server.py"],
            swiftSettings: settings
        ),
        // Who somebody is by an account elsewhere: OpenID Connect, and GitHub. Knows no accounts of ours.
        .target(name: "IdentityProviders", dependencies: ["OutboundHTTP", "Credentials"], swiftSettings: settings),
        .testTarget(
            name: "IdentityProvidersTests",
            dependencies: ["IdentityProviders", "Credentials"],
            swiftSettings: settings
        ),
        // What the product does: one verb a file, and who may.
        .target(
            name: "Actions",
            dependencies: [
                "Credentials", "Data", "FileStore", "IdentityProviders", "Mail", "OutboundHTTP", "PostgresClient",
                "EventLoop",
            ],
            swiftSettings: settings
        ),
        // What is done later, or again and again.
        .target(name: "Jobs", dependencies: ["Actions", "Data"], swiftSettings: settings),
        // Shapes what the product knows into the graph of schema.graphql.
        .target(
            name: "Resolvers",
            dependencies: [
                "Actions", "Data", "FileStore", "Markup", "PostgresClient", "EventLoop", "GraphQLEngine",
                "GraphQLLanguage",
                "GraphQLSchema",
            ],
            swiftSettings: settings,
            plugins: ["SchemaGen"]
        ),
        // The wiring of everything.
        .executableTarget(
            name: "Server",
            dependencies: [
                "Resolvers", "Jobs", "Actions", "Credentials", "Data", "FileStore", "PostgresClient",
                "PostgresEmbedded", "GraphQLTransport", "GraphQLEngine", "GraphQLSchema", "GraphQLLanguage",
                "HTTPServer", "IdentityProviders", "Mail", "OutboundHTTP", "EventLoop",
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "ResolversTests",
            dependencies: ["Resolvers", "Actions", "GraphQLEngine", "GraphQLSchema"],
            swiftSettings: settings
        ),
        // The application over HTTP with a database of its own, module by module.
        .testTarget(
            name: "APITests",
            dependencies: [
                "Resolvers", "Jobs", "Actions", "Credentials", "Data", "FileStore", "IdentityProviders", "Mail",
                "OutboundHTTP", "PostgresClient", "PostgresTesting", "PythonTesting", "COpenSSL",
                "GraphQLTransport", "GraphQLEngine", "GraphQLSchema", "HTTPServer", "EventLoop", "SocketTesting",
                "Server", "WaitTesting",
            ],
            exclude: ["Notifications/firebase.py", "Notifications/push_endpoint.py", "OAuth/oidc_server.py"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "ServerTests",
            dependencies: [
                "Server", "Actions", "Credentials", "Data", "GraphQLTransport", "GraphQLEngine", "HTTPServer",
                "EventLoop",
                "IdentityProviders", "OutboundHTTP", "PostgresClient", "PostgresTesting", "PythonTesting",
                "SocketTesting",
            ],
            exclude: ["openid_browser.py", "token_client.py", "collector.py", "alerts.yml"],
            swiftSettings: settings
        ),
    ]
)
