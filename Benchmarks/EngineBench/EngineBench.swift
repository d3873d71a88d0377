import EventLoop
import Glibc
import GraphQLEngine

/// Measures execution in the process, without a transport: `engine-bench` prints a line for each case, its name, the
/// best time of an execution in microseconds and the bytes of the response, tab separated. `engine-bench NAME` measures
/// only the cases whose name begins so; `engine-bench --repeat COUNT NAME` only runs one, for counters from outside.
@main struct EngineBench {
    static let fields = "id name email age city country score bio active rank"

    /// Everything runs on an event loop, as in a server. Not `async`: libdispatch, which would wait for it, ends valgrind.
    static func main() throws {
        HeapMemory.keepFreed()
        let group = try EventLoopGroup()
        let loop = group.loops[0]
        loop.execute {
            loop.startTask {
                do { try await run() } catch { fatalError("\(error)") }
                exit(0)
            }
        }
        while true { pause() }
    }

    private static func run() async throws {
        var options = EngineOptions()
        // The document that is new each time has more aliases than strangers may use.
        options.limits = .none
        let engine = try Engine(Library.self, options: options)
        let arguments = CommandLine.arguments
        if arguments.dropFirst() == ["--memory"] { return await PeakMemory(engine).run() }
        if arguments.count == 4, arguments[1] == "--repeat", let count = Int(arguments[2]) {
            return try await Repetition(engine).run(arguments[3], count)
        }
        await measure("hello, cached", repeat: 20_000, engine) { _ in "{ hello }" }
        await measure("list of 1,000 x 10, cached", repeat: 200, engine) { _ in "{ list { \(fields) } }" }
        byHand("list of 1,000 x 10, by hand", repeat: 200)
        await measure("introspection, cached", repeat: 200, engine) { _ in introspection }
        await measure("3 kB document, new each time", repeat: 500, engine) { document(number: $0) }
        await measure("250 x 250 x 10, cached", repeat: 3, engine) { _ in "{ shelves { name items { \(fields) } } }" }
        print("peak memory, kB\t\(peakMemory())\t")
    }

    /// - Parameter text: the document of the n-th execution.
    private static func measure(
        _ name: String,
        repeat count: Int,
        _ engine: Engine,
        _ text: (Int) -> String
    ) async {
        guard name.hasPrefix(CommandLine.arguments.dropFirst().first ?? "") else { return }
        let context = ExecutionContext()
        var best = Duration.seconds(3_600)
        var bytes = 0
        var number = 0
        for _ in 0..<5 {
            let requests = (0..<count).map { Request(document: Array(text(number + $0).utf8)) }
            number += count
            let time = await ContinuousClock().measure {
                for request in requests { bytes = await engine.execute(request, in: context).body.count }
            }
            best = min(best, time / count)
        }
        print("\(name)\t\(microseconds(best))\t\(bytes)")
    }

    private static func byHand(_ name: String, repeat count: Int) {
        guard name.hasPrefix(CommandLine.arguments.dropFirst().first ?? "") else { return }
        var best = Duration.seconds(3_600)
        var bytes = 0
        for _ in 0..<5 {
            let time = ContinuousClock().measure {
                for _ in 0..<count {
                    var buffer = ResponseBuffer(capacity: 240_000)
                    buffer.write(raw: "{\"data\":{\"list\":[")
                    for (number, item) in Library.shared.items.enumerated() {
                        if number > 0 { buffer.write(byte: UInt8(ascii: ",")) }
                        item.write(to: &buffer)
                    }
                    buffer.write(raw: "]}}")
                    bytes = buffer.count
                }
            }
            best = min(best, time / count)
        }
        print("\(name)\t\(microseconds(best))\t\(bytes)")
    }

    /// A document of about 3 kB whose text is new for each number; it selects little, so that its way to a plan counts.
    static func document(number: Int) -> String {
        let selections = (0..<48).map {
            "  alias_\(number)_\($0): shelves @include(if: false) { name items { id name } }"
        }
        return "query Operation_\(number) {\n  hello\n\(selections.joined(separator: "\n"))\n}"
    }

    static let introspection = """
        { __schema { queryType { name } types { kind name description fields(includeDeprecated: true) { name description
        args { name description type { ...T } defaultValue } type { ...T } isDeprecated deprecationReason }
        inputFields { name type { ...T } defaultValue } interfaces { ...T } possibleTypes { ...T }
        enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason } }
        directives { name description locations args { name type { ...T } defaultValue } } } }
        fragment T on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }
        """

    private static func microseconds(_ duration: Duration) -> String {
        let nanoseconds = duration.components.attoseconds / 1_000_000_000 + duration.components.seconds * 1_000_000_000
        return "\(Double(nanoseconds / 10) / 100)"
    }

    private static func peakMemory() -> Int {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return usage.ru_maxrss
    }
}
