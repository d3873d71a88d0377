import Actions
import EventLoop
import Foundation
import Testing

@testable import Server

/// The names of settings, where they are read and where operators read of them.
@Suite(.timeLimit(.minutes(3))) struct SettingsTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized

    /// The rows of the guide's table: names, and the standard of each where there is one.
    private func guide() throws -> [(names: [String], standards: [String])] {
        let guide = try String(contentsOf: Self.root.appending(path: "docs/operating.md"), encoding: .utf8)
        return guide.split(separator: "\n").filter { $0.hasPrefix("| `") }.map { row in
            let cells = row.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            return (
                cells[0].matches(of: /`([A-Z][A-Z0-9_]+)`/).map { String($0.1) },
                cells[1].components(separatedBy: ", ").map { $0.trimmingCharacters(in: ["`"]) }
            )
        }
    }

    @Test func `every setting that is read has its name in the list, and every name is read`() throws {
        let sources = Self.root.appending(path: "Sources/Server")
        let files = try #require(FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil))
        var names: Set<String> = []
        for case let file as URL in files where file.pathExtension == "swift" {
            // Codes of errors look the same.
            if ["SettingNames.swift", "ErrorCodes.swift"].contains(file.lastPathComponent) { continue }
            let text = try String(contentsOf: file, encoding: .utf8).replacing(/code: "[A-Z_]+"/, with: "")
            names.formUnion(text.matches(of: /"([A-Z][A-Z0-9]*_[A-Z0-9_]+)"/).map { String($0.1) })
        }
        #expect(Settings.names.symmetricDifference(names).sorted() == [])
    }

    @Test func `operators are told of every setting and of no other`() throws {
        #expect(Settings.names.symmetricDifference(try guide().flatMap { $0.names }).sorted() == [])
        let guide = try String(contentsOf: Self.root.appending(path: "docs/operating.md"), encoding: .utf8)
        #expect(Settings.secrets.filter { !guide.contains("`\($0)_FILE`") } == [])
        #expect(Settings.names.isSuperset(of: Settings.secrets))
    }

    /// The guide's table as a file to begin with: every setting in its group, with its standard where that is a value, else with
    /// the words for it.
    private func example() throws -> String {
        let guide = try String(contentsOf: Self.root.appending(path: "docs/operating.md"), encoding: .utf8)
        var lines = [
            "# The settings of Atrium, with what holds where nothing is said: copy this to .env, and uncomment what you change.",
            "# docs/operating.md tells what each does. A secret may stand in a file in its place: NAME_FILE=/run/secrets/name",
            "",
        ]
        for row in guide.split(separator: "\n") where row.hasPrefix("| ") {
            let cells = row.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            if let group = cells[0].firstMatch(of: /^\*\*(.+?)\*\*/) { lines += ["", "# == \(group.1) =="] }
            let names = cells[0].matches(of: /`([A-Z][A-Z0-9_]+)`/).map { String($0.1) }
            guard row.hasPrefix("| `"), !names.isEmpty else { continue }
            let words = cells[1].replacing("`", with: "")
            let standards = words.components(separatedBy: ", ").map { $0.trimmingCharacters(in: ["`", ","]) }
            let areValues = standards.count == names.count && standards.allSatisfy { !$0.contains(" ") }
            for (index, name) in names.enumerated() {
                let told = areValues || words.isEmpty ? standards[min(index, standards.count - 1)] : "  # \(words)"
                lines.append("# \(name)=\(told)")
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    @Test func `the example of a file has every setting, as the guide tells of it`() throws {
        let file = Self.root.appending(path: ".env.example")
        let expected = try example()
        if ProcessInfo.processInfo.environment["ATRIUM_RECORD"] == "1" {
            try expected.write(to: file, atomically: true, encoding: .utf8)
        }
        let text = try String(contentsOf: file, encoding: .utf8)
        #expect(text == expected, "ATRIUM_RECORD=1 swift test --filter SettingsTests writes it anew")
        let names = text.matches(of: /(?m)^# ([A-Z][A-Z0-9_]+)=/).map { String($0.1) }
        #expect(names.count == Settings.names.count && Set(names) == Settings.names)
        // As it is it says nothing, and each line is one that can be read.
        #expect(DotEnv(text, file: ".env.example").values.isEmpty)
        let uncommented = text.replacing(/(?m)^# (?=[A-Z][A-Z0-9_]+=)/, with: "")
        let read = DotEnv(uncommented, file: ".env.example")
        #expect(read.problems == [] && read.values.count == names.count)
        #expect(read.values["ATRIUM_PORT"] == "8080" && read.values["DATABASE_URL"] == "")
    }

    @Test func `the standards that operators are told are those that hold`() throws {
        let listing = Set(try Configuration(["ATRIUM_RATE_LIMITS": "on"]) { _ in nil }.listing)
        var compared = 0
        for row in try guide() where row.names.count == row.standards.count {
            for (name, standard) in zip(row.names, row.standards) {
                guard Int(standard) != nil || standard == "on" || standard == "off" else { continue }
                let line = listing.first { $0.hasPrefix("# \(name)=") }
                guard let line, !line.hasSuffix("=") else { continue }
                #expect(line == "# \(name)=\(standard)")
                compared += 1
            }
        }
        #expect(compared > 50)
    }

    @Test func `a setting that is empty is not set`() throws {
        let names = [
            "ATRIUM_PORT", "ATRIUM_JOBS", "ATRIUM_LOG", "ATRIUM_MAIL", "JWT_EXPIRES_IN", "DATABASE_URL", "JWT_SECRET",
        ]
        let empty = Dictionary(uniqueKeysWithValues: names.map { ($0, "") })
        let configuration = try Configuration(empty) { _ in nil }
        #expect(configuration.serving.address.port == 8_080)
        #expect(configuration.runsJobs && configuration.databaseURL == nil)
        #expect(configuration.identity.accessTokenSeconds == 900)
        let file = try Configuration(empty.merging(["JWT_SECRET_FILE": "/run/secret"]) { $1 }) {
            $0 == "/run/secret" ? "secret\n" : nil
        }
        #expect(file.signingSecret == "secret")
    }

    @Test func `secrets of calls and pushes may stand in files as well`() throws {
        let files = ["/run/turn": "shared\n", "/run/vapid": "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA\n"]
        let configuration = try Configuration([
            "ATRIUM_TURN_URLS": "turn:a.example", "ATRIUM_TURN_SECRET_FILE": "/run/turn",
            "VAPID_PRIVATE_KEY_FILE": "/run/vapid",
        ]) { files[$0] }
        #expect(configuration.chat.calls.turnSecret == "shared")
        #expect(configuration.push.privateKey == "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA")
    }

    @Test func `names that are no settings are told, and those of others left alone`() throws {
        let configuration = try Configuration([
            "ATRIUM_PROT": "1", "ATRIUM_PORT_FILE": "/port", "SMTP_HOST_FILE": "/host",
            "JWT_SECRET_FILE": "/run/secret",
            "HOME": "/root", "LC_ALL": "C", "ATRIUM_PORT": "1", "OTHER_FILE": "/other",
        ]) { $0 == "/run/secret" ? "secret" : nil }
        #expect(
            configuration.warnings == [
                "ATRIUM_PORT_FILE is no setting, and is ignored", "ATRIUM_PROT is no setting, and is ignored",
                "SMTP_HOST_FILE is no setting, and is ignored",
            ]
        )
    }

    @Test func `all settings are listed with what holds, and no secret`() throws {
        let listing = try Configuration(["ATRIUM_PORT": "9000", "JWT_SECRET": "hunter2"]) { _ in nil }.listing
        #expect(listing.count == Settings.names.count)
        #expect(listing.contains("ATRIUM_PORT=9000") && listing.contains("# ATRIUM_LOOPS=1"))
        #expect(listing.contains("JWT_SECRET=(set)") && !listing.contains { $0.contains("hunter2") })
    }
}
