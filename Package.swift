// swift-tools-version: 6.2
import PackageDescription

/// One set of rules for every target: see CONTRIBUTING.md, "Swift settings".
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

let package = Package(
    name: "Atrium",
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
        .target(name: "GraphQLEngine", dependencies: ["GraphQLLanguage", "GraphQLSchema"], swiftSettings: settings),
        .testTarget(
            name: "GraphQLEngineTests",
            dependencies: ["GraphQLEngine", "GraphQLLanguage", "GraphQLSchema"],
            swiftSettings: settings
        ),
        // Answers conformance cases, JSON lines in and out.
        .executableTarget(
            name: "graphql-conformance",
            dependencies: ["GraphQLEngine", "GraphQLLanguage", "GraphQLSchema"],
            swiftSettings: settings
        ),
        // Benchmarks/language.sh compares lexing and parsing with graphql-js.
        .executableTarget(
            name: "language-bench",
            dependencies: ["GraphQLLanguage"],
            path: "Benchmarks/LanguageBench",
            swiftSettings: settings
        ),
    ]
)
