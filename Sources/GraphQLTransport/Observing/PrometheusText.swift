public import EventLoop

/// Metrics in the text format of Prometheus: https://prometheus.io/docs/instrumenting/exposition_formats/
public struct PrometheusText: Sendable {
    private(set) var text = ""

    public mutating func counter(_ name: StaticString, _ help: StaticString, _ value: UInt64) {
        counter(name, help, [("", value)])
    }

    /// - Parameter samples: labels, such as `kind="query"`, and values. Labels come from closed sets alone.
    public mutating func counter(_ name: StaticString, _ help: StaticString, _ samples: [(String, UInt64)]) {
        begin(name, help, "counter")
        for (labels, value) in samples { sample(name, labels, "\(value)") }
    }

    public mutating func gauge(_ name: StaticString, _ help: StaticString, _ value: Int) {
        begin(name, help, "gauge")
        sample(name, "", "\(value)")
    }

    public mutating func gauge(_ name: StaticString, _ help: StaticString, _ samples: [(String, Int)]) {
        begin(name, help, "gauge")
        for (labels, value) in samples { sample(name, labels, "\(value)") }
    }

    public mutating func counter(_ name: StaticString, _ help: StaticString, seconds: Double) {
        begin(name, help, "counter")
        sample(name, "", "\(seconds)")
    }

    public mutating func gauge(_ name: StaticString, _ help: StaticString, seconds: Double) {
        begin(name, help, "gauge")
        sample(name, "", "\(seconds)")
    }

    public mutating func histogram(_ name: StaticString, _ help: StaticString, _ samples: [(String, Histogram)]) {
        begin(name, help, "histogram")
        for (labels, histogram) in samples {
            let prefix = labels.isEmpty ? "" : labels + ","
            var count: UInt64 = 0
            for (index, one) in histogram.counts.enumerated() {
                count &+= one
                let bound = index < Histogram.bounds.count ? Self.seconds(Histogram.bounds[index]) : "+Inf"
                text += "\(name)_bucket{\(prefix)le=\"\(bound)\"} \(count)\n"
            }
            let suffix = labels.isEmpty ? "" : "{\(labels)}"
            text += "\(name)_sum\(suffix) \(Self.seconds(histogram.sum))\n\(name)_count\(suffix) \(count)\n"
        }
    }

    private mutating func begin(_ name: StaticString, _ help: StaticString, _ type: StaticString) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
    }

    private mutating func sample(_ name: StaticString, _ labels: String, _ value: String) {
        text += labels.isEmpty ? "\(name) \(value)\n" : "\(name){\(labels)} \(value)\n"
    }

    private static func seconds(_ nanoseconds: UInt64) -> String { "\(Double(nanoseconds) / 1e9)" }
}
