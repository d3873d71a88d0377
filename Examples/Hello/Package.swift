// swift-tools-version: 6.3
import PackageDescription

let package = Package(
    name: "Hello",
    dependencies: [.package(name: "Atrium", path: "../..")],
    targets: [
        .executableTarget(
            name: "Hello",
            dependencies: [
                .product(name: "GraphQLEngine", package: "Atrium"),
                .product(name: "GraphQLTransport", package: "Atrium"),
            ],
            swiftSettings: [.swiftLanguageMode(.v6)],
            plugins: [.plugin(name: "SchemaGen", package: "Atrium")]
        )
    ]
)
