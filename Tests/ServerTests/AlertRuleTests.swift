import Foundation
import Testing

/// The rules for Prometheus that operators are given, held against what the server tells.
@Suite struct AlertRuleTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized

    private func text(_ path: String) throws -> String {
        try String(contentsOf: Self.root.appending(path: path), encoding: .utf8)
    }

    /// The names of all metrics, and what stands where they are told.
    private func sources() throws -> String {
        let folder = Self.root.appending(path: "Sources")
        let files = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
        var text = ""
        for case let file as URL in files where file.pathExtension == "swift" {
            let source = try String(contentsOf: file, encoding: .utf8)
            if source.contains("\"atrium_") || source.contains("\"process_") { text += source }
        }
        return text
    }

    @Test func `every metric of a rule is one that the server tells, with labels that it has`() throws {
        let sources = try sources()
        let told = Set(sources.matches(of: /"((?:atrium|process)_[a-z_0-9]+)"/).map { String($0.1) })
        #expect(told.count > 50)
        var used: Set<String> = []
        for line in try text("Examples/Operations/alerts.yml").split(separator: "\n") {
            let isText = line.contains("annotations:") || line.contains("#")
            for match in line.matches(of: /\b((?:atrium|process)_[a-z_0-9]+)/) where !isText {
                let name = String(match.1)
                let base = told.contains(name) ? name : name.replacing(/_(bucket|sum|count)$/, with: "")
                #expect(told.contains(base), "\(name)")
                used.insert(base)
            }
            for match in line.matches(of: /([a-z]+)(?:=|=~|!=)"([a-z0-9|.+]+)"/) where !isText {
                // Jobs are named by Prometheus.
                if match.1 == "job" || match.1 == "le" { continue }
                #expect(sources.contains("\(match.1)=\\\""), "\(match.0)")
            }
        }
        #expect(used.count > 15)
    }

    @Test func `every rule has a name, a condition, a severity and a text`() throws {
        let rules = try text("Examples/Operations/alerts.yml").components(separatedBy: "- alert: ").dropFirst()
        #expect(rules.count > 10)
        var names: Set<String> = []
        for rule in rules {
            let name = String(rule.prefix { !$0.isNewline })
            #expect(name.wholeMatch(of: /Atrium[A-Za-z]+/) != nil && names.insert(name).inserted, "\(name)")
            #expect(rule.contains("\n        expr: ") && rule.contains("annotations: {summary: \""), "\(name)")
            #expect(rule.contains(/severity: (page|ticket)\}/), "\(name)")
        }
        let guide = try text("docs/observability.md")
        #expect(names.filter { !guide.contains("`\($0)`") }.sorted() == [])
    }

    @Test func `Prometheus takes them`() throws {
        let (status, output) = try promtool("check", "rules", "Examples/Operations/alerts.yml")
        #expect(status == 0, "\(output)")
    }

    @Test func `they fire for what they are there for, and not before`() throws {
        let (status, output) = try promtool("test", "rules", "Tests/ServerTests/alerts.yml")
        #expect(status == 0, "\(output)")
    }

    private func promtool(_ arguments: String...) throws -> (status: Int32, output: String) {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let places =
            path.split(separator: ":").map { "\($0)/promtool" }
            + [Self.root.appending(path: ".build/promtool/promtool").path]
        let place = places.first { FileManager.default.isExecutableFile(atPath: $0) }
        let (tool, output) = (Process(), Pipe())
        tool.executableURL = URL(fileURLWithPath: try #require(place, "promtool is missing: scripts/promtool gets it"))
        tool.arguments = arguments
        tool.currentDirectoryURL = Self.root
        tool.standardOutput = output
        tool.standardError = output
        try tool.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        tool.waitUntilExit()
        return (tool.terminationStatus, text)
    }
}
