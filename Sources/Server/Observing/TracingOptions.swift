import HTTPServer
import IdentityProviders

/// Where traces go, and which. The names of the settings are those of OpenTelemetry.
struct TracingOptions: Sendable {
    /// Where spans are sent.
    var endpoint: String
    /// What the collector wants to be shown besides.
    var fields: [(name: String, value: String)] = []
    var service = "atrium"
    var environment = "development"
    var sampling = Tracer.Options()
    /// Spans that may wait.
    var queue = 2_048
    var delayMilliseconds = 5_000

    /// Nil where no collector is named.
    init?(_ settings: inout Settings, environment: String) {
        let headers = settings.text("OTEL_EXPORTER_OTLP_HEADERS")
        let ratio = settings.text("OTEL_TRACES_SAMPLER_ARG")
        let heedsCallers = settings.choice(
            "OTEL_TRACES_SAMPLER",
            [("parentbased_traceidratio", true), ("traceidratio", false)],
            true
        )
        queue = settings.number("OTEL_BSP_MAX_QUEUE_SIZE", 1...1_000_000, queue)
        delayMilliseconds = settings.number("OTEL_BSP_SCHEDULE_DELAY", 1...60_000, delayMilliseconds)
        service = settings.text("OTEL_SERVICE_NAME") ?? service
        self.environment = environment
        guard let base = settings.address("OTEL_EXPORTER_OTLP_ENDPOINT") else { return nil }
        endpoint = base + "/v1/traces"
        sampling.heedsCallers = heedsCallers
        if let ratio {
            if let number = Double(ratio), (0...1).contains(number) {
                sampling.ratio = number
            } else {
                settings.add(problem: "OTEL_TRACES_SAMPLER_ARG must be a share from 0 to 1, not \"\(ratio)\"")
            }
        }
        for pair in (headers ?? "").split(separator: ",") {
            let parts = pair.split(separator: "=", maxSplits: 1).map(Self.trimmed)
            // Values are percent-encoded: https://opentelemetry.io/docs/specs/otel/protocol/exporter/
            guard parts.count == 2, parts[0].wholeMatch(of: /[A-Za-z0-9!#$%&'*+.^_`|~\-]+/) != nil,
                let value = FormText.decoded(percentEncoded: parts[1]),
                !value.utf8.contains(where: { $0 < 0x20 || $0 == 0x7f })
            else {
                // What stands there may be a secret, and is not told.
                settings.add(
                    problem: "OTEL_EXPORTER_OTLP_HEADERS must be pairs such as name=value, with commas, percent-encoded"
                )
                continue
            }
            fields.append((name: parts[0].lowercased(), value: value))
        }
    }

    private static func trimmed(_ text: Substring) -> String {
        let start = text.drop { $0 == " " || $0 == "\t" }
        guard let last = start.lastIndex(where: { $0 != " " && $0 != "\t" }) else { return "" }
        return String(start[...last])
    }
}
