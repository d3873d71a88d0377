import Foundation
import GraphQLSchema

/// One run of `graphql-conformance` over case files, scored by the scorer that lies beside them.
struct ConformanceRun {
    /// What the scorer printed, the first cases that were answered wrongly among it.
    let report: String
    /// The ids of the cases that were answered wrongly; those that are not answered at all are none of them.
    let failed: [String]
    let scores: [Score]

    struct Score {
        let category: String
        let cases: Int
        let strict: Int
        let unsupported: Int
    }

    init(_ cases: ConformanceCases) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("atrium-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let summary = folder.appendingPathComponent("summary.json").path
        let output = folder.appendingPathComponent("output").path
        _ = FileManager.default.createFile(atPath: output, contents: nil)
        let scorer = Process()
        scorer.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        scorer.arguments =
            ["python3", cases.folder + "/compare.py"] + cases.files
            + ["--run", "'\(try Self.program.path)'", "--only", "core", "--first", "20", "--json", summary]
        scorer.standardOutput = FileHandle(forWritingAtPath: output)
        scorer.standardError = scorer.standardOutput
        // Not waitUntilExit: it would keep a thread of the pool from the other tests for as long as the run takes.
        let status = try await withCheckedThrowingContinuation { continuation in
            scorer.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do { try scorer.run() } catch { continuation.resume(throwing: error) }
        }
        report = String(decoding: FileManager.default.contents(atPath: output) ?? Data(), as: UTF8.self)
        guard status == 0, let bytes = FileManager.default.contents(atPath: summary) else {
            throw Failure(report: report)
        }
        let result = try Value(json: Array(bytes))
        guard case .object(let categories)? = result["categories"], case .list(let ids)? = result["failed"] else {
            throw Failure(report: report)
        }
        failed = ids.compactMap { id in if case .string(let id) = id { id } else { nil } }
        scores = categories.compactMap { Score(category: $0.name, $0.value) }.sorted { $0.category < $1.category }
    }

    /// Where the build has put the program: beside the tests.
    static var program: URL {
        get throws {
            let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
            return URL(fileURLWithPath: tests).deletingLastPathComponent()
                .appendingPathComponent("graphql-conformance")
        }
    }

    struct Failure: Error {
        let report: String
    }
}

extension ConformanceRun.Score {
    fileprivate init?(category: String, _ counts: Value) {
        guard case .list(let numbers) = counts, numbers.count == 5 else { return nil }
        let counts = numbers.map { number in if case .int(let count) = number { count } else { 0 } }
        self.init(category: category, cases: counts[0], strict: counts[3], unsupported: counts[4])
    }
}
