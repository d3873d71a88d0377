import Testing

/// Who may know whom. SwiftPM does not hold targets to the dependencies they declare, so each import is held against
/// this table. An edge that is new here wants a decision record.
private let allowedImports: [String: Set<String>] = [
    // The engine: no product, no Foundation.
    "GraphQLLanguage": [],
    "GraphQLSchema": ["GraphQLLanguage"],
    "GraphQLEngine": ["GraphQLLanguage", "GraphQLSchema", "Synchronization"],
    "EventLoop": ["CLinux", "COpenSSL", "Glibc", "Synchronization"],
    "PostgresEmbedded": ["CLibPQ", "CProcess", "Glibc", "Synchronization"],
    "PostgresClient": ["EventLoop", "CLibPQ", "Glibc", "Synchronization"],
    "HTTPServer": ["EventLoop", "COpenSSL", "CZlib", "Glibc", "Synchronization"],
    "GraphQLTransport": [
        "GraphQLEngine", "GraphQLSchema", "GraphQLLanguage", "HTTPServer", "EventLoop", "COpenSSL", "CZlib",
        "CPlayground", "Glibc", "Synchronization",
    ],
    "graphql-conformance": ["GraphQLEngine", "GraphQLLanguage", "GraphQLSchema", "Glibc", "Synchronization"],
    "SchemaTool": ["SchemaGenCore", "GraphQLEngine", "GraphQLLanguage", "GraphQLSchema", "Glibc"],
    // The build tool.
    "SchemaGenCore": ["GraphQLLanguage", "GraphQLSchema"],
    "schema-gen": ["SchemaGenCore", "Glibc"],
    // The product: GraphQL is known by Resolvers and Server alone.
    "Credentials": ["EventLoop", "COpenSSL", "CCrypt", "Glibc"],
    "OutboundHTTP": ["EventLoop", "CCurl", "Glibc", "Synchronization"],
    "IdentityProviders": ["OutboundHTTP", "Credentials", "Synchronization"],
    "Markup": ["CLibXML", "CCMark"],
    "Mail": ["OutboundHTTP", "Credentials", "EventLoop", "Glibc"],
    "FileStore": ["OutboundHTTP", "EventLoop", "COpenSSL", "CLibXML", "Glibc"],
    "Data": ["Credentials", "PostgresClient", "EventLoop", "CMigrations", "Glibc", "Synchronization"],
    "Actions": [
        "Credentials", "Data", "FileStore", "IdentityProviders", "Mail", "OutboundHTTP", "PostgresClient",
        "EventLoop", "Glibc", "Synchronization",
        // What the standard library composes texts by (ComposedText).
        "Swift",
    ],
    "Jobs": ["Actions", "Data", "Glibc", "Synchronization"],
    "Resolvers": [
        "GraphQLEngine", "GraphQLSchema", "Data", "Actions", "FileStore", "Markup",
        "PostgresClient", "EventLoop", "Synchronization",
    ],
    "Server": [
        "GraphQLEngine", "GraphQLSchema", "GraphQLLanguage", "GraphQLTransport", "HTTPServer", "OutboundHTTP",
        "EventLoop", "Credentials", "Data", "FileStore", "Actions", "Jobs", "Resolvers", "PostgresClient",
        "PostgresEmbedded", "IdentityProviders", "Mail", "Glibc", "Synchronization",
    ],
]

/// System libraries and targets in C hold no Swift.
private let systemLibraries: Set<String> = [
    "CLinux", "COpenSSL", "CPlayground", "CZlib", "CLibPQ", "CLibXML", "CCMark", "CCrypt", "CCurl", "CMigrations",
    "CProcess",
]

@Suite struct LayeringTests {
    @Test func `every target imports only what it may know`() throws {
        for file in try SourceTree.swiftFiles(in: "Sources") {
            for violation in violations(in: file) { Issue.record("\(violation)") }
        }
    }

    @Test func `every target has its place in the picture`() throws {
        for target in try SourceTree.folders(in: "Sources") where !systemLibraries.contains(target) {
            #expect(allowedImports[target] != nil, "say in LayeringTests.swift what \(target) may import")
        }
    }

    @Test func `every entry of the table is a target, and every edge between targets is one that is used`() throws {
        var used: [String: Set<String>] = [:]
        for file in try SourceTree.swiftFiles(in: "Sources") {
            used[file.target, default: []].formUnion(file.imports.map { $0.module })
        }
        // What every target may use.
        let platform: Set<String> = ["Glibc", "Synchronization"]
        for (target, allowed) in allowedImports.sorted(by: { $0.key < $1.key }) {
            let unused = allowed.subtracting(platform).subtracting(used[target] ?? [])
            #expect(used[target] != nil, "\(target) is no target")
            #expect(unused.sorted() == [], "of \(target)")
        }
    }

    @Test func `nothing imports in a circle`() {
        for target in allowedImports.keys.sorted() { #expect(!reaches(target, from: target), "\(target)") }
    }

    @Test(arguments: [
        ("import Foundation", "Foundation"), ("    @_exported public import GraphQLEngine", "GraphQLEngine"),
        ("private import struct HTTPServer.HTTPRequest", "HTTPServer"), ("@testable import Data", "Data"),
    ])
    func `an import that is not allowed is found however it is written`(line: String, module: String) {
        let file = SourceFile(path: "Sources/GraphQLSchema/Schema.swift", text: "import GraphQLLanguage\n\(line)")
        #expect(
            violations(in: file) == ["Sources/GraphQLSchema/Schema.swift:2: GraphQLSchema must not import \(module)"]
        )
    }

    @Test func `a comment imports nothing`() {
        let text = "// import Foundation\n/// Please import it.\nlet important = 1 // import Foundation"
        #expect(violations(in: SourceFile(path: "Sources/GraphQLSchema/Schema.swift", text: text)).isEmpty)
    }

    private func violations(in file: SourceFile) -> [String] {
        let allowed = allowedImports[file.target] ?? []
        return file.imports.filter { !allowed.contains($0.module) }.map {
            "\(file.path):\($0.line): \(file.target) must not import \($0.module)"
        }
    }

    private func reaches(_ target: String, from start: String) -> Bool {
        var open = [start]
        var seen: Set<String> = []
        while let next = open.popLast() {
            for module in allowedImports[next] ?? [] where seen.insert(module).inserted {
                if module == target { return true }
                open.append(module)
            }
        }
        return false
    }
}
